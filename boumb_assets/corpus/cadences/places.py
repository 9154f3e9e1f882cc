"""The places of a piece's metre at which a cadence may arrive, half a quarter note apart."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PLACE_QUARTERS: Final = 0.5
OFF_BEAT: Final = 0
BEAT: Final = 1
HALF_BAR: Final = 2
DOWNBEAT: Final = 3


class Places(NamedTuple):
    """Arrays (n,), by time."""

    time: Floats
    """Quarters."""
    strength: Ints
    """OFF_BEAT, BEAT, HALF_BAR (the middle of a bar of two halves) or DOWNBEAT."""
    beat: Floats
    """Quarters a beat there: a dotted quarter in 6/8, a half in 2/2."""
    bar: Floats
    """Quarters a bar."""
    line: Floats
    """The quarters at which the next bar begins."""


def places_of(begins: Sequence[float], metres: Sequence[str]) -> Places:
    """The places of bars that begin at ``begins`` (bars,), ascending quarters, in ``metres`` (bars,), as ``6/8``.

    A bar ends where the next one begins, and no later than its metre says; the last one as its metre says.
    """
    rows: list[tuple[float, int, float, float, float]] = []
    for number, (begin, metre) in enumerate(zip(begins, metres, strict=True)):
        bar, half, beat = _divisions(metre)
        line = begins[number + 1] if number + 1 < len(begins) else begin + bar
        for place in range(round(min(bar, line - begin) / PLACE_QUARTERS)):
            within = place * PLACE_QUARTERS
            strength = BEAT if within % beat == 0 else OFF_BEAT
            strength = DOWNBEAT if within == 0 else HALF_BAR if within == half else strength
            rows.append((begin + within, strength, beat, bar, line))
    time, strengths, beats, bars, lines = np.array(rows, dtype=np.float64).reshape(-1, 5).T.copy()
    return Places(time, strengths.astype(np.int64), beats, bars, lines)


@lru_cache(maxsize=64)
def _divisions(metre: str) -> tuple[float, float, float]:
    """Quarters of a bar, up to its middle (0 where it has none) and of a beat."""
    numerator, denominator = (int(number) for number in metre.split("/"))
    bar = float(Fraction(4 * numerator, denominator))
    compound = denominator >= 8 and numerator % 3 == 0
    beat = 1.5 if compound else 2.0 if denominator == 2 else 1.0
    return bar, bar / 2 if numerator % 2 == 0 else 0.0, beat
