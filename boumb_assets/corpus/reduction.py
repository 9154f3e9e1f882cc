"""A piece reduced to one diatonic triad a measure, and how much of the music that keeps."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.piece import Floats, Piece
from boumb_assets.theory.chords import MAJOR_NUMERALS, MINOR_NUMERALS, best_diatonic_chord, chord_pitch_classes
from boumb_assets.theory.keys import key_scores

KEY_MARGIN: Final = 0.1  # of correlation with the key profiles: neighbouring keys are told apart by no less
# Of a measure's first beat, what lies in the tonic triad where a section is said to start on it: if the whole measure
# is the tonic, and if it moves on to another chord.
HALF: Final = 0.5
OPENING_SHARE: Final = 0.8


@dataclass(frozen=True, eq=False)
class Reduction:
    """The measures of a piece in one key."""

    piece: Piece
    key: Key
    histograms: Floats  # (measures, 12) quarters that each pitch class sounds

    @cached_property
    def numerals(self) -> tuple[str, ...]:
        """The best triad of each measure; the dominant of minor may have its leading note. A measure of silence is
        the tonic."""
        choice = (*MINOR_NUMERALS, "V") if self.key.minor else MAJOR_NUMERALS
        return tuple(best_diatonic_chord(row, self.key.root, self.key.minor, choice)[0] for row in self.histograms)

    @property
    def tonic(self) -> str:
        """The numeral of the first degree."""
        return "i" if self.key.minor else "I"

    def starts_on_tonic(self, measure: int) -> bool:
        """Whether ``measure`` is the tonic and does not begin as something else, or at least begins as the tonic over
        its root."""
        start = measure * self.piece.bar
        first = self.piece.histogram(start, start + self.piece.beat)
        sounding = self.piece.sounding(start)
        if not sounding.any():
            return False
        tonic = chord_pitch_classes(self.tonic, self.key.root, self.key.minor)
        share = float(first[list(tonic)].sum() / first.sum())
        over_root = int(self.piece.pitch[sounding].min()) % 12 == self.key.root
        return share >= HALF if self.numerals[measure] == self.tonic else over_root and share >= OPENING_SHARE

    def in_key(self, start: int, stop: int) -> bool:
        """Whether no other key fits the notes of measures ``start`` to ``stop`` (not included) clearly better."""
        scores = key_scores(self.histograms[start:stop].sum(axis=0))
        return bool(scores[self.key.root + 12 * self.key.minor] >= scores.max() - KEY_MARGIN)

    def kept(self, measure: int, numeral: str) -> float:
        """The quarters of sound in ``measure`` that are notes of ``numeral``."""
        classes = list(chord_pitch_classes(numeral, self.key.root, self.key.minor))
        return float(self.histograms[measure][classes].sum())

    def progression(self, start: int, ending: tuple[str, ...], stop: int) -> tuple[str, ...]:
        """The numerals of measures ``start`` to ``stop`` (not included): the tonic first, ``ending`` last. A dominant
        of minor before the ending loses its leading note, since the app would render it wrong."""
        body = [self.numerals[measure] for measure in range(start + 1, stop - len(ending))]
        return (self.tonic, *("v" if self.key.minor and numeral == "V" else numeral for numeral in body), *ending)


def measure_histograms(piece: Piece) -> Floats:
    """(measures, 12) quarters that each pitch class sounds in each measure."""
    rows = [piece.histogram(measure * piece.bar, (measure + 1) * piece.bar) for measure in range(piece.measures)]
    return np.array(rows, dtype=np.float64).reshape(-1, 12)
