"""The beats of a performance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Beats:
    """The beats that were heard in a performance."""

    time_s: npt.NDArray[np.float64]
    """(k,) seconds, strictly increasing, k >= 2."""
    downbeat: npt.NDArray[np.bool_]
    """(k,) whether a bar begins there."""
    confidence: float
    """0..1, how far these beats may be trusted."""


def track_beats(
    onset_s: npt.NDArray[np.float64],
    duration_s: npt.NDArray[np.float64],
    pitch: npt.NDArray[np.uint8],
    velocity: npt.NDArray[np.uint8],
) -> Beats | None:
    """The beats of notes in the order of their onsets, all arrays (n,); None where there are too few onsets to tell."""
    return None
