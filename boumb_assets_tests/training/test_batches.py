"""Batches: every row once an epoch, nothing beyond the budget, the same for the same seed."""

from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.training.batches import by_count, by_tokens, padded

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=60)


@given(LENGTHS, st.integers(1, 9), st.integers(1, 12), st.integers(0, 99))
def test_by_count(lengths: list[int], size: int, steps: int, seed: int) -> None:
    batches = by_count(lengths, size, steps, seed)
    assert len(batches) == steps and all(len(batch) == size for batch in batches)
    assert batches == by_count(lengths, size, steps, seed)
    whole = -(-len(lengths) // size)
    if steps >= whole:
        assert {row for batch in batches[:whole] for row in batch} == set(range(len(lengths)))
    assert by_count(lengths, size, steps + 3, seed)[:steps] == batches  # more steps go on where fewer ended


@given(LENGTHS, st.integers(64, 512), st.integers(1, 12), st.integers(0, 99))
def test_by_tokens(lengths: list[int], budget: int, steps: int, seed: int) -> None:
    batches = by_tokens(lengths, budget, steps, seed)
    assert len(batches) == steps
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(padded(lengths[row]) for row in batch) <= budget
    epoch = by_tokens(lengths, budget, len(lengths), seed)
    first = [row for batch in epoch for row in batch][: len(lengths)]
    assert sorted(first) == list(range(len(lengths)))


def test_rows_of_a_batch_are_of_about_one_length() -> None:
    lengths = [10, 200] * 64
    waste = [
        max(lengths[row] for row in batch) - min(lengths[row] for row in batch) for batch in by_count(lengths, 8, 16, 0)
    ]
    assert sum(waste) == 0
