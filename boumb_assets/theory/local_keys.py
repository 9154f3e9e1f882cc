"""The key in force in each stretch of a piece.

A hidden Markov model over the 24 keys, in the manner of Temperley (The Cognition of Basic Musical Structures, 2001,
chapter 7): each window speaks for the keys whose profile its pitch classes correlate with, and a change of key costs
more the further it leads round the circle of fifths. The profiles are Bellman's and Budge's counts of chord notes
(Bellman, "About the Determination of Key of a Musical Excerpt", CMMR 2005), which tell local keys better than those of
whole pieces do.

Measured on the 54 movements of Mozart's sonatas with experts' local keys (DCMLab), at each quarter note: right in 0.901
on the 27 movements of even number (the second, the fourth, ... by the name of the file), where the movement's own key
would be right in 0.654, and in 0.922 on those of odd number, on which alone the four costs of a change were chosen
(``benchmarks/harmony.py``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.decoding import best_path
from boumb_assets.theory.keys import Mode

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_MAJOR: Final = (16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57)
_MINOR: Final = (18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21)

WINDOW_BEATS: Final = 2
"""Quarter notes in a window: shorter ones tell no more, and there are more of them."""
CHANGE_COST: Final = 0.5  # of any change of key, in correlation summed over windows
DISTANCE_COST: Final = 0.75  # of each step between two keys
MODE_DISTANCE: Final = 0.75  # between a key and its relative, in steps round the circle of fifths
PARALLEL_DISTANCE: Final = 2.0  # from C major to C minor, which lie three steps apart on the circle
CONFIDENCE_SLOPE: Final = 30.0
CONFIDENCE_WINDOWS: Final = 16.0
"""A stretch's confidence is the softmax, of this slope, of the mean correlations of its windows and of this many others
that say nothing: a short departure is doubtful however clear it sounds. On all of Mozart's sonatas, where the two were
chosen, confidence and share of right quarter notes differ by 0.024 on average over the tenths of confidence."""


@dataclass(frozen=True, slots=True)
class KeySpan:
    """A stretch in one key, up to where the next one begins."""

    begin: int
    """The window that it begins with."""
    root: int
    mode: Mode
    confidence: float
    """The softmax share of this key over the stretch: 1/24 for no evidence, towards 1."""


def local_keys(histograms: Floats) -> tuple[Ints, list[KeySpan]]:
    """The key of each window, as 12 * minor + root (n,), and the stretches of equal keys.

    ``histograms`` (n, 12), n >= 1, finite and at least 0: how long each pitch class sounds in each window, in any unit;
    a window is WINDOW_BEATS quarter notes, or one second where there are no beats. A silent window is in the key around
    it.
    """
    evidence = key_evidence(histograms)
    path = best_path(evidence, _CHANGE)
    begins, shares = span_confidences(evidence, path)
    spans = [
        KeySpan(begin, key % 12, "minor" if key >= 12 else "major", share)
        for begin, key, share in zip(begins.tolist(), path[begins].tolist(), shares.tolist(), strict=True)
    ]
    return path, spans


def _distance(one: int, other: int) -> float:
    """How far apart two keys are, in steps round the circle of fifths."""
    relative_one, relative_other = ((key + (3 if key >= 12 else 0)) % 12 for key in (one, other))
    fifths = (relative_one - relative_other) * 7 % 12
    distance = min(fifths, 12 - fifths) + MODE_DISTANCE * ((one >= 12) != (other >= 12))
    return min(distance, PARALLEL_DISTANCE) if one % 12 == other % 12 else distance


def _unit_profiles() -> Floats:
    """(12, 24): a column a key, of mean 0 and length 1."""
    rows = np.array([np.roll(profile, root) for profile in (_MAJOR, _MINOR) for root in range(12)])
    rows -= rows.mean(axis=1, keepdims=True)
    return np.ascontiguousarray((rows / np.linalg.norm(rows, axis=1, keepdims=True)).T)


_PROFILES: Final = _unit_profiles()
_CHANGE: Final = np.array(
    [
        [0.0 if one == other else CHANGE_COST + DISTANCE_COST * _distance(one, other) for other in range(24)]
        for one in range(24)
    ]
)


@compiled
def key_evidence(histograms: Floats) -> Floats:
    """(n, 24): the correlation of each of the ``histograms`` (n, 12) with the key profiles; 0 for one that is flat."""
    count = histograms.shape[0]
    evidence = np.zeros((count, 24))
    spoken = np.empty(24)
    for window in range(count):
        spoken[:] = 0.0
        total, square, highest = 0.0, 0.0, 0.0
        for degree in range(12):
            weight = histograms[window, degree]
            if weight > 0.0:
                total += weight
                square += weight * weight
                highest = max(highest, weight)
                for key in range(24):
                    spoken[key] += weight * _PROFILES[degree, key]
        variance = square - total * total / 12.0
        if variance > 1e-12 * highest * highest:
            norm = np.sqrt(variance)
            for key in range(24):
                evidence[window, key] = spoken[key] / norm
    return evidence


@compiled
def span_confidences(evidence: Floats, path: Ints) -> tuple[Ints, Floats]:
    """Where the stretches of equal keys in ``path`` (n,) begin (m,), and the softmax share (m,) of their keys by the
    ``evidence`` (n, 24) of their windows; a window in which nothing sounds does not count."""
    count = path.size
    begins, shares = np.empty(count, dtype=np.int64), np.empty(count)
    spans, begin = 0, 0
    total = np.empty(24)
    while begin < count:
        total[:] = 0.0
        heard, end = 0, begin
        while end < count and path[end] == path[begin]:
            silent = True
            for key in range(24):
                total[key] += evidence[end, key]
                silent = silent and evidence[end, key] == 0.0
            heard += not silent
            end += 1
        own, share = total[path[begin]], 0.0
        for key in range(24):
            share += np.exp(CONFIDENCE_SLOPE * (total[key] - own) / (heard + CONFIDENCE_WINDOWS))
        begins[spans], shares[spans] = begin, 1.0 / share
        spans, begin = spans + 1, end
    return begins[:spans], shares[:spans]
