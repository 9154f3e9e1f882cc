"""Folders that appear whole, and checkpoints that count only when they are."""

from pathlib import Path

import pytest

from boumb_assets.training.checkpoints import close_work, mark_complete, open_work
from boumb_assets.training.folders import replacing, write_json
from boumb_assets.training.progress import TrainingError


def write(out: Path, text: str) -> None:
    with replacing(out, "report.json") as folder:
        (folder / "report.json").write_text(text)


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "adapter"
    write(out, "first")
    with pytest.raises(RuntimeError, match="killed"), replacing(out, "report.json") as folder:
        (folder / "report.json").write_text("half")
        raise RuntimeError("killed")
    assert (out / "report.json").read_text() == "first"
    write(out, "second")
    assert (out / "report.json").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_a_stranger_s_folder_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TrainingError, match="was not made by this step"):
        write(tmp_path, "mine")
    with pytest.raises(TrainingError, match="was not made by this step"):
        write(tmp_path / "thesis.txt", "mine")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_only_whole_checkpoints_of_the_same_run_count(tmp_path: Path) -> None:
    work = tmp_path / "work"
    assert open_work(work, "run") is None
    for step in (50, 100, 150):
        (work / f"checkpoint-{step}").mkdir()
    mark_complete(work, 50)
    mark_complete(work, 100)
    found = open_work(work, "run")
    assert found is not None and found.name == "checkpoint-100"  # 150 was cut off, and 100 comes after 50
    assert not (work / "checkpoint-150").exists()
    assert open_work(work, "another run") is None
    assert not list(work.glob("checkpoint-*"))


def test_closing_leaves_what_is_not_ours(tmp_path: Path) -> None:
    open_work(tmp_path / "work", "run")
    close_work(tmp_path / "work")
    assert not (tmp_path / "work").exists()
    open_work(tmp_path / "shared", "run")
    (tmp_path / "shared" / "notes.txt").write_text("mine")
    close_work(tmp_path / "shared")
    assert [path.name for path in (tmp_path / "shared").iterdir()] == ["notes.txt"]


def test_equal_content_is_equal_bytes(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"b": 1, "a": "é"})
    write_json(tmp_path / "b.json", {"a": "é", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
