"""The making of training_data: which shard a loop belongs to, which shards have to be made again, and making them one
after the other, so that memory follows the shard."""

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.contracts.registry import CONTRACTS
from boumb_assets.corpus.jsonl import SUFFIX, write_shard
from boumb_assets.corpus.row_settings import SPLITS, RowSettings
from boumb_assets.corpus.rows import loop_rows
from boumb_assets.corpus.rows_schema import ROWS_FORM, TRAINING_ROWS
from boumb_assets.corpus.shard_index import ShardEntry, read_index, write_index
from boumb_assets.corpus.shard_rows import ShardRows
from boumb_assets.corpus.structure_rows import structure_rows
from boumb_assets.lake.parquet import ShardWriter
from boumb_assets.lake.progress import report
from boumb_assets.lake.shards import keep_shards, shard_key
from boumb_assets.lake.store import Commit, told_when_full
from boumb_assets.lake.views import literal

MAX_SHARDS: Final = 512  # of a split and a contract
GROWTH: Final = 4  # times the size that a shard was meant to have: then there are more shards, and all are made again
ROW_BYTES: Final = 400  # around an answer: the prompt, a system message now and then, the keys
ESCAPED: Final = 1.2  # times as long as an answer is, escaped
BATCH: Final = 1 << 12
MEMORY: Final = "600MB"  # for the database, which sorts what is larger on disk

# What rows are made of, a loop each. What a user asked for goes with a loop that has all notes of its file: half of an
# answer is not what they were given.
LOOPS_QUERY: Final = """
select loops.loop_id, loops.dataset, loops.sha256, loops.contract, loops.content, loops.role, loops.style,
       loops.bars, loops.bpm, loops.key_root, loops.scale, loops.density, loops.swing, loops.syncopation,
       loops.articulation, loops.chord_changes, loops.valence, loops.arousal, loops.lowest, loops.highest,
       loops.program, loops.composer, mix.split, mix.work_group, catalogue.composer_died, catalogue.style as genre,
       ledger.train as rights_train, ledger.obligations as rights,
       case when loops.notes = catalogue.notes then catalogue.asked end as asked
from mix
join loops on loops.loop_id = mix.loop_id and loops.dataset = mix.dataset
join rights_ledger as ledger
  on ledger.dataset = mix.dataset and ledger.sha256 = mix.sha256 and ledger.path = loops.path
left join catalogue
  on catalogue.dataset = mix.dataset and catalogue.sha256 = mix.sha256 and catalogue.path = loops.path
"""
# Of equal pieces, in any key, one is used; in train where one of them is there, so that no test is of what was taught.
STRUCTURES_QUERY: Final = """
select structures.*, file_splits.split, file_splits.work_group,
       gate.cleared as rights_train, ledger.obligations as rights
from structures
join file_splits on file_splits.sha256 = structures.sha256 and file_splits.split is not null
join rights_ledger as ledger
  on ledger.dataset = structures.dataset and ledger.sha256 = structures.sha256 and ledger.path = structures.path
join stg_rights as gate
  on gate.dataset = structures.dataset and gate.sha256 = structures.sha256 and gate.path = structures.path
where gate.cleared
qualify row_number() over (
    partition by structures.fingerprint
    order by file_splits.split = 'train' desc, structures.dataset, structures.path
) = 1
"""
TABLES_READ: Final = ("mix", "loops", "rights_ledger", "catalogue", "structures", "file_splits", "stg_rights")


@dataclass(frozen=True)
class Source:
    """A query whose rows become rows of training data."""

    name: str
    query: str
    identity: str
    """The column that names one of them."""
    make: Callable[[pa.Table, RowSettings], ShardRows]


SOURCES: Final = (
    Source("loop_sources", LOOPS_QUERY, "loop_id", loop_rows),
    Source("structure_sources", STRUCTURES_QUERY, "structure_id", structure_rows),
)


