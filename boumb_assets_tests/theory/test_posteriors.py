from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.theory.posteriors import state_posteriors

SEEDS = st.integers(0, 2**32 - 1)


@settings(deadline=None)  # the first example compiles
@given(SEEDS, st.integers(1, 5), st.integers(1, 4))
def test_the_sum_over_all_paths(seed: int, count: int, states: int) -> None:
    random = np.random.default_rng(seed)
    evidence, begin = random.normal(size=(count, states)), random.uniform(0.1, 1, states)
    change, table = random.uniform(0, 1, count), random.integers(0, 2, count)
    moves = random.uniform(0, 1, (2, states, states))
    moves /= moves.sum(axis=2, keepdims=True)
    expected = np.zeros((count, states))
    for path in product(range(states), repeat=count):
        weight = begin[path[0]] * np.exp(sum(evidence[time, state] for time, state in enumerate(path)))
        for time, (before, state) in enumerate(pairwise(path), start=1):
            stays = (1 - change[time]) * (before == state)
            weight *= stays + change[time] * moves[table[time], before, state]
        expected[np.arange(count), path] += weight
    expected /= expected.sum(axis=1, keepdims=True)
    assert state_posteriors(evidence, begin, change, moves, table) == pytest.approx(expected, abs=2e-3)


def test_what_cannot_be_left_is_not_left() -> None:
    evidence = np.array([[1000.0, 0.0], [0.0, 1000.0], [0.0, 1.0]])
    moves = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    found = state_posteriors(evidence, np.ones(2), np.zeros(3), moves, np.zeros(3, dtype=np.int64))
    assert np.isfinite(found).all() and found.sum(axis=1) == pytest.approx(1.0)
