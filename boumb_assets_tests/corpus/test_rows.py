"""Rows: what a loop's prompt says is true of the answer beside it, and what gives no row is told."""

import json
import re
from collections import Counter

import pyarrow as pa
import pytest

from boumb_assets.contracts.registry import contract
from boumb_assets.contracts.system_prompts import PromptForm, system_prompt
from boumb_assets.corpus.answer_length import fragment_tokens
from boumb_assets.corpus.rows import ASKED, USER, LeftOut, RowSettings, TrainingRow, training_rows
from boumb_assets.corpus.structures import derive_structures
from boumb_assets.prompts.reader import read_request
from boumb_assets_tests.corpus.mixes import bass, drums, loop, mix, no_structures
from boumb_assets_tests.corpus.pieces import hymn, tables


def _rows(table: pa.Table, structures: pa.Table | None = None, **settings: object) -> list[TrainingRow | LeftOut]:
    made = training_rows(table, no_structures() if structures is None else structures, RowSettings(**settings))  # type: ignore[arg-type]
    return list(made)


def _kept(rows: list[TrainingRow | LeftOut]) -> list[TrainingRow]:
    return [row for row in rows if isinstance(row, TrainingRow)]


def test_each_row_is_a_conversation_that_ends_with_its_loop() -> None:
    rows = _kept(_rows(mix(*(loop(number) for number in range(12))), prompts_per_loop=3))
    assert len(rows) == 36
    assert len({row.row_id for row in rows}) == 36
    for row in rows:
        roles = [message["role"] for message in row.messages]
        assert roles in (["user", "assistant"], ["system", "user", "assistant"])
        assert row.messages[-2]["content"] == row.prompt
        number = int(row.loop_id.removeprefix("loop"))
        assert row.messages[-1]["content"] == (drums if row.contract == "drum-pattern" else bass)(number)
        assert "Do not say this" not in json.dumps(row.messages)
        assert (row.rights, row.role) == ("attribution", "drums" if number % 2 else "bass")


def test_a_transposed_loop_is_asked_for_in_its_new_key() -> None:
    rows = _kept(_rows(mix(loop(0, transpose=2), loop(2, transpose=-3)), prompts_per_loop=8))
    asked = Counter(root for row in rows if (root := read_request(row.prompt).root) is not None)
    assert set(asked) == {2, 9}
    assert {row.transposition for row in rows} == {2, -3}
    assert json.loads(rows[0].messages[-1]["content"])["sequence"][0]["note"] == "D2"


def test_the_studios_message_comes_with_the_studios_system_message_and_pitches_that_allow_the_answer() -> None:
    rows = _kept(_rows(mix(*(loop(number) for number in range(0, 40, 2))), prompts_per_loop=4))
    of_app = [row for row in rows if row.kind == "app-message"]
    assert of_app
    for row in of_app:
        assert row.system == "app"
        listed = re.search(r"\[([A-G#0-8, ]+)\]", row.messages[0]["content"])
        assert listed is not None
        notes = {note["note"] for note in json.loads(row.messages[-1]["content"])["sequence"]}
        assert notes <= set(listed[1].split(", "))
    assert {row.system for row in rows} == {"none", "line", "app"}
    none: PromptForm = "none"
    assert system_prompt("boumb-sequence", none, "fr") is None
    assert all(len(row.messages) == 2 for row in rows if row.system == "none")


def test_a_loop_that_leaves_its_scale_gets_no_list_of_pitches() -> None:
    rows = _kept(_rows(mix(loop(0, scale="hirajoshi")), prompts_per_loop=8))
    assert all("[" not in row.messages[0]["content"].split("{")[0] for row in rows if row.system == "app")


def test_what_a_user_asked_for_is_a_row_of_its_own_in_the_key_they_heard_and_never_twice() -> None:
    asked = "Could you please write a dark bass for my track?"
    rows = _kept(_rows(mix(loop(0, asked=asked), loop(2, asked=asked, transpose=2), loop(4))))
    (own,) = [row for row in rows if row.kind == USER]
    assert (own.loop_id, own.prompt, own.language, own.transposition) == ("loop0000", asked, "en", 0)
    assert [message["content"] for message in own.messages[-2:]] == [asked, bass(0)]
    assert [row.loop_id for row in rows] == ["loop0000"] * 3 + ["loop0002"] * 2 + ["loop0004"] * 2
    worded = next(row.prompt for row in rows if row.loop_id == "loop0004")
    again = _kept(_rows(mix(loop(4, asked=worded))))
    assert [row.prompt for row in again].count(worded) == 1
    assert [row.kind for row in again if row.prompt == worded] == [USER]
    french = _kept(_rows(mix(loop(0, asked="Une ligne de basse sombre, s'il te plaît"))))
    assert {row.language for row in french if row.kind == USER} == {"fr"}
    assert [row.kind for row in _rows(mix(loop(0, asked=asked)), prompts_per_loop=0)] == [USER]  # type: ignore[union-attr]


def test_what_gives_no_row_is_told() -> None:
    table = mix(
        loop(0, rights_train=False), loop(1, transpose=3), loop(2, transpose=100), loop(4, rights_train=None), loop(6)
    )
    assert [(row.loop_id, row.reason) for row in _rows(table) if isinstance(row, LeftOut)] == [
        ("loop0000", "not_cleared"), ("loop0001", "out_of_range"), ("loop0002", "out_of_range"),
        ("loop0004", "not_cleared"),
    ]  # fmt: skip
    long = _rows(mix(loop(0)), max_answer_tokens=19)
    assert long == [LeftOut("loop0000", "answer_too_long")]
    assert _rows(mix(loop(0)), count_tokens=lambda text: 951) == long
    assert len(_kept(_rows(mix(loop(0)), max_answer_tokens=21))) == 2


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    table = mix(*(loop(number) for number in range(6)))
    assert _rows(table) == _rows(table)
    assert [row.prompt for row in _kept(_rows(table))] != [row.prompt for row in _kept(_rows(table, seed=1))]


@pytest.mark.parametrize("known", [False, True])
def test_structures_are_asked_for_in_three_ways_and_stay_on_the_side_of_their_loops(known: bool) -> None:
    made = derive_structures(*tables(hymn())).table
    structures = made.append_column("rights_train", [[True]]).append_column("rights", [["attribution"]])
    loops = mix(*([loop(0, sha256="hymn.mid", split="test", work_group="psalms")] if known else []))
    rows = [row for row in _kept(_rows(loops, structures, prompts_per_loop=3)) if row.contract == "music-structure"]
    assert [row.kind for row in rows] == list(ASKED)
    assert "Section plan you MUST follow" in rows[0].prompt and "Section plan" not in rows[1].prompt
    assert "C major" in rows[1].prompt and "C major" not in rows[2].prompt
    assert {row.messages[-1]["content"] for row in rows} == set(made["content"].to_pylist())
    if known:
        assert {(row.split, row.work_group) for row in rows} == {("test", "psalms")}
    refused = made.append_column("rights_train", [[False]]).append_column("rights", [[""]])
    assert [row.reason for row in _rows(mix(), refused) if isinstance(row, LeftOut)] == ["not_cleared"]


def test_the_bound_on_tokens_is_four_a_note() -> None:
    text = bass(2)
    assert fragment_tokens("boumb-sequence", text) == 4 * text.count('"note"') + 1
    assert fragment_tokens("boumb-sequence", "é") == 2
    assert fragment_tokens("music-structure", contract("music-structure").vocabulary()[0]) == 1
