"""The line, once, for all tests that look at its result: real Dagster, real training, a small budget."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boumb_assets.cli.core import prepare_home
from boumb_assets.line import materialise
from boumb_assets.rebuild import Report
from boumb_assets.settings import Settings, load_settings
from boumb_assets.terminal import Bars
from boumb_assets_tests.end_to_end.homes import at_home

SMALL_BUDGET = {"BOUMB_TRAINING_BASE_STEPS": "60", "BOUMB_TRAINING_LORA_STEPS": "30"}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh home, with a budget of training that a test can wait for."""
    folder = tmp_path_factory.mktemp("home")
    with at_home(folder, SMALL_BUDGET):
        yield folder


@pytest.fixture(scope="session")
def line_settings(home: Path) -> Settings:
    """The settings of that home."""
    settings = load_settings()
    prepare_home(settings)
    return settings


@pytest.fixture(scope="session")
def first_run(line_settings: Settings) -> Report:
    """The report of the first `boumb run`."""
    with Bars().shown() as bars:
        return materialise(line_settings, [], [], None, bars)
