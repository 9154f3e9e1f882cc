"""The version of code."""

from pathlib import Path

import pytest

from boumb_assets.lake.code import code_version


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "a_room"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "rules.py").write_text('"""Docs."""\n\n\ndef double(x):\n    return 2 * x\n')
    (folder / "library.json").write_text("[]")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def version() -> str:
    code_version.cache_clear()
    return code_version(("a_room",))


def test_comments_and_docstrings_do_not_count(room: Path) -> None:
    before = version()
    (room / "rules.py").write_text('"""Other docs."""\n# a comment\ndef double(x):\n    "Twice."\n    return 2 * x\n')
    assert version() == before


def test_what_is_computed_counts(room: Path) -> None:
    before = version()
    (room / "rules.py").write_text("def double(x):\n    return 3 * x\n")
    assert version() != before


def test_curated_files_count(room: Path) -> None:
    before = version()
    (room / "library.json").write_text("[1]")
    assert version() != before


def test_a_room_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError):
        code_version(("boumb_assets.attic",))
