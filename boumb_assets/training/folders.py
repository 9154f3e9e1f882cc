"""Folders that appear whole: written beside their place under another name, then renamed."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from boumb_assets.training.progress import TrainingError


@contextmanager
def replacing(out: Path, marker: str) -> Iterator[Path]:
    """An empty folder that becomes ``out`` when the block ends well, and vanishes when it does not.

    An earlier ``out`` is replaced only where it holds ``marker``, a file that every such folder has. Raises
    TrainingError for another folder with files in it, or a file: what is not ours is not removed.
    """
    if out.exists() and not (out.is_dir() and ((out / marker).is_file() or not any(out.iterdir()))):
        raise TrainingError(f"{out} exists and was not made by this step ({marker} is missing): give another folder")
    aside, old = out.with_name(f".{out.name}.new"), out.with_name(f".{out.name}.old")
    for left in (aside, old):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        if not (aside / marker).is_file():
            raise TrainingError(f"{marker} was not written: the folder would not be known again")
        if out.exists():
            out.rename(old)
        aside.rename(out)
    finally:
        for left in (aside, old):
            shutil.rmtree(left, ignore_errors=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Writes ``content`` as JSON, keys sorted, so that equal content is equal bytes; the file appears whole."""
    aside = path.with_name(path.name + ".new")
    aside.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    aside.replace(path)


def folder_version(folder: Path) -> str:
    """A digest of the names and the bytes of the files of a model's folder, 16 hex characters."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        with path.open("rb") as file:
            digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
