"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real MIDI corpus; the test is skipped where it is absent."""
    folder = Path(os.environ.get("BOUMB_TEST_DATA", REPOSITORY.parent / "shared"))
    if not (folder / "corpus").is_dir():
        pytest.skip(f"no real MIDI in {folder}: set BOUMB_TEST_DATA to the folder that holds corpus/")
    return folder
