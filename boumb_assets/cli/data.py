"""Commands over the data: sql, warehouse, export, report."""

import sys
from pathlib import Path
from typing import cast

import click

from boumb_assets.cli.core import UserError, emit, mended
from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.store import Lake
from boumb_assets.settings import load_settings
from boumb_assets.terminal import WIDTH_OF_A_LOG, console, table

MAX_ROWS = 1000


@click.command()
@click.argument("statement")
@click.option("--json", "as_json", is_flag=True, help="Rows as JSON; default: a table.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=MAX_ROWS, show_default=True, help="Rows at most.")
@mended
def sql(statement: str, as_json: bool, limit: int) -> None:
    """One SQL STATEMENT over the lake, read-only; a view an asset."""
    import duckdb

    from boumb_assets.lake.views import read_only

    lake = Lake(load_settings().home)
    with read_only(lake) as connection:
        try:
            result = connection.execute(statement)
            names = [column[0] for column in result.description or []]
            rows = result.fetchmany(limit)
        except duckdb.Error as error:
            raise UserError(str(error).split("\n\n")[0]) from error
    if as_json:
        emit([dict(zip(names, row, strict=True)) for row in rows])
    else:
        from rich.console import Console

        Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG).print(table("", names, rows))
    if len(rows) == limit:
        console.print(f"[dim]the first {limit} rows; --limit takes more[/]")


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
    for name, rows in copy_tables(lake, target).items():
        console.print(f"{name}: {rows:,} rows")


@click.command()
@click.option("--format", "form", type=click.Choice(["openai", "trl", "axolotl"]), default="openai", show_default=True)
@click.option("--split", type=click.Choice(["train", "validation", "test"]), default="train", show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: standard output.")
@mended
def export(form: str, split: str, out: Path | None) -> None:
    """The training rows as plain JSONL, as other trainers read it."""
    from boumb_assets.corpus.export import ExportFormat, export_rows

    lines = export_rows(Lake(load_settings().home).artefact("training_data"), cast(ExportFormat, form), split)
    if out is None:
        for line in lines:
            click.echo(line)
        return
    aside = out.with_name(f".{out.name}.tmp")
    count = 0
    with aside.open("w", encoding="utf-8", newline="\n") as handle:
        for line in lines:
            count += 1
            handle.write(line + "\n")
    aside.replace(out)
    if not count:
        raise UserError(f"there is no row in {split}: `boumb rights audit` says what is cleared")
    console.print(f"{count:,} rows in {out}")


@click.command()
@click.option("--variant")
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
