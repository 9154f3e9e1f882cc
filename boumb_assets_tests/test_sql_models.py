"""The SQL models in dbt's form: what is read out of them, and what becomes of them as assets over a lake."""

from collections.abc import Iterable
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest
import yaml

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rebuild import topological
from boumb_assets.settings import ModelVariables, Settings
from boumb_assets.sql_models import column_lineage, load_models, stage_of
from boumb_assets.sql_project import PROJECT, Model
from boumb_assets.stages import Stage, run_stage, wanted_inputs
from boumb_assets_tests.dbt.collections import SOURCES, File, Loop, Warehouse, own, tables

HOLDS = {"loops": "loops", "file_facts": "midi_events", "raw_midi": "raw_midi", "rights_ledger": "rights_ledger"}


def stages() -> dict[str, Stage]:
    sources = {name: Stage(name, lambda build: None, "", "", "dataset") for name in HOLDS.values()}
    return {**sources, **{model.name: stage_of(model) for model in load_models()}}


def made_of(files: Iterable[File], home: Path, variables: ModelVariables | None = None) -> dict[str, bool]:
    """Makes the models of these files in a lake; which of them were made, and not found as they should be."""
    lake, settings = Lake(home), Settings(home=home, vars=variables or ModelVariables())
    for table, rows in tables(files).items():
        with lake.writing(HOLDS[table], "dataset=a") as commit:
            commit.write(table, pa.Table.from_pylist(rows, SOURCES[table]))
            commit.commit({})
    known = stages()
    order = [stage for stage in topological(known) if stage.name not in HOLDS.values()]
    return {stage.name: run_stage(stage, known, lake, settings, "", print).built for stage in order}


def model(name: str) -> Model:
    return next(one for one in load_models() if one.name == name)


def test_dependencies_come_out_of_the_sql() -> None:
    deps = {model.name: set(model.deps) for model in load_models()}
    assert deps["stg_rights"] == {"rights_ledger"}
    assert deps["stg_loops"] == {"loops", "stg_rights"}
    assert deps["kin"] == {"stg_files", "loops"}
    assert deps["file_splits"] == {"stg_files", "kin", "rights_ledger"}, "itself is none, that of its hook is one"
    assert deps["catalogue"] == {"raw_midi", "midi_events", "rights_ledger", "stg_rights", "stg_loops", "file_splits"}
    assert deps["mix"] == {"stg_loops", "duplicates", "split"}


def test_a_model_sees_the_tables_that_it_reads_and_no_others(tmp_path: Path) -> None:
    made_of([File("f1", own("f1"))], tmp_path)
    for known in load_models():
        with connect(Lake(tmp_path), tables=known.tables) as connection:
            seen = connection.execute("select view_name from duckdb_views() where not internal").fetchall()
        assert {name for (name,) in seen} == set(known.tables), known.name
    read = {known.name: set(known.tables) for known in load_models()}
    assert read["kin"] == {"stg_files", "loops"}
    assert read["file_splits"] == {"stg_files", "kin", "rights_ledger", "file_splits"}, "it remembers"
    assert read["stg_files"] == {"file_facts", "raw_midi"}


def test_layout_and_comments_are_not_code() -> None:
    def code(sql: str) -> str:
        return Model("m", sql).code

    assert code("select a, b from t -- words") == code("SELECT\n  a,\n  b\nFROM t")
    assert code("select a from t") != code("select b from t")


def test_what_is_read_the_next_time_and_what_is_run_afterwards_are_code() -> None:
    def code(again: str, hook: str) -> str:
        text = "select 1 as a {% if is_incremental() %} from {{ this }} where " + again + " {% endif %}"
        return Model("m", text, unique_key="a", after=(hook,)).code

    assert len({code("a = 1", "delete from {{ this }}"), code("a = 2", "delete from {{ this }}"),
                code("a = 1", "delete from {{ this }} where a = 1")}) == 3  # fmt: skip


def test_every_variable_is_a_setting_and_is_used() -> None:
    variables = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    assert (
        set(variables) == set(ModelVariables.model_fields) == {name for one in load_models() for name in one.variables}
    )
    assert ModelVariables(**variables).model_dump(mode="json") == variables


@pytest.mark.parametrize("style", ["demo", "demo/bo'ssa", "a/b') or true --", "/bossa", "demo/" + "x" * 65])
def test_a_variable_is_no_way_into_the_sql(style: str) -> None:
    with pytest.raises(ValueError, match="held_out_styles"):
        ModelVariables(held_out_styles=(style,))


def test_a_project_that_we_cannot_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text("vars: {}", encoding="utf-8")
    sql, described = tmp_path / "models" / "m.sql", tmp_path / "models" / "schema.yml"
    sql.write_text("{{ config(materialized='ephemeral') }} select 1 as a", encoding="utf-8")
    with pytest.raises(ValueError, match=r"m.sql: a model is a table"):
        load_models(tmp_path)
    sql.write_text("select 1 as a", encoding="utf-8")
    described.write_text("models: [{name: m, columns: [{name: a, tests: [odd]}]}]", encoding="utf-8")
    with pytest.raises(ValueError, match="no test is called 'odd'"):
        load_models(tmp_path)


