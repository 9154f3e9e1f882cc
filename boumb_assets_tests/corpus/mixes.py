"""A small mix of loops as the SQL models give it."""

from typing import Any

import pyarrow as pa

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.corpus.structures_schema import STRUCTURES

MIX = pa.schema([
    ("loop_id", pa.string()), ("dataset", pa.string()), ("sha256", pa.string()), ("work_group", pa.string()),
    ("split", pa.string()), ("contract", pa.string()), ("content", pa.string()), ("role", pa.string()),
    ("style", pa.string()), ("bpm", pa.float32()), ("key_root", pa.int8()), ("scale", pa.string()),
    ("bars", pa.int8()), ("density", pa.float32()), ("swing", pa.float32()), ("syncopation", pa.float32()),
    ("lowest", pa.uint8()), ("highest", pa.uint8()), ("title", pa.string()), ("composer", pa.string()),
    ("rights_train", pa.bool_()), ("transpose", pa.int32()), ("rights", pa.string()),
    ("asked", pa.string()),
])  # fmt: skip

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
        "loop_id": f"loop{number:04d}", "dataset": "made", "sha256": f"file{number // 4}",
        "work_group": f"group{number // 4}", "split": ("train", "train", "validation", "test")[number // 4 % 4],
        "contract": "drum-pattern" if drum else "boumb-sequence", "content": drums(number) if drum else bass(number),
        "role": "drums" if drum else "bass", "style": "funk", "bpm": 100.0, "key_root": None if drum else 0,
        "scale": None if drum else "minor", "bars": 2, "density": 5.0, "swing": 0.0, "syncopation": 0.1,
        "lowest": 36, "highest": 48, "title": "Do not say this", "composer": None, "rights_train": True,
        "transpose": 0, "rights": "attribution", "asked": None,
    }  # fmt: skip
    return {**row, **changed}


def mix(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), MIX)


def no_structures() -> pa.Table:
    return pa.Table.from_pylist([], pa.schema([*STRUCTURES, ("rights_train", pa.bool_()), ("rights", pa.string())]))
