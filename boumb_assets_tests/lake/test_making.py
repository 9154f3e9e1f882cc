"""Shards made by processes: the same bytes however the work was spread, whatever died on the way."""

from pathlib import Path

import pytest

from boumb_assets.lake.engine import Engine
from boumb_assets.lake.making import Shard, make_shards
from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake, LakeFullError
from boumb_assets_tests.lake.crews import FullDisk, Names

NAMES = [f"song {number * number}" for number in range(60)]


def cut(tasks: list[str], size: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(tasks[begin : begin + size]) for begin in range(0, len(tasks), size))


def made(
    home: Path, tasks: list[str], shards: int = 3, batch: int = 4, workers: int = 2, timeout_s: float = 20
) -> Manifest:
    """The tasks in ``shards``, in batches of ``batch``, by ``workers`` processes."""
    lake = Lake(home)
    with lake.writing("names", "dataset=d") as commit:
        todo = (Shard(number, f"key {number}", cut(tasks[number::shards], batch)) for number in range(shards))
        make_shards(commit, Engine("local", workers), Names(), shards, todo, "names", timeout_s)
        return commit.commit({})


def values(home: Path, table: str, column: str) -> list[str]:
    return list(dict.fromkeys(Lake(home).read("names", table, "dataset=d")[column].to_pylist()))


def test_the_bytes_are_the_same_however_the_work_is_spread(tmp_path: Path) -> None:
    spread = made(tmp_path / "spread", NAMES)  # few shards: their batches are
    whole = made(tmp_path / "whole", NAMES, workers=1, batch=7)
    assert spread == whole
    assert spread.rows("names") == sum(len(name) % 4 for name in NAMES)
    many = made(tmp_path / "many", NAMES, shards=8)
    assert many == made(tmp_path / "one by one", NAMES, shards=8, workers=1, batch=1)
    assert sorted(values(tmp_path / "many", "names", "name")) == sorted(values(tmp_path / "whole", "names", "name"))


def test_each_shard_has_its_tasks_in_order_and_its_key(tmp_path: Path) -> None:
    manifest = made(tmp_path, NAMES, shards=2)
    assert values(tmp_path, "names", "name") == [name for name in NAMES[0::2] + NAMES[1::2] if len(name) % 4]
    assert {(file.shard, file.key) for file in manifest.files} == {(0, "key 0"), (1, "key 1")}
    assert manifest.tables["names"] == {"name": "string", "place": "int64"}


@pytest.mark.parametrize(("shards", "workers"), [(1, 2), (4, 1)])  # spread, and made as wholes until a process died
def test_a_task_that_kills_its_process_costs_only_itself(tmp_path: Path, shards: int, workers: int) -> None:
    tasks = [*NAMES[:21], "crash", *NAMES[21:40], "hang", *NAMES[40:]]
    made(tmp_path, tasks, shards, workers=workers, batch=15, timeout_s=2)
    lost = Lake(tmp_path).read("names", "lost")
    assert sorted(zip(lost["name"].to_pylist(), lost["kind"].to_pylist(), strict=True)) == [
        ("crash", "crash"), ("hang", "timeout"),
    ]  # fmt: skip
    kept = [task for shard in range(shards) for task in tasks[shard::shards] if task in NAMES and len(task) % 4]
    assert values(tmp_path, "names", "name") == kept


def test_a_death_does_not_show_in_the_others_bytes(tmp_path: Path) -> None:
    spoilt = made(tmp_path / "spoilt", [*NAMES, "crash"], shards=1)
    sound = made(tmp_path / "sound", NAMES, shards=1)
    assert spoilt.of_table("names") == sound.of_table("names")
    assert (spoilt.rows("lost"), sound.rows("lost")) == (1, 0)


def test_the_parts_of_few_shards_lie_on_the_disk_at_once(tmp_path: Path) -> None:
    shards, lying = 6, []
    with Lake(tmp_path).writing("names", "dataset=d") as commit:
        todo = [Shard(number, "", ((f"song {number}",), ("crash",))) for number in range(shards)]
        make_shards(
            commit, Engine("local", 1), Names(), shards, todo, "names",
            finished=lambda number: lying.append({path.name for path in commit.drafts().glob("*.arrow")}),
        )  # fmt: skip
        assert commit.commit({}).rows("lost") == shards
    assert len(lying) == shards and max(map(len, lying)) <= 2 * len(Names().forms)


def test_no_shards_start_nothing(tmp_path: Path) -> None:
    with Lake(tmp_path).writing("names") as commit:
        make_shards(commit, Engine("local", 2), Names(), 0, [], "names")
        assert commit.commit({}).files == []


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    manifest = made(tmp_path, [*NAMES, "crash"])
    left = {path.name for path in Lake(tmp_path).folder("names", "dataset=d").iterdir()}
    assert left == {file.path for file in manifest.files} | {"manifest.json", ".lock"}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_in_a_worker_is_told_in_a_line(tmp_path: Path, workers: int) -> None:
    with (
        pytest.raises(LakeFullError, match="no room to write names/dataset=d"),
        Lake(tmp_path).writing("names", "dataset=d") as commit,
    ):
        make_shards(commit, Engine("local", workers), FullDisk(), 1, [Shard(0, "", (("a",), ("b",)))], "names")
