import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.metre import metrical_weights


@pytest.mark.parametrize(
    ("metre", "weights"),
    [
        ((4, 4), [0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4]),
        ((3, 4), [0, -3, -2, -3, -1, -3, -2, -3, -1, -3, -2, -3]),
        ((6, 8), [0, -3, -2, -3, -2, -3, -1, -3, -2, -3, -2, -3]),
        ((5, 8), [0, -2, -1, -2, -1, -2, -1, -2, -1, -2]),
        ((4, 16), [0, -2, -1, -2]),
        ((1, 64), [0]),
    ],
)
def test_the_weights_of_a_bar(metre: tuple[int, int], weights: list[int]) -> None:
    assert metrical_weights(*metre).tolist() == weights


@given(st.integers(1, 255), st.sampled_from([1, 2, 4, 8, 16, 32, 64]))
def test_a_bar_begins_strongest_and_beats_are_stronger_than_what_lies_between(numerator: int, denominator: int) -> None:
    weights = metrical_weights(numerator, denominator)
    assert weights.size == max(1, numerator * 16 // denominator)
    assert weights[0] == 0 and (weights[1:] < 0).all()
    if denominator < 16:
        beat = 16 // denominator
        between = [weight for place, weight in enumerate(weights) if place % beat]
        assert max(between) < min(weights[::beat])
