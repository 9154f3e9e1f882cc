"""Which part of a file is barred steadily, and in which metre of the contract."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.music_structure import TIME_SIGNATURES
from boumb_assets.corpus.piece import metre_quarters
from boumb_assets.corpus.structures.stretches import Stretch, steady_stretches

PPQ = 480


def facts(*bars: tuple[str, float], pickup: float = 0.0) -> tuple[dict[str, Any], float]:
    """A file's facts with these metres for so many quarters each, and its length."""
    stated, now = [], 0.0
    for metre, quarters in bars:
        numerator, denominator = (int(part) for part in metre.split("/"))
        stated.append({"tick": round(now * PPQ), "numerator": numerator, "denominator": denominator})
        now += quarters
    return {"ppq": PPQ, "metre_map": stated, "pickup_steps": round(pickup * 4)}, now


def first(*bars: tuple[str, float], pickup: float = 0.0) -> Stretch:
    return steady_stretches(*facts(*bars, pickup=pickup))[0]


def test_a_file_in_one_metre_is_one_stretch_also_in_halves_and_from_the_middle() -> None:
    found = steady_stretches(*facts(("4/4", 40)))
    assert [(one.metre, len(one.numbers), one.offset) for one in found] == [
        ("4/4", 10, 0),
        ("2/4", 20, 0),
        ("4/4", 10, 2),
    ]
    assert found[0].numbers == tuple(range(1, 11))
    assert found[1].numbers == tuple(bar for bar in range(1, 11) for _ in range(2))


def test_a_pickup_is_bar_0_and_a_last_bar_may_be_short_by_it() -> None:
    found = first(("1/8", 0.5), ("6/8", 30), ("5/8", 2.5), pickup=0.5)
    assert (found.begin, found.end, found.pickup, found.numbers[0], len(found.numbers)) == (0.5, 33, 0.5, 1, 11)


def test_a_bar_that_a_repeat_sign_divides_stays_a_bar() -> None:
    found = first(("3/4", 30), ("2/4", 2), ("1/4", 1), ("3/4", 30))
    assert (found.metre, found.begin, found.end, found.numbers) == ("3/4", 0, 63, tuple(range(1, 22)))


def test_the_longest_of_several_is_taken_and_its_bars_are_counted_from_the_start() -> None:
    found = first(("3/4", 12), ("2/4", 20), ("3/4", 33))
    assert (found.begin, found.end, found.numbers[0], found.numbers[-1]) == (32, 65, 15, 25)


def test_a_short_bar_between_leaves_a_piece_that_halves_can_bar() -> None:
    found = steady_stretches(*facts(("4/4", 24), ("2/4", 2), ("4/4", 16)))
    assert [(one.metre, one.end - one.begin) for one in found[:2]] == [("4/4", 24), ("2/4", 42)]


@pytest.mark.parametrize(
    ("written", "metre", "scale"),
    [("3/8", "3/4", 2.0), ("3/2", "3/4", 0.5), ("12/8", "6/8", 1.0), ("6/16", "6/8", 2.0), ("2/2", "2/2", 1.0)],
)
def test_what_the_contract_lacks_is_written_anew(written: str, metre: str, scale: float) -> None:
    found = first((written, 4 * metre_quarters(written)))
    assert (found.metre, found.scale, found.written) == (metre, scale, written)
    assert metre_quarters(metre) * len(found.numbers) == (found.end - found.begin) * scale


def test_a_file_without_end_is_cut() -> None:
    found = first(("4/4", 1e9))
    assert (found.begin, found.end, len(found.numbers)) == (0, 4000, 1000)


def test_what_no_notation_says_gives_nothing() -> None:
    assert steady_stretches(*facts(("5/4", 50))) == []
    assert steady_stretches({"ppq": PPQ, "metre_map": [], "pickup_steps": None}, 12.0) == []


bar = st.tuples(
    st.tuples(st.integers(0, 15), st.sampled_from([1, 2, 4, 8, 16, 32])).map(lambda one: f"{one[0]}/{one[1]}"),
    st.integers(0, 400).map(lambda eighths: eighths / 8),
)


@given(st.lists(bar, max_size=12), st.integers(0, 6))
def test_whatever_the_metres_a_stretch_lies_in_its_file_on_its_own_grid(
    bars: list[tuple[str, float]], steps: int
) -> None:
    told, end = facts(*bars, pickup=steps / 4)
    found = steady_stretches(told, end)
    for one in found:
        measure = metre_quarters(one.metre) / one.scale
        assert one.metre in TIME_SIGNATURES
        assert 0 <= one.begin <= one.end <= end + measure
        assert list(one.numbers) == sorted(one.numbers)
        assert 0 <= one.begin + len(one.numbers) * measure - one.end < measure + one.offset + 1e-6
    whole = [one for one in found if not one.offset]
    assert len({(one.metre, one.scale) for one in whole}) == len(whole)
