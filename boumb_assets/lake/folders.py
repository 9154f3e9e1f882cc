"""A folder that is written whole, or not at all."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from boumb_assets.lake.manifest import digest


@contextmanager
def writing_folder(target: Path) -> Iterator[Path]:
    """An empty folder to write in, which takes the place of ``target`` when the block ends well and is removed when it
    does not. A target that holds the same already is left untouched, modification times and all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    aside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    aside.mkdir()
    try:
        yield aside
        if not target.is_dir() or tree_digest(target) != tree_digest(aside):
            _swap(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def tree_digest(folder: Path) -> str:
    """A digest of every file below ``folder``: its path and its bytes."""
    parts: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as handle:
                parts += [path.relative_to(folder).as_posix(), hashlib.file_digest(handle, "sha256").hexdigest()]
    return digest(*parts)


def _sweep(target: Path) -> None:
    """Removes what killed writers of ``target`` left: the folders whose process is gone, or is this one."""
    for left in target.parent.glob(f".{target.name}.*"):
        owner, _, kind = left.name.removeprefix(f".{target.name}.").partition(".")
        if kind in ("tmp", "old") and owner.isdigit() and (int(owner) == os.getpid() or not _runs(int(owner))):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _swap(aside: Path, target: Path) -> None:
    """Puts ``aside`` in the place of ``target``. No system renames a folder over one with files in it, so an old one is
    moved away first, and back if the new one cannot be moved in."""
    if not target.is_dir() or not any(target.iterdir()):
        aside.replace(target)
        return
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    target.replace(old)
    try:
        aside.replace(target)
    except OSError:
        old.replace(target)
        raise
    shutil.rmtree(old)
