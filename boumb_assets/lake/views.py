"""DuckDB over the lake: one view a table, with the explicit list of files that the manifests commit to."""

import json
import os
from collections.abc import Collection
from pathlib import Path

import duckdb

from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake

WAREHOUSE = "warehouse.duckdb"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def view_statements(lake: Lake, tables: Collection[str] | None = None) -> dict[str, str]:
    """``create view`` by name: of each table, or of some ``tables``, the union over all partitions; of an asset without
    a table of its own name, as a model, what its manifests say."""
    lake = Lake(lake.home.resolve())  # once, and not for each file
    files: dict[str, list[Path]] = {}
    without: dict[str, list[Manifest]] = {}
    for manifest in lake.manifests():
        for table in manifest.tables if tables is None else manifest.tables.keys() & tables:
            files.setdefault(table, []).extend(lake.paths(manifest, table))
        if manifest.stage not in manifest.tables and (tables is None or manifest.stage in tables):
            without.setdefault(manifest.stage, []).append(manifest)
    union = {
        table: f"create or replace view {quoted(table)} as select * from read_parquet(["
        + ", ".join(literal(str(path)) for path in paths)
        + "], union_by_name=true, hive_partitioning=false)"
        for table, paths in sorted(files.items())
        if paths
    }
    return {stage: _summary(stage, manifests) for stage, manifests in sorted(without.items())} | union


def _summary(stage: str, manifests: list[Manifest]) -> str:
    """A view of an asset that has no table of its own name: what was committed, a row a partition."""
    rows = ", ".join(
        f"({literal(manifest.partition)}, {literal(manifest.data_version)}, {len(manifest.files)}, {manifest.bytes}, "
        f"{literal(json.dumps(manifest.facts, sort_keys=True))})"
        for manifest in manifests
    )
    columns = "partition, data_version, files, bytes, facts"
    return f"create or replace view {quoted(stage)} as select * from (values {rows}) as made({columns})"


def connect(lake: Lake, threads: int = 2, tables: Collection[str] | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that sees every table of the lake as it is now, or some ``tables`` alone: a view opens all
    files of its table when it is made."""
    connection = duckdb.connect(":memory:", config={"threads": threads})
    connection.execute("set python_enable_replacements = false")  # a missing table is missing, not a variable of ours
    for statement in view_statements(lake, tables).values():
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
