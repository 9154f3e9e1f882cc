"""What is heard in a piece, half a quarter note at a time, and the measures that this falls into.

A piece may be barred in several ways; what sounds, its chords and its cadences are found once, in the file's own bars.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.cadences import Cadence, Key, related_keys, sure_cadences
from boumb_assets.corpus.piece import EPSILON, Floats, Piece
from boumb_assets.theory.harmony import chord_shares, frame_keys, triad_shares
from boumb_assets.theory.keys import CONFIDENCE_SLOPE, key_scores
from boumb_assets.theory.metric_levels import FRAME_QUARTERS, metric_levels
from boumb_assets.theory.pitch_windows import SILENT, lowest_pitches, window_histograms

LIKELY_KEY: Final = 0.25  # of a global key, which the last cadence has to confirm
LAST_BASS: Final = 5.0  # times as likely is a key whose tonic is the last lowest note: nearly all pieces end so

_EVERY_KEY: Final = tuple(Key(root, minor) for minor in (False, True) for root in range(12))
_Bytes = npt.NDArray[np.uint8]
_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Hearing:
    """A piece of one measure at least, in frames of half a quarter note from its first bar line to a measure after its
    last one."""

    piece: Piece

    @cached_property
    def histograms(self) -> Floats:
        """(frames, 12) of a frame that each pitch class sounds."""
        return window_histograms(*self._notes, self._none, self._count, FRAME_QUARTERS)

    @cached_property
    def lowest(self) -> _Bytes:
        """(frames,) the lowest pitch, SILENT for none."""
        return lowest_pitches(*self._notes, self._none, self._count, FRAME_QUARTERS)

    @cached_property
    def triads(self) -> Floats:
        """(frames, TRIADS, 12): how likely each triad is heard, by its root; 0 in silence."""
        bars = np.arange(self.piece.measures + 1) * self.piece.bar
        levels = metric_levels(bars.tolist(), [self.piece.metre] * len(bars), self._count)
        shares = chord_shares(*self._notes, levels, frame_keys(*self._notes, self._count))
        triads = triad_shares(shares)
        triads[self.lowest == SILENT] = 0.0
        return triads

    @cached_property
    def homes(self) -> tuple[tuple[Key, float], ...]:
        """The keys that the whole may be in and how likely each is, the likeliest first: by what sounds, and by the
        lowest note at the end."""
        scores = key_scores(self.histograms.sum(axis=0))
        shares = np.exp(CONFIDENCE_SLOPE * (scores - scores.max()))
        heard = self.lowest[self.lowest != SILENT]
        if len(heard):
            shares[heard[-1] % 12 :: 12] *= LAST_BASS
        shares /= shares.sum()
        ranked = np.argsort(-shares.round(9), kind="stable").tolist()
        return tuple((Key(key % 12, key >= 12), float(shares[key])) for key in ranked if shares[key] >= LIKELY_KEY)

    @cached_property
    def cadences(self) -> list[Cadence]:
        """The sure cadences in any key."""
        return sure_cadences(self.piece, _EVERY_KEY)

    @cached_property
    def _notes(self) -> tuple[Floats, Floats, _Bytes]:
        """Onsets, durations and pitches from the first bar line on."""
        inside = self.piece.end > EPSILON
        onset = np.maximum(self.piece.onset[inside], 0.0)
        return onset, self.piece.end[inside] - onset, self.piece.pitch[inside].astype(np.uint8)

    @property
    def _none(self) -> npt.NDArray[np.bool_]:
        """(notes,) which notes are left out."""
        return np.zeros(len(self._notes[0]), dtype=np.bool_)

    @property
    def _count(self) -> int:
        return (self.piece.measures + 1) * frames_a_measure(self.piece)


@dataclass(frozen=True, eq=False)
class BarredHearing:
    """What is heard in each measure of a piece, whatever the key."""

    hearing: Hearing
    piece: Piece
    """The same notes as the hearing's, perhaps barred in another way."""
    later: float = 0.0
    """Quarters from the first bar line of the hearing to that of ``piece``."""

    @classmethod
    def of(cls, piece: Piece) -> "BarredHearing":
        """In the bars that it has."""
        return cls(Hearing(piece), piece)

    @cached_property
    def frames(self) -> Floats:
        """(measures, frames a measure, 12) of a frame that each pitch class sounds."""
        return self._barred(self.hearing.histograms)

    @cached_property
    def lowest(self) -> _Bytes:
        """(measures, frames a measure) the lowest pitch, SILENT for none."""
        return self._barred(self.hearing.lowest)

    @cached_property
    def triads(self) -> Floats:
        """(measures, TRIADS, 12) of each measure that each triad is heard, by its root."""
        means: Floats = self._barred(self.hearing.triads).mean(axis=1)
        return means

    @cached_property
    def first_triads(self) -> Floats:
        """The same of the first beat of each measure."""
        means: Floats = self._barred(self.hearing.triads)[:, : self._beat].mean(axis=1)
        return means

    @cached_property
    def last_triads(self) -> Floats:
        """The same of the last beat of each measure."""
        means: Floats = self._barred(self.hearing.triads)[:, -self._beat :].mean(axis=1)
        return means

    @property
    def _beat(self) -> int:
        """Frames a beat."""
        return round(self.piece.beat / FRAME_QUARTERS)

    @cached_property
    def measures(self) -> Floats:
        """(measures, 12) quarters that each pitch class sounds."""
        sums: Floats = FRAME_QUARTERS * self.frames.sum(axis=1)
        return sums

    def cadences(self, home: Key) -> list[Cadence]:
        """The sure cadences in ``home`` and in the keys next to it, in the piece's quarters."""
        keys = related_keys(home.root, home.minor)
        return [
            replace(cadence, time=cadence.time - self.later, dominant_from=cadence.dominant_from - self.later)
            for cadence in self.hearing.cadences
            if cadence.time >= self.later and cadence.key in keys
        ]

    def _barred(self, values: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
        """(frames, ...) as (measures, frames a measure, ...)."""
        first, each = round(self.later / FRAME_QUARTERS), frames_a_measure(self.piece)
        return values[first : first + self.piece.measures * each].reshape(self.piece.measures, each, *values.shape[1:])


def frames_a_measure(piece: Piece) -> int:
    """A whole number in every metre of the contract."""
    return round(piece.bar / FRAME_QUARTERS)
