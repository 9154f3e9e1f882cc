"""The files that loops can be cut from, as columns."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.corpus.loops.settings import FILE_FILTERS

GRID: Final = "score"
METRE: Final = "4/4"
TEXTS: Final = ("dataset", "sha256", "path", "title", "composer", "style", "official_split")
FILES_READ: Final = (
    *TEXTS, "track_names", "grid", "metre", "metre_changes", "tempo_changes", "bpm", "pickup_steps", "loop_bars"
)  # fmt: skip

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sources:
    """Files in an unchanging 4/4 on a musical grid, sorted by path, then data set; arrays are of shape (files,)."""

    texts: pa.Table
    """The columns of TEXTS, a row a file."""
    track_names: list[list[str | None]]
    pickup: Ints
    """Steps before the first whole bar, 0 for none."""
    stated_bars: Ints
    """The bars of a file that its collection calls a loop, 0 for any other."""
    bpm: Floats
    changes_tempo: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.texts.num_rows)


def usable_sources(files: pa.Table) -> tuple[Sources, dict[str, int]]:
    """Those of ``files`` (FILES_READ of schema FILES) that loops can be cut from, and how many each filter of
    FILE_FILTERS removed: no musical grid, another metre than 4/4, a metre that changes, no tempo."""
    bpm = _numbers(files, "bpm", np.float64)
    passes = (
        _flags(pc.equal(files.column("grid"), GRID)),
        _flags(pc.equal(files.column("metre"), METRE)),
        _numbers(files, "metre_changes", np.int64) == 0,
        (bpm > 0) & (bpm < np.inf),
    )
    usable = np.ones(files.num_rows, dtype=np.bool_)
    dropped = {}
    for name, passed in zip(FILE_FILTERS, passes, strict=True):
        dropped[name] = int(np.count_nonzero(usable & ~passed))
        usable &= passed
    kept = files.filter(pa.array(usable))
    kept = kept.take(pc.sort_indices(kept, sort_keys=[("path", "ascending"), ("dataset", "ascending")]))
    sources = Sources(
        texts=kept.select(TEXTS).combine_chunks(),
        track_names=[names or [] for names in kept.column("track_names").to_pylist()],
        pickup=_numbers(kept, "pickup_steps", np.int64),
        stated_bars=_numbers(kept, "loop_bars", np.int64),
        bpm=_numbers(kept, "bpm", np.float64),
        changes_tempo=_numbers(kept, "tempo_changes", np.int64) > 0,
    )
    return sources, dropped


def _numbers(table: pa.Table, name: str, kind: type[Any]) -> npt.NDArray[Any]:
    """A column as numbers; what is null is 0."""
    values: npt.NDArray[Any] = pc.fill_null(table.column(name), 0).to_numpy().astype(kind)
    return values


def _flags(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = pc.fill_null(column, False).to_numpy().astype(np.bool_)
    return flags
