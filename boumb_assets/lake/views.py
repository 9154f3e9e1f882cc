"""DuckDB over the lake: one view a table, with the explicit list of files that the manifests commit to."""

import os
from pathlib import Path

import duckdb

from boumb_assets.lake.store import Lake

WAREHOUSE = "warehouse.duckdb"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def view_statements(lake: Lake) -> dict[str, str]:
    """``create view`` by table name: the union of that table over all stages and partitions."""
    files: dict[str, list[Path]] = {}
    for manifest in lake.manifests():
        for table in manifest.tables:
            files.setdefault(table, []).extend(lake.paths(manifest, table))
    return {
        table: f"create or replace view {quoted(table)} as select * from read_parquet(["
        + ", ".join(literal(str(path.resolve())) for path in paths)
        + "], union_by_name=true, hive_partitioning=false)"
        for table, paths in sorted(files.items())
        if paths
    }


def connect(lake: Lake, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that sees every table of the lake as it is now."""
    connection = duckdb.connect(":memory:", config={"threads": threads})
    connection.execute("set python_enable_replacements = false")  # a missing table is missing, not a variable of ours
    for statement in view_statements(lake).values():
        connection.execute(statement)
    return connection


def read_only(lake: Lake) -> duckdb.DuckDBPyConnection:
    """As `connect`, for statements from outside: it reaches the lake's folder alone, and its configuration is
    locked. Inside that folder it could write: let only what `refuse_writing` accepts through."""
    connection = connect(lake)
    connection.execute(f"set allowed_directories = [{literal(str(lake.root.resolve()))}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def refuse_writing(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Raises ValueError unless ``statement`` is one statement that only reads, duckdb.Error where it is no SQL."""
    kinds = [one.type for one in connection.extract_statements(statement)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise ValueError("give one statement that reads: select, from, with, describe, summarize or show")


def publish(lake: Lake) -> Path:
    """Rebuilds ``warehouse.duckdb`` (views only) aside and swaps it in, so that any DuckDB client can open it while
    everything runs."""
    path = lake.home / WAREHOUSE
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    aside.unlink(missing_ok=True)
    with duckdb.connect(str(aside)) as connection:
        for statement in view_statements(lake).values():
            connection.execute(statement)
    aside.replace(path)
    return path


def copy_tables(lake: Lake, path: Path) -> dict[str, int]:
    """Copies every table into one native DuckDB file (aside, then swapped in); rows by table."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    aside.unlink(missing_ok=True)
    rows: dict[str, int] = {}
    with duckdb.connect(str(aside)) as connection:
        for table, statement in view_statements(lake).items():
            select = statement.split(" as ", 1)[1]
            connection.execute(f"create table {quoted(table)} as {select}")
            found = connection.execute(f"select count(*) from {quoted(table)}").fetchone()
            rows[table] = int(found[0]) if found else 0
    aside.replace(path)
    return rows
