"""The doors of the corpus: loops, structures, training_data."""

from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from boumb_assets.corpus.jsonl import write_rows
from boumb_assets.corpus.loops import LoopSettings, cut_loops
from boumb_assets.corpus.rows import RowSettings, training_rows
from boumb_assets.corpus.structures import derive_structures
from boumb_assets.lake.manifest import Manifest, digest_of
from boumb_assets.lake.shards import rebuild_shards, shard_key
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rights.second_look import refused_mix
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage, StageError

FROM_EVENTS: Final = ("boumb_assets.theory", "boumb_assets.contracts")
JSONL_SHARDS: Final = 4
READ: Final = ("midi_events", "file_facts")  # of the tables of midi_events


def _events(build: Build) -> Manifest:
    manifest = build.lake.manifest("midi_events", f"dataset={build.key}")
    if manifest is None:
        raise StageError(f"midi_events of {build.key} was not made yet: run `boumb run`")
    return manifest


def _by_shard(
    build: Build, table: str, settings: Any, derive: Callable[[pa.Table, pa.Table], tuple[pa.Table, dict[str, int]]]
) -> None:
    """Maps ``derive(events, facts)`` over the shards of midi_events, and keeps the shards whose events are the same."""
    events = _events(build)
    shards = {file.shard for file in events.files}
    keys = {
        shard: shard_key(
            build.code,
            digest_of(settings),
            *(file.sha256 for file in events.files if file.shard == shard and file.table in READ),
        )
        for shard in shards
    }

    def one(shard: int) -> dict[str, pa.Table]:
        notes, facts = (
            pa.concat_tables(
                pq.read_table(build.lake.folder("midi_events", events.partition) / file.path, partitioning=None)
                for file in events.of_table(name)
                if file.shard == shard
            )
            for name in READ
        )
        rows, counts = derive(notes, facts)
        reasons = pa.table({
            "dataset": pa.array([build.key] * len(counts), pa.string()),
            "filter": pa.array(list(counts), pa.string()),
            "count": pa.array(list(counts.values()), pa.int64()),
        })  # fmt: skip
        return {table: rows, f"{table}_dropped": reasons}

    built, kept = rebuild_shards(build.commit, keys, (table, f"{table}_dropped"), one, table)
    build.facts.update({"shards_rebuilt": built, "shards_kept": kept})


def _make_loops(build: Build) -> None:
    settings = LoopSettings(**build.settings.loops.model_dump())

    def derive(events: pa.Table, facts: pa.Table) -> tuple[pa.Table, dict[str, int]]:
        made = cut_loops(events, facts, settings)
        return made.table, made.dropped

    _by_shard(build, "loops", build.settings.loops.model_dump(), derive)


def _make_structures(build: Build) -> None:
    def derive(events: pa.Table, facts: pa.Table) -> tuple[pa.Table, dict[str, int]]:
        made = derive_structures(events, facts)
        return made.table, made.dropped

    _by_shard(build, "structures", None, derive)


def _loop_settings(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"settings": digest_of(settings.loops.model_dump())}


def _data_settings(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"settings": digest_of(settings.data.model_dump())}


# The rows of the mix with what the wording of prompts needs, and the rights they come under. What a user asked for goes
# with a loop that has all notes of its file: half of an answer is not what they were given.
MIX_QUERY: Final = """
select mix.loop_id, mix.dataset, mix.sha256, mix.work_group, mix.split, mix.contract, mix.transpose,
       mix.role, mix.style,
       loops.content, loops.bpm, loops.key_root, loops.scale, loops.bars, loops.density, loops.swing, loops.syncopation,
       loops.lowest, loops.highest, loops.title, loops.composer,
       ledger.train as rights_train, ledger.obligations as rights,
       case when mix.transpose = 0 and loops.notes = catalogue.notes then catalogue.asked end as asked
from mix
join loops on loops.loop_id = mix.loop_id and loops.dataset = mix.dataset
join rights_ledger as ledger
  on ledger.dataset = mix.dataset and ledger.sha256 = mix.sha256 and ledger.path = loops.path
left join catalogue
  on catalogue.dataset = mix.dataset and catalogue.sha256 = mix.sha256 and catalogue.path = loops.path
order by mix.work_group, mix.loop_id, mix.transpose
"""
STRUCTURES_QUERY: Final = """
select structures.*, kin.work_group, split.split, gate.cleared as rights_train, ledger.obligations as rights
from structures
left join (
  select distinct loops.sha256, duplicates.work_group from loops join duplicates on duplicates.loop_id = loops.loop_id
) as kin on kin.sha256 = structures.sha256
left join split on split.work_group = kin.work_group
join rights_ledger as ledger
  on ledger.dataset = structures.dataset and ledger.sha256 = structures.sha256 and ledger.path = structures.path
join stg_rights as gate
  on gate.dataset = structures.dataset and gate.sha256 = structures.sha256 and gate.path = structures.path
where gate.cleared
order by structures.structure_id
"""


def _make_training_data(build: Build) -> None:
    data = build.settings.data
    with connect(build.lake) as connection:
        mix = connection.sql(MIX_QUERY).to_arrow_table()
        structures = connection.sql(STRUCTURES_QUERY).to_arrow_table()
    settings = RowSettings(data.prompts_per_loop, data.seed, data.max_answer_tokens)
    folder = build.commit.workspace()
    written = write_rows(training_rows(mix, structures, settings), folder, JSONL_SHARDS, total=mix.num_rows)
    build.commit.adopt(folder, "jsonl")
    build.commit.write("training_rows", written.provenance)
    build.facts.update(written.facts)


def _modules(*names: str) -> tuple[str, ...]:
    return tuple(f"boumb_assets.corpus.{name}" for name in names)


LOOPS: Final = Stage(
    name="loops",
    make=_make_loops,
    description=(
        "Loops of two and four bars in 4/4, a track and a role each, as the contract writes them, with the loss of "
        "that; what each filter removed."
    ),
    group="music",
    dimension="dataset",
    deps=("midi_events",),
    rooms=(*_modules("loops", "schema"), "boumb_assets.events.roles", *FROM_EVENTS),
    extra=_loop_settings,
    table="loops",
    kinds=frozenset({"parquet", "python"}),
)
STRUCTURES: Final = Stage(
    name="structures",
    make=_make_structures,
    description=(
        "The form of whole pieces: sections, keys, chords, cadences, motifs, with the request that would ask for it."
    ),
    group="music",
    dimension="dataset",
    deps=("midi_events",),
    rooms=(
        *_modules(
            "structures", "structures_schema", "cadences", "manner", "motifs", "piece", "plan", "reduction", "sections"
        ),
        *FROM_EVENTS,
    ),
    table="structures",
    kinds=frozenset({"parquet", "python"}),
)
TRAINING_DATA: Final = Stage(
    name="training_data",
    make=_make_training_data,
    description=(
        "Chat rows as zstd JSONL, each answer valid by its contract, with the way back from each row to its file "
        "and its rights."
    ),
    group="corpus",
    deps=(
        "mix",
        "duplicates",
        "split",
        "rights_gate",
        "stg_rights",
        "catalogue",
        "loops",
        "structures",
        "rights_ledger",
    ),
    rooms=(
        "boumb_assets.corpus.rows",
        "boumb_assets.corpus.jsonl",
        "boumb_assets.corpus.transpose",
        "boumb_assets.prompts",
        *FROM_EVENTS,
    ),
    extra=_data_settings,
    guard=refused_mix,
    table="training_rows",
    kinds=frozenset({"jsonl", "parquet"}),
)
