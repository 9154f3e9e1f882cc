"""One writer at a time: a lock on a partition, which the system takes back from a process that dies."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, wait: Callable[[str], None] | None) -> Iterator[None]:
    """Holds the lock ``path``; where another has it, ``wait`` is told so first. Who waited while the folder was dropped
    got a lock that is no more, and tries again."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = path.open("a")
        except FileNotFoundError:  # dropped in between
            continue
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if wait is not None:
                    wait(f"another run writes {path.parent.parent.name}/{path.parent.name}; waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_at(handle.fileno(), path):
                yield
                return


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
