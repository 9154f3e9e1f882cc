"""The rows that the corpus writes, in the keys that the trainer moves them to: read again by the reader of requests."""

from typing import Any, cast

import pyarrow as pa
import pytest

from boumb_assets.contracts.registry import contract
from boumb_assets.corpus.row_settings import RowSettings
from boumb_assets.corpus.rows import loop_rows
from boumb_assets.corpus.schema import LOOPS
from boumb_assets.prompts.reader import read_request
from boumb_assets.theory.scales import scale_classes
from boumb_assets.training.data import Row, parse_row
from boumb_assets_tests.corpus.mixes import MIX, loop

FIELDS = (*MIX, *(field.with_nullable(True) for field in LOOPS if field.name not in MIX.names))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    loops = [dict.fromkeys((field.name for field in FIELDS), None) | _known(number) for number in range(0, 120, 2)]
    written = loop_rows(pa.Table.from_pylist(loops, pa.schema(FIELDS)), RowSettings(prompts_per_loop=4))
    lines = b"".join(bytes(block) for block, _ in written.blocks).splitlines()
    return [parse_row(f"line {number}", line) for number, line in enumerate(lines)]


def _known(number: int) -> dict[str, Any]:
    return loop(number, split="train") | {"program": 38}


def test_the_key_that_is_asked_for_moves_with_the_notes_and_nothing_else_does(rows: list[Row]) -> None:
    asked = 0
    for row in rows:
        assert row.moves is not None
        before = read_request(row.messages[-2]["content"])
        for semitones in row.moves.keys:
            after = read_request(row.moved(semitones)[-2]["content"])
            root = None if before.root is None else (before.root + semitones) % 12
            assert after == before.model_copy(update={"root": root})
        asked += before.root is not None
    assert asked > 20


def test_the_answer_keeps_to_the_pitches_that_it_is_given_in_every_key(rows: list[Row]) -> None:
    listed = 0
    for row in rows:
        assert row.moves is not None
        for semitones in row.moves.keys:
            messages = row.moved(semitones)
            model = cast(Any, contract("boumb-sequence").parse(messages[-1]["content"]))
            assert model.to_json() == messages[-1]["content"]
            assert {note.pitch % 12 for note in model.sequence} <= scale_classes(semitones % 12, "minor")
            if any(not span.names for span in row.moves.spans):
                allowed = messages[0]["content"].partition("[")[2].partition("]")[0].split(", ")
                assert {note.note for note in model.sequence} <= set(allowed)
                listed += 1
    assert listed > 50
