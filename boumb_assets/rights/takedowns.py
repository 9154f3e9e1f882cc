"""Takedowns: works that somebody asked to take out again, known by their bytes, their metadata and their notes.

A takedown is a row that is added, never edited; a withdrawal is a further row. It names files by sha256, works by what
the metadata of a data set say of them, now and later, and keeps prints of the notes, so that the same music is known
under another name, in another key, or in an excerpt (`theory.work_print`).
"""

import base64
import binascii
import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from boumb_assets.lake.journal import MAX_BYTES, append_row, read_rows
from boumb_assets.lake.manifest import digest
from boumb_assets.lake.store import Lake
from boumb_assets.rights.composers import is_among, normal_name
from boumb_assets.theory.work_print import MAX_HASHES, PrintIndex, Wanted, WorkPrint

JOURNAL: Final = "takedowns.jsonl"
MAX_FILES: Final = 200_000

FILE_PRINTS: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("notes_digest", pa.string(), nullable=False),
        pa.field("sketch", pa.list_(pa.uint32()), nullable=False),
    ]
)
"""One row a file that can be read, those that were taken down too, sorted by path.

notes_digest: the same for files with the same notes in any key; 16 hexadecimal digits, empty for a few notes
sketch:       the smallest hashes of its passages, ascending (`theory.work_print`)
"""


class TakedownError(ValueError):
    """A takedown that cannot be said; the text says why and what to do."""


def _decodes(text: str) -> str:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None
    if len(data) % 4 or len(data) > 4 * MAX_HASHES:
        raise ValueError(f"is not a list of at most {MAX_HASHES} numbers of four bytes")
    return text


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
TakedownId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Hashes = Annotated[str, Field(max_length=8 * MAX_HASHES), AfterValidator(_decodes)]


class TakenPrint(BaseModel):
    """What is kept of a file's notes: enough to know them again, not enough to play them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Sha256
    digest: str = Field(pattern=r"^([0-9a-f]{16})?$", description="Of all notes; empty where they are too few.")
    hashes: Hashes = Field(description="Of its passages: little-endian 32-bit numbers, ascending, as base64.")
    whole: bool = Field(default=True, description="Whether these are all of its hashes, or the smallest.")

    @classmethod
    def of(cls, sha256: str, work: WorkPrint) -> "TakenPrint":
        """The print of a file as it is kept."""
        kept = work.hashes[:MAX_HASHES]
        text = base64.b64encode(kept.astype("<u4").tobytes()).decode("ascii")
        return cls(sha256=sha256, digest=work.digest, hashes=text, whole=kept.size == work.hashes.size)

    @property
    def values(self) -> npt.NDArray[np.uint32]:
        """The hashes, shape (n,), ascending."""
        return np.frombuffer(base64.b64decode(self.hashes), "<u4").astype(np.uint32)


class Takedown(BaseModel):
    """What somebody asked to take out, or (``withdraws``) that an earlier request no longer holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    takedown_id: TakedownId
    date: datetime.date
    by: Words = Field(description="Who asked for it.")
    reason: Words
    sha256: tuple[Sha256, ...] = Field(default=(), max_length=MAX_FILES, description="Files, by their bytes.")
    title: Words | None = Field(default=None, description="Files whose metadata give this title, now and later.")
    composer: Words | None = Field(
        default=None, description="Files whose metadata name this composer, now and later; with a title, both must fit."
    )
    prints: tuple[TakenPrint, ...] = Field(default=(), max_length=MAX_FILES, description="Notes, in any key.")
    withdraws: TakedownId | None = None

    @property
    def sentence(self) -> str:
        """What it says, for a person."""
        said = f"by {self.by}, {self.date}: {self.reason}"
        if self.withdraws is not None:
            return f"takes back {self.withdraws}; {said}"
        parts = [f"{len(self.sha256)} file{'s' * (len(self.sha256) != 1)}"] if self.sha256 else []
        if self.title is not None:
            parts.append(f"every {self.title!r}" + (f" of {self.composer!r}" if self.composer else ""))
        elif self.composer is not None:
            parts.append(f"every work of {self.composer!r}")
        return f"{' and '.join(parts)}; {said}"

    def names(self, title: str | None, composer: str | None) -> bool:
        """Whether its title and composer are those of a file; never for a takedown that gives neither."""
        return _names(self.title, self.composer, title, composer)


