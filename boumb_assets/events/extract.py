"""From files on disk to the tables of events, facts and rejections, one pass over each file."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from boumb_assets.events.beat_table import BeatTable
from boumb_assets.events.chunks import MAX_BYTES, MidiRejected
from boumb_assets.events.facts import facts_table, file_facts
from boumb_assets.events.grid import find_grid, seconds_of
from boumb_assets.events.note_table import NoteTable
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.prints import PrintTable, midi_print
from boumb_assets.events.schema import STAGE
from boumb_assets.events.texts import TextTable
from boumb_assets.lake.rejection import Reason, Rejection, rejected_table
from boumb_assets.theory.work_print import PrintIndex

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


class _Growing:
    """The tables while files are added."""

    def __init__(self) -> None:
        self.notes, self.prints, self.texts, self.beats = NoteTable(), PrintTable(), TextTable(), BeatTable()
        self.facts: list[dict[str, Any]] = []
        self.rejections: list[Rejection] = []

    def extracted(self, dataset: str) -> Extracted:
        return Extracted(
            events=self.notes.table(dataset),
            files=facts_table(self.facts),
            rejected=rejected_table(self.rejections, dataset, STAGE),
            prints=self.prints.table(dataset),
            texts=self.texts.table(dataset),
            beats=self.beats.table(dataset),
        )


def extract_files(
    tasks: Sequence[FileTask],
    dataset: str,
    started: Callable[[int], None] | None = None,
    taken: PrintIndex = NOTHING_TAKEN,
) -> Extracted:
    """Reads, parses and describes files, in this process. Never raises for what is in a file; memory and time follow
    the notes in ``tasks``. ``started`` is told the index of each task before it is touched. A file whose notes
    ``taken`` knows, or whose task says so, is set aside as taken_down: of it only the print is kept."""
    tables = _Growing()
    for index in sorted(range(len(tasks)), key=lambda index: tasks[index].path):
        task = tasks[index]
        if started is not None:
            started(index)
        try:
            _extract_one(task, dataset, tables, taken)
        except MidiRejected as refusal:
            known = None if refusal.reason is Reason.UNREADABLE else task.sha256
            tables.rejections.append(Rejection(task.path, refusal.reason, refusal.detail, known))
        except Exception as error:  # a case that nobody thought of costs its file, not the data set
            said = f"{type(error).__name__}: {error}"
            tables.rejections.append(Rejection(task.path, Reason.MALFORMED, said, task.sha256))
    return tables.extracted(dataset)


def _extract_one(task: FileTask, dataset: str, tables: _Growing, taken: PrintIndex) -> None:
    """Adds one file to the tables. Raises MidiRejected."""
    path, sha256 = task.path, task.sha256
    parsed = parse_midi(_read(task))
    work = midi_print(parsed)
    takedown = task.takedown or taken.match(work)
    if takedown is not None:
        tables.prints.add(path, sha256, work)
        raise MidiRejected(Reason.TAKEN_DOWN, f"takedown {takedown}")
    seconds = seconds_of(parsed)
    grid = find_grid(parsed, seconds)
    facts = {**file_facts(parsed, grid, *seconds), **grid.facts()}
    told = {name: task.metadata.get(name) for name in METADATA}
    tables.facts.append({"dataset": dataset, "sha256": sha256, "path": path, **told, **facts})
    tables.notes.add(path, sha256, parsed, seconds, grid.positions)
    tables.prints.add(path, sha256, work)
    tables.texts.add(path, sha256, parsed.texts)
    if grid.performed is not None:
        tables.beats.add(path, sha256, grid.performed)


def _read(task: FileTask) -> bytes:
    """The file's bytes, as they were when it was collected."""
    try:
        with open(task.disk, "rb") as file:  # noqa: PTH123, a Path costs as much as the reading
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MidiRejected(Reason.UNREADABLE, error.strerror or type(error).__name__) from error
    if len(data) > MAX_BYTES:
        raise MidiRejected(Reason.TOO_LARGE, f"more than {MAX_BYTES} bytes")
    if hashlib.sha256(data).hexdigest() != task.sha256:
        raise MidiRejected(Reason.CHANGED_WHILE_READING, "the bytes are not those that were collected")
    return data
