"""How a table becomes a file: rows in groups of one size, whatever pieces they came in, so that the same rows give the
same bytes."""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_A_GROUP: Final = 1 << 14  # of a table that is written as it comes: so many rows are in memory at once
ROWS_WHOLE: Final = 1 << 20  # of a table that is in memory anyway

_OPTIONS: Final = MappingProxyType({"compression": "zstd", "compression_level": 1, "write_statistics": True})
_DICTIONARY: Final = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class TableForm:
    """What a table is, and how its files are laid out."""

    schema: pa.Schema
    """What a reader sees."""
    rows_a_group: int = ROWS_WHOLE
    """Rows that lie together in a file; so many are in memory at once while it is written."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further options of pyarrow's ParquetWriter, as the encodings of columns."""
    dictionaries: tuple[str, ...] = ()
    """Columns of strings that may come as dictionary arrays and are written as such; a reader sees strings."""

    @cached_property
    def held(self) -> pa.Schema:
        """The schema of rows on their way to a file: that of readers, but for ``dictionaries``."""
        fields = [one.with_type(_DICTIONARY) if one.name in self.dictionaries else one for one in self.schema]
        return pa.schema(fields, self.schema.metadata)

    def prepared(self, rows: pa.Table) -> pa.Table:
        """``rows`` in the schema `held`. Raises ValueError for rows that are not of this table."""
        held = self.held
        if rows.schema.equals(held, check_metadata=True):
            return rows
        if rows.schema.names != held.names:
            raise ValueError(f"the columns {rows.schema.names} are not {held.names}")
        columns = [_as_type(rows.column(one.name), one.type) for one in held]
        return pa.table(columns, schema=held)


@dataclass(frozen=True)
class Written:
    """A finished file."""

    path: Path
    rows: int
    bytes: int
    sha256: str


class ShardWriter:
    """Writes one file of a table from rows that come in pieces; how they were cut does not show in it. A file is whole,
    and flushed to the disk, once `finish` has returned."""

    def __init__(self, path: Path, form: TableForm) -> None:
        self.path, self.form = path, form
        self._rows = 0
        self._given = False
        self._held: list[pa.Table] = []
        self._count = 0
        options = {**_OPTIONS, **form.options, "store_schema": False}
        self._writer = pq.ParquetWriter(path, form.held, **options)
        # As pyarrow would note it, but without the dictionaries: a reader sees strings.
        noted = base64.b64encode(form.schema.serialize().to_pybytes()).decode("ascii")
        self._writer.add_key_value_metadata({"ARROW:schema": noted})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the file up; it is not whole unless `finish` was called."""
        self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Adds ``rows`` at the end; a full group is written at once."""
        if not rows.num_rows:
            return
        self._held.append(self.form.prepared(rows))
        self._count += rows.num_rows
        if self._count < self.form.rows_a_group:
            return
        table = pa.concat_tables(self._held)
        begin = 0
        while table.num_rows - begin >= self.form.rows_a_group:
            self._write(table.slice(begin, self.form.rows_a_group))
            begin += self.form.rows_a_group
        rest = table.slice(begin)
        self._held, self._count = ([rest] if rest.num_rows else []), rest.num_rows

    def finish(self) -> Written:
        """Writes what is left, closes the file and flushes it to the disk; there is always one group, if of no rows."""
        if self._held or not self._given:
            self._write(pa.concat_tables([self.form.held.empty_table(), *self._held]))
            self._held = []
        self._writer.close()
        with self.path.open("rb") as handle:
            sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            os.fsync(handle.fileno())
        return Written(self.path, self._rows, self.path.stat().st_size, sha256)

    def _write(self, group: pa.Table) -> None:
        group = group.combine_chunks()
        for name in self.form.dictionaries:
            place = group.schema.get_field_index(name)
            group = group.set_column(place, group.schema.field(place), _canonical(group.column(place)))
        self._writer.write_table(group, row_group_size=self.form.rows_a_group)
        self._rows += group.num_rows
        self._given = True


def _as_type(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if column.type == wanted:
        return column
    if wanted == _DICTIONARY and not pa.types.is_dictionary(column.type):
        return column.dictionary_encode().cast(wanted)
    return column.cast(wanted)


def _canonical(column: pa.ChunkedArray) -> pa.Array:
    """A dictionary column whose dictionary holds the values that occur, in the order in which they first do: a file
    keeps the dictionary as it is given, with what was in it because of other rows."""
    column = column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # as one of no rows stays
        column = column.chunk(0) if column.num_chunks else pa.array([], _DICTIONARY)
    if _is_canonical(column):
        return column
    runs = pc.run_end_encode(column.indices)  # a file's rows lie together: there are far fewer runs than rows
    first = pc.dictionary_encode(runs.values)
    values = column.dictionary.take(first.dictionary)
    distinct = pc.dictionary_encode(values)
    kept = distinct.indices.take(first.indices).cast(pa.int32())
    indices = pc.run_end_decode(pa.RunEndEncodedArray.from_arrays(runs.run_ends, kept))
    return pa.DictionaryArray.from_arrays(indices, distinct.dictionary)


def _is_canonical(column: pa.DictionaryArray) -> bool:
    places = column.indices.drop_null().to_numpy()
    if not len(places) or len(pc.unique(column.dictionary)) != len(column.dictionary):
        return False
    known = np.maximum.accumulate(places)
    return bool(places[0] == 0 and known[-1] + 1 == len(column.dictionary) and np.diff(known).max(initial=0) <= 1)
