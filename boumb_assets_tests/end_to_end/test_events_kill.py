"""A kill -9 at any moment of midi_events: a reader sees one generation or the other, whole, and the run after it makes
what an undisturbed one makes, byte for byte."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from boumb_assets_tests.end_to_end.music_sets import compose, find, lake_bytes

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]

MOMENTS = 40
FILES = (200, 170)  # of the data set, by version
TO_THE_END = 8  # a run to the end after so many killed ones

# Reads a home's data set in a forked process of its own group, and kills it after so many seconds, or with it all
# processes that it started.
SERVER = """
import os, signal, sys, time
from pathlib import Path
from boumb_assets.lake import shards
from boumb_assets.settings import Settings
from boumb_assets_tests.end_to_end.music_sets import MIDI_EVENTS, read

shards.FILES_A_SHARD = 20  # many shards of few files
MIDI_EVENTS.code  # is found out once, before the forks
for order in sys.stdin:
    home, seconds, whom, workers = order.split()
    child, began = os.fork(), time.monotonic()
    if child == 0:
        os.setsid()
        read(Settings(home=Path(home), workers=int(workers)))
        os._exit(0)
    ended = 0
    while not ended and time.monotonic() - began < float(seconds):
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.002)
    if not ended:
        (os.killpg if whom == "group" else os.kill)(child, signal.SIGKILL)
        ended, status = os.waitpid(child, 0)
    print(status, time.monotonic() - began, flush=True)
"""
Order = Callable[[Path, float, str, int], tuple[int, float]]


@contextmanager
def server() -> Iterator[Order]:
    """What runs and kills; its answers are the status of the process and the seconds that it lived."""
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    orders, answers = process.stdin, process.stdout
    assert orders is not None and answers is not None

    def order(home: Path, seconds: float, whom: str, workers: int) -> tuple[int, float]:
        orders.write(f"{home} {seconds} {whom} {workers}\n")
        orders.flush()
        status, lived = answers.readline().split()
        return int(status), float(lived)

    try:
        yield order
    finally:
        orders.close()
        process.wait(timeout=60)


def test_a_kill_at_any_moment(tmp_path: Path) -> None:
    compose(tmp_path / "songs")

    with server() as order:

        def run(home: Path, version: int) -> float:
            find(home, tmp_path / "songs", FILES[version])
            status, seconds = order(home, 600, "nobody", 1)
            assert status == 0
            return seconds

        undisturbed, home = tmp_path / "undisturbed", tmp_path / "home"
        run(undisturbed, 1)
        wanted: list[dict[str, str]] = [{}, {}]
        durations = []
        for version in (0, 1):  # each after the other
            durations.append(run(undisturbed, version))
            wanted[version] = lake_bytes(undisturbed)
        assert wanted[0] != wanted[1]
        for version in (1, 0):
            run(home, version)
        assert lake_bytes(home) == wanted[0]

        rng = random.Random(1)
        moments = [(place + rng.random()) / MOMENTS * max(durations) for place in range(MOMENTS)]
        rng.shuffle(moments)
        now, killed = 0, 0
        for number, moment in enumerate(moments):
            find(home, tmp_path / "songs", FILES[1 - now])
            status, _ = order(home, moment, ("group", "writer")[number % 2], 2 if number % 4 < 2 else 1)
            killed += status == signal.SIGKILL
            now = _generation(home, wanted)
            if number % TO_THE_END == TO_THE_END - 1:
                now = 1 - now
                run(home, now)
                assert lake_bytes(home) == wanted[now]
        assert killed > MOMENTS / 2


def _generation(home: Path, wanted: list[dict[str, str]]) -> int:
    """The version that the events are of, whole."""
    found = {path: sha256 for path, sha256 in lake_bytes(home).items() if path.startswith("midi_events/")}
    events = [{path: sha256 for path, sha256 in one.items() if path.startswith("midi_events/")} for one in wanted]
    assert found in events
    return events.index(found)
