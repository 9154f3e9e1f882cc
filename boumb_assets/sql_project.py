"""A project in dbt's form, as it lies on disk: models, their configuration and variables, the tests of schema.yml."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import jinja2
import yaml
from sqlglot import parse_one

from boumb_assets.lake.manifest import digest
from boumb_assets.lake.views import literal, quoted

PROJECT: Final = Path(__file__).resolve().parent.parent / "dbt_like_sql"
SOURCES: Final = {"file_facts": "midi_events"}  # a table that is not named after the asset that writes it
_REF: Final = re.compile(r"ref\(['\"](\w+)['\"]\)")
_TEST: Final = re.compile(r"{%-?\s*test\s+(\w+)\s*(\(.*?\))\s*-?%}(.*?){%-?\s*endtest\s*-?%}", re.DOTALL)
_JINJA: Final = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)


@dataclass(frozen=True)
class DataTest:
    """One test of schema.yml: its SQL selects what fails."""

    name: str
    failing: str


@dataclass(frozen=True)
class Model:
    """One .sql file."""

    name: str
    source: str
    deps: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    """Those that its statements read, itself among them where it is incremental."""
    description: str = ""
    tests: tuple[DataTest, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Those that it reads, with the project's values."""
    unique_key: str | None = None
    """Of a model that reads itself: its rows replace those of the same key, and the others stay."""
    after: tuple[str, ...] = ()
    """Statements that are run once its rows are there, `{{ this }}` among them."""

    @cached_property
    def sql(self) -> str:
        """Its statement as it is where nothing was made yet, with the project's variables."""
        return self.rendered()

    @cached_property
    def code(self) -> str:
        """A digest of its statements, whatever their layout and comments."""
        again = [self.rendered(again=True)] if self.unique_key else []
        statements = [self.sql, *again, *(self.rendered(hook) for hook in self.after)]
        return digest(*(parse_one(one, read="duckdb").sql(dialect="duckdb", comments=False) for one in statements))

    def rendered(
        self, text: str | None = None, variables: Mapping[str, Any] | None = None, again: bool = False, this: str = ""
    ) -> str:
        """The statement, or another ``text`` in its place, under other ``variables`` than the project's; ``again``:
        it was made before, and may read itself by the name ``this``."""
        values = {**self.variables, **(variables or {})}
        return (
            _JINJA.from_string(self.source if text is None else text)
            .render(
                ref=quoted,
                source=lambda _schema, name: quoted(name),
                var=values.__getitem__,
                config=lambda **_: "",
                is_incremental=lambda: again and self.unique_key is not None,
                this=quoted(this or self.name),
            )
            .strip()
        )


@cache
def load_models(project: Path = PROJECT) -> tuple[Model, ...]:
    """The models of a project in dbt's form. Raises FileNotFoundError where there is none, ValueError for a test kind
    or a configuration that is not known."""
    paths = sorted((project / "models").rglob("*.sql"))
    if not paths:
        raise FileNotFoundError(f"no SQL models in {project}: run from a checkout of the project")
    described = {
        entry["name"]: entry
        for path in sorted((project / "models").rglob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }
    generic = _generic_tests(project)
    variables = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8")).get("vars", {})
    return tuple(_model(path, described.get(path.stem, {}), generic, variables) for path in paths)


def _model(path: Path, described: Mapping[str, Any], generic: Mapping[str, Any], variables: Mapping[str, Any]) -> Model:
    deps: list[str] = []
    tables: list[str] = []
    configured: dict[str, Any] = {}
    used: dict[str, Any] = {}

    def ref(name: str) -> str:
        deps.append(name)
        tables.append(name)
        return ""

    def source(_schema: str, name: str) -> str:
        deps.append(SOURCES.get(name, name))
        tables.append(name)
        return ""

    def var(name: str) -> Any:
        used[name] = variables[name]
        return used[name]

    def config(**values: Any) -> str:
        configured.update(values)
        return ""

    text = path.read_text(encoding="utf-8")
    names = {"ref": ref, "source": source, "var": var, "config": config, "this": "", "is_incremental": lambda: True}
    _JINJA.from_string(text).render(names)
    hooks = configured.pop("post_hook", ())
    after = (hooks,) if isinstance(hooks, str) else tuple(hooks)
    for hook in after:
        _JINJA.from_string(hook).render(names)
    key = configured.pop("unique_key", None)
    if configured.pop("materialized", "table") != ("incremental" if key else "table") or configured:
        raise ValueError(f"{path.name}: a model is a table, or incremental with a unique_key, and may have a post_hook")
    return Model(
        name=path.stem,
        source=text,
        deps=tuple(dict.fromkeys(deps)),
        tables=tuple(dict.fromkeys([*tables, path.stem] if key else tables)),
        description=described.get("description", ""),
        tests=tuple(_tests(path.stem, described, generic)),
        variables=used,
        unique_key=key,
        after=after,
    )


def _generic_tests(project: Path) -> dict[str, Any]:
    """The project's own kinds of tests. For Jinja alone, a test is a macro."""
    found: dict[str, Any] = {}
    for path in sorted((project / "tests" / "generic").glob("*.sql")):
        for name, arguments, body in _TEST.findall(path.read_text(encoding="utf-8")):
            macro = f"{{% macro {name}{arguments} %}}{body}{{% endmacro %}}"
            found[name] = getattr(_JINJA.from_string(macro).module, name)
    return found


def _tests(model: str, described: Mapping[str, Any], generic: Mapping[str, Any]) -> Iterator[DataTest]:
    for column in (None, *described.get("columns", [])):
        name = column["name"] if column else None
        for test in (column or described).get("tests", []):
            kind, options = (test, {}) if isinstance(test, str) else next(iter(test.items()))
            within = options.get("field") if kind in generic else None
            label = "_".join(part for part in (kind, name, within) if part)
            yield DataTest(label, _failing(model, name, kind, options, generic))


def _failing(model: str, column: str | None, kind: str, options: Mapping[str, Any], generic: Mapping[str, Any]) -> str:
    table = quoted(model)
    if kind in generic:
        known = {name: _relation(value) for name, value in options.items()}
        if column is not None:
            known["column_name"] = quoted(column)
        return str(generic[kind](table, **known)).strip()
    if column is None:
        raise ValueError(f"schema.yml: {model}: no test of a model is called {kind!r}")
    field_name = quoted(column)
    if kind == "not_null":
        return f"select * from {table} where {field_name} is null"
    if kind == "unique":
        return f"select {field_name} from {table} where {field_name} is not null group by all having count(*) > 1"
    if kind == "accepted_values":
        values = ", ".join(literal(str(value)) for value in options["values"])
        return f"select * from {table} where {field_name} not in ({values})"
    if kind == "relationships":
        parent, key = _relation(options["to"]), quoted(options["field"])
        if parent == options["to"]:
            raise ValueError(f"schema.yml: {model}.{column}: `to` must be ref('model'), not {parent!r}")
        parents = f"select {key} from {parent} where {key} is not null"  # to be in a list with a null is never false
        return f"select * from {table} where {field_name} is not null and {field_name} not in ({parents})"
    raise ValueError(f"schema.yml: {model}.{column}: no test is called {kind!r}")


def _relation(value: Any) -> Any:
    """``ref('model')`` as the name of that table; anything else as it is."""
    match = _REF.fullmatch(value) if isinstance(value, str) else None
    return quoted(match[1]) if match else value
