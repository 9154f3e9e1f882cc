"""How likely each state of a hidden chain is at each time, compiled."""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_UNLIKELY: Final = 1e-4  # what a state that is less likely than this goes on to is not looked at


@compiled
def state_posteriors(evidence: Floats, begin: Floats, change: Floats, moves: Floats, table: Ints) -> Floats:
    """(n, k): the probability of each state at each time, given all of the evidence; rows add up to 1.

    The forward-backward procedure (Rabiner, "A tutorial on hidden Markov models", Proceedings of the IEEE 77, 1989).
    ``evidence`` (n, k), n >= 1, finite: log likelihoods. ``begin`` (k,), above 0: what each state weighs at first.
    ``change`` (n,) in 0..1: how likely the state is left on the way to each time, and ``moves`` (m, k, k): in which
    direction then, rows of probabilities by the state before; ``table`` (n,): which of the m holds.
    """
    count, states = evidence.shape
    forward, likelihood = np.empty((count, states)), np.empty((count, states))
    for time in range(count):
        highest = evidence[time].max()
        for state in range(states):
            likelihood[time, state] = np.exp(evidence[time, state] - highest)
    for state in range(states):
        forward[0, state] = begin[state] * likelihood[0, state]
    _normalise(forward[0])
    for time in range(1, count):
        _forward(forward[time - 1], change[time], moves[table[time]], likelihood[time], forward[time])
    after, told, likely = np.ones(states), np.empty(states), np.empty(states, dtype=np.int64)
    for time in range(count - 1, 0, -1):
        for state in range(states):
            told[state] = after[state] * likelihood[time, state]
            forward[time, state] *= after[state]
        _normalise(forward[time])
        _backward(forward[time - 1], change[time], moves[table[time]], told, after, likely)
    for state in range(states):
        forward[0, state] *= after[state]
    _normalise(forward[0])
    return forward


@compiled
def _forward(before: Floats, change: float, moves: Floats, likelihood: Floats, found: Floats) -> None:
    states = before.size
    for state in range(states):
        found[state] = (1.0 - change) * before[state]
    for source in range(states):
        if before[source] > _UNLIKELY:
            leaving = change * before[source]
            for state in range(states):
                found[state] += leaving * moves[source, state]
    for state in range(states):
        found[state] *= likelihood[state]
    _normalise(found)


@compiled
def _backward(before: Floats, change: float, moves: Floats, told: Floats, after: Floats, likely: Ints) -> None:
    states, found, highest = before.size, 0, told.max()
    for state in range(states):
        if told[state] > _UNLIKELY * highest:
            likely[found] = state
            found += 1
    for source in range(states):
        reached = 0.0
        if before[source] > _UNLIKELY:
            for place in range(found):
                reached += moves[source, likely[place]] * told[likely[place]]
        after[source] = (1.0 - change) * told[source] + change * reached
    _normalise(after)


@compiled
def _normalise(shares: Floats) -> None:
    """Makes ``shares`` (k,) add up to 1; equal where they are all 0."""
    total = 0.0
    for share in shares:
        total += share
    for place in range(shares.size):
        shares[place] = shares[place] / total if total > 0.0 else 1.0 / shares.size
