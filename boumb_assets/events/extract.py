"""From files on disk to the tables of events, facts and rejections, one pass over each file."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from boumb_assets.events.beat_table import BeatTable
from boumb_assets.events.chunks import MAX_BYTES, MidiRejected
from boumb_assets.events.facts import facts_table, file_facts
from boumb_assets.events.grid import Floats, Grid, find_grid, seconds_of
from boumb_assets.events.note_table import NoteTable
from boumb_assets.events.parse import ParsedMidi, parse_midi
from boumb_assets.events.prints import PrintTable, midi_print
from boumb_assets.events.schema import STAGE
from boumb_assets.events.texts import TextTable
from boumb_assets.lake.rejection import Reason, Rejection, rejected_table
from boumb_assets.theory.work_print import PrintIndex, WorkPrint

METADATA: Final = ("title", "composer", "composer_died", "style", "official_split", "loop_bars")
NOTHING_TAKEN: Final = PrintIndex([])


@dataclass(frozen=True)
class FileTask:
    """One file to read. It can be sent to another process."""

    disk: str
    """Where it lies."""
    path: str
    """Relative POSIX path inside its data set."""
    sha256: str
    """What its bytes hashed to when the data set was collected."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What the data set says of it; of the names in METADATA those that are known."""
    takedown: str | None = None
    """The takedown that it is known to be under."""


@dataclass(frozen=True)
class Extracted:
    """What became of a batch of files, each in exactly one of ``files`` and ``rejected``; all sorted by path."""

    events: pa.Table
    """Schema ``note_table.HELD``: EVENTS, but for strings that are dictionaries."""
    files: pa.Table
    """Schema FILES."""
    rejected: pa.Table
    """Schema REJECTED."""
    prints: pa.Table
    """Schema FILE_PRINTS: the files of ``files``, and those that were set aside because they were taken down."""
    texts: pa.Table
    """Schema FILE_TEXTS."""
    beats: pa.Table
    """Schema FILE_BEATS."""


@dataclass(slots=True)
class _File:
    """A file on its way into the tables: what a step finds in it is there for those that follow."""

    index: int
    """Of its task."""
    task: FileTask
    parsed: ParsedMidi = field(init=False)
    work: WorkPrint = field(init=False)
    seconds: tuple[Floats, Floats] = field(init=False)
    grid: Grid = field(init=False)
    facts: dict[str, Any] = field(init=False)
    refused: Rejection | None = None


def extract_files(
    tasks: Sequence[FileTask],
    dataset: str,
    started: Callable[[int], None] | None = None,
    taken: PrintIndex = NOTHING_TAKEN,
) -> Extracted:
    """Reads, parses and describes files, in this process. Never raises for what is in a file; memory and time follow
    the notes in ``tasks``. ``started`` is told the index of each task before anything is done with it: a step is done
    for all files before the next begins, as its code stays in the processor's caches meanwhile. A file whose notes
    ``taken`` knows, or whose task says so, is set aside as taken_down: of it only the print is kept."""
    files = [_File(index, tasks[index]) for index in sorted(range(len(tasks)), key=lambda index: tasks[index].path)]
    for step in (_parse, lambda file: _compare(file, taken), _place, _describe):
        for file in files:
            if file.refused is None:
                if started is not None:
                    started(file.index)
                file.refused = _refusal(step, file)
    return _tables(files, dataset)


def _refusal(step: Callable[[_File], None], file: _File) -> Rejection | None:
    """Takes a step with a file; why it is set aside by that."""
    task = file.task
    try:
        step(file)
    except MidiRejected as refusal:
        known = None if refusal.reason is Reason.UNREADABLE else task.sha256
        return Rejection(task.path, refusal.reason, refusal.detail, known)
    except Exception as error:  # a case that nobody thought of costs its file, not the data set
        return Rejection(task.path, Reason.MALFORMED, f"{type(error).__name__}: {error}", task.sha256)
    return None


def _parse(file: _File) -> None:
    file.parsed = parse_midi(_read(file.task))


def _compare(file: _File, taken: PrintIndex) -> None:
    file.work = midi_print(file.parsed)
    takedown = file.task.takedown or taken.match(file.work)
    if takedown is not None:
        raise MidiRejected(Reason.TAKEN_DOWN, f"takedown {takedown}")


def _place(file: _File) -> None:
    file.seconds = seconds_of(file.parsed)
    file.grid = find_grid(file.parsed, file.seconds)


def _describe(file: _File) -> None:
    file.facts = {**file_facts(file.parsed, file.grid, *file.seconds), **file.grid.facts()}


def _tables(files: Sequence[_File], dataset: str) -> Extracted:
    """What became of ``files``, which are sorted by path."""
    notes, prints, texts, beats = NoteTable(), PrintTable(), TextTable(), BeatTable()
    facts: list[dict[str, Any]] = []
    for file in files:
        path, sha256 = file.task.path, file.task.sha256
        if file.refused is None or file.refused.reason is Reason.TAKEN_DOWN:
            prints.add(path, sha256, file.work)
        if file.refused is not None:
            continue
        told = {name: file.task.metadata.get(name) for name in METADATA}
        facts.append({"dataset": dataset, "sha256": sha256, "path": path, **told, **file.facts})
        notes.add(path, sha256, file.parsed, file.seconds, file.grid.positions)
        texts.add(path, sha256, file.parsed.texts)
        if file.grid.performed is not None:
            beats.add(path, sha256, file.grid.performed)
    return Extracted(
        events=notes.table(dataset),
        files=facts_table(facts),
        rejected=rejected_table([file.refused for file in files if file.refused is not None], dataset, STAGE),
        prints=prints.table(dataset),
        texts=texts.table(dataset),
        beats=beats.table(dataset),
    )


def _read(task: FileTask) -> bytes:
    """The file's bytes, as they were when it was collected."""
    try:
        data = _bytes(task.disk)
    except OSError as error:
        raise MidiRejected(Reason.UNREADABLE, error.strerror or type(error).__name__) from error
    if len(data) > MAX_BYTES:
        raise MidiRejected(Reason.TOO_LARGE, f"more than {MAX_BYTES} bytes")
    if hashlib.sha256(data).hexdigest() != task.sha256:
        raise MidiRejected(Reason.CHANGED_WHILE_READING, "the bytes are not those that were collected")
    return data


def _bytes(disk: str) -> bytes:
    """What lies there, of a file of more than MAX_BYTES as much and a byte. Raises OSError.

    Most files are small: a Path, a buffer, or room for MAX_BYTES would each cost more than the reading.
    """
    handle = os.open(disk, os.O_RDONLY)
    try:
        size = min(os.fstat(handle).st_size, MAX_BYTES + 1)
        data = os.read(handle, size)
        while len(data) < size and (more := os.read(handle, size - len(data))):  # a network may give it in pieces
            data += more
        return data
    finally:
        os.close(handle)
