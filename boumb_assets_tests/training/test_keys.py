"""Rows in other keys: the answer stays canonical, the words follow, and what a row says of it is checked."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.registry import contract
from boumb_assets.training.data import Row, parse_row, read_rows, sample_rows
from boumb_assets.training.keys import MAX_SPANS
from boumb_assets.training.progress import TrainingError
from boumb_assets_tests.training.rows import ENGLISH, FRENCH, lines, movable_lines, movable_row, write_shard


def read(row: dict[str, Any], in_keys: bool = True) -> Row:
    return parse_row("train-0.jsonl:1", json.dumps(row).encode(), in_keys)


@given(st.integers(0, 10_000), st.integers(-5, 6))
def test_the_answer_stays_canonical_and_the_words_follow(seed: int, semitones: int) -> None:
    row = read(movable_row(Random(seed)))
    system, user, answer = (message["content"] for message in row.moved(semitones))
    own = BoumbSequence.model_validate_json(row.messages[-1]["content"])
    there = contract("boumb-sequence").parse(answer)
    assert isinstance(there, BoumbSequence) and there.to_json() == answer
    assert [note.pitch for note in there.sequence] == [note.pitch + semitones for note in own.sequence]
    names, text = (ENGLISH, "A bass in {} minor") if user.startswith("A") else (FRENCH, "funky en {} mineur")
    assert text.format(names[semitones % 12]) in user
    used = {note.note for note in there.sequence}
    allowed = system.partition("[")[2].partition("]")[0].split(", ")
    assert len(allowed) == 4 and used <= set(allowed)
    assert row.moved(0) == row.messages


def test_c_minor_two_semitones_higher_is_d_minor_in_both_languages() -> None:
    users = {read(movable_row(Random(seed))).moved(2)[1]["content"].rsplit(",", 1)[0] for seed in range(9)}
    assert users == {"A bass in D minor, please", "Une ligne très funky en ré mineur"}


def test_spans_of_one_message_do_not_push_each_other_away() -> None:
    row = movable_row(Random(0))
    row["messages"][1]["content"] = "do, toujours do !"
    row["transpose"]["names"] = [[1, 13, 15, list(FRENCH)], [1, 0, 2, list(FRENCH)]]
    assert read(row).moved(3)[1]["content"] == "mi bémol, toujours mi bémol !"


def test_all_keys_are_seen_before_one_comes_again_in_another_order() -> None:
    rows = [read(movable_row(Random(seed))) for seed in range(20)]
    orders = [tuple(row.semitones(visit, 7) for visit in range(36)) for row in rows]
    for order in orders:
        for first in (0, 12, 24):
            assert sorted(order[first : first + 12]) == list(range(-5, 7))
        assert len({order[:12], order[12:24], order[24:]}) == 3
    assert len(set(orders)) == len(orders)
    assert len({order[0] for order in orders}) > 6
    assert orders == [tuple(row.semitones(visit, 7) for visit in range(36)) for row in rows]
    assert orders[0] != tuple(rows[0].semitones(visit, 8) for visit in range(36))


def test_the_draw_does_not_depend_on_where_a_row_lies(tmp_path: Path) -> None:
    rows = movable_lines(30)
    write_shard(tmp_path / "one" / "train-0.jsonl", rows)
    write_shard(tmp_path / "two" / "train-0.jsonl.zst", rows[15:])
    write_shard(tmp_path / "two" / "train-1.jsonl", rows[:15])

    def drawn(name: str) -> dict[str, int]:
        return {str(row.messages): row.semitones(0, 3) for row in read_rows(tmp_path / name)}

    assert drawn("one") == drawn("two")


def test_without_the_field_or_the_wish_a_row_stays_as_it_is(tmp_path: Path) -> None:
    write_shard(tmp_path / "train-0.jsonl", [*lines(3), *movable_lines(3)])
    plain = sample_rows(tmp_path, 10, 0, in_keys=False)
    assert all(row.moves is None and row.semitones(5, 1) == 0 for row in plain)
    moving = list(read_rows(tmp_path))
    assert [row.moves is None for row in moving] == [True] * 3 + [False] * 3
    assert {str(row.messages) for row in moving} == {str(row.messages) for row in plain}


def _changed(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row["transpose"].update(values)


def _answer(content: str) -> Callable[[dict[str, Any]], None]:
    return lambda row: row["messages"][-1].update(content=content)


NAMES = list(ENGLISH)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda row: row.update(transpose=None), "no object"),
        (lambda row: row.update(transpose=[1]), "no object"),
        (_changed(octave=1), "no object of low"),
        (_changed(low=1), "semitones"),
        (_changed(high=-1), "semitones"),
        (_changed(low=-1000), "semitones"),
        (_changed(high=2.5), "semitones"),
        (_changed(high=True), "semitones"),
        (_changed(low=None), "semitones"),
        (_changed(names={}), "no list of spans"),
        (_changed(names=[[1, 0, 1]]), "no list of spans"),
        (_changed(pitches=[[0, 1]]), "no list of spans"),
        (_changed(pitches=[[0, 0, 1]] * (MAX_SPANS + 1)), "more than"),
        (_changed(names=[[2, 0, 1, NAMES]]), "before the answer"),
        (_changed(names=[[-1, 0, 1, NAMES]]), "before the answer"),
        (_changed(names=[[1, "0", 1, NAMES]]), "before the answer"),
        (_changed(names=[[1, 5, 5, NAMES]]), "not within"),
        (_changed(names=[[1, -1, 1, NAMES]]), "not within"),
        (_changed(pitches=[[0, 0, 10**9]]), "not within"),
        (_changed(names=[[1, 0, 1, NAMES[:11]]]), "12 names"),
        (_changed(names=[[1, 0, 1, [""] * 12]]), "12 names"),
        (_changed(names=[[1, 0, 1, ["x" * 100] * 12]]), "12 names"),
        (_changed(names=[[1, 0, 1, "CDEFGABCDEFG"]]), "12 names"),
        (_changed(names=[[1, 3, 5, NAMES]]), "not what stands there"),
        (_changed(pitches=[[0, 0, 9], [0, 8, 12]]), "overlap"),
        (_answer('{"clips":{}}'), "no contract whose notes"),
        (_answer('{"key":"C major"}'), "no contract whose notes"),
        (_answer("words"), "no contract whose notes"),
        (_answer('{"sequence":[{"note":"B8","time":"0:0:0","duration":"8n","velocity":0.8}]}'), "6 semitones away"),
        (lambda row: row["messages"][0].update(content="Use only these pitches: [C0, B8, A0, C0]."), "has no name"),
    ],
)  # fmt: skip
def test_what_a_row_says_of_its_keys_is_checked(damage: Callable[[dict[str, Any]], None], told: str) -> None:
    row = movable_row(Random(0))
    row["messages"][1]["content"] = "C minor bass"
    row["transpose"]["names"] = [[1, 0, 1, NAMES]]
    damaged = deepcopy(row)
    damage(damaged)
    assert read(row).moves is not None
    with pytest.raises(TrainingError, match=rf"^train-0\.jsonl:1 has a transpose that cannot be followed: .*{told}"):
        read(damaged)
    assert read(damaged, in_keys=False).moves is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["low", "high", "names"]), inner),
    max_leaves=20,
)


@given(
    json_values
    | st.fixed_dictionaries({"low": st.integers(-3, 0), "high": st.integers(0, 3), "names": json_values})
    | st.fixed_dictionaries({
        "low": st.integers(-3, 0), "high": st.integers(0, 3),
        "pitches": st.lists(st.lists(st.integers(-1, 50), min_size=3, max_size=3), max_size=4),
    })
)  # fmt: skip
def test_any_field_is_followed_or_refused_in_one_line(field: Any) -> None:
    row = movable_row(Random(1)) | {"transpose": field}
    try:
        moving = read(row)
    except TrainingError as error:
        assert "\n" not in str(error)
        return
    assert moving.moves is not None
    for semitones in moving.moves.keys:
        moving.moved(semitones)
