"""The shards of a partition, made by the processes of an engine, which write the files themselves: what is big never
goes through the process that commits.

A process makes a shard from its batches, one after the other, so memory follows the batch. Where there are few shards
for the processes, and where one died over a shard, the batches are spread instead: each leaves its tables in a file
(Arrow's own format), and the shard is joined from these. The bytes are the same either way.
"""

import platform
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

import pyarrow as pa

from boumb_assets.lake.engine import TIMEOUT_SECONDS, Crew, Died, Engine
from boumb_assets.lake.isolation import Batch, Failure, run_isolated
from boumb_assets.lake.parquet import ShardWriter, TableForm, Written
from boumb_assets.lake.progress import report
from boumb_assets.lake.store import Commit, told_when_full

Task = TypeVar("Task")
TaskIn = TypeVar("TaskIn", contravariant=True)

SHARDS_A_WORKER: Final = 2  # with fewer, the last ones to finish would leave others idle for long: batches are spread


class Reader(Protocol[TaskIn]):
    """Makes the tables of a stage from tasks, in any process. It is picklable."""

    @property
    def forms(self) -> Mapping[str, TableForm]:
        """Its tables, and how their files are laid out."""

    @property
    def preload(self) -> Sequence[str]:
        """Modules that a process imports before it reads anything; the time limit of a task does not hold that."""

    def read(self, tasks: Sequence[TaskIn], begins: Callable[[int], None]) -> Mapping[str, pa.Table]:
        """The rows of each table of ``forms``, in the order of ``tasks``; calls ``begins`` with the index of each task
        before it touches it. Memory may follow the tasks."""

    def lost(self, task: TaskIn, kind: str, detail: str) -> Mapping[str, pa.Table]:
        """The rows for a task that ended its process (``kind`` crash) or took too long (timeout)."""


@dataclass(frozen=True)
class Shard(Generic[Task]):
    """What one shard is made from."""

    number: int
    key: str
    batches: tuple[tuple[Task, ...], ...]


@dataclass(frozen=True)
class _Join(Generic[Task]):
    """The parts of a shard, in order: files of a batch, or what is known of a task that was lost."""

    shard: int
    parts: tuple[tuple[Path, ...] | Failure[Task], ...]


def make_shards(
    commit: Commit,
    engine: Engine,
    reader: Reader[Task],
    count: int,
    shards: Iterable[Shard[Task]],
    text: str,
    timeout_s: float = TIMEOUT_SECONDS,
    finished: Callable[[int], None] = lambda number: None,
) -> None:
    """Makes ``count`` ``shards``, which are taken as there are processes for them, and adds their files to ``commit``.
    A task that kills its process, or takes longer than ``timeout_s``, costs only itself. ``finished`` is told the
    number of each shard whose files were added.

    Raises LakeFullError, and RuntimeError as `engine.Crew.run`.
    """
    if not count:
        return
    work = _Work(reader, commit.drafts().resolve())
    with engine.crew(work, timeout_s, reader.preload) as crew:
        maker = _Maker(commit, crew, reader, count, text, finished)
        if crew.workers == 1 or count >= SHARDS_A_WORKER * crew.workers:
            left = maker.whole(shards)
            step = SHARDS_A_WORKER * crew.workers  # their parts take many times the room of a shard
            for begin in range(0, len(left), step):
                maker.spread(left[begin : begin + step])
        else:
            maker.spread(list(shards))


