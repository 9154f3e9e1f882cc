"""The lake: Parquet and artefacts that are never changed, under manifests that are swapped whole."""

import errno
import hashlib
import math
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from boumb_assets.lake.locks import locked
from boumb_assets.lake.manifest import LakeFile, Manifest, digest, read_manifest, write_manifest
from boumb_assets.lake.parquet import ROWS_A_GROUP, ShardWriter, TableForm, Written

GRACE_SECONDS: Final = 3600  # a reader that took its file list before a commit may still be reading that long after
TEMPORARY: Final = ".tmp-"
UNFINISHED: Final = ".unfinished.jsonl"  # what a writer that died had finished
_FULL: Final = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])


class LakeFullError(RuntimeError):
    """There is no room for what would be written; what was committed before is as it was."""


class Lake:
    """The lake under one home. A partition is named ``dataset=demo``, ``variant=nano``, or empty for an asset that
    has none."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "lake"

    def folder(self, stage: str, partition: str = "") -> Path:
        """The folder of one partition of a stage."""
        return self.root / stage / partition if partition else self.root / stage

    def manifest(self, stage: str, partition: str = "") -> Manifest | None:
        """What was committed last, None where nothing was."""
        return read_manifest(self.folder(stage, partition))

    def partitions(self, stage: str) -> list[str]:
        """The partitions of a stage that were committed, in order; ``[""]`` for a stage without partitions."""
        root = self.root / stage
        if (root / "manifest.json").is_file():
            return [""]
        return sorted(path.parent.name for path in root.glob("*=*/manifest.json"))

    def manifests(self) -> Iterator[Manifest]:
        """Every committed manifest."""
        for stage in sorted(path.name for path in self.root.glob("*") if path.is_dir()):
            for partition in self.partitions(stage):
                manifest = self.manifest(stage, partition)
                if manifest is not None:
                    yield manifest

    def paths(self, manifest: Manifest, table: str) -> list[Path]:
        """The files of one table of a manifest."""
        folder = self.folder(manifest.stage, manifest.partition)
        return [folder / file.path for file in manifest.of_table(table)]

    def read(
        self, stage: str, table: str, partition: str | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One table as Arrow: of one partition, or of all of them (None); of all ``columns``, or of some. Raises
        LookupError where there is none."""
        names = self.partitions(stage) if partition is None else [partition]
        found = [manifest for name in names if (manifest := self.manifest(stage, name)) is not None]
        paths = [path for manifest in found for path in self.paths(manifest, table)]
        if not paths:
            raise LookupError(f"{stage} has no table {table!r} yet; `boumb run` makes it")
        wanted = None if columns is None else list(columns)
        return pa.concat_tables([pq.read_table(path, columns=wanted, partitioning=None) for path in paths])

    def artefact(self, stage: str, partition: str = "") -> Path:
        """The folder of a stage that is a folder of files (a model, JSONL shards, a release). Raises LookupError."""
        manifest = self.manifest(stage, partition)
        if manifest is None or "artefact" not in manifest.facts:
            raise LookupError(f"{stage} {partition} was not made yet; `boumb run` makes it")
        return self.folder(stage, partition) / str(manifest.facts["artefact"])

    @contextmanager
    def writing(self, stage: str, partition: str = "", wait: Callable[[str], None] | None = None) -> Iterator["Commit"]:
        """A commit to one partition. One writer at a time: a second one waits, and ``wait`` is told so. What an earlier
        writer left half-done is swept first."""
        folder = self.folder(stage, partition)
        with locked(folder / ".lock", wait):
            for left in folder.glob(f"{TEMPORARY}*"):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
            commit = Commit(self, stage, partition, folder)
            try:
                yield commit
            finally:
                shutil.rmtree(commit.scratch, ignore_errors=True)

    @contextmanager
    def held(self, stage: str, partition: str = "", wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Within it nobody writes a partition; one that is being written is waited for, and ``wait`` is told so."""
        with locked(self.folder(stage, partition) / ".lock", wait):
            yield

    def purge(self) -> int:
        """Removes at once what no manifest lists: older generations, which readers are otherwise given time for, and
        what writers left half-done. The number of entries removed; a partition that is being written is waited for."""
        removed = 0
        for lock in sorted(self.root.rglob(".lock")):
            with locked(lock, None):
                manifest = read_manifest(lock.parent)
                if manifest is None:
                    manifest = Manifest(stage=lock.parent.name)  # nothing was committed: all is half-done
                removed += sweep(lock.parent, manifest, grace=-math.inf)
        return removed

    def drop(self, stage: str, partition: str, wait: Callable[[str], None] | None = None) -> bool:
        """Removes one partition, files and all; False where there was none. One that is being written is waited for,
        and ``wait`` is told so."""
        folder = self.folder(stage, partition)
        if not partition or not folder.is_dir():
            return False
        with locked(folder / ".lock", wait):
            (folder / "manifest.json").unlink(missing_ok=True)
            shutil.rmtree(folder)
        return True


class Commit:
    """The files of a partition's next generation; nothing of it is seen before ``commit``."""

    def __init__(self, lake: Lake, stage: str, partition: str, folder: Path) -> None:
        self.lake, self.stage, self.partition, self.folder = lake, stage, partition, folder
        self.previous = lake.manifest(stage, partition)
        self.scratch = folder / f"{TEMPORARY}{os.getpid()}"
        self._files: list[LakeFile] = []
        self._tables: dict[str, dict[str, str]] = {}
        self._artefact: str | None = None

    def write(self, table: str, rows: pa.Table, shard: int = 0, key: str = "", form: TableForm | None = None) -> None:
        """Adds one shard of a table, named after its content; zstd, no time of day inside. Raises LakeFullError."""
        self._write(table, form or TableForm(rows.schema), [rows], shard, key)

    def write_batches(self, table: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        """Adds a table that comes in batches and is never whole in memory. How the rows were cut into batches does not
        show in the file: the same rows give the same bytes. Raises LakeFullError, and whatever ``batches`` raises."""
        rows = (pa.Table.from_batches([batch], schema) for batch in batches)
        self._write(table, TableForm(schema, ROWS_A_GROUP), rows, 0, "")

    def _write(self, table: str, form: TableForm, parts: Iterable[pa.Table], shard: int, key: str) -> None:
        with told_when_full(self.folder), ShardWriter(self.drafts() / f"{table}-{shard}.parquet", form) as writer:
            for rows in parts:
                writer.add(rows)
            written = writer.finish()
        self.take(table, form.schema, written, shard, key)

    def drafts(self) -> Path:
        """Where files are written before they are taken; other processes may write there, under names of their own. It
        goes when the writing ends."""
        self.scratch.mkdir(exist_ok=True)
        return self.scratch

    def take(self, table: str, schema: pa.Schema, written: Written, shard: int = 0, key: str = "") -> None:
        """Makes a finished file below `drafts` one shard of a table, under a name made of its content."""
        name = f"{table}-{shard:02d}-{written.sha256[:16]}.parquet"
        _settle(written.path, self.folder / name)
        self._files.append(
            LakeFile(
                table=table,
                path=name,
                rows=written.rows,
                bytes=written.bytes,
                sha256=written.sha256,
                shard=shard,
                key=key,
            )
        )
        self._tables[table] = {field.name: str(field.type) for field in schema}

    def keep(self, files: Iterable[LakeFile]) -> None:
        """Takes files of the previous generation over as they are."""
        if self.previous is None:
            raise LookupError(f"{self.stage} {self.partition} has no previous generation to keep files of")
        for file in files:
            self._files.append(file)
            if file.table in self.previous.tables:
                self._tables[file.table] = self.previous.tables[file.table]

    def restore(self, files: Iterable[LakeFile], tables: Mapping[str, dict[str, str]]) -> None:
        """Adds files that an earlier writer finished, and the columns of their ``tables``."""
        self._files += files
        self._tables |= tables

    def files_of(self, shard: int) -> list[LakeFile]:
        """The files of one shard that were added so far."""
        return [file for file in self._files if file.shard == shard]

    def columns_of(self, table: str) -> dict[str, str]:
        """The types of a table's columns, by name."""
        return self._tables[table]

    def keep_artefact(self) -> None:
        """Takes the artefact of the previous generation over as it is."""
        if self.previous is None or "artefact" not in self.previous.facts:
            raise LookupError(f"{self.stage} {self.partition} has no previous artefact to keep")
        self._artefact = str(self.previous.facts["artefact"])
        self._files += [file for file in self.previous.files if file.path.startswith(f"{self._artefact}/")]

    def workspace(self) -> Path:
        """An empty folder to build an artefact in; `adopt` makes it part of the commit."""
        folder = self.scratch / "artefact"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def adopt(self, folder: Path, kind: str, known: Mapping[str, str] = MappingProxyType({})) -> None:
        """Adds a folder of files as this generation's artefact, under a name made of its content. ``known``: the sha256
        of files that need not be read for it, by their path in the folder."""
        found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        hashed = [(name, *hash_file(path, known.get(name))) for name, path in found.items()]
        name = f"{kind}-{digest(*(f'{path}:{sha256}' for path, sha256, _ in hashed))}"
        _settle(folder, self.folder / name)
        self._artefact = name
        self._files += [
            LakeFile(table=kind, path=f"{name}/{path}", bytes=size, sha256=sha256) for path, sha256, size in hashed
        ]

    def commit(self, inputs: dict[str, str], facts: dict[str, Any] | None = None) -> Manifest:
        """Makes the new generation the one that readers see, then removes what no reader can need any more.

        Raises ValueError for an artefact of the name of a table: a view would read its files as Parquet.
        """
        mixed = {file.table for file in self._files if not file.path.endswith(".parquet")} & set(self._tables)
        if mixed:
            raise ValueError(f"{', '.join(sorted(mixed))} names a table and an artefact of {self.stage}")
        known = dict(facts or {})
        if self._artefact is not None:
            known["artefact"] = self._artefact
        manifest = Manifest(
            stage=self.stage,
            partition=self.partition,
            inputs=inputs,
            tables=dict(sorted(self._tables.items())),
            facts=known,
            files=sorted(self._files, key=lambda file: (file.table, file.shard, file.path)),
        )
        with told_when_full(self.folder):
            write_manifest(self.folder, manifest)
        (self.folder / UNFINISHED).unlink(missing_ok=True)
        sweep(self.folder, manifest)
        return manifest


def sweep(folder: Path, manifest: Manifest, grace: float = GRACE_SECONDS) -> int:
    """Removes the files of ``folder`` that ``manifest`` does not list and that are older than ``grace`` seconds; the
    number of entries removed."""
    listed = {file.path.split("/", 1)[0] for file in manifest.files} | {"manifest.json", ".lock"}
    removed = 0
    for path in folder.iterdir():
        if path.name in listed or "=" in path.name or time.time() - path.stat().st_mtime < grace:
            continue
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        removed += 1
    return removed


@contextmanager
def told_when_full(folder: Path) -> Iterator[None]:
    """Turns the system's word for a full disk, a spent quota or a file size limit into a line that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        what = f"no room to write {folder.parent.name}/{folder.name}: {os.strerror(error.errno)}"
        raise LakeFullError(f"{what}; make room below {folder} and run again, nothing was changed") from None


def _settle(aside: Path, target: Path) -> None:
    """Moves a finished file or folder to the name made of its content. What has that name already is the same: it was
    whole, and flushed, before it got it."""
    if target.is_dir():
        shutil.rmtree(aside)
    else:
        aside.replace(target)
    os.utime(target)  # the grace of an older generation counts from its last use


def hash_file(path: Path, known: str | None = None) -> tuple[str, int]:
    """sha256, unless it is ``known``, and bytes of a file, which is flushed to the disk. Raises OSError."""
    with path.open("rb") as handle:
        sha256 = known or hashlib.file_digest(handle, "sha256").hexdigest()
        os.fsync(handle.fileno())
    return sha256, path.stat().st_size
