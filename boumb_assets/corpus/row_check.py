"""Every row read back from its file: its shape, its answer by its contract, what a trainer may do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from boumb_assets.contracts.registry import CONTRACTS
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.contracts.transpose import transpose_content, transpose_names
from boumb_assets.corpus.check_kernel import DRUMS, MAX_SHIFT, SEQUENCE, certain
from boumb_assets.corpus.jsonl import parse_line, read_blocks, shard_files
from boumb_assets.corpus.shard_index import RowsError, ShardEntry, read_index
from boumb_assets.lake.store import hash_file

KERNELS: Final = {"boumb-sequence": SEQUENCE, "drum-pattern": DRUMS}
MAX_SPANS: Final = 32  # of a row, and
MAX_NAME: Final = 80  # characters of the name of a key: a trainer follows no more
ALSO_BY_MODEL: Final = 128  # of so many rows that the kernel is certain of, one is read by the contract's model too


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
    by_model: int
    """How many of them the contract's own model read."""
    invalid: list[Invalid] = field(default_factory=list)


def check_rows(folder: Path, provenance: pa.Table) -> Checked:
    """Reads every row back. An answer must be the canonical text of its shard's contract: the compiled reader
    (`check_kernel`) says so for sure, or the contract's model does, which also reads a part of those that are sure.
    ``provenance`` (schema TRAINING_ROWS) must tell of each line, with that contract, and of no other."""
    rows = by_model = 0
    invalid: list[Invalid] = []
    told = _told(provenance)
    for path in shard_files(folder):
        contract = contract_in(path.name)
        line = 0
        try:
            for block in read_blocks(path):
                count, read, found = _check_block(path.name, line, block, contract)
                line, by_model = line + count, by_model + read
                invalid += found
        except RowsError as error:
            invalid.append(Invalid(path.name, line, str(error)))
        rows += line
        if told.pop((path.name, contract), 0) != line or contract not in CONTRACTS:
            invalid.append(Invalid(path.name, line, "provenance: it does not tell of these lines and no others"))
    invalid += [Invalid(shard, 0, f"missing: provenance tells of {count} lines") for (shard, _), count in told.items()]
    return Checked(rows, by_model, invalid)


def contract_in(shard: str) -> str:
    """The contract in a shard's name, ``<split>-<contract>-<nn>...``."""
    return shard.partition(".")[0].partition("-")[2].rpartition("-")[0]


def _told(provenance: pa.Table) -> dict[tuple[str, str], int]:
    """How many lines of each shard and contract there are, -1 where they are not the lines from 0 on, each once."""
    grouped = provenance.group_by(["shard", "contract"]).aggregate([
        ("line", "count"), ("line", "count_distinct"), ("line", "min"), ("line", "max"),
    ])  # fmt: skip
    return {
        (row["shard"], row["contract"]): row["line_count"]
        if row["line_min"] == 0 and row["line_count"] == row["line_count_distinct"] == row["line_max"] + 1
        else -1
        for row in grouped.to_pylist()
    }


