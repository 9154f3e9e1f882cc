"""Sure cadences: found where bass, harmony, metre and phrasing all agree, and nowhere else.

The rules follow the usual definitions (Caplin, "The Classical Cadence", JAMS 57, 2004): a perfect authentic cadence
has the dominant in root position, then the tonic in root position with the tonic on top; a half cadence ends on the
dominant triad, without its seventh; a deceptive one goes from the dominant to the sixth degree. Finding cadences is
the hard part, naming them is not, so whatever is in doubt is no cadence here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from boumb_assets.corpus.piece import EPSILON, Floats, Piece

CadenceName = Literal["HC", "PAC", "DC", "PICARDY"]

AUTHENTIC: Final = ("PAC", "PICARDY")
DOMINANT_SHARE: Final = 0.8  # of what sounds in the beat before the arrival belongs to the dominant seventh chord
CHORD_SHARE: Final = 0.95  # of what sounds in the beat from the arrival belongs to the chord it is said to be
LONG: Final = 1.9  # a phrase's last note lasts so many times the melody's median note


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
    """A sure cadence: its kind and key, and the quarters at which its last chord arrives."""

    time: float
    name: CadenceName
    key: Key
    dominant_from: float
    """Quarters from which the dominant before the arrival sounds; the arrival itself for a half cadence."""


def related_keys(root: int, minor: bool) -> tuple[Key, ...]:
    """The home key and those next to it: the relative, and both neighbours in the circle of fifths with theirs."""
    major = (root + 3) % 12 if minor else root
    majors = [(major + fifths) % 12 for fifths in (0, 7, 5)]
    keys = [Key(pc, False) for pc in majors] + [Key((pc + 9) % 12, True) for pc in majors]
    home = Key(root, minor)
    return (home, *(key for key in keys if key != home))


def sure_cadences(piece: Piece, keys: Sequence[Key]) -> list[Cadence]:
    """Every sure cadence of ``piece`` in one of ``keys`` (the home key first), by time, one at a time at most.

    A half cadence is told from a dominant in passing by the breath after it, and is looked for in the home key alone;
    what two keys would explain is in doubt.
    """
    found: list[Cadence] = []
    for time in _strong_beats(piece):
        rest = _coming_to_rest(piece, time)
        arrival = _Arrival.at(piece, time) if rest else None
        if arrival is None:
            continue
        named = [cadence for key in keys if (cadence := _named(arrival, key)) is not None]
        if len(named) == 1 and (named[0].name in AUTHENTIC or (rest == "breath" and named[0].key == keys[0])):
            found += named
    return found


def _strong_beats(piece: Piece) -> Floats:
    """Where a phrase may end: both beats of 6/8 and 2/2, the first and the middle one of 4/4, else the first."""
    step = {"4/4": 2.0, "6/8": 1.5, "2/2": 2.0}.get(piece.metre, piece.bar)
    return np.arange(0.0, piece.measures * piece.bar, step)


def _coming_to_rest(piece: Piece, time: float) -> Literal["", "long", "breath"]:
    """How the melody comes to rest at ``time``: with a silence after a note of a beat at least, or else on a note that
    is long for it; empty where it does not."""
    melody = piece.melody
    index = melody.at(time)
    if index is None or abs(melody.onset[index] - time) > EPSILON:
        return ""
    if index == len(melody.onset) - 1:
        return "breath"
    span = float(melody.spans[index])
    if span < piece.beat - EPSILON:
        return ""
    if float(melody.onset[index + 1] - melody.end[index]) >= piece.beat / 2 - 0.05:
        return "breath"
    return "long" if span >= LONG * float(np.median(melody.spans)) - EPSILON else ""


@dataclass(frozen=True)
class _Arrival:
    """What the rules look at: the chord that arrives, and the one before it."""

    time: float
    bass: int
    top: int
    chord: Floats  # (12,) quarters in the beat from the arrival
    held: Floats  # (12,) quarters until the melody goes on
    before: Floats  # (12,) quarters in the beat before
    past: Floats  # (12,) quarters in the four measures before
    bass_before: int
    since: float
    """Quarters from which the bass before the arrival is where it is."""

    @classmethod
    def at(cls, piece: Piece, time: float) -> "_Arrival | None":
        """None where the bass does not arrive with the chord, or nothing sounds before it."""
        sounding = piece.sounding(time)
        earlier = (piece.onset < time - EPSILON) & (piece.end > time - piece.beat + EPSILON)
        struck = sounding & (np.abs(piece.onset - time) < EPSILON)
        if not struck.any() or not earlier.any() or piece.pitch[struck].min() > piece.pitch[sounding].min():
            return None
        index = piece.melody.at(time)
        if index is None:
            return None
        bass_before = int(piece.pitch[earlier].min()) % 12
        return cls(
            time=time,
            bass=int(piece.pitch[struck].min()) % 12,
            top=int(piece.melody.pitch[index]) % 12,
            chord=piece.histogram(time, time + piece.beat),
            held=piece.histogram(time, time + max(piece.beat, float(piece.melody.spans[index]))),
            before=piece.histogram(time - piece.beat, time),
            past=piece.histogram(time - 4 * piece.bar, time),
            bass_before=bass_before,
            since=_bass_since(piece, time, bass_before),
        )


def _bass_since(piece: Piece, time: float, bass: int) -> float:
    """Quarters from which, beat by beat back from ``time`` and two measures at most, the lowest note is ``bass``."""
    since = time - piece.beat
    while since > time - 2 * piece.bar:
        earlier = since - piece.beat
        inside = (piece.onset < since - EPSILON) & (piece.end > earlier + EPSILON)
        if not inside.any() or int(piece.pitch[inside].min()) % 12 != bass:
            break
        since = earlier
    return since


def _named(arrival: _Arrival, key: Key) -> Cadence | None:
    tonic, third, fifth = key.pitch_class(0), key.pitch_class(3 if key.minor else 4), key.pitch_class(7)
    leading, second, fourth = key.pitch_class(11), key.pitch_class(2), key.pitch_class(5)
    from_dominant = (
        arrival.bass_before == fifth
        and arrival.before[leading] > 0
        and _share(arrival.before, fifth, leading, second, fourth) >= DOMINANT_SHARE
    )
    if from_dominant and arrival.bass == tonic and arrival.top == tonic:
        if _share(arrival.chord, tonic, third, fifth) >= CHORD_SHARE and arrival.chord[third] > 0:
            return Cadence(arrival.time, "PAC", key, arrival.since)
        major = key.pitch_class(4)
        was_minor = arrival.past[third] > arrival.past[major]  # else the music has gone to the parallel major
        if (
            key.minor
            and was_minor
            and _share(arrival.chord, tonic, major, fifth) >= CHORD_SHARE
            and arrival.chord[major] > 0
        ):
            return Cadence(arrival.time, "PICARDY", key, arrival.since)
    sixth = key.pitch_class(8 if key.minor else 9)
    if from_dominant and arrival.bass == sixth and _share(arrival.chord, sixth, tonic, third) >= CHORD_SHARE:
        return Cadence(arrival.time, "DC", key, arrival.since)
    rests_on_dominant = _share(arrival.held, fifth, leading, second) >= CHORD_SHARE and arrival.held[leading] > 0
    approached = (
        arrival.bass_before != fifth and arrival.before[leading] == 0 and arrival.before[key.pitch_class(6)] == 0
    )
    if rests_on_dominant and approached and arrival.bass == fifth:
        return Cadence(arrival.time, "HC", key, arrival.time)
    return None


def _share(histogram: Floats, *classes: int) -> float:
    """The share of ``histogram`` (12,) in the pitch classes ``classes``."""
    total = float(histogram.sum())
    return float(histogram[list(classes)].sum()) / total if total > 0 else 0.0
