"""The line as `boumb run` drives it: the declared data sets and wanted variants through one Dagster instance."""

from collections.abc import Sequence

from boumb_assets.forgetting import forget, to_forget
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import publish
from boumb_assets.rebuild import Line, Report, Stale, run, sync_partitions
from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.declaration import Dataset, load_declarations, save_declaration
from boumb_assets.settings import Settings
from boumb_assets.terminal import Bars, console


def declare_demo(settings: Settings) -> Dataset:
    """Declares the demo data set, ours, under its own terms."""
    save_declaration(settings.home, DEMO)
    return DEMO


def materialise(
    settings: Settings, datasets: Sequence[str], variants: Sequence[str], select: str | None, bars: Bars
) -> Report:
    """Materialises what is stale of ``datasets`` (default: all that are declared; the demo joins when there is none)
    and ``variants`` (default: as the settings say). Raises ValueError for a name that is not known."""
    import dagster as dg

    from boumb_assets.definitions import STAGES, defs

    declared = load_declarations(settings.home)
    if not declared:
        declared = {"demo": declare_demo(settings)}
    for name in datasets:
        if name not in declared:
            known = ", ".join(sorted(declared))
            raise ValueError(f"{name!r} is no data set; declared: {known}. `boumb dataset add {name} FOLDER` adds it")
    wanted = list(variants or settings.default_variants())
    for name in wanted:
        settings.variant(name)

    def announce(dimension: str, key: str, todo: Sequence[Stale]) -> None:
        bars.clear()
        where = f"{dimension} {key}" if dimension else "all data sets"
        if todo:
            first = todo[0]
            console.print(f"[bold]{where}[/]: {len(todo)} assets are stale ({first.stage}: {first.why})")

    def done(line: Line) -> None:
        bars.clear()

    known = to_forget(settings.home)
    with dg.DagsterInstance.get() as instance:
        sync_partitions(instance, declared, wanted)
        report = run(defs, STAGES, settings, instance, list(datasets or declared), wanted, select, announce, done)
    lake = Lake(settings.home)
    for sentence in forget(settings, lake, wanted, not (datasets or select or report.failed), known):
        console.print(f"[yellow]removed[/] {sentence}", soft_wrap=True)
    publish(lake)
    return report
