"""One asset a model of dbt_like_sql: dependencies, code version and column lineage come out of the SQL itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import dagster as dg
import jinja2
import yaml
from sqlglot import exp, parse_one
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify

from boumb_assets.lake.manifest import digest
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, literal, quoted
from boumb_assets.stages import Build, Stage

PROJECT: Final = Path(__file__).resolve().parent.parent / "dbt_like_sql"
SOURCES: Final = {"file_facts": "midi_events"}  # a table that is not named after the asset that writes it
_REF: Final = re.compile(r"ref\(['\"](\w+)['\"]\)")


@dataclass(frozen=True)
class ColumnTest:
    """One test of schema.yml: its SQL counts the rows that fail."""

    model: str
    column: str
    kind: str
    failing: str

    @property
    def name(self) -> str:
        """The name of its asset check."""
        return f"{self.kind}_{self.column}"


@dataclass(frozen=True)
class Model:
    """One .sql file."""

    name: str
    sql: str
    deps: tuple[str, ...]
    description: str
    tests: tuple[ColumnTest, ...]

    @cached_property
    def code(self) -> str:
        """A digest of the statement, whatever its layout and comments."""
        return digest(parse_one(self.sql, read="duckdb").sql(dialect="duckdb", comments=False))


@cache
def load_models(project: Path = PROJECT) -> tuple[Model, ...]:
    """The models of a project in dbt's form. Raises FileNotFoundError where there is none, ValueError for a test kind
    that is not known."""
    paths = sorted((project / "models").rglob("*.sql"))
    if not paths:
        raise FileNotFoundError(f"no SQL models in {project}: run from a checkout of the project")
    described = {
        entry["name"]: entry
        for path in sorted((project / "models").rglob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }
    return tuple(_model(path, described.get(path.stem, {})) for path in paths)


def _model(path: Path, described: Mapping[str, Any]) -> Model:
    deps: list[str] = []

    def ref(name: str) -> str:
        deps.append(name)
        return quoted(name)

    def source(_schema: str, name: str) -> str:
        deps.append(SOURCES.get(name, name))
        return quoted(name)

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    sql = environment.from_string(path.read_text(encoding="utf-8")).render(ref=ref, source=source)
    return Model(
        name=path.stem,
        sql=sql.strip(),
        deps=tuple(dict.fromkeys(deps)),
        description=described.get("description", ""),
        tests=tuple(_tests(path.stem, described)),
    )


def _tests(model: str, described: Mapping[str, Any]) -> Iterator[ColumnTest]:
    for column in described.get("columns", []):
        name = column["name"]
        for test in column.get("tests", []):
            kind, options = (test, {}) if isinstance(test, str) else next(iter(test.items()))
            yield ColumnTest(model, name, kind, _failing(model, name, kind, options))


def _failing(model: str, column: str, kind: str, options: Mapping[str, Any]) -> str:
    table, field = quoted(model), quoted(column)
    if kind == "not_null":
        return f"select count(*) from {table} where {field} is null"
    if kind == "unique":
        return f"select count(*) from (select {field} from {table} group by {field} having count(*) > 1)"
    if kind == "accepted_values":
        values = ", ".join(literal(str(value)) for value in options["values"])
        return f"select count(*) from {table} where {field} not in ({values})"
    if kind == "relationships":
        match = _REF.fullmatch(options["to"])
        if match is None:
            raise ValueError(f"schema.yml: {model}.{column}: `to` must be ref('model'), not {options['to']!r}")
        parent, key = quoted(match[1]), quoted(options["field"])
        return f"select count(*) from {table} where {field} is not null and {field} not in (select {key} from {parent})"
    raise ValueError(f"schema.yml: {model}.{column}: no test is called {kind!r}")


def stage_of(model: Model) -> Stage:
    """The stage that materialises one model: its rows in a total order, so that equal contents have equal bytes."""

    def make(build: Build) -> None:
        with connect(build.lake) as connection:
            rows = connection.sql(f"select * from ({model.sql}\n) order by all").to_arrow_table()
        build.commit.write(model.name, rows)

    return Stage(
        name=model.name,
        make=make,
        description=f"{model.description}\n\n```sql\n{model.sql}\n```",
        group="sql",
        deps=model.deps,
        constants=model.code,
        table=model.name,
        kinds=frozenset({"duckdb", "sql"}),
        lineage=column_lineage(model),
    )


def column_lineage(model: Model) -> Callable[[Lake], dg.TableColumnLineage]:
    """Which column comes from which, read out of the statement and the columns that the lake has now."""

    def read(lake: Lake) -> dg.TableColumnLineage:
        columns = {name: kinds for manifest in lake.manifests() for name, kinds in manifest.tables.items()}
        tree: Any = qualify(parse_one(model.sql, read="duckdb"), schema=dict(columns), dialect="duckdb")
        return dg.TableColumnLineage({column: _leaves(column, tree, columns) for column in tree.named_selects})

    return read


def _leaves(column: str, tree: Any, columns: Mapping[str, Any]) -> list[dg.TableColumnDep]:
    found = set()
    for node in lineage(column, tree, schema=dict(columns), dialect="duckdb").walk():
        if not node.downstream and isinstance(node.source, exp.Table):
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
                found = connection.execute(test.failing).fetchone()
                failing = int(found[0]) if found else 0
                yield dg.AssetCheckResult(
                    check_name=test.name, passed=failing == 0, metadata={"failing rows": failing, "sql": test.failing}
                )

    return _checks
