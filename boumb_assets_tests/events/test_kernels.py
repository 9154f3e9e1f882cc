"""The compiled loops against plain numpy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.kernels import note_seconds, place_in_bars
from boumb_assets.events.parse import TempoMap, seconds_at

NOTES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3000)), min_size=1, max_size=40).map(sorted)
TEMPOS = st.lists(st.tuples(st.integers(1, 300), st.integers(20_000, 2_000_000)), min_size=1, max_size=40)


@settings(deadline=None)  # the first call compiles
@given(NOTES, TEMPOS, st.sampled_from([24, 96, 480]))
def test_seconds_are_those_of_the_tempo_map(
    notes: list[tuple[int, int]], tempos: list[tuple[int, int]], ppq: int
) -> None:
    onset, duration = np.array(notes).T
    tick = np.cumsum([0, *(gap for gap, _ in tempos[1:])])
    microseconds = np.array([tempo for _, tempo in tempos])
    onset_s, duration_s = note_seconds(onset, duration, ppq, tick, microseconds)
    tempo_map = TempoMap(tick, microseconds, True)
    np.testing.assert_allclose(onset_s, seconds_at(onset, ppq, tempo_map), rtol=0, atol=1e-9)
    np.testing.assert_allclose(onset_s + duration_s, seconds_at(onset + duration, ppq, tempo_map), rtol=0, atol=1e-9)
    assert (duration_s >= 0).all()


METRES = st.lists(
    st.tuples(st.integers(1, 3000), st.integers(1, 13), st.sampled_from([1, 2, 4, 8, 16, 64])), min_size=1, max_size=6
)


@settings(deadline=None)  # the first call compiles
@given(NOTES, METRES, st.sampled_from([24, 96, 480]))
def test_places_are_those_found_by_search(
    notes: list[tuple[int, int]], metres: list[tuple[int, int, int]], ppq: int
) -> None:
    onset, duration = np.array(notes).T
    tick = np.cumsum([0, *(gap for gap, _, _ in metres[1:])])
    top, bottom = np.array([(top, bottom) for _, top, bottom in metres]).T
    placed = place_in_bars(onset, duration, ppq, tick, top, bottom, 0)
    exact = onset * (4 / ppq)
    nearest = np.floor(exact + 0.5)
    bar_steps = top * (16 / bottom)
    bars = np.maximum(1, np.ceil((np.diff(tick * (4 / ppq)) - 0.5) / bar_steps[:-1]))
    first = np.concatenate([[0], np.cumsum(bars)])
    start = np.floor(tick * (4 / ppq) + 0.5)
    metre = np.searchsorted(start, nearest, side="right") - 1
    inside = nearest - start[metre]
    local = np.minimum(np.floor(inside / bar_steps[metre]), np.append(bars, np.inf)[metre] - 1)
    step = np.floor(inside - local * bar_steps[metre])
    assert placed.onset_step.tolist() == nearest.tolist()
    assert placed.bar.tolist() == (first[metre] + local).tolist()
    assert placed.step.tolist() == step.tolist()
    assert placed.beat.tolist() == np.floor(step / (16 / bottom[metre])).tolist()
    np.testing.assert_allclose(placed.residual, exact - nearest, atol=1e-3)
    np.testing.assert_allclose(placed.duration_step, duration * (4 / ppq), rtol=1e-6)
