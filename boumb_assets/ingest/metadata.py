"""The facts that a collection states about its files: `index.tsv` (songs, tunes, the demo) and Groove's `info.csv`."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from boumb_assets.ingest.listing import Entry
from boumb_assets.ingest.reading import read_small_file
from boumb_assets.lake.rejection import Reason, Rejection

MAX_METADATA_BYTES: Final = 64 << 20
MAX_TEXT_CHARS: Final = 300

# The columns that are read, by the fact they give; the first that the file has counts.
_PATH_COLUMNS: Final = ("file", "midi_filename", "path")
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title",),
    "composer": ("composer",),
    "composer_died": ("died", "composer_died"),
    "style": ("style",),
    "bpm": ("bpm", "tempo"),
    "official_split": ("split", "official_split"),
}


@dataclass(frozen=True)
class FileFacts:
    """What a collection says of one file; None where it says nothing that can be read."""

    title: str | None = None
    composer: str | None = None
    composer_died: int | None = None
    """Year of the Common Era."""
    style: str | None = None
    bpm: float | None = None
    official_split: str | None = None


FACT_NAMES: Final = tuple(field.name for field in fields(FileFacts))


def read_metadata(root: Path, entries: Iterable[Entry]) -> tuple[dict[str, FileFacts], list[Rejection]]:
    """The facts by path relative to ``root``, out of the metadata files ``entries``; a file's own folder is what its
    paths are relative to, and of two that speak of one path the deeper one counts.

    A metadata file that cannot be read gives no facts and one rejection; a value that cannot be read is left out.
    """
    facts: dict[str, FileFacts] = {}
    rejections: list[Rejection] = []
    for entry in sorted(entries, key=lambda entry: (entry.path.count("/"), entry.path)):
        data = read_small_file(root, entry, MAX_METADATA_BYTES)
        if isinstance(data, Rejection):
            rejections.append(data)
            continue
        try:
            found = _facts_of(data, entry.path.lower().endswith(".tsv"))
        except (csv.Error, ValueError) as error:
            rejections.append(Rejection(entry.path, Reason.MALFORMED, f"no facts are read from it: {error}"))
            continue
        folder = entry.path.rpartition("/")[0]
        facts |= {f"{folder}/{path}" if folder else path: value for path, value in found.items()}
    return facts, rejections


def _facts_of(data: bytes, tabs: bool) -> dict[str, FileFacts]:
    """Facts by path as the file writes it. Raises csv.Error or ValueError with the reason."""
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    # A .tsv of titles has quotation marks in them, and none around them.
    rows = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.reader(text)
    header = [name.strip().lower() for name in next(rows, [])]
    paths = [header.index(name) for name in _PATH_COLUMNS if name in header]
    if not paths:
        raise ValueError(f"its first line names no column {' or '.join(_PATH_COLUMNS)}")
    places = {
        fact: header.index(names[0]) for fact, all_names in _COLUMNS.items() if (names := _present(all_names, header))
    }
    return {
        row[paths[0]].strip(): _row_facts(row, places) for row in rows if len(row) > paths[0] and row[paths[0]].strip()
    }


def _present(names: Iterable[str], header: list[str]) -> list[str]:
    return [name for name in names if name in header]


def _row_facts(row: list[str], places: Mapping[str, int]) -> FileFacts:
    cells = {fact: row[place] for fact, place in places.items() if place < len(row)}
    values: dict[str, Any] = {fact: _READERS[fact](cell) for fact, cell in cells.items()}
    return FileFacts(**values)


def _text(cell: str) -> str | None:
    printable = "".join(char if char.isprintable() else " " for char in cell)
    return " ".join(printable.split())[:MAX_TEXT_CHARS] or None


def _year(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\s*[0-9]{3,4}\s*", cell) else None


def _tempo(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and 1 <= value <= 1000 else None


_READERS: Final[Mapping[str, Callable[[str], str | int | float | None]]] = {
    "title": _text,
    "composer": _text,
    "composer_died": _year,
    "style": _text,
    "bpm": _tempo,
    "official_split": _text,
}
