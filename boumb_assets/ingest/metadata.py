"""The facts that a collection states about its files: `index.tsv` (songs, tunes, the demo, an app's log), Groove's
`info.csv`, MAESTRO's `maestro-v*.csv` and ASAP's `metadata.csv`."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.ingest.listing import Entry
from boumb_assets.ingest.reading import read_small_file
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.rejection import Reason, Rejection

MAX_METADATA_BYTES: Final = 64 << 20
MAX_TEXT_CHARS: Final = 300
# Aria-MIDI, the largest collection of the catalogue, has 1,186,253 files; a file of short lines has 30 million.
MAX_FACTS: Final = 1_500_000

# The first of these that a file has names the file that a row speaks of.
_PATH_COLUMNS: Final = ("file", "midi_filename", "path")
# ASAP's rows speak of two files: the score, and one performance of it.
_PAIRED_PATH_COLUMNS: Final = ("midi_score", "midi_performance")
# The columns that are read, by the fact they give; the first that the file has counts. MAESTRO's `year` is not among
# them: it is that of the performance.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title", "canonical_title"),
    "composer": ("composer", "canonical_composer"),
    "composer_died": ("died", "composer_died"),
    "style": ("style",),
    "bpm": ("bpm", "tempo"),
    "official_split": ("split", "official_split"),
    "loop_bars": ("loop_bars",),
    "arranger": ("arranger",),
    "arranger_died": ("arranger_died",),
    "published": ("published",),
    "composition_licence": ("composition_licence", "composition_license"),
    "encoding_licence": ("licence", "license", "encoding_licence", "encoding_license"),
    "performance_licence": ("performance_licence", "performance_license"),
    "asked": ("asked",),
}
# MAESTRO names a transcription's second author so: "Pyotr Ilyich Tchaikovsky / Mikhail Pletnev".
_ARRANGED: Final = " / "
_ROWS_AT_ONCE: Final = 4096


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
    loop_bars: int | None = None
    """Of a loop: its bars, with the silent ones at its end, which a MIDI file's notes do not tell."""
    arranger: str | None = None
    arranger_died: int | None = None
    published: int | None = None
    """Year of first publication."""
    composition_licence: str | None = None
    """As it is written: what it means is for the ledger to say; so for the other two."""
    encoding_licence: str | None = None
    performance_licence: str | None = None
    asked: str | None = None
    """What a user asked an app for, where the file is its answer."""


FACT_NAMES: Final = tuple(field.name for field in fields(FileFacts))
FACTS: Final = pa.schema([RAW.field("path"), *(RAW.field(name) for name in FACT_NAMES)])


def read_metadata(root: Path, entries: Iterable[Entry]) -> tuple[pa.Table, list[Rejection]]:
    """The facts out of the metadata files ``entries`` (schema FACTS, one row a path relative to ``root``, sorted); a
    file's own folder is what its paths are relative to. Of two rows that speak of one path, the one of the deeper file
    counts, and the later one in a file; what it leaves out, the other one says.

    A metadata file that cannot be read, or with which there would be more than MAX_FACTS rows, gives no facts and one
    rejection; a value that cannot be read is left out.
    """
    batches: list[pa.RecordBatch] = []
    rejections: list[Rejection] = []
    left = MAX_FACTS
    for entry in sorted(entries, key=lambda entry: (entry.path.count("/"), entry.path)):
        data = read_small_file(root, entry, MAX_METADATA_BYTES)
        if isinstance(data, Rejection):
            rejections.append(data)
            continue
        try:
            found = list(_batches(islice(_facts_of(data, entry.path), left + 1)))
            left -= sum(batch.num_rows for batch in found)
            if left < 0:
                left = 0
                raise ValueError(f"there are more than {MAX_FACTS} rows, with those of the files before it")
            batches += found
        except (csv.Error, ValueError) as error:
            rejections.append(Rejection(entry.path, Reason.MALFORMED, f"no facts are read from it: {error}"))
    return _joined(pa.Table.from_batches(batches, FACTS)), rejections


def _joined(stated: pa.Table) -> pa.Table:
    """One row a path, sorted, of the last value that each fact has."""
    last = [(name, "last", pc.ScalarAggregateOptions(skip_nulls=True)) for name in FACT_NAMES]
    grouped = stated.group_by("path", use_threads=False).aggregate(last)
    named = {name: grouped[name if name == "path" else f"{name}_last"] for name in FACTS.names}
    return pa.table(named, schema=FACTS).sort_by("path").combine_chunks()


def _batches(facts: Iterator[tuple[str, FileFacts]]) -> Iterator[pa.RecordBatch]:
    while some := list(islice(facts, _ROWS_AT_ONCE)):
        columns: dict[str, list[Any]] = {name: [getattr(fact, name) for _, fact in some] for name in FACT_NAMES}
        yield pa.RecordBatch.from_pydict({"path": [path for path, _ in some], **columns}, schema=FACTS)


def _facts_of(data: bytes, path: str) -> Iterator[tuple[str, FileFacts]]:
    """Paths and their facts out of the metadata file ``path``. Raises csv.Error or ValueError with the reason."""
    folder = path[: path.rfind("/") + 1]
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    # A .tsv of titles has quotation marks in them, and none around them.
    tabs = path.lower().endswith(".tsv")
    rows = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.reader(text)
    header = [name.strip().lower() for name in next(rows, [])]
    paths = [header.index(name) for name in _path_columns(header)]
    if not paths:
        raise ValueError(f"its first line names no column {' or '.join(_PATH_COLUMNS)}")
    places = {
        fact: header.index(names[0]) for fact, all_names in _COLUMNS.items() if (names := _present(all_names, header))
    }
    for row in rows:
        named = [name for place in paths if place < len(row) and (name := row[place].strip())]
        facts = _row_facts(row, places) if named else FileFacts()
        yield from ((folder + name, facts) for name in named)


def _path_columns(header: Sequence[str]) -> list[str]:
    return _present(_PATH_COLUMNS, header)[:1] or _present(_PAIRED_PATH_COLUMNS, header)


def _present(names: Iterable[str], header: Sequence[str]) -> list[str]:
    return [name for name in names if name in header]


def _row_facts(row: Sequence[str], places: Mapping[str, int]) -> FileFacts:
    cells = {fact: row[place] for fact, place in places.items() if place < len(row)}
    values: dict[str, Any] = {fact: _READERS[fact](cell) for fact, cell in cells.items()}
    return _with_arranger(FileFacts(**values))


def _with_arranger(facts: FileFacts) -> FileFacts:
    """The composer and the one who arranged, where both are named as one: whose year is known must not be mixed up."""
    if facts.composer is None or facts.arranger is not None or _ARRANGED not in facts.composer:
        return facts
    composer, _, arranger = facts.composer.partition(_ARRANGED)
    return replace(facts, composer=composer, arranger=arranger)


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


def _bars(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\s*[1-9][0-9]?\s*", cell) else None


_READERS: Final[Mapping[str, Callable[[str], str | int | float | None]]] = {
    "title": _text,
    "composer": _text,
    "composer_died": _year,
    "style": _text,
    "bpm": _tempo,
    "official_split": _text,
    "loop_bars": _bars,
    "arranger": _text,
    "arranger_died": _year,
    "published": _year,
    "composition_licence": _text,
    "encoding_licence": _text,
    "performance_licence": _text,
    "asked": _text,
}
