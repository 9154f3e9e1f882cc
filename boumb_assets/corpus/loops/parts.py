"""From the tables of events and files to parts: the notes of one track of one file, as arrays, ready to be cut."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import LOOP_BARS
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, GM_TRACKS
from boumb_assets.corpus.loops.texts import Floats, Ints
from boumb_assets.theory.keys import ScaleEstimate, estimate_scale
from boumb_assets.theory.scales import scale_classes

GRID: Final = "score"
METRE: Final = "4/4"
UNMAPPED: Final = len(DRUM_TRACKS)  # a stroke that the studio has no track for
FILE_FILTERS: Final = ("file_grid", "file_metre", "file_metre_changes", "file_tempo")

_DRUM_INDEX: Final = np.array(
    [DRUM_TRACKS.index(GM_TRACKS[key]) if key in GM_TRACKS else UNMAPPED for key in range(256)], dtype=np.int64
)
_PICKUP_FROM: Final = STEPS_PER_BAR // 2  # music that begins in the second half of a bar leads into the next
_LEGATO: Final = 0.25  # steps that a note may reach into the next onset and still end before it
_FAR: Final = 1 << 20  # more steps than any file has
_MIN_CLASSES: Final = 3  # fewer pitch classes give no scale


@dataclass(frozen=True, eq=False)
class Source:
    """A file that loops are cut from."""

    facts: Mapping[str, Any]
    first_bar: int
    """The bar, as in the events, that the first loop begins with."""
    bars: int
    """Whole bars from there to the end of the music, or of the loop, where its collection says that it is one."""
    scale: ScaleEstimate | None
    """Of the pitched notes of the whole file; None where there are too few pitch classes to tell."""
    scale_mask: npt.NDArray[np.bool_]
    """(12,): the pitch classes of that scale."""


@dataclass(frozen=True, eq=False)
class Part:
    """The notes of one track, sorted by position, then pitch, none twice; steps count from the source's first bar."""

    source: Source
    track: int
    program: int
    is_drum: bool
    name: str
    position: Ints
    """(n,) steps."""
    pitch: Ints
    """(n,) MIDI numbers; of drums indices into DRUM_TRACKS, UNMAPPED for those it lacks."""
    velocity: Ints
    """(n,) 1..127."""
    residual: Floats
    """(n,) steps that the onset came after its position."""
    length: Floats
    """(n,) steps, exact."""
    reach: Ints
    """(n,) steps to the next onset that the note does not sound into, and that it must not be lengthened into."""
    second: Floats
    """(n,) onset in seconds."""


def parts_of(events: pa.Table, files: pa.Table) -> tuple[list[Part], dict[str, int]]:
    """The parts of the files that loops can be cut from, sorted by data set, path and track, and how many files each
    filter of FILE_FILTERS removed: no musical grid, another metre than 4/4, a metre that changes, no tempo."""
    kept, dropped = _usable(files)
    facts = sorted(kept, key=lambda row: (row["dataset"], row["path"]))
    columns = _columns(events, facts)
    parts: list[Part] = []
    for file, (begin, end) in _runs(columns["file"]):
        mine = {name: values[begin:end] for name, values in columns.items()}
        parts.extend(_parts_of_file(facts[file], mine))
    return parts, dropped


def _usable(files: pa.Table) -> tuple[list[dict[str, Any]], dict[str, int]]:
    dropped = dict.fromkeys(FILE_FILTERS, 0)
    kept = []
    for row in files.to_pylist():
        reason = _refused(row)
        if reason is None:
            kept.append(row)
        else:
            dropped[reason] += 1
    return kept, dropped


def _refused(row: Mapping[str, Any]) -> str | None:
    if row["grid"] != GRID:
        return "file_grid"
    if row["metre"] != METRE:
        return "file_metre"
    if row["metre_changes"]:
        return "file_metre_changes"
    return None if row["bpm"] is not None and 0 < row["bpm"] < float("inf") else "file_tempo"


def _columns(events: pa.Table, facts: list[dict[str, Any]]) -> dict[str, npt.NDArray[Any]]:
    """The events of the files ``facts`` as arrays (n,), with ``file`` their index there, sorted by it."""
    names = ("track", "program", "is_drum", "pitch", "velocity", "onset_s", "duration_step", "bar", "step", "residual")
    index = {(row["dataset"], row["path"]): number for number, row in enumerate(facts)}
    file = _file_indices(events, index)
    chosen = np.flatnonzero(file >= 0)
    rows = events.select(names).take(pa.array(chosen))
    columns = {name: rows.column(name).combine_chunks().to_numpy(zero_copy_only=False) for name in names}
    columns["file"] = file[chosen]
    order = np.argsort(columns["file"], kind="stable")
    return {name: values[order] for name, values in columns.items()}


