"""Commands over the line: run, dataset, rights."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from boumb_assets.cli.core import Failed, UserError, emit, mended, need_tables, prepare_home, show_table
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.rights.declaration import (
    declaration_problems,
    load_declarations,
    read_declaration,
    remove_declaration,
    save_declaration,
)
from boumb_assets.rights.options import dataset_from_options, missing_layers
from boumb_assets.settings import load_settings
from boumb_assets.terminal import Bars, console, table

DATASET_STAGES = ("raw_midi", "rights_ledger", "midi_events", "loops", "structures")


@click.command()
@click.option("--dataset", "datasets", multiple=True, help="Only this data set; may be repeated.")
@click.option("--variant", "variants", multiple=True, help="This variant instead of the default one; may be repeated.")
@click.option("--select", help="Only this asset and what it is made of.")
@click.option("--json", "as_json", is_flag=True, help="What was done, as JSON on stdout.")
@mended
def run(datasets: Sequence[str], variants: Sequence[str], select: str | None, as_json: bool) -> None:
    """Materialise what is stale, and only that."""
    from boumb_assets.line import materialise

    settings = load_settings()
    prepare_home(settings)
    with Bars().shown() as bars:
        report = materialise(settings, datasets, variants, select, bars)
    if as_json:
        emit({"assets": [vars(line) for line in report.lines], "failed": report.failed, "checks": report.failed_checks})
    elif report.lines:
        rows = [
            (line.stage, line.key or "-", "" if line.rows is None else f"{line.rows:,}", f"{line.seconds:.1f}",
             "made" if line.rebuilt else "as it was", os.path.relpath(line.path))
            for line in report.lines
        ]  # fmt: skip
        columns = ("asset", "partition", "rows", "seconds", "", "where its result lies")
        console.print(table("", columns, rows, right=("rows", "seconds")))
    else:
        console.print("Nothing is stale.")
    for text in report.failed_checks:
        console.print(f"[yellow]check failed[/] {escape(text)}")
    if report.failed:
        raise Failed("; ".join(report.failed))


@click.group()
def dataset() -> None:
    """The data sets, and the terms they come under."""


@dataset.command("add")
@click.argument("name")
@click.argument("source", required=False)
@click.option("--licence", help="Of the files: an SPDX expression, as CC-BY-4.0.")
@click.option("--composition", help="public-domain, traditional, own, machine-made, an SPDX licence, or same.")
@click.option("--performance", help="none, own, machine-made, an SPDX licence, or same; default: as the files.")
@click.option("--attribution", help="The credit that its makers ask for.")
@mended
def add(
    name: str,
    source: str | None,
    licence: str | None,
    composition: str | None,
    performance: str | None,
    attribution: str | None,
) -> None:
    """Declare a data set NAME in the folder SOURCE, with its terms layer by layer."""
    settings = load_settings()
    if source is None and name != "demo":
        raise UserError(f"say where {name} lies: boumb dataset add {name} FOLDER --licence ... --composition ...")
    if source is None:
        from boumb_assets.line import declare_demo

        declared = declare_demo(settings)
    else:
        if not Path(source).expanduser().is_dir():
            raise UserError(f"there is no folder {source}")
        declared = dataset_from_options(name, source, licence, composition, performance, attribution)
        save_declaration(settings.home, declared)
    console.print(f"{name}: declared; `boumb run` takes it through the line")
    for sentence in missing_layers(declared.terms):
        console.print(f"[yellow]open[/] {escape(sentence)}", soft_wrap=True)


@dataset.command("list")
@click.option("--json", "as_json", is_flag=True)
@mended
def list_(as_json: bool) -> None:
    """The declared data sets."""
    settings = load_settings()
    declared = load_declarations(settings.home)
    lake = Lake(settings.home)
    rows = []
    for name, one in declared.items():
        raw = lake.manifest("raw_midi", f"dataset={name}")
        files = raw.rows("raw_midi") if raw is not None else None
        layers = (one.terms.composition.licence, one.terms.encoding.licence, one.terms.performance.licence)
        rows.append((name, files, *layers, one.source))
    columns = ("name", "files", "composition", "files' licence", "performance", "source")
    if as_json:
        emit([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        show_table(columns, rows, right=("files",))
    else:
        console.print(
            "No data set is declared; `boumb run` begins with the demo, `boumb dataset add` declares another."
        )
    for problem in declaration_problems(settings.home).values():
        console.print(f"[yellow]left out[/] {escape(problem)}", soft_wrap=True)


@dataset.command()
@click.argument("name")
@mended
def show(name: str) -> None:
    """What is declared of a data set, as JSON."""
    settings = load_settings()
    if name not in load_declarations(settings.home):
        raise UserError(f"{name!r} is no data set; declared: {', '.join(load_declarations(settings.home)) or 'none'}")
    emit(read_declaration(settings.home / "datasets" / f"{name}.yaml").model_dump(mode="json"))


@dataset.command()
@click.argument("name")
@mended
def remove(name: str) -> None:
    """Forget a data set and what was made of it; the source stays as it is."""
    settings = load_settings()
    remove_declaration(settings.home, name)
    for stage in DATASET_STAGES:
        Lake(settings.home).drop(stage, f"dataset={name}")
    console.print(f"{name}: removed; the next `boumb run` rebuilds what was made with it")


@click.group()
def rights() -> None:
    """What may be done with each file."""


@rights.command()
@click.option("--json", "as_json", is_flag=True)
@mended
def audit(as_json: bool) -> None:
    """By data set and class: what is cleared, what is not, and why."""
    lake = Lake(load_settings().home)
    need_tables(lake, "rights_ledger")
    with connect(lake) as connection:
        result = connection.execute(
            "select dataset, composition_class as composition, encoding_class as files, performance_class as playing, "
            "train, count(*) as number, any_value(rule) as rule, any_value(reason) as reason from rights_ledger "
            "group by dataset, composition, files, playing, train order by dataset, train desc, number desc"
        )
        names = [column[0] for column in result.description or []]
        rows = result.fetchall()
    if as_json:
        emit([dict(zip(names, row, strict=True)) for row in rows])
    else:
        show_table(names, rows, right=("number",))


@rights.command()
@click.argument("sha256")
@mended
def trace(sha256: str) -> None:
    """Where a file went: its loops, rows, adapters and releases, as JSON. SHA256 may be its first characters."""
    if len(sha256) < 6 or any(character not in "0123456789abcdef" for character in sha256):
        raise UserError("give at least the first 6 characters of the file's sha256, in lower case")
    from boumb_assets.line import trace as trace_file

    settings = load_settings()
    need_tables(Lake(settings.home), "raw_midi", "rights_ledger", "loops", "training_rows")
    found = trace_file(settings, sha256)
    if not found["files"]:
        raise UserError(
            f"no file of the lake begins with {sha256}; `boumb sql 'select sha256, path from raw_midi'` lists them"
        )
    emit(found)
