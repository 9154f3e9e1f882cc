"""The SQL models in dbt's form: what is read out of them, and what they do with small tables."""

from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pyarrow as pa
import pytest

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rebuild import topological
from boumb_assets.settings import Settings
from boumb_assets.sql_models import column_lineage, load_models, stage_of
from boumb_assets.stages import Stage, run_stage

LOOP: dict[str, Any] = {
    "loop_id": "", "dataset": "a", "sha256": "f1", "path": "f1.mid", "fingerprint": "", "contract": "boumb-sequence",
    "role": "bass", "style": "funk", "score": 0.5, "notes": 10, "lowest": 36, "highest": 48, "official_split": None,
}  # fmt: skip
LOOPS = pa.schema([
    ("loop_id", pa.string()), ("dataset", pa.string()), ("sha256", pa.string()), ("path", pa.string()),
    ("fingerprint", pa.string()), ("contract", pa.string()), ("role", pa.string()), ("style", pa.string()),
    ("score", pa.float32()), ("notes", pa.int32()), ("lowest", pa.uint8()), ("highest", pa.uint8()),
    ("official_split", pa.string()),
])  # fmt: skip
LEDGER = pa.schema([
    ("dataset", pa.string()), ("sha256", pa.string()), ("path", pa.string()), ("train", pa.bool_()),
    ("rule", pa.string()), ("reason", pa.string()),
])  # fmt: skip


