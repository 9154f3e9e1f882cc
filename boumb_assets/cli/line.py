"""The command over the line: run."""

import os
from collections.abc import Sequence

import click
from rich.markup import escape

from boumb_assets.cli.core import Failed, emit, mended, prepare_home
from boumb_assets.cli.rights import decided
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, view_statements
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
    if any(line.stage == "rights_ledger" and line.rebuilt for line in report.lines):
        _say_what_is_blocked(Lake(settings.home))
    for text in report.failed_checks:
        console.print(f"[yellow]check failed[/] {escape(text)}", soft_wrap=True)
    if report.failed:
        raise Failed("; ".join(report.failed))


def _say_what_is_blocked(lake: Lake) -> None:
    """How many files may not be learned from, where there are any: whoever added them should not have to guess."""
    if "rights_ledger" not in view_statements(lake):
        return
    with connect(lake) as connection:
        found = connection.execute(
            f"select count(*) filter (not train), count(*) from {decided(lake)} as decided"
        ).fetchone()
    blocked, total = found or (0, 0)
    if blocked:
        console.print(f"{blocked:,} of {total:,} files may not be trained on: `boumb rights audit` says why")
