import csv
import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.keys import (
    MAJOR_PROFILE,
    MINOR_PROFILE,
    estimate_key,
    estimate_scale,
    key_scores,
    pitch_class_histogram,
)
from boumb_assets.theory.scales import SCALES, scale_classes

HISTOGRAMS = st.lists(st.integers(0, 50), min_size=12, max_size=12).filter(lambda counts: len(set(counts)) > 1)


@pytest.mark.parametrize("root", range(12))
def test_a_profile_is_its_own_key(root: int) -> None:
    major, minor = estimate_key(np.roll(MAJOR_PROFILE, root)), estimate_key(np.roll(MINOR_PROFILE, root))
    assert (major.root, major.mode) == (root, "major")
    assert (minor.root, minor.mode) == (root, "minor")
    assert min(major.confidence, minor.confidence) > 0.9


@given(HISTOGRAMS, st.integers(0, 11))
def test_a_transposed_histogram_has_the_transposed_scores(counts: list[int], shift: int) -> None:
    scores = key_scores(counts)
    moved = key_scores(np.roll(counts, shift))
    assert np.allclose(np.roll(scores[:12], shift), moved[:12])
    assert np.allclose(np.roll(scores[12:], shift), moved[12:])
    assert (np.abs(scores) <= 1 + 1e-9).all()


@given(HISTOGRAMS, st.sampled_from([0.001, 0.5, 3.0, 1e6]))
def test_the_unit_of_the_weights_does_not_matter(counts: list[int], unit: float) -> None:
    assert np.allclose(key_scores(counts), key_scores(np.array(counts) * unit))


@pytest.mark.parametrize("silent", [np.zeros(12), np.full(12, 3.0)])
def test_where_nothing_speaks_for_a_key_the_confidence_is_that_of_a_guess(silent: np.ndarray) -> None:
    assert not key_scores(silent).any()
    assert estimate_key(silent).confidence == pytest.approx(1 / 24)


@pytest.mark.parametrize("wrong", [np.zeros(11), [[1.0] * 12], [-1.0] + [1.0] * 11, [float("nan")] + [1.0] * 11])
def test_what_is_no_histogram_is_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="histogram"):
        key_scores(wrong)


def test_a_histogram_counts_or_weighs() -> None:
    assert pitch_class_histogram([60, 72, 67]).tolist() == [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert pitch_class_histogram([60, 72, 67], [0.5, 1.0, 2.0])[[0, 7]].tolist() == [1.5, 2.0]
    assert pitch_class_histogram([]).sum() == 0


def _tune(root: int, scale: str) -> np.ndarray:
    """Every note of the scale once, those of its tonic triad more often."""
    counts = np.zeros(12)
    counts[sorted(scale_classes(root, scale))] = 1
    third = 4 if 4 in SCALES[scale] else 3
    counts[[root, (root + third) % 12, (root + 7) % 12]] += (4, 2, 2)
    return counts


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("scale", ["major", "minor", "dorian", "mixolydian", "blues", "phrygian_dominant"])
def test_a_tune_that_needs_its_scale_gets_it(scale: str, root: int) -> None:
    estimate = estimate_scale(_tune(root, scale))
    assert (estimate.root, estimate.scale, estimate.coverage) == (root, scale, 1.0)


def test_one_passing_note_does_not_make_another_scale() -> None:
    counts = _tune(0, "minor") * 4
    counts[1] = 1  # D flat once in 61
    assert estimate_scale(counts).scale == "minor"


@pytest.mark.parametrize("scale", ["pentatonic_minor", "pentatonic_major", "hirajoshi"])
def test_few_notes_within_major_or_minor_are_called_by_those(scale: str) -> None:
    assert estimate_scale(_tune(4, scale)).scale in ("major", "minor")


@given(HISTOGRAMS)
def test_coverage_is_the_share_in_the_named_scale(counts: list[int]) -> None:
    estimate = estimate_scale(counts)
    inside = sum(counts[pitch_class] for pitch_class in scale_classes(estimate.root, estimate.scale))
    assert estimate.scale in SCALES
    assert estimate.coverage == pytest.approx(inside / sum(counts))


def test_silence_is_covered_by_c_major() -> None:
    estimate = estimate_scale(np.zeros(12))
    assert (estimate.root, estimate.scale, estimate.coverage) == (0, "major", 1.0)


def test_global_keys_of_mozart_as_experts_hear_them(shared: Path) -> None:
    folder = shared / "truth" / "mozart_sonatas"
    if not folder.is_dir():
        pytest.skip(f"no annotations in {folder}: set BOUMB_TEST_DATA to the folder that holds truth/")
    verdicts: Counter[bool] = Counter()
    for file in sorted((folder / "notes").glob("*.gz")):
        with gzip.open(file, "rt") as notes, gzip.open(folder / "harmony" / file.name, "rt") as harmony:
            rows = list(csv.DictReader(notes, delimiter="\t"))
            truth = next(csv.DictReader(harmony, delimiter="\t"))
        histogram = pitch_class_histogram(
            [int(row["midi"]) for row in rows], [float(row["dur_qb"] or 0) for row in rows]
        )
        found = estimate_key(histogram)
        verdicts[(found.root, found.mode == "minor") == (int(truth["global_pc"]), truth["global_minor"] == "1")] += 1
    assert verdicts[True] >= 53 and verdicts.total() == 54
