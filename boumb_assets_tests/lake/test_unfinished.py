import errno
from pathlib import Path

import pyarrow as pa
import pytest

from boumb_assets.lake.store import UNFINISHED, Commit, Lake, LakeFullError
from boumb_assets.lake.unfinished import Unfinished

KEYS = {0: "a", 1: "b", 2: "c"}
TABLES = ("notes", "facts")


def make(commit: Commit, unfinished: Unfinished, shard: int) -> None:
    for table in TABLES:
        commit.write(table, pa.table({"shard": [shard], table: [1.5]}), shard, KEYS[shard])
    unfinished.remember(shard)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake whose writer died after two of three shards."""
    lake = Lake(tmp_path)
    with pytest.raises(KeyboardInterrupt), lake.writing("stage", "dataset=x") as commit:
        unfinished = Unfinished(commit, "now")
        for shard in (0, 1):
            make(commit, unfinished, shard)
        commit.write("notes", pa.table({"shard": [2]}), 2, "c")  # not all of its tables
        raise KeyboardInterrupt
    return lake


def test_finished_shards_are_taken_over_and_give_the_same_lake(lake: Lake, tmp_path: Path) -> None:
    with lake.writing("stage", "dataset=x") as commit:
        unfinished = Unfinished(commit, "now")
        assert unfinished.take_over(KEYS, [0, 1, 2], TABLES) == [2]
        make(commit, unfinished, 2)
        manifest = commit.commit({})
    other = Lake(tmp_path / "other")
    with other.writing("stage", "dataset=x") as commit:
        for shard in KEYS:
            make(commit, Unfinished(commit, "now"), shard)
        assert commit.commit({}) == manifest
    assert lake.read("stage", "notes", "dataset=x") == other.read("stage", "notes", "dataset=x")
    assert not (lake.folder("stage", "dataset=x") / UNFINISHED).exists()


def test_what_another_context_or_key_made_is_made_again(lake: Lake) -> None:
    with lake.writing("stage", "dataset=x") as commit:
        assert Unfinished(commit, "later").take_over(KEYS, [0, 1, 2], TABLES) == [0, 1, 2]
        assert Unfinished(commit, "now").take_over({**KEYS, 0: "changed"}, [0, 1, 2], TABLES) == [0, 2]


def test_a_file_that_is_gone_or_changed_is_made_again(lake: Lake) -> None:
    folder = lake.folder("stage", "dataset=x")
    next(folder.glob("facts-00-*")).unlink()
    with next(folder.glob("notes-01-*")).open("ab") as handle:
        handle.write(b"x")
    with lake.writing("stage", "dataset=x") as commit:
        assert Unfinished(commit, "now").take_over(KEYS, [0, 1, 2], TABLES) == [0, 1, 2]


def test_a_purge_leaves_nothing_to_take_over(lake: Lake) -> None:
    assert lake.purge() > 0
    with lake.writing("stage", "dataset=x") as commit:
        assert Unfinished(commit, "now").take_over(KEYS, [0, 1, 2], TABLES) == [0, 1, 2]


def test_a_line_cut_off_costs_only_its_shard(lake: Lake) -> None:
    path = lake.folder("stage", "dataset=x") / UNFINISHED
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40])
    with lake.writing("stage", "dataset=x") as commit:
        unfinished = Unfinished(commit, "now")
        assert unfinished.take_over(KEYS, [0, 1, 2], TABLES) == [1, 2]
        make(commit, unfinished, 1)
    with lake.writing("stage", "dataset=x") as commit:
        assert Unfinished(commit, "now").take_over(KEYS, [0, 1, 2], TABLES) == [2]


def test_a_full_disk_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, row: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("boumb_assets.lake.unfinished.append_row", full)
    with (
        pytest.raises(LakeFullError, match="no room to write stage/dataset=x"),
        Lake(tmp_path).writing("stage", "dataset=x") as commit,
    ):
        make(commit, Unfinished(commit, "now"), 0)
