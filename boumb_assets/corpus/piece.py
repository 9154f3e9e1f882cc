"""A score-aligned piece as arrays in quarter notes, its measures, and its melody."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.structures.stretches import Stretch, metre_quarters

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

__all__ = [
    "BEAT_QUARTERS",
    "EPSILON",
    "OVERLAP_ALLOWED",
    "Floats",
    "Ints",
    "Line",
    "Piece",
    "metre_quarters",
    "piece_of",
]

EPSILON: Final = 1e-3  # quarters; far below any written duration
BEAT_QUARTERS: Final = {"2/4": 1.0, "3/4": 1.0, "4/4": 1.0, "6/8": 1.5, "2/2": 2.0}
OVERLAP_ALLOWED: Final = 0.05  # of a line's notes may sound into the next: legato, not a second voice


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
    def melody(self) -> "Line":
        """The top voice: the highest of the tracks that sing one note at a time for at least half of the piece, or,
        where no track does, the highest note of each onset."""
        return _highest_line(self) or self.skyline

    @cached_property
    def skyline(self) -> "Line":
        """The highest note of each onset."""
        return _skyline(self)

    def sounding(self, time: float) -> npt.NDArray[np.bool_]:
        """(notes,) which notes sound at ``time`` (quarters), those that begin there included."""
        return (self.onset <= time + EPSILON) & (self.end > time + EPSILON)

    def histogram(self, start: float, stop: float) -> Floats:
        """(12,) quarters that each pitch class sounds between ``start`` and ``stop`` (quarters)."""
        inside = np.clip(np.minimum(self.end, stop) - np.maximum(self.onset, start), 0.0, None)
        return np.bincount(self.pitch % 12, weights=inside, minlength=12).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Line:
    """One voice: notes that follow each other."""

    onset: Floats  # (notes,) quarters
    end: Floats  # (notes,) quarters
    pitch: Ints  # (notes,)

    @cached_property
    def spans(self) -> Floats:
        """(notes,) quarters from each onset to the next; the last note's own length."""
        return np.append(np.diff(self.onset), self.end[-1:] - self.onset[-1:])

    def at(self, time: float) -> int | None:
        """The index of the note that sounds at ``time``, or None."""
        index = int(np.searchsorted(self.onset, time + EPSILON, side="right")) - 1
        return index if index >= 0 and self.end[index] > time + EPSILON else None


def piece_of(notes: Mapping[str, npt.NDArray[np.generic]], stretch: Stretch) -> Piece:
    """The pitched notes of a ``stretch`` out of one file's rows of the EVENTS table, as columns; what is held beyond
    its end is cut there."""
    steps = notes["onset_step"].astype(np.float64) + notes["residual"].astype(np.float64)
    onset, length = (steps / 4 - stretch.begin) * stretch.scale, (stretch.end - stretch.begin) * stretch.scale
    inside = ~notes["is_drum"].astype(bool) & (onset < length - EPSILON)
    inside &= onset > -stretch.pickup * stretch.scale - EPSILON
    onset, pitch = onset[inside], notes["pitch"].astype(np.int64)[inside]
    duration = notes["duration_step"].astype(np.float64)[inside] / 4 * stretch.scale
    order = np.lexsort((pitch, onset))
    return Piece(
        onset=onset[order],
        duration=np.maximum(np.minimum(duration, length - onset), EPSILON * 2)[order],
        pitch=pitch[order],
        velocity=notes["velocity"].astype(np.int64)[inside][order],
        track=notes["track"].astype(np.int64)[inside][order],
        program=notes["program"].astype(np.int64)[inside][order],
        metre=stretch.metre,
    )


def _highest_line(piece: Piece) -> Line | None:
    total = float(piece.end.max() - piece.onset.min()) if len(piece.onset) else 0.0
    best: tuple[float, Line] | None = None
    for track in np.unique(piece.track):
        chosen = piece.track == track
        onset, end, pitch = piece.onset[chosen], piece.end[chosen], piece.pitch[chosen]
        overlaps = np.mean(end[:-1] > onset[1:] + 0.05) if len(onset) > 1 else 0.0
        if len(onset) < 4 or overlaps > OVERLAP_ALLOWED or float((end - onset).sum()) < total / 2:
            continue
        mean = float(pitch.mean())
        if best is None or mean > best[0]:
            best = (mean, Line(onset, end, pitch))
    return best[1] if best is not None else None


def _skyline(piece: Piece) -> Line:
    keep: list[int] = []
    for index in np.lexsort((-piece.pitch, piece.onset)):
        if keep and piece.onset[index] - piece.onset[keep[-1]] < EPSILON:
            continue  # a lower note of the same onset
        if keep and piece.end[keep[-1]] > piece.onset[index] + EPSILON and piece.pitch[keep[-1]] > piece.pitch[index]:
            continue  # an inner note under one that is still held
        keep.append(int(index))
    chosen = np.array(keep, dtype=np.int64)
    return Line(piece.onset[chosen], piece.end[chosen], piece.pitch[chosen])
