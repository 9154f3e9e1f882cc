"""What a cadence is, and the keys in which it may stand."""

from dataclasses import dataclass
from typing import Final, Literal

CadenceName = Literal["HC", "PAC", "DC", "PICARDY"]

AUTHENTIC: Final = ("PAC", "PICARDY")


@dataclass(frozen=True)
class Key:
    """A local key."""

    root: int
    minor: bool

    def pitch_class(self, interval: int) -> int:
        """The pitch class ``interval`` semitones above the tonic."""
        return (self.root + interval) % 12


@dataclass(frozen=True)
class Cadence:
    """A cadence: its kind and key, and the quarters at which its last chord arrives."""

    time: float
    name: CadenceName
    key: Key
    dominant_from: float
    """Quarters from which the dominant before the arrival sounds; the arrival itself for a half cadence."""
    confidence: float
    """0..1: how likely an annotator marks a cadence of this kind within a quarter of it."""


def related_keys(root: int, minor: bool) -> tuple[Key, ...]:
    """The home key and those next to it: the relative, and both neighbours in the circle of fifths with theirs."""
    major = (root + 3) % 12 if minor else root
    majors = [(major + fifths) % 12 for fifths in (0, 7, 5)]
    keys = [Key(pc, False) for pc in majors] + [Key((pc + 9) % 12, True) for pc in majors]
    home = Key(root, minor)
    return (home, *(key for key in keys if key != home))
