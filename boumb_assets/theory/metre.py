"""The metrical weight of the places in a bar."""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

STEPS_PER_WHOLE: Final = 16


@lru_cache(maxsize=1024)
def metrical_weights(numerator: int, denominator: int) -> npt.NDArray[np.int8]:
    """The weight of each sixteenth of a bar, read-only: 0 for the first, one less for each level of division below.

    Longuet-Higgins and Lee, "The rhythmic interpretation of monophonic music", Music Perception 1 (1984): the bar is
    divided by the twos, then the threes in its numerator, then into beats, and these in halves down to sixteenths. In
    4/4 that is 0 -4 -3 -4 -2 -4 -3 -4 -1 -4 -3 -4 -2 -4 -3 -4; 6/8 has two halves of three eighths. ``numerator``
    1..255, ``denominator`` 1, 2, 4 .. 64; what is shorter than a sixteenth is left out.
    """
    length = max(1, numerator * STEPS_PER_WHOLE // denominator)
    places = np.arange(length)
    divisions = _divisions(numerator, denominator)
    weights = np.full(length, 1 - len(divisions), dtype=np.int8)
    for level in range(len(divisions) - 1, -1, -1):
        weights[places * divisions[level] % length == 0] = -level
    weights.flags.writeable = False
    return weights


def _divisions(numerator: int, denominator: int) -> list[int]:
    """Into how many equal parts the bar is divided at each level, from the bar itself (1) downwards."""
    found, parts, left = [1], 1, numerator
    for prime in (2, 3):
        while left % prime == 0:
            parts, left = parts * prime, left // prime
            found.append(parts)
    if left > 1:
        found.append(numerator)
    parts = numerator
    while denominator < STEPS_PER_WHOLE:
        parts, denominator = parts * 2, denominator * 2
        found.append(parts)
    return found
