"""What is asked: held-out works alone, each once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.evaluation.items import ITEMS, draw, held_of
from boumb_assets_tests.evaluation.loops import sequence

CONTRACTS = ("boumb-sequence", "drum-pattern")


def row(number: int, split: str = "test", contract: str = "boumb-sequence", **other: Any) -> dict[str, Any]:
    known = {"row_id": f"{number:016x}", "split": split, "contract": contract, "kind": "two-word"}
    return known | {"loop_id": f"loop{number}", "prompt": f"Basse {number}"} | other


def test_test_rows_come_before_validation_rows() -> None:
    rows = [row(1, "train"), row(2, "validation"), row(3)]
    assert draw(rows, CONTRACTS) == ("test", [f"{3:016x}"])
    assert draw(rows[:2], CONTRACTS) == ("validation", [f"{2:016x}"])


def test_what_was_trained_on_is_never_asked() -> None:
    assert draw([row(1, "train"), row(2, "train")], CONTRACTS) == ("", [])


def test_the_contracts_take_turns() -> None:
    rows = [row(number) for number in range(50)] + [row(100 + number, contract="drum-pattern") for number in range(3)]
    _, ids = draw(rows, CONTRACTS)
    assert len(ids) == ITEMS
    assert sum(int(name, 16) >= 100 for name in ids[:6]) == 3


def test_other_contracts_and_the_app_s_own_messages_are_passed_over() -> None:
    rows = [row(1, contract="music-structure"), row(2, kind="app-message"), row(4, kind="user"), row(3)]
    assert draw(rows, CONTRACTS)[1] == [f"{3:016x}"]


def test_no_loop_and_no_prompt_comes_twice() -> None:
    assert len(draw([row(1, loop_id="a"), row(2, loop_id="a")], CONTRACTS)[1]) == 1
    assert len(draw([row(1, prompt="Basse"), row(2, prompt="Basse")], CONTRACTS)[1]) == 1


@given(st.permutations(range(20)))
def test_the_draw_does_not_depend_on_the_order(order: list[int]) -> None:
    assert draw([row(number) for number in order], CONTRACTS) == draw([row(number) for number in range(20)], CONTRACTS)


def test_a_request_says_what_the_prompt_says_and_what_the_track_is() -> None:
    details = {
        "contract": "boumb-sequence", "prompt": "Une ligne en ré mineur", "language": "fr", "kind": "sentence",
        "role": "bass", "transposition": 2, "content": sequence((0, 36, 4)), "bars": 4, "request": None,
    }  # fmt: skip
    held = held_of(details)
    assert held is not None
    request = held.item.request
    assert (request.role, request.bars, request.root, request.scale) == ("bass", 4, 2, "minor")
    assert held.answer == sequence((0, 38, 4))
    assert held_of(details | {"content": None}) is None
    unsaid = held_of(details | {"prompt": "Basse sombre"})
    assert unsaid is not None and unsaid.item.request.root is None
