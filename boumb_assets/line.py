"""The line as `boumb run` drives it: the declared data sets and wanted variants through one Dagster instance."""

import json
from collections.abc import Sequence
from typing import Any

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, publish
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

    with dg.DagsterInstance.get() as instance:
        sync_partitions(instance, declared, wanted)
        report = run(defs, STAGES, settings, instance, list(datasets or declared), wanted, select, announce, done)
    publish(Lake(settings.home))
    return report


def trace(settings: Settings, sha256: str) -> dict[str, Any]:
    """Where the files whose hash begins with ``sha256`` went: loops, rows, adapters, releases."""
    lake = Lake(settings.home)
    pattern = f"{sha256}%"
    with connect(lake) as connection:

        def select(statement: str) -> list[dict[str, Any]]:
            result = connection.execute(statement, [pattern])
            names = [column[0] for column in result.description or []]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

        files = select(
            "select raw.dataset, raw.path, raw.sha256, ledger.train, ledger.rule, ledger.reason from raw_midi as raw "
            "left join rights_ledger as ledger using (dataset, path, sha256) where raw.sha256 like ? order by all"
        )
        loops = select("select loop_id, contract, role, track, start_bar from loops where sha256 like ? order by all")
        rows = select("select row_id, split, shard, line, contract from training_rows where sha256 like ? order by all")
    learned = {row["contract"] for row in rows if row["split"] == "train"}
    adapters = [
        partition.removeprefix("variant=")
        for partition in lake.partitions("lora_adapter")
        if learned & set(settings.variant(partition.removeprefix("variant=")).contracts)
    ]
    return {"files": files, "loops": loops, "rows": rows, "adapters": adapters, "releases": _releases(lake, sha256)}


def _releases(lake: Lake, sha256: str) -> list[dict[str, str]]:
    found = []
    for partition in lake.partitions("hub_release"):
        folder = lake.artefact("hub_release", partition)
        sources = json.loads((folder / "training_data" / "manifest.json").read_text(encoding="utf-8"))["files"]
        if any(source["sha256"].startswith(sha256) for source in sources):
            version = json.loads((folder / "release.json").read_text(encoding="utf-8"))["version"]
            found.append({"variant": partition.removeprefix("variant="), "version": version})
    return found
