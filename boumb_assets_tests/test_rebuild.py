"""What `boumb run` finds stale, on a line of three small stages under a real Dagster instance."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest

from boumb_assets.lake.store import Lake
from boumb_assets.rebuild import Report, run, stale, sync_partitions, topological
from boumb_assets.resources import Platform
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage, asset_of

Source = dict[str, list[int]]


def numbers(values: list[int]) -> pa.Table:
    return pa.table({"value": pa.array(values, pa.int64())})


class Line:
    """found (a partition a data set) -> doubled -> total, over a source that the test changes."""

    def __init__(self, home: Path, source: Source) -> None:
        self.source = source
        self.made: list[str] = []
        self.broken = False
        self.settings = Settings(home=home)
        stages = [
            Stage("found", self.find, "", "g", "dataset", extra=self.state, table="found"),
            Stage("doubled", self.double, "", "g", "dataset", deps=("found",), constants="1", table="doubled"),
            Stage("total", self.total, "", "g", deps=("doubled",), table="total"),
        ]  # fmt: skip
        self.stages = {stage.name: stage for stage in stages}
        self.definitions = dg.Definitions(
            assets=[asset_of(stage, self.stages) for stage in stages], resources={"platform": Platform(home=str(home))}
        )

    def state(self, lake: Lake, settings: Settings, key: str) -> dict[str, str]:
        return {"source": str(self.source[key])}

    def find(self, build: Build) -> None:
        self.made.append(f"found {build.key}")
        build.commit.write("found", numbers([value for value in self.source[build.key] if value >= 0]))

    def double(self, build: Build) -> None:
        self.made.append(f"doubled {build.key}")
        if self.broken:
            raise RuntimeError("no room for two")
        values = build.lake.read("found", "found", f"dataset={build.key}")["value"].to_pylist()
        build.commit.write("doubled", numbers([2 * value for value in values]))

    def total(self, build: Build) -> None:
        self.made.append("total")
        build.commit.write("total", numbers([sum(build.lake.read("doubled", "doubled")["value"].to_pylist())]))

    def run(self, instance: dg.DagsterInstance, select: str | None = None) -> Report:
        self.made.clear()
        sync_partitions(instance, self.source, [])
        return run(self.definitions, self.stages, self.settings, instance, sorted(self.source), [], select)

    def answer(self) -> int:
        return int(Lake(self.settings.home).read("total", "total")["value"][0].as_py())


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture
def line(tmp_path: Path) -> Callable[[Source], Line]:
    return lambda source: Line(tmp_path, source)


def test_everything_is_made_once(line: Callable[[Source], Line], instance: dg.DagsterInstance) -> None:
    small = line({"a": [1, 2], "b": [3]})
    report = small.run(instance)
    assert not report.failed
    assert small.made == ["found a", "doubled a", "found b", "doubled b", "total"]
    assert small.answer() == 12
    assert [(item.stage, item.rows) for item in report.lines] == [
        ("found", 2), ("doubled", 2), ("found", 1), ("doubled", 1), ("total", 1),
    ]  # fmt: skip
    assert small.run(instance).lines == []


def test_only_what_changed_is_made_again(line: Callable[[Source], Line], instance: dg.DagsterInstance) -> None:
    small = line({"a": [1, 2], "b": [3]})
    small.run(instance)
    small.source["b"] = [4]
    small.run(instance)
    assert small.made == ["found b", "doubled b", "total"]
    assert small.answer() == 14


def test_equal_content_starts_nothing_further(line: Callable[[Source], Line], instance: dg.DagsterInstance) -> None:
    small = line({"a": [1]})
    small.run(instance)
    small.source["a"] = [1, -1]  # the source changed, what is found in it did not
    report = small.run(instance)
    assert small.made == ["found a"]
    assert [item.rebuilt for item in report.lines] == [True, False]


def test_a_new_data_set_joins_and_one_that_is_gone_leaves(
    line: Callable[[Source], Line], instance: dg.DagsterInstance
) -> None:
    small = line({"a": [1]})
    small.run(instance)
    small.source["c"] = [10]
    small.run(instance)
    assert small.made == ["found c", "doubled c", "total"]
    del small.source["a"]
    for stage in ("found", "doubled"):
        Lake(small.settings.home).drop(stage, "dataset=a")
    small.run(instance)
    assert small.made == ["total"] and small.answer() == 20
    assert instance.get_dynamic_partitions("dataset") == ["c"]


def test_a_failure_is_said_and_the_next_run_completes(
    line: Callable[[Source], Line], instance: dg.DagsterInstance
) -> None:
    small = line({"a": [1]})
    small.broken = True
    report = small.run(instance)
    assert any("dataset a: doubled: RuntimeError: no room for two" in text for text in report.failed)
    small.broken = False
    assert not small.run(instance).failed
    assert small.answer() == 2


def test_changed_code_makes_again(line: Callable[[Source], Line], instance: dg.DagsterInstance) -> None:
    small = line({"a": [1]})
    small.run(instance)
    changed = dict(small.stages)
    changed["doubled"] = Stage("doubled", small.double, "", "g", "dataset", deps=("found",), constants="2")
    found = stale(changed, Lake(small.settings.home), small.settings, "dataset", "a")
    assert [(item.stage, item.why) for item in found] == [("doubled", "code changed")]


def test_what_dagster_does_not_know_is_recorded_without_work(
    line: Callable[[Source], Line], instance: dg.DagsterInstance
) -> None:
    small = line({"a": [1]})
    small.run(instance)
    with dg.DagsterInstance.ephemeral() as fresh:
        report = small.run(fresh)
        assert small.made == []
        assert [item.rebuilt for item in report.lines] == [False, False, False]
        assert fresh.get_materialized_partitions(dg.AssetKey("doubled")) == {"a"}


def test_a_selection_takes_what_it_is_made_of(line: Callable[[Source], Line], instance: dg.DagsterInstance) -> None:
    small = line({"a": [1]})
    small.run(instance, select="doubled")
    assert small.made == ["found a", "doubled a"]
    with pytest.raises(ValueError, match="no asset"):
        small.run(instance, select="tripled")


def test_a_circle_is_refused() -> None:
    def nothing(build: Build) -> None:
        raise AssertionError

    one = Stage("one", nothing, "", "g", deps=("two",))
    two = Stage("two", nothing, "", "g", deps=("one",))
    with pytest.raises(ValueError, match="one -> two -> one"):
        topological({"one": one, "two": two})
