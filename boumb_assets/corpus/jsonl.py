"""Rows as zstd JSON lines: written in shards, read back, checked."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import zstandard

from boumb_assets.contracts.registry import CONTRACTS
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.corpus.rows import LeftOut, TrainingRow
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.lake.progress import report
from boumb_assets.lake.shards import shard_of

LEVEL: Final = 3
SUFFIX: Final = ".jsonl.zst"
MAX_LINE_BYTES: Final = 1 << 22
FRAME_HEADER_BYTES: Final = 18  # the most that a zstd frame header takes
PLACE: Final = ("shard", "line")  # the columns of TRAINING_ROWS that only the finished shard knows


class RowsError(ValueError):
    """A folder of rows that cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Written:
    """What was written."""

    files: list[Path]
    provenance: pa.Table
    """Schema TRAINING_ROWS."""
    facts: dict[str, Any]
    """Rows by split, contract and language, and what was left out by reason."""


@dataclass(frozen=True)
class Invalid:
    """A row that its contract refuses."""

    shard: str
    line: int
    problem: str


@dataclass(frozen=True)
class Checked:
    """What a check of all rows found."""

    rows: int
    invalid: list[Invalid] = field(default_factory=list)


@dataclass
class _Shard:
    """The lines of one shard as they come, on disk; ``places`` says where each lies."""

    file: IO[bytes]
    path: Path
    places: list[tuple[str, int, int]] = field(default_factory=list)  # row_id, offset, bytes
    origins: dict[str, dict[str, Any]] = field(default_factory=dict)  # by row_id

    def add(self, row: TrainingRow) -> None:
        line = encode_row(row.messages)
        self.places.append((row.row_id, self.file.tell(), len(line)))
        self.origins[row.row_id] = {name: getattr(row, name) for name in TRAINING_ROWS.names if name not in PLACE}
        self.file.write(line)


