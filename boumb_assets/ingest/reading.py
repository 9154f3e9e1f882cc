"""Reading a file that somebody else may be writing: whole and unchanged, or not at all."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from boumb_assets.ingest.listing import Entry
from boumb_assets.lake.rejection import Reason, Rejection

_CHUNK: Final = 1 << 20
# A link put in the file's place since it was listed is refused, and a pipe does not block; absent on Windows.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def hash_file(root: Path, entry: Entry) -> str | Rejection:
    """The sha256 of a listed file, or why it was set aside: unreadable, or not what was listed when it was read."""
    state = hashlib.sha256()
    try:
        for chunk in _chunks(root, entry):
            state.update(chunk)
    except OSError as error:
        return Rejection(entry.path, Reason.UNREADABLE, error.strerror or type(error).__name__)
    except _ChangedError:
        return Rejection(entry.path, Reason.CHANGED_WHILE_READING, "was written to while it was read: run again")
    return state.hexdigest()


def read_small_file(root: Path, entry: Entry, limit: int) -> bytes | Rejection:
    """The bytes of a listed file of at most ``limit`` bytes, or why it was set aside."""
    if entry.bytes > limit:
        return Rejection(entry.path, Reason.TOO_LARGE, f"{entry.bytes} bytes; at most {limit} are read")
    try:
        return b"".join(_chunks(root, entry))
    except OSError as error:
        return Rejection(entry.path, Reason.UNREADABLE, error.strerror or type(error).__name__)
    except _ChangedError:
        return Rejection(entry.path, Reason.CHANGED_WHILE_READING, "was written to while it was read: run again")


class _ChangedError(Exception):
    """The file is not the one that was listed."""


def _chunks(root: Path, entry: Entry) -> Iterator[bytes]:
    """The file's bytes. Raises OSError, or _ChangedError as soon as it is another than was listed."""
    descriptor = os.open(f"{root}/{entry.path}", _FLAGS)
    try:
        _expect(descriptor, entry)
        read = 0
        # One chunk more than was listed is never read, however fast the file grows.
        while read <= entry.bytes and (chunk := os.read(descriptor, min(_CHUNK, entry.bytes + 1))):
            read += len(chunk)
            yield chunk
        if read != entry.bytes:
            raise _ChangedError
        _expect(descriptor, entry)
    finally:
        os.close(descriptor)


def _expect(descriptor: int, entry: Entry) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or (found.st_size, found.st_mtime_ns) != (entry.bytes, entry.mtime_ns):
        raise _ChangedError
