"""The scale and the mood of loops, as `theory.keys` and `theory.emotion` find them, for thousands of loops at a time;
compiled."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.keys import MAJOR_PROFILE, MINOR_PROFILE, TONIC_WEIGHT, UNUSUAL_SCALE_HANDICAP
from boumb_assets.theory.scales import SCALES, scale_classes

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Lengths = npt.NDArray[np.float32]

NO_SCALE: Final = -1
UNKNOWN: Final = -1.0

_LIGHTEST: Final = 0.5  # steps that a note without length weighs in a scale
_FILE_CLASSES: Final = 3  # fewer pitch classes give a file no scale
_OWN_COVERAGE: Final = 0.95  # of a loop that leaves its file's scale, by the scale that is named for it instead
_OWN_CLASSES: Final = 5
_STEPS: Final = np.array(sorted(DURATION_STEPS.values()))
_NAMED: Final = [(scale, root) for scale in SCALES for root in range(12)]


class Tables(NamedTuple):
    """What `theory.keys` knows, handed to the kernels: machine code on the disk would not follow a change of it."""

    member: Floats
    """(168, 12) 1 for the pitch classes of each scale on each root."""
    handicap: Floats
    """(168,)"""
    tonic: Ints
    """(168,) where the evidence for the tonic of each stands among the key scores."""
    profiles: Floats
    """(24, 12) of mean 0 and length 1."""
    tonic_weight: float


def _profiles() -> Floats:
    rows = np.array([np.roll(profile, root) for profile in (MAJOR_PROFILE, MINOR_PROFILE) for root in range(12)])
    rows -= rows.mean(axis=1, keepdims=True)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


TABLES: Final = Tables(
    member=np.array([[float(pitch in scale_classes(root, scale)) for pitch in range(12)] for scale, root in _NAMED]),
    handicap=np.array([UNUSUAL_SCALE_HANDICAP * (scale not in ("major", "minor")) for scale, _ in _NAMED]),
    tonic=np.array([root + 12 * (4 not in SCALES[scale]) for scale, root in _NAMED]),
    profiles=_profiles(),
    tonic_weight=TONIC_WEIGHT,
)


@compiled
def class_weights(begin: Ints, end: Ints, pitch: Bytes, length: Lengths) -> Floats:
    """(n, 12): how many steps each pitch class sounds in each loop."""
    weights = np.zeros((begin.size, 12))
    for loop in range(begin.size):
        for note in range(begin[loop], end[loop]):
            weights[loop, pitch[note] % 12] += max(np.float64(length[note]), _LIGHTEST)
    return weights


@compiled
def file_scales(weights: Floats, tables: Tables) -> Ints:
    """The scale (files,) of files by how long each pitch class sounds (files, 12), as 12 * index in SCALES + root;
    NO_SCALE where fewer than three do."""
    found, scores = np.full(weights.shape[0], NO_SCALE), np.empty(24)
    for file in range(weights.shape[0]):
        if _classes(weights, file) >= _FILE_CLASSES:
            found[file] = _best_scale(weights, file, tables, scores)
    return found


@compiled
def loop_scales(weights: Floats, file_scale: Ints, min_coverage: float, tables: Tables) -> tuple[Ints, Floats]:
    """The scale (n,) and its coverage (n,) of loops by how long each pitch class sounds (n, 12) and the scales of their
    files (n,): the file's where it covers the loop, else the loop's own where that is clear.

    Where neither is, the coverage is the file's; where the file has no scale, both are unknown.
    """
    found, covered, scores = np.full(file_scale.size, NO_SCALE), np.full(file_scale.size, UNKNOWN), np.empty(24)
    for loop in range(file_scale.size):
        if file_scale[loop] == NO_SCALE:
            continue
        covered[loop] = _coverage(weights, loop, tables.member, file_scale[loop])
        if covered[loop] >= min_coverage:
            found[loop] = file_scale[loop]
        elif _classes(weights, loop) >= _OWN_CLASSES:
            own = _best_scale(weights, loop, tables, scores)
            share = _coverage(weights, loop, tables.member, own)
            if share >= _OWN_COVERAGE:
                found[loop], covered[loop] = own, share
    return found, np.minimum(covered, 1.0)


@compiled
def _classes(weights: Floats, row: int) -> int:
    count = 0
    for degree in range(12):
        count += weights[row, degree] > 0.0
    return count


@compiled
def _coverage(weights: Floats, row: int, member: Floats, scale: int) -> float:
    inside, total = 0.0, 0.0
    for degree in range(12):
        inside += member[scale, degree] * weights[row, degree]
        total += weights[row, degree]
    return inside / total


@compiled
def _best_scale(weights: Floats, row: int, tables: Tables, scores: Floats) -> int:
    """As `theory.keys.estimate_scale`, of weights that are not all 0."""
    _key_scores(weights, row, tables.profiles, scores)
    best, highest = 0, -np.inf
    for scale in range(tables.tonic.size):
        spoken = tables.tonic_weight * scores[tables.tonic[scale]]
        rank = _coverage(weights, row, tables.member, scale) - tables.handicap[scale] + spoken
        rounded = np.floor(rank * 1e9 + 0.5)
        if rounded > highest:
            best, highest = scale, rounded
    return best


@compiled
def _key_scores(weights: Floats, row: int, profiles: Floats, scores: Floats) -> None:
    """Writes the (24,) correlations of `theory.keys.key_scores`."""
    total, square, highest = 0.0, 0.0, 1.0
    for degree in range(12):
        total += weights[row, degree]
        highest = max(highest, weights[row, degree])
    for degree in range(12):
        square += (weights[row, degree] - total / 12) ** 2
    flat = np.sqrt(square) <= 1e-9 * highest
    for key in range(24):
        spoken = 0.0
        for degree in range(12):
            spoken += profiles[key, degree] * (weights[row, degree] - total / 12)
        scores[key] = 0.0 if flat else spoken / np.sqrt(square)


@compiled
def moods(
    begin: Ints, end: Ints, bars: Ints, onsets: Ints, bpm: Floats, weights: Floats, duration: Bytes, tables: Tables,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Valence (n,) and arousal (n,) of loops as in `LoopNotes`, as `theory.emotion` estimates them, around middle C: a
    loop's register comes from its role and says nothing of its mood. ``bpm`` is above 0."""
    valence, arousal, scores = np.empty(begin.size), np.empty(begin.size), np.empty(24)
    for loop in range(begin.size):
        lengths = 0.0
        for note in range(begin[loop], end[loop]):
            lengths += _STEPS[duration[note]]
        count, step_s = end[loop] - begin[loop], 15.0 / bpm[loop]
        _key_scores(weights, loop, tables.profiles, scores)
        major = minor = -1.0
        for root in range(12):
            major, minor = max(major, scores[root]), max(minor, scores[root + 12])
        octaves = np.log2(bpm[loop] / 110)
        rate = onsets[loop] / (bars[loop] * STEPS_PER_BAR * step_s)
        valence[loop] = np.tanh(3 * (major - minor) + 0.25 * octaves + 0.1 * (rate - 3))
        logit = 0.9 * (rate - 4) / 1.8 + 0.8 * octaves - 0.5 * (lengths / count * step_s - 0.45) / 0.3
        arousal[loop] = 1 / (1 + np.exp(-max(-60.0, min(60.0, logit))))
    return valence, arousal
