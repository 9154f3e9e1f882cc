"""Which pitch classes sound in windows of equal width, compiled."""

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SILENT = 255
"""The lowest pitch of a window in which nothing sounds."""


@compiled
def window_histograms(
    onset: Floats, duration: Floats, pitch: npt.NDArray[np.uint8], left_out: Flags, count: int, width: float
) -> Floats:
    """(count, 12): how long each pitch class sounds in each window, in windows of ``width``.

    ``onset`` >= 0, ``duration`` >= 0 and ``pitch`` have shape (n,), the first two in the unit of ``width`` > 0; the
    notes where ``left_out`` (n,) holds do not count, nor does what lies beyond ``count`` >= 1 windows. The run time
    follows n + count, however long the notes are.
    """
    sounding = np.zeros((count, 12))
    held = np.zeros((count + 1, 12))  # by how much the notes that sound through whole windows become more or fewer
    for note in range(onset.size):
        begin, end = onset[note] / width, min((onset[note] + duration[note]) / width, float(count))
        if left_out[note] or not begin < end:
            continue
        first, last = int(begin), min(int(end), count - 1)
        degree = pitch[note] % 12
        if first == last:
            sounding[first, degree] += end - begin
            continue
        sounding[first, degree] += first + 1 - begin
        sounding[last, degree] += end - last
        held[first + 1, degree] += 1.0
        held[last, degree] -= 1.0
    for window in range(1, count):
        for degree in range(12):
            held[window, degree] += held[window - 1, degree]
            sounding[window, degree] += held[window, degree]
    return sounding


def lowest_pitches(
    onset: Floats, duration: Floats, pitch: npt.NDArray[np.uint8], left_out: Flags, count: int, width: float
) -> npt.NDArray[np.uint8]:
    """(count,): the lowest pitch that sounds in each window, SILENT where none does; arguments as above."""
    upwards = np.argsort(pitch, kind="stable")
    return _first_to_sound(onset, duration, pitch, left_out, upwards, count, width)


@compiled
def _first_to_sound(
    onset: Floats, duration: Floats, pitch: npt.NDArray[np.uint8], left_out: Flags,
    order: npt.NDArray[np.int64], count: int, width: float,
) -> npt.NDArray[np.uint8]:  # fmt: skip
    """(count,): the pitch of the first note in ``order`` (n,) that sounds in each window, SILENT where none does."""
    found = np.full(count, SILENT, dtype=np.uint8)
    free = np.arange(count + 1)  # from each window on, the next one that has no pitch yet, or one before that
    for note in order:
        begin, end = onset[note] / width, min((onset[note] + duration[note]) / width, float(count))
        if left_out[note] or not begin < end:
            continue
        window = int(begin)
        while True:
            while free[window] != window:
                free[window] = free[free[window]]  # the next search is half as long
                window = free[window]
            if window >= end:
                break
            found[window] = pitch[note]
            free[window] = window + 1
    return found