def _file_indices(events: pa.Table, index: Mapping[tuple[str, str], int]) -> Ints:
    """(n,) the index of each event's file, -1 for one that is not in ``index``."""
    numbers = []
    for name in ("dataset", "path"):
        encoded = events.column(name).combine_chunks().dictionary_encode()
        numbers.append(
            (encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist())
        )
    (sets, set_names), (paths, path_names) = numbers
    table = np.full((len(set_names), len(path_names)), -1, dtype=np.int64)
    set_number = {name: number for number, name in enumerate(set_names)}
    path_number = {name: number for number, name in enumerate(path_names)}
    for (dataset, path), number in index.items():
        if dataset in set_number and path in path_number:
            table[set_number[dataset], path_number[path]] = number
    result: Ints = table[sets, paths]
    return result


def _runs(values: npt.NDArray[Any]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Each run of equal neighbours: the value, and where it begins and ends."""
    if len(values):
        edges = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist(), len(values)]
        for begin, end in pairwise(edges):
            yield int(values[begin]), (begin, end)


def _parts_of_file(facts: Mapping[str, Any], columns: dict[str, npt.NDArray[Any]]) -> Iterator[Part]:
    bar = columns["bar"].astype(np.int64)
    first_bar = _first_bar(bar, columns["step"], facts["pickup_steps"] or 0)
    position = (bar - first_bar) * STEPS_PER_BAR + columns["step"].astype(np.int64)
    length = columns["duration_step"].astype(np.float64)
    scale = _scale(columns["pitch"], length, columns["is_drum"])
    mask = np.zeros(12, dtype=np.bool_)
    if scale is not None:
        mask[sorted(scale_classes(scale.root, scale.scale))] = True
    source = Source(facts, first_bar, max(_whole_bars(position, length), facts["loop_bars"] or 0), scale, mask)
    part = columns["track"].astype(np.int64) * 2 + columns["is_drum"]
    pitch = np.where(columns["is_drum"], _DRUM_INDEX[columns["pitch"]], columns["pitch"].astype(np.int64))
    order = np.lexsort((-columns["velocity"].astype(np.int64), pitch, position, part))
    order = order[position[order] >= 0]
    keys = np.stack([part, position, pitch])[:, order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)  # of two equal notes the louder one, which comes first
    order = order[fresh]
    names = facts.get("track_names") or []
    for number, (begin, end) in _runs(part[order]):
        chosen = order[begin:end]
        track = number // 2
        yield Part(
            source=source,
            track=track,
            program=int(columns["program"][chosen[0]]),
            is_drum=bool(number % 2),
            name=str(names[track] or "") if track < len(names) else "",
            position=position[chosen],
            pitch=pitch[chosen],
            velocity=columns["velocity"][chosen].astype(np.int64),
            residual=columns["residual"][chosen].astype(np.float64),
            length=length[chosen],
            reach=_reach(position[chosen], pitch[chosen], columns["residual"][chosen] + length[chosen]),
            second=columns["onset_s"][chosen].astype(np.float64),
        )


def _first_bar(bar: Ints, step: npt.NDArray[Any], pickup_steps: int) -> int:
    """The bar that the music begins with: after the pickup, and, in anything longer than a loop, after a bar of which
    only the end is played."""
    whole = bar >= (1 if pickup_steps > 0 else 0)
    if not whole.any():
        return int(bar.max()) + 1
    first = int(bar[whole].min())
    leads_in = int(bar.max()) - first >= max(LOOP_BARS) and int(step[bar == first].min()) >= _PICKUP_FROM
    return first + leads_in


def _whole_bars(position: Ints, length: Floats) -> int:
    """Bars to the one of the last onset; one more where that makes them even and the music sounds on into it."""
    bars = int(position.max()) // STEPS_PER_BAR + 1
    sounds_on = float((position + length).max()) > bars * STEPS_PER_BAR + 1
    return bars + (bars % 2 == 1 and sounds_on)


def _scale(pitch: npt.NDArray[Any], length: Floats, is_drum: npt.NDArray[Any]) -> ScaleEstimate | None:
    pitched = ~is_drum.astype(np.bool_)
    weights = np.maximum(length[pitched], 0.5)
    histogram = np.bincount(pitch[pitched].astype(np.int64) % 12, weights, minlength=12)
    return estimate_scale(histogram) if np.count_nonzero(histogram) >= _MIN_CLASSES else None


def _reach(position: Ints, pitch: Ints, end: Floats) -> Ints:
    """(n,) see Part.reach; ``end`` is where each note stops, in steps after its position."""
    wanted = position + np.maximum(np.ceil(end - _LEGATO), 1).astype(np.int64)
    following = np.append(position, _FAR)[np.searchsorted(position, wanted)] - position
    again = np.full(len(position), _FAR)
    order = np.lexsort((position, pitch))
    same = pitch[order][1:] == pitch[order][:-1]
    again[order[:-1][same]] = (position[order][1:] - position[order][:-1])[same]
    result: Ints = np.minimum(following, again)
    return result
