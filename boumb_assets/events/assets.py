"""The door of the events: midi_events."""

from pathlib import Path
from typing import Final

import pyarrow as pa

from boumb_assets.events.extract import METADATA, FileTask, extract_isolated
from boumb_assets.lake.shards import rebuild_shards, shard_count, shard_key, shard_of
from boumb_assets.lake.store import Lake
from boumb_assets.rights.takedowns import active_takedowns, print_index, stored_prints, takedowns_digest, taken_files
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage

TABLES: Final = ("midi_events", "file_facts", "file_prints", "rejected")


def _make(build: Build) -> None:
    partition = f"dataset={build.key}"
    raw = build.lake.read("raw_midi", "raw_midi", partition)
    found = build.lake.manifest("raw_midi", partition)
    root = Path(str(found.facts["folder"])) if found is not None else Path()
    takedowns = active_takedowns(build.lake.home)
    # By the prints of the generation before; a file that is new is compared when it is read.
    known = taken_files(raw, stored_prints(build.lake, partition) if takedowns else None, takedowns)
    taken = print_index(takedowns)
    tasks = [
        FileTask(
            str(root / row["path"]),
            row["path"],
            row["sha256"],
            {name: row[name] for name in METADATA if row[name] is not None},
            known.get(row["sha256"]),
        )
        for row in raw.to_pylist()
    ]
    shards = shard_count(build.commit.previous, len(tasks))
    by_shard: dict[int, list[FileTask]] = {shard: [] for shard in range(shards)}
    for task in tasks:
        by_shard[shard_of(task.path, shards)].append(task)
    keys = {
        shard: shard_key(
            build.code,
            *(f"{task.path} {task.sha256} {sorted(task.metadata.items())} {task.takedown or ''}" for task in members),
        )
        for shard, members in by_shard.items()
    }

    def one(shard: int) -> dict[str, pa.Table]:
        made = extract_isolated(by_shard[shard], build.key, build.settings.processes, taken=taken)
        return dict(zip(TABLES, (made.events, made.files, made.prints, made.rejected), strict=True))

    built, kept = rebuild_shards(build.commit, keys, TABLES, one, "midi_events")
    build.facts.update({"shards": shards, "shards_rebuilt": built, "shards_kept": kept})


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"takedowns": takedowns_digest(lake.home)}


MIDI_EVENTS: Final = Stage(
    name="midi_events",
    make=_make,
    description=(
        "Each note of each readable file, in ticks, in seconds and on the grid; the facts of each file; a print by "
        "which its music is known again; what could not be read or was taken down, with a typed reason."
    ),
    group="music",
    dimension="dataset",
    deps=("raw_midi",),
    rooms=("boumb_assets.events", "boumb_assets.theory", "boumb_assets.rights.takedowns"),
    packages=("symusic",),
    extra=_extra,
    table="midi_events",
    kinds=frozenset({"parquet", "python"}),
)
