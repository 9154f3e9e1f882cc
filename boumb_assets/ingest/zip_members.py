"""The members of a .zip, by the standard library, and what that does not look at: overlaps, lies, too large a table."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from boumb_assets.ingest.archive_members import (
    CHUNK,
    HARMLESS_BYTES,
    MAX_MEMBER_RATIO,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    Member,
    shown,
)
from boumb_assets.ingest.listing import is_wanted
from boumb_assets.ingest.source_errors import ArchiveError, broken_archive
from boumb_assets.lake.progress import Progress, silent
from boumb_assets.lake.rejection import Reason

# The table of contents is read at once, and grows about tenfold as objects: Lakh's would take 21 MB.
MAX_TABLE_BYTES: Final = 64 << 20
# What every program writes. The readers of bzip2 and LZMA in a .zip unpack without a bound on memory.
_METHODS: Final = frozenset([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAGS: Final = 0x1 | 0x40 | 0x2000
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_LOCAL_SIGNATURE: Final = b"PK\3\4"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class _BoundedFile(io.BufferedReader):
    """A file of which nobody can read more at once than a table of contents may hold."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_TABLE_BYTES:
            raise ArchiveError(f"its table of contents is larger than {MAX_TABLE_BYTES} bytes")
        return super().read(size)


@contextmanager
def open_zip(path: Path, progress: Progress = silent) -> Iterator[tuple[int, Iterator[Member]]]:
    """The bytes that the wanted members of a .zip say they unpack to, and all members in the order of its table.

    Raises ArchiveError, also while the members are read: for what is no whole .zip, for members that overlap, which is
    how a small file is made to unpack to any size (D. Fifield, "A better zip bomb", WOOT 2019), and for more than the
    bounds allow.
    """
    with broken_archive(".zip", _BROKEN), _BoundedFile(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise ArchiveError(f"it has {len(infos)} members; at most {MAX_MEMBERS} are read")
        _refuse_overlaps(file, infos, archive.start_dir)
        yield _unpacked_bytes(infos), _members(archive, infos, progress)


def _refuse_overlaps(file: io.BufferedReader, infos: list[zipfile.ZipInfo], table: int) -> None:
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ArchiveError(f"its members overlap ({shown(info.orig_filename)}): that is how zip bombs are made")
        file.seek(info.header_offset)
        signature, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        if signature != _LOCAL_SIGNATURE:
            raise ArchiveError(f"it is no whole .zip: {shown(info.orig_filename)} is not where the table says")
        end = info.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes + info.compress_size
    if end > table:
        raise ArchiveError("its members overlap its table of contents: that is how zip bombs are made")


def _unpacked_bytes(infos: list[zipfile.ZipInfo]) -> int:
    """What the members that are taken say they unpack to: each is held to it when it is read."""
    taken = [info for info in infos if is_wanted(info.filename.rpartition("/")[2]) and _hindrance(info) is None]
    unpacked, packed = sum(info.file_size for info in taken), sum(info.compress_size for info in taken)
    if unpacked > MAX_UNPACKED_BYTES:
        raise ArchiveError(f"it unpacks to {unpacked} bytes; at most {MAX_UNPACKED_BYTES} are written")
    if unpacked > HARMLESS_BYTES and unpacked > MAX_RATIO * packed:
        raise ArchiveError(f"it unpacks to {unpacked // max(packed, 1)} times its size: that is no music")
    return unpacked


def _members(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], progress: Progress) -> Iterator[Member]:
    for done, info in enumerate(infos, 1):
        if not info.orig_filename.endswith("/"):
            yield Member(_name(info), info.file_size, partial(_chunks, archive, info), _hindrance(info))
        progress(done, len(infos), "unpacking")


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it is stored. Without the flag that says UTF-8 it is by the standard code page 437, which no program
    asks for: it is UTF-8 all the same, or a code page that nobody knows."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    return info.orig_filename.encode("cp437").decode("utf-8", "surrogateescape")


def _hindrance(info: zipfile.ZipInfo) -> tuple[Reason, str] | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if stat.S_ISLNK(kind):
        return Reason.SYMLINK, "a symbolic link in the archive: links are not followed"
    if kind and not stat.S_ISREG(kind):
        return Reason.SPECIAL_FILE, "no regular file in the archive"
    if info.flag_bits & _ENCRYPTED_FLAGS:
        return Reason.ENCRYPTED, "encrypted: unpack it with its password, and add the folder"
    if info.compress_type not in _METHODS:
        return Reason.UNREADABLE, f"packed by method {info.compress_type}; stored and deflated members are read"
    if info.file_size > CHUNK and info.file_size > MAX_MEMBER_RATIO * info.compress_size:
        return Reason.COMPRESSION_BOMB, f"unpacks to {info.file_size // max(info.compress_size, 1)} times its size"
    return None


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member. The library would silently cut what is longer than stated, so it is not told."""
    stated = info.file_size
    info.file_size = MAX_UNPACKED_BYTES
    count = 0
    with broken_archive(".zip", _BROKEN), archive.open(info) as handle:
        while chunk := handle.read(CHUNK):
            count += len(chunk)
            if count > stated:
                break
            yield chunk
    if count != stated:
        raise ArchiveError(f"{shown(info.orig_filename)} is not of the {stated} bytes that the archive states")