def write_training_data(
    connection: duckdb.DuckDBPyConnection, commit: Commit, settings: RowSettings, shard_bytes: int, code: str
) -> dict[str, Any]:
    """Writes the shards whose inputs changed, keeps the others, and adds both to ``commit``: the rows as an artefact
    with its index, the table training_rows beside. ``connection`` sees the tables of the lake; a shard is meant to
    have ``shard_bytes`` of lines; ``code`` is a digest of whatever else the rows depend on.

    The figures: rows altogether, by split, contract and language, what was left out by reason, and the shards: how many
    of a split and contract there are, how many were made and how many kept.
    """
    folder = commit.workspace()
    connection.execute(f"set memory_limit = '{MEMORY}'")
    connection.execute(f"set temp_directory = {literal(str(commit.drafts() / 'sorting'))}")
    before = commit.previous.facts.get("shards", {}) if commit.previous is not None else {}
    counts: dict[str, int] = {}
    keys: dict[int, str] = {}
    for source in SOURCES:
        counts |= _place(connection, source, settings, shard_bytes, before)
        keys |= _keys(connection, source, counts, code)
    stale = keep_shards(commit, keys, ["training_rows"])
    entries = _kept(commit, folder, keys.keys() - set(stale))
    for source in SOURCES:
        for number, table in _tables(connection, source, stale):
            report(len(entries), len(keys), "training_data")
            entries.append(_written(commit, folder, number, keys[number], source.make(table, settings)))
    write_index(folder, entries)
    commit.adopt(folder, "jsonl", {entry.shard: entry.sha256 for entry in entries})
    if not keys:
        commit.write("training_rows", TRAINING_ROWS.empty_table())
    made = {"shards": counts, "shards_rebuilt": len(stale), "shards_kept": len(keys) - len(stale)}
    return _facts(entries) | made


def _place(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    settings: RowSettings,
    shard_bytes: int,
    before: Mapping[str, int],
) -> dict[str, int]:
    """Makes the table ``placed_...``: of each loop its shard and a digest of all that is known of it. The number of
    shards by split and contract: fixed when they are first written, until they have grown to GROWTH times the size
    that they were meant to have."""
    connection.execute(f"create or replace temp view {source.name} as {source.query}")
    connection.execute(
        f"create or replace temp table sized as select {source.identity} as id, split, contract, work_group, "
        f"strlen(content) as bytes, hash(whole) as digest from {source.name} as whole"
    )
    sizes = connection.execute(
        "select split, contract, count(*), sum(bytes)::bigint from sized group by all order by all"
    ).fetchall()
    counts: dict[tuple[str, str], int] = {}
    for split, contract, rows, size in sizes:
        each = settings.prompts_per_loop * _keys_a_loop(settings, split, contract)
        expected = each * (ESCAPED * size + ROW_BYTES * rows)
        known = before.get(f"{split}-{contract}", 0)
        fitting = max(1, min(MAX_SHARDS, round(expected / shard_bytes)))
        counts[split, contract] = known if expected <= GROWTH * known * shard_bytes else fitting
    numbered = [(*pair, shards, _number(*pair, 0)) for pair, shards in counts.items()]
    kinds = pa.schema(
        [("split", pa.string()), ("contract", pa.string()), ("shards", pa.int64()), ("first", pa.int64())]
    )
    connection.register(
        "shard_counts", pa.Table.from_pylist([dict(zip(kinds.names, one, strict=True)) for one in numbered], kinds)
    )
    connection.execute(
        f"create or replace temp table placed_{source.name} as select id, digest, "
        "first + ('0x' || substr(md5(work_group), 1, 8))::bigint % shards as shard "
        "from sized join shard_counts using (split, contract)"
    )
    return {f"{split}-{contract}": shards for (split, contract), shards in counts.items()}


def _keys_a_loop(settings: RowSettings, split: str, contract: str) -> int:
    if split != "train" or contract != "boumb-sequence":
        return 1
    return {"load": 1, "sample": settings.keys, "all": 12}[settings.transpose]


def _number(split: str, contract: str, shard: int) -> int:
    """A shard's number among all."""
    return (SPLITS.index(split) * len(CONTRACTS) + list(CONTRACTS).index(contract)) * MAX_SHARDS + shard


