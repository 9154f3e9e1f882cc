"""The making of training_data: the same bytes from the same mix, its shards alone made again, and every row checked."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import zstandard

from boumb_assets.corpus.jsonl import read_rows, row_at
from boumb_assets.corpus.row_check import check_index, check_rows
from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.corpus.shard_index import read_index
from boumb_assets.corpus.structures.deriving import derive_structures
from boumb_assets.corpus.training_data import write_training_data
from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake
from boumb_assets_tests.corpus.mixes import bass, loop, tables_of
from boumb_assets_tests.corpus.pieces import hymn, tables

LOOPS = [loop(number) for number in range(80)]


def hymns(**known: str) -> pa.Table:
    made = derive_structures(*tables(hymn())).table
    extra = {"split": "train", "work_group": "psalms", "rights": "attribution", **known}
    made = made.append_column("rights_train", [[True] * made.num_rows])
    for name, value in extra.items():
        made = made.append_column(name, [[value] * made.num_rows])
    return made


def make(home: Path, loops: list[dict[str, Any]], shard_bytes: int = 12_000, code: str = "", **wanted: Any) -> Manifest:
    lake = Lake(home)
    with duckdb.connect() as connection, lake.writing("training_data") as commit:
        tables_of(connection, loops, hymns())
        facts = write_training_data(connection, commit, RowSettings(**wanted), shard_bytes, code)
        return commit.commit({}, facts)


def rows_in(home: Path) -> pa.Table:
    return Lake(home).read("training_data", "training_rows")


def contents(home: Path) -> dict[str, bytes]:
    folder = Lake(home).artefact("training_data")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_mix_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one", LOOPS), make(tmp_path / "two", LOOPS[::-1])
    assert one.data_version == two.data_version
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert {name.split("-")[0] for name in contents(tmp_path / "one")} == {"train", "validation", "test", "index.json"}


def test_every_row_is_written_once_where_its_provenance_says(tmp_path: Path) -> None:
    refused = [loop(0, rights_train=False, sha256="refused", path="refused.mid"), *LOOPS[1:]]
    facts = make(tmp_path, refused).facts
    rows = rows_in(tmp_path)
    assert rows.schema.equals(TRAINING_ROWS)
    folder = Lake(tmp_path).artefact("training_data")
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for origin in rows.to_pylist():
        row = row_at(folder, origin["shard"], origin["line"])
        assert row["messages"][-2]["content"] == origin["prompt"]
        number = origin["loop_id"].removeprefix("loop")
        if origin["contract"] == "boumb-sequence":
            assert row["messages"][-1]["content"] == bass(int(number))
        assert origin["shard"].startswith(f"{origin['split']}-{origin['contract']}-")
        groups[origin["work_group"], origin["contract"]].add(origin["shard"])
    assert all(len(shards) == 1 for shards in groups.values())
    assert len(set(rows["row_id"].to_pylist())) == rows.num_rows == len(list(read_rows(folder))) == facts["rows"]
    assert facts["left_out"] == {"not_cleared": 1}
    assert (
        facts["rows_fr"] + facts["rows_en"]
        == facts["rows"]
        == sum(facts[f"rows_{split}"] for split in ("train", "validation", "test"))
    )
    assert sum(entry.rows for entry in read_index(folder)) == facts["rows"]
    assert len([shard for shards in groups.values() for shard in shards]) > len(facts["shards"]) > 5
    assert [path for path in tmp_path.rglob("*") if ".tmp" in path.name] == []


def test_one_changed_file_makes_its_shards_again_and_nothing_else(tmp_path: Path) -> None:
    before = make(tmp_path, LOOPS)
    old = {path.name: path.stat().st_ino for path in Lake(tmp_path).artefact("training_data").iterdir()}
    old_bytes = contents(tmp_path)
    changed = [loop(40, content=bass(41)) if number == 40 else one for number, one in enumerate(LOOPS)]
    after = make(tmp_path, changed)
    new = {path.name: path.stat().st_ino for path in Lake(tmp_path).artefact("training_data").iterdir()}
    (group,) = {row["shard"] for row in rows_in(tmp_path).to_pylist() if row["loop_id"] == "loop0040"}
    assert {name for name in new if new[name] != old[name]} == {group, "index.json"}
    assert {name for name, data in contents(tmp_path).items() if data != old_bytes[name]} == {group, "index.json"}
    assert (after.facts["shards_rebuilt"], after.facts["shards_kept"]) == (1, before.facts["shards_rebuilt"] - 1)
    assert {name: after.facts[name] for name in after.facts if name.startswith("rows")} == {
        name: before.facts[name] for name in before.facts if name.startswith("rows")
    }
    assert make(tmp_path / "fresh", changed).data_version == after.data_version


def test_the_number_of_shards_stays_until_they_have_grown_fourfold(tmp_path: Path) -> None:
    few = make(tmp_path, LOOPS[:16]).facts["shards"]["train-boumb-sequence"]
    more = make(tmp_path, LOOPS[:32]).facts["shards"]["train-boumb-sequence"]
    many = make(tmp_path, [loop(number) for number in range(400)]).facts["shards"]["train-boumb-sequence"]
    assert few == more == 1 < 6 < many
    assert make(tmp_path, LOOPS).facts["shards"]["train-boumb-sequence"] == many


def test_other_code_makes_all_again_and_no_loops_no_rows(tmp_path: Path) -> None:
    first = make(tmp_path, LOOPS)
    assert make(tmp_path, LOOPS, code="other").facts["shards_kept"] == 0
    assert make(tmp_path, LOOPS, code="other").facts["shards_rebuilt"] == 0
    assert make(tmp_path, LOOPS, code="other").data_version == first.data_version
    with duckdb.connect() as connection, Lake(tmp_path).writing("training_data") as commit:
        tables_of(connection, [], hymns().slice(0, 0))
        assert write_training_data(connection, commit, RowSettings(), 1000, "")["rows"] == 0
        commit.commit({}, {})
    assert rows_in(tmp_path).num_rows == 0
    assert contents(tmp_path) == {"index.json": b"[]\n"}


@pytest.mark.parametrize("transpose", ["load", "all"])
def test_what_was_written_checks(tmp_path: Path, transpose: str) -> None:
    facts = make(tmp_path, LOOPS, transpose=transpose).facts
    folder = Lake(tmp_path).artefact("training_data")
    checked = check_rows(folder, rows_in(tmp_path))
    assert (checked.rows, checked.invalid, check_index(folder)) == (facts["rows"], [], [])
    assert 0 < checked.by_model < facts["rows"] / 2


def _with_answer(row: dict[str, Any], answer: object) -> dict[str, Any]:
    return {**row, "messages": [*row["messages"][:-1], {"role": "assistant", "content": answer}]}


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda row: {**row, "id": 1}, "keys"),
        (lambda row: {**row, "messages": row["messages"][:-1]}, "roles"),
        (lambda row: {**row, "messages": [{**message, "name": "x"} for message in row["messages"]]}, "message"),
        (lambda row: _with_answer(row, "{}"), "contract"),
        (lambda row: _with_answer(row, row["messages"][-1]["content"].replace("[{", "[ {")), "canonical"),
        (lambda row: _with_answer(row, row["messages"][-1]["content"].replace("C2", "H2")), "contract"),
        (lambda row: _with_answer(row, 7), "message"),
        (lambda row: {**row, "transpose": {**row["transpose"], "high": 90}}, "transpose"),
        (lambda row: {**row, "transpose": {**row["transpose"], "low": -30}}, "transpose"),
        (lambda row: {**row, "transpose": {**row["transpose"], "names": [[0, 0, 1, ["x"] * 12]]}}, "transpose"),
        (lambda row: {**row, "transpose": {**row["transpose"], "pitches": [[5, 0, 1]]}}, "transpose"),
        (lambda row: {**row, "transpose": {"low": 0, "high": 1}}, "transpose"),
    ],
)
def test_a_damaged_row_is_found(tmp_path: Path, damage, problem: str) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path, LOOPS, shard_bytes=1 << 20)
    folder = Lake(tmp_path).artefact("training_data")
    path = folder / "train-boumb-sequence-00.jsonl.zst"
    lines = zstandard.decompress(path.read_bytes()).splitlines()
    lines[5] = json.dumps(damage(json.loads(lines[5])), ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(zstandard.compress(b"".join(line + b"\n" for line in lines)))
    (invalid,) = check_rows(folder, rows_in(tmp_path)).invalid
    assert (invalid.shard, invalid.line) == (path.name, 5)
    assert invalid.problem.startswith(problem)
    assert check_index(folder) == [f"{path.name} is not the file that the index tells of"]


def test_lost_lines_and_lines_too_many_are_found(tmp_path: Path) -> None:
    make(tmp_path, LOOPS)
    folder, rows = Lake(tmp_path).artefact("training_data"), rows_in(tmp_path)
    for wrong in (rows.slice(1), pa.concat_tables([rows, rows.slice(0, 1)])):
        assert [bad.problem.split(":")[0] for bad in check_rows(folder, wrong).invalid] == ["provenance"]
    named = set(rows["shard"].to_pylist())
    (folder / sorted(named)[0]).unlink()
    assert [bad.problem.split(":")[0] for bad in check_rows(folder, rows).invalid] == ["missing"]
    assert check_index(folder) == [f"{sorted(named)[0]} is in the index and no file"]
    (folder / sorted(named)[1]).rename(folder / "train-boumb-sequence-99.jsonl.zst")
    assert "train-boumb-sequence-99.jsonl.zst is not in the index" in check_index(folder)
    (folder / sorted(named)[2]).write_bytes(b"")
    assert any("cut short" in bad.problem for bad in check_rows(folder, rows).invalid)
