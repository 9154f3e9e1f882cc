"""Work for crews, which their processes import: tasks that do what they are called."""

import errno
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from boumb_assets.lake.isolation import Batch
from boumb_assets.lake.parquet import TableForm

NAMES = pa.schema([pa.field("name", pa.string(), nullable=False), pa.field("place", pa.int64(), nullable=False)])
LOST = pa.schema([pa.field("name", pa.string(), nullable=False), pa.field("kind", pa.string(), nullable=False)])

spoilt = False


def do(batch: Batch[str], begins: Callable[[int], None]) -> list[str]:
    """Does the tasks of a batch."""
    done = []
    for index, task in enumerate(batch.tasks):
        begins(index)
        act(task)
        done.append(task)
    return done


def act(task: str) -> None:
    """Does what ``task`` is called: ``crash``, ``hang``, ``wait``, ``raise``, ``spoil`` (after which a ``victim``
    crashes), or ``once FILE``, which kills the process that started it, but only the first time."""
    global spoilt
    name, _, rest = task.partition(" ")
    if name == "crash" or (name == "victim" and spoilt):
        os.abort()
    if name == "hang":
        time.sleep(60)
    if name == "wait":
        time.sleep(0.05)
    if name == "raise":
        raise LookupError("a fault of the work itself")
    if name == "once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    spoilt = spoilt or name == "spoil"


class Names:
    """A reader that makes a table of a few rows of each task: its name, as dictionary strings."""

    forms: Mapping[str, TableForm] = {
        "names": TableForm(NAMES, rows_a_group=5, dictionaries=("name",)),
        "lost": TableForm(LOST),
    }
    preload: Sequence[str] = ()

    def read(self, tasks: Sequence[str], begins: Callable[[int], None]) -> dict[str, pa.Table]:
        names, places = [], []
        for index, task in enumerate(tasks):
            begins(index)
            act(task)
            names += [task] * (len(task) % 4)
            places += list(range(len(task) % 4))
        columns = [pa.array(names, pa.string()).dictionary_encode(), pa.array(places, pa.int64())]
        return {"names": pa.table(columns, names=["name", "place"]), "lost": LOST.empty_table()}

    def lost(self, task: str, kind: str, detail: str) -> dict[str, pa.Table]:
        return {"names": NAMES.empty_table(), "lost": pa.table([[task], [kind]], schema=LOST)}


class FullDisk(Names):
    """A reader for which the disk is full as soon as it writes."""

    def read(self, tasks: Sequence[str], begins: Callable[[int], None]) -> dict[str, pa.Table]:
        raise OSError(errno.ENOSPC, "No space left on device")
