"""What sounds in each sixteenth of a piece, and where music that comes again begins."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch_windows import SILENT, lowest_pitches, window_histograms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELL_QUARTERS: Final = 0.25
MOST_LAG: Final = 1024  # beats between a passage and its return: more would cost time and tell nothing
LIKE: Final = 0.5  # two beats are alike where they share so many of all their notes

_EARLY: Final = 0.02  # quarters that a note may begin before its beat
_TOLERANCE: Final = 0.1  # of a cell: a note that ends or begins by less beside a line is meant to end or begin on it
_PARTS: Final = 1024.0  # of a cell that times are put on: their sums and differences are exact


class Sounds(NamedTuple):
    """The sixteenths of a piece."""

    sums: Floats
    """(n + 1, 12): quarters that each pitch class sounds before each cell, summed over notes; their differences are
    exact."""
    lowest: Ints
    """(n,) The lowest pitch, SILENT for none."""
    struck: Ints
    """(n,) The lowest pitch that begins with the cell, SILENT for none."""
    begins: Ints
    """(n,) How many notes begin."""
    sounding: Floats
    """(n,) The share of the cell of its longest note."""


def sounds_of(onset: Floats, end: Floats, pitch: Ints, origin: float, count: int) -> Sounds:
    """The ``count`` >= 1 cells from ``origin`` (quarters) on; notes (notes,) by onset, pitches 0..127."""
    first, last = ((times - origin) / CELL_QUARTERS for times in (onset, end))
    cell = np.floor(first + _TOLERANCE).astype(np.int64)
    begins = np.bincount(cell[(cell >= 0) & (cell < count)], minlength=count)
    struck = np.full(count, SILENT, dtype=np.int64)
    on_line = (cell >= 0) & (cell < count) & (first - cell <= _TOLERANCE)
    np.minimum.at(struck, cell[on_line], pitch[on_line])
    start = np.rint(np.maximum(np.maximum(first, cell), 0.0) * _PARTS) / _PARTS
    stop = np.rint(np.clip(np.minimum(last, np.ceil(last - _TOLERANCE)), 0.0, count) * _PARTS) / _PARTS
    inside = start < stop
    start, stop, low = start[inside], stop[inside], pitch[inside].astype(np.uint8)
    notes = (start, stop - start, low, np.zeros(low.size, dtype=np.bool_), count, 1.0)
    sums = np.zeros((count + 1, 12))
    np.cumsum(CELL_QUARTERS * window_histograms(*notes), axis=0, out=sums[1:])
    return Sounds(sums, lowest_pitches(*notes).astype(np.int64), struck, begins, _longest(start, stop, count))


def _longest(start: Floats, stop: Floats, count: int) -> Floats:
    """(count,): the longest part of each cell that one note sounds, of notes from ``start`` to ``stop`` in cells."""
    first, last = start.astype(np.int64), np.ceil(stop).astype(np.int64) - 1
    longest = np.zeros(count)
    np.maximum.at(longest, first, np.minimum(stop, first + 1) - start)
    np.maximum.at(longest, last, stop - np.maximum(start, last))
    whole = np.bincount(first + 1, minlength=count + 1) - np.bincount(np.maximum(last, first + 1), minlength=count + 1)
    longest[np.cumsum(whole)[:count] > 0] = 1.0
    return longest


@compiled
def returns(onset: Floats, pitch: Ints, beats: Floats) -> Floats:
    """(n,): the beats of the longest passage that begins with each beat and is heard once more elsewhere, alike.

    ``beats`` (n,), ascending: the quarters at which they begin. A passage in which nothing begins counts a quarter.
    """
    count = beats.size
    first = np.full(count + 1, onset.size, dtype=np.int64)
    for beat in range(count):
        first[beat] = np.searchsorted(onset, beats[beat] - _EARLY)
    code = np.empty(onset.size, dtype=np.int64)
    for beat in range(count):
        for note in range(first[beat], first[beat + 1]):
            code[note] = int(np.round((onset[note] - beats[beat]) * 24.0)) * 128 + pitch[note]
    longest = np.zeros(count)
    for lag in range(1, min(count, MOST_LAG)):
        run = 0.0
        for beat in range(count - lag - 1, -1, -1):
            one, other, shared = first[beat], first[beat + lag], 0
            total = first[beat + 1] - one + first[beat + lag + 1] - other
            while one < first[beat + 1] and other < first[beat + lag + 1]:
                if code[one] == code[other]:
                    shared += 1
                    one += 1
                    other += 1
                elif code[one] < code[other]:
                    one += 1
                else:
                    other += 1
            if shared >= LIKE * (total - shared):
                run += 1.0 if total > 0 else 0.25
            elif run > 0.0:
                longest[beat + 1] = max(longest[beat + 1], run)
                longest[beat + 1 + lag] = max(longest[beat + 1 + lag], run)
                run = 0.0
        if run > 0.0:
            longest[0], longest[lag] = max(longest[0], run), max(longest[lag], run)
    return longest
