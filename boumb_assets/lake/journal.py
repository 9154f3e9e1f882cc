"""An append-only file of rows: what was said is never edited, only added to."""

import fcntl
import os
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

MAX_BYTES: Final = 64 << 20

Row = TypeVar("Row", bound=BaseModel)


class JournalError(ValueError):
    """A journal that cannot be read; the text names the line and says why."""


def append_row(path: Path, row: BaseModel) -> None:
    """Adds one row as a line of JSON, flushed to the disk before it returns. Two writers take turns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        line = b"" if handle.tell() == 0 or _ends_a_line(path) else b"\n"
        handle.write(line + row.model_dump_json(exclude_none=True).encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """The rows of a journal in the order in which they were said; none where there is no file.

    Raises JournalError for a line that is no row: a statement about rights that cannot be read must stop what depends
    on it, not be passed over.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return []
    if size > MAX_BYTES:
        raise JournalError(f"{path}: larger than {MAX_BYTES} bytes")
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(kind.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise JournalError(f"{path}:{number}: {where}: {first['msg']}; mend the line by hand") from None
    return rows


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        return handle.read(1) == b"\n"
