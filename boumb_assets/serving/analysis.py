"""What the studio calls an analysis: the parameters of a request, with nothing left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.composer.brief import resolve_request
from boumb_assets.contracts.loop_request import Density, LoopRequest, Role
from boumb_assets.theory.pitch import NOTE_NAMES
from boumb_assets.theory.scales import SCALES, normalise_scale

# Octaves (C4 is MIDI 60) that a role is at home in.
OCTAVES: Final[dict[Role, tuple[int, int]]] = {
    "bass": (1, 2), "lead": (4, 5), "keys": (3, 4), "pad": (3, 4), "drums": (2, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """Key, tempo, density and register of a loop, as the studio names them."""

    root: str
    scale_type: str
    bpm: float
    density: Density
    octave_range: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        """The object that the studio reads."""
        return {
            "root": self.root,
            "scale_type": self.scale_type,
            "bpm": int(self.bpm) if self.bpm == int(self.bpm) else self.bpm,
            "octave_range": list(self.octave_range),
            "density": self.density,
        }


def analyse(request: LoopRequest, seed: int = 0) -> Analysis:
    """The analysis of a request; what it leaves open is filled by the habits of its style, as the composer does."""
    whole = resolve_request(request, seed)
    role: Role = whole.role or "lead"
    return Analysis(
        root=NOTE_NAMES[whole.root or 0],
        scale_type=whole.scale or "minor",
        bpm=whole.bpm or 120,
        density=whole.density or "medium",
        octave_range=OCTAVES[role],
    )


def scale_or_minor(name: str) -> str:
    """The scale called ``name``; natural minor for a name that is none, which is what the studio plays then."""
    try:
        return normalise_scale(name)
    except ValueError:
        return "minor"


def octaves_of(pitches: Sequence[int]) -> tuple[int, int]:
    """The octaves of the lowest and the highest of ``pitches`` (MIDI numbers, at least one)."""
    return min(pitches) // 12 - 1, max(pitches) // 12 - 1


def scale_pitches(root: int, scale: str) -> frozenset[int]:
    """All MIDI numbers 0..127 of a scale on a pitch class."""
    return frozenset(pitch for pitch in range(128) if (pitch - root) % 12 in SCALES[scale])
