"""From what a user asked an app for to the row that teaches it: through the scan, the loops and the SQL models."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.corpus.loops import cut_loops
from boumb_assets.corpus.row_settings import USER, RowSettings
from boumb_assets.corpus.rows import loop_rows
from boumb_assets.corpus.training_data import LOOPS_QUERY
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets.ingest.app_log import erase_request, write_app_log
from boumb_assets.ingest.scan import Scan
from boumb_assets.ingest.schema import RAW
from boumb_assets.rights.declaration import AppLog, Dataset
from boumb_assets.rights.ledger import LEDGER
from boumb_assets.sql_models import load_models

ASKED = {
    "brief": "quatre notes suffisent",
    "short": "une basse qui rebondit, pour ma soirée",
    "long": "eight bars please",
    "other": "une autre basse",
}


def answer(bars: int, pitch: int) -> str:
    """A line that repeats no bar."""
    notes = [Note.on_grid(16 * bar + step, pitch + bar + step, 2, 0.8) for bar in range(bars) for step in (0, 4, 7, 10)]
    return BoumbSequence.of(notes).to_json()


@pytest.fixture
def studio(tmp_path: Path) -> Dataset:
    answers = {"brief": answer(1, 45), "short": answer(2, 36), "long": answer(8, 40), "other": answer(2, 50)}
    (tmp_path / "log").mkdir()
    lines = [
        {"request_id": name, "prompt": ASKED[name], "llm_response_raw": text, "context": "95BPM", "consent": True}
        for name, text in answers.items()
    ]
    (tmp_path / "log" / "traces.jsonl").write_text("\n".join(map(json.dumps, lines)))
    ratings = "".join(f"now,{name},9,\n" for name in answers)
    (tmp_path / "log" / "feedback.csv").write_text(f"Timestamp,RequestID,Rating,Comment\n{ratings}")
    return Dataset(name="studio", source=f"app-log:{tmp_path / 'log'}", app_log=AppLog())


def scanned(dataset: Dataset, home: Path, folder: Path) -> pa.Table:
    folder.mkdir()
    write_app_log(dataset, home, folder)
    return pa.Table.from_batches(Scan(folder, dataset.name).batches(), RAW)


def rows_of(raw: pa.Table) -> list[dict[str, Any]]:
    """The training rows of every loop of these files in all keys, as their table tells, and with their messages."""
    files = raw.to_pylist()
    tasks = [
        FileTask(f"{file['source']}/{file['path']}", file["path"], file["sha256"], {"loop_bars": file["loop_bars"]})
        for file in files
    ]
    read = extract_files(tasks, "studio")
    loops = cut_loops(read.events, read.files).table
    ledger = [{**dict.fromkeys(LEDGER.names), **file, "train": True, "obligations": "attribution"} for file in files]
    mix = [
        {
            **{name: loop[name] for name in ("loop_id", "dataset", "sha256")},
            "work_group": loop["sha256"],
            "split": "train",
        }
        for loop in loops.to_pylist()
    ]
    with duckdb.connect() as connection:
        connection.register("loops", loops)
        connection.register("rights_ledger", pa.table({name: [row[name] for row in ledger] for name in LEDGER.names}))
        connection.register("mix", pa.Table.from_pylist(mix))
        connection.register("raw_midi", raw)
        connection.register("file_facts", read.files)
        connection.execute(
            "create table catalogue as select raw_midi.*, file_facts.notes from raw_midi "
            "join file_facts using (dataset, path, sha256)"
        )
        rows = loop_rows(
            connection.sql(f"from ({LOOPS_QUERY}) order by loop_id").to_arrow_table(), RowSettings(transpose="all")
        )
    lines = b"".join(bytes(block) for block, _ in rows.blocks).splitlines()
    return [{**origin, **json.loads(line)} for origin, line in zip(rows.origins.to_pylist(), lines, strict=True)]


def test_a_user_is_taught_with_the_whole_answer_in_its_own_key_and_with_nothing_else(
    studio: Dataset, tmp_path: Path
) -> None:
    rows = rows_of(scanned(studio, tmp_path / "home", tmp_path / "out"))
    own = sorted(
        (row["prompt"], row["transposition"], row["messages"][-1]["content"]) for row in rows if row["kind"] == USER
    )
    taught = {ASKED["brief"]: answer(1, 45), ASKED["other"]: answer(2, 50), ASKED["short"]: answer(2, 36)}
    assert own == sorted((asked, 0, text) for asked, text in taught.items())
    assert {row["language"] for row in rows if row["kind"] == USER} == {"fr"}
    pairs = [(row["prompt"], row["messages"][-1]["content"]) for row in rows]
    assert len(set(pairs)) == len(pairs) > 10


def test_an_erased_request_leaves_no_row_and_no_word(studio: Dataset, tmp_path: Path) -> None:
    home = tmp_path / "home"
    erase_request(home, "studio", "short")
    rows = rows_of(scanned(studio, home, tmp_path / "out"))
    told: list[Any] = [row["messages"] for row in rows]
    assert sorted(row["prompt"] for row in rows if row["kind"] == USER) == [ASKED["brief"], ASKED["other"]]
    assert ASKED["short"] not in str(told)
    assert answer(2, 36) not in [row["messages"][-1]["content"] for row in rows if row["transposition"] == 0]
    assert all(ASKED["short"].encode() not in path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))


def test_the_catalogue_has_what_was_asked_and_no_time() -> None:
    (catalogue,) = (model.sql for model in load_models() if model.name == "catalogue")
    assert "asked" in catalogue and "mtime" not in catalogue
