"""The table that says where each row of the training data comes from."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.lake.parquet import TableForm

TRAINING_ROWS: Final = pa.schema(
    [
        pa.field("row_id", pa.string(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        pa.field("shard", pa.string(), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
        pa.field("loop_id", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("contract", pa.string(), nullable=False),
        pa.field("prompt", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("system", pa.string(), nullable=False),
        pa.field("role", pa.string()),
        pa.field("style", pa.string()),
        pa.field("transposition", pa.int8(), nullable=False),
        pa.field("tokens", pa.int32()),
        pa.field("tokens_without", pa.int32()),
        pa.field("rights", pa.string(), nullable=False),
        pa.field("work_group", pa.string(), nullable=False),
    ]
)
"""One row a line of the shards, sorted by shard, then line.

row_id:        16 hexadecimal digits
split:         train, validation or test
shard, line:   the file's name, and the line in it from 0
loop_id:       of the loop or the structure that is the answer; dataset, sha256: of the file it was taken from
prompt:        what the user says; language and kind: how (``user``: somebody's own words, out of an app's log); system:
               the form of the system message, none, line or app
role, style:   null for structures; style also where it is not known
transposition: semitones from the loop's own key
tokens:        of the answer at most, for a tokenizer that has the contract's fragments; tokens_without: about as many
               as a large vocabulary takes that has not
rights:        the obligations that the file's licence brings, separated by commas
work_group:    the group of works; a group lies in one split, and in one shard a contract
"""
NAMES: Final = tuple(
    field.name for field in TRAINING_ROWS if field.type == pa.string() and field.name not in ("row_id", "prompt")
)
_LAYOUT: Final = MappingProxyType({
    "use_dictionary": [*NAMES, "transposition", "tokens", "tokens_without"],
    "column_encoding": {"line": "DELTA_BINARY_PACKED"},
    "write_statistics": ["split", "shard", "line", "dataset", "contract"],  # of the others every group has all values
    "write_batch_size": 1 << 13,
})  # fmt: skip
ROWS_FORM: Final = TableForm(TRAINING_ROWS, options=_LAYOUT, dictionaries=NAMES)
"""How the table lies in files: most columns have a value a loop, or a few altogether."""


def learned_rows(rows: pa.Table, contracts: Sequence[str]) -> pa.Table:
    """The rows (schema TRAINING_ROWS) that a variant with these contracts learns from."""
    of_variant = pc.is_in(rows["contract"], pa.array(contracts, pa.string()))
    return rows.filter(pc.and_(pc.equal(rows["split"], "train"), of_variant))
