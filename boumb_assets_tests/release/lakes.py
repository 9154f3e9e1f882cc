"""A small lake with everything that cards are made from: real tables, ledgers and manifests, a few rows each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import zstandard

from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.events.schema import EVENTS, FILES
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.rejection import Reason, Rejection, rejected_table
from boumb_assets.lake.store import Lake
from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.declaration import AppLog, Dataset, Layer, Statement, Terms, save_declaration
from boumb_assets.rights.ledger import ledger_rows
from boumb_assets_tests.rights.ledgers import YEAR, sha

GROOVE = Dataset(
    name="groove",
    source="/data/groove",
    title="Groove MIDI Dataset",
    homepage="https://magenta.tensorflow.org/datasets/groove",
    citation="Gillick et al., Learning to Groove with Inverse Sequence Transformations, 2019",
    attribution="Gillick et al., Google",
    terms=Terms(
        composition=Layer(licence="CC-BY-4.0", holder="Google"),
        encoding=Layer(licence="CC-BY-4.0", holder="Google"),
        performance=Layer(licence="CC-BY-4.0", holder="the drummers"),
    ),
)
HUB = Dataset(
    name="hub",
    source="hf://datasets/someone/tunes@0123abc/tunes.zip",
    terms=Terms(
        composition=Layer(licence="machine-made"),
        encoding=Layer(licence="CC-BY-SA-4.0", holder="someone"),
        performance=Layer(licence="none"),
    ),
)
LAKH = Dataset(name="lakh", source="/data/lakh.zip")
PRIVATE = Dataset(
    name="private",
    source="/data/private",
    terms=Terms(
        composition=Layer(licence="CC-BY-4.0", holder="A. Friend"),
        encoding=Layer(licence="CC-BY-4.0", holder="A. Friend"),
        performance=Layer(licence="none"),
    ),
    statements=(Statement(licence="CC0-1.0", where="README"),),
)
OURS = Dataset(
    name="ours",
    source="/data/ours",
    terms=Terms(
        composition=Layer(licence="own", holder="The Band"),
        encoding=Layer(licence="own"),
        performance=Layer(licence="own"),
    ),
)
APP = Dataset(
    name="app",
    source="app-log:/data/log",
    app_log=AppLog(rating_at_least=9, consent="all", consent_evidence="terms of use, paragraph 4"),
    terms=Terms(
        composition=Layer(licence="machine-made"),
        encoding=Layer(licence="own", holder="The App"),
        performance=Layer(licence="none"),
        generator=Layer(licence="Apache-2.0", holder="Qwen2.5", evidence="its card"),
    ),
)
DATASETS = (APP, DEMO, GROOVE, HUB, LAKH, OURS, PRIVATE)


@dataclass(frozen=True)
class SmallLake:
    """What was written, to compare with what is told of it."""

    home: Path
    lake: Lake
    declared: Mapping[str, Dataset]
    raw: dict[str, pa.Table] = field(default_factory=dict)
    ledgers: dict[str, pa.Table] = field(default_factory=dict)

    @property
    def ledger(self) -> pa.Table:
        return pa.concat_tables([self.ledgers[name] for name in sorted(self.ledgers)])


def small_lake(home: Path, datasets: Sequence[Dataset] = DATASETS, files: int = 3) -> SmallLake:
    """A lake with ``files`` files in each data set, two rows of training data for each that is cleared."""
    made = SmallLake(home, Lake(home), {dataset.name: dataset for dataset in datasets})
    for number, dataset in enumerate(datasets):
        save_declaration(home, dataset)
        raw = raw_table(dataset.name, 100 * number, files)
        ledger = ledger_rows(raw, dataset, "non-commercial", YEAR)
        made.raw[dataset.name], made.ledgers[dataset.name] = raw, ledger
        rejections = [Rejection("broken.mid", Reason.TRUNCATED, "ends in the middle of a track")]
        partition = f"dataset={dataset.name}"
        _commit(made.lake, "raw_midi", partition, raw_midi=raw, rejected=rejected_table([], dataset.name, "raw_midi"))
        _commit(made.lake, "rights_ledger", partition, rights_ledger=ledger)
        _commit_events(made.lake, partition, raw, rejected_table(rejections, dataset.name, "midi_events"))
    _commit_rows(made)
    return made


def raw_table(dataset: str, first: int, files: int) -> pa.Table:
    """Rows of raw_midi: every second file has a composer who is long dead."""
    rows = [
        {
            "dataset": dataset,
            "path": f"folder/{number}.mid",
            "bytes": 100 + number,
            "mtime_ns": 1,
            "sha256": sha(first + number),
            "source": "/home/somebody/music",
            "title": f"Piece {number}",
            "composer": "Johannes Brahms" if number % 2 else None,
            "composer_died": 1897 if number % 2 else None,
            "style": "funk",
        }
        for number in range(files)
    ]
    return pa.Table.from_pylist(rows, RAW)


def training_table(made: SmallLake) -> pa.Table:
    """Two rows a cleared file, one of which asks in a user's own words in an app's log."""
    return pa.Table.from_pylist(
        [row for name in sorted(made.ledgers) for row in _rows(name, made.ledgers[name])], TRAINING_ROWS
    )


def _rows(name: str, ledger: pa.Table) -> list[dict[str, Any]]:
    return [
        {
            "row_id": f"{name}-{file['sha256'][-4:]}-{number}",
            "split": "train" if number else "test",
            "shard": "train-boumb-sequence-00.jsonl.zst",
            "line": number,
            "loop_id": "0" * 16,
            "dataset": name,
            "sha256": file["sha256"],
            "contract": "boumb-sequence",
            "prompt": "Basse funky",
            "language": "fr" if number else "en",
            "kind": "user" if name == "app" and number else "sentence",
            "system": "none",
            "role": "bass",
            "style": None,
            "transposition": 0,
            "tokens": 10,
            "rights": file["obligations"],
            "work_group": file["sha256"],
        }
        for file in ledger.to_pylist()
        if file["train"]
        for number in range(2)
    ]


def _commit(lake: Lake, stage: str, partition: str, **tables: pa.Table) -> None:
    with lake.writing(stage, partition) as commit:
        for name, rows in tables.items():
            commit.write(name, rows)
        commit.commit({"code": "1"})


def _commit_events(lake: Lake, partition: str, raw: pa.Table, rejected: pa.Table) -> None:
    """Two shards, so that a table of several files is described too."""
    with lake.writing("midi_events", partition) as commit:
        for shard in range(2):
            own = [row for number, row in enumerate(raw.to_pylist()) if number % 2 == shard]
            commit.write("midi_events", _filled(EVENTS, own), shard)
            commit.write("file_facts", _filled(FILES, own), shard)
            commit.write("rejected", rejected if shard else rejected.slice(0, 0), shard)
        commit.commit({"code": "1"})


def _filled(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of a schema: what ``rows`` says, and something of the right type elsewhere."""
    values = {"grid": "score", "notes": 8, "duration_s": 1800.0}
    return pa.Table.from_pylist(
        [{item.name: row.get(item.name, values.get(item.name, _any(item))) for item in schema} for row in rows], schema
    )


def _any(item: pa.Field) -> Any:
    if item.nullable:
        return None
    if pa.types.is_string(item.type):
        return "x"
    if pa.types.is_list(item.type):
        return []
    return False if pa.types.is_boolean(item.type) else 1


def _commit_rows(made: SmallLake) -> None:
    with made.lake.writing("training_data") as commit:
        folder = commit.workspace()
        (folder / "train-boumb-sequence-00.jsonl.zst").write_bytes(zstandard.compress(b'{"messages": []}\n'))
        commit.adopt(folder, "jsonl")
        commit.write("training_rows", training_table(made))
        commit.commit({"code": "1"})
