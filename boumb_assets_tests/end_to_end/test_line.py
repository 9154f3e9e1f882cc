"""The whole line through a real Dagster instance, from the demo data set to a release and to music."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from boumb_assets.contracts.registry import contract
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.line import materialise
from boumb_assets.rebuild import Report
from boumb_assets.settings import Settings
from boumb_assets.terminal import Bars

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("line")]


def test_every_asset_is_materialised(first_run: Report) -> None:
    from boumb_assets.definitions import STAGES

    assert first_run.failed == []
    assert first_run.failed_checks == []
    assert {line.stage for line in first_run.lines} == set(STAGES)
    # The demo's pieces are loops and short tunes: none of them has two cadences that are sure, and each one is counted.
    assert {line.stage for line in first_run.lines if line.rows == 0} <= {"structures"}


def test_nothing_is_stale_on_a_second_run(first_run: Report, line_settings: Settings) -> None:
    with Bars().shown() as bars:
        assert materialise(line_settings, [], [], None, bars).lines == []


def test_dagster_knows_versions_rows_and_columns(first_run: Report, line_settings: Settings) -> None:
    from boumb_assets.definitions import STAGES

    with dg.DagsterInstance.get() as instance:
        for name, stage in STAGES.items():
            event = instance.get_latest_materialization_event(dg.AssetKey(name))
            assert event is not None and event.asset_materialization is not None, name
            tags = event.asset_materialization.tags or {}
            assert tags.get("dagster/data_version"), name
            metadata: dict[str, Any] = dict(event.asset_materialization.metadata)
            assert metadata["path"].value
            if stage.table and name != "structures":
                assert metadata["dagster/row_count"].value > 0, name
                assert metadata["dagster/column_schema"].value.columns, name
                assert "|" in str(metadata["preview"].value), name


def test_the_demo_is_as_big_as_promised(first_run: Report, line_settings: Settings) -> None:
    with connect(Lake(line_settings.home)) as connection:
        files, tunes = connection.execute(
            "select count(*) filter (path not like 'tunes/%'), count(*) filter (path like 'tunes/%') from raw_midi"
        ).fetchone() or (0, 0)
        read = connection.execute("select count(*) from file_facts").fetchone()
    assert files >= 600
    assert tunes >= 25
    assert read == (files + tunes,)


def test_every_row_is_valid_and_leads_back_to_a_cleared_file(first_run: Report, line_settings: Settings) -> None:
    from boumb_assets.corpus.jsonl import read_rows, shard_files

    lake = Lake(line_settings.home)
    folder = lake.artefact("training_data")
    with connect(lake) as connection:
        rows = connection.execute("select shard, line, contract from training_rows order by shard, line").fetchall()
        denied = connection.execute(
            "select count(*) from training_rows where not exists (select 1 from rights_ledger as ledger "
            "where ledger.sha256 = training_rows.sha256 and ledger.dataset = training_rows.dataset and ledger.train)"
        ).fetchone()
    assert denied == (0,)
    assert len(rows) >= 1000
    contracts = {(shard, line): name for shard, line, name in rows}
    read = 0
    for shard in sorted({shard for shard, _, _ in rows}):
        assert (folder / shard) in shard_files(folder)
    for (place, name), row in zip(contracts.items(), read_rows(folder), strict=True):
        answer = row["messages"][-1]
        assert answer["role"] == "assistant", place
        assert contract(name).parse(answer["content"]).to_json() == answer["content"], place
        read += 1
    assert read == len(rows)


def test_there_is_a_view_for_each_asset(first_run: Report, line_settings: Settings) -> None:
    from boumb_assets.definitions import STAGES

    with connect(Lake(line_settings.home)) as connection:
        for name in STAGES:
            found = connection.execute(f'select count(*) from "{name}"').fetchone()
            assert found is not None and (found[0] > 0 or name == "structures"), name
        columns = {row[0] for row in connection.execute("describe training_rows").fetchall()}
        assert columns >= {"dataset", "sha256", "split", "contract", "prompt", "language", "rights"}
        facts = connection.execute(
            "select facts ->> 'base' from lora_adapter where partition = 'variant=nano'"
        ).fetchone()
        assert facts == ("nano",)


def test_no_group_is_in_two_splits(first_run: Report, line_settings: Settings) -> None:
    with connect(Lake(line_settings.home)) as connection:
        groups = "select work_group from training_rows group by work_group having count(distinct split) > 1"
        files = "select sha256 from training_rows group by sha256 having count(distinct split) > 1"
        assert connection.execute(groups).fetchall() == []
        assert connection.execute(files).fetchall() == []
        splits = connection.execute("select distinct split from training_rows order by split").fetchall()
    assert splits == [("test",), ("train",), ("validation",)]


def test_tokens_a_note_and_the_round_trip(first_run: Report, line_settings: Settings) -> None:
    from transformers import AutoTokenizer

    lake = Lake(line_settings.home)
    tokenizer = AutoTokenizer.from_pretrained(lake.artefact("base_model", "variant=nano"))
    texts = lake.read("loops", "loops")["content"].to_pylist()
    tokens = notes = 0
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert tokenizer.decode(ids) == text
        if text.startswith('{"sequence"'):
            tokens += len(ids)
            notes += text.count('"note"')
    assert tokens / notes <= 5.5


def test_fifty_loops_are_valid(first_run: Report, line_settings: Settings) -> None:
    import boumb_assets as boumb

    prompts = ["Basse funky", "dark techno bass", "Mélodie lo-fi", "house keys in A minor", "Nappe ambient"]
    for seed in range(50):
        answer = boumb.generate(prompts[seed % 5], provider="ft", seed=seed, home=line_settings.home)
        assert answer.provider.startswith("ft")
        assert not any(attempt.error for attempt in answer.attempts)
        done = [action for attempt in answer.attempts for action in attempt.repaired]
        assert all(action.startswith("shortened a note") for action in done)  # over the end, as the contract allows
        assert contract("boumb-sequence").parse(answer.text).to_json() == answer.text


def test_the_release_is_whole(first_run: Report, line_settings: Settings) -> None:
    import hashlib

    folder = Lake(line_settings.home).artefact("hub_release", "variant=nano")
    manifest = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        assert hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"README.md", "ATTRIBUTION.md", "NOTICE", "LICENSE", "adapter_config.json", "adapter_model.safetensors",
            "tokenizer.json", "training_data/manifest.json"} <= names  # fmt: skip
    sources = json.loads((folder / "training_data" / "manifest.json").read_text(encoding="utf-8"))["files"]
    known = set(Lake(line_settings.home).read("raw_midi", "raw_midi")["sha256"].to_pylist())
    assert sources and {source["sha256"] for source in sources} <= known
    home = str(Path.home())
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert home not in card and str(line_settings.home) not in card
