"""The second look over a lake: what is not cleared stops what would learn from it, in every run and not in one."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from boumb_assets.corpus.assets import TRAINING_DATA
from boumb_assets.lake.store import Lake
from boumb_assets.release.assets import HUB_RELEASE
from boumb_assets.rights.second_look import refused_adapter, refused_mix, refused_rows
from boumb_assets.rights.takedowns import take_down
from boumb_assets.settings import RightsSettings, Settings
from boumb_assets.stages import Stage, StageError, run_stage
from boumb_assets.training.assets import BASE_MODEL, LORA_ADAPTER
from boumb_assets_tests.rights.ledgers import YEAR, by_dataset, ledger, raw, sha

FILES: list[dict[str, Any]] = [
    {"sha256": sha(1), "path": "a.mid", "title": "One", "composer": "A. Composer"},
    {"sha256": sha(2), "path": "b.mid", "title": "Two", "composer": "B. Composer"},
]
USED = pa.table({"dataset": ["groove", "groove"], "sha256": [sha(1), sha(2)]})


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake whose ledger clears two files, both of them in the mix, in training_data and in an adapter."""
    lake = Lake(tmp_path)
    groove = by_dataset("groove", "CC-BY-4.0", "same")
    for stage, table, partition, rows in (
        ("raw_midi", "raw_midi", "dataset=groove", raw("groove", *FILES)),
        ("rights_ledger", "rights_ledger", "dataset=groove", ledger(groove, *FILES)),
        ("mix", "mix", "", USED),
        ("training_data", "training_rows", "", USED),
        ("lora_adapter", "trained_on", "variant=nano", USED),
    ):
        _write(lake, stage, table, partition, rows)
    return lake


def _write(lake: Lake, stage: str, table: str, partition: str, rows: pa.Table) -> None:
    with lake.writing(stage, partition) as commit:
        commit.write(table, rows)
        commit.commit({})


@pytest.fixture
def settings(lake: Lake) -> Settings:
    return Settings(home=lake.home, rights=RightsSettings(year=YEAR))


def test_each_door_that_learns_or_gives_on_asks_it_before() -> None:
    assert TRAINING_DATA.guard is refused_mix
    assert BASE_MODEL.guard is refused_rows
    assert LORA_ADAPTER.guard is refused_rows
    assert HUB_RELEASE.guard is refused_adapter


def test_what_is_cleared_is_let_through(lake: Lake, settings: Settings) -> None:
    for guard in (refused_mix, refused_rows, refused_adapter):
        assert guard(lake, settings, "nano") is None


def test_a_takedown_that_no_ledger_knows_of_yet_stops_them_all(lake: Lake, settings: Settings) -> None:
    take_down(lake.home, composer="Composer, A.", by="A. Composer", reason="mine")
    for guard in (refused_mix, refused_rows, refused_adapter):
        assert "groove 000000000000: it was taken down" in str(guard(lake, settings, "nano"))


def test_a_structure_is_looked_at_as_a_loop_is(lake: Lake, settings: Settings) -> None:
    denied = ledger(by_dataset("pop", "MIT", "none"), {"sha256": sha(3), "path": "c.mid"})
    _write(lake, "rights_ledger", "rights_ledger", "dataset=pop", denied)
    of_file = {"dataset": ["pop"], "sha256": [sha(3)], "path": ["c.mid"]}
    _write(lake, "structures", "structures", "dataset=pop", pa.table(of_file))
    _write(lake, "stg_rights", "stg_rights", "", pa.table({**of_file, "cleared": [False]}))
    assert refused_mix(lake, settings, "") is None
    _write(lake, "stg_rights", "stg_rights", "", pa.table({**of_file, "cleared": [True]}))
    assert "pop 000000000000: the ledger denies it" in str(refused_mix(lake, settings, ""))


def test_what_is_refused_is_refused_again_in_the_next_run(lake: Lake, settings: Settings) -> None:
    take_down(lake.home, sha256=[sha(1)], by="A. Composer", reason="mine")
    made: list[str] = []
    stage = Stage("trained", lambda build: made.append(build.key), "", "", guard=refused_rows)
    for _ in range(2):
        with pytest.raises(StageError, match="trained is not made: 1 files are not cleared"):
            run_stage(stage, {"trained": stage}, lake, settings, "", print)
    assert made == []
