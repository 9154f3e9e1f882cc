"""Small data sets of real MIDI files, found and read as the platform does it."""

import hashlib
from pathlib import Path

import pyarrow as pa

from boumb_assets.events.assets import MIDI_EVENTS
from boumb_assets.ingest.demo import write_demo
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.store import Lake
from boumb_assets.settings import Settings
from boumb_assets.stages import Outcome, Stage, run_stage

PARTITION = "dataset=d"


def compose(folder: Path, copies: int = 1) -> None:
    """Writes a few hundred files, ours, ``copies`` times with other notes, and one that is no music."""
    for seed in range(copies):
        write_demo(folder / str(seed), seed=seed)
    (folder / "text.mid").write_bytes(b"no music")


def find(home: Path, folder: Path, limit: int | None = None) -> None:
    """Commits a raw_midi of the files of ``folder``, of the first ``limit``, as its scan would."""
    rows = []
    for path in sorted(folder.rglob("*.mid"))[:limit]:
        data = path.read_bytes()
        known = {"dataset": "d", "path": path.relative_to(folder).as_posix(), "bytes": len(data), "mtime_ns": 0}
        rows.append({**known, "sha256": hashlib.sha256(data).hexdigest(), "source": str(folder)})
    with Lake(home).writing("raw_midi", PARTITION) as commit:
        commit.write("raw_midi", pa.Table.from_pylist(rows, RAW))
        commit.commit({}, {"folder": str(folder)})


def read(settings: Settings) -> Outcome:
    """Makes midi_events of it."""
    raw = Stage("raw_midi", lambda build: None, "", "", dimension="dataset")
    stages = {"raw_midi": raw, "midi_events": MIDI_EVENTS}
    return run_stage(MIDI_EVENTS, stages, Lake(settings.home), settings, "d", lambda text: None)


def lake_bytes(home: Path) -> dict[str, str]:
    """The sha256 of every file that a manifest of the lake lists, and of the manifests, by path. Raises AssertionError
    for a file that is not as its manifest says."""
    lake, found = Lake(home), {}
    for manifest in lake.manifests():
        folder = lake.folder(manifest.stage, manifest.partition)
        for file in manifest.files:
            found[f"{manifest.stage}/{file.path}"] = hashlib.sha256((folder / file.path).read_bytes()).hexdigest()
            assert found[f"{manifest.stage}/{file.path}"] == file.sha256, file.path
        found[f"{manifest.stage}/manifest"] = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    return found
