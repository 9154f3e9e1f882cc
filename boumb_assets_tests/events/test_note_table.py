from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boumb_assets.events.bars import positions
from boumb_assets.events.grid import seconds_of
from boumb_assets.events.note_table import HELD, LAYOUT, NoteTable
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.schema import EVENTS
from boumb_assets.lake.parquet import ShardWriter, TableForm
from boumb_assets_tests.events.smf import Played, written

ON_GRID = ("onset_step", "duration_step", "bar", "beat", "step", "residual", "subdivision", "onset_grid")


@pytest.fixture
def table() -> pa.Table:
    """Three files, the second one in free time."""
    notes = NoteTable()
    for index, name in enumerate(("a.mid", "b.mid", "é.mid")):
        random = np.random.default_rng(index)
        played = [Played(int(tick), 60, 40 + index, 64) for tick in np.sort(random.integers(0, 9000, 5 + index))]
        parsed = parse_midi(written(played))
        where = None if name == "b.mid" else positions(parsed)
        notes.add(name, str(index) * 64, parsed, seconds_of(parsed), where)
    return notes.table("demo")


def test_each_note_is_a_row_of_its_file(table: pa.Table) -> None:
    table.validate(full=True)
    assert table.schema == HELD and table.cast(EVENTS).schema == EVENTS
    assert table["path"].to_pylist() == ["a.mid"] * 5 + ["b.mid"] * 6 + ["é.mid"] * 7
    assert table["sha256"].to_pylist() == ["0" * 64] * 5 + ["1" * 64] * 6 + ["2" * 64] * 7
    assert table["pitch"].to_pylist() == [40] * 5 + [41] * 6 + [42] * 7
    assert set(table["dataset"].to_pylist()) == {"demo"}


def test_only_free_time_has_no_place(table: pa.Table) -> None:
    for name in EVENTS.names:
        missing = table[name].is_null().to_pylist()
        assert missing == [False] * 5 + [name in ON_GRID] * 6 + [False] * 7, name


def test_no_files_are_no_rows() -> None:
    assert NoteTable().table("demo").schema == HELD and len(NoteTable().table("demo")) == 0


def test_readers_of_the_file_see_strings_and_the_very_numbers(table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    with ShardWriter(path, TableForm(EVENTS, 7, LAYOUT, dictionaries=("dataset", "sha256", "path"))) as writer:
        writer.add(table)
        writer.finish()
    assert pq.read_table(path).equals(table.cast(EVENTS))
    seen = duckdb.connect().sql(f"from '{path}'").to_arrow_table()
    assert seen.cast(EVENTS.remove_metadata()).to_pylist() == table.to_pylist()
    encodings = {pq.ParquetFile(path).metadata.row_group(0).column(place).encodings for place in (7, 10)}
    assert all("DELTA_BINARY_PACKED" in found for found in encodings)
