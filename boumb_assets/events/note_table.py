"""The notes of many files, gathered as arrays and turned into one Arrow table at the end."""

from collections.abc import Mapping
from inspect import signature
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from boumb_assets.events.bars import Positions
from boumb_assets.events.parse import ParsedMidi
from boumb_assets.events.schema import EVENTS

_FROM_FILE: Final = (
    "track", "program", "channel", "is_drum", "pitch", "velocity", "onset_tick", "duration_tick",
)  # fmt: skip
_FROM_TEMPO: Final = ("onset_s", "duration_s")
_FROM_GRID: Final = (
    "onset_step", "duration_step", "bar", "beat", "step", "residual", "subdivision", "onset_grid",
)  # fmt: skip
_NAMES: Final = ("sha256", "path")  # of the file that a note is of
_DICTIONARY: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final = {name: EVENTS.field(name).type for name in (*_FROM_FILE, *_FROM_TEMPO, *_FROM_GRID)}
_DTYPES: Final = {name: np.dtype(kind.to_pandas_dtype()) for name, kind in _TYPES.items()}

HELD: Final = pa.schema(
    [field.with_type(_DICTIONARY) if field.name in ("dataset", *_NAMES) else field for field in EVENTS]
)
"""EVENTS as notes are held until they are written: each string is there once, with an index a note. A file of them
says EVENTS, and its readers see strings."""

NOTES_A_GROUP: Final = 1 << 17

_FEW_VALUES: Final = ("dataset", *_NAMES, "is_drum", "residual")
_NO_DELTAS: Final = ("onset_s", "duration_s", "duration_step", "subdivision")
_QUICK: Final = ("onset_s", "pitch")  # the level below zstd's first takes less time and, for these, no more room
# A page a column: to begin one costs as much as to encode some thousand numbers. Before 23, pyarrow had no such bound.
_PAGES: Final = (
    {"max_rows_per_page": NOTES_A_GROUP} if "max_rows_per_page" in signature(ParquetWriter).parameters else {}
)
LAYOUT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "use_dictionary": list(_FEW_VALUES),
        "column_encoding": {
            name: "PLAIN" if name in _NO_DELTAS else "DELTA_BINARY_PACKED"
            for name in EVENTS.names
            if name not in _FEW_VALUES
        },
        "compression_level": {name: -1 if name in _QUICK else 1 for name in EVENTS.names},
        "write_batch_size": NOTES_A_GROUP,
        **_PAGES,
    }
)
"""Options of pyarrow's ParquetWriter for EVENTS: numbers that rise from note to note take less as differences, and are
written in two thirds of the time that dictionaries take. Every reader of Parquet knows these encodings; that of split
bytes, which would take a tenth less, DuckDB knows for integers from 2.0 on only."""


class NoteTable:
    """A growing table of schema HELD."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._hashes: list[str] = []
        self._counts: list[int] = []
        self._in_time: list[bool] = []
        self._columns: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in _TYPES}

    def add(
        self,
        path: str,
        sha256: str,
        parsed: ParsedMidi,
        seconds: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
        positions: Positions | None,
    ) -> None:
        """Adds the notes of one file; ``seconds`` are their onsets and durations, ``positions`` None in free time."""
        count = parsed.pitch.size
        self._paths.append(path)
        self._hashes.append(sha256)
        self._counts.append(count)
        self._in_time.append(positions is not None)
        columns = self._columns
        for name in _FROM_FILE:
            columns[name].append(getattr(parsed, name))
        for name, values in zip(_FROM_TEMPO, seconds, strict=True):
            columns[name].append(values)
        for name in _FROM_GRID:
            columns[name].append(np.zeros(count, _DTYPES[name]) if positions is None else getattr(positions, name))

    def table(self, dataset: str) -> pa.Table:
        """The table, in the order in which files were added."""
        if not self._counts:
            return HELD.empty_table()
        file = pa.array(np.repeat(np.arange(len(self._counts), dtype=np.int32), self._counts))
        one = pa.array(np.zeros(len(file), np.int32))
        names = {"sha256": self._hashes, "path": self._paths}
        columns: dict[str, pa.Array] = {
            "dataset": pa.DictionaryArray.from_arrays(one, pa.array([dataset], pa.string())),
            **{name: pa.DictionaryArray.from_arrays(file, pa.array(names[name], pa.string())) for name in _NAMES},
        }
        missing = None if all(self._in_time) else np.repeat(~np.array(self._in_time), self._counts)
        for name, parts in self._columns.items():
            values = np.concatenate(parts).astype(_DTYPES[name], copy=False)
            columns[name] = pa.array(values, _TYPES[name], mask=missing if name in _FROM_GRID else None)
        return pa.table([columns[name] for name in HELD.names], schema=HELD)
