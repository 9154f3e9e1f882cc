"""Rows: what is asked, in which keys, and what gives no row."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.registry import contract
from boumb_assets.contracts.transpose import pitches_of, transpose_content
from boumb_assets.corpus.answer_length import answer_tokens, fragment_tokens
from boumb_assets.corpus.row_settings import ASKED, USER, RowSettings
from boumb_assets.corpus.rows import loop_rows
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.corpus.structure_rows import structure_rows
from boumb_assets.corpus.structures.deriving import derive_structures
from boumb_assets.corpus.system_messages import FORMS, system_messages
from boumb_assets.prompts.reader import read_request
from boumb_assets_tests.corpus.mixes import bass, drums, loop, mix
from boumb_assets_tests.corpus.pieces import hymn, tables


@dataclass(frozen=True)
class Row:
    """A row with where it comes from."""

    said: dict[str, str]
    origin: dict[str, Any]
    moves: dict[str, Any] | None


def rows_of(*loops: dict[str, Any], **wanted: Any) -> list[Row]:
    """The rows of loops of one contract, each checked to be a line as JSON's own writer writes it."""
    made = loop_rows(mix(*loops), RowSettings(**wanted))
    blocks = [(bytes(block), count) for block, count in made.blocks]
    assert [count for _, count in blocks] == [block.count(b"\n") for block, _ in blocks]
    lines = b"".join(block for block, _ in blocks).split(b"\n")
    assert lines.pop() == b""
    read = [json.loads(line) for line in lines]
    assert [json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() for row in read] == lines
    origins = made.origins.to_pylist()
    return [
        Row({message["role"]: message["content"] for message in row["messages"]}, origin, row.get("transpose"))
        for row, origin in zip(read, origins, strict=True)
    ]


def left_out(*loops: dict[str, Any], **wanted: Any) -> dict[str, int]:
    return dict(loop_rows(mix(*loops), RowSettings(**wanted)).left_out)


@pytest.mark.parametrize("first", [0, 1])
def test_each_row_is_a_conversation_that_ends_with_its_loop(first: int) -> None:
    rows = rows_of(*(loop(number, split="train") for number in range(first, 24, 2)), prompts_per_loop=3)
    assert len(rows) == 36
    assert len({row.origin["row_id"] for row in rows}) == 36
    for row in rows:
        number = int(row.origin["loop_id"].removeprefix("loop"))
        assert list(row.said) in (["user", "assistant"], ["system", "user", "assistant"])
        assert (row.said["user"], "system" in row.said) == (row.origin["prompt"], row.origin["system"] != "none")
        assert row.said["assistant"] == (drums if first else bass)(number)
        assert "Do not say this" not in str(row.said)
        assert (row.origin["rights"], row.origin["role"]) == ("attribution", "drums" if first else "bass")
        assert (row.moves is None) == bool(first)
    ids = [row.origin["row_id"] for row in rows]
    assert ids == sorted(ids)
    assert [row.origin["loop_id"] for row in rows] != sorted(row.origin["loop_id"] for row in rows)
    by_loop = Counter((row.origin["loop_id"], row.origin["language"]) for row in rows)
    assert set(by_loop.values()) == {1, 2}  # in turn


def test_every_key_has_prompts_of_its_own_that_ask_for_it() -> None:
    rows = rows_of(*(loop(number, split="train") for number in range(0, 20, 2)), transpose="all")
    assert Counter(row.origin["transposition"] for row in rows) == dict.fromkeys(range(-5, 7), 20)
    asked = 0
    for row in rows:
        shift, number = row.origin["transposition"], int(row.origin["loop_id"].removeprefix("loop"))
        assert row.said["assistant"] == transpose_content("boumb-sequence", bass(number), shift)
        root = read_request(row.said["user"]).root
        assert root in (None, shift % 12)
        asked += root is not None
        assert row.moves is None
    assert asked > 60
    assert len({row.origin["prompt"] for row in rows}) > 150


def test_some_keys_are_a_loops_own_and_others_that_differ_from_loop_to_loop() -> None:
    rows = rows_of(*(loop(number, split="train") for number in range(0, 60, 2)), transpose="sample", keys=3)
    shifts: dict[str, set[int]] = {}
    for row in rows:
        shifts.setdefault(row.origin["loop_id"], set()).add(row.origin["transposition"])
    assert all(len(found) == 3 and 0 in found for found in shifts.values())
    assert len({tuple(sorted(found)) for found in shifts.values()}) > 15


@pytest.mark.parametrize("transpose", ["all", "load"])
def test_what_is_held_out_stays_in_its_key(transpose: str) -> None:
    rows = rows_of(*(loop(number, split="test") for number in range(0, 8, 2)), transpose=transpose)
    assert [row.origin["transposition"] for row in rows] == [0] * 8
    assert all(row.moves is None for row in rows)


