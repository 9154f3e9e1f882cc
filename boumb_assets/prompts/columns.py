"""The facts of many loops as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.prompts.facts import (
    ARTICULATIONS,
    DENSITIES,
    HARMONIES,
    INSTRUMENT_NAMES,
    MELODIC_FACTS,
    MOOD_NAMES,
    PERIODS,
    LoopFacts,
    sayable_name,
)
from boumb_assets.prompts.genres import genre_name
from boumb_assets.prompts.key_names import SCALE_NAMES
from boumb_assets.prompts.reader import FASTEST, SLOWEST

CONTRACTS: Final = ("boumb-sequence", "drum-pattern")
STACCATO, NEITHER, LEGATO = 0, 1, 2
Column = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class FactColumns:
    """What is known of n loops: integer arrays (n,); -1, of ``bpm`` 0, is "not known" and is never worded.

    ``contract``: index into CONTRACTS. ``role``, ``style``, ``scale``, ``mood``, ``harmony``, ``instrument``,
    ``period``: into ROLES, STYLES, SCALE_NAMES, MOOD_NAMES, HARMONIES, INSTRUMENTS, PERIODS. ``root``: pitch class.
    ``bpm``: 40..220. ``density``: into DENSITIES. ``lowest``, ``highest``: MIDI numbers. ``swing``, ``syncopated``:
    0 or 1. ``articulation``: STACCATO, NEITHER, LEGATO. ``composer``, ``genre``: into ``composers`` and ``genres``,
    which hold sayable names alone (see `sayable_name` and `genre_name`). Raises ValueError for arrays of different
    lengths and for what is outside its vocabulary.
    """

    contract: Column
    role: Column
    style: Column
    root: Column
    scale: Column
    bpm: Column
    bars: Column
    density: Column
    lowest: Column
    highest: Column
    swing: Column
    syncopated: Column
    mood: Column
    articulation: Column
    harmony: Column
    instrument: Column
    period: Column
    composer: Column
    genre: Column
    composers: list[str] = field(default_factory=list)
    genres: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse what has no words."""
        bounds = _BOUNDS | {"composer": (-1, len(self.composers) - 1), "genre": (-1, len(self.genres) - 1)}
        for name, (low, high) in bounds.items():
            column = getattr(self, name)
            if column.shape != self.contract.shape or column.ndim != 1:
                raise ValueError(f"{name} has shape {column.shape}, contract {self.contract.shape}")
            if len(column) and (column.min() < low or column.max() > high):
                raise ValueError(f"{name} lies in {column.min()}..{column.max()}, not in {low}..{high}")
        if ((self.bpm > 0) & (self.bpm < SLOWEST)).any():
            raise ValueError(f"a tempo below {SLOWEST} BPM: leave it out")
        drums = self.role == ROLES.index("drums")
        if any((getattr(self, name)[drums] >= 0).any() for name in MELODIC_FACTS):
            raise ValueError(f"drums have none of {', '.join(MELODIC_FACTS)}")
        for name in (*self.composers, *self.genres):
            if len(name) > _LONGEST_NAME:
                raise ValueError(f"a name of {len(name)} characters, more than {_LONGEST_NAME}")

    def __len__(self) -> int:
        return len(self.contract)

    def matrix(self) -> npt.NDArray[np.int32]:
        """(n, 19) the columns in the order of their definition."""
        return np.stack([getattr(self, name).astype(np.int32) for name in COLUMNS], axis=1)


COLUMNS: Final = tuple(each.name for each in fields(FactColumns) if each.name not in ("composers", "genres"))
_LONGEST_NAME: Final = 40
_BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "contract": (0, 1), "role": (0, len(ROLES) - 1), "style": (-1, len(STYLES) - 1), "root": (-1, 11),
    "scale": (-1, len(SCALE_NAMES) - 1), "bpm": (0, FASTEST), "bars": (0, 127), "density": (0, 2), "lowest": (0, 127),
    "highest": (0, 127), "swing": (0, 1), "syncopated": (0, 1), "mood": (-1, len(MOOD_NAMES) - 1),
    "articulation": (-1, LEGATO), "harmony": (-1, len(HARMONIES) - 1), "instrument": (-1, len(INSTRUMENT_NAMES) - 1),
    "period": (-1, len(PERIODS) - 1),
}  # fmt: skip
_REGISTERS: Final = {"low": 36, "mid": 60, "high": 84}  # a pitch of each register


def columns_of(loops: Sequence[LoopFacts]) -> FactColumns:
    """The columns of ``loops``, whose register stands as that of one pitch."""
    composers: dict[str, int] = {}
    genres: dict[str, int] = {}

    def index(value: str | None, known: Sequence[str]) -> int:
        return -1 if value is None else list(known).index(value)

    def place(name: str | None, names: dict[str, int]) -> int:
        return -1 if name is None else names.setdefault(name, len(names))

    rows = [
        {
            "contract": CONTRACTS.index(loop.contract),
            "role": ROLES.index(loop.role),
            "style": index(loop.style, STYLES),
            "root": -1 if loop.root is None else loop.root,
            "scale": index(loop.scale, SCALE_NAMES),
            "bpm": loop.bpm or 0,
            "bars": loop.bars,
            "density": DENSITIES.index(loop.density),
            "lowest": _REGISTERS[loop.register],
            "highest": _REGISTERS[loop.register],
            "swing": loop.swing,
            "syncopated": loop.syncopated,
            "mood": index(loop.mood, MOOD_NAMES),
            "articulation": (STACCATO, LEGATO)[ARTICULATIONS.index(loop.articulation)] if loop.articulation else -1,
            "harmony": index(loop.harmony, HARMONIES),
            "instrument": index(loop.instrument, INSTRUMENT_NAMES),
            "period": index(loop.period, PERIODS),
            "composer": place(sayable_name(loop.composer), composers),
            "genre": place(genre_name(loop.genre), genres),
        }
        for loop in loops
    ]
    arrays: dict[str, Any] = {name: np.array([row[name] for row in rows], dtype=np.int32) for name in COLUMNS}
    return FactColumns(**arrays, composers=list(composers), genres=list(genres))
