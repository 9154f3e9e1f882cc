"""A kill in the middle of any asset: a reader sees a whole generation or none, and the next run completes."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from boumb_assets.lake.store import Lake
from boumb_assets.rebuild import topological

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]

# Runs the line with a few steps of training, on a small data set, and kills itself when `stage` is about to commit or,
# if `moment` is "files", when it has written its first file.
KILLER = """
import os, signal, sys
from pathlib import Path
from boumb_assets.cli.core import prepare_home
from boumb_assets.lake import store
from boumb_assets.line import materialise
from boumb_assets.settings import load_settings
from boumb_assets.terminal import Bars

def serve(stage, moment):
    real_manifest, real_settle = store.write_manifest, store._settle
    def die():
        os.kill(os.getpid(), signal.SIGKILL)
    def write_manifest(folder, manifest):
        if manifest.stage == stage and moment == "commit":
            die()
        real_manifest(folder, manifest)
    def settle(aside, target):
        real_settle(aside, target)
        if f"/lake/{stage}/" in target.as_posix() and moment == "files":
            die()
    store.write_manifest, store._settle = write_manifest, settle
    settings = load_settings()
    prepare_home(settings)
    report = materialise(settings, [], [], None, Bars())
    sys.exit(1 if report.failed else 0)

import boumb_assets.definitions, torch, transformers, peft  # once, before the forks
for request in sys.stdin:
    stage, moment = request.split()
    child = os.fork()
    if child == 0:
        serve(stage, moment)
    _, status = os.waitpid(child, 0)
    print(status, flush=True)
"""


def whole(home: Path) -> set[str]:
    """Checks that every committed file is there as its manifest says; the stages that are committed."""
    lake = Lake(home)
    stages = set()
    for manifest in lake.manifests():
        stages.add(manifest.stage)
        for file in manifest.files:
            path = lake.folder(manifest.stage, manifest.partition) / file.path
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256, path
    return stages


def test_a_kill_in_any_asset(tmp_path: Path) -> None:
    from boumb_assets.definitions import STAGES

    home = tmp_path / "home"
    environment = {
        **os.environ, "BOUMB_HOME": str(home), "DAGSTER_HOME": str(home / "dagster"), "OMP_NUM_THREADS": "1",
        "BOUMB_TRAINING_BASE_STEPS": "2", "BOUMB_TRAINING_LORA_STEPS": "2",
    }  # fmt: skip
    songs = tmp_path / "songs"
    small_data_set(songs)
    subprocess.run([sys.executable, "-m", "boumb_assets", "dataset", "add", "songs", str(songs), "--licence", "CC0-1.0",
                    "--composition", "own"], env=environment, check=True)  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-c", KILLER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    orders, statuses = server.stdin, server.stdout
    assert orders is not None and statuses is not None

    def run(stage: str, moment: str) -> int:
        orders.write(f"{stage} {moment}\n")
        orders.flush()
        return int(statuses.readline())

    try:
        for number, stage in enumerate(topological(STAGES)):
            for manifest in (home / "lake" / stage.name).rglob("manifest.json"):
                manifest.unlink()  # made on the way to an earlier kill
            status = run(stage.name, ("files", "commit")[number % 2])
            assert os.WTERMSIG(status) == signal.SIGKILL, f"{stage.name} was not reached: {status}"
            assert stage.name not in whole(home)
        assert run("nothing", "commit") == 0
        assert whole(home) == set(STAGES)
    finally:
        orders.close()
        server.wait(timeout=60)
    assert list(home.rglob(".tmp-*")) == []


def small_data_set(folder: Path) -> None:
    """Enough loops that every split has some."""
    from boumb_assets.ingest.demo import write_demo

    everything = folder.with_name("everything")
    write_demo(everything, seed=1)
    for style in ("funk", "house", "techno", "tunes"):
        shutil.copytree(everything / style, folder / style)
