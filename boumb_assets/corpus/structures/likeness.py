"""Which sections of a piece are alike, by what is sung and what is heard under it: the letters of a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from boumb_assets.corpus.piece import EPSILON, Ints, Piece
from boumb_assets.corpus.structures.sections import Span

GRID: Final = 0.5  # quarters between the moments that are compared
MELODY_WEIGHT: Final = 0.6  # against the harmony's
ALIKE: Final = 0.6
SAME: Final = 0.95
_SILENT: Final = -1
_LETTERS: Final = "ABCDEFGHIJKL"


@dataclass(frozen=True)
class Letters:
    """The sections' letters, and how sure they are."""

    names: tuple[str, ...]
    """One a section: a letter, with a prime where it comes back varied; sections of one name are the same."""
    confidence: float
    """How far from the border between alike and unlike the pairs of sections lie on average, 0.5..1."""

    @property
    def form(self) -> str:
        """The letters alone, as ``AABA``."""
        return "".join(name[0] for name in self.names)


def section_letters(piece: Piece, spans: Sequence[Span]) -> Letters:
    """A letter for each section: that of the section before it which it is most like, else the next one."""
    likeness = np.array([[_likeness(piece, one, other) for other in spans] for one in spans])
    letters: list[int] = []
    names: list[str] = []
    for place in range(len(spans)):
        before = likeness[place, :place]
        best = int(before.argmax()) if place else 0
        if place and before[best] >= ALIKE:
            letters.append(letters[best])
            names.append(names[best] if before[best] >= SAME else _LETTERS[letters[best]] + "'")
        else:
            letters.append(max(letters, default=-1) + 1)
            names.append(_LETTERS[letters[-1]])
    pairs = likeness[np.triu_indices(len(spans), 1)]
    apart = np.where(pairs >= ALIKE, (pairs - ALIKE) / (1 - ALIKE), (ALIKE - pairs) / ALIKE)
    return Letters(tuple(names), float(0.5 + 0.5 * apart.mean()) if len(apart) else 0.5)


def _likeness(piece: Piece, one: Span, other: Span) -> float:
    """0..1: the share of the longer section in which the melody, in degrees of each one's key, and the chords are those
    of the shorter, laid on its beginning or on its end."""
    shorter, longer = sorted((one, other), key=lambda span: span.stop - span.start)
    least, most = (span.stop - span.start for span in (shorter, longer))
    degrees = _degrees(piece, shorter), _degrees(piece, longer)
    return max(_alike(degrees, shorter, longer, skipped) for skipped in {0, most - least}) * least / most


def _alike(degrees: tuple[Ints, Ints], shorter: Span, longer: Span, skipped: int) -> float:
    """The share in which the shorter section is the longer one, ``skipped`` of whose measures lie before it."""
    least = shorter.stop - shorter.start
    first, second = degrees[0], degrees[1][skipped * len(degrees[0]) // least :][: len(degrees[0])]
    sung = (first != _SILENT) | (second != _SILENT)
    melody = float((first == second)[sung].mean()) if sung.any() else 0.0
    chords = zip(shorter.progression, longer.progression[skipped:], strict=False)
    harmony = float(np.mean([mine.lower() == theirs.lower() for mine, theirs in chords]))
    return MELODY_WEIGHT * melody + (1 - MELODY_WEIGHT) * harmony


def _degrees(piece: Piece, span: Span) -> Ints:
    """Semitones above the tonic that the melody has at each moment of a section, a silence as such."""
    times = np.arange(span.start * piece.bar, span.stop * piece.bar - EPSILON, GRID)
    line = piece.melody
    index = np.searchsorted(line.onset, times + EPSILON, side="right") - 1
    held = (index >= 0) & (line.end[index] > times + EPSILON)
    degrees: Ints = np.where(held, (line.pitch[index] - span.key.root) % 12, _SILENT)
    return degrees
