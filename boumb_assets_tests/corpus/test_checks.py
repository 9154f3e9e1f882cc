"""What the checks of training data say."""

from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest

from boumb_assets.corpus.checks import has_rows, row_ids_are_unique
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.lake.store import Lake
from boumb_assets.resources import Platform

GATE = pa.schema([("dataset", pa.string()), ("cleared", pa.bool_()), ("reason", pa.string()), ("files", pa.int64())])
USED = pa.schema([("loop_id", pa.string()), ("left_out", pa.string())])


@pytest.mark.parametrize(
    ("denied", "unused", "refused", "told"),
    [
        ([], [], {}, "0 rows: no loop was found"),
        ([{"dataset": "a", "cleared": False, "reason": "no terms", "files": 2}], ["not cleared"] * 3, {},
         "0 rows: a: 2 files, no terms"),
        ([], ["bridge", "bridge", None], {"answer_too_long": 1},
         "0 rows: 2 loops: bridge; 1 loops or structures: answer too long"),
    ],
)  # fmt: skip
def test_no_rows_at_all_are_explained(
    tmp_path: Path, denied: list[dict[str, object]], unused: list[str | None], refused: dict[str, int], told: str
) -> None:
    lake = Lake(tmp_path)
    loops = [{"loop_id": str(number), "left_out": reason} for number, reason in enumerate(unused)]
    for name, table in (
        ("rights_gate", pa.Table.from_pylist(denied, GATE)),
        ("duplicates", pa.Table.from_pylist(loops, USED)),
    ):
        with lake.writing(name) as commit:
            commit.write(name, table)
            commit.commit({})
    with lake.writing("training_data") as commit:
        commit.write("training_rows", TRAINING_ROWS.empty_table())
        commit.commit({}, {"left_out": refused})
    found = has_rows(platform=Platform(home=str(tmp_path)))
    assert isinstance(found, dg.AssetCheckResult) and not found.passed and found.description == told


@pytest.mark.parametrize(
    ("ids", "told"), [("abc", "every row has its own id"), ("abbbcc", "5 rows have the id of another, as b")]
)
def test_rows_that_share_an_id_are_found(tmp_path: Path, ids: str, told: str) -> None:
    with Lake(tmp_path).writing("training_data") as commit:
        commit.write("training_rows", pa.table({"row_id": list(ids)}))
        commit.commit({})
    found = row_ids_are_unique(platform=Platform(home=str(tmp_path)))
    assert isinstance(found, dg.AssetCheckResult)
    assert (found.passed, found.description) == (len(set(ids)) == len(ids), told)
