"""A score-aligned piece as arrays in quarter notes, its measures, and its melody."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EPSILON: Final = 1e-3  # quarters; far below any written duration
BEAT_QUARTERS: Final = {"2/4": 1.0, "3/4": 1.0, "4/4": 1.0, "6/8": 1.5, "2/2": 2.0}
LEGATO: Final = 0.05  # quarters that a note of a line may sound into the next one
OVERLAP_ALLOWED: Final = 0.05  # of a line's notes may do so for longer: more would be a second voice
LEAST_SUNG: Final = 4  # notes of a voice


class Line(NamedTuple):
    """One voice, arrays of (notes,): notes that follow each other."""

    onset: Floats
    """Quarters."""
    end: Floats
    """Quarters."""
    pitch: Ints

    @property
    def spans(self) -> Floats:
        """(notes,) quarters from each onset to the next; the last note's own length."""
        return np.append(np.diff(self.onset), self.end[-1:] - self.onset[-1:])


@lru_cache(maxsize=64)
def metre_quarters(metre: str) -> float:
    """Quarters a measure of ``metre``, e.g. ``6/8`` -> 3.0."""
    return float(Fraction(metre) * 4)


@dataclass(frozen=True, eq=False)
class Piece:
    """Notes sorted by onset, then pitch. Times are quarters from the first full measure; a pickup lies before 0."""

    onset: Floats  # (notes,) quarters
    duration: Floats  # (notes,) quarters
    pitch: Ints  # (notes,) MIDI numbers
    velocity: Ints  # (notes,) 1..127
    track: Ints  # (notes,)
    program: Ints  # (notes,) 0..127
    metre: str

    @property
    def bar(self) -> float:
        """Quarters a measure."""
        return metre_quarters(self.metre)

    @property
    def beat(self) -> float:
        """Quarters a beat: a dotted quarter in 6/8, a half in 2/2."""
        return BEAT_QUARTERS[self.metre]

    @cached_property
    def end(self) -> Floats:
        """(notes,) quarters at which each note stops."""
        return self.onset + self.duration

    @cached_property
    def measures(self) -> int:
        """Full measures from 0 to the last one in which a note begins."""
        return int(np.floor((self.onset[-1] + EPSILON) / self.bar)) + 1 if len(self.onset) else 0

    @cached_property
    def melody(self) -> Line:
        """The top voice: the highest of the tracks that sing one note at a time for at least half of the piece, or,
        where no track does, the highest note of each onset."""
        return _highest_line(self) or self.skyline

    @cached_property
    def skyline(self) -> Line:
        """The highest note of each onset."""
        return _skyline(self)

    def histogram(self, start: float, stop: float) -> Floats:
        """(12,) quarters that each pitch class sounds between ``start`` and ``stop`` (quarters)."""
        inside = np.clip(np.minimum(self.end, stop) - np.maximum(self.onset, start), 0.0, None)
        return np.bincount(self.pitch % 12, weights=inside, minlength=12).astype(np.float64)


def is_line(onset: Floats, end: Floats) -> bool:
    """Whether notes sorted by onset sound one at a time, two of them at least; times in quarters."""
    return len(onset) > 1 and float(np.mean(end[:-1] > onset[1:] + LEGATO)) <= OVERLAP_ALLOWED


def _highest_line(piece: Piece) -> Line | None:
    total = float(piece.end.max() - piece.onset.min()) if len(piece.onset) else 0.0
    best: tuple[float, Line] | None = None
    for track in np.unique(piece.track):
        chosen = piece.track == track
        onset, end, pitch = piece.onset[chosen], piece.end[chosen], piece.pitch[chosen]
        if len(onset) < LEAST_SUNG or not is_line(onset, end) or float((end - onset).sum()) < total / 2:
            continue
        mean = float(pitch.mean())
        if best is None or mean > best[0]:
            best = (mean, Line(onset, end, pitch))
    return best[1] if best is not None else None


def _skyline(piece: Piece) -> Line:
    onset, end, pitch = piece.onset.tolist(), piece.end.tolist(), piece.pitch.tolist()
    keep: list[int] = []
    for note in np.lexsort((-piece.pitch, piece.onset)).tolist():
        if keep:
            last = keep[-1]
            lower_of_chord = onset[note] - onset[last] < EPSILON
            under_a_held_one = end[last] > onset[note] + EPSILON and pitch[last] > pitch[note]
            if lower_of_chord or under_a_held_one:
                continue
        keep.append(note)
    chosen = np.array(keep, dtype=np.int64)
    return Line(piece.onset[chosen], piece.end[chosen], piece.pitch[chosen])
