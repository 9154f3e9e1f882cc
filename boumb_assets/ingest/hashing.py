"""Hashing many files in processes of their own.

In threads it gains nothing: a small file is a handful of system calls, each of which lets go of the interpreter's lock
and queues for it again (four threads took 1.8 times as long as none on 180,000 files in the cache). The processes are
this module run as a script, which speaks in lines of JSON; when their pipe ends, because the scan did or was killed,
so do they.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Final, Self

from boumb_assets.ingest.listing import Entry
from boumb_assets.ingest.reading import hash_file
from boumb_assets.lake.rejection import Reason, Rejection

Outcome = str | Rejection
"""The sha256 of a file, or why it was set aside."""

MAX_PROCESSES: Final = 4  # more wait for the disk
FEW: Final = 2048  # files that are read before processes would have started
_HANDED: Final = 256  # files that a process takes at once, so that handing them over costs little


class Hashing:
    """Hashes the files of one folder; a context, which ends its processes."""

    def __init__(self, root: Path, processes: int | None = None) -> None:
        self._root = str(root)
        self._count = min(MAX_PROCESSES, os.cpu_count() or 1) if processes is None else processes
        self._threads = ThreadPoolExecutor(max(self._count, 1))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            # Nothing is asked any more; one that died with a question unread leaves it in the pipe.
            with suppress(OSError):
                process.communicate()

    def start(self, entries: Sequence[Entry]) -> list[Future[list[Outcome]]]:
        """Begins to read ``entries``; the outcomes in their order, in parts."""
        if len(entries) < FEW or self._count < 1:
            return [_done(hash_all(self._root, entries))]
        if not self._processes:
            self._processes = [_process() for _ in range(self._count)]
            for process in self._processes:
                self._idle.put(process)
        parts = [entries[start : start + _HANDED] for start in range(0, len(entries), _HANDED)]
        return [self._threads.submit(self._ask, part) for part in parts]

    def _ask(self, entries: Sequence[Entry]) -> list[Outcome]:
        process = self._idle.get()
        try:
            return _answer(process, self._root, entries)
        except (OSError, ValueError):  # it died; what it was asked is read here
            return hash_all(self._root, entries)
        finally:
            self._idle.put(process)


def hash_all(root: str, entries: Sequence[Entry]) -> list[Outcome]:
    """The outcomes of ``entries``, one after the other."""
    return [hash_file(root, entry) for entry in entries]


def serve() -> None:
    """Answers every line of the standard input, a folder and files in it, with a line of their outcomes."""
    for line in sys.stdin.buffer:
        root, entries = json.loads(line)
        outcomes = hash_all(root, [Entry(*entry) for entry in entries])
        told = [outcome if isinstance(outcome, str) else (outcome.reason, outcome.detail) for outcome in outcomes]
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def _process() -> subprocess.Popen[bytes]:
    known = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    # -P: what lies in the working directory is not for us to import.
    command = [sys.executable, "-P", "-m", "boumb_assets.ingest.hashing"]
    # In a group of its own: an interrupt ends the scan, and the scan ends them.
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=known, start_new_session=True)


def _answer(process: subprocess.Popen[bytes], root: str, entries: Sequence[Entry]) -> list[Outcome]:
    """Raises OSError or ValueError where the process is gone."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps((root, entries)).encode() + b"\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    return [
        outcome if isinstance(outcome, str) else Rejection(entry.path, Reason(outcome[0]), outcome[1])
        for entry, outcome in zip(entries, told, strict=True)
    ]


def _done(outcomes: list[Outcome]) -> Future[list[Outcome]]:
    future: Future[list[Outcome]] = Future()
    future.set_result(outcomes)
    return future


if __name__ == "__main__":
    serve()
