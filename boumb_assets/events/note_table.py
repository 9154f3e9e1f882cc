"""The notes of many files, gathered as arrays and turned into one Arrow table at the end."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.events.bars import Positions
from boumb_assets.events.parse import ParsedMidi
from boumb_assets.events.schema import EVENTS

_FROM_FILE: Final = (
    "track", "program", "channel", "is_drum", "pitch", "velocity", "onset_tick", "duration_tick",
)  # fmt: skip
_FROM_TEMPO: Final = ("onset_s", "duration_s")
_FROM_GRID: Final = ("onset_step", "duration_step", "bar", "beat", "step", "residual")


class NoteTable:
    """A growing table of schema EVENTS."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._hashes: list[str] = []
        self._counts: list[int] = []
        self._in_time: list[bool] = []
        self._columns: dict[str, list[npt.NDArray[Any]]] = {
            name: [] for name in (*_FROM_FILE, *_FROM_TEMPO, *_FROM_GRID)
        }

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
        for name in _FROM_FILE:
            self._columns[name].append(getattr(parsed, name))
        for name, values in zip(_FROM_TEMPO, seconds, strict=True):
            self._columns[name].append(values)
        for name in _FROM_GRID:
            self._columns[name].append(np.zeros(count) if positions is None else getattr(positions, name))

    def table(self, dataset: str) -> pa.Table:
        """The table, in the order in which files were added."""
        if not self._counts:
            return EVENTS.empty_table()
        file = np.repeat(np.arange(len(self._counts)), self._counts)
        free_time = np.repeat(~np.array(self._in_time), self._counts)
        columns: dict[str, pa.Array] = {
            "dataset": pa.array([dataset], pa.string()).take(np.zeros(file.size, dtype=np.int64)),
            "sha256": pa.array(self._hashes, pa.string()).take(file),
            "path": pa.array(self._paths, pa.string()).take(file),
        }
        for name, parts in self._columns.items():
            kind = EVENTS.field(name).type
            values = np.concatenate(parts).astype(kind.to_pandas_dtype(), copy=False)
            columns[name] = pa.array(values, kind, mask=free_time if name in _FROM_GRID and free_time.any() else None)
        return pa.table([columns[name] for name in EVENTS.names], schema=EVENTS)
