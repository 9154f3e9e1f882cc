from itertools import pairwise, product
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.theory.decoding import best_path, best_path_of_equal_changes

SEEDS = st.integers(0, 2**32 - 1)


def total(path: Any, evidence: np.ndarray, change: np.ndarray) -> float:
    spoken = sum(evidence[row, state] for row, state in enumerate(path))
    return float(spoken - sum(change[before, state] for before, state in pairwise(path)))


def best_by_trying(evidence: np.ndarray, change: np.ndarray) -> float:
    rows, states = evidence.shape
    return max(total(path, evidence, change) for path in product(range(states), repeat=rows))


@settings(deadline=None)  # the first example compiles
@given(SEEDS, st.integers(1, 6), st.integers(1, 4), st.sampled_from([0.0, 0.3, 2.0]), st.booleans())
def test_no_path_is_better(seed: int, rows: int, states: int, cost: float, staying_costs: bool) -> None:
    random = np.random.default_rng(seed)
    evidence, change = random.normal(size=(rows, states)), cost * random.uniform(0, 1, (states, states))
    if not staying_costs:
        np.fill_diagonal(change, 0.0)
    path = best_path(evidence, change)
    assert path.shape == (rows,) and path.min() >= 0 and path.max() < states
    assert np.isclose(total(path.tolist(), evidence, change), best_by_trying(evidence, change))


@settings(deadline=None)  # the first example compiles
@given(SEEDS, st.integers(1, 60), st.integers(1, 96), st.sampled_from([0.0, 0.5, 1.5]))
def test_equal_changes_are_a_case_of_any_changes(seed: int, rows: int, states: int, cost: float) -> None:
    evidence = np.random.default_rng(seed).normal(size=(rows, states))
    change = cost * (1 - np.eye(states))
    quick, plain = best_path_of_equal_changes(evidence, cost), best_path(evidence, change)
    assert np.isclose(total(quick.tolist(), evidence, change), total(plain.tolist(), evidence, change))


def test_a_dear_change_is_not_made() -> None:
    evidence = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    assert best_path_of_equal_changes(evidence, 0.6).tolist() == [0, 0, 0]
    assert best_path_of_equal_changes(evidence, 0.4).tolist() == [0, 1, 0]
