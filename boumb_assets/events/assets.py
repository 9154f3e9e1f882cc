"""The door of the events: midi_events."""

from pathlib import Path
from typing import Final

import pyarrow as pa

from boumb_assets.events.extract import FileTask, extract_isolated
from boumb_assets.lake.shards import rebuild_shards, shard_count, shard_key, shard_of
from boumb_assets.stages import Build, Stage

METADATA: Final = ("title", "composer", "composer_died", "style", "bpm", "official_split")


def _make(build: Build) -> None:
    partition = f"dataset={build.key}"
    raw = build.lake.read("raw_midi", "raw_midi", partition)
    found = build.lake.manifest("raw_midi", partition)
    root = Path(str(found.facts["folder"])) if found is not None else Path()
    tasks = [
        FileTask(
            str(root / row["path"]),
            row["path"],
            row["sha256"],
            {name: row[name] for name in METADATA if row[name] is not None},
        )
        for row in raw.to_pylist()
    ]
    shards = shard_count(build.commit.previous, len(tasks))
    by_shard: dict[int, list[FileTask]] = {shard: [] for shard in range(shards)}
    for task in tasks:
        by_shard[shard_of(task.path, shards)].append(task)
    keys = {
        shard: shard_key(
            build.code, *(f"{task.path} {task.sha256} {sorted(task.metadata.items())}" for task in members)
        )
        for shard, members in by_shard.items()
    }

    def one(shard: int) -> dict[str, pa.Table]:
        made = extract_isolated(by_shard[shard], build.key, build.settings.processes)
        return {"midi_events": made.events, "file_facts": made.files, "rejected": made.rejected}

    built, kept = rebuild_shards(build.commit, keys, ("midi_events", "file_facts", "rejected"), one, "midi_events")
    build.facts.update({"shards": shards, "shards_rebuilt": built, "shards_kept": kept})


MIDI_EVENTS: Final = Stage(
    name="midi_events",
    make=_make,
    description=(
        "Each note of each readable file, in ticks, in seconds and on the grid; the facts of each file; what could "
        "not be read, with a typed reason."
    ),
    group="music",
    dimension="dataset",
    deps=("raw_midi",),
    rooms=("boumb_assets.events", "boumb_assets.theory"),
    packages=("symusic",),
    table="midi_events",
    kinds=frozenset({"parquet", "python"}),
)
