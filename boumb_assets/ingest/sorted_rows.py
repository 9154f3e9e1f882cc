"""Rows that come in the order of their paths, joined to paths that come in that order too."""

from bisect import bisect_right
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc


class SortedRows:
    """A stream of rows with a column `path`, sorted by it and without doubles. It is read as far as it is asked about,
    and what was passed is forgotten."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._coming = (batch for batch in batches if batch.num_rows)
        self._rest: pa.RecordBatch | None = None

    def at(self, paths: pa.Array) -> pa.Table | None:
        """A row for each of ``paths`` (sorted, at least one, all after those asked for before), of nulls where there is
        none; None where the stream holds nothing up to the last of them."""
        last = paths[-1].as_py()
        found: list[pa.RecordBatch] = []
        while (batch := self._rest or next(self._coming, None)) is not None:
            passed = bisect_right(batch["path"], last, key=lambda path: path.as_py())
            rows = batch.slice(0, passed)
            found.append(rows.filter(pc.is_in(rows["path"], value_set=paths)))
            self._rest = batch.slice(passed) if passed < batch.num_rows else None
            if self._rest is not None:
                break
        if not found:
            return None
        table = pa.Table.from_batches(found).combine_chunks()
        return table.take(pc.index_in(paths, value_set=table["path"].combine_chunks()))
