"""Which keys each place of a piece may be in."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

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


def tonality(time: Floats, path: Ints, evidence: Floats, origin: float, width: float) -> Tonality:
    """The keys at each ``time`` (n,), by windows of ``width`` from ``origin`` on (quarters): the key of each, ``path``
    (windows,), and their evidence (windows, 24) as `theory.local_keys` gives them, at least one window."""
    old, new = (
        np.clip((time + beside - origin) // width, 0, path.size - 1).astype(np.int64) for beside in (-BESIDE, BESIDE)
    )
    first = np.maximum(0, old - WINDOWS + 1)
    likeness = np.zeros((time.size, 24))
    for step in range(int((new - first).max(initial=-1)) + 1):
        inside = first + step <= new
        likeness[inside] += evidence[(first + step)[inside]] / (new + 1 - first)[inside, None]
    return Tonality(path[old], path[new], likeness)
