"""Archives made by hand, so that they may be wrong in every way that one can be."""

import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

MIDI: Final = b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0"


@dataclass(frozen=True)
class Entry:
    """One member of a .zip as it is written into it: what is left out is as it should be."""

    name: bytes
    data: bytes = MIDI
    local_name: bytes | None = None
    flags: int = 0
    method: int = zipfile.ZIP_STORED
    mode: int = 0
    size: int | None = None
    packed: bytes | None = None
    offset: int | None = None


def deflated(name: bytes, data: bytes) -> Entry:
    """An honest, deflated member."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return Entry(name, data, method=zipfile.ZIP_DEFLATED, packed=packer.compress(data) + packer.flush())


def zip_bytes(entries: Iterable[Entry]) -> bytes:
    """A .zip of these members, after APPNOTE.TXT 6.3.10, section 4.3."""
    body, table, count = bytearray(), bytearray(), 0
    for entry in entries:
        packed = entry.data if entry.packed is None else entry.packed
        size = len(entry.data) if entry.size is None else entry.size
        offset = len(body) if entry.offset is None else entry.offset
        crc = zlib.crc32(entry.data)
        common = struct.pack("<HHHHIII", entry.flags, entry.method, 0, 0x21, crc, len(packed), size)
        local_name = entry.name if entry.local_name is None else entry.local_name
        if entry.offset is None:
            body += struct.pack("<4sH", b"PK\3\4", 20) + common + struct.pack("<HH", len(local_name), 0)
            body += local_name + packed
        table += struct.pack("<4sHH", b"PK\1\2", 3 << 8 | 20, 20) + common
        table += struct.pack("<HHHHHII", len(entry.name), 0, 0, 0, 0, entry.mode << 16, offset) + entry.name
        count += 1
    shown = min(count, 0xFFFF)
    return bytes(body + table + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, shown, shown, len(table), len(body), 0))


def overlapping_zip(count: int, data: bytes) -> bytes:
    """Fifield's bomb in its simplest form: every entry of the table names the one member that there is."""
    first = deflated(b"a0.mid", data)
    others = (replace(first, name=f"a{number}.mid".encode(), offset=0) for number in range(1, count))
    return zip_bytes([first, *others])


def quoted_zip(data: bytes) -> bytes:
    """Two members of which the first takes the second's header for data of its own."""
    inner = zip_bytes([Entry(b"b.mid", data)])
    local = inner[: inner.index(b"PK\1\2")]
    outer = Entry(b"a.mid", local)
    return zip_bytes([outer, Entry(b"b.mid", data, offset=30 + len(outer.name))])


def tar_header(name: str, size: int = len(MIDI), kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """A header of a .tar that claims ``size`` bytes, whatever follows it."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def tar_member(name: str, data: bytes = MIDI) -> bytes:
    """A regular member of a .tar."""
    return tar_header(name, len(data)) + data + bytes(-len(data) % 512)


def tar_bytes(*parts: bytes) -> bytes:
    """A .tar of such parts, with its end mark."""
    return b"".join(parts) + bytes(1024)


def pax_tar(names: Iterable[str]) -> bytes:
    """A .tar with any names at all."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(MIDI)
            archive.addfile(info, io.BytesIO(MIDI))
    return out.getvalue()


def written(folder: Path) -> dict[str, bytes]:
    """Everything below a folder that is no folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not stat.S_ISDIR(path.lstat().st_mode)
    }
