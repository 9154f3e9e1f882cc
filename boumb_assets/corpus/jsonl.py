"""Rows as zstd JSON lines: written in frames of whole lines, read back shard by shard or from all of them in turn."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import zstandard

from boumb_assets.corpus.shard_index import RowsError, read_index

LEVEL: Final = 1  # of the rows' redundancy level 3 finds 3 % more, in half as much time again
SUFFIX: Final = ".jsonl.zst"
MAX_LINE_BYTES: Final = 1 << 22
READ_BYTES: Final = 1 << 16  # of a file at a time
WINDOW_BYTES: Final = 1 << 27  # that a frame may ask a reader to keep


@dataclass(frozen=True)
class Shard:
    """A shard that was written."""

    rows: int
    bytes: int
    sha256: str
    frames: list[tuple[int, int]]


def write_shard(path: Path, blocks: Iterable[tuple[bytes | memoryview, int]]) -> Shard | None:
    """Writes each block, whole lines and their number, as a frame with its content's size and checksum and no time of
    day. None, and no file, where there is no block."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, write_content_size=True)
    digest, frames, rows, plain, packed = hashlib.sha256(), list[tuple[int, int]](), 0, 0, 0
    with path.open("wb") as target:
        for block, lines in blocks:
            frame = compressor.compress(block)
            frames.append((packed, rows))
            target.write(frame)
            digest.update(frame)
            rows, plain, packed = rows + lines, plain + len(block), packed + len(frame)
    if not frames:
        path.unlink()
        return None
    return Shard(rows, plain, digest.hexdigest(), frames)


def shard_files(folder: Path, split: str | None = None, contracts: Sequence[str] | None = None) -> list[Path]:
    """The shards of ``folder``, of one split or of all, of some contracts or of all, by name."""
    wanted = ("*",) if contracts is None else contracts
    return sorted(path for name in wanted for path in folder.glob(f"{split or '*'}-{name}-[0-9]*{SUFFIX}"))


def read_rows(folder: Path, split: str | None = None, seed: int | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a folder, of one split or of all; never a whole shard in memory. Without ``seed`` shard by shard, by
    name; with it from all shards in turn, a shard as often as it has rows left, in an order that the seed decides.

    Raises RowsError, with the shard and line: damaged zstd, a line beyond 4 MiB, no JSON object.
    """
    paths = shard_files(folder, split)
    if seed is None:
        for path in paths:
            yield from (row for _, row in numbered_rows(path))
        return
    left = {entry.shard: entry.rows for entry in read_index(folder)}
    counts = [left.get(path.name, 0) for path in paths]
    readers = [numbered_rows(path) for path in paths]
    random = Random(seed)
    while any(counts):
        (place,) = random.choices(range(len(counts)), counts)
        counts[place] -= 1
        found = next(readers[place], None)
        if found is None:
            raise RowsError(f"{paths[place].name}: cut short: the index tells of more rows")
        yield found[1]
    for path, reader in zip(paths, readers, strict=True):
        if next(reader, None) is not None:  # or raises what is wrong with the file's end
            raise RowsError(f"{path.name}: it has more rows than the index tells of")


def numbered_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of one shard with their lines, from 0. Raises RowsError."""
    for number, line in enumerate(read_lines(path)):
        yield number, parse_line(path.name, number, line)


def parse_line(shard: str, number: int, line: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises RowsError."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowsError(f"{shard}, line {number}: no JSON: {error}") from None
    if not isinstance(row, dict):
        raise RowsError(f"{shard}, line {number}: no JSON object")
    return row


def row_at(folder: Path, shard: str, line: int) -> dict[str, Any]:
    """One row, by its place. Raises RowsError, LookupError for a place that is none."""
    return next(rows_at(folder, [(shard, line)]))


def rows_at(folder: Path, places: Iterable[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    """The rows at places, each a shard and a line in it; of places in order, a frame is read once. Raises RowsError,
    LookupError for a place that is none."""
    entries = {entry.shard: entry for entry in read_index(folder)}
    read, lines = ("", -1), list[bytes]()
    for shard, line in places:
        entry = entries.get(shard)
        if entry is None or not 0 <= line < entry.rows:
            raise LookupError(f"there is no line {line} in {shard}")
        frame = bisect_right(entry.frames, line, key=lambda frame: frame[1]) - 1
        begin, first = entry.frames[frame]
        if (shard, frame) != read:
            with (folder / shard).open("rb") as packed:
                packed.seek(begin)
                lines = b"".join(_pieces(shard, packed, one=True)).splitlines()
            read = (shard, frame)
        if line - first >= len(lines):
            raise RowsError(f"{shard}: the index is of another file")
        yield parse_line(shard, line, lines[line - first])


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of one shard, without their line feeds. Raises RowsError."""
    for block in read_blocks(path):
        for line in block.splitlines():
            if len(line) > MAX_LINE_BYTES:
                raise RowsError(f"{path.name}: a line beyond {MAX_LINE_BYTES} bytes")
            yield line


def read_blocks(path: Path) -> Iterator[bytes]:
    """The lines of one shard, some megabytes of whole ones at a time. Raises RowsError."""
    begun = b""
    with path.open("rb") as packed:
        for piece in _pieces(path.name, packed):
            whole, feed, rest = piece.rpartition(b"\n")
            if feed:
                yield begun + whole + feed
                begun = rest
            else:
                begun += rest
            if len(begun) > MAX_LINE_BYTES:
                raise RowsError(f"{path.name}: a line beyond {MAX_LINE_BYTES} bytes")
    if begun:
        raise RowsError(f"{path.name}: cut short: it ends within a line")


def _pieces(name: str, packed: Any, one: bool = False) -> Iterator[bytes]:
    """What the frames of a file hold, or the ``one`` at its place, piece by piece. A stream that ends early is no error
    to the decoder: that a frame is whole is seen by its own end."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
    frame = decompressor.decompressobj()
    try:
        part = packed.read(READ_BYTES)
        while part:
            if frame.eof:
                frame = decompressor.decompressobj()
            yield frame.decompress(part)
            if one and frame.eof:
                return
            part = frame.unused_data or packed.read(READ_BYTES)
    except zstandard.ZstdError as error:
        raise RowsError(f"{name}: damaged: {error}") from None
    if not frame.eof:
        raise RowsError(f"{name}: cut short: it ends within a frame")