def loops(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    numbered = (
        {**LOOP, "loop_id": f"l{number}", "fingerprint": f"p{number}", **row} for number, row in enumerate(rows)
    )
    return [{**row, "path": f"{row['sha256']}.mid"} for row in numbered]


def run_models(
    tmp_path: Path, rows: list[dict[str, Any]], denied: frozenset[str] = frozenset()
) -> duckdb.DuckDBPyConnection:
    """The models over these loops; every file is cleared but those in ``denied``, by sha256 or data set and sha256."""
    lake = Lake(tmp_path)
    files = {(row["dataset"], row["sha256"], row["path"]) for row in rows}
    ledger = [
        {"dataset": dataset, "sha256": sha, "path": path, "train": not {sha, f"{dataset}/{sha}"} & denied, "rule": "r",
         "reason": "because"}
        for dataset, sha, path in sorted(files)
    ]  # fmt: skip
    for source, table, schema, content in (
        ("loops", "loops", LOOPS, rows), ("rights_ledger", "rights_ledger", LEDGER, ledger),
    ):  # fmt: skip
        with lake.writing(source, "dataset=a") as commit:
            commit.write(table, pa.Table.from_pylist(content, schema))
            commit.commit({})
    models = {model.name: stage_of(model) for model in load_models() if model.name != "catalogue"}
    sources = {name: Stage(name, lambda build: None, "", "", "dataset") for name in ("loops", "rights_ledger")}
    stages = {**sources, **models}
    for stage in topological(stages):
        if stage.name in models:
            run_stage(stage, stages, lake, Settings(home=tmp_path), "", print)
    return connect(lake)


def select(connection: duckdb.DuckDBPyConnection, statement: str) -> list[Any]:
    return connection.execute(statement).fetchall()


def test_dependencies_come_out_of_the_sql() -> None:
    deps = {model.name: set(model.deps) for model in load_models()}
    assert deps["stg_rights"] == {"rights_ledger"}
    assert deps["stg_loops"] == {"loops", "stg_rights"}
    assert deps["catalogue"] == {"raw_midi", "midi_events", "rights_ledger", "stg_rights"}
    assert deps["mix"] == {"stg_loops", "duplicates", "split"}


def test_layout_and_comments_are_not_code() -> None:
    from boumb_assets.sql_models import Model

    def model(sql: str) -> Model:
        return Model("m", sql, (), "", ())

    assert model("select a, b from t -- words").code == model("SELECT\n  a,\n  b\nFROM t").code
    assert model("select a from t").code != model("select b from t").code


def test_lineage_by_column(tmp_path: Path) -> None:
    run_models(tmp_path, loops({}))
    (gate,) = (model for model in load_models() if model.name == "stg_loops")
    lineage = column_lineage(gate)(Lake(tmp_path)).deps_by_column
    assert lineage["cleared"] == [dg.TableColumnDep(dg.AssetKey("stg_rights"), "cleared")]
    assert lineage["role"] == [dg.TableColumnDep(dg.AssetKey("loops"), "role")]


def test_what_is_not_cleared_is_left_out_and_reported(tmp_path: Path) -> None:
    connection = run_models(tmp_path, loops({}, {"sha256": "f2"}), denied=frozenset({"f2"}))
    assert select(connection, "select distinct sha256 from mix") == [("f1",)]
    assert select(connection, "select files, reason from rights_gate where not cleared") == [(1, "because")]


def test_a_file_that_another_data_set_denies_is_left_out_of_both(tmp_path: Path) -> None:
    rows = loops({}, {"dataset": "b"}, {"dataset": "b", "sha256": "f2"})
    connection = run_models(tmp_path, rows, denied=frozenset({"b/f1"}))
    assert select(connection, "select distinct dataset, sha256 from mix") == [("b", "f2")]
    assert select(connection, "select rule, reason from rights_gate where dataset = 'a'") == [
        ("denied_elsewhere", "the same file is denied in the data set b: because")
    ]


def test_files_that_share_loops_are_one_group_and_one_chance_bar_is_not(tmp_path: Path) -> None:
    connection = run_models(
        tmp_path,
        loops(
            {"sha256": "f1", "fingerprint": "x"}, {"sha256": "f1", "fingerprint": "y"},
            {"sha256": "f2", "fingerprint": "x"}, {"sha256": "f2", "fingerprint": "y"},
            {"sha256": "f3", "fingerprint": "x"}, {"sha256": "f3", "fingerprint": "z"},
        ),
    )  # fmt: skip
    groups = dict(
        select(connection, "select distinct l.sha256, d.work_group from duplicates d join loops l using (loop_id)")
    )
    assert groups["f1"] == groups["f2"] != groups["f3"]
    assert select(connection, "select count(*) from mix where transpose = 0") == [(3,)]  # x, y, z: one of each


def test_a_loop_that_is_everywhere_chains_nothing_and_stays_in_train(tmp_path: Path) -> None:
    rows = [{"sha256": f"f{number}", "fingerprint": name} for number in range(20) for name in ("four", "floor")]
    connection = run_models(tmp_path, loops(*rows))
    assert select(connection, "select count(distinct work_group) from duplicates") == [(20,)]
    assert {split for (split,) in select(connection, "select distinct split from mix")} <= {"train"}


def test_a_published_split_holds_for_the_whole_group(tmp_path: Path) -> None:
    shared = [{"sha256": f"f{number}", "fingerprint": name} for number in (1, 2) for name in ("x", "y")]
    shared[0]["official_split"] = "test"
    connection = run_models(tmp_path, loops(*shared))
    assert select(connection, "select distinct split from mix") == [("test",)]


@pytest.mark.parametrize("files", [2000])
def test_splits_have_their_shares_and_nobody_is_in_two(tmp_path: Path, files: int) -> None:
    connection = run_models(tmp_path, loops(*({"sha256": f"file{number}"} for number in range(files))))
    counts = dict(
        select(connection, "select split, count(distinct sha256) from mix where transpose = 0 group by split")
    )
    assert counts["test"] / files == pytest.approx(0.05, abs=0.02)
    assert counts["validation"] / files == pytest.approx(0.05, abs=0.02)
    assert select(connection, "select sha256 from mix group by sha256 having count(distinct split) > 1") == []
    assert select(connection, "select count(*) from mix where split <> 'train' and transpose <> 0") == [(0,)]
