"""Which keys each place of a piece may be in, compiled."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WINDOWS: Final = 4  # up to a place, in which its key is looked for
BESIDE: Final = 0.03  # quarters by which before and from a place on are told apart


class Tonality(NamedTuple):
    """By place; keys as 12 * minor + root."""

    before: Ints
    """(n,): the key in force before it,"""
    now: Ints
    """and from it on."""
    likeness: Floats
    """(n, 24): how well the notes before and at it correlate with the profile of each key."""


@compiled
def tonality(time: Floats, path: Ints, evidence: Floats, origin: float, width: float) -> Tonality:
    """The keys at each ``time`` (n,), by windows of ``width`` from ``origin`` on (quarters): the key of each, ``path``
    (windows,), and their evidence (windows, 24) as `theory.local_keys` gives them, at least one window."""
    count, last = time.size, path.size - 1
    before, now = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    likeness = np.zeros((count, 24))
    for place in range(count):
        old = min(max(int((time[place] - BESIDE - origin) // width), 0), last)
        new = min(max(int((time[place] + BESIDE - origin) // width), 0), last)
        first = max(0, old - WINDOWS + 1)
        for window in range(first, new + 1):
            for key in range(24):
                likeness[place, key] += evidence[window, key] / (new + 1 - first)
        before[place], now[place] = path[old], path[new]
    return Tonality(before, now, likeness)