class _Maker(Generic[Task]):
    """One call of `make_shards`."""

    def __init__(
        self,
        commit: Commit,
        crew: Crew[Any, Any],
        reader: Reader[Task],
        count: int,
        text: str,
        finished: Callable[[int], None],
    ) -> None:
        self.commit, self.crew, self.reader, self.count, self.text = commit, crew, reader, count, text
        self.finished = finished
        self.done = 0

    def whole(self, shards: Iterable[Shard[Task]]) -> list[Shard[Task]]:
        """Makes shards each in one process; those over which it died are left, and returned."""
        left = []
        report(0, self.count, self.text)
        for news in self.crew.run(shards):
            if isinstance(news, Died):
                left.append(news.unit)
            else:
                self._take(news.unit, news.result)
        return left

    def spread(self, shards: Sequence[Shard[Task]]) -> None:
        """Makes shards with their batches in several processes."""
        parts: dict[int, list[tuple[int, tuple[Path, ...] | Failure[Task]]]] = {shard.number: [] for shard in shards}
        batches = [batch for shard in shards for batch in _batches(shard)]
        total = sum(len(batch.tasks) for batch in batches)
        done = 0
        for batch, made in run_isolated(self.crew, batches):
            parts[batch.shard].append((batch.begin, made))
            done += len(batch.tasks)
            report(done, total, f"{self.text}: files of {len(shards)} shards")
        by_number = {shard.number: shard for shard in shards}
        joins = [_Join(number, tuple(part for _, part in sorted(made, key=_begin))) for number, made in parts.items()]
        for news in self.crew.run(joins):
            if isinstance(news, Died):
                raise RuntimeError(f"the process that joined shard {news.unit.shard} {news.detail}")
            self._take(by_number[news.unit.shard], news.result)

    def _take(self, shard: Shard[Task], files: Mapping[str, Written]) -> None:
        for table, written in files.items():
            self.commit.take(table, self.reader.forms[table].schema, written, shard.number, shard.key)
        self.finished(shard.number)
        self.done += 1
        report(self.done, self.count, self.text)


def _batches(shard: Shard[Task]) -> Iterator[Batch[Task]]:
    begin = 0
    for tasks in shard.batches:
        yield Batch(shard.number, begin, tasks)
        begin += len(tasks)


def _begin(part: tuple[int, object]) -> int:
    return part[0]


class _Work(Generic[Task]):
    """What a process does with a unit. Files get names that no other attempt has: one that was given up may still be
    writing."""

    def __init__(self, reader: Reader[Task], drafts: Path) -> None:
        self.reader, self.drafts = reader, drafts

    def __call__(
        self, unit: Shard[Task] | Batch[Task] | _Join[Task], begins: Callable[[int], None]
    ) -> dict[str, Written] | tuple[Path, ...]:
        if not self.drafts.is_dir():  # or nobody waits for it any more
            raise FileNotFoundError(f"{platform.node()} does not see {self.drafts}: nodes share the home's file system")
        with told_when_full(self.drafts.parent):
            if isinstance(unit, Batch):
                return self._part(unit, begins)
            pieces = self._read(unit, begins) if isinstance(unit, Shard) else self._parts(unit, begins)
            return self._write(pieces)

    def _read(self, shard: Shard[Task], begins: Callable[[int], None]) -> Iterator[Mapping[str, pa.Table]]:
        before = 0
        for tasks in shard.batches:
            yield self.reader.read(tasks, lambda index, before=before: begins(before + index))  # type: ignore[misc]
            before += len(tasks)

    def _part(self, batch: Batch[Task], begins: Callable[[int], None]) -> tuple[Path, ...]:
        name = uuid.uuid4().hex
        paths = []
        for table, rows in self.reader.read(batch.tasks, begins).items():
            path = self.drafts / f"{table}-{name}.arrow"
            with pa.ipc.new_file(path, rows.schema) as writer:
                writer.write_table(rows)
            paths.append(path)
        return tuple(paths)

    def _parts(self, join: _Join[Task], begins: Callable[[int], None]) -> Iterator[Mapping[str, pa.Table]]:
        for place, part in enumerate(join.parts):
            begins(place)
            if isinstance(part, Failure):
                yield self.reader.lost(part.task, part.kind, part.detail)
                continue
            yield {path.name.rpartition("-")[0]: _load(path) for path in part}
            for path in part:
                path.unlink()

    def _write(self, pieces: Iterable[Mapping[str, pa.Table]]) -> dict[str, Written]:
        name = uuid.uuid4().hex
        forms = self.reader.forms
        writers = {table: ShardWriter(self.drafts / f"{table}-{name}.parquet", form) for table, form in forms.items()}
        try:
            for tables in pieces:
                for table, writer in writers.items():
                    writer.add(tables[table])
            return {table: writer.finish() for table, writer in writers.items()}
        finally:
            for writer in writers.values():
                writer.close()


def _load(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
