"""From a folder to raw_midi: every file with its hash, or the reason why it was set aside."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from boumb_assets.ingest.listing import Entry, list_folder, listing_fingerprint
from boumb_assets.ingest.metadata import FACT_NAMES, FileFacts, read_metadata
from boumb_assets.ingest.reading import hash_file
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.progress import silent
from boumb_assets.lake.rejection import Rejection, rejected_table

__all__ = ["STAGE", "Scanned", "listing_fingerprint", "scan_folder"]

STAGE: Final = "raw_midi"

_THREADS: Final = 4  # reading waits for the disk, and hashing lets go of the interpreter
_BATCH: Final = 64  # files that a thread takes at once, so that handing them over costs little
_NO_FACTS: Final = FileFacts()


@dataclass(frozen=True)
class Scanned:
    """What a scan found."""

    raw: pa.Table
    """Schema RAW, sorted by path."""
    rejected: pa.Table
    """Schema REJECTED, sorted by path."""
    hashed: int
    """Files that were read; the rest were known by size and time."""


def scan_folder(
    root: Path, dataset: str, previous: pa.Table | None = None, progress: Callable[[int, int], None] = silent
) -> Scanned:
    """The manifest of the MIDI files below ``root``: nothing is copied, nothing in the folder is written.

    A file whose size and modification time are those of its row in ``previous`` (schema RAW, of the same folder) is not
    read again, as git's index does it. ``progress`` is told of the files that are done and all there are.
    Raises NotADirectoryError where ``root`` is no folder; anything else that is wrong is a row of ``rejected``.
    """
    root = root.resolve()
    listing = list_folder(root)
    facts, unread = read_metadata(root, listing.metadata)
    known = _known_hashes(previous, str(root))
    stale = [entry for entry in listing.files if (entry.path, entry.bytes, entry.mtime_ns) not in known]
    fresh = len(listing.files) - len(stale)
    progress(fresh, len(listing.files))
    rejections = [*listing.rejections, *unread]
    hashes: dict[str, str] = {}
    for done, (entry, outcome) in enumerate(_hashes(root, stale), fresh + 1):
        if isinstance(outcome, Rejection):
            rejections.append(outcome)
        else:
            hashes[entry.path] = outcome
        progress(done, len(listing.files))
    known_or_new = (
        (entry, hashes.get(entry.path) or known.get((entry.path, entry.bytes, entry.mtime_ns)))
        for entry in listing.files
    )
    kept = [(entry, sha256) for entry, sha256 in known_or_new if sha256 is not None]
    return Scanned(
        raw=_table(kept, facts, dataset, str(root)),
        rejected=rejected_table(rejections, dataset, STAGE),
        hashed=len(stale),
    )


def _known_hashes(previous: pa.Table | None, source: str) -> dict[tuple[str, int, int], str]:
    """The hashes of an earlier scan of the same folder, by path, size and modification time."""
    if previous is None:
        return {}
    names = ("source", "path", "bytes", "mtime_ns", "sha256")
    columns = zip(*(previous[name].to_pylist() for name in names), strict=True)
    return {(path, size, mtime): sha256 for folder, path, size, mtime, sha256 in columns if folder == source}


def _hashes(root: Path, entries: list[Entry]) -> Iterator[tuple[Entry, str | Rejection]]:
    batches = [entries[start : start + _BATCH] for start in range(0, len(entries), _BATCH)]
    with ThreadPoolExecutor(_THREADS) as pool:
        for batch, outcomes in zip(batches, pool.map(lambda batch: _hash_batch(root, batch), batches), strict=True):
            yield from zip(batch, outcomes, strict=True)


def _hash_batch(root: Path, batch: list[Entry]) -> list[str | Rejection]:
    return [hash_file(root, entry) for entry in batch]


def _table(kept: list[tuple[Entry, str]], facts: dict[str, FileFacts], dataset: str, source: str) -> pa.Table:
    stated = [facts.get(entry.path, _NO_FACTS) for entry, _ in kept]
    columns: dict[str, list[Any]] = {
        "dataset": [dataset] * len(kept),
        "path": [entry.path for entry, _ in kept],
        "bytes": [entry.bytes for entry, _ in kept],
        "mtime_ns": [entry.mtime_ns for entry, _ in kept],
        "sha256": [sha256 for _, sha256 in kept],
        "source": [source] * len(kept),
        **{name: [getattr(fact, name) for fact in stated] for name in FACT_NAMES},
    }
    return pa.Table.from_pydict(columns, schema=RAW)
