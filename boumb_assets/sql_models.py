"""One asset a model of dbt_like_sql: dependencies, code version and column lineage come out of the SQL itself."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import dagster as dg
import duckdb
import pyarrow as pa
from sqlglot import exp, parse_one
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, literal, quoted
from boumb_assets.settings import Settings
from boumb_assets.sql_project import SOURCES, Model, load_models
from boumb_assets.stages import Build, Stage

__all__ = ["check_of", "column_lineage", "load_models", "make_rows", "stage_of"]

MEMORY: Final = "640MiB"  # what a model may hold; more goes to the disk while it is made
MADE: Final = "made"


def stage_of(model: Model) -> Stage:
    """The stage that materialises one model: its rows in a total order, so that equal contents have equal bytes."""

    def make(build: Build) -> None:
        with connect(build.lake, build.threads, model.tables) as connection:
            connection.execute(f"set memory_limit = {literal(MEMORY)}")
            connection.execute(f"set temp_directory = {literal(str(build.commit.drafts() / 'spilled'))}")
            again = build.commit.previous is not None
            build.commit.write(model.name, make_rows(connection, model, _set(model, build.settings), again))

    def extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
        return {"vars": digest_of({**model.variables, **_set(model, settings)})} if model.variables else {}

    return Stage(
        name=model.name,
        make=make,
        description=f"{model.description}\n\n```sql\n{model.sql}\n```",
        group="sql",
        deps=model.deps,
        constants=model.code,
        extra=extra,
        table=model.name,
        kinds=frozenset({"duckdb", "sql"}),
        lineage=column_lineage(model),
    )


def _set(model: Model, settings: Settings) -> dict[str, Any]:
    """The variables of a model that the settings give another value."""
    chosen = settings.vars.model_dump(exclude_none=True)
    return {name: value for name, value in chosen.items() if name in model.variables}


def make_rows(
    connection: duckdb.DuckDBPyConnection, model: Model, variables: Mapping[str, Any], again: bool
) -> pa.Table:
    """What a model makes of the tables of ``connection``, in a total order. ``again``: it was made before; one with a
    unique key then finds itself among the tables, and keeps the rows that it does not replace."""
    statement = model.rendered(variables=variables, again=again)
    if model.unique_key is None:
        return connection.sql(f"select * from ({statement}\n) order by all").to_arrow_table()
    made, this, key = quoted(MADE), quoted(model.name), quoted(model.unique_key)
    connection.execute(f"create or replace temp table {made} as {statement}")
    if again:
        kept = f"select * from {this} where {key} not in (select {key} from {made})"
        connection.execute(f"create or replace temp table {made} as from {made} union all by name {kept}")
    for hook in model.after:
        connection.execute(model.rendered(hook, variables, again, this=MADE))
    return connection.sql(f"select * from {made} order by all").to_arrow_table()


def column_lineage(model: Model) -> Callable[[Lake], dg.TableColumnLineage]:
    """Which column comes from which, read out of the statement and the columns that the lake has now. What a model
    remembers of itself is followed to where it came from when it was new."""

    def read(lake: Lake) -> dg.TableColumnLineage:
        columns = {name: kinds for manifest in lake.manifests() for name, kinds in manifest.tables.items()}
        statement = parse_one(model.rendered(again=True), read="duckdb")
        tree: Any = qualify(statement, schema=dict(columns), dialect="duckdb")
        schema: dict[str, Any] = {name: kinds for name, kinds in columns.items() if name != model.name}
        scope = build_scope(tree)
        return dg.TableColumnLineage({name: _leaves(name, tree, schema, scope) for name in tree.named_selects})

    return read


def _leaves(column: str, tree: Any, schema: dict[str, Any], scope: Any) -> list[dg.TableColumnDep]:
    found = set()
    for node in lineage(column, tree, schema, dialect="duckdb", scope=scope, trim_selects=False).walk():
        if not node.downstream and isinstance(node.source, exp.Table) and node.source.name in schema:
            table = SOURCES.get(node.source.name, node.source.name)
            found.add((table, node.name.split(".")[-1].strip('"')))
    return [dg.TableColumnDep(dg.AssetKey(table), name) for table, name in sorted(found)]


def check_of(model: Model) -> dg.AssetChecksDefinition:
    """The tests of one model as asset checks of one step."""

    @dg.multi_asset_check(
        name=f"{model.name}_tests",
        specs=[dg.AssetCheckSpec(test.name, asset=model.name) for test in model.tests],
    )
    def _checks(platform: dg.ResourceParam[Any]) -> Iterator[dg.AssetCheckResult]:
        with connect(platform.lake()) as connection:
            for test in model.tests:
                found = connection.execute(f"select count(*) from ({test.failing})").fetchone()
                failing = int(found[0]) if found else 0
                yield dg.AssetCheckResult(
                    check_name=test.name, passed=failing == 0, metadata={"failing rows": failing, "sql": test.failing}
                )

    return _checks
