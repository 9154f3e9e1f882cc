"""Prints of the notes of files, and what a takedown is resolved to by them."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from boumb_assets.events.bars import STEPS_PER_QUARTER
from boumb_assets.events.chunks import MAX_BYTES, MidiRejected
from boumb_assets.events.parse import ParsedMidi, parse_midi
from boumb_assets.lake.store import Lake
from boumb_assets.rights.takedowns import (
    FILE_PRINTS,
    Takedown,
    TakedownError,
    TakenPrint,
    files_named,
    take_down,
)
from boumb_assets.theory.work_print import WorkPrint, work_print

NAMES: Final = ["sha256", "source", "path", "title", "composer"]


def midi_print(parsed: ParsedMidi) -> WorkPrint:
    """The print of a file's notes."""
    return work_print(parsed.onset_tick * (STEPS_PER_QUARTER / parsed.ppq), parsed.pitch, parsed.is_drum)


class PrintTable:
    """A growing table of schema FILE_PRINTS."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._hashes: list[str] = []
        self._prints: list[WorkPrint] = []

    def add(self, path: str, sha256: str, work: WorkPrint) -> None:
        """Adds the print of one file."""
        self._paths.append(path)
        self._hashes.append(sha256)
        self._prints.append(work)

    def table(self, dataset: str) -> pa.Table:
        """The table, in the order in which prints were added."""
        sketches = [work.sketch for work in self._prints]
        ends = np.cumsum([0, *(sketch.size for sketch in sketches)], dtype=np.int32)
        values = np.concatenate([np.zeros(0, np.uint32), *sketches])
        columns = [
            pa.array([dataset] * len(sketches), pa.string()),
            pa.array(self._paths, pa.string()),
            pa.array(self._hashes, pa.string()),
            pa.array([work.digest for work in self._prints], pa.string()),
            pa.ListArray.from_arrays(pa.array(ends), pa.array(values)),
        ]
        return pa.table(columns, schema=FILE_PRINTS)


def resolve_takedown(
    lake: Lake,
    *,
    sha256: Iterable[str] = (),
    files: Iterable[Path] = (),
    work: str | None = None,
    composer: str | None = None,
    by: str,
    reason: str,
) -> Takedown:
    """Finds what a takedown is about in the lake now, takes the prints of its notes, and writes it down.

    ``files`` are MIDI files to take down by their bytes and notes, wherever they lie. A hash that the lake does not
    know is kept as it is: then ``prints`` holds none for it, and it is known by its bytes alone.
    Raises TakedownError for a file that cannot be read, and for what `rights.takedowns.take_down` refuses.
    """
    hashes, prints = set(sha256), dict[str, TakenPrint]()
    for path in files:
        taken = _file_print(path)
        hashes.add(taken.sha256)
        prints[taken.sha256] = taken
    raw = _raw(lake)
    if work is not None or composer is not None:
        hashes |= files_named(raw, work, composer)
    wanted = hashes - prints.keys()
    prints |= {taken.sha256: taken for taken in _lake_prints(lake, wanted)}
    prints |= {taken.sha256: taken for taken in _source_prints(raw, wanted - prints.keys())}
    return take_down(
        lake.home, sha256=hashes, work=work, composer=composer, prints=prints.values(), by=by, reason=reason
    )


def _file_print(path: Path) -> TakenPrint:
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
        return TakenPrint.of(sha256_of(data).hexdigest(), midi_print(parse_midi(data)))
    except (OSError, MidiRejected) as error:
        why = error.detail if isinstance(error, MidiRejected) else error.strerror or str(error)
        raise TakedownError(f"{path} cannot be read: {why}; take it down by its sha256") from None


def _raw(lake: Lake) -> pa.Table:
    """The names of the files that were found."""
    try:
        return lake.read("raw_midi", "raw_midi").select(NAMES)
    except LookupError:
        return pa.table({name: pa.array([], pa.string()) for name in NAMES})


def _lake_prints(lake: Lake, wanted: set[str]) -> Iterator[TakenPrint]:
    """The prints of files that midi_events holds, from their notes; a shard is read only where it has one of them."""
    left = set(wanted)
    for name in lake.partitions("midi_events"):
        found = lake.manifest("midi_events", name)
        if found is None or not left:
            continue
        ppq = _resolutions(lake.paths(found, "file_facts"), left)
        for path in lake.paths(found, "midi_events") if ppq else ():
            columns = ["sha256", "path", "onset_tick", "pitch", "is_drum"]
            kept = pc.field("sha256").isin(sorted(ppq))
            notes = pq.read_table(path, columns=columns, filters=kept, partitioning=None)
            for sha256 in pc.unique(notes["sha256"]).to_pylist():
                if sha256 in left:
                    left.discard(sha256)
                    yield TakenPrint.of(
                        sha256, _notes_print(notes.filter(pc.equal(notes["sha256"], sha256)), ppq[sha256])
                    )


def _resolutions(paths: Sequence[Path], wanted: set[str]) -> dict[str, int]:
    """Ticks a quarter note by sha256 of those files that were read."""
    found: dict[str, int] = {}
    for path in paths:
        rows = pq.read_table(path, columns=["sha256", "ppq"], partitioning=None)
        rows = rows.filter(pc.is_in(rows["sha256"], pa.array(sorted(wanted), pa.string())))
        found.update(zip(rows["sha256"].to_pylist(), rows["ppq"].to_pylist(), strict=True))
    return found


def _notes_print(notes: pa.Table, ppq: int) -> WorkPrint:
    """The print of the notes of a file, which may lie under several paths: those of the first."""
    first = notes.filter(pc.equal(notes["path"], notes["path"][0]))
    onset = first["onset_tick"].to_numpy() * (STEPS_PER_QUARTER / ppq)
    return work_print(onset, first["pitch"].to_numpy(), np.asarray(first["is_drum"].to_pylist(), np.bool_))


def _source_prints(raw: pa.Table, wanted: set[str]) -> Iterator[TakenPrint]:
    """The prints of files that were found but not yet read, or not for use, from where they lie."""
    found = raw.filter(pc.is_in(raw["sha256"], pa.array(sorted(wanted), pa.string())))
    done: set[str] = set()
    for row in found.select(["sha256", "source", "path"]).to_pylist():
        if row["sha256"] in done:
            continue
        try:
            taken = _file_print(Path(row["source"]) / row["path"])
        except TakedownError:
            continue
        if taken.sha256 == row["sha256"]:
            done.add(taken.sha256)
            yield taken