@pytest.mark.parametrize(
    ("test", "broken"),
    [
        ("mix.unique_loop_id", "insert into mix select * from mix limit 1"),
        ("mix.not_null_split", "update mix set split = null where loop_id = 'a/f1/0'"),
        ("mix.accepted_values_split", "update mix set split = 'tests' where loop_id = 'a/f1/0'"),
        ("mix.relationships_loop_id", "update mix set loop_id = 'x' where loop_id = 'a/f1/0'"),
        ("mix.same_within_split_sha256", "update mix set split = 'test' where loop_id = 'a/f1/0'"),
        ("mix.no_more_rows_than", "delete from stg_loops"),
        ("duplicates.equal_row_count", "delete from duplicates where loop_id = 'a/f1/0'"),
        ("file_splits.no_fewer_rows_than", "delete from file_splits"),
        ("file_splits.same_within_split_work_key", "update file_splits set work_key = 'w'"),
    ],
)
def test_each_kind_of_test_finds_what_it_is_for(test: str, broken: str) -> None:
    files = [File("f1", own("f1"), official="train"), File("f2", own("f2"), official="test")]
    made = Warehouse().run(files)
    assert made.failing() == {}
    made.connection.execute(broken)
    assert test in made.failing()


def test_a_null_among_the_parents_hides_nobody_who_has_none() -> None:
    made = Warehouse().run([File("f1", own("f1")), File("f2", own("f2"))])
    made.connection.execute("update stg_loops set loop_id = null where loop_id = 'a/f1/0'")
    assert made.failing().get("duplicates.relationships_loop_id") == 1


def test_lineage_by_column(tmp_path: Path) -> None:
    made_of([File("f1", own("f1"))], tmp_path)
    of_gate = column_lineage(model("stg_loops"))(Lake(tmp_path)).deps_by_column
    assert of_gate["cleared"] == [dg.TableColumnDep(dg.AssetKey("stg_rights"), "cleared")]
    assert of_gate["role"] == [dg.TableColumnDep(dg.AssetKey("loops"), "role")]


def test_lineage_goes_through_what_a_model_remembers_to_where_it_came_from(tmp_path: Path) -> None:
    made_of([File("f1", own("f1"))], tmp_path)
    columns = column_lineage(model("file_splits"))(Lake(tmp_path)).deps_by_column
    assert set(columns) >= {"sha256", "work_key", "work_group", "decided", "split", "left_out"}
    assert columns["work_key"] == [dg.TableColumnDep(dg.AssetKey("stg_files"), "work_key")]
    tables = {dep.asset_key.to_user_string() for deps in columns.values() for dep in deps}
    assert tables == {"stg_files", "kin"}
    for one in load_models():
        lineage = column_lineage(one)(Lake(tmp_path)).deps_by_column
        assert {dep.asset_key.to_user_string() for deps in lineage.values() for dep in deps} <= set(one.deps)


def test_a_model_that_reads_itself_is_not_stale_because_of_itself(tmp_path: Path) -> None:
    files = [File(f"f{number}", own(str(number))) for number in range(5)]
    assert all(made_of(files, tmp_path).values())
    before = Lake(tmp_path).manifest("file_splits")
    assert not any(made_of(files, tmp_path).values())
    with Lake(tmp_path).writing("file_splits") as commit:  # as after a change of its code
        assert commit.previous is not None
        commit.keep(commit.previous.files)
        commit.commit({})
    again = made_of(files, tmp_path)
    assert [name for name, built in again.items() if built] == ["file_splits"]
    after = Lake(tmp_path).manifest("file_splits")
    assert before is not None and after is not None and before.data_version == after.data_version


def test_what_was_decided_is_read_back_from_the_lake(tmp_path: Path) -> None:
    there = File("f1", own("f1"), music="m", official="test")
    made_of([there], tmp_path)
    made_of([File("f2", own("f2"), music="m")], tmp_path)
    with connect(Lake(tmp_path)) as connection:
        found = connection.execute("select sha256, split, left_out from file_splits order by all").fetchall()
        assert found == [("f1", None, "gone"), ("f2", "test", None)]
        assert connection.execute("select sha256, split from catalogue").fetchall() == [("f2", "test")]


def test_variables_are_inputs_of_the_models_that_read_them(tmp_path: Path) -> None:
    files = [File(f"f{number}", own(str(number)), official="train") for number in range(5)]
    made_of(files, tmp_path)
    built = made_of(files, tmp_path, ModelVariables(quota_dataset=4))
    assert {name for name, made in built.items() if made} >= {"mix", "statistics"}
    assert not built["duplicates"] and not built["file_splits"]
    assert Lake(tmp_path).read("mix", "mix").num_rows == 4
    lake, known = Lake(tmp_path), stages()
    same = ModelVariables(**{name: value for name, value in model("mix").variables.items() if name == "quota_role"})
    wanted = [
        wanted_inputs(known["mix"], known, lake, Settings(home=tmp_path, vars=one), "")
        for one in (ModelVariables(), same)
    ]
    assert wanted[0] == wanted[1], "a variable that is set to what it is anyway changes nothing"


def test_what_is_not_cleared_is_left_out_and_reported() -> None:
    made = Warehouse().run([File("f1", own("f1")), File("f2", own("f2"), cleared=False)], held_out_styles=[])
    assert made.rows("select distinct sha256 from mix") == [("f1",)]
    assert made.rows("select files, reason from rights_gate where not cleared") == [(1, "because")]
    assert made.rows("select path, loops, cleared_loops from catalogue order by all") == [
        ("f1.mid", 3, 3),
        ("f2.mid", 3, 0),
    ]
    assert made.rows("from left_out") == [("a", "not cleared", 3, 1)]


def test_a_file_that_another_data_set_denies_is_left_out_of_both() -> None:
    files = [
        File("f1", (Loop("x"),)),
        File("f1", (Loop("x"),), dataset="b", cleared=False),
        File("f2", own("f2"), dataset="b"),
    ]
    made = Warehouse().run(files)
    assert made.rows("select distinct dataset, sha256 from mix") == [("b", "f2")]
    assert made.rows("select rule, reason from rights_gate where dataset = 'a'") == [
        ("denied_elsewhere", "the same file is denied in the data set b: because")
    ]