def _check_block(shard: str, first: int, block: bytes, contract: str) -> tuple[int, int, list[Invalid]]:
    """The lines of a block, how many of them the contract's model read, and what is wrong with which."""
    data = np.frombuffer(block, np.uint8)
    at = np.concatenate([np.zeros(1, np.int64), np.flatnonzero(data == 10) + 1])
    sure = np.zeros(len(at) - 1, bool)
    if contract in KERNELS and _is_utf8(block):
        sure = certain(data, at, KERNELS[contract])
    looked_at = np.flatnonzero(~sure | ((np.arange(len(sure)) + first) % ALSO_BY_MODEL == 0))
    found = []
    for line in looked_at.tolist():
        row = parse_line(shard, first + line, block[at[line] : at[line + 1]])
        problem = problem_of(row, contract)
        if problem is not None:
            found.append(Invalid(shard, first + line, problem))
    return len(sure), len(looked_at), found


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def problem_of(row: Mapping[str, Any], contract: str) -> str | None:
    """What is wrong with a row whose answer should be of ``contract``, None if nothing."""
    messages = row.get("messages")
    if list(row) not in (["messages"], ["messages", "transpose"]) or not isinstance(messages, list):
        return "keys: a row has messages, may have transpose, and has nothing else"
    if not all(isinstance(message, dict) and list(message) == ["role", "content"] for message in messages):
        return "message: a message has role and content and nothing else"
    roles = [message["role"] for message in messages]
    if roles not in (["user", "assistant"], ["system", "user", "assistant"]):
        return f"roles: {roles}"
    texts = [message["content"] for message in messages]
    if not all(isinstance(text, str) for text in texts):
        return "message: a content is no text"
    if contract not in CONTRACTS:
        return f"shard: {contract!r} in its name is no contract"
    try:
        canonical = contract_of(contract).parse(texts[-1]).to_json()
    except (TypeError, ValueError) as error:
        return f"contract: {str(error).splitlines()[0]}"
    if canonical != texts[-1]:
        return "canonical: the answer is not in its contract's own form"
    if "transpose" in row and not _can_be_moved(row["transpose"], texts, contract):
        return "transpose: it cannot be followed"
    return None


def _can_be_moved(moves: Any, texts: list[str], contract: str) -> bool:
    """Whether a trainer follows what a row says of its keys: it refuses what is refused here."""
    try:
        low, high, names, pitches = (moves[name] for name in ("low", "high", "names", "pitches"))
        if len(moves) != 4 or not _are_whole(low, high) or not -MAX_SHIFT <= low <= 0 <= high <= MAX_SHIFT:
            return False
        if not all(_are_names(keys) and texts[place][start:stop] == keys[0] for place, start, stop, keys in names):
            return False
        spans = [*(span[:3] for span in names), *pitches]
        if len(spans) > MAX_SPANS or not _are_apart(spans, texts[:-1]):
            return False
        lists = [texts[place][start:stop] for place, start, stop in pitches]
        moved = [transpose_content(contract, texts[-1], shift) for shift in (low, high)]
        moved += [transpose_names(text, shift) for text in lists for shift in (low, high)]
    except (TypeError, KeyError, ValueError, IndexError):
        return False
    return None not in moved


def _are_whole(*values: Any) -> bool:
    return all(type(value) is int for value in values)


def _are_names(keys: Any) -> bool:
    """Whether they are the names of twelve keys."""
    return (
        isinstance(keys, list)
        and len(keys) == 12
        and all(isinstance(key, str) and 0 < len(key) <= MAX_NAME for key in keys)
    )


def _are_apart(spans: list[Any], texts: list[str]) -> bool:
    """Whether spans of message, start and stop lie within ``texts``, and none over another."""
    if not all(
        _are_whole(*span) and 0 <= span[0] < len(texts) and 0 <= span[1] < span[2] <= len(texts[span[0]])
        for span in spans
    ):
        return False
    return all(one[0] != other[0] or one[2] <= other[1] for one, other in pairwise(sorted(spans)))


def check_index(folder: Path) -> list[str]:
    """What the index says that is not so of the files; nothing is unpacked."""
    try:
        entries = read_index(folder)
    except RowsError as error:
        return [str(error)]
    listed = {entry.shard for entry in entries if entry.rows}
    found = [f"{path.name} is not in the index" for path in shard_files(folder) if path.name not in listed]
    return found + [problem for entry in entries if entry.rows for problem in _differs(folder, entry)]


def _differs(folder: Path, entry: ShardEntry) -> Iterator[str]:
    path = folder / entry.shard
    if not path.is_file():
        yield f"{entry.shard} is in the index and no file"
    elif hash_file(path)[0] != entry.sha256:
        yield f"{entry.shard} is not the file that the index tells of"
