"""What a takedown leaves to a run: older generations, and the models of variants that it did not make."""

from pathlib import Path

import pyarrow as pa
import pytest

from boumb_assets.forgetting import LEARNED, forget, to_forget
from boumb_assets.ingest.app_log import erase_request
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import AppLog, Dataset, save_declaration
from boumb_assets.rights.takedowns import take_down
from boumb_assets.settings import Settings

ONE, TWO, LOGGED = "a" * 64, "b" * 64, "c" * 64


def commit(lake: Lake, stage: str, partition: str, **tables: pa.Table) -> None:
    with lake.writing(stage, partition) as made:
        for name, table in tables.items():
            made.write(name, table)
        made.commit({"code": "1"})


def learned(lake: Lake, variant: str, dataset: str, sha256: str) -> None:
    partition = f"variant={variant}"
    files = pa.table({"variant": [variant], "dataset": [dataset], "sha256": [sha256], "rows": [2]})
    commit(lake, "lora_adapter", partition, trained_on=files)
    for stage in ("base_model", "evaluation", "hub_release"):
        commit(lake, stage, partition)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path)
    ledger = pa.table({
        "dataset": ["songs", "songs"], "sha256": [ONE, TWO], "takedown": pa.array([None, None], pa.string()),
    })  # fmt: skip
    commit(lake, "rights_ledger", "dataset=songs", rights_ledger=ledger)
    source = f"app-log:{tmp_path / 'log'}"
    save_declaration(tmp_path, Dataset(name="studio", source=source, app_log=AppLog()))
    learned(lake, "qwen2.5-0.5b", "songs", ONE)
    learned(lake, "tinyllama-1.1b", "songs", TWO)
    learned(lake, "nano", "songs", ONE)
    return lake


def left(lake: Lake, variant: str) -> list[str]:
    return [stage for stage in ("base_model", *LEARNED) if lake.manifest(stage, f"variant={variant}") is not None]


def test_nothing_is_removed_where_nothing_was_taken_down(lake: Lake) -> None:
    assert forget(Settings(home=lake.home), lake, ["nano"], whole=True) == []
    assert left(lake, "qwen2.5-0.5b") == ["base_model", *LEARNED]


def test_models_that_were_not_made_again_go_and_the_others_stay(lake: Lake) -> None:
    take_down(lake.home, sha256=[ONE], by="A", reason="mine")
    (lake.home / "checkpoints" / "nano").mkdir(parents=True)
    said = forget(Settings(home=lake.home), lake, ["nano"], whole=True)
    assert len(said) == 1 and "boumb run --variant qwen2.5-0.5b" in said[0]
    assert left(lake, "qwen2.5-0.5b") == ["base_model"]  # of a hub: it never saw the works
    assert left(lake, "tinyllama-1.1b") == left(lake, "nano") == ["base_model", *LEARNED]
    assert not (lake.home / "checkpoints").exists()


def test_a_base_that_was_made_from_rows_goes_too(lake: Lake) -> None:
    take_down(lake.home, sha256=[ONE], by="A", reason="mine")
    forget(Settings(home=lake.home), lake, [], whole=True)
    assert left(lake, "nano") == []


def test_a_request_that_was_erased_takes_its_models_with_it(lake: Lake) -> None:
    learned(lake, "tinyllama-1.1b", "studio", LOGGED)
    erase_request(lake.home, "studio", "request-7")
    said = forget(Settings(home=lake.home), lake, ["nano"], whole=True)
    assert len(said) == 1 and said[0].startswith("tinyllama-1.1b learned from 1 of the works")


def test_older_generations_go_once_for_each_takedown(lake: Lake) -> None:
    def generations() -> int:
        return len(list(lake.folder("loops", "dataset=songs").glob("*.parquet")))

    for content in ("old", "new"):
        commit(lake, "loops", "dataset=songs", loops=pa.table({"content": [content]}))
    settings = Settings(home=lake.home)
    assert generations() == 2
    take_down(lake.home, sha256=[TWO], by="A", reason="mine")
    forget(settings, lake, ["nano"], whole=False)
    assert generations() == 1
    commit(lake, "loops", "dataset=songs", loops=pa.table({"content": ["newer"]}))
    forget(settings, lake, ["nano"], whole=True)  # the first run was not whole: once more
    assert generations() == 1
    commit(lake, "loops", "dataset=songs", loops=pa.table({"content": ["newest"]}))
    forget(settings, lake, ["nano"], whole=True)
    assert generations() == 2


def test_what_is_taken_down_while_a_run_goes_on_is_left_for_the_next(lake: Lake) -> None:
    settings, before = Settings(home=lake.home), to_forget(lake.home)
    take_down(lake.home, sha256=[TWO], by="A", reason="mine")
    forget(settings, lake, ["nano", "tinyllama-1.1b"], whole=True, known=before)
    (lake.home / "checkpoints").mkdir()
    forget(settings, lake, ["nano", "tinyllama-1.1b"], whole=True, known=to_forget(lake.home))
    assert not (lake.home / "checkpoints").exists()
