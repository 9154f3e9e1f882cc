"""The key and the studio's scale of a pitch-class histogram."""

from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boumb_assets.theory.scales import SCALES, scale_classes

Mode = Literal["major", "minor"]
Histogram = NDArray[np.float64]  # (12,): weight of each pitch class, C first; durations or counts, any unit

# Albrecht & Shanahan, "The Use of Large Corpora to Train a New Type of Key-Finding Algorithm", Music Perception 31
# (2013). Krumhansl and Kessler's ratings confuse more keys with their dominant.
MAJOR_PROFILE: Final = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR_PROFILE: Final = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)

_PROFILES: Final = np.array(
    [np.roll(MAJOR_PROFILE, root) for root in range(12)] + [np.roll(MINOR_PROFILE, root) for root in range(12)]
)
_CENTRED: Final = _PROFILES - _PROFILES.mean(axis=1, keepdims=True)
_UNIT_PROFILES: Final = _CENTRED / np.linalg.norm(_CENTRED, axis=1, keepdims=True)  # (24, 12)

# The slope of the softmax that turns correlations into a confidence: the best of 6..30 on 1,417 windows of 16
# quarters of Mozart's sonatas with experts' local keys (DCMLab), where it says .73 on average and is right in .75.
CONFIDENCE_SLOPE: Final = 12.0

# A scale other than major and minor must cover this much more of the music before it is named: the user of a
# sequencer understands "C minor" sooner than "C phrygian" for the sake of one passing note.
UNUSUAL_SCALE_HANDICAP: Final = 0.05
# How much a full step of correlation weighs against coverage: enough to tell C major from its mode on D.
TONIC_WEIGHT: Final = 0.25

_CANDIDATES: Final = [(scale, root) for scale in SCALES for root in range(12)]  # 168
_MEMBERSHIP: Final = np.array(
    [[float(pc in scale_classes(root, scale)) for pc in range(12)] for scale, root in _CANDIDATES]
)  # (168, 12)
_HANDICAP: Final = np.array([UNUSUAL_SCALE_HANDICAP * (scale not in ("major", "minor")) for scale, _ in _CANDIDATES])
# Where the evidence for each tonic stands among the key scores: a scale without a major third leans on minor's.
_TONIC_SCORE: Final = np.array([root + 12 * (4 not in SCALES[scale]) for scale, root in _CANDIDATES])


@dataclass(frozen=True, slots=True)
class KeyEstimate:
    """A key and how sure it is: ``confidence`` is the softmax share (1/24 for no evidence, towards 1)."""

    root: int
    mode: Mode
    confidence: float


@dataclass(frozen=True, slots=True)
class ScaleEstimate:
    """A scale of the studio and the share (0..1) of the histogram that lies in it."""

    root: int
    scale: str
    coverage: float


def pitch_class_histogram(pitches: ArrayLike, weights: ArrayLike | None = None) -> Histogram:
    """The (12,) histogram of MIDI ``pitches`` (n,), each weighted by ``weights`` (n,), e.g. durations; by 1 if None."""
    classes = np.asarray(pitches, dtype=np.int64) % 12
    return np.bincount(classes, None if weights is None else np.asarray(weights, float), 12).astype(np.float64)


def key_scores(histogram: ArrayLike) -> Histogram:
    """Pearson correlation of a (12,) histogram with the 24 key profiles, index = 12 * minor + root.

    All zero for a histogram that says nothing (empty, or flat). Raises ValueError for another shape and for weights
    that are negative or not finite.
    """
    weights = _checked(histogram)
    centred = weights - weights.sum() / 12
    norm = sqrt(centred.dot(centred))
    if norm <= 1e-9 * max(1.0, float(weights.max())):
        return np.zeros(24)
    scores: Histogram = _UNIT_PROFILES @ (centred / norm)
    return scores


def estimate_key(histogram: ArrayLike) -> KeyEstimate:
    """The key whose profile correlates best; the lower index where two are equal. Raises ValueError as `key_scores`."""
    scores = key_scores(histogram)
    best = int(scores.round(9).argmax())
    share = 1 / float(np.exp(CONFIDENCE_SLOPE * (scores - scores[best])).sum())
    return KeyEstimate(best % 12, "minor" if best >= 12 else "major", share)


def estimate_scale(histogram: ArrayLike) -> ScaleEstimate:
    """The studio's scale of a (12,) histogram: the best sum of coverage and evidence for the tonic.

    Major and minor win unless another scale covers clearly more. Nothing at all is C major, wholly covered. Equal
    candidates fall to the earlier scale, then to the lower root. Raises ValueError as `key_scores`.
    """
    weights = _checked(histogram)
    total = float(weights.sum())
    if total == 0:
        return ScaleEstimate(0, "major", 1.0)
    coverage = _MEMBERSHIP @ weights / total
    rank = coverage - _HANDICAP + TONIC_WEIGHT * key_scores(weights)[_TONIC_SCORE]
    best = int(np.argmax(np.round(rank, 9)))
    scale, root = _CANDIDATES[best]
    return ScaleEstimate(root, scale, min(1.0, float(coverage[best])))


def _checked(histogram: ArrayLike) -> Histogram:
    weights = np.asarray(histogram, dtype=np.float64)
    if weights.shape != (12,):
        raise ValueError(f"a pitch-class histogram has shape (12,), not {weights.shape}")
    if not (weights >= 0).all() or weights.max() == np.inf:
        raise ValueError("a pitch-class histogram has finite weights of at least 0")
    return weights
