"""From the tables of events and files to parts: the notes of one track of one file, ready to be cut."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.corpus.loops.sources import Floats, Ints, Sources

_COLUMNS: Final = (
    "track", "program", "is_drum", "pitch", "velocity", "onset_s", "duration_step", "bar", "step", "residual"
)  # fmt: skip
EVENT_NAMES: Final = ("dataset", "path")
EVENTS_READ: Final = (*EVENT_NAMES, *_COLUMNS)


@dataclass(frozen=True, eq=False)
class Parts:
    """The notes of many parts (k,), of each part together, sorted by position, then pitch, none twice.

    Parts (p,) are sorted by file, then track, the pitched notes of a track before its drums. Steps count from the first
    bar of the file that a loop begins with.
    """

    starts: Ints
    """(p + 1,) where each begins among the notes."""
    file: Ints
    """(p,) its index among the sources."""
    track: Ints
    program: Ints
    """(p,) General MIDI, -1 for drums; that of its first note."""
    is_drum: npt.NDArray[np.bool_]
    first_bar: Ints
    """(files,) the bar, as in the events, that the first loop of a file begins with."""
    bars: Ints
    """(files,) whole bars from there to the end of the music, or of the loop, where its collection says it is one."""
    classes: Floats
    """(files, 12) steps that each pitch class sounds in the file."""
    position: Ints
    """(k,) steps."""
    pitch: npt.NDArray[np.uint8]
    """(k,) MIDI numbers; of drums indices into DRUM_TRACKS, UNMAPPED for those it lacks."""
    velocity: npt.NDArray[np.uint8]
    residual: npt.NDArray[np.float32]
    """(k,) steps that the onset came after its position."""
    length: npt.NDArray[np.float32]
    """(k,) steps, exact."""
    second: Floats
    """(k,) onset in seconds."""
    reach: Ints
    """(k,) steps to the next onset that the note does not sound into, and that it must not be lengthened into."""
    reached: Floats
    """(k,) the step up to which any note of the part sounds that does not come after this one."""


def parts_of(events: pa.Table, sources: Sources) -> Parts:
    """The parts of ``sources`` in ``events``: EVENTS_READ of schema EVENTS, in any order. EVENT_NAMES may be
    dictionaries."""
    from boumb_assets.corpus.loops.note_kernels import (
        DRUM_INDEX,
        by_parts,
        notes_of_parts,
        reached,
        reaches,
        source_spans,
    )

    column = {name: _values(events, name) for name in _COLUMNS}
    rows, starts = _rows_by_file(events, sources)
    first_bar, bars, classes = source_spans(
        rows, starts, column["bar"], column["step"], column["pitch"], column["duration_step"], column["is_drum"],
        sources.pickup, sources.stated_bars,
    )  # fmt: skip
    rows, code = by_parts(rows, starts, column["track"], column["is_drum"])
    edges = np.flatnonzero(np.diff(code, prepend=-1))
    part = code[edges]
    kept, begins, position, pitch = notes_of_parts(
        rows, np.append(edges, rows.size), first_bar[part >> 16], column["bar"], column["step"], column["pitch"],
        column["velocity"], column["is_drum"], DRUM_INDEX,
    )  # fmt: skip
    heard = np.diff(begins) > 0
    part, begins = part[heard], np.append(begins[:-1][heard], begins[-1])
    residual, length = column["residual"][kept], column["duration_step"][kept]
    is_drum = (part & 1).astype(np.bool_)
    return Parts(
        starts=begins,
        file=part >> 16,
        track=(part & 0xFFFF) >> 1,
        program=np.where(is_drum, -1, column["program"][kept[begins[:-1]]]),
        is_drum=is_drum,
        first_bar=first_bar,
        bars=bars,
        classes=classes,
        position=position,
        pitch=pitch,
        velocity=column["velocity"][kept],
        residual=residual,
        length=length,
        second=column["onset_s"][kept],
        reach=reaches(begins, position, pitch, residual, length),
        reached=reached(begins, position, length),
    )


def _values(events: pa.Table, name: str) -> npt.NDArray[Any]:
    """A column of the events; what is null, in files without a grid, is 0."""
    column = events.column(name)
    if column.null_count:
        column = pc.fill_null(column, 0)
    values: npt.NDArray[Any] = column.to_numpy()
    return values


def _rows_by_file(events: pa.Table, sources: Sources) -> tuple[Ints, Ints]:
    """The rows (n,) of the events of ``sources`` in the order of the files, and where each file begins (files + 1,)."""
    file = _file_of_rows(events, sources)
    rows = np.flatnonzero(file >= 0)
    file = file[rows]
    if (file[1:] < file[:-1]).any():
        order = np.argsort(file, kind="stable")
        rows, file = rows[order], file[order]
    return rows, np.searchsorted(file, np.arange(len(sources) + 1))


def _file_of_rows(events: pa.Table, sources: Sources) -> Ints:
    """(n,) the index of the file of each event, -1 for one that is not among ``sources``."""
    sets, set_names = _encoded(events.column("dataset"))
    paths, path_names = _encoded(events.column("path"))
    set_of, path_of = (
        pc.index_in(sources.texts.column(name).combine_chunks(), pa.array(names, pa.string())).to_numpy(
            zero_copy_only=False
        )
        for name, names in (("dataset", set_names), ("path", path_names))
    )
    table = np.full((len(set_names), len(path_names)), -1, dtype=np.int64)
    there = ~(np.isnan(set_of) | np.isnan(path_of))
    table[set_of[there].astype(np.int64), path_of[there].astype(np.int64)] = np.flatnonzero(there)
    result: Ints = table[sets, paths]
    return result


def _encoded(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """The index (n,) of each value among the distinct ones, and these."""
    encoded = (column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column).combine_chunks()
    encoded = encoded if pa.types.is_dictionary(encoded.type) else encoded.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()
