"""The door of the events: midi_events."""

from pathlib import Path
from typing import Final

import pyarrow as pa

from boumb_assets.events.engine_work import TABLES, FileReader, batches_of
from boumb_assets.events.extract import METADATA, FileTask
from boumb_assets.lake.making import Shard, make_shards
from boumb_assets.lake.shards import ShardRows, keep_shards, shard_count
from boumb_assets.lake.store import Lake
from boumb_assets.lake.unfinished import Unfinished
from boumb_assets.rights.takedowns import active_takedowns, print_index, stored_prints, takedowns_digest, taken_files
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage


def _make(build: Build) -> None:
    partition = f"dataset={build.key}"
    columns = ["path", "sha256", "bytes", *METADATA]
    raw = build.lake.read("raw_midi", "raw_midi", partition, columns)
    found = build.lake.manifest("raw_midi", partition)
    root = Path(str(found.facts["folder"])) if found is not None else Path()
    # The digest first: where a takedown is said in between, what is made here counts as made before it.
    context = takedowns_digest(build.lake.home)
    takedowns = active_takedowns(build.lake.home)
    # By the prints of the generation before; a file that is new is compared when it is read.
    known = taken_files(raw, stored_prints(build.lake, partition) if takedowns else None, takedowns)
    told = pa.array([known.get(sha256) for sha256 in raw["sha256"].to_pylist()], pa.string())
    shards = shard_count(build.commit.previous, raw.num_rows)
    rows = ShardRows(raw.append_column("takedown", told), shards)
    keys = {shard: rows.key(shard, build.code) for shard in range(shards)}
    stale = keep_shards(build.commit, keys, TABLES)
    # A takedown that came since is known to no shard that was made before it: its files may be new in this generation.
    unfinished = Unfinished(build.commit, context)
    left = unfinished.take_over(keys, stale, TABLES)
    wanted = (_shard(rows.rows(shard), shard, keys[shard], root) for shard in left)
    reader = FileReader(build.key, print_index(takedowns))
    options = build.settings.engine_options
    make_shards(build.commit, options, reader, len(left), wanted, "midi_events", finished=unfinished.remember)
    build.facts.update({"shards": shards, "shards_rebuilt": len(stale), "shards_kept": shards - len(stale)})


def _shard(rows: pa.Table, number: int, key: str, root: Path) -> Shard[FileTask]:
    """What a shard is made from, by its rows of raw_midi."""
    tasks = [
        FileTask(
            str(root / row["path"]),
            row["path"],
            row["sha256"],
            {name: row[name] for name in METADATA if row[name] is not None},
            row["takedown"],
        )
        for row in rows.to_pylist()
    ]
    return Shard(number, key, tuple(batches_of(tasks, rows["bytes"].to_pylist())))


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
    rooms=("boumb_assets.events", "boumb_assets.theory", "boumb_assets.rights.takedowns", "boumb_assets.lake.parquet"),
    packages=("numba",),
    extra=_extra,
    table="midi_events",
    kinds=frozenset({"parquet", "python"}),
)
