"""A pool of processes in which a crash or an endless loop costs one task, and the task is known.

A worker notes in shared memory which task it begins, and when. When it dies or takes too long, what it had done of its
batch is done again in a fresh process, and the suspect alone in another: one that fails alone is the culprit, one that
does not was only there when memory that an earlier task had spoilt gave way. Every failure splits a batch into smaller
ones, so this ends.

Processes come from multiprocessing's forkserver, or are spawned where there is none; so, as ever there, a script that
calls this guards its main part, and a process that was forked from one with a running forkserver cannot call it.
"""

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Generic, Literal, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
Work = Callable[[Sequence[Task], Callable[[int], None]], Result]
"""Does a batch; calls its second argument with the index of each task before it begins it. Must be picklable."""

START_SECONDS: Final = 120.0  # what a process may take to start and import, on a busy machine

_INDEX, _BEGAN = (
    0,
    1,
)  # the fields of a worker's note: index in its batch, and the monotonic clock, which processes share


@dataclass(frozen=True)
class Failure(Generic[Task]):
    """A task that ended its process, alone."""

    task: Task
    kind: Literal["crash", "timeout"]
    detail: str


def run_isolated(
    batches: Sequence[Sequence[Task]],
    work: Work[Task, Result],
    workers: int,
    timeout_s: float,
    preload: Sequence[str] = (),
) -> tuple[list[Result], list[Failure[Task]]]:
    """Does ``batches`` in ``workers`` processes; the results of the batches, in no order, and the tasks that killed
    their process or took longer than ``timeout_s``. ``preload``: modules that a forkserver imports once.

    Raises:
        RuntimeError: when a process cannot start, or ``work`` raises (it is meant to handle what its tasks do wrong).
    """
    queue = deque(list(batch) for batch in batches if batch)
    results: list[Result] = []
    failures: list[Failure[Task]] = []
    idle: list[_Worker[Task, Result]] = []
    busy: list[_Worker[Task, Result]] = []
    try:
        while queue or busy:
            while queue and len(busy) < max(1, workers):
                worker = idle.pop() if idle else _Worker(work, preload)
                busy.append(worker)
                worker.give(queue.popleft())
            _await_news(busy, timeout_s)
            for worker in list(busy):
                outcome = worker.outcome(timeout_s)
                if outcome == "working":
                    continue
                busy.remove(worker)
                if outcome == "done":
                    results.append(worker.result())
                    idle.append(worker)
                else:
                    worker.end()
                    _retry_or_give_up(worker, outcome, queue, failures)
    finally:
        for worker in (*idle, *busy):
            worker.end()
    return results, failures


def _await_news(busy: "list[_Worker[Any, Any]]", timeout_s: float) -> None:
    """Sleeps until a worker says something or dies, or may have taken too long."""
    now = time.monotonic()
    patience = min(worker.deadline(timeout_s) - now for worker in busy)
    wait([worker.connection for worker in busy], max(0.0, patience))


def _retry_or_give_up(
    worker: "_Worker[Task, Any]",
    kind: Literal["crash", "timeout"],
    queue: deque[list[Task]],
    failures: list[Failure[Task]],
) -> None:
    batch, suspect = worker.batch, worker.current
    if len(batch) == 1:
        failures.append(Failure(batch[0], kind, worker.epitaph()))
        return
    queue.extendleft(part for part in (batch[suspect + 1 :], batch[:suspect], [batch[suspect]]) if part)


class _Worker(Generic[Task, Result]):
    """One process, and what is known of it."""

    def __init__(self, work: Work[Task, Result], preload: Sequence[str]) -> None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["__main__", *preload])
        self.connection, theirs = context.Pipe()
        self.note = context.RawArray("d", 2)
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, self.note, work), daemon=True
        )
        self.process.start()
        theirs.close()
        self.ready = False
        self.batch: list[Task] = []
        self._result: Result | None = None

    def give(self, batch: list[Task]) -> None:
        """Sends it a batch. One that died meanwhile is found out by `outcome`."""
        self.batch = batch
        self.note[_INDEX], self.note[_BEGAN] = 0, time.monotonic()
        with suppress(OSError):
            self.connection.send(batch)

    def deadline(self, timeout_s: float) -> float:
        """The moment (of the monotonic clock) at which its silence becomes a failure."""
        return float(self.note[_BEGAN]) + (timeout_s if self.ready else START_SECONDS)

    @property
    def current(self) -> int:
        """The index in its batch of the task it began last."""
        return int(self.note[_INDEX])

    def outcome(self, timeout_s: float) -> Literal["working", "done", "crash", "timeout"]:
        """What has become of its batch, by what it said since. Raises RuntimeError as `run_isolated`."""
        try:
            while self.connection.poll():
                said, what = self.connection.recv()
                if said == "ready":
                    self.ready = True
                elif said == "done":
                    self._result = what
                    return "done"
                else:
                    raise RuntimeError(f"a worker's own code failed:\n{what}")
        except (EOFError, OSError):
            if not self.ready:
                self.end()
                raise RuntimeError(f"a worker did not start: {self.epitaph()}") from None
            return "crash"
        if time.monotonic() < self.deadline(timeout_s):
            return "working"
        if not self.ready:
            raise RuntimeError(f"a worker did not start within {START_SECONDS:g} s")
        return "timeout"

    def result(self) -> Result:
        """What its last batch came to."""
        if self._result is None:
            raise RuntimeError("asked for a result before there was one")
        return self._result

    def end(self) -> None:
        """Kills the process, if it still lives."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def epitaph(self) -> str:
        """How the process ended, in words."""
        code = self.process.exitcode or 0
        return f"ended by signal {-code}" if code < 0 else f"ended with status {code}"


def _serve(connection: Connection, note: Any, work: Work[Any, Any]) -> None:
    """A worker's life: batch after batch, until nobody is there to send one."""

    def begins(index: int) -> None:
        note[_INDEX], note[_BEGAN] = index, time.monotonic()

    begins(0)
    connection.send(("ready", None))
    while True:
        try:
            batch = connection.recv()
        except EOFError:
            return
        try:
            answer = ("done", work(batch, begins))
        except Exception:
            import traceback

            answer = ("failed", traceback.format_exc())
        connection.send(answer)
