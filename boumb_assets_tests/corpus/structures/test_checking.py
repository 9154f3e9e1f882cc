"""The table of structures, read again from its texts."""

import json

import duckdb
import pyarrow as pa
import pytest

from boumb_assets.corpus.structures.checking import problem_of, read_structures
from boumb_assets.corpus.structures.deriving import derive_structures
from boumb_assets_tests.corpus.pieces import hymn, tables


def made(metre: str = "4/4") -> tuple[pa.Table, pa.Table]:
    found = derive_structures(*tables(hymn(), f"{metre[0]}.mid", metre=metre))
    return found.table, found.dropped


CONTENT, REQUEST = (made()[0][name][0].as_py() for name in ("content", "request"))


@pytest.mark.parametrize(
    ("content", "request_", "told"),
    [
        (CONTENT, REQUEST, None),
        (CONTENT.replace('"PAC"', '"DC"', 1), REQUEST, "DC"),
        (CONTENT + " ", REQUEST, "canonical"),
        ("{", REQUEST, "$"),
        (CONTENT, "{}", "180 s"),
        (CONTENT, '{"valence": 7}', "request: "),
        (CONTENT, json.dumps({**json.loads(REQUEST), "key": "D major"}), "another key"),
        (CONTENT, json.dumps({**json.loads(REQUEST), "section_plan": []}), "plan"),
    ],
)
def test_what_is_wrong_with_a_row_is_found(content: str, request_: str, told: str | None) -> None:
    found = problem_of(content, request_)
    assert found is None if told is None else found is not None and told in found


def test_rows_are_read_and_what_gave_none_is_told() -> None:
    structures, dropped = (pa.concat_tables(part) for part in zip(made(), made("5/4"), strict=True))
    wrong = structures.set_column(structures.schema.get_field_index("request"), "request", pa.array(["{}"]))
    with duckdb.connect() as connection:
        connection.register("structures", pa.concat_tables([structures, wrong.cast(structures.schema)]))
        connection.register("structures_dropped", dropped)
        found = read_structures(connection, "made")
    assert (found.rows, found.problems) == (2, ["4.mid: 10 measures are not those of 180 s"])
    assert found.reasons == {"metre_not_in_contract": "1 files; the first: the contract has no 5/4"}
