"""The command over the line: run."""

import os
from collections.abc import Sequence

import click
from rich.markup import escape

from boumb_assets.cli.core import Failed, emit, mended, prepare_home
from boumb_assets.settings import load_settings
from boumb_assets.terminal import Bars, console, table


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
