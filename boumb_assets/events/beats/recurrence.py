"""The loop of a gated recurrent unit."""

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float32]


@compiled
def gated_recurrence(given: Floats, weight: Floats, bias: Floats) -> Floats:
    """The states (k, h) of a unit that starts from zero.

    given (k, 3h): what the input adds to reset gate, update gate and candidate. weight (h, 3h), bias (3h,): what the
    state before adds.
    """
    count, size = given.shape[0], weight.shape[0]
    states = np.empty((count, size), np.float32)
    state = np.zeros(size, np.float32)
    added = np.empty(3 * size, np.float32)
    for t in range(count):
        added[:] = bias
        for i in range(size):
            value = state[i]
            for j in range(3 * size):
                added[j] += value * weight[i, j]
        for j in range(size):
            reset = 1 / (1 + np.exp(-(given[t, j] + added[j])))
            update = 1 / (1 + np.exp(-(given[t, size + j] + added[size + j])))
            candidate = np.tanh(given[t, 2 * size + j] + reset * added[2 * size + j])
            state[j] = (1 - update) * candidate + update * state[j]
        states[t] = state
    return states
