"""The extraction of files by processes that one of the files takes down."""

import ctypes
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.engine_work import BATCH_BYTES, BATCH_FILES, TABLES, FileReader, batches_of
from boumb_assets.events.extract import FileTask
from boumb_assets.lake.engine import Engine
from boumb_assets.lake.making import Shard, make_shards
from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake
from boumb_assets.theory.work_print import PrintIndex
from boumb_assets_tests.events.smf import Played, written

CULPRIT = "07.mid"


class Fragile(FileReader):
    """Reads as the platform does, with a parser that reads at address 0 for one file."""

    def read(self, tasks: Sequence[FileTask], begins: Callable[[int], None]) -> dict[str, pa.Table]:
        def told(index: int) -> None:
            begins(index)
            if tasks[index].path == CULPRIT:
                ctypes.string_at(0)

        return super().read(tasks, told)


def tasks(folder: Path) -> list[FileTask]:
    found = []
    for number in range(12):
        data = written([Played(480 * index, 240, 48 + number + index % 5, 64) for index in range(20)])
        path = folder / f"{number:02d}.mid"
        path.write_bytes(data)
        found.append(FileTask(str(path), path.name, hashlib.sha256(data).hexdigest()))
    return found


def made(home: Path, reader: FileReader, todo: Sequence[FileTask], workers: int) -> Manifest:
    with Lake(home).writing("midi_events", "dataset=d") as commit:
        shard = Shard(0, "key", (tuple(todo[:5]), tuple(todo[5:])))
        make_shards(commit, Engine("local", workers), reader, 1, [shard], "midi_events")
        return commit.commit({})


@pytest.mark.parametrize("workers", [1, 2])
def test_a_crash_of_native_code_takes_down_one_file_which_is_named(tmp_path: Path, workers: int) -> None:
    found = tasks(tmp_path)
    fragile, sound = FileReader("d", PrintIndex([])), [task for task in found if task.path != CULPRIT]
    wanted = made(tmp_path / "sound", fragile, sound, 1)
    spoilt = made(tmp_path / "spoilt", Fragile("d", PrintIndex([])), found, workers)
    assert Lake(tmp_path / "spoilt").read("midi_events", "rejected").to_pylist() == [
        {
            "dataset": "d", "path": CULPRIT, "sha256": found[7].sha256, "stage": "midi_events",
            "reason": "native_crash", "detail": "the process that read it ended by signal 11",
        }
    ]  # fmt: skip
    for table in TABLES.keys() - {"rejected"}:
        assert spoilt.of_table(table) == wanted.of_table(table)


def test_what_is_said_of_a_file_many_times_is_held_once(tmp_path: Path) -> None:
    found = FileReader("d", PrintIndex([])).read(tasks(tmp_path), lambda index: None)
    for table in ("midi_events", "file_texts", "file_beats"):
        held = TABLES[table].prepared(found[table]).schema
        assert [pa.types.is_dictionary(held.field(name).type) for name in ("dataset", "sha256", "path")] == 3 * [True]


def test_a_process_is_ready_before_it_reads() -> None:
    from boumb_assets.events import warm

    assert warm.__name__ in FileReader.preload
    warm.warm_up()  # whatever it reads, it can


def test_a_file_that_takes_too_long_is_set_aside(tmp_path: Path) -> None:
    (task, *_) = tasks(tmp_path)
    rows = FileReader("d", PrintIndex([])).lost(task, "timeout", "")
    assert {table: form.schema for table, form in TABLES.items()} == {table: one.schema for table, one in rows.items()}
    assert rows["rejected"]["reason"].to_pylist() == ["timeout"]


@given(st.lists(st.integers(0, BATCH_BYTES * 2), max_size=200))
def test_batches_hold_every_file_once_and_are_small(sizes: list[int]) -> None:
    found = [FileTask("", str(place), "") for place in range(len(sizes))]
    batches = list(batches_of(found, sizes))
    assert [task for batch in batches for task in batch] == found
    for batch in batches:
        held = sum(sizes[int(task.path)] for task in batch)
        assert len(batch) == 1 or (len(batch) <= BATCH_FILES and held <= BATCH_BYTES)
