"""The sensor that compares levels: it asks for what is stale, in the order of the line, and once for each state."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from boumb_assets.rebuild import run, sync_partitions
from boumb_assets.resources import Platform
from boumb_assets.sensors import sensors_of
from boumb_assets_tests.test_rebuild import Line


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def tick(line: Line, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    jobs = [
        dg.define_asset_job(name, dg.AssetSelection.assets(*assets))
        for name, assets in (("data_set", ["found", "doubled"]), ("corpus", ["total"]), ("variant", ["total"]))
    ]
    _, sensor = sensors_of(line.stages, jobs)
    context = dg.build_sensor_context(instance=instance, resources={"platform": Platform(home=str(line.settings.home))})
    found = sensor(context)
    return [request for request in found if isinstance(request, dg.RunRequest)]  # type: ignore[union-attr]


def names(request: dg.RunRequest) -> list[str]:
    return [key.path[-1] for key in request.asset_selection or []]


def test_it_asks_for_the_first_stale_part_of_the_line(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    line = Line(tmp_path, {"a": [1], "b": [2]})
    sync_partitions(instance, line.source, [])
    requests = tick(line, instance)
    assert [(request.job_name, request.partition_key) for request in requests] == [("data_set", "a"), ("data_set", "b")]
    assert names(requests[0]) == ["found", "doubled"]
    run(line.definitions, line.stages, line.settings, instance, ["a", "b"], [], "doubled")
    (request,) = tick(line, instance)
    assert (request.job_name, request.partition_key, names(request)) == ("corpus", None, ["total"])
    line.run(instance)
    assert tick(line, instance) == []


def test_a_state_has_one_key_and_another_state_another(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    line = Line(tmp_path, {"a": [1]})
    line.run(instance)
    keys = []
    for values in ([2], [2], [3]):
        line.source["a"] = values
        (request,) = tick(line, instance)
        keys.append(request.run_key)
    assert keys[0] == keys[1] != keys[2]
