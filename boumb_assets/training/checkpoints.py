"""Checkpoints of a run that may be cut off: which one to go on from, and whether it is of this run at all."""

import json
import shutil
from pathlib import Path
from typing import Final

from boumb_assets.training.folders import write_json

RUN: Final = "run.json"
_MARK: Final = "complete"


def open_work(work: Path, fingerprint: str) -> Path | None:
    """Makes ``work`` the folder of the run ``fingerprint``; its last whole checkpoint, None to start anew.

    Checkpoints of another run are removed, and those that were cut off while being written.
    """
    work.mkdir(parents=True, exist_ok=True)
    same = _fingerprint(work) == fingerprint
    for path in work.glob("checkpoint-*"):
        if not (same and (path / _MARK).is_file()):
            shutil.rmtree(path)
    write_json(work / RUN, {"fingerprint": fingerprint})
    return max(work.glob("checkpoint-*"), key=step_of, default=None)


def mark_complete(work: Path, step: int) -> None:
    """Says that the checkpoint of ``step`` is whole: the mark is its commit."""
    (work / f"checkpoint-{step}" / _MARK).write_bytes(b"")


def close_work(work: Path) -> None:
    """Removes the checkpoints of a run that ended well, and the folder where nothing else is in it."""
    for path in work.glob("checkpoint-*"):
        shutil.rmtree(path)
    (work / RUN).unlink(missing_ok=True)
    if not any(work.iterdir()):
        work.rmdir()


def _fingerprint(work: Path) -> str | None:
    try:
        found = json.loads((work / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found.get("fingerprint") if isinstance(found, dict) else None


def step_of(checkpoint: Path) -> int:
    """The step that a checkpoint was written after."""
    return int(checkpoint.name.rpartition("-")[2])
