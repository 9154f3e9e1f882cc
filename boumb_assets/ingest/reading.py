"""Reading a file that somebody else may be writing: whole and unchanged, or not at all."""

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from boumb_assets.ingest.listing import Entry
from boumb_assets.lake.rejection import Reason, Rejection

_CHUNK: Final = 1 << 20
# Times of files move in ticks of up to 10 ms (the kernel's HZ = 100): what is written twice within one keeps its time.
_TICK_NS: Final = 20_000_000
# A link put in the file's place since it was listed is refused, and a pipe does not block; absent on Windows.
READ_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)


def hash_file(root: Path | str, entry: Entry) -> str | Rejection:
    """The sha256 of a listed file, or why it was set aside: unreadable, or not what was listed when it was read.

    A file that was written a moment ago is waited for until its time can tell the next change from this one; git calls
    such entries of its index racy (`Documentation/technical/racy-git.txt`).
    """
    if 0 <= (age := time.time_ns() - entry.mtime_ns) < _TICK_NS:
        time.sleep((_TICK_NS - age) / 1e9)
    state = hashlib.sha256()
    try:
        for chunk in _chunks(root, entry):
            state.update(chunk)
    except (OSError, _ChangedError) as error:
        return _set_aside(entry, error)
    return state.hexdigest()


def read_small_file(root: Path | str, entry: Entry, limit: int) -> bytes | Rejection:
    """The bytes of a listed file of at most ``limit`` bytes, or why it was set aside."""
    if entry.bytes > limit:
        return Rejection(entry.path, Reason.TOO_LARGE, f"{entry.bytes} bytes; at most {limit} are read")
    try:
        return b"".join(_chunks(root, entry))
    except (OSError, _ChangedError) as error:
        return _set_aside(entry, error)


class _ChangedError(Exception):
    """The file is not the one that was listed."""


def _set_aside(entry: Entry, error: OSError | _ChangedError) -> Rejection:
    if isinstance(error, OSError):
        return Rejection(entry.path, Reason.UNREADABLE, error.strerror or type(error).__name__)
    return Rejection(entry.path, Reason.CHANGED_WHILE_READING, "was written to while it was read: run again")


def _chunks(root: Path | str, entry: Entry) -> Iterator[bytes]:
    """The file's bytes. Raises OSError, or _ChangedError as soon as it is another than was listed."""
    descriptor = os.open(f"{root}/{entry.path}", READ_FLAGS)
    try:
        _expect(descriptor, entry)
        left = entry.bytes  # more than was listed is never read, however fast the file grows
        while left and (chunk := os.read(descriptor, min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
        if left:
            raise _ChangedError
        _expect(descriptor, entry)
    finally:
        os.close(descriptor)


def _expect(descriptor: int, entry: Entry) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or (found.st_size, found.st_mtime_ns) != (entry.bytes, entry.mtime_ns):
        raise _ChangedError
