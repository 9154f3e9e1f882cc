"""What the beat network sees: a performance as a row of clusters, notes that were struck together.

Time enters only as the distance to neighbouring clusters, pitch as pitch classes and as distances, loudness against
what is near: so nothing in a feature depends on where in a piece one is.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.beats.neighbours import mean_around, windows

CLUSTER_SECONDS: Final = 0.035  # a chord of ASAP's pianists mostly spreads less, their fastest runs are slower
INTERVAL_BINS: Final = 16
SHORTEST, LONGEST = 0.03, 4.0  # seconds between clusters; beyond it every interval looks alike
NEIGHBOURHOOD: Final = 24  # clusters to each side that loudness is compared with
REGISTER: Final = 6  # and those that the lowest and the highest note are compared with

Floats = npt.NDArray[np.float32]
_CENTRES: Final = np.linspace(np.log(SHORTEST), np.log(LONGEST), INTERVAL_BINS)
_WIDTH: Final = float(_CENTRES[1] - _CENTRES[0])


@dataclass(frozen=True)
class Clusters:
    """The clusters of a performance."""

    time_s: npt.NDArray[np.float64]
    """(k,) seconds of the first note of each, strictly increasing."""
    index: npt.NDArray[np.int64]
    """(n,) the cluster of each note."""
    features: Floats
    """(k, FEATURES)."""


def find_clusters(
    onset_s: npt.NDArray[Any],
    duration_s: npt.NDArray[Any],
    pitch: npt.NDArray[Any],
    velocity: npt.NDArray[Any],
    stretch: float = 1.0,
) -> Clusters:
    """The clusters of notes in the order of their onsets; all arrays (n,), n >= 1. ``stretch``: the features are those
    of the same clusters played so many times as slowly."""
    true_onset = np.asarray(onset_s, dtype=np.float64)
    starts = _cluster_starts(true_onset)
    index = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    onset, length = true_onset * stretch, np.asarray(duration_s, np.float64) * stretch
    time = onset[first]
    features = np.concatenate(
        [
            _intervals(time),
            _chords(first, index, np.asarray(pitch, np.float64), length),
            _lengths(first, index, time, onset, np.asarray(pitch), length),
            _spread(first, true_onset),
            _loudness(first, index, np.asarray(velocity, np.float64)),
        ],
        axis=1,
    )
    return Clusters(true_onset[first], index, features.astype(np.float32))


def _cluster_starts(onset: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """(n,) whether a note begins a cluster: it comes more than CLUSTER_SECONDS after the one that began the last."""
    starts = np.zeros(onset.size, dtype=np.bool_)
    begin = -np.inf
    for index, time in enumerate(onset.tolist()):
        if time - begin > CLUSTER_SECONDS:
            starts[index] = True
            begin = time
    return starts


def _intervals(time: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Distances to neighbours: the nearest on each side softly one-hot over INTERVAL_BINS, those 2, 4 and 8 away as
    logarithms. (k, 2 * INTERVAL_BINS + 6)"""
    columns = []
    for reach in (1, 2, 4, 8):
        ahead = np.full(time.size, LONGEST * reach)
        ahead[:-reach] = (time[reach:] - time[:-reach]) if time.size > reach else ahead[:-reach]
        behind = np.full(time.size, LONGEST * reach)
        behind[reach:] = ahead[:-reach]
        for interval in (behind, ahead):
            log = np.log(np.clip(interval / reach, SHORTEST, LONGEST))
            columns.append(_soft_bins(log) if reach == 1 else (log / 2)[:, None])
    return np.concatenate(columns, axis=1)


def _soft_bins(log: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    nearness: npt.NDArray[np.float64] = np.maximum(0.0, 1 - np.abs(log[:, None] - _CENTRES) / _WIDTH)
    return nearness


def _chords(
    first: npt.NDArray[np.int64],
    index: npt.NDArray[np.int64],
    pitch: npt.NDArray[np.float64],
    duration: npt.NDArray[Any],
) -> npt.NDArray[np.float64]:
    """Pitch classes weighted by length, size, lowest and highest note, how they moved, and how low the lowest is among
    its neighbours. (k, 20)"""
    count = first.size
    chroma = np.zeros((count, 12))
    np.add.at(chroma, (index, pitch.astype(np.int64) % 12), np.minimum(duration, 2.0) + 0.1)
    chroma /= np.maximum(chroma.max(axis=1, keepdims=True), 1e-6)
    size = np.bincount(index, minlength=count)
    low, high = np.minimum.reduceat(pitch, first), np.maximum.reduceat(pitch, first)
    near_low, near_high = windows(low, REGISTER).min(axis=1), windows(high, REGISTER).max(axis=1)
    return np.column_stack(
        [
            chroma,
            np.minimum(size, 8) / 4,
            (low - 48) / 24,
            (high - 72) / 24,
            np.diff(low, prepend=low[:1]) / 12,
            np.diff(high, prepend=high[:1]) / 12,
            (low - near_low) / 24,
            (near_high - high) / 24,
            size == 1,
        ]
    )


def _lengths(
    first: npt.NDArray[np.int64],
    index: npt.NDArray[np.int64],
    time: npt.NDArray[np.float64],
    onset: npt.NDArray[np.float64],
    pitch: npt.NDArray[Any],
    duration: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """How long its notes sound (longest, lowest, highest), against the time to the next cluster, and how much still
    sounds from before. (k, 5)"""
    count = first.size
    longest = np.maximum.reduceat(duration, first)
    by_pitch = np.lexsort((pitch, index))
    lowest = duration[by_pitch[first]]
    highest = duration[by_pitch[np.append(first[1:], index.size) - 1]]
    ahead = np.diff(time, append=time[-1] + 1.0)
    ends = np.bincount(np.searchsorted(time, onset + duration), minlength=count + 1)[:count]
    sounding = np.cumsum(np.bincount(index, minlength=count) - ends) - np.bincount(index, minlength=count)

    def log(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        scaled: npt.NDArray[np.float64] = np.log(np.clip(seconds, SHORTEST, LONGEST)) / 2
        return scaled

    overhang = np.clip(longest / np.maximum(ahead, SHORTEST), 0, 4) / 2
    return np.column_stack([log(longest), log(lowest), log(highest), overhang, np.clip(sounding, 0, 8) / 4])


def _spread(first: npt.NDArray[np.int64], onset: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far apart the notes of a cluster were struck, 1 for as far as they may. (k, 1)"""
    spread: npt.NDArray[np.float64] = (np.maximum.reduceat(onset, first) - onset[first]) / CLUSTER_SECONDS
    return spread[:, None]


def _loudness(
    first: npt.NDArray[np.int64], index: npt.NDArray[np.int64], velocity: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The loudest and the mean velocity, against the mean of the neighbourhood. (k, 2)"""
    loudest = np.maximum.reduceat(velocity, first)
    mean = np.add.reduceat(velocity, first) / np.bincount(index, minlength=first.size)
    level = mean_around(loudest, NEIGHBOURHOOD)
    return np.column_stack([(loudest - level) / 20, (mean - level) / 20])


FEATURES: Final = 2 * INTERVAL_BINS + 6 + 20 + 5 + 1 + 2
