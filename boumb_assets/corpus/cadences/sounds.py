"""What sounds in each sixteenth of a piece, and where music that comes again begins, compiled."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELL_QUARTERS: Final = 0.25
SILENT: Final = 999  # the lowest pitch of a cell in which nothing sounds
MOST_LAG: Final = 1024  # beats between a passage and its return: more would cost time and tell nothing
LIKE: Final = 0.5  # two beats are alike where they share so many of all their notes

_EARLY: Final = 0.02  # quarters that a note may begin before its beat
_TOLERANCE: Final = 0.1  # of a cell: a note that ends or begins by less beside a line is meant to end or begin on it


class Sounds(NamedTuple):
    """The sixteenths of a piece, arrays of (n,) but the first."""

    histograms: Floats
    """(n, 12): quarters that each pitch class sounds, summed over notes."""
    lowest: Ints
    """The lowest pitch, SILENT for none."""
    struck: Ints
    """The lowest pitch that begins with the cell, SILENT for none."""
    begins: Ints
    """How many notes begin."""
    sounding: Floats
    """The share of the cell of its longest note."""


@compiled
def sounds_of(onset: Floats, end: Floats, pitch: Ints, origin: float, count: int) -> Sounds:
    """The ``count`` >= 1 cells from ``origin`` (quarters) on; notes (notes,) by onset, pitches 0..127."""
    histograms, sounding = np.zeros((count, 12)), np.zeros(count)
    lowest, struck = np.full(count, SILENT, dtype=np.int64), np.full(count, SILENT, dtype=np.int64)
    begins = np.zeros(count, dtype=np.int64)
    for note in range(onset.size):
        first = (onset[note] - origin) / CELL_QUARTERS
        last = min((end[note] - origin) / CELL_QUARTERS, float(count))
        if last <= 0.0 or first >= count:
            continue
        cell = int(np.floor(first + _TOLERANCE))
        if 0 <= cell < count:
            begins[cell] += 1
            if first - cell <= _TOLERANCE:
                struck[cell] = min(struck[cell], pitch[note])
        for at in range(max(cell, 0), max(min(int(np.ceil(last - _TOLERANCE)), count), 0)):
            lasts = min(last, at + 1.0) - max(first, float(at))
            if lasts > 0.0:
                histograms[at, pitch[note] % 12] += lasts * CELL_QUARTERS
                sounding[at] = max(sounding[at], lasts)
                lowest[at] = min(lowest[at], pitch[note])
    return Sounds(histograms, lowest, struck, begins, sounding)


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
