"""From a folder to raw_midi: every file with its hash, or the reason why it was set aside, as a stream.

The walk gives paths in order, and so do the rows of the scan before and the facts of the metadata; the three are merged
a batch at a time. What a scan holds is a few batches, the metadata as columns, and what was set aside as columns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.ingest.hashing import Hashing, Outcome
from boumb_assets.ingest.listing import Entry, is_midi, survey, walk
from boumb_assets.ingest.metadata import FACT_NAMES, read_metadata
from boumb_assets.ingest.schema import RAW
from boumb_assets.ingest.sorted_rows import SortedRows
from boumb_assets.lake.progress import silent
from boumb_assets.lake.rejection import REJECTED, Rejection, rejected_table

STAGE: Final = "raw_midi"
KNOWN_COLUMNS: Final = ("source", "path", "bytes", "mtime_ns", "sha256")

_BATCH: Final = 1 << 13
_REJECTIONS_AT_ONCE: Final = 4096


@dataclass(frozen=True)
class _Batch:
    """A batch of listed files on its way."""

    entries: Sequence[Entry]
    known: pa.Array
    """sha256 by entry, null where it has to be read."""
    hashed: Sequence[Future[list[Outcome]]]
    """Of those that have to be read, in their order."""


class Scan:
    """One scan of the MIDI files below a folder: nothing is copied, nothing in the folder is written.

    ``previous`` are rows of an earlier scan (KNOWN_COLUMNS of schema RAW, sorted by path): a file whose size and
    modification time are those of its row is not read again, as git's index does it. ``progress`` is told of the files
    that are done and all there are. ``home`` is passed over where it lies in the folder. Raises OSError where ``root``
    is no folder; anything else that is wrong is a row of `rejected`.
    """

    def __init__(
        self,
        root: Path,
        dataset: str,
        previous: Iterable[pa.RecordBatch] = (),
        progress: Callable[[int, int], None] = silent,
        home: Path | None = None,
    ) -> None:
        self.hashed = 0  # files that were read; the rest were known by size and time
        self._done = 0
        self._root, self._dataset, self._progress, self._home = root.resolve(), dataset, progress, home
        self._known = SortedRows(previous)
        metadata, self._names = survey(self._root, home)
        self._facts, unread = read_metadata(self._root, metadata)
        self._rejected: list[pa.Table] = []
        self._rejections: list[Rejection] = []
        self.set_aside(unread)

    def set_aside(self, rejections: Iterable[Rejection]) -> None:
        """Adds to what is rejected; kept as columns."""
        for rejection in rejections:
            self._rejections.append(rejection)
            if len(self._rejections) == _REJECTIONS_AT_ONCE:
                self._pack()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, of schema RAW and sorted by path. To be asked for once, and to the end."""
        facts = SortedRows(self._facts.to_batches())
        self._tell(0)
        with Hashing(self._root) as hashing:
            for batch in _one_ahead(self._listed(hashing)):
                yield self._rows(batch, facts)
        self._tell(self._names - self._done)

    def rejected(self) -> pa.Table:
        """What was set aside so far: schema REJECTED, sorted by path, reason and detail."""
        self._pack()
        order = [(name, "ascending") for name in ("path", "reason", "detail")]
        return pa.concat_tables([REJECTED.empty_table(), *self._rejected]).sort_by(order)

    def _pack(self) -> None:
        self._rejected.append(rejected_table(self._rejections, self._dataset, STAGE))
        self._rejections.clear()

    def _files(self) -> Iterator[Entry]:
        """The MIDI files in order; what is set aside is noted in passing."""
        for found in walk(self._root, home=self._home):
            if isinstance(found, Rejection):
                self.set_aside([found])
            elif is_midi(found.path):
                yield found

    def _listed(self, hashing: Hashing) -> Iterator[_Batch]:
        """Batches whose files are being read."""
        files = self._files()
        while entries := list(islice(files, _BATCH)):
            known = self._known_hashes(entries)
            stale = [entry for entry, missing in zip(entries, known.is_null().to_pylist(), strict=True) if missing]
            self.hashed += len(stale)
            yield _Batch(entries, known, hashing.start(stale))

    def _known_hashes(self, entries: Sequence[Entry]) -> pa.Array:
        paths, sizes, times = (pa.array(column) for column in zip(*entries, strict=True))
        before = self._known.at(paths)
        if before is None:
            return pa.nulls(len(entries), pa.string())
        same = pc.and_(pc.equal(before["bytes"], sizes), pc.equal(before["mtime_ns"], times))
        same = pc.and_(same, pc.equal(before["source"], str(self._root)))
        return pc.if_else(pc.fill_null(same, False), before["sha256"], None).combine_chunks()

    def _rows(self, batch: _Batch, facts: SortedRows) -> pa.RecordBatch:
        hashes = self._hashes(batch)
        self.set_aside(outcome for outcome in hashes if isinstance(outcome, Rejection))
        outcomes = zip(batch.entries, hashes, strict=True)
        kept = [(*entry, outcome) for entry, outcome in outcomes if isinstance(outcome, str)]
        if not kept:
            return pa.RecordBatch.from_pylist([], schema=RAW)
        paths, sizes, times, found = (pa.array(column) for column in zip(*kept, strict=True))
        stated = facts.at(paths)
        columns = {
            "dataset": pa.repeat(self._dataset, len(kept)),
            "path": paths,
            "bytes": sizes,
            "mtime_ns": times,
            "sha256": found,
            "source": pa.repeat(str(self._root), len(kept)),
            **{name: _column(stated, name, len(kept)) for name in FACT_NAMES},
        }
        return pa.RecordBatch.from_pydict(columns, schema=RAW)

    def _hashes(self, batch: _Batch) -> list[Outcome]:
        """By entry; those that are being read are waited for."""
        self._tell(len(batch.entries) - batch.known.null_count)
        read: list[Outcome] = []
        for future in batch.hashed:
            read += future.result()
            self._tell(len(future.result()))
        outcomes = iter(read)
        return [sha256 or next(outcomes) for sha256 in batch.known.to_pylist()]

    def _tell(self, more: int) -> None:
        # Files that came since they were counted are not told of.
        self._done = min(self._done + more, self._names)
        self._progress(self._done, self._names)


def _column(stated: pa.Table | None, name: str, rows: int) -> pa.Array:
    return pa.nulls(rows, RAW.field(name).type) if stated is None else stated[name].combine_chunks()


def _one_ahead(batches: Iterator[_Batch]) -> Iterator[_Batch]:
    """The same batches, each handed out when the next one is under way, so that reading never waits for the walk."""
    held = next(batches, None)
    while held is not None:
        coming = next(batches, None)
        yield held
        held = coming
