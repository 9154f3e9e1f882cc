"""Shards: reproducible bytes, exact shape, nothing lost, nothing damaged unseen."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.export import EXPORT_FORMATS, export_rows
from boumb_assets.corpus.jsonl import RowsError, check_rows, encode_row, read_rows, shard_files, write_rows
from boumb_assets.corpus.rows import LeftOut, RowSettings, TrainingRow, training_rows
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets_tests.corpus.mixes import loop, mix, no_structures


def _rows(count: int = 40) -> list[TrainingRow | LeftOut]:
    table = mix(*(loop(number, rights_train=number != 3) for number in range(count)))
    return list(training_rows(table, no_structures(), RowSettings()))


def test_the_same_rows_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    rows = _rows()
    shuffled = Random(1).sample(rows, len(rows))
    for name, given_rows in (("one", rows), ("two", shuffled)):
        (tmp_path / name).mkdir()
        write_rows(given_rows, tmp_path / name, 3)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert {name.split("-")[0] for name in one} == {"train", "validation", "test"}


def test_every_row_is_written_once_where_its_provenance_says(tmp_path: Path) -> None:
    rows = _rows()
    written = write_rows(rows, tmp_path, 3)
    assert written.provenance.schema == TRAINING_ROWS
    assert written.facts["left_out"] == {"not_cleared": 1}
    kept = {row.row_id: row for row in rows if isinstance(row, TrainingRow)}
    assert written.facts["rows"] == len(kept) == written.provenance.num_rows
    lines: dict[str, list[dict[str, object]]] = {
        path.name: [json.loads(line) for line in zstandard.decompress(path.read_bytes()).splitlines()]
        for path in written.files
    }
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for origin in written.provenance.to_pylist():
        row = kept.pop(origin["row_id"])
        assert lines[origin["shard"]][origin["line"]] == {"messages": list(row.messages)}
        assert origin["shard"].startswith(f"{row.split}-{row.contract}-")
        groups[row.work_group, row.contract].add(origin["shard"])
    assert not kept
    assert all(len(shards) == 1 for shards in groups.values())
    assert sum(len(part) for part in lines.values()) == written.facts["rows"]
    order = [origin["loop_id"] for origin in written.provenance.to_pylist()]
    assert order != sorted(order)


def test_frames_say_their_size_and_carry_a_checksum(tmp_path: Path) -> None:
    for path in write_rows(_rows(), tmp_path, 1).files:
        frame = zstandard.get_frame_parameters(path.read_bytes())
        assert frame.has_checksum
        assert frame.content_size == len(zstandard.decompress(path.read_bytes()))


def test_what_was_written_checks(tmp_path: Path) -> None:
    written = write_rows(_rows(), tmp_path, 2)
    checked = check_rows(tmp_path, written.provenance)
    assert (checked.rows, checked.invalid) == (written.facts["rows"], [])
    assert len(list(read_rows(tmp_path, "train"))) == written.facts["rows_train"]
    assert shard_files(tmp_path) == sorted(written.files)
    drums = shard_files(tmp_path, "train", ["drum-pattern"])
    assert drums and all(path.name.startswith("train-drum-pattern-") for path in drums)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda row: {**row, "id": 1}, "keys"),
        (lambda row: {"messages": row["messages"][:-1]}, "roles"),
        (lambda row: {"messages": [{**message, "name": "x"} for message in row["messages"]]}, "message"),
        (lambda row: _with_answer(row, "{}"), "contract"),
        (lambda row: _with_answer(row, row["messages"][-1]["content"].replace("[{", "[ {")), "canonical"),
        (lambda row: _with_answer(row, 7), "contract"),
    ],
)
def test_a_damaged_row_is_found(tmp_path: Path, damage, problem: str) -> None:  # type: ignore[no-untyped-def]
    written = write_rows(_rows(), tmp_path, 1)
    path = tmp_path / "train-boumb-sequence-00.jsonl.zst"
    lines = [json.loads(line) for line in zstandard.decompress(path.read_bytes()).splitlines()]
    lines[5] = damage(lines[5])
    path.write_bytes(zstandard.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
    (invalid,) = check_rows(tmp_path, written.provenance).invalid
    assert (invalid.shard, invalid.line) == ("train-boumb-sequence-00.jsonl.zst", 5)
    assert invalid.problem.startswith(problem)


def _with_answer(row: dict[str, list[dict[str, object]]], answer: object) -> dict[str, object]:
    return {"messages": [*row["messages"][:-1], {"role": "assistant", "content": answer}]}


def test_a_lost_line_and_a_line_too_many_are_found(tmp_path: Path) -> None:
    written = write_rows(_rows(), tmp_path, 1)
    assert [bad.problem.split(":")[0] for bad in check_rows(tmp_path, written.provenance.slice(1)).invalid] == [
        "provenance"
    ]
    (tmp_path / "test-boumb-sequence-00.jsonl.zst").unlink()
    assert {bad.problem.split(":")[0] for bad in check_rows(tmp_path, written.provenance).invalid} == {"missing"}


def test_a_cut_shard_is_an_error_that_names_it(tmp_path: Path) -> None:
    written = write_rows(_rows(200), tmp_path, 1)
    path = tmp_path / "train-boumb-sequence-00.jsonl.zst"
    whole = path.read_bytes()
    for length in range(0, len(whole) - 4, 97):
        path.write_bytes(whole[:length])
        with pytest.raises(RowsError, match=r"train-boumb-sequence-00\.jsonl\.zst"):
            list(read_rows(tmp_path))
    assert check_rows(tmp_path, written.provenance).invalid
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    path.write_bytes(flipped)
    assert check_rows(tmp_path, written.provenance).invalid


def test_nothing_left_over_and_nothing_from_nothing(tmp_path: Path) -> None:
    written = write_rows([], tmp_path, 4)
    assert (written.files, written.facts, list(tmp_path.iterdir())) == ([], {"rows": 0, "left_out": {}}, [])


def test_a_failure_leaves_no_half_written_lines(tmp_path: Path) -> None:
    def failing() -> Iterator[TrainingRow | LeftOut]:
        yield from _rows(4)
        raise RuntimeError("the mix went away")

    with pytest.raises(RuntimeError):
        write_rows(failing(), tmp_path, 2)
    assert list(tmp_path.iterdir()) == []


text = st.text(st.characters(codec="utf-8"), max_size=40)


@given(text, text)
@settings(max_examples=60)
def test_any_text_stays_on_one_line(user: str, assistant: str) -> None:
    messages = [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
    line = encode_row(messages)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert json.loads(line) == {"messages": messages}


def test_exports_have_each_tools_keys_and_all_rows(tmp_path: Path) -> None:
    written = write_rows(_rows(), tmp_path, 2)
    for name in EXPORT_FORMATS:
        lines = [json.loads(line) for line in export_rows(tmp_path, name, split=None)]  # type: ignore[arg-type]
        assert len(lines) == written.facts["rows"]
        assert {tuple(line) for line in lines} == {("prompt", "completion") if name == "trl" else ("messages",)}
    trl = next(export_rows(tmp_path, "trl"))
    assert [message["role"] for message in json.loads(trl)["completion"]] == ["assistant"]
    with pytest.raises(ValueError, match="openai, trl, axolotl"):
        export_rows(tmp_path, "csv")  # type: ignore[arg-type]
