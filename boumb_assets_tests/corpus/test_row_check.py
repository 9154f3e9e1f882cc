"""The compiled reader of rows: certain of what is written, and never of what the contract's model refuses."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.check_kernel import DRUMS, SEQUENCE, certain
from boumb_assets.corpus.row_check import contract_in, problem_of
from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.rows import loop_rows
from boumb_assets.training.keys import read_moves
from boumb_assets_tests.corpus.mixes import loop, mix

KINDS = {"boumb-sequence": SEQUENCE, "drum-pattern": DRUMS}
PIECES = ('"', "\\", "0", "1", "9", "#", "n", ",", "}", "]", "-", " ", "C", "B", "\x01", "4", "8", "é", "\\u0000", "")


def lines_of(first: int, transpose: str = "load", **changed: Any) -> list[bytes]:
    loops = [loop(number, split="train", **changed) for number in range(first, first + 40, 2)]
    rows = loop_rows(mix(*loops), RowSettings(transpose=transpose, prompts_per_loop=4))  # type: ignore[arg-type]
    return b"".join(bytes(block) for block, _ in rows.blocks).splitlines()


LINES = {"boumb-sequence": lines_of(0), "drum-pattern": lines_of(1)}


def sure_of(lines: Sequence[bytes], contract: str) -> list[bool]:
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(line) + 1 for line in lines])])
    data = np.frombuffer(b"\n".join(lines) + b"\n", np.uint8)
    return [bool(sure) for sure in certain(data, at.astype(np.int64), KINDS[contract])]


@pytest.mark.parametrize("contract", list(KINDS))
def test_it_is_certain_of_every_row_that_is_written(contract: str) -> None:
    lines = LINES[contract] + lines_of(0 if contract == "boumb-sequence" else 1, "all", asked='Do "it"\n\tnow \x01 \\')
    assert all(sure_of(lines, contract))
    assert all(problem_of(json.loads(line), contract) is None for line in lines)
    fields = [json.loads(line).get("transpose") for line in lines]
    if contract == "boumb-sequence":
        assert any(field and field["names"] for field in fields) and any(field and field["pitches"] for field in fields)


@given(st.sampled_from(list(KINDS)), st.data())
@settings(max_examples=400, deadline=None)
def test_it_is_never_certain_of_what_the_contract_refuses(contract: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(LINES[contract])).decode()
    for _ in range(data.draw(st.integers(1, 2))):
        place, length = data.draw(st.integers(0, len(text) - 1)), data.draw(st.sampled_from([0, 1, 1, 2, 60]))
        text = text[:place] + data.draw(st.sampled_from(PIECES)) + text[place + length :]
    (sure,) = sure_of([text.encode()], contract)
    try:
        problem = problem_of(json.loads(text), contract)
    except ValueError:
        problem = "no JSON"
    assert problem is None or not sure


NAMES = ["C minor", *"abcdefghijk"]
MOVES: dict[str, Any] = {"low": -1, "high": 1, "names": [[0, 0, 7, NAMES]], "pitches": [[0, 13, 15]]}


@pytest.mark.parametrize(
    "damage",
    [
        {"low": False, "high": True},
        {"low": 1},
        {"names": [[-1, 0, 7, NAMES]]},
        {"names": [[1, 0, 7, NAMES]]},
        {"names": [[0, 0, 7, NAMES], [0, 0, 7, NAMES]]},
        {"names": [[0, 0, 7, [NAMES[0], *[""] * 11]]]},
        {"names": [[0, 0, 7, [NAMES[0], *[5] * 11]]]},
        {"names": [[0, 0, 7, [NAMES[0], *["x" * 81] * 11]]]},
        {"names": [[0, 1, 7, NAMES]]},
        {"pitches": [[0, 3, 15]]},
        {"pitches": [[0, 13, 99]]},
        {"pitches": [[0, 13, 15]] * 33},
        {"more": 1},
    ],
)
def test_what_a_row_says_of_its_keys_is_held_to_what_a_trainer_follows(damage: dict[str, Any]) -> None:
    answer = '{"sequence":[{"note":"C4","time":"0:0:0","duration":"8n","velocity":0.9}]}'
    said = [{"role": "user", "content": "C minor bass C2"}, {"role": "assistant", "content": answer}]
    assert problem_of({"messages": said, "transpose": MOVES}, "boumb-sequence") is None
    assert read_moves(MOVES, said).low == -1
    assert problem_of({"messages": said, "transpose": MOVES | damage}, "boumb-sequence") is not None
    with pytest.raises(ValueError):
        read_moves(MOVES | damage, said)


@given(st.binary(max_size=80), st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_without_harm(noise: bytes, cut: int) -> None:
    clean = noise.replace(b"\n", b"")
    lines = [clean, b"", LINES["boumb-sequence"][0][:cut], LINES["boumb-sequence"][1][:cut] + clean]
    for contract in KINDS:
        assert sure_of(lines[:3], contract)[:2] == [False, False]
        assert len(sure_of(lines, contract)) == 4


def test_the_contract_is_in_the_name() -> None:
    assert contract_in("train-boumb-sequence-00.jsonl.zst") == "boumb-sequence"
    assert contract_in("validation-music-structure-101.jsonl.zst") == "music-structure"
