"""How strong the places of a metre are, half a quarter note at a time."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

FRAME_QUARTERS: Final = 0.5
"""Quarter notes in a frame: half of the beat of most metres, a third of that of the compound ones."""

DOWNBEAT: Final = 0
HALF_BAR: Final = 1
BEAT: Final = 2
OFF_BEAT: Final = 3


def metric_levels(begins: Sequence[float], metres: Sequence[str], count: int) -> Ints:
    """(count,) what each frame begins with: DOWNBEAT, HALF_BAR (the middle of a bar of two halves), BEAT or OFF_BEAT.

    ``begins`` (bars,), ascending: the quarter notes at which the bars begin; ``metres`` (bars,): theirs, as ``6/8``.
    A bar ends where the next one begins, the last one with the last frame.
    """
    levels = np.full(count, OFF_BEAT, dtype=np.int64)
    frames = np.rint(np.asarray(begins, dtype=np.float64) / FRAME_QUARTERS).astype(np.int64)
    for begin, end, metre in zip(frames.tolist(), np.append(frames, count)[1:].tolist(), metres, strict=True):
        first, last = max(begin, 0), min(end, count)
        if first < last:
            length, half, beat = _divisions(metre)
            place = np.arange(first - begin, last - begin) % length
            strengths = np.where(place % beat == 0, BEAT, OFF_BEAT)
            strengths[place == half] = HALF_BAR
            strengths[place == 0] = DOWNBEAT
            levels[first:last] = strengths
    return levels


@lru_cache(maxsize=64)
def _divisions(metre: str) -> tuple[int, int, int]:
    """Frames of a bar, up to its middle (0 where it has none) and of a beat."""
    numerator, denominator = (int(number) for number in metre.split("/"))
    bar = Fraction(4 * numerator, denominator) / Fraction(FRAME_QUARTERS)
    compound = denominator >= 8 and numerator % 3 == 0
    half = bar / 2 if numerator % 2 == 0 else Fraction(0)
    return max(1, round(bar)), int(half) if half.denominator == 1 else 0, 3 if compound else 2