def encode_row(messages: Iterable[dict[str, str]]) -> bytes:
    """The line of a conversation, in UTF-8 with its line feed."""
    text = json.dumps({"messages": list(messages)}, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def write_rows(rows: Iterable[TrainingRow | LeftOut], folder: Path, shards: int, total: int = 0) -> Written:
    """Writes ``<split>-<contract>-<nn>.jsonl.zst`` into ``folder``: a group of works in one of ``shards`` shards a
    contract, the lines of a shard in an order that only their row_ids decide; a shard without rows is no file. The
    same rows give the same bytes, in any order; a row_id counts once. Memory grows with the prompts, not with the
    answers. ``total`` loops and structures are expected, for the progress."""
    left_out: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    open_shards: dict[str, _Shard] = {}
    seen: set[str] = set()
    try:
        for row in rows:
            done = row.loop_id not in seen
            seen.add(row.loop_id)
            if total and done and len(seen) % 500 == 0:
                report(min(len(seen), total), total, "training_data")
            if isinstance(row, LeftOut):
                left_out[row.reason] += 1
                continue
            name = f"{row.split}-{row.contract}-{shard_of(row.work_group, shards):02d}"
            if name not in open_shards:
                aside = folder / f".{name}.lines"
                open_shards[name] = _Shard(aside.open("w+b"), aside)
            if row.row_id in open_shards[name].origins:
                continue
            open_shards[name].add(row)
            counts.update((f"rows_{row.split}", f"rows_{row.contract}", f"rows_{row.language}"))
        files, provenance = _finish(open_shards, folder)
    finally:
        for shard in open_shards.values():
            shard.file.close()
            shard.path.unlink(missing_ok=True)
    facts = {"rows": provenance.num_rows, **dict(sorted(counts.items())), "left_out": dict(sorted(left_out.items()))}
    return Written(files, provenance, facts)


def _finish(shards: dict[str, _Shard], folder: Path) -> tuple[list[Path], pa.Table]:
    files: list[Path] = []
    parts: list[pa.Table] = []
    for name in sorted(shards):
        shard = shards[name]
        shard.places.sort()
        path = folder / f"{name}{SUFFIX}"
        _compress(shard, path)
        files.append(path)
        origins = [
            {**shard.origins[row_id], "shard": path.name, "line": line}
            for line, (row_id, _, _) in enumerate(shard.places)
        ]
        parts.append(pa.Table.from_pylist(origins, TRAINING_ROWS))
    return files, pa.concat_tables(parts) if parts else TRAINING_ROWS.empty_table()


def _compress(shard: _Shard, path: Path) -> None:
    """One frame with its content's size and checksum, and no time of day."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, write_content_size=True)
    size = sum(length for _, _, length in shard.places)
    with path.open("wb") as target, compressor.stream_writer(target, size=size, closefd=False) as stream:
        for _, offset, length in shard.places:
            shard.file.seek(offset)
            stream.write(shard.file.read(length))


def shard_files(folder: Path, split: str | None = None, contracts: Sequence[str] | None = None) -> list[Path]:
    """The shards of ``folder``, of one split or of all, of some contracts or of all, by name."""
    wanted = ("*",) if contracts is None else contracts
    return sorted(path for name in wanted for path in folder.glob(f"{split or '*'}-{name}-[0-9]*{SUFFIX}"))


def read_rows(folder: Path, split: str | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a folder, of one split or of all, shard by shard; never a whole shard in memory.

    Raises RowsError, with the shard and line: damaged zstd, a line beyond 4 MiB, no JSON object.
    """
    for _, _, row in _numbered(folder, split):
        yield row


def _numbered(folder: Path, split: str | None = None) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for path in shard_files(folder, split):
        for number, line in enumerate(_lines(path)):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise RowsError(f"{path.name}, line {number}: no JSON: {error}") from None
            if not isinstance(row, dict):
                raise RowsError(f"{path.name}, line {number}: no JSON object")
            yield path.name, number, row


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of one shard. A stream that ends early is no error to the decoder: the size that the frame states
    tells."""
    with path.open("rb") as packed:
        try:
            size = zstandard.get_frame_parameters(packed.read(FRAME_HEADER_BYTES)).content_size
            packed.seek(0)
            with zstandard.ZstdDecompressor().stream_reader(packed) as stream:
                lines, read = BufferedReader(stream, 1 << 20), 0
                while line := lines.readline(MAX_LINE_BYTES + 1):
                    read += len(line)
                    if len(line) > MAX_LINE_BYTES:
                        raise RowsError(f"{path.name}: a line beyond {MAX_LINE_BYTES} bytes")
                    yield line
        except zstandard.ZstdError as error:
            raise RowsError(f"{path.name}: damaged: {error}") from None
        if size != zstandard.CONTENTSIZE_UNKNOWN and read != size:
            raise RowsError(f"{path.name}: cut short: {read} of {size} bytes")


def check_rows(folder: Path, provenance: pa.Table) -> Checked:
    """Reads every row back: its shape, and its answer by the contract that ``provenance`` (schema TRAINING_ROWS) names
    for that shard and line. A line without provenance is invalid, and so is provenance without its line."""
    keys = zip(provenance["shard"].to_pylist(), provenance["line"].to_pylist(), strict=True)
    contracts = dict(zip(keys, provenance["contract"].to_pylist(), strict=True))
    invalid: list[Invalid] = []
    rows = 0
    try:
        for shard, line, row in _numbered(folder):
            rows += 1
            problem = _problem(row, contracts.pop((shard, line), None))
            if problem is not None:
                invalid.append(Invalid(shard, line, problem))
    except RowsError as error:
        return Checked(rows, [*invalid, Invalid("", -1, str(error))])
    missing = (Invalid(shard, line, "missing: provenance tells of this line") for shard, line in contracts)
    return Checked(rows, [*invalid, *missing])


def _problem(row: dict[str, Any], contract: str | None) -> str | None:
    messages = row.get("messages")
    if list(row) != ["messages"] or not isinstance(messages, list):
        return "keys: a row has messages and nothing else"
    if not all(isinstance(message, dict) and list(message) == ["role", "content"] for message in messages):
        return "message: a message has role and content and nothing else"
    roles = [message["role"] for message in messages]
    if roles not in (["user", "assistant"], ["system", "user", "assistant"]):
        return f"roles: {roles}"
    if contract is None or contract not in CONTRACTS:
        return "provenance: none, or no contract that is known"
    answer = messages[-1]["content"]
    try:
        canonical = contract_of(contract).parse(answer).to_json()
    except (TypeError, ValueError) as error:
        return f"contract: {str(error).splitlines()[0]}"
    return None if canonical == answer else "canonical: the answer is not in its contract's own form"
