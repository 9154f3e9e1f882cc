"""A scan as tests want it: whole tables."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from boumb_assets.ingest.listing import Entry, walk
from boumb_assets.ingest.scan import Scan
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.progress import silent


class Scanned(NamedTuple):
    """What a scan found."""

    raw: pa.Table
    rejected: pa.Table
    hashed: int


def scan_folder(
    root: Path, dataset: str, previous: pa.Table | None = None, progress: Callable[[int, int], None] = silent
) -> Scanned:
    """A scan from its beginning to its end."""
    scan = Scan(root, dataset, () if previous is None else previous.to_batches(), progress)
    raw = pa.Table.from_batches(scan.batches(), RAW)
    return Scanned(raw, scan.rejected(), scan.hashed)


def entries_of(root: Path) -> list[Entry]:
    """The files that a walk finds fair."""
    return [found for found in walk(root) if isinstance(found, Entry)]


def reasons(rejected: pa.Table) -> dict[str, str]:
    """The reasons by path."""
    return dict(zip(rejected["path"].to_pylist(), rejected["reason"].to_pylist(), strict=True))
