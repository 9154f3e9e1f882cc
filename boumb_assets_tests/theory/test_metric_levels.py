import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.metric_levels import DOWNBEAT, OFF_BEAT, metric_levels


@pytest.mark.parametrize(
    ("metre", "bar"),
    [
        ("4/4", [0, 3, 2, 3, 1, 3, 2, 3]),
        ("2/2", [0, 3, 2, 3, 1, 3, 2, 3]),
        ("2/4", [0, 3, 1, 3]),
        ("3/4", [0, 3, 2, 3, 2, 3]),
        ("6/8", [0, 3, 3, 1, 3, 3]),
        ("9/8", [0, 3, 3, 2, 3, 3, 2, 3, 3]),
        ("3/8", [0, 3, 3]),
    ],
)
def test_two_bars(metre: str, bar: list[int]) -> None:
    length = len(bar) / 2
    assert metric_levels([0.0, length], [metre] * 2, 2 * len(bar)).tolist() == bar * 2


def test_a_pickup_and_a_change_of_metre() -> None:
    found = metric_levels([-1.0, 1.0, 2.5], ["2/4", "3/8", "2/4"], 9)
    assert found.tolist() == [1, 3, 0, 3, 3, 0, 3, 1, 3]


@given(
    st.lists(st.floats(-4, 100), max_size=20).map(sorted),
    st.sampled_from(["5/4", "7/8", "1/16", "12/8", "3/2", "5/16"]),
    st.integers(1, 100),
)
def test_any_bars(begins: list[float], metre: str, count: int) -> None:
    found = metric_levels(begins, [metre] * len(begins), count)
    assert found.shape == (count,) and found.min() >= DOWNBEAT and found.max() <= OFF_BEAT
    frames = np.rint(np.array(begins) * 2).astype(int)
    assert all(found[frame] == DOWNBEAT for frame in frames if 0 <= frame < count)
