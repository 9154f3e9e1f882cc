"""What near duplicates share: a MinHash signature of a loop's figures, compiled.

A figure is four onsets in a row: the steps between them, the intervals between their lowest notes, and the chord over
each; of drums the strokes. The loop closes on itself. So figures are the same in every key, for a loop that begins
elsewhere, and mostly for one of which a few notes are changed. Of the set of figures the smallest values under 64
random permutations are kept (Broder 1997, "On the resemblance and containment of documents"), and hashed in 16 bands of
four: where two loops have a share s of all their figures in common, each band is the same with probability s ** 4.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.corpus.loops.settings import HARD_NOTES
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]

BANDS: Final = 16
ROWS: Final = 4
FIGURE: Final = 4  # onsets

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_LARGEST: Final = np.uint32(0xFFFFFFFF)
_ONE: Final = np.uint64(1)


def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Two numbers for each permutation of 32 bits: what is added (exclusively), and the odd factor."""
    numbers = np.random.Generator(np.random.PCG64(0)).integers(0, 1 << 32, (2, BANDS * ROWS), dtype=np.uint32)
    return numbers[0], numbers[1] | np.uint32(1)


_ADDED, _FACTORS = _permutations()


@compiled
def near(begin: Ints, end: Ints, bars: Ints, is_drum: npt.NDArray[np.bool_], step: Bytes, pitch: Bytes) -> Hashes:
    """(n, BANDS) hashes of loops as in `LoopNotes`, of at least one note each."""
    bands = np.empty((begin.size, BANDS), np.uint64)
    onset, low, chord = np.empty(HARD_NOTES, np.int64), np.empty(HARD_NOTES, np.int64), np.empty(HARD_NOTES, np.uint64)
    smallest = np.empty(BANDS * ROWS, np.uint32)
    for loop in range(begin.size):
        onsets = 0
        for note in range(begin[loop], end[loop]):
            if note == begin[loop] or step[note] != step[note - 1]:
                onset[onsets], low[onsets] = step[note], pitch[note]
                chord[onsets] = 0
                onsets += 1
            above = np.int64(pitch[note]) if is_drum[loop] else np.int64(pitch[note]) - low[onsets - 1]
            chord[onsets - 1] |= _ONE << np.uint64(above & 63)
        for row in range(BANDS * ROWS):
            smallest[row] = _LARGEST
        for first in range(onsets):
            figure = _mixed(chord[first] + np.uint64(is_drum[loop]))
            for place in range(first + 1, first + FIGURE):
                here, before = place % onsets, (place - 1) % onsets
                gap = onset[here] - onset[before]
                if gap <= 0:
                    gap += bars[loop] * STEPS_PER_BAR
                interval = 0 if is_drum[loop] else low[here] - low[before]
                figure = figure * _FACTOR + _mixed(chord[here] ^ _mixed(np.uint64(gap << 8 | interval + 128)))
            value = np.uint32(_mixed(figure) >> np.uint64(32))
            for row in range(BANDS * ROWS):
                smallest[row] = min(smallest[row], np.uint32((value ^ _ADDED[row]) * _FACTORS[row]))
        for band in range(BANDS):
            value64 = np.uint64(band)
            for row in range(ROWS):
                value64 = _mixed(value64 * _FACTOR + np.uint64(smallest[band * ROWS + row]))
            bands[loop, band] = value64
    return bands


@compiled
def _mixed(value: np.uint64) -> np.uint64:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit of the result depends on every bit."""
    value = (value ^ value >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ value >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return value ^ value >> np.uint64(31)
