"""From files on disk to the tables of events, facts and rejections, one pass over each file."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from boumb_assets.events.chunks import MAX_BYTES, MidiRejected
from boumb_assets.events.facts import file_facts
from boumb_assets.events.grid import find_grid
from boumb_assets.events.isolation import Failure, run_isolated
from boumb_assets.events.note_table import NoteTable
from boumb_assets.events.parse import parse_midi, seconds_at
from boumb_assets.events.prints import PrintTable, midi_print
from boumb_assets.events.schema import EVENTS, FILES, STAGE
from boumb_assets.lake.rejection import REJECTED, Reason, Rejection, rejected_table
from boumb_assets.rights.takedowns import FILE_PRINTS
from boumb_assets.theory.work_print import PrintIndex

METADATA: Final = ("title", "composer", "composer_died", "style", "official_split", "loop_bars")
TIMEOUT_SECONDS: Final = 60.0
BATCH_FILES: Final = 128
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
    """Schema EVENTS."""
    files: pa.Table
    """Schema FILES."""
    rejected: pa.Table
    """Schema REJECTED."""
    prints: pa.Table
    """Schema FILE_PRINTS: the files of ``files``, and those that were set aside because they were taken down."""


def extract_files(
    tasks: Sequence[FileTask],
    dataset: str,
    started: Callable[[int], None] | None = None,
    taken: PrintIndex = NOTHING_TAKEN,
) -> Extracted:
    """Reads, parses and describes files, in this process. Never raises for what is in a file; memory and time follow
    the notes in ``tasks``. ``started`` is told the index of each task before it is touched. A file whose notes
    ``taken`` knows, or whose task says so, is set aside as taken_down: of it only the print is kept."""
    notes, prints, facts, rejections = NoteTable(), PrintTable(), [], []
    for index in sorted(range(len(tasks)), key=lambda index: tasks[index].path):
        task = tasks[index]
        if started is not None:
            started(index)
        try:
            facts.append(_extract_one(task, dataset, notes, prints, taken))
        except MidiRejected as refusal:
            known = None if refusal.reason is Reason.UNREADABLE else task.sha256
            rejections.append(Rejection(task.path, refusal.reason, refusal.detail, known))
        except Exception as error:  # a case that nobody thought of costs its file, not the data set
            rejections.append(Rejection(task.path, Reason.MALFORMED, f"{type(error).__name__}: {error}", task.sha256))
    files = pa.Table.from_pylist(facts, schema=FILES)
    return Extracted(notes.table(dataset), files, rejected_table(rejections, dataset, STAGE), prints.table(dataset))


def extract_isolated(
    tasks: Sequence[FileTask],
    dataset: str,
    workers: int,
    timeout_s: float = TIMEOUT_SECONDS,
    taken: PrintIndex = NOTHING_TAKEN,
) -> Extracted:
    """As `extract_files`, in ``workers`` processes; the result does not depend on their number. A file that crashes the
    native parser is set aside as native_crash, one that takes longer than ``timeout_s`` as timeout."""
    ordered = sorted(tasks, key=lambda task: task.path)
    size = max(1, min(BATCH_FILES, -(-len(ordered) // (4 * max(1, workers)))))
    batches = [ordered[begin : begin + size] for begin in range(0, len(ordered), size)]
    work = partial(_extract_batch, dataset=dataset, taken=taken)
    parts, failures = run_isolated(batches, work, workers, timeout_s, preload=(__name__,))
    return _joined([*parts, *(_lost(failure, dataset, timeout_s) for failure in failures)])


def _extract_batch(
    tasks: Sequence[FileTask], started: Callable[[int], None], dataset: str, taken: PrintIndex
) -> Extracted:
    return extract_files(tasks, dataset, started, taken)


def _lost(failure: Failure[FileTask], dataset: str, timeout_s: float) -> Extracted:
    """The result of a batch of one file that could not be read to its end."""
    task = failure.task
    if failure.kind == "timeout":
        rejection = Rejection(task.path, Reason.TIMEOUT, f"not read within {timeout_s:g} s", task.sha256)
    else:
        detail = f"the process that read it {failure.detail}"
        rejection = Rejection(task.path, Reason.NATIVE_CRASH, detail, task.sha256)
    rejected = rejected_table([rejection], dataset, STAGE)
    return Extracted(EVENTS.empty_table(), FILES.empty_table(), rejected, FILE_PRINTS.empty_table())


def _joined(parts: Sequence[Extracted]) -> Extracted:
    """One result from those of batches that are runs of one sorted list: no path of one lies between two of another."""
    ordered = sorted((part for part in parts if len(part.files) or len(part.rejected)), key=_first_path)
    return Extracted(
        pa.concat_tables([EVENTS.empty_table(), *(part.events for part in ordered)]),
        pa.concat_tables([FILES.empty_table(), *(part.files for part in ordered)]),
        pa.concat_tables([REJECTED.empty_table(), *(part.rejected for part in ordered)]),
        pa.concat_tables([FILE_PRINTS.empty_table(), *(part.prints for part in ordered)]),
    )


def _first_path(part: Extracted) -> str:
    return min(str(table.column("path")[0]) for table in (part.files, part.rejected) if len(table))


def _extract_one(
    task: FileTask, dataset: str, notes: NoteTable, prints: PrintTable, taken: PrintIndex
) -> dict[str, Any]:
    """The facts of one file; its notes and their print are added to the tables. Raises MidiRejected."""
    parsed = parse_midi(_read(task))
    work = midi_print(parsed)
    takedown = task.takedown or taken.match(work)
    if takedown is not None:
        prints.add(task.path, task.sha256, work)
        raise MidiRejected(Reason.TAKEN_DOWN, f"takedown {takedown}")
    grid = find_grid(parsed)
    onset_s = seconds_at(parsed.onset_tick, parsed.ppq, parsed.tempos)
    end_s = seconds_at(parsed.onset_tick + parsed.duration_tick, parsed.ppq, parsed.tempos)
    duration_s = end_s - onset_s
    facts = file_facts(parsed, grid, onset_s, duration_s)
    notes.add(task.path, task.sha256, parsed, (onset_s, duration_s), grid.positions)
    prints.add(task.path, task.sha256, work)
    told = {name: task.metadata.get(name) for name in METADATA}
    return {"dataset": dataset, "sha256": task.sha256, "path": task.path, **told, **facts}


def _read(task: FileTask) -> bytes:
    """The file's bytes, as they were when it was collected."""
    try:
        with Path(task.disk).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MidiRejected(Reason.UNREADABLE, error.strerror or type(error).__name__) from error
    if len(data) > MAX_BYTES:
        raise MidiRejected(Reason.TOO_LARGE, f"more than {MAX_BYTES} bytes")
    if hashlib.sha256(data).hexdigest() != task.sha256:
        raise MidiRejected(Reason.CHANGED_WHILE_READING, "the bytes are not those that were collected")
    return data
