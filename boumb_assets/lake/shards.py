"""Shards: which file belongs to which, and which of them have to be made again."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.lake.manifest import LakeFile, Manifest, digest
from boumb_assets.lake.parquet import TableForm
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
    forms: Mapping[str, TableForm] = MappingProxyType({}),
) -> tuple[int, int]:
    """Writes the shards whose ``keys`` (digest of inputs and code, by shard) differ from the previous generation's, and
    keeps the rest as they are. Returns how many were built and how many kept.

    ``build`` makes all ``tables`` of one shard; ``forms`` says of some how they are laid out.
    """
    stale = keep_shards(commit, keys, tables)
    for done, shard in enumerate(stale):
        report(done, len(stale), text)
        for table, rows in build(shard).items():
            commit.write(table, rows, shard, keys[shard], forms.get(table))
    report(len(stale), len(stale), text)
    return len(stale), len(keys) - len(stale)


def keep_shards(commit: Commit, keys: Mapping[int, str], tables: Iterable[str]) -> list[int]:
    """Keeps the shards of which the previous generation has all ``tables`` under the same key. The others, in order."""
    wanted = set(tables)
    same: dict[int, list[LakeFile]] = {}
    for file in commit.previous.files if commit.previous is not None else []:
        if keys.get(file.shard) == file.key and file.table in wanted:
            same.setdefault(file.shard, []).append(file)
    kept = {shard: files for shard, files in same.items() if {file.table for file in files} == wanted}
    for _, files in sorted(kept.items()):
        commit.keep(files)
    return [shard for shard in sorted(keys) if shard not in kept]


def shard_key(code: str, *parts: str) -> str:
    """The key of a shard."""
    return digest(code, *parts)


class ShardRows:
    """The rows of a table, sorted into shards by their column ``path``, and by path in each. Tables of hundreds of
    thousands of files are sorted and digested by columns, in a second."""

    def __init__(self, rows: pa.Table, shards: int) -> None:
        number = np.array([shard_of(path, shards) for path in rows["path"].to_pylist()], np.int64)
        order = pc.sort_indices(
            pa.table({"shard": number, "path": rows["path"]}), [("shard", "ascending"), ("path", "ascending")]
        )
        self._rows = rows.take(order).combine_chunks()
        self._starts = np.searchsorted(np.sort(number), np.arange(shards + 1))
        self._columns = [_text(column) for column in self._rows.columns]

    def rows(self, shard: int) -> pa.Table:
        """The rows of one shard."""
        begin, end = self._span(shard)
        return self._rows.slice(begin, end - begin)

    def key(self, shard: int, code: str) -> str:
        """Digest of the values of all columns of one shard and of ``code``, independent of the order of rows."""
        begin, end = self._span(shard)
        parts: list[bytes] = []
        for lengths, starts, data in self._columns:
            parts += [lengths[begin:end].tobytes(), data[starts[begin] : starts[end]].tobytes()]
        return digest(code, *parts)

    def _span(self, shard: int) -> tuple[int, int]:
        return int(self._starts[shard]), int(self._starts[shard + 1])


def _text(
    column: pa.ChunkedArray,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """A column as text: the length of each value in bytes (-1 for null), where each begins and the last ends, and the
    bytes of all."""
    text = column.cast(pa.large_string()).combine_chunks()
    if isinstance(text, pa.ChunkedArray):
        text = pa.concat_arrays(text.chunks) if text.num_chunks else pa.array([], pa.large_string())
    lengths = pc.fill_null(pc.binary_length(text), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    full = pa.concat_arrays([pc.fill_null(text, "")])  # from offset 0, so that its buffers hold these values alone
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.maximum(lengths, 0))])
    data = full.buffers()[2]
    return lengths, starts, np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
