from itertools import combinations, product

import numpy as np
import pytest

from boumb_assets.events.beats.decoding import (
    LONGEST_BEAT,
    MAX_SPAN,
    SHORTEST_BEAT,
    SILENT_START,
    best_bars,
    best_beats,
)
from boumb_assets.events.beats.network import PERIOD_CENTRES, PERIODS

COSTS = (6.0, 3.0, 1.5)  # inertia, most_change, empty_cost


def summed(values: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def value(
    time: np.ndarray, log_beat: np.ndarray, log_none: np.ndarray, periods: np.ndarray, path: list[int], spans: list[int]
) -> float:
    """What a path is worth, said plainly."""
    inertia, most_change, empty_cost = COSTS
    worth = sum(log_beat[i] if i in path else log_none[i] for i in range(time.size))
    worth -= SILENT_START * (time[path[0]] - time[0])
    worth -= SILENT_START * max(0.0, time[-1] - time[path[-1]] - 1.0)
    before = None
    for there, here, beats in zip(path[:-1], path[1:], spans[1:], strict=True):
        length = (time[here] - time[there]) / beats
        if not SHORTEST_BEAT <= length <= LONGEST_BEAT:
            return -np.inf
        heard = np.mean([np.interp(np.log(length), PERIOD_CENTRES, periods[i]) for i in range(there, here)])
        worth += beats * heard - empty_cost * (beats - 1)
        if before is not None:
            worth -= min(most_change, inertia * abs(np.log(length / before)))
        before = length
    return float(worth)


@pytest.mark.parametrize("seed", range(12))
def test_no_path_is_worth_more(seed: int) -> None:
    random = np.random.default_rng(seed)
    time = np.cumsum(random.uniform(0.1, 1.2, 6))
    log_odds = random.normal(0, 2, 6)
    log_beat, log_none = -np.logaddexp(0, -log_odds), -np.logaddexp(0, log_odds)
    periods = np.log(random.dirichlet(np.ones(PERIODS), 6))
    found, spans = best_beats(time, np.arange(6), log_beat, summed(log_none), summed(periods), *COSTS)
    best = max(
        value(time, log_beat, log_none, periods, list(path), [0, *between])
        for size in range(1, 7)
        for path in combinations(range(6), size)
        for between in product(range(1, MAX_SPAN + 1), repeat=size - 1)
    )
    assert value(time, log_beat, log_none, periods, found.tolist(), spans.tolist()) == pytest.approx(best, abs=1e-6)


def test_a_beat_without_notes_is_counted() -> None:
    time = np.array([0.0, 0.5, 1.0, 2.0, 2.5, 3.0])
    periods = np.full((6, PERIODS), -20.0)
    periods[:, np.argmin(np.abs(PERIOD_CENTRES - np.log(0.5)))] = 0.0
    certain = np.full(6, -0.01)
    path, spans = best_beats(time, np.arange(6), certain, summed(np.full(6, -4.6)), summed(periods), *COSTS)
    assert path.tolist() == list(range(6)) and spans.tolist() == [0, 1, 1, 2, 1, 1]


@pytest.mark.parametrize("metre", [2, 3, 4])
def test_bars_follow_the_downbeats_and_their_metre(metre: int) -> None:
    true = np.arange(24) % metre == metre - 1
    log_odds = np.where(true, 2.0, -2.0)
    log_odds[metre - 1 + metre] = -1.0  # one that was not heard
    metres, costs = np.array([2, 3, 4]), np.zeros(3)
    found = best_bars(-np.logaddexp(0, -log_odds), -np.logaddexp(0, log_odds), metres, costs, 8.0)
    assert found.tolist() == true.tolist()


def test_a_metre_may_change() -> None:
    true = np.array(([True, False, False] * 8) + ([True, False] * 10))
    log_odds = np.where(true, 3.0, -3.0)
    found = best_bars(-np.logaddexp(0, -log_odds), -np.logaddexp(0, log_odds), np.array([2, 3, 4]), np.zeros(3), 4.0)
    assert found.tolist() == true.tolist()
