"""The best path through a chain of hidden states (Viterbi, IEEE Transactions on Information Theory 13, 1967), compiled.

Two forms: any cost for each pair of states, and one cost for every change, which takes time linear in the states.
"""

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]


@compiled
def best_path(evidence: Floats, change: Floats) -> npt.NDArray[np.int64]:
    """The states (n,) of the greatest total of ``evidence`` (n, k) less ``change`` (k, k), from row to column.

    k is at most 127, n at least 1. Where paths are equal it is always the same one of them.
    """
    count, states = evidence.shape
    came_from = np.empty((count, states), dtype=np.int8)
    score = evidence[0].copy()
    best, source = np.empty(states), np.empty(states)
    cheapest = _cheapest_change(change)
    for row in range(1, count):
        first = np.argmax(score)
        lowest = np.inf
        for state in range(states):
            stayed, moved = score[state] - change[state, state], score[first] - change[first, state]
            better = moved >= stayed
            best[state] = moved if better else stayed
            source[state] = first if better else state
            lowest = min(lowest, best[state])
        for before in range(states):
            if before == first or score[before] - cheapest <= lowest:
                continue  # no state is reached better from here
            for state in range(states):
                moved = score[before] - change[before, state]
                better = moved > best[state]
                best[state] = moved if better else best[state]
                source[state] = before if better else source[state]
        for state in range(states):
            score[state] = best[state] + evidence[row, state]
            came_from[row, state] = source[state]
    return _traced(score, came_from)


@compiled
def best_path_of_equal_changes(evidence: Floats, change: float) -> npt.NDArray[np.int64]:
    """As `best_path`, where staying costs nothing and every change costs ``change`` >= 0; of equal paths one that
    changes late, so that where there is no evidence what was goes on."""
    count, states = evidence.shape
    came_from = np.empty((count, states), dtype=np.int8)
    score = evidence[0].copy()
    for row in range(1, count):
        highest = 0
        for state in range(1, states):
            if score[state] > score[highest]:
                highest = state
        moved = score[highest] - change
        for state in range(states):
            stays = score[state] > moved
            came_from[row, state] = state if stays else highest
            score[state] = (score[state] if stays else moved) + evidence[row, state]
    return _traced(score, came_from)


@compiled
def _cheapest_change(change: Floats) -> float:
    cheapest = np.inf
    for before in range(change.shape[0]):
        for state in range(change.shape[0]):
            if before != state:
                cheapest = min(cheapest, change[before, state])
    return cheapest


@compiled
def _traced(score: Floats, came_from: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    count = came_from.shape[0]
    path = np.empty(count, dtype=np.int64)
    path[count - 1] = np.argmax(score)
    for row in range(count - 1, 0, -1):
        path[row - 1] = came_from[row, path[row]]
    return path
