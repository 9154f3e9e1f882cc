"""The Ray engine on a real cluster of two nodes: the same bytes as from the local one, whatever is lost on the way."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boumb_assets.lake.engine import Engine
from boumb_assets.lake.making import Shard, make_shards
from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake, LakeFullError
from boumb_assets.settings import Settings
from boumb_assets_tests.end_to_end.music_sets import compose, find, lake_bytes, read
from boumb_assets_tests.lake.crews import FullDisk, Names

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ray")]

ENVIRONMENT = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # or Ray puts the host's address in the place of the loopback's
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "disabled",  # a cluster that nothing outside reaches leaves no token in anybody's home
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of two CPUs on this machine; the driver is connected to it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'boumb_assets[ray]'")
        from ray.cluster_utils import Cluster

        node = {"node_ip_address": "127.0.0.1", "num_cpus": 2, "num_gpus": 0, "object_store_memory": 100_000_000}
        made = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        made.add_node(**node)
        made.wait_for_nodes()
        ray.init(address=made.address, log_to_driver=False, logging_level="error")
        yield made
        ray.shutdown()
        made.shutdown()


def made(home: Path, engine: Engine, tasks: list[str], shards: int, timeout_s: float = 30) -> Manifest:
    with Lake(home).writing("names", "dataset=d") as commit:
        todo = (
            Shard(number, "", tuple(tuple(tasks[place:place + 5]) for place in range(number * 10, number * 10 + 10, 5)))
            for number in range(shards)
        )  # fmt: skip
        make_shards(commit, engine, Names(), shards, todo, "names", timeout_s)
        return commit.commit({})


def engine(cluster: Any, workers: int = 2) -> Engine:
    return Engine("ray", workers, cluster.address)


def test_the_events_are_those_of_the_local_engine(cluster: Any, tmp_path: Path) -> None:
    compose(tmp_path / "songs")
    chosen = {
        "local": Settings(home=tmp_path / "local", workers=1),
        "ray": Settings(home=tmp_path / "ray", engine="ray", ray_address=cluster.address),
    }
    for home, settings in chosen.items():
        find(tmp_path / home, tmp_path / "songs")
        assert read(settings).built
    assert lake_bytes(tmp_path / "ray") == lake_bytes(tmp_path / "local")


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(cluster: Any, tmp_path: Path) -> None:
    tasks = [f"song {number}" for number in range(80)]
    tasks[17] = f"once {tmp_path / 'killed'}"  # its process kills the Ray worker that it works for, once
    found = made(tmp_path / "ray", engine(cluster), tasks, 8)
    assert (tmp_path / "killed").exists()
    assert found == made(tmp_path / "local", Engine("local", 1), tasks, 8)
    assert found.rows("lost") == 0


def test_a_task_that_kills_its_own_process_is_named(cluster: Any, tmp_path: Path) -> None:
    tasks = [f"song {number}" for number in range(20)]
    tasks[3], tasks[14] = "crash", "hang"
    found = made(tmp_path / "ray", engine(cluster), tasks, 2, timeout_s=8)
    lost = Lake(tmp_path / "ray").read("names", "lost")
    assert (lost["name"].to_pylist(), lost["kind"].to_pylist()) == (["crash", "hang"], ["crash", "timeout"])
    assert found == made(tmp_path / "local", Engine("local", 2), tasks, 2, timeout_s=8)


def test_a_full_disk_and_a_fault_of_the_work_are_told(cluster: Any, tmp_path: Path) -> None:
    with pytest.raises(LakeFullError, match="no room"), Lake(tmp_path).writing("names") as commit:
        make_shards(commit, engine(cluster), FullDisk(), 1, [Shard(0, "", (("a",),))], "names")
    with pytest.raises(RuntimeError, match="a fault of the work itself"):
        made(tmp_path, engine(cluster), ["raise"], 1)


def test_a_node_that_is_lost_in_the_middle_costs_nothing(cluster: Any, tmp_path: Path) -> None:
    tasks = [f"wait {number}" for number in range(120)]
    node = cluster.add_node(node_ip_address="127.0.0.1", num_cpus=2, num_gpus=0, object_store_memory=100_000_000)
    cluster.wait_for_nodes()

    def lose() -> None:
        drafts = Lake(tmp_path / "ray").folder("names", "dataset=d")
        while not list(drafts.glob("*.parquet")):
            time.sleep(0.02)
        cluster.remove_node(node, allow_graceful=False)

    loser = threading.Thread(target=lose)
    loser.start()
    found = made(tmp_path / "ray", engine(cluster, 6), tasks, 12)
    loser.join()
    assert found == made(tmp_path / "local", Engine("local", 2), tasks, 12)
