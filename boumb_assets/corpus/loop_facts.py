"""What is known of the loops of the mix, as a prompt may say it."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.prompts.columns import CONTRACTS, LEGATO, NEITHER, STACCATO, FactColumns
from boumb_assets.prompts.facts import (
    CLEAR_AROUSAL,
    CLEAR_VALENCE,
    DENSITY_BOUNDS,
    DRUMS_SYNCOPATED_FROM,
    HARMONIES,
    MOOD_NAMES,
    PERIODS,
    SWINGS_FROM,
    SYNCOPATED_FROM,
    sayable_name,
)
from boumb_assets.prompts.genres import genre_name
from boumb_assets.prompts.instruments import INSTRUMENT_OF_PROGRAM
from boumb_assets.prompts.key_names import SCALE_NAMES
from boumb_assets.prompts.reader import FASTEST, SLOWEST

STACCATO_TO: Final = 0.5  # of the loops' measure: a note sounds for half of the time to the next at most
LEGATO_FROM: Final = 0.95
# Years of death of composers whose work lies in a period; who died between two of them belongs to neither for sure.
PERIOD_DEATHS: Final[dict[str, tuple[int, int]]] = {
    "baroque": (1650, 1767), "classical": (1780, 1832), "romantic": (1840, 1912), "modern": (1950, 9999),
}  # fmt: skip
_DRUMS: Final = ROLES.index("drums")
_LOW, _MEDIUM = (np.array([DENSITY_BOUNDS[role][place] for role in ROLES]) for place in (0, 1))
_SYNCOPATED: Final = np.array([DRUMS_SYNCOPATED_FROM if role == "drums" else SYNCOPATED_FROM for role in ROLES])

Column = npt.NDArray[Any]


def fact_columns(loops: pa.Table) -> FactColumns:
    """The facts of n ``loops``: a table with the columns of LOOPS and, where they are known, ``composer_died`` and
    ``genre``, the data set's own word for the style.

    What is not known, what is too near a boundary to be said, and what the studio has no word for, is left out: of
    drums the key, the mood, the articulation, the harmony and the instrument, of everything a tempo outside 40..220.
    """
    role = _places(loops["role"], ROLES)
    melodic = role != _DRUMS
    key = melodic & (_numbers(loops["key_root"], -1) >= 0) & (_places(loops["scale"], SCALE_NAMES) >= 0)
    bpm = np.rint(_numbers(loops["bpm"], 0))
    style, density = _places(loops["style"], STYLES), _numbers(loops["density"], 0)
    composer, composers = _named(_column(loops, "composer"), sayable_name)
    genre, genres = _named(_column(loops, "genre"), genre_name)
    return FactColumns(
        contract=_places(loops["contract"], CONTRACTS),
        role=role,
        style=style,
        root=np.where(key, _numbers(loops["key_root"], -1), -1),
        scale=np.where(key, _places(loops["scale"], SCALE_NAMES), -1),
        bpm=np.where((bpm >= SLOWEST) & (bpm <= FASTEST), bpm, 0),
        bars=_numbers(loops["bars"], 0),
        density=(density > _LOW[role]).astype(np.int32) + (density > _MEDIUM[role]),
        lowest=_numbers(loops["lowest"], 0),
        highest=_numbers(loops["highest"], 0),
        swing=_numbers(loops["swing"], 0) >= SWINGS_FROM,
        syncopated=_numbers(loops["syncopation"], 0) >= _SYNCOPATED[role],
        mood=np.where(melodic, _moods(_numbers(loops["valence"], 0), _numbers(loops["arousal"], 0.5)), -1),
        articulation=np.where(melodic, _articulations(_numbers(loops["articulation"], -1)), -1),
        harmony=np.where(melodic, _harmonies(_numbers(loops["chord_changes"], -1)), -1),
        instrument=np.where(melodic, _INSTRUMENTS[_numbers(loops["program"], -1).astype(np.int64)], -1),
        period=_periods(_numbers(_column(loops, "composer_died"), 0)),
        composer=composer,
        genre=np.where(style < 0, genre, -1),
        composers=composers,
        genres=genres,
    )


def _instruments() -> Column:
    """(129,) of each program, and last of drums (-1), the index of the instrument that it names."""
    table = np.full(129, -1)
    for program, instrument in INSTRUMENT_OF_PROGRAM.items():
        table[program] = instrument
    return table


_INSTRUMENTS: Final = _instruments()


def _column(loops: pa.Table, name: str) -> pa.ChunkedArray:
    return loops[name] if name in loops.column_names else pa.chunked_array([pa.nulls(len(loops))])


def _numbers(column: pa.ChunkedArray, unknown: float) -> Column:
    """(n,) float64."""
    numbers: Column = pc.fill_null(column.cast(pa.float64()), float(unknown)).to_numpy()
    return numbers


def _places(column: pa.ChunkedArray, known: tuple[str, ...]) -> Column:
    """(n,) the index of each value in ``known``, -1 for any other."""
    found = pc.index_in(column.cast(pa.string()), value_set=pa.array(known))
    places: Column = pc.fill_null(found, -1).to_numpy()
    return places


def _named(column: pa.ChunkedArray, say: Callable[[str | None], str | None]) -> tuple[Column, list[str]]:
    """(n,) indices into the sayable names, -1 where there is none; and those names, sorted."""
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    said = [say(name) for name in encoded.dictionary.to_pylist()]
    names = sorted({name for name in said if name is not None})
    places = np.array([-1 if name is None else names.index(name) for name in (*said, None)], np.int32)
    return places[pc.fill_null(encoded.indices, len(said)).to_numpy()], names


def _moods(valence: Column, arousal: Column) -> Column:
    """The mood of a clear quadrant, -1 near the axes."""
    names = np.array(
        [[MOOD_NAMES.index(name) for name in row] for row in (("melancholic", "tense"), ("calm", "happy"))]
    )
    clear = (np.abs(valence) >= CLEAR_VALENCE) & (np.abs(arousal - 0.5) >= CLEAR_AROUSAL)
    return np.where(clear, names[(valence > 0).astype(int), (arousal > 0.5).astype(int)], -1)


def _articulations(share: Column) -> Column:
    said = np.where(share <= STACCATO_TO, STACCATO, np.where(share >= LEGATO_FROM, LEGATO, NEITHER))
    return np.where(share < 0, -1, said)


def _harmonies(changes: Column) -> Column:
    """By the changes a bar; -1 is unknown."""
    one, slow, quick = (HARMONIES.index(name) for name in ("one chord", "slow", "quick"))
    return np.where(changes < 0, -1, np.where(changes == 0, one, np.where(changes <= 1, slow, quick)))


def _periods(died: Column) -> Column:
    found = np.full(len(died), -1)
    for name, (first, last) in PERIOD_DEATHS.items():
        found[(died >= first) & (died <= last)] = PERIODS.index(name)
    return found
