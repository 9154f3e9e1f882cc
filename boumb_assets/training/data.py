"""Rows from a folder of JSON lines, plain or zstd: ``{"messages": [{"role", "content"}, ...]}`` a line, with
``"transpose"`` beside where the row may be read in other keys."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from boumb_assets.training.chat import Message
from boumb_assets.training.keys import Moves, key_at, moved, read_moves
from boumb_assets.training.progress import TrainingError

HELD_OUT: Final = ("validation-", "test-")
SUFFIXES: Final = (".jsonl", ".jsonl.zst")
ROLES: Final = frozenset({"system", "user", "assistant"})
MAX_LINE_BYTES: Final = 1 << 22
PACKED_BYTES: Final = 4096  # unpacked at a time: zstd can make 128 MiB of them, and of 64 KiB two GiB


@dataclass(frozen=True)
class Row:
    """One conversation; ``moves`` where it may be read in other keys, ``digest`` tells it from others."""

    messages: list[Message]
    moves: Moves | None = None
    digest: bytes = b""

    def semitones(self, visit: int, seed: int) -> int:
        """How far it is moved the ``visit``-th time (from 0) that it is seen."""
        return key_at(self.moves, self.digest, visit, seed) if self.moves else 0

    def moved(self, semitones: int) -> list[Message]:
        """Its messages in another key, one of ``moves``."""
        return moved(self.messages, self.moves, semitones) if self.moves else self.messages


def shards(folder: Path) -> list[Path]:
    """The shards of ``folder`` to train on, by name; those that are called ``validation-`` or ``test-`` are left out.
    Raises TrainingError where there is none."""
    named = sorted(path for path in folder.glob("*") if path.name.endswith(SUFFIXES)) if folder.is_dir() else []
    found = [path for path in named if not path.name.startswith(HELD_OUT)]
    if not found:
        raise TrainingError(f"no rows in {folder}: give a folder that holds *.jsonl or *.jsonl.zst")
    return found


def data_version(folder: Path) -> str:
    """A digest of the shards' bytes, 16 hex characters; their names and times do not count."""
    digest = hashlib.sha256()
    for path in shards(folder):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def read_lines(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Where each line that is not empty stands (``shard:line``) and its bytes, shard by shard; never a whole shard in
    memory. Raises TrainingError for a line beyond 4 MiB, and for zstd that is damaged or cut short."""
    for path in shards(folder):
        for number, line in enumerate(_lines(path), 1):
            if len(line) > MAX_LINE_BYTES:
                raise TrainingError(f"{path.name}:{number} is longer than {MAX_LINE_BYTES} bytes: that is no row")
            if line.strip():
                yield f"{path.name}:{number}", line


def _lines(path: Path) -> Iterator[bytes]:
    if path.suffix != ".zst":
        with path.open("rb") as plain:
            yield from iter(lambda: plain.readline(MAX_LINE_BYTES + 1), b"")
        return
    begun = b""
    for part in _unpacked(path):
        *whole, begun = (begun + part).split(b"\n")
        yield from whole
        if len(begun) > MAX_LINE_BYTES:
            break
    if begun:
        yield begun


def _unpacked(path: Path) -> Iterator[bytes]:
    """The content of a file of one zstd frame after the other, piece by piece. That a frame is whole is seen by its
    own end: a stream that ends early is no error to the decoder."""
    import zstandard

    decompressor = zstandard.ZstdDecompressor()
    frame = decompressor.decompressobj()
    with path.open("rb") as packed:
        part = packed.read(PACKED_BYTES)
        try:
            while part:
                if frame.eof:
                    frame = decompressor.decompressobj()
                yield frame.decompress(part)
                part = frame.unused_data or packed.read(PACKED_BYTES)
        except zstandard.ZstdError as error:
            raise TrainingError(f"{path.name} is no zstd, or damaged: {error}") from None
    if not frame.eof:
        raise TrainingError(f"{path.name} is cut short: it ends within a frame")


def parse_row(where: str, line: bytes, in_keys: bool = True) -> Row:
    """The row of a line; without ``in_keys`` it has no other keys. Raises TrainingError with ``where`` and what is
    wrong."""
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TrainingError(f"{where} is no JSON: {error}") from None
    messages = row.get("messages") if isinstance(row, dict) else None
    if not isinstance(messages, list) or not messages or not all(_is_message(message) for message in messages):
        raise TrainingError(
            f'{where} has no {{"messages": [{{"role", "content"}}, ...]}} with the roles {sorted(ROLES)}'
        )
    if messages[-1]["role"] != "assistant":
        raise TrainingError(f"{where} does not end with an answer: the last message must be the assistant's")
    if not in_keys or "transpose" not in row:
        return Row(messages)
    try:
        moves = read_moves(row["transpose"], messages)
    except ValueError as error:
        raise TrainingError(f"{where} has a transpose that cannot be followed: {error}") from None
    return Row(messages, moves, hashlib.blake2b(line.rstrip(), digest_size=16).digest())


def _is_message(message: object) -> bool:
    return isinstance(message, Mapping) and message.get("role") in ROLES and isinstance(message.get("content"), str)


def read_rows(folder: Path) -> Iterator[Row]:
    """Every row of ``folder``, in order. Raises TrainingError."""
    for where, line in read_lines(folder):
        yield parse_row(where, line)


def sample_rows(folder: Path, limit: int, seed: int, in_keys: bool = True) -> list[Row]:
    """At most ``limit`` rows of ``folder``, all equally likely, shuffled; the memory is bounded by ``limit`` alone.
    Without ``in_keys`` they have no other keys.

    Reads the folder twice: once to count, once to take the rows that were drawn. Raises TrainingError.
    """
    count = sum(1 for _ in read_lines(folder))
    if not count:
        raise TrainingError(f"the shards in {folder} have no rows")
    drawn = np.random.default_rng(seed).permutation(count)[:limit].tolist()
    wanted = frozenset(drawn)
    rows = {index: parse_row(*line, in_keys) for index, line in enumerate(read_lines(folder)) if index in wanted}
    return [rows[index] for index in drawn]


def texts_of(rows: Iterable[Row]) -> tuple[list[str], list[str]]:
    """The answers and the distinct questions (system and user messages) of ``rows``, in order."""
    answers: list[str] = []
    questions: dict[str, None] = {}
    for row in rows:
        for message in row.messages:
            if message["role"] == "assistant":
                answers.append(message["content"])
            else:
                questions.setdefault(message["content"])
    return answers, list(questions)


def answers_in_keys(rows: Sequence[Row], limit: int, seed: int) -> list[str]:
    """At most ``limit`` distinct answers of ``rows``: all as they are, then all in another key, and so on through the
    keys that each may be in."""
    answers = dict.fromkeys(row.messages[-1]["content"] for row in rows[:limit])
    for visit in range(max((len(row.moves.keys) for row in rows if row.moves), default=0)):
        for row in rows:
            if len(answers) >= limit:
                return list(answers)
            if row.moves and visit < len(row.moves.keys):
                answers.setdefault(row.moved(row.semitones(visit, seed))[-1]["content"])
    return list(answers)