def journal_path(home: Path) -> Path:
    """Where the takedowns of a home are written down."""
    return home / "rights" / JOURNAL


def all_takedowns(home: Path) -> tuple[Takedown, ...]:
    """Every row, withdrawals too, in the order in which they were said. Raises JournalError."""
    path = journal_path(home)
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return _read(path, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, mtime_ns: int, size: int, inode: int) -> tuple[Takedown, ...]:
    """The rows of a journal in one state of it: what is stale is asked of every asset, and the prints are long."""
    return tuple(read_rows(path, Takedown))


def active_takedowns(home: Path) -> tuple[Takedown, ...]:
    """The takedowns that hold, in the order in which they were said. Raises JournalError."""
    rows = all_takedowns(home)
    withdrawn = {row.withdraws for row in rows}
    return tuple(row for row in rows if row.withdraws is None and row.takedown_id not in withdrawn)


def takedowns_digest(home: Path) -> str:
    """16 hexadecimal digits over the takedowns that hold; empty where none does."""
    active = active_takedowns(home)
    return digest(*(row.takedown_id for row in active)) if active else ""


def take_down(
    home: Path,
    *,
    sha256: Iterable[str] = (),
    work: str | None = None,
    composer: str | None = None,
    prints: Iterable[TakenPrint] = (),
    by: str,
    reason: str,
) -> Takedown:
    """Writes a takedown down, flushed to the disk before it returns.

    ``prints`` are of files among ``sha256``; a hash without one is known by its bytes alone. `events.prints` finds both
    in the lake. Raises TakedownError for one that names nothing, or does not fit.
    """
    files, kept = tuple(sorted(set(sha256))), tuple(sorted(prints, key=lambda one: one.sha256))
    work, composer = _said(work), _said(composer)
    if not files and work is None and composer is None:
        raise TakedownError("a takedown names files by sha256, a title or a composer")
    return _append(
        home, by, reason, {"sha256": files, "title": work, "composer": composer, "prints": kept, "withdraws": None}
    )


def withdraw_takedown(home: Path, takedown_id: str, *, by: str, reason: str) -> Takedown:
    """Takes an earlier takedown back: a further row. Raises TakedownError where none of that id holds."""
    known = [row.takedown_id for row in active_takedowns(home)]
    if takedown_id not in known:
        raise TakedownError(f"no takedown {takedown_id!r} holds; those that do: {', '.join(known) or 'none'}")
    return _append(home, by, reason, {"withdraws": takedown_id})


def _append(home: Path, by: str, reason: str, said: dict[str, object]) -> Takedown:
    path = journal_path(home)
    today = datetime.datetime.now(datetime.UTC).date()
    by, reason = by.strip(), reason.strip()
    place = len(all_takedowns(home))  # the same words may be said again after they were taken back
    named = [*said.get("sha256", ()), said.get("title") or "", said.get("composer") or "", said.get("withdraws") or ""]  # type: ignore[misc]
    key = digest(str(today), by, reason, str(place), *map(str, named))[:12]
    try:
        row = Takedown.model_validate({"takedown_id": key, "date": today, "by": by, "reason": reason, **said})
    except ValueError as error:
        raise TakedownError(_first(error)) from None
    before = path.stat().st_size if path.is_file() else 0
    if before + len(row.model_dump_json()) > MAX_BYTES:
        raise TakedownError(f"{path} would be larger than {MAX_BYTES} bytes; name the composer before the files are in")
    append_row(path, row)
    return row


