"""The doors of the corpus: loops, structures, training_data."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from boumb_assets.corpus.loops import EVENT_NAMES, EVENTS_READ, FILES_READ, LoopSettings, cut_loops
from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.schema import LOOPS_FORM
from boumb_assets.corpus.structures import derive_structures
from boumb_assets.lake.manifest import Manifest, digest, digest_of
from boumb_assets.lake.parquet import TableForm
from boumb_assets.lake.shards import rebuild_shards, shard_key
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rights.second_look import refused_mix
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage, StageError

FROM_EVENTS: Final = ("boumb_assets.theory", "boumb_assets.contracts")
CARD: Final = "training_data.html"
OVERVIEW: Final = "overview.svg"
READ: Final = ("midi_events", "file_facts")  # of the tables of midi_events
# What loops are cut from: the columns of each of them.
LOOPS_READ: Final = MappingProxyType({"midi_events": list(EVENTS_READ), "file_facts": list(FILES_READ)})


def _events(build: Build) -> Manifest:
    manifest = build.lake.manifest("midi_events", f"dataset={build.key}")
    if manifest is None:
        raise StageError(f"midi_events of {build.key} was not made yet: run `boumb run`")
    return manifest


def _by_shard(
    build: Build,
    table: str,
    settings: Any,
    derive: Callable[[pa.Table, pa.Table], tuple[pa.Table, pa.Table]],
    columns: Mapping[str, list[str]] = MappingProxyType({}),
    forms: Mapping[str, TableForm] = MappingProxyType({}),
) -> None:
    """Maps ``derive(events, facts)`` over the shards of midi_events, and keeps the shards whose events are the same; it
    gives the rows of ``table``, and those of a table on what was left out.
    ``columns`` by table are those that are read, all where it says nothing; of events the names are dictionaries
    then."""
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
                pq.read_table(
                    build.lake.folder("midi_events", events.partition) / file.path,
                    partitioning=None,
                    columns=columns.get(name),
                    read_dictionary=list(EVENT_NAMES) if name == "midi_events" and name in columns else None,
                )
                for file in events.of_table(name)
                if file.shard == shard
            )
            for name in READ
        )
        rows, dropped = derive(notes, facts)
        return {table: rows, f"{table}_dropped": dropped}

    built, kept = rebuild_shards(build.commit, keys, (table, f"{table}_dropped"), one, table, forms)
    build.facts.update({"shards_rebuilt": built, "shards_kept": kept})


@contextmanager
def _system_memory() -> Iterator[None]:
    """Within it Arrow takes its memory from the system: a shard's tables are read, used once and freed, and Arrow's own
    pool would have new pages cleared for each, a quarter of the time."""
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def _make_loops(build: Build) -> None:
    settings = LoopSettings(**build.settings.loops.model_dump())

    def derive(events: pa.Table, facts: pa.Table) -> tuple[pa.Table, pa.Table]:
        made = cut_loops(events, facts, settings)
        counts = made.dropped
        return made.table, pa.table({
            "dataset": pa.array([build.key] * len(counts), pa.string()),
            "filter": pa.array(list(counts), pa.string()),
            "count": pa.array(list(counts.values()), pa.int64()),
        })  # fmt: skip

    with _system_memory():
        _by_shard(build, "loops", build.settings.loops.model_dump(), derive, LOOPS_READ, {"loops": LOOPS_FORM})


def _make_structures(build: Build) -> None:
    def derive(events: pa.Table, facts: pa.Table) -> tuple[pa.Table, pa.Table]:
        made = derive_structures(events, facts)
        return made.table, made.dropped

    _by_shard(build, "structures", None, derive)


def _loop_settings(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"settings": digest_of(settings.loops.model_dump())}


def _data_settings(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"settings": digest_of(settings.data.model_dump())}


def _make_training_data(build: Build) -> None:
    from boumb_assets.corpus.training_data import TABLES_READ, write_training_data

    data = build.settings.data
    settings = RowSettings(data.prompts_per_loop, data.seed, data.max_answer_tokens, data.transpose, data.keys)
    code = digest(build.code, digest_of(data.model_dump()))
    with connect(build.lake, build.threads, TABLES_READ) as connection:
        made = write_training_data(connection, build.commit, settings, round(data.shard_mib * (1 << 20)), code)
    build.facts.update(made)


def _make_card(build: Build) -> None:
    from boumb_assets.corpus.card import data_card
    from boumb_assets.corpus.jsonl import row_at

    rows, data = build.lake.manifest("training_data"), build.settings.data
    left_out = rows.facts["left_out"] if rows is not None else {}
    place = partial(row_at, build.lake.artefact("training_data"))
    with connect(build.lake) as connection:
        card = data_card(connection, place, left_out, data.max_answer_tokens, data.seed)
    folder = build.commit.workspace()
    (folder / CARD).write_text(card.html, encoding="utf-8")
    (folder / OVERVIEW).write_text(card.overview, encoding="utf-8")
    build.commit.adopt(folder, "card")
    build.facts.update(card.numbers)


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
        "The form of whole pieces: sections, keys, chords, cadences, motifs, how sure each is, with the request that "
        "would ask for it; why the other files give none."
    ),
    group="music",
    dimension="dataset",
    deps=("midi_events",),
    rooms=(
        *_modules("structures", "cadences", "piece"),
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
        "file_splits",
        "rights_gate",
        "stg_rights",
        "catalogue",
        "loops",
        "structures",
        "rights_ledger",
    ),
    rooms=(
        *_modules(
            "answer_length",
            "draws",
            "jsonl",
            "known_loops",
            "loop_facts",
            "moves",
            "row_kernel",
            "row_lines",
            "row_settings",
            "rows",
            "rows_schema",
            "said",
            "shard_index",
            "shard_rows",
            "structure_rows",
            "system_messages",
            "text_kernel",
            "training_data",
        ),
        "boumb_assets.prompts",
        *FROM_EVENTS,
    ),
    extra=_data_settings,
    guard=refused_mix,
    table="training_rows",
    kinds=frozenset({"jsonl", "parquet"}),
)
TRAINING_DATA_CARD: Final = Stage(
    name="training_data_card",
    make=_make_card,
    description=(
        "What the training data are made of, to look at: keys, tempi, roles, lengths in tokens, sources, licences, "
        "what each filter removed, and 60 rows with their piano rolls; one HTML file."
    ),
    group="corpus",
    deps=("training_data", "loops", "rights_ledger"),
    rooms=(
        *_modules("card"),
        "boumb_assets.render.charts",
        "boumb_assets.render.loops",
        "boumb_assets.render.page",
        "boumb_assets.render.piano_roll",
        "boumb_assets.contracts",
        "boumb_assets.theory",
    ),
    extra=_data_settings,
    picture=OVERVIEW,
    kinds=frozenset({"html", "svg"}),
)
