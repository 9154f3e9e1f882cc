"""Rows from a folder of JSON lines, plain or zstd: ``{"messages": [{"role", "content"}, ...]}`` a line."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from boumb_assets.training.chat import Message
from boumb_assets.training.progress import TrainingError

HELD_OUT: Final = ("validation-", "test-")
SUFFIXES: Final = (".jsonl", ".jsonl.zst")
ROLES: Final = frozenset({"system", "user", "assistant"})
MAX_LINE_BYTES: Final = 1 << 22
ZSTD_HEADER_BYTES: Final = 18  # the most that the header of a frame takes


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
    import zstandard

    read = 0
    try:
        with path.open("rb") as packed:
            stated = zstandard.frame_content_size(packed.read(ZSTD_HEADER_BYTES))
            packed.seek(0)
            reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
            lines = io.BufferedReader(reader, 1 << 20)
            while line := lines.readline(MAX_LINE_BYTES + 1):
                read += len(line)
                if not line.endswith(b"\n") and len(line) <= MAX_LINE_BYTES and read < stated:
                    break
                yield line
    except zstandard.ZstdError as error:
        raise TrainingError(f"{path.name} is no zstd, or damaged: {error}") from None
    if read < stated:  # a stream that ends early is no error to the decoder; -1 where the frame states no size
        raise TrainingError(f"{path.name} is cut short: {read} bytes of {stated}")


def parse_row(where: str, line: bytes) -> list[Message]:
    """The messages of a line. Raises TrainingError with ``where`` and what is wrong."""
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
    return messages


def _is_message(message: object) -> bool:
    return isinstance(message, Mapping) and message.get("role") in ROLES and isinstance(message.get("content"), str)


def read_rows(folder: Path) -> Iterator[list[Message]]:
    """Every row of ``folder``, in order. Raises TrainingError."""
    for where, line in read_lines(folder):
        yield parse_row(where, line)


def sample_rows(folder: Path, limit: int, seed: int) -> list[list[Message]]:
    """At most ``limit`` rows of ``folder``, all equally likely, shuffled; the memory is bounded by ``limit`` alone.

    Reads the folder twice: once to count, once to take the rows that were drawn. Raises TrainingError.
    """
    count = sum(1 for _ in read_lines(folder))
    if not count:
        raise TrainingError(f"the shards in {folder} have no rows")
    drawn = np.random.default_rng(seed).permutation(count)[:limit].tolist()
    wanted = frozenset(drawn)
    rows = {index: parse_row(*line) for index, line in enumerate(read_lines(folder)) if index in wanted}
    return [rows[index] for index in drawn]


def texts_of(rows: Iterable[list[Message]]) -> tuple[list[str], list[str]]:
    """The answers and the distinct questions (system and user messages) of ``rows``, in order."""
    answers: list[str] = []
    questions: dict[str, None] = {}
    for row in rows:
        for message in row:
            if message["role"] == "assistant":
                answers.append(message["content"])
            else:
                questions.setdefault(message["content"])
    return answers, list(questions)
