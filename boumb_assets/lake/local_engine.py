"""The engine on this machine: a pool of processes in which a crash or an endless loop costs one unit, and the part that
caused it is known.

A worker notes in shared memory which part it begins, and when. Processes come from multiprocessing's forkserver, or are
spawned where there is none; so, as ever there, a script that calls this guards its main part, and a process that was
forked from one with a running forkserver cannot call it. A worker whose parent is gone ends itself.
"""

import importlib
import multiprocessing
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Final, Generic, Literal, Self, TypeVar

from boumb_assets.lake.engine import Died, Done, Work
from boumb_assets.lake.store import LakeFullError

Unit = TypeVar("Unit")
Result = TypeVar("Result")

START_SECONDS: Final = 240.0  # what a process may take to start, import and compile, on a busy machine

_PART: Final = 0  # the fields of a worker's note: the index of the part it began last,
_BEGAN: Final = 1  # and when, by the monotonic clock, which processes share


class LocalCrew(Generic[Unit, Result]):
    """Worker processes; they start as there are units for them and live until the crew is left."""

    def __init__(
        self,
        work: Work[Unit, Result],
        workers: int,
        timeout_s: float,
        preload: Sequence[str] = (),
        method: Literal["forkserver", "spawn"] = "forkserver",
    ) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._work, self._timeout_s, self._preload = work, timeout_s, preload
        self._method = method if method in multiprocessing.get_all_start_methods() else "spawn"
        self._idle: list[_Worker[Unit, Result]] = []
        self._busy: list[_Worker[Unit, Result]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the processes, whatever they do."""
        for worker in (*self._idle, *self._busy):
            worker.end()
        self._idle, self._busy = [], []

    def run(self, units: Iterable[Unit]) -> Iterator[Done[Unit, Result] | Died[Unit]]:
        """As `engine.Crew.run`."""
        try:
            yield from self._run(units)
        except BaseException:  # what a process that is still at work says later belongs to no other run
            self.close()
            raise

    def _run(self, units: Iterable[Unit]) -> Iterator[Done[Unit, Result] | Died[Unit]]:
        todo = iter(units)
        more = self._fill(todo)
        while self._busy:
            self._await_news()
            for worker in list(self._busy):
                news = worker.news(self._timeout_s)
                if news is None:
                    continue
                self._busy.remove(worker)
                if isinstance(news, Died):
                    worker.end()
                else:
                    self._idle.append(worker)
                if more:
                    more = self._fill(todo)
                yield news

    def _fill(self, todo: Iterator[Unit]) -> bool:
        """Gives units to processes while there are both; whether there may be more units."""
        while len(self._busy) < self.workers:
            try:
                unit = next(todo)
            except StopIteration:
                return False
            worker = self._idle.pop() if self._idle else _Worker(self._work, self._method, self._preload)
            self._busy.append(worker)
            worker.give(unit)
        return True

    def _await_news(self) -> None:
        """Sleeps until a worker says something or dies, or may have taken too long."""
        patience = min(worker.deadline(self._timeout_s) for worker in self._busy) - time.monotonic()
        wait([worker.connection for worker in self._busy], max(0.0, patience))


class _Worker(Generic[Unit, Result]):
    """One process, and what is known of it."""

    def __init__(self, work: Work[Unit, Result], method: str, preload: Sequence[str]) -> None:
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["__main__", *preload])
        self.connection, theirs = context.Pipe()
        self.note = context.RawArray("d", 2)
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, self.note, work, tuple(preload)), daemon=True
        )
        self.process.start()
        theirs.close()
        self.ready = False
        self.unit: Unit

    def give(self, unit: Unit) -> None:
        """Sends it a unit. A process that died meanwhile is found out by `news`."""
        self.unit = unit
        self.note[_PART], self.note[_BEGAN] = 0, time.monotonic()
        with suppress(OSError):
            self.connection.send(unit)

    def deadline(self, timeout_s: float) -> float:
        """The moment (of the monotonic clock) at which its silence becomes a failure."""
        return float(self.note[_BEGAN]) + (timeout_s if self.ready else START_SECONDS)

    def news(self, timeout_s: float) -> Done[Unit, Result] | Died[Unit] | None:
        """What has become of its unit, None while it works. Raises as `engine.Crew.run`."""
        try:
            while self.connection.poll():
                said, what = self.connection.recv()
                if said == "ready":
                    self.ready = True
                elif said == "done":
                    return Done(self.unit, what)
                elif said == "full":
                    raise LakeFullError(what)
                else:
                    raise RuntimeError(f"a worker's own code failed:\n{what}")
        except (EOFError, OSError):
            self.end()
            if not self.ready:
                raise RuntimeError(f"a worker did not start: it {self.epitaph()}") from None
            return Died(self.unit, int(self.note[_PART]), "crash", self.epitaph())
        if time.monotonic() < self.deadline(timeout_s):
            return None
        if not self.ready:
            raise RuntimeError(f"a worker did not start within {START_SECONDS:g} s")
        self.end()
        return Died(self.unit, int(self.note[_PART]), "timeout", f"took longer than {timeout_s:g} s")

    def end(self) -> None:
        """Kills the process, if it still lives."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def epitaph(self) -> str:
        """How the process ended, in words."""
        code = self.process.exitcode or 0
        return f"ended by signal {-code}" if code < 0 else f"ended with status {code}"


def _serve(connection: Connection, note: Any, work: Work[Any, Any], preload: Sequence[str]) -> None:
    """A worker's life: unit after unit, until nobody is there to send one."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for module in preload:
        importlib.import_module(module)

    def begins(part: int) -> None:
        note[_PART], note[_BEGAN] = part, time.monotonic()

    begins(0)
    connection.send(("ready", None))
    while True:
        try:
            unit = connection.recv()
        except EOFError:
            return
        begins(0)
        try:
            answer = ("done", work(unit, begins))
        except LakeFullError as error:
            answer = ("full", str(error))
        except Exception:
            import traceback

            answer = ("failed", traceback.format_exc())
        connection.send(answer)


def _end_with_parent() -> None:
    """Ends the process when its parent is gone: what it writes then, nobody waits for."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