def _pair(number: int) -> tuple[str, str, int]:
    """What `_number` numbers."""
    pair, shard = divmod(number, MAX_SHARDS)
    return SPLITS[pair // len(CONTRACTS)], list(CONTRACTS)[pair % len(CONTRACTS)], shard


def _keys(
    connection: duckdb.DuckDBPyConnection, source: Source, counts: Mapping[str, int], code: str
) -> dict[int, str]:
    """The key of each shard: whatever its rows are made of, and how many shards share the works."""
    found = connection.execute(
        f"select shard, md5(string_agg(digest::varchar, ' ' order by id)) from placed_{source.name} group by shard"
    ).fetchall()
    return {shard: shard_key(code, str(counts["-".join(_pair(shard)[:2])]), digest) for shard, digest in sorted(found)}


def _kept(commit: Commit, folder: Path, numbers: Collection[int]) -> list[ShardEntry]:
    """Takes over the files of shards that stay as they are; what the index says of them."""
    if not numbers or commit.previous is None:
        return []
    before = commit.folder / str(commit.previous.facts["artefact"])
    names = {_name(number) for number in numbers}
    entries = [entry for entry in read_index(before) if entry.shard in names]
    for entry in entries:
        if entry.rows:
            _link(before / entry.shard, folder / entry.shard)
    return entries


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _name(number: int) -> str:
    split, contract, shard = _pair(number)
    return f"{split}-{contract}-{shard:02d}{SUFFIX}"


def _tables(
    connection: duckdb.DuckDBPyConnection, source: Source, numbers: Sequence[int]
) -> Iterator[tuple[int, pa.Table]]:
    """Of each of the shards ``numbers`` what its rows are made of, one shard after the other."""
    connection.register("stale_shards", pa.table({"shard": pa.array(numbers, pa.int64())}))
    reader = connection.sql(
        f"select placed.shard, whole.* from {source.name} as whole "
        f"join placed_{source.name} as placed on placed.id = whole.{source.identity} "
        "where placed.shard in (from stale_shards) order by placed.shard, placed.id"
    ).to_arrow_reader(BATCH)
    held: list[pa.RecordBatch] = []
    current = -1
    for batch in reader:
        shards = batch.column(0).to_numpy()
        bounds = [0, *(np.flatnonzero(np.diff(shards)) + 1).tolist(), len(shards)]
        for begin, end in pairwise(bounds):
            if begin == end:
                continue
            if held and shards[begin] != current:
                yield current, pa.Table.from_batches(held).drop_columns("shard")
                held = []
            current = int(shards[begin])
            held.append(batch.slice(begin, end - begin))
    if held:
        yield current, pa.Table.from_batches(held).drop_columns("shard")


def _written(commit: Commit, folder: Path, number: int, key: str, rows: ShardRows) -> ShardEntry:
    """Writes one shard and where its rows come from."""
    split, contract, _ = _pair(number)
    name = _name(number)
    with told_when_full(commit.folder):
        shard = write_shard(folder / name, rows.blocks)
        count = rows.origins.num_rows
        if count != (shard.rows if shard else 0):
            raise RuntimeError(f"{name}: {shard.rows if shard else 0} lines of {count} rows")
        place = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([name]))
        origins = rows.origins.append_column("shard", place)
        origins = origins.append_column("line", pa.array(np.arange(count, dtype=np.int32)))
        with ShardWriter(commit.drafts() / f"training_rows-{number}.parquet", ROWS_FORM) as writer:
            writer.add(origins.select(TRAINING_ROWS.names))
            commit.take("training_rows", TRAINING_ROWS, writer.finish(), number, key)
    languages = {str(one["values"]): int(one["counts"]) for one in pc.value_counts(origins["language"]).to_pylist()}
    return ShardEntry(
        shard=name,
        split=split,
        contract=contract,
        rows=count,
        bytes=shard.bytes if shard else 0,
        sha256=shard.sha256 if shard else "",
        frames=shard.frames if shard else [],
        languages=dict(sorted(languages.items())),
        left_out=dict(sorted(rows.left_out.items())),
    )


def _facts(entries: Sequence[ShardEntry]) -> dict[str, Any]:
    rows: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for entry in entries:
        rows[f"rows_{entry.split}"] += entry.rows
        rows[f"rows_{entry.contract}"] += entry.rows
        rows.update({f"rows_{language}": count for language, count in entry.languages.items()})
        left_out.update(entry.left_out)
    total = sum(entry.rows for entry in entries)
    return {"rows": total, **dict(sorted((+rows).items())), "left_out": dict(sorted(left_out.items()))}
