from math import ceil, floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.theory.pitch_windows import SILENT, lowest_pitches, window_histograms

NOTES = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 12), st.floats(0, 12)),
        st.one_of(st.integers(0, 12), st.floats(0, 12)),
        st.integers(0, 127),
        st.booleans(),
    ),
    max_size=20,
)
Notes = list[tuple[float, float, int, bool]]


def arrays(notes: Notes) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([note[0] for note in notes], dtype=np.float64),
        np.array([note[1] for note in notes], dtype=np.float64),
        np.array([note[2] for note in notes], dtype=np.uint8),
        np.array([note[3] for note in notes], dtype=np.bool_),
    )


def overlap(note: tuple[float, float, int, bool], window: int, width: float) -> float:
    begin, length, _, left_out = note
    return 0.0 if left_out else max(0.0, min((begin + length) / width, window + 1) - max(begin / width, window))


@settings(deadline=None)  # the first example compiles
@given(NOTES, st.integers(1, 30), st.sampled_from([0.5, 1.0, 2.0]))
def test_a_histogram_is_the_overlap_with_each_window(notes: Notes, count: int, width: float) -> None:
    expected = np.zeros((count, 12))
    for note in notes:
        for window in range(count):
            expected[window, note[2] % 12] += overlap(note, window, width)
    assert np.allclose(window_histograms(*arrays(notes), count, width), expected)


@settings(deadline=None)  # the first example compiles
@given(NOTES, st.integers(1, 30), st.sampled_from([0.5, 1.0, 2.0]))
def test_the_lowest_pitch_is_that_of_the_notes_that_reach_into_a_window(notes: Notes, count: int, width: float) -> None:
    expected = np.full(count, SILENT)
    for begin, length, pitch, left_out in notes:
        first, end = begin / width, (begin + length) / width
        if not left_out and first < end:
            for window in range(floor(first), min(ceil(end), count)):
                expected[window] = min(expected[window], pitch)
    assert lowest_pitches(*arrays(notes), count, width).tolist() == expected.tolist()


def test_long_notes_take_no_time() -> None:
    count = 20_000
    onset, duration = np.zeros(count), np.full(count, float(count))
    pitch, left_out = np.full(count, 60, dtype=np.uint8), np.zeros(count, dtype=np.bool_)
    assert (lowest_pitches(onset, duration, pitch, left_out, count, 1.0) == 60).all()
    assert (window_histograms(onset, duration, pitch, left_out, count, 1.0)[:, 0] == count).all()
