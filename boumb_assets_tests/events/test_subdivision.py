import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.bars import beat_quarters, positions
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.subdivision import DIVISIONS, GRID, Subdivided, subdivide
from boumb_assets_tests.events.smf import Played, written

PATTERNS = {
    4: ([0, 0.25, 0.5, 0.75], [0, 0.25, 0.5], [0, 0.75]),
    8: ([0, 0.125, 0.25, 0.5], [index / 8 for index in range(8)]),
    3: ([0, 1 / 3, 2 / 3], [0, 1 / 3], [1 / 3, 2 / 3]),
    6: ([index / 6 for index in range(6)], [0, 1 / 6, 1 / 3, 1 / 2]),
}


def repeated(pattern: list[float], beats: int = 16, spread: float = 0.0) -> np.ndarray:
    onsets = np.concatenate([np.array(pattern) + beat for beat in range(beats)])
    return np.sort(np.maximum(onsets + np.random.default_rng(1).normal(0, spread, onsets.size) * (spread > 0), 0))


def divided(onsets: np.ndarray, swing: float = 1.0) -> Subdivided:
    return subdivide(onsets, np.zeros(1), np.ones(1), swing)


@pytest.mark.parametrize("spread", [0.0, 0.015])
@pytest.mark.parametrize("division", PATTERNS)
def test_each_division_is_found(division: int, spread: float) -> None:
    for pattern in PATTERNS[division]:
        found = divided(repeated(pattern, spread=spread))
        assert np.mean(found.division == division) > (0.85 if spread else 0.999), pattern
        assert found.ternary == pytest.approx(float(division in (3, 6)), abs=0.15)


def test_what_fits_two_and_three_is_binary_or_goes_with_its_neighbours() -> None:
    assert set(divided(repeated([0])).division.tolist()) == {4}
    triplets = repeated([0, 1 / 3, 2 / 3], 8)
    mixed = np.concatenate([triplets, [8.0, 9.0], triplets + 10])
    assert set(divided(mixed).division.tolist()) == {3}


def test_a_beat_of_triplets_among_sixteenths_is_one() -> None:
    sixteenths = repeated([0, 0.25, 0.5, 0.75], 4)
    found = divided(np.concatenate([sixteenths, 4 + np.arange(3) / 3, sixteenths + 5]))
    assert found.division.tolist() == [4] * 16 + [3] * 3 + [4] * 16
    assert found.point[16:19].tolist() == [96, 104, 112] and found.error == pytest.approx(0)
    assert found.ternary == pytest.approx(1 / 9)


def test_swung_eighths_are_eighths_on_a_bent_grid() -> None:
    found = divided(repeated([0, 2 / 3]), swing=2.0)
    assert set(found.division.tolist()) == {4} and found.error == pytest.approx(0)
    assert (found.point % GRID).tolist() == [0, 12] * 16
    assert set(divided(repeated([0, 2 / 3])).division.tolist()) == {3}


def test_an_onset_a_little_early_belongs_to_the_beat_it_means() -> None:
    found = divided(np.array([0.0, 0.97, 1.98, 2.5]))
    assert found.point.tolist() == [0, 24, 48, 60]


def test_compound_beats_are_three_eighths_long_and_counted_from_their_metre() -> None:
    notes = [Played(240 + 120 * index, 60, 60, 64) for index in range(48)]
    parsed = parse_midi(written([Played(0, 60, 60, 64), *notes], metres=[(0, 1, 8), (240, 6, 8)]))
    assert beat_quarters(parsed.metres).tolist() == [1.0, 1.5]
    placed = positions(parsed)
    assert set(placed.subdivision.tolist()) == {4} and placed.swing is None
    assert placed.onset_grid.tolist() == [0, *(12 + 6 * index for index in range(48))]


@settings(deadline=None)  # the first call compiles
@given(
    st.lists(st.floats(0, 50), min_size=1, max_size=60),
    st.lists(st.tuples(st.floats(0.1, 9), st.sampled_from([1.0, 1.5, 0.75])), min_size=1, max_size=4),
    st.floats(1, 2.6),
)
def test_points_are_near_their_onsets_and_on_the_grid(
    onsets: list[float], metres: list[tuple[float, float]], swing: float
) -> None:
    onset = np.sort(np.array(onsets))
    start = np.cumsum([0.0, *(length for length, _ in metres[1:])])
    found = subdivide(onset, start, np.array([beat for _, beat in metres]), swing)
    assert set(found.division.tolist()) <= set(DIVISIONS)
    # Half a step of the coarsest division, how far swing bends the grid at most, and the rounding to 24ths.
    assert (np.abs(found.point / GRID - onset) <= 1 / 6 + 0.23 + 1 / GRID).all()
    assert 0 <= found.ternary <= 1 and 0 <= found.error <= 1 / 6 + 0.01
