"""Which rows a step sees: rows of about the same length together, in an order that a seed decides."""

from collections.abc import Sequence
from typing import Final

import numpy as np

POOL: Final = 16  # batches that are sorted by length together: less padding, still well shuffled
PAD_TO: Final = 8


def by_count(lengths: Sequence[int], batch_size: int, steps: int, seed: int) -> list[list[int]]:
    """``steps`` batches of ``batch_size`` row numbers each; every row once an epoch, epochs shuffled anew.

    Fewer rows than a batch are repeated within it. Raises ValueError without rows.
    """
    if not lengths:
        raise ValueError("no rows to make batches of")
    rng = np.random.default_rng(seed)
    batches: list[list[int]] = []
    while len(batches) < steps:
        order = rng.permutation(len(lengths))
        whole = np.resize(order, -(-len(order) // batch_size) * batch_size)
        epoch: list[list[int]] = []
        for start in range(0, len(whole), batch_size * POOL):
            pool = sorted(whole[start : start + batch_size * POOL].tolist(), key=lambda row: lengths[row])
            epoch += [pool[first : first + batch_size] for first in range(0, len(pool), batch_size)]
        batches += [epoch[index] for index in rng.permutation(len(epoch))]
    return batches[:steps]


def by_tokens(lengths: Sequence[int], tokens: int, steps: int, seed: int) -> list[list[int]]:
    """``steps`` batches of at most ``tokens`` tokens each, padding counted; a longer row is a batch of its own.

    Every row once an epoch. Raises ValueError without rows.
    """
    if not lengths:
        raise ValueError("no rows to make batches of")
    rng = np.random.default_rng(seed)
    batches: list[list[int]] = []
    while len(batches) < steps:
        order = rng.permutation(len(lengths)).tolist()
        epoch: list[list[int]] = []
        batch: list[int] = []
        for row in sorted(order, key=lambda row: -padded(lengths[row])):  # stable: equal lengths stay shuffled
            if batch and padded(lengths[batch[0]]) * (len(batch) + 1) > tokens:
                epoch.append(batch)
                batch = []
            batch.append(row)
        epoch.append(batch)
        batches += [epoch[index] for index in rng.permutation(len(epoch))]
    return batches[:steps]


def padded(length: int) -> int:
    """``length`` rounded up to the multiple that rows are padded to."""
    return -(-length // PAD_TO) * PAD_TO
