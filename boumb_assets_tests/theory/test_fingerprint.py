import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.fingerprint import loop_fingerprint

LOOPS = st.lists(st.tuples(st.integers(0, 63), st.integers(24, 96)), min_size=1, max_size=20)


def _print(notes: list[tuple[int, int]], drum: bool = False) -> str:
    return loop_fingerprint([step for step, _ in notes], [pitch for _, pitch in notes], drum=drum)


@given(LOOPS, st.integers(-12, 12))
def test_neither_key_nor_order_nor_doubles_matter(notes: list[tuple[int, int]], shift: int) -> None:
    moved = [(step, pitch + shift) for step, pitch in reversed(notes)] + [(notes[0][0], notes[0][1] + shift)]
    assert _print(moved) == _print(notes)


@given(LOOPS, st.integers(1, 12))
def test_another_drum_is_another_rhythm(notes: list[tuple[int, int]], shift: int) -> None:
    assert _print([(step, pitch + shift) for step, pitch in notes], drum=True) != _print(notes, drum=True)


@given(LOOPS, LOOPS)
def test_different_onsets_have_different_fingerprints(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    assert (_print(one, drum=True) == _print(other, drum=True)) == (set(one) == set(other))


def test_a_later_or_changed_note_is_another_loop() -> None:
    loop = [(0, 36), (4, 43)]
    assert len({_print(loop), _print([(0, 36), (5, 43)]), _print([(1, 36), (5, 43)]), _print([(0, 36), (4, 44)])}) == 4
    assert _print(loop) != _print(loop, drum=True)


def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    assert _print([(0, 36), (4, 43)]) == "5e4fcc49ff74af9f"
    assert len(loop_fingerprint([], [])) == 16


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        loop_fingerprint([0, 4], [36])
