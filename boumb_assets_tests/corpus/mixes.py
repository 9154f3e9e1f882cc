"""A small mix of loops as the SQL models give it, and a lake's tables of them."""

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.corpus.schema import LOOPS
from boumb_assets.corpus.structures.schema import STRUCTURES

_FURTHER = [
    ("split", pa.string()), ("work_group", pa.string()), ("composer_died", pa.int32()), ("genre", pa.string()),
    ("rights_train", pa.bool_()), ("rights", pa.string()), ("asked", pa.string()),
]  # fmt: skip
MIX = pa.schema([*(field.with_nullable(True) for field in LOOPS), *(pa.field(*one) for one in _FURTHER)])

BASS = (36, 39, 43, 46, 48)


def bass(number: int) -> str:
    """A bass line in C minor that no other number has."""
    notes = [Note.on_grid((4 * place + number * (place > 0)) % 32, BASS[place], 2, 0.8) for place in range(5)]
    return BoumbSequence.of(notes).to_json()


def drums(number: int) -> str:
    """A pattern whose second kick no other number has."""
    return DrumPattern.of({"track-kick": {0: 1.0, 1 + number % 31: 0.8}, "track-snare": {8: 0.9, 24: 0.9}}).to_json()


def loop(number: int, **changed: Any) -> dict[str, Any]:
    """One row of the mix: even numbers are bass lines, odd ones drums."""
    drum = number % 2 == 1
    row: dict[str, Any] = {
        **dict.fromkeys(MIX.names),
        "loop_id": f"loop{number:04d}", "dataset": "made", "sha256": f"file{number // 4}", "path": f"{number // 4}.mid",
        "track": 0, "start_bar": 0, "role_confidence": 1.0, "program": -1 if drum else 33, "notes": 5,
        "work_group": f"group{number // 4}", "split": ("train", "train", "validation", "test")[number // 4 % 4],
        "contract": "drum-pattern" if drum else "boumb-sequence", "content": drums(number) if drum else bass(number),
        "role": "drums" if drum else "bass", "style": "funk", "bpm": 100.0, "key_root": None if drum else 0,
        "scale": None if drum else "minor", "bars": 2, "density": 5.0, "swing": 0.0, "syncopation": 0.1,
        "lowest": 36, "highest": 48, "title": "Do not say this", "rights_train": True, "rights": "attribution",
        "loss": 0.0, "fingerprint": f"{number}", "score": 0.5, "near": [], "loopability": 0.5, "repetition": 0.5,
        "interest": 0.5,
    }  # fmt: skip
    return {**row, **changed}


def mix(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), MIX)


def no_structures() -> pa.Table:
    return pa.Table.from_pylist([], pa.schema([*STRUCTURES, ("rights_train", pa.bool_()), ("rights", pa.string())]))


def tables_of(connection: duckdb.DuckDBPyConnection, loops: Iterable[dict[str, Any]], structures: pa.Table) -> None:
    """Makes the tables that training_data is made of, so that ``loops`` are in the mix."""
    rows = mix(*loops)
    of_file = ["dataset", "sha256", "path", "split", "work_group", "rights_train", "rights"]
    files = pa.concat_tables([rows.select(of_file), structures.select(of_file)], promote_options="permissive")
    connection.register("every_loop", rows)
    connection.register("every_structure", structures.drop_columns(["split", "work_group", "rights_train", "rights"]))
    connection.register("every_file", files)
    statements = {
        "loops": f"select {', '.join(LOOPS.names)} from every_loop",
        "mix": "select loop_id, dataset, sha256, path, contract, role, style, work_group, split from every_loop",
        "catalogue": "select dataset, sha256, path, any_value(composer_died) as composer_died, "
        "any_value(genre) as style, any_value(asked) as asked, 5 as notes from every_loop group by all",
        "rights_ledger": "select distinct dataset, sha256, path, rights_train as train, rights as obligations "
        "from every_file",
        "stg_rights": "select distinct dataset, sha256, path, rights_train as cleared from every_file",
        "file_splits": "select distinct sha256, work_group, split from every_file",
        "structures": "from every_structure",
    }
    for name, statement in statements.items():
        connection.execute(f"create or replace table {name} as {statement}")