def test_a_loop_is_moved_no_further_than_a_piano_goes() -> None:
    low, beyond = (
        BoumbSequence.of([Note.on_grid(4 * step, pitch + step, 2, 0.8) for step in range(5)]).to_json()
        for pitch in (23, 14)
    )
    rows = rows_of(loop(0, content=low), loop(2, content=beyond), transpose="all", prompts_per_loop=1)
    shifts = {
        name: {row.origin["transposition"] for row in rows if row.origin["loop_id"] == name}
        for name in ("loop0000", "loop0002")
    }
    assert shifts == {"loop0000": set(range(-2, 7)), "loop0002": set(range(7))}


def test_the_studios_message_comes_with_a_list_of_pitches_that_allows_the_answer() -> None:
    rows = rows_of(*(loop(number, split="train") for number in range(0, 80, 2)), prompts_per_loop=4, transpose="sample")
    of_app = [row for row in rows if row.origin["system"] == "app"]
    assert {row.origin["system"] for row in rows if row.origin["kind"] == "app-message"} == {"app"}
    for row in of_app:
        listed = re.search(r"\[([A-G#0-8, ]+)\]", row.said["system"])
        assert listed is not None
        assert {note["note"] for note in json.loads(row.said["assistant"])["sequence"]} <= set(listed[1].split(", "))
    assert {row.origin["system"] for row in rows} == set(FORMS)
    outside = rows_of(loop(0, scale="hirajoshi"), loop(2, scale=None), prompts_per_loop=16)
    assert any(row.origin["system"] == "app" for row in outside)
    assert all("[C" not in row.said.get("system", "") for row in outside)


def test_system_messages_come_in_several_wordings_of_both_languages() -> None:
    for name in ("boumb-sequence", "drum-pattern"):
        texts = [system.text("C4, D4") for system in system_messages(name) if system is not None]
        assert len(set(texts)) == len(texts) == 16
        assert sum("C4, D4" in text for text in texts) == (8 if name == "boumb-sequence" else 0)
    rows = rows_of(*(loop(number, split="train") for number in range(0, 80, 2)), prompts_per_loop=4)
    said = Counter(row.said["system"].split("[")[0] for row in rows if "system" in row.said)
    assert len(said) == 16


def test_a_row_says_how_far_it_may_be_moved_and_what_moves_with_it() -> None:
    rows = rows_of(*(loop(number, split="train") for number in range(0, 120, 2)), prompts_per_loop=4)
    registers = 0
    for row in rows:
        assert row.moves is not None
        low, high = row.moves["low"], row.moves["high"]
        assert -5 <= low <= 0 <= high <= 6
        for shift in (low, high):
            assert transpose_content("boumb-sequence", row.said["assistant"], shift) is not None
        messages = list(row.said.values())
        for message, start, stop, names in row.moves["names"]:
            assert messages[message][start:stop] == names[0] and len(set(names)) == 12
        for message, start, stop in row.moves["pitches"]:
            assert re.fullmatch(r"[A-G]#?[0-8](, [A-G]#?[0-8])*", messages[message][start:stop])
        if any(word in row.said["user"].lower() for word in ("grave", " low", "deep")):
            registers += 1
            assert high <= 5  # (36 + 48) / 2 is 42; from 48 on it is not low any more
    assert registers > 10
    assert any(row.moves and row.moves["names"] for row in rows) and any(
        row.moves and row.moves["pitches"] for row in rows
    )


def test_what_a_user_asked_for_is_a_row_of_its_own_as_they_heard_it_and_never_twice() -> None:
    asked = 'Could you please write a "dark" bass\nfor my track?'
    rows = rows_of(loop(0, asked=asked), loop(4), transpose="all")
    (own,) = [row for row in rows if row.origin["kind"] == USER]
    assert (own.origin["loop_id"], own.said["user"], own.origin["language"]) == ("loop0000", asked, "en")
    assert (own.said["assistant"], own.origin["transposition"], own.moves) == (bass(0), 0, None)
    assert Counter(row.origin["loop_id"] for row in rows) == {"loop0000": 25, "loop0004": 24}
    (moved,) = [row for row in rows_of(loop(0, asked=asked)) if row.origin["kind"] == USER]
    assert moved.moves is None
    worded = next(row.said["user"] for row in rows_of(loop(4)))
    again = [row for row in rows_of(loop(4, asked=worded)) if row.said["user"] == worded]
    assert [row.origin["kind"] for row in again] == [USER]
    french = rows_of(loop(0, asked="Une ligne de basse sombre, s'il te plaît"))
    assert {row.origin["language"] for row in french if row.origin["kind"] == USER} == {"fr"}
    assert [row.origin["kind"] for row in rows_of(loop(0, asked=asked), prompts_per_loop=0)] == [USER]


