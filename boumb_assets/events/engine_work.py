"""The extraction of files as the work of an engine: which tables it makes, how their files are laid out, and what is
said of a file that took its process down."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

from boumb_assets.events.extract import Extracted, FileTask, extract_files
from boumb_assets.events.note_table import LAYOUT, NOTES_A_GROUP
from boumb_assets.events.schema import EVENTS, FILE_BEATS, FILES, STAGE
from boumb_assets.events.texts import FILE_TEXTS
from boumb_assets.lake.engine import TIMEOUT_SECONDS
from boumb_assets.lake.parquet import TableForm
from boumb_assets.lake.rejection import REJECTED, Reason, Rejection, rejected_table
from boumb_assets.rights.takedowns import FILE_PRINTS
from boumb_assets.theory.work_print import PrintIndex

BATCH_FILES: Final = 64
BATCH_BYTES: Final = 2 << 20  # of MIDI: some 400,000 notes, which take 60 MB as a table
NAMES: Final = ("dataset", "sha256", "path")  # with each note, syllable and beat, of which a file has thousands

TABLES: Final[Mapping[str, TableForm]] = {
    "midi_events": TableForm(EVENTS, NOTES_A_GROUP, LAYOUT, dictionaries=NAMES),
    "file_facts": TableForm(FILES),
    "file_texts": TableForm(FILE_TEXTS, NOTES_A_GROUP, dictionaries=(*NAMES, "kind")),
    "file_beats": TableForm(FILE_BEATS, NOTES_A_GROUP, dictionaries=NAMES),
    "file_prints": TableForm(FILE_PRINTS),
    "rejected": TableForm(REJECTED),
}
"""The tables of midi_events."""


class FileReader:
    """Reads the files of one data set, in any process."""

    forms: Mapping[str, TableForm] = TABLES
    preload: Sequence[str] = ("boumb_assets.events.warm",)

    def __init__(self, dataset: str, taken: PrintIndex) -> None:
        self.dataset, self.taken = dataset, taken

    def read(self, tasks: Sequence[FileTask], begins: Callable[[int], None]) -> dict[str, pa.Table]:
        """As `extract.extract_files`."""
        return _by_table(extract_files(tasks, self.dataset, begins, self.taken))

    def lost(self, task: FileTask, kind: str, detail: str) -> dict[str, pa.Table]:
        """The file is set aside, as timeout or as native_crash."""
        if kind == "timeout":
            rejection = Rejection(task.path, Reason.TIMEOUT, f"not read within {TIMEOUT_SECONDS:g} s", task.sha256)
        else:
            said = f"the process that read it {detail}"
            rejection = Rejection(task.path, Reason.NATIVE_CRASH, said, task.sha256)
        empty = {table: form.schema.empty_table() for table, form in TABLES.items()}
        return {**empty, "rejected": rejected_table([rejection], self.dataset, STAGE)}


def _by_table(made: Extracted) -> dict[str, pa.Table]:
    return {
        "midi_events": made.events,
        "file_facts": made.files,
        "file_texts": made.texts,
        "file_beats": made.beats,
        "file_prints": made.prints,
        "rejected": made.rejected,
    }


def batches_of(tasks: Sequence[FileTask], sizes: Sequence[int]) -> Iterator[tuple[FileTask, ...]]:
    """``tasks`` in runs of at most BATCH_FILES files and, but for a single file that is larger, BATCH_BYTES bytes;
    ``sizes`` are those of the files."""
    batch: list[FileTask] = []
    held = 0
    for task, size in zip(tasks, sizes, strict=True):
        if batch and (len(batch) == BATCH_FILES or held + size > BATCH_BYTES):
            yield tuple(batch)
            batch, held = [], 0
        batch.append(task)
        held += size
    if batch:
        yield tuple(batch)
