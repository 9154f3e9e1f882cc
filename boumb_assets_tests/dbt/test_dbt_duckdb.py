"""The same models under dbt itself, where dbt-duckdb is installed: the same rows, the second time too."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from boumb_assets.sql_project import PROJECT
from boumb_assets_tests.dbt.collections import SOURCES, File, Loop, Warehouse, own, tables

pytest.importorskip("dbt.adapters.duckdb", reason="dbt-duckdb is not installed")
pytestmark = pytest.mark.slow

PROFILE = """
boumb_assets:
  target: here
  outputs:
    here: {type: duckdb, path: lake.duckdb, threads: 1}
"""


def dbt_build(folder: Path, files: list[File]) -> None:
    """Runs every model and every test over these files, in one database below ``folder``."""
    with duckdb.connect(str(folder / "lake.duckdb")) as connection:
        for name, rows in tables(files).items():
            connection.register("rows_of", pa.Table.from_pylist(rows, SOURCES[name]))
            connection.execute(f"create or replace table {name} as from rows_of")
            connection.unregister("rows_of")
    (folder / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    places = {"project-dir": PROJECT, "profiles-dir": folder, "target-path": folder / "target", "log-path": folder}
    options = [part for name, place in places.items() for part in (f"--{name}", str(place))]
    program = "from dbt.cli.main import cli; cli()"
    done = subprocess.run(
        [sys.executable, "-c", program, "build", *options],
        cwd=folder,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def rows_of(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, list[Any]]:
    def rows(name: str) -> list[Any]:
        columns = sorted(column for column, *_ in connection.execute(f'describe "{name}"').fetchall())
        return connection.execute(f'select {", ".join(columns)} from "{name}" order by all').fetchall()

    return {name: rows(name) for name in names}


def test_dbt_makes_the_same_rows_and_passes_the_same_tests(tmp_path: Path) -> None:
    shared = (Loop("x"), Loop("y", 2))
    first = [
        File("f1", shared, official="test"), File("f2", own("f2"), dataset="demo", style="bossa"),
        File("f3", own("f3"), cleared=False), File("f4", own("f4"), asked="une valse"), File("f5", own("f5")),
        *(File(f"g{number}", own(f"g{number}")) for number in range(20)),
    ]  # fmt: skip
    then = [*first[:3], File("f6", (Loop("x", 1), Loop("y"))), File("f5", takedown="t1")]
    ours = Warehouse()
    names = [model.name for model in ours.models]
    for files in (first, then):
        ours.run(files)
        dbt_build(tmp_path, files)
        with duckdb.connect(str(tmp_path / "lake.duckdb"), read_only=True) as connection:
            theirs = rows_of(connection, names)
        assert theirs == rows_of(ours.connection, names)
    assert ours.splits()["f6"] == "test"
    assert ours.rows("select count(*) from file_splits where left_out = 'gone'") == [(20,)]
