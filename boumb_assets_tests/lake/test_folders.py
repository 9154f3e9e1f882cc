"""Folders that are written whole or not at all."""

import os
import subprocess
from pathlib import Path

import pytest

from boumb_assets.lake.folders import tree_digest, writing_folder


def _write(target: Path, **texts: str) -> None:
    with writing_folder(target) as folder:
        for name, text in texts.items():
            (folder / name).write_text(text)


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "out"
    _write(target, a="1", b="2")
    _write(target, a="3")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert {path.name: path.read_text() for path in target.iterdir()} == {"a": "3"}


def test_a_failure_leaves_the_old_folder_and_no_trace(tmp_path: Path) -> None:
    target = tmp_path / "out"
    _write(target, a="1")
    with pytest.raises(RuntimeError, match="broken"), writing_folder(target) as folder:
        (folder / "a").write_text("half")
        raise RuntimeError("broken")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "a").read_text() == "1"


def test_the_same_content_is_left_untouched(tmp_path: Path) -> None:
    target = tmp_path / "out"
    _write(target, a="1")
    before = ((target / "a").stat().st_ino, target.stat().st_ino)
    _write(target, a="1")
    assert ((target / "a").stat().st_ino, target.stat().st_ino) == before


def test_an_empty_folder_is_taken_over(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    _write(target, a="1")
    assert (target / "a").read_text() == "1"


def test_the_digest_tells_names_and_contents_apart(tmp_path: Path) -> None:
    for name, texts in {"x": {"a": "1"}, "y": {"a": "2"}, "z": {"b": "1"}}.items():
        _write(tmp_path / name, **texts)
    assert len({tree_digest(tmp_path / name) for name in "xyz"}) == 3


def test_what_a_killed_writer_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = [tmp_path / f".out.{dead.pid}.tmp", tmp_path / f".out.{dead.pid}.old"]
    kept = [tmp_path / f".out.{os.getppid()}.tmp", tmp_path / ".out.x", tmp_path / ".other.1.tmp"]
    for folder in (*left, *kept):
        folder.mkdir()
    _write(tmp_path / "out", a="1")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["out", *(folder.name for folder in kept)])
