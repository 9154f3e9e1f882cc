"""What is around each place of a row of values."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def windows(values: Floats, reach: int) -> Floats:
    """(k, 2 * reach + 1): each of the ``values`` (k,), k >= 1, with ``reach`` neighbours to each side; beyond the ends
    the outermost goes on."""
    padded = np.pad(values, reach, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)


def mean_around(values: Floats, reach: int) -> Floats:
    """(k,): the mean of each of the ``values`` (k,) and of those neighbours that there are within ``reach``."""
    kernel = np.ones(2 * reach + 1)
    total = np.convolve(values, kernel)[reach:][: values.size]
    mean: Floats = total / np.convolve(np.ones(values.size), kernel)[reach:][: values.size]
    return mean
