"""The beats of many performances, gathered and turned into one Arrow table at the end."""

import numpy as np
import pyarrow as pa

from boumb_assets.events.file_columns import file_columns
from boumb_assets.events.performance import Performed
from boumb_assets.events.schema import FILE_BEATS


class BeatTable:
    """A growing table of schema FILE_BEATS."""

    def __init__(self) -> None:
        self._files: list[tuple[str, str]] = []
        self._performed: list[Performed] = []

    def add(self, path: str, sha256: str, performed: Performed) -> None:
        """Adds the beats of one file."""
        self._files.append((path, sha256))
        self._performed.append(performed)

    def table(self, dataset: str) -> pa.Table:
        """The table, in the order in which files were added."""
        if not self._performed:
            return FILE_BEATS.empty_table()
        counts = [one.time_s.size for one in self._performed]
        columns = [
            *file_columns(dataset, self._files, counts),
            pa.array(np.concatenate([np.arange(count, dtype=np.int32) for count in counts])),
            pa.array(np.concatenate([one.time_s for one in self._performed])),
            pa.array(np.concatenate([one.downbeat for one in self._performed])),
            pa.array(np.concatenate([one.bar for one in self._performed]).astype(np.int32)),
        ]
        return pa.table(columns, schema=FILE_BEATS)
