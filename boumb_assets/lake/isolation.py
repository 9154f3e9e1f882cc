"""Finding the task that takes its process down, so that it costs nothing but itself.

When a process dies or takes too long, what it had done of its batch is done again in a fresh process, and the suspect
alone in another: one that fails alone is the culprit, one that does not was only there when memory that an earlier task
had spoilt gave way. Every failure splits a batch into smaller ones, so this ends.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from boumb_assets.lake.engine import Crew, Died, Done

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Batch(Generic[Task]):
    """A run of the tasks of a shard."""

    shard: int
    begin: int
    """The place of its first task in the shard."""
    tasks: tuple[Task, ...]

    def cut(self, begin: int, end: int) -> "Batch[Task]":
        """The part from ``begin`` to before ``end``, counted in this batch."""
        return Batch(self.shard, self.begin + begin, self.tasks[begin:end])


@dataclass(frozen=True)
class Failure(Generic[Task]):
    """A task that ended its process, alone."""

    task: Task
    kind: Literal["crash", "timeout"]
    detail: str


def run_isolated(
    crew: Crew[Any, Result], batches: Iterable[Batch[Task]]
) -> Iterator[tuple[Batch[Task], Result | Failure[Task]]]:
    """What each of ``batches`` came to, as it comes: a batch in which a process died comes in parts, a part of one task
    that died alone as a Failure. Raises what `Crew.run` does."""
    todo: Iterable[Batch[Task]] = (batch for batch in batches if batch.tasks)
    while todo:
        again: list[Batch[Task]] = []
        for news in crew.run(todo):
            batch = news.unit
            if isinstance(news, Done):
                yield batch, news.result
            elif len(batch.tasks) == 1:
                yield batch, Failure(batch.tasks[0], news.kind, news.detail)
            else:
                again += _parts(batch, news)
        todo = again


def _parts(batch: Batch[Task], died: Died[Any]) -> list[Batch[Task]]:
    parts = (batch.cut(died.part, died.part + 1), batch.cut(0, died.part), batch.cut(died.part + 1, len(batch.tasks)))
    return [part for part in parts if part.tasks]
