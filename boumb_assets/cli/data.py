"""Commands over the data: sql, warehouse, export, report."""

import math
from pathlib import Path
from typing import Any, cast

import click
from rich.markup import escape

from boumb_assets.cli.core import UserError, emit, in_one_line, mended, show_table
from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.store import Lake
from boumb_assets.settings import load_settings
from boumb_assets.terminal import console

MAX_ROWS = 1000


@click.command()
@click.argument("statement")
@click.option("--json", "as_json", is_flag=True, help="Rows as JSON; default: a table.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=MAX_ROWS, show_default=True, help="Rows at most.")
@mended
def sql(statement: str, as_json: bool, limit: int) -> None:
    """One SQL STATEMENT over the lake, read-only; a view an asset."""
    import duckdb

    from boumb_assets.lake.views import read_only, refuse_writing

    lake = Lake(load_settings().home)
    with read_only(lake) as connection:
        try:
            refuse_writing(connection, statement)
            result = connection.execute(statement)
            names = [column[0] for column in result.description or []]
            rows = result.fetchmany(limit + 1)
        except duckdb.Error as error:
            raise UserError(in_one_line(str(error).split("\n\n")[0])) from error
    more = len(rows) > limit
    rows = rows[:limit]
    if as_json:
        if len(set(names)) < len(names):
            raise UserError("two columns have the same name: tell them apart with `as`")
        emit([{name: _json_value(value) for name, value in zip(names, row, strict=True)} for row in rows])
    else:
        show_table(names, rows)
    if more:
        console.print(f"[dim]the first {limit} rows; --limit takes more[/]")


def _json_value(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


@click.command()
@click.option(
    "--tables",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Copy every table into this DuckDB file.",
)
@mended
def warehouse(target: Path | None) -> None:
    """Refresh warehouse.duckdb, or copy the lake into one DuckDB file."""
    from boumb_assets.lake.views import copy_tables, publish

    lake = Lake(load_settings().home)
    if target is None:
        console.print(f"{publish(lake)}: views over the lake")
        return
    import duckdb

    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        copied = copy_tables(lake, target)
    except duckdb.IOException as error:
        raise UserError(in_one_line(str(error))) from error
    for name, rows in copied.items():
        console.print(f"{name}: {rows:,} rows")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["openai", "trl", "axolotl", "llamafactory"]),
    default="openai",
    show_default=True,
    help="Whose way of writing a chat row.",
)
@click.option(
    "--split",
    type=click.Choice(["train", "validation", "test"]),
    default="train",
    show_default=True,
    help="Which of the three parts.",
)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: standard output.")
@mended
def export(form: str, split: str, out: Path | None) -> None:
    """The training rows as plain JSONL, as other trainers read it."""
    from boumb_assets.corpus.export import ExportFormat, export_rows
    from boumb_assets.rights.second_look import refused_rows

    settings = load_settings()
    lake = Lake(settings.home)
    rows = lake.artefact("training_data")
    refused = refused_rows(lake, settings, "")
    if refused is not None:  # as a takedown since the last run
        raise UserError(f"the rows are not given out: {refused}")
    blocks = export_rows(rows, cast(ExportFormat, form), split)
    nothing = UserError(f"there is no row in {split}: `boumb rights audit` says what is cleared")
    if out is None:
        size = 0
        for block in blocks:
            size += len(block)
            click.echo(block, nl=False)
        if not size:
            raise nothing
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.tmp")
    count = 0
    try:
        with aside.open("wb") as handle:
            for block in blocks:
                count += block.count(b"\n")
                handle.write(block)
        if not count:
            raise nothing
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    console.print(f"{count:,} rows in {escape(str(out))}", soft_wrap=True)


@click.command()
@click.option("--variant", help="Whose evaluation; default: as the settings say.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Copy it here.")
@mended
def report(variant: str | None, out: Path | None) -> None:
    """The evaluation, as one HTML file that works offline."""
    settings = load_settings()
    name = variant or settings.default_variants()[0]
    found = Lake(settings.home).artefact("evaluation", f"variant={name}") / "report.html"
    if out is not None:
        write_atomically(out, found.read_bytes())
    click.echo(out or found)
