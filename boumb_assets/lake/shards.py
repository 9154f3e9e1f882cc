"""Shards: which file belongs to which, and which of them have to be made again."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Final

import pyarrow as pa

from boumb_assets.lake.manifest import LakeFile, Manifest, digest
from boumb_assets.lake.progress import report
from boumb_assets.lake.store import Commit

FILES_A_SHARD: Final = 400
MAX_SHARDS: Final = 512


def shard_of(path: str, shards: int) -> int:
    """The shard of a file, by the hash of its relative path: a file never moves as others come and go."""
    value = int.from_bytes(blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "little")
    return value % shards


def shard_count(previous: Manifest | None, files: int) -> int:
    """The number of shards: fixed when a data set is first written, by its size."""
    if previous is not None and "shards" in previous.facts and previous.files:
        return int(previous.facts["shards"])
    return max(1, min(MAX_SHARDS, -(-files // FILES_A_SHARD)))


def rebuild_shards(
    commit: Commit,
    keys: Mapping[int, str],
    tables: Iterable[str],
    build: Callable[[int], Mapping[str, pa.Table]],
    text: str,
) -> tuple[int, int]:
    """Writes the shards whose ``keys`` (digest of inputs and code, by shard) differ from the previous generation's, and
    keeps the rest as they are. Returns how many were built and how many kept.

    ``build`` makes all ``tables`` of one shard.
    """
    wanted = set(tables)
    previous = commit.previous.files if commit.previous is not None else []
    same: dict[int, list[LakeFile]] = {}
    for file in previous:
        if keys.get(file.shard) == file.key and file.table in wanted:
            same.setdefault(file.shard, []).append(file)
    kept = {shard: files for shard, files in same.items() if {file.table for file in files} == wanted}
    for done, shard in enumerate(sorted(keys)):
        report(done, len(keys), text)
        if shard in kept:
            commit.keep(kept[shard])
            continue
        for table, rows in build(shard).items():
            commit.write(table, rows, shard, keys[shard])
    report(len(keys), len(keys), text)
    return len(keys) - len(kept), len(kept)


def shard_key(code: str, *parts: str) -> str:
    """The key of a shard."""
    return digest(code, *parts)
