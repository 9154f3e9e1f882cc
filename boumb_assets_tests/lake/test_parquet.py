"""Files of tables: the same rows give the same bytes, and readers see what the schema says."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.lake.parquet import ShardWriter, TableForm, Written

SCHEMA = pa.schema([
    pa.field("name", pa.string(), nullable=False),
    pa.field("told", pa.string()),
    pa.field("small", pa.int8()),
    pa.field("unsigned", pa.uint8(), nullable=False),
    pa.field("names", pa.list_(pa.string()), nullable=False),
    pa.field("points", pa.list_(pa.struct([pa.field("tick", pa.int64()), pa.field("bpm", pa.float32())]))),
    pa.field("where", pa.string(), metadata={"description": "a column with a word on it"}),
])  # fmt: skip
FORM = TableForm(SCHEMA, rows_a_group=7, dictionaries=("name", "told"))


def some(names: list[str | None]) -> pa.Table:
    """A row for each of ``names``."""
    places = range(len(names))
    return pa.table(
        [
            [name or "" for name in names],
            names,
            [None if name is None else len(name) for name in names],
            [place % 250 for place in places],
            [[name or "none"] * (place % 3) for place, name in enumerate(names)],
            [[{"tick": place, "bpm": 1.5}] * (place % 2) for place in places],
            ["here"] * len(names),
        ],
        schema=SCHEMA,
    )


def as_dictionaries(rows: pa.Table, unused: str) -> pa.Table:
    """``rows`` with dictionary columns that know a value that does not occur, and some values twice."""
    for name in FORM.dictionaries:
        place = rows.schema.get_field_index(name)
        values = rows.column(name).to_pylist()
        known = [unused, *dict.fromkeys(value for value in values if value is not None), *filter(None, values)]
        indices = [None if value is None else len(known) - 1 - known[::-1].index(value) for value in values]
        array = pa.DictionaryArray.from_arrays(pa.array(indices, pa.int16()), pa.array(known, pa.string()))
        rows = rows.set_column(place, name, array)
    return rows


def write(path: Path, *parts: pa.Table) -> Written:
    with ShardWriter(path, FORM) as writer:
        for part in parts:
            writer.add(part)
        return writer.finish()


@given(
    st.lists(st.one_of(st.none(), st.sampled_from(["a", "bb", "é", ""])), max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_neither_the_cut_nor_the_dictionaries_show(
    tmp_path_factory: pytest.TempPathFactory, names: list[str | None], cuts: list[tuple[int, bool]]
) -> None:
    rows = some(names)
    folder = tmp_path_factory.mktemp("files")
    whole = write(folder / "whole", rows)
    ends = sorted(min(place, len(names)) for place, _ in cuts)
    parts = [rows.slice(begin, end - begin) for begin, end in zip([0, *ends], [*ends, len(names)], strict=True)]
    encoded = [*(is_encoded for _, is_encoded in cuts), True]
    pieces = [
        as_dictionaries(part, f"unused {number}") if is_encoded else part
        for number, (part, is_encoded) in enumerate(zip(parts, encoded, strict=True))
    ]
    cut = write(folder / "cut", *pieces)
    assert (whole.sha256, whole.rows, whole.bytes) == (cut.sha256, cut.rows, cut.bytes)
    read = pq.read_table(folder / "cut", partitioning=None)
    assert read.equals(rows)
    assert read.schema.field("where").metadata == SCHEMA.field("where").metadata


def test_other_readers_see_strings(tmp_path: Path) -> None:
    write(tmp_path / "rows.parquet", as_dictionaries(some(["a", "bb", None] * 9), "z"))
    with duckdb.connect() as connection:
        source = f"read_parquet('{tmp_path / 'rows.parquet'}')"
        kinds = dict(connection.execute(f"select column_name, column_type from (describe from {source})").fetchall())
        assert (kinds["name"], kinds["told"], kinds["small"]) == ("VARCHAR", "VARCHAR", "TINYINT")
        assert kinds["points"] == "STRUCT(tick BIGINT, bpm FLOAT)[]"
        counted = connection.execute(f"select told, count(*) from {source} group by 1 order by 1").fetchall()
        assert counted == [("a", 9), ("bb", 9), (None, 9)]


def test_rows_lie_in_groups(tmp_path: Path) -> None:
    write(tmp_path / "rows", some(["a"] * 20))
    found = pq.ParquetFile(tmp_path / "rows").metadata
    assert [found.row_group(number).num_rows for number in range(found.num_row_groups)] == [7, 7, 6]


def test_no_rows_are_a_table_too(tmp_path: Path) -> None:
    assert write(tmp_path / "none").sha256 == write(tmp_path / "empty", some([])).sha256
    assert pq.read_table(tmp_path / "none").schema == SCHEMA


def test_rows_of_another_table_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="are not"):
        write(tmp_path / "rows", some(["a"]).drop_columns(["told"]))
