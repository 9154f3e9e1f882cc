"""The members of a .tar, plain or compressed, in one pass, and what the standard library passes over silently."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast

from boumb_assets.ingest.archive_members import (
    CHUNK,
    HARMLESS_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    Member,
)
from boumb_assets.ingest.source_errors import ArchiveError, broken_archive
from boumb_assets.lake.progress import Progress, silent
from boumb_assets.lake.rejection import Reason

# What may stand before a member: its header, a long name, extended attributes. The library reads it all into memory.
MAX_HEADER_BYTES: Final = 1 << 20
# `xz -9` needs 65 MiB to unpack; a header may ask for 4 GiB.
MAX_XZ_BYTES: Final = 256 << 20
# Before Python 3.11.10 the library takes quadratic time over a run of digits in extended attributes, ten minutes for
# what a header may hold (CVE-2024-6232). No number has so many, nor a path that is taken.
_LONG_NUMBER: Final = re.compile(rb"[0-9]{1024}")
_BROKEN: Final = (
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    RecursionError,  # a header that describes the next one, which describes the next one
    ValueError,
)


@contextmanager
def open_tar(path: Path, progress: Progress = silent) -> Iterator[tuple[int, Iterator[Member]]]:
    """The bytes that a .tar unpacks to at the least, and its members in order; the name's end says how it is packed.

    Raises ArchiveError while the members are read: for what is no whole .tar (the library takes a broken header for
    the end), and for more than the bounds allow.
    """
    with broken_archive(".tar", _BROKEN), path.open("rb") as packed:
        size = path.stat().st_size
        yield size, _members(_Metered(_unpacked(packed, path.name.lower()), packed), size, progress)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Metered:
    """A stream that refuses to give more than it may, by position and by how much smaller it lies on the disk."""

    def __init__(self, plain: _Readable, packed: IO[bytes]) -> None:
        self._plain, self._packed = plain, packed
        self.position, self.limit = 0, MAX_HEADER_BYTES

    def read(self, size: int) -> bytes:
        """Raises EOFError at the end. Nobody reads that far but to pass over a member that is cut, and the library goes
        on asking for all the bytes that the member's header made up."""
        if not (data := self._read(size)):
            raise EOFError("it ends before its end mark")
        return data

    def _read(self, size: int) -> bytes:
        data = self._plain.read(size)
        self.position += len(data)
        if self.position > MAX_UNPACKED_BYTES:
            raise ArchiveError(f"it unpacks to more than {MAX_UNPACKED_BYTES} bytes")
        if self.position > HARMLESS_BYTES and self.position > MAX_RATIO * self._packed.tell():
            raise ArchiveError(f"it unpacks to more than {MAX_RATIO} times its size: that is no music")
        if self.position > self.limit:
            raise ArchiveError(f"what describes one of its members is larger than {MAX_HEADER_BYTES} bytes")
        return data

    def packed_position(self) -> int:
        return self._packed.tell()

    def read_to_the_end(self) -> None:
        """Reads what follows the last member, so that the checksum of a compressed stream is compared."""
        self.limit = MAX_UNPACKED_BYTES
        while self._read(CHUNK):
            pass


class _StrictInfo(tarfile.TarInfo):
    """A header that is one: where the library takes a broken or missing one for the end, this says so."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> "_StrictInfo":
        try:
            info = super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.EmptyHeaderError:  # type: ignore[attr-defined]
            raise ArchiveError("it is no whole .tar: it has no mark at its end") from None
        except tarfile.HeaderError as error:
            raise ArchiveError(f"it is no whole .tar: {error}") from None
        if info.size < 0:
            raise ArchiveError("it is no whole .tar: a member of less than no bytes")
        return info

    def _proc_pax(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """Looks at extended attributes before the library does, and puts them back into the stream."""
        stream: Any = archive.fileobj
        attributes = stream.read(self._block(self.size))  # type: ignore[attr-defined]
        if _LONG_NUMBER.search(attributes):
            raise ArchiveError("it is no whole .tar: an attribute that is all digits")
        stream.buf = attributes + stream.buf
        stream.pos -= len(attributes)
        return super()._proc_pax(archive)  # type: ignore[misc, no-any-return]


def _members(stream: _Metered, size: int, progress: Progress) -> Iterator[Member]:
    count = 0
    with broken_archive(".tar", _BROKEN):
        # `r|` never seeks: what a header says of places is not believed.
        with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|", tarinfo=_StrictInfo, encoding="utf-8") as archive:
            while (info := archive.next()) is not None:
                count += 1
                if count > MAX_MEMBERS:
                    raise ArchiveError(f"it has more than {MAX_MEMBERS} members")
                stream.limit = archive.offset + MAX_HEADER_BYTES
                if not info.isdir():
                    yield Member(info.name, info.size, partial(_chunks, archive, info), _hindrance(info))
                progress(min(stream.packed_position(), size) >> 20, size >> 20, "unpacking: MiB")
                # The library remembers every member, and every global attribute, for ever.
                archive.members = []  # type: ignore[attr-defined]
                archive.pax_headers = {}
        stream.read_to_the_end()


def _hindrance(info: tarfile.TarInfo) -> tuple[Reason, str] | None:
    if info.issym():
        return Reason.SYMLINK, "a symbolic link in the archive: links are not followed"
    if info.islnk():
        return Reason.SPECIAL_FILE, "a hard link in the archive: links are not followed"
    if info.issparse() or info.type not in tarfile.REGULAR_TYPES:
        return Reason.SPECIAL_FILE, "no regular file in the archive"
    return None


def _chunks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    with broken_archive(".tar", _BROKEN):
        handle = archive.extractfile(info)
        while handle is not None and (chunk := handle.read(CHUNK)):
            yield chunk


def _unpacked(packed: IO[bytes], name: str) -> _Readable:
    if name.endswith((".gz", ".tgz")):
        return gzip.GzipFile(fileobj=packed)
    if name.endswith((".bz2", ".tbz2")):
        return bz2.BZ2File(packed)
    if name.endswith((".xz", ".txz")):
        return io.BufferedReader(_XzReader(packed), CHUNK)
    return packed


class _XzReader(io.RawIOBase):
    """Unpacks .xz with a bound on memory, which `lzma.open` has not."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._unpacker = self._new()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        while True:
            if self._unpacker.eof:
                rest = (self._unpacker.unused_data or self._packed.read(CHUNK)).lstrip(b"\0")
                if not rest and not (rest := self._packed.read(CHUNK).lstrip(b"\0")):
                    return 0
                self._unpacker = self._new()
            else:
                rest = self._packed.read(CHUNK) if self._unpacker.needs_input else b""
                if self._unpacker.needs_input and not rest:
                    raise EOFError("it ends before its end mark")
            data = self._unpacker.decompress(rest, len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)

    @staticmethod
    def _new() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_BYTES)
