"""The rows of whole pieces: a piece that lies in several places is asked for once, and on one side."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.structures.deriving import derive_structures
from boumb_assets.corpus.structures.schema import STRUCTURES
from boumb_assets.corpus.training_data import write_training_data
from boumb_assets.lake.store import Lake
from boumb_assets_tests.corpus.mixes import tables_of
from boumb_assets_tests.corpus.pieces import hymn, tables

Place = tuple[str, str, str, bool]


def hymns(places: Sequence[Place], shift: int = 0) -> pa.Table:
    """One piece at these places: data set, path (a file each), split, and whether it is cleared there."""
    made = []
    for dataset, path, split, cleared in places:
        events, files = tables(hymn(shift), path, dataset=dataset, key_root=shift % 12)
        (piece,) = derive_structures(events, files).table.to_pylist()
        made.append({**piece, "split": split, "work_group": path, "rights": "attribution", "rights_train": cleared})
    added = {"split": pa.string(), "work_group": pa.string(), "rights": pa.string(), "rights_train": pa.bool_()}
    return pa.Table.from_pylist(made, pa.schema([*STRUCTURES, *added.items()]))


def rows_of(home: Path, structures: pa.Table) -> list[dict[str, object]]:
    with duckdb.connect() as connection, Lake(home).writing("training_data") as commit:
        tables_of(connection, [], structures)
        write_training_data(connection, commit, RowSettings(prompts_per_loop=2), 12_000, "")
        commit.commit({}, {})
    rows: list[dict[str, object]] = Lake(home).read("training_data", "training_rows").to_pylist()
    return rows


@pytest.mark.parametrize("order", [1, -1])
def test_a_folder_that_is_two_data_sets_gives_each_piece_once(tmp_path: Path, order: int) -> None:
    places = [(dataset, path, "train", True) for dataset in ("a", "b") for path in ("1.mid", "2.mid")]
    rows = rows_of(tmp_path, hymns(places[::order]))
    assert [(row["dataset"], row["sha256"]) for row in rows] == [("a", "1.mid")] * 2
    assert len({row["row_id"] for row in rows}) == 2


def test_of_equal_pieces_in_any_key_that_in_train_is_used(tmp_path: Path) -> None:
    asked = hymns([("a", "1.mid", "test", True)])
    taught = hymns([("b", "2.mid", "train", True)], shift=-3)
    rows = rows_of(tmp_path, pa.concat_tables([asked, taught]))
    assert {(row["sha256"], row["split"]) for row in rows} == {("2.mid", "train")}


def test_an_equal_that_is_not_cleared_does_not_stand_for_one_that_is(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, hymns([("a", "1.mid", "train", False), ("b", "2.mid", "test", True)]))
    assert {row["sha256"] for row in rows} == {"2.mid"}


def test_a_file_in_two_data_sets_gives_two_structures() -> None:
    places = [("a", "1.mid", "train", True), ("b", "1.mid", "train", True)]
    assert len(set(hymns(places)["structure_id"].to_pylist())) == 2
