"""The lake: the manifest is the commit."""

import hashlib
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.lake.manifest import LakeFile, Manifest, read_manifest, write_manifest
from boumb_assets.lake.parquet import ROWS_A_GROUP
from boumb_assets.lake.shards import rebuild_shards, shard_count, shard_of
from boumb_assets.lake.store import Lake, LakeFullError, sweep
from boumb_assets.lake.views import connect, copy_tables, publish, read_only, refuse_writing

DEMO = "dataset=demo"


def table(*values: int) -> pa.Table:
    return pa.table({"value": pa.array(values, pa.int64())})


def put(lake: Lake, *values: int, partition: str = DEMO) -> str:
    with lake.writing("numbers", partition) as commit:
        commit.write("numbers", table(*values))
        return commit.commit({"code": "1"}).data_version


def test_a_reader_sees_what_was_committed(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.writing("numbers", DEMO) as commit:
        commit.write("numbers", table(1, 2))
        assert lake.manifest("numbers", DEMO) is None
        with pytest.raises(LookupError, match="boumb run"):
            lake.read("numbers", "numbers")
        commit.commit({"code": "1"})
    assert lake.read("numbers", "numbers", DEMO)["value"].to_pylist() == [1, 2]


def test_the_data_version_is_that_of_the_content(tmp_path: Path) -> None:
    first, second = Lake(tmp_path / "a"), Lake(tmp_path / "b")
    assert put(first, 1, 2) == put(second, 1, 2)
    assert put(first, 1, 3) != put(second, 1, 2)


def test_a_writer_that_fails_changes_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    before = put(lake, 1)
    with pytest.raises(ZeroDivisionError), lake.writing("numbers", DEMO) as commit:
        commit.write("numbers", table(2))
        raise ZeroDivisionError
    manifest = lake.manifest("numbers", DEMO)
    assert manifest is not None and manifest.data_version == before
    assert lake.read("numbers", "numbers")["value"].to_pylist() == [1]


@given(st.lists(st.integers(0, ROWS_A_GROUP + 10), max_size=5))
@settings(max_examples=15, deadline=None)
def test_a_table_in_batches_is_the_same_however_it_was_cut(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    rows = table(*range(sum(sizes)))
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    cuts = [rows.slice(start, size) for start, size in zip(starts, sizes, strict=True)]
    written = {}
    for name, parts in {"whole": [rows], "cut": cuts}.items():
        lake = Lake(tmp_path_factory.mktemp(name))
        with lake.writing("numbers", DEMO) as commit:
            batches = (batch for part in parts for batch in part.to_batches())
            commit.write_batches("numbers", rows.schema, batches)
            written[name] = commit.commit({})
        assert lake.read("numbers", "numbers", DEMO).equals(rows)
    assert written["whole"] == written["cut"]
    assert written["whole"].rows("numbers") == rows.num_rows


def test_a_small_table_has_the_same_bytes_in_batches_and_whole(tmp_path: Path) -> None:
    for values in ((), (1, 2, 3)):
        versions = []
        for name in ("whole", "batches"):
            with Lake(tmp_path / name / str(len(values))).writing("numbers", DEMO) as commit:
                if name == "whole":
                    commit.write("numbers", table(*values))
                else:
                    commit.write_batches("numbers", table().schema, table(*values).to_batches())
                versions.append(commit.commit({}).data_version)
        assert versions[0] == versions[1]


def test_batches_that_fail_change_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    before = put(lake, 1)

    def failing() -> Iterator[pa.RecordBatch]:
        yield from table(*range(ROWS_A_GROUP)).to_batches()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), lake.writing("numbers", DEMO) as commit:
        commit.write_batches("numbers", table().schema, failing())
    manifest = lake.manifest("numbers", DEMO)
    assert manifest is not None and manifest.data_version == before
    assert len(list(lake.folder("numbers", DEMO).glob("*.parquet"))) == 1


def _write_without_room(home: str, how: str, limit: int) -> None:
    lake = Lake(Path(home))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    rows = pa.table({"value": pa.array(os.urandom(8).hex() * 4 for _ in range(50_000))})
    try:
        with lake.writing("numbers", DEMO) as commit:
            if how == "whole":
                commit.write("numbers", rows)
            elif how == "batches":
                commit.write_batches("numbers", rows.schema, rows.to_batches(1000))
            else:
                commit.commit({"code": "x" * 2 * limit})
    except LakeFullError as error:
        Path(home, "told").write_text(str(error))


@pytest.mark.parametrize("how", ["whole", "batches", "manifest"])
def test_a_full_disk_is_told_in_a_line_and_leaves_the_lake_as_it_was(tmp_path: Path, how: str) -> None:
    lake = Lake(tmp_path)
    before = put(lake, 1)
    process = multiprocessing.get_context("spawn").Process(
        target=_write_without_room, args=(str(tmp_path), how, 100_000)
    )
    process.start()
    process.join()
    told = (tmp_path / "told").read_text()
    assert "no room to write numbers/dataset=demo" in told and "\n" not in told
    manifest = lake.manifest("numbers", DEMO)
    assert manifest is not None and manifest.data_version == before
    assert lake.read("numbers", "numbers")["value"].to_pylist() == [1]
    assert sorted(path.suffix for path in lake.folder("numbers", DEMO).iterdir() if path.suffix != ".tmp") == [
        "",
        ".json",
        ".parquet",
    ]
    assert put(lake, 2) != before


def _write_for_ever(home: str) -> None:
    lake = Lake(Path(home))
    number = 0
    while True:
        number += 1
        put(lake, *range(number % 50 + 1))


def test_a_kill_leaves_a_whole_generation(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for delay in (0.6, 0.75, 0.9):
        process = context.Process(target=_write_for_ever, args=(str(tmp_path),))
        process.start()
        while not (tmp_path / "lake" / "numbers" / DEMO / "manifest.json").exists():
            time.sleep(0.01)
        time.sleep(delay - 0.5)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        lake = Lake(tmp_path)
        manifest = lake.manifest("numbers", DEMO)
        assert manifest is not None
        assert all(path.stat().st_size == file.bytes for path, file in zip(
            lake.paths(manifest, "numbers"), manifest.of_table("numbers"), strict=True
        ))  # fmt: skip
        values = lake.read("numbers", "numbers")["value"].to_pylist()
        assert values == list(range(len(values)))
    assert put(Lake(tmp_path), 7)  # what the killed writer left does not stop the next one
    assert not list((tmp_path / "lake" / "numbers" / DEMO).glob(".tmp-*"))


def test_an_older_generation_stays_for_its_readers_then_goes(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    put(lake, 1)
    old = lake.manifest("numbers", DEMO)
    put(lake, 2)
    new = lake.manifest("numbers", DEMO)
    assert old is not None and new is not None
    assert lake.paths(old, "numbers")[0].exists()
    sweep(lake.folder("numbers", DEMO), new, grace=-1)
    assert not lake.paths(old, "numbers")[0].exists()
    assert lake.paths(new, "numbers")[0].exists()


def test_an_artefact_is_named_after_its_content(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    names = []
    for text in ("a", "b", "a"):
        with lake.writing("model", "variant=nano") as commit:
            folder = commit.workspace()
            (folder / "weights").write_text(text)
            commit.adopt(folder, "model")
            commit.commit({})
        names.append(lake.artefact("model", "variant=nano").name)
        assert (lake.artefact("model", "variant=nano") / "weights").read_text() == text
    assert names[0] == names[2] != names[1]


def test_a_file_of_an_artefact_whose_hash_is_known_has_that_one(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.writing("training_data") as commit:
        for name in ("rows", "index"):
            (commit.workspace() / name).write_text(name)
        commit.adopt(commit.workspace(), "jsonl", {"rows": "ab" * 32})
        manifest = commit.commit({})
    found = {file.path.partition("/")[2]: file.sha256 for file in manifest.files}
    assert found == {"rows": "ab" * 32, "index": hashlib.sha256(b"index").hexdigest()}


def test_an_artefact_has_not_the_name_of_a_table(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="names a table"), Lake(tmp_path).writing("model", "variant=nano") as commit:
        (commit.workspace() / "weights").write_text("a")
        commit.adopt(commit.workspace(), "losses")
        commit.write("losses", table(1))
        commit.commit({})


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    process = multiprocessing.get_context("spawn").Process(target=_write_for_ever, args=(str(tmp_path),))
    process.start()
    words: list[str] = []
    try:
        while not words:
            with lake.writing("numbers", DEMO, words.append) as commit:
                commit.write("numbers", table(1))
                commit.commit({})
    finally:
        process.kill()
        process.join()
    assert words[0] == "another run writes numbers/dataset=demo; waiting for it"


def test_what_is_dropped_is_not_dropped_from_under_a_writer(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    put(lake, 1)
    words: list[str] = []
    with lake.writing("numbers", DEMO) as commit:
        dropping = threading.Thread(target=lambda: lake.drop("numbers", DEMO, words.append))
        dropping.start()
        while not words:
            time.sleep(0.01)
        writing = threading.Thread(target=lambda: put(lake, 3))  # waits for a lock that goes with its folder
        writing.start()
        time.sleep(0.1)
        commit.write("numbers", table(2))
        commit.commit({})
    dropping.join()
    writing.join()
    assert words == ["another run writes numbers/dataset=demo; waiting for it"]
    found = lake.manifest("numbers", DEMO)
    assert found is None or lake.read("numbers", "numbers")["value"].to_pylist() == [3]
    assert put(lake, 4)
    assert lake.drop("numbers", DEMO) and not lake.drop("numbers", DEMO)


def test_some_columns_are_read_alone(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.writing("numbers", DEMO) as commit:
        commit.write("numbers", pa.table({"value": [1], "other": [2]}))
        commit.commit({})
    assert lake.read("numbers", "numbers", DEMO, ["other"]).to_pylist() == [{"other": 2}]


def test_a_big_manifest_is_read_at_once(tmp_path: Path) -> None:
    files = [
        LakeFile(table=f"t{table}", path=f"t{table}-{shard}.parquet", bytes=1, sha256="0" * 64, shard=shard)
        for table in range(6)
        for shard in range(512)
    ]
    write_manifest(tmp_path, Manifest(stage="s", files=files))
    began = time.process_time()
    assert read_manifest(tmp_path) == Manifest(stage="s", files=files)
    assert time.process_time() - began < 0.5


def test_only_changed_shards_are_built(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    built: list[int] = []

    def build(shard: int) -> dict[str, pa.Table]:
        built.append(shard)
        return {"numbers": table(shard)}

    def rebuild(keys: dict[int, str]) -> tuple[int, int]:
        with lake.writing("numbers", DEMO) as commit:
            counts = rebuild_shards(commit, keys, ["numbers"], build, "numbers")
            commit.commit({})
        return counts

    assert rebuild({0: "a", 1: "b", 2: "c"}) == (3, 0)
    built.clear()
    assert rebuild({0: "a", 1: "changed", 2: "c"}) == (1, 2)
    assert built == [1]
    assert lake.read("numbers", "numbers")["value"].to_pylist() == [0, 1, 2]


@given(st.text(), st.integers(1, 512))
@settings(max_examples=50)
def test_a_file_stays_in_its_shard(path: str, shards: int) -> None:
    assert 0 <= shard_of(path, shards) < shards
    assert shard_of(path, shards) == shard_of(path, shards)


def test_the_number_of_shards_is_fixed_at_first(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert [shard_count(None, files) for files in (0, 400, 401, 10_000_000)] == [1, 1, 2, 512]
    with lake.writing("numbers", DEMO) as commit:
        commit.write("numbers", table(1))
        commit.commit({}, {"shards": 3})
    assert shard_count(read_manifest(lake.folder("numbers", DEMO)), 100_000) == 3


def test_views_are_the_union_of_partitions(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    put(lake, 1, 2)
    put(lake, 3, partition="dataset=o'ther")
    with connect(lake) as connection:
        assert connection.execute("select sum(value) from numbers").fetchone() == (6,)
    path = publish(lake)
    with duckdb.connect(str(path), read_only=True) as reader:
        put(lake, 10)
        publish(lake)  # while a reader has the older one open
        assert reader.execute("select sum(value) from numbers").fetchone() == (6,)
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("select sum(value) from numbers").fetchone() == (13,)
    assert copy_tables(lake, tmp_path / "one.duckdb") == {"numbers": 2}


def test_tables_without_rows_are_tables_too(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    put(lake)
    publish(lake)
    assert copy_tables(lake, tmp_path / "one.duckdb") == {"numbers": 0}
    for connection in (connect(lake), duckdb.connect(str(tmp_path / "one.duckdb"), read_only=True)):
        with connection:
            assert connection.execute("select count(value) from numbers").fetchone() == (0,)


def test_a_stage_without_a_table_of_its_name_has_a_view_of_its_manifests(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.writing("model", "variant=o'dd") as commit:
        commit.write("losses", pa.table({"loss": [0.5]}))
        commit.commit({"code": "1"}, {"base": "it's"})
    with connect(lake) as connection:
        found = connection.execute("select partition, files, facts ->> 'base' from model").fetchall()
        assert found == [("variant=o'dd", 1, "it's")]
        assert connection.execute("select loss from losses").fetchall() == [(0.5,)]
    assert copy_tables(lake, tmp_path / "one.duckdb") == {"losses": 1, "model": 1}


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{lake}/x.csv'",
        "attach '{lake}/x.duckdb'",
        "select 1; drop view numbers",
        "",
        "delete from numbers",
    ],
)
def test_statements_that_write_are_refused(tmp_path: Path, statement: str) -> None:
    lake = Lake(tmp_path)
    put(lake, 1)
    with read_only(lake) as connection:
        refuse_writing(connection, "select * from numbers")
        with pytest.raises(ValueError, match="reads"):
            refuse_writing(connection, statement.format(lake=lake.root))


def test_a_missing_table_is_no_variable_of_ours(tmp_path: Path) -> None:
    secret = pa.table({"value": [1]})
    with connect(Lake(tmp_path)) as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("select * from secret")
    assert secret.num_rows == 1


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{outside}/x.csv'",
        "select * from read_text('{outside}/secret')",
        "attach '{outside}/x.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
    ],
)
def test_statements_from_outside_stay_inside_the_lake(tmp_path: Path, statement: str) -> None:
    lake = Lake(tmp_path / "home")
    put(lake, 1)
    (tmp_path / "secret").write_text("secret")
    with read_only(lake) as connection:
        assert connection.execute("select count(*) from numbers").fetchone() == (1,)
        with pytest.raises(duckdb.Error):
            connection.execute(statement.format(outside=tmp_path)).fetchall()