def test_what_gives_no_row_is_told() -> None:
    strange = bass(4).replace('"note":"C2"', '"note":"H2"')
    found = left_out(loop(0, rights_train=False), loop(2, rights_train=None), loop(4, content=strange), loop(6))
    assert found == {"not_cleared": 2, "not_canonical": 1}
    assert left_out(loop(0), max_answer_tokens=20) == {"answer_too_long": 1}
    assert left_out(loop(0), max_answer_tokens=21) == {}
    assert left_out(loop(0), prompts_per_loop=0) == {"no_wording": 1}
    assert rows_of(loop(0, rights_train=False)) == []


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    loops = [loop(number) for number in range(0, 12, 2)]
    assert rows_of(*loops) == rows_of(*loops)
    other = {row.origin["loop_id"]: row for row in rows_of(*loops, seed=1)}
    assert not {row.origin["row_id"] for row in other.values()} & {row.origin["row_id"] for row in rows_of(*loops)}
    alone = rows_of(loops[3])
    assert [row for row in rows_of(*loops) if row.origin["loop_id"] == "loop0006"] == alone


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@given(st.lists(st.tuples(texts, st.booleans()), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_words_stand_as_jsons_own_writer_writes_them(asked: list[tuple[str, bool]]) -> None:
    """`rows_of` compares each line with that writer's."""
    loops = [loop(2 * number, asked=text) for number, (text, _) in enumerate(asked)]
    rows = rows_of(*loops, prompts_per_loop=0)
    assert sorted(row.said["user"] for row in rows) == sorted(text for text, _ in asked)


notes = st.builds(Note.on_grid, st.integers(0, 63), st.integers(12, 119), st.integers(1, 16), st.floats(0.1, 1))


@given(st.lists(notes, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_answer_is_what_the_contracts_model_writes_of_it_in_that_key(found: list[Note]) -> None:
    content = BoumbSequence.of(found).to_json()
    rows = rows_of(loop(0, content=content, scale=None), transpose="all", prompts_per_loop=1)
    for row in rows:
        model = contract("boumb-sequence").parse(row.said["assistant"])
        assert model.to_json() == row.said["assistant"]
        moved = [pitch + row.origin["transposition"] for pitch in pitches_of("boumb-sequence", content)]
        assert pitches_of("boumb-sequence", row.said["assistant"]) == moved


def test_structures_are_asked_for_in_three_ways() -> None:
    made = derive_structures(*tables(hymn())).table
    known = made.append_column("rights_train", [[True]]).append_column("rights", [["attribution"]])
    structures = known.append_column("split", [["test"]]).append_column("work_group", [["psalms"]])
    rows = structure_rows(structures, RowSettings(prompts_per_loop=3))
    lines = [json.loads(line)["messages"] for block, _ in rows.blocks for line in bytes(block).splitlines()]
    by_kind = {
        origin["kind"]: messages[-2]["content"]
        for origin, messages in zip(rows.origins.to_pylist(), lines, strict=True)
    }
    assert set(by_kind) == set(ASKED)
    assert "Section plan you MUST follow" in by_kind["plan"] and "Section plan" not in by_kind["wishes"]
    assert "C major" in by_kind["wishes"] and "C major" not in by_kind["emotion"]
    assert {messages[-1]["content"] for messages in lines} == set(made["content"].to_pylist())
    assert {(row["split"], row["work_group"]) for row in rows.origins.to_pylist()} == {("test", "psalms")}
    refused = structures.set_column(structures.column_names.index("rights_train"), "rights_train", [[False]])
    assert structure_rows(refused, RowSettings()).left_out == {"not_cleared": 1}
    assert rows.origins.schema.equals(pa.schema([one for one in TRAINING_ROWS if one.name not in ("shard", "line")]))


def slow_tokens(name: str, content: str) -> int:
    """Leftmost, the longest first, by a regular expression."""
    longest_first = sorted(contract(name).vocabulary(), key=lambda fragment: (-len(fragment), fragment))
    pattern = re.compile("|".join(re.escape(fragment) for fragment in longest_first))
    return sum(1 for _ in pattern.finditer(content)) + len(pattern.sub("", content).encode())


@given(st.sampled_from(["boumb-sequence", "drum-pattern", "boumb-steps", "music-structure"]), st.data())
@settings(max_examples=80, deadline=None)
def test_the_bound_on_tokens_is_that_of_the_fragments(name: str, data: st.DataObject) -> None:
    piece = st.one_of(st.sampled_from(contract(name).vocabulary()), st.text(max_size=3))
    content = "".join(data.draw(st.lists(piece, max_size=8)))
    assert fragment_tokens(name, content) == slow_tokens(name, content)


def test_a_note_takes_four_tokens_and_two_dozen_pieces_without_the_fragments() -> None:
    content = bass(2)
    data = np.frombuffer(content.encode(), np.uint8)
    ((tokens, pieces),) = answer_tokens("boumb-sequence", data, np.array([0, len(data)], np.int64)).tolist()
    assert tokens == 4 * content.count('"note"') + 1
    assert pieces == len(re.findall(r"\d|[A-Za-z]+|[^A-Za-z\d]+", content))
    assert 23 <= pieces / content.count('"note"') <= 27