def taken_files(files: pa.Table, prints: pa.Table | None, takedowns: Sequence[Takedown]) -> dict[str, str]:
    """The takedown (its id) by sha256 of each file that one names or whose notes one holds; the first that was said.

    ``files`` has the columns sha256, path, title and composer, ``prints`` the schema FILE_PRINTS.
    """
    claims: list[tuple[int, str]] = []
    known = set(files["sha256"].to_pylist())
    for place, row in enumerate(takedowns):
        named = known.intersection(row.sha256)
        if row.title is not None or row.composer is not None:
            named |= files_named(files, row.title, row.composer)
        claims += [(place, sha256) for sha256 in named]
    if prints is not None and prints.num_rows and takedowns:
        places = {row.takedown_id: place for place, row in enumerate(takedowns)}
        matches = print_index(takedowns).matches(prints["notes_digest"].to_pylist(), *sketches_of(prints))
        hashes = prints["sha256"].to_pylist()
        claims += [(places[key], hashes[row]) for row, key in matches.items()]
    return {sha256: takedowns[place].takedown_id for place, sha256 in sorted(claims, reverse=True)}


def files_named(files: pa.Table, title: str | None, composer: str | None) -> set[str]:
    """The sha256 of the files whose metadata give this title and composer; of either that is None, any."""
    names = files.group_by(["title", "composer"]).aggregate([("sha256", "distinct")])
    columns = (names[name].to_pylist() for name in ("title", "composer", "sha256_distinct"))
    return {
        sha256 for *told, hashes in zip(*columns, strict=True) if _names(title, composer, *told) for sha256 in hashes
    }


def print_index(takedowns: Sequence[Takedown]) -> PrintIndex:
    """What finds the notes of ``takedowns`` again; its answers are their ids."""
    return PrintIndex(
        Wanted(row.takedown_id, one.digest, one.values, one.whole) for row in takedowns for one in row.prints
    )


def sketches_of(prints: pa.Table) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The sketches of a table of FILE_PRINTS one after the other (n,), and where each begins (rows + 1,)."""
    column = prints["sketch"].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    starts = column.offsets.to_numpy().astype(np.int64)
    return column.values.to_numpy().astype(np.uint32, copy=False), starts


def _names(wanted_title: str | None, wanted_composer: str | None, title: str | None, composer: str | None) -> bool:
    """Whether a file's title and composer are those wanted; never where neither is."""
    if normalised(wanted_title) is None and normalised_name(wanted_composer) is None:
        return False
    return (wanted_title is None or normalised(title) == normalised(wanted_title)) and (
        wanted_composer is None
        or normalised_name(composer) == normalised_name(wanted_composer)
        or (composer is not None and normalised_name(composer) is not None and is_among(wanted_composer, composer))
    )


def stored_prints(lake: Lake, partition: str | None = None) -> pa.Table | None:
    """The prints (schema FILE_PRINTS) that midi_events keeps, of one data set or of all; None where there are none."""
    try:
        return lake.read("midi_events", "file_prints", partition)
    except LookupError:
        return None


def normalised(text: str | None) -> str | None:
    """A title as it is compared: without case, accents, punctuation and doubled white space; None where nothing is
    left."""
    if text is None:
        return None
    plain = normal_name(text)
    return plain if any(char.isalnum() for char in plain) else None


def normalised_name(text: str | None) -> str | None:
    """A name as it is compared: as a title, and `Schubert, Franz` as `Franz Schubert`."""
    if text is not None and text.count(",") == 1:
        last, first = text.split(",")
        text = f"{first} {last}"
    return normalised(text)


def _said(text: str | None) -> str | None:
    """A title or name as it was said. Raises TakedownError for one that would fit files without any."""
    if text is None:
        return None
    if normalised(text) is None:
        raise TakedownError(f"{text!r} names nothing")
    return " ".join(text.split())


def _first(error: ValueError) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    return f"takedown: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
