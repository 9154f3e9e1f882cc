"""Checks of the rights: each file is decided on, and what learns or leaves is verified again."""

import json
from typing import Final

import dagster as dg
import pyarrow as pa

from boumb_assets.checking import partition_manifest
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.resources import Platform
from boumb_assets.rights.takedowns import active_takedowns, taken_files
from boumb_assets.rights.verify import Offence, offending_rows
from boumb_assets.settings import Settings

_SHOWN: Final = 5


@dg.asset_check(
    asset="rights_ledger", description="Each file has a decision; how many are cleared, and why the others are not."
)
def has_decisions(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Fails where a file of raw_midi has no row, or more than one."""
    lake = platform.lake()
    wrong = []
    for manifest in partition_manifest(context, lake, "rights_ledger", "dataset"):
        raw = lake.manifest("raw_midi", manifest.partition)
        files = raw.rows("raw_midi") if raw is not None else 0
        if manifest.rows("rights_ledger") != files:
            wrong.append(f"{manifest.partition}: {files} files, {manifest.rows('rights_ledger')} decisions")
    return dg.AssetCheckResult(passed=not wrong, description="; ".join(wrong) or "each file has a decision")


@dg.asset_check(
    asset="mix",
    name="only_cleared_files",
    blocking=True,
    description="Verified again, by rules of its own, before training_data: each loop of the mix is of a cleared file.",
)
def mix_is_cleared(platform: Platform) -> dg.AssetCheckResult:
    """Compares the files of the mix with the ledgers and the takedowns."""
    lake = platform.lake()
    return _verified(lake, platform.settings(), lake.read("mix", "mix"))


@dg.asset_check(
    asset="training_data",
    name="only_cleared_files",
    blocking=True,
    description="Verified again, by rules of its own, before lora_adapter: each row is of a cleared file.",
)
def rows_are_cleared(platform: Platform) -> dg.AssetCheckResult:
    """Compares the provenance of every row with the ledgers and the takedowns."""
    lake = platform.lake()
    return _verified(lake, platform.settings(), lake.read("training_data", "training_rows"))


@dg.asset_check(
    asset="lora_adapter",
    name="only_cleared_files",
    blocking=True,
    description="Verified again, by rules of its own, before hub_release: what the adapter learned from is cleared.",
)
def adapter_is_cleared(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Compares what the adapter was given with the ledgers and the takedowns."""
    lake = platform.lake()
    manifests = list(partition_manifest(context, lake, "lora_adapter", "variant"))
    tables = [lake.read("lora_adapter", "trained_on", manifest.partition) for manifest in manifests]
    return _verified(lake, platform.settings(), pa.concat_tables(tables) if tables else None)


@dg.asset_check(
    asset="hub_release",
    name="only_cleared_files",
    blocking=True,
    description="Verified again in the release's own list of what it is made of, as whoever downloads it reads it.",
)
def release_is_cleared(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Compares training_data/manifest.json with the ledgers and the takedowns."""
    lake = platform.lake()
    files = []
    for manifest in partition_manifest(context, lake, "hub_release", "variant"):
        listed = lake.artefact("hub_release", manifest.partition) / "training_data" / "manifest.json"
        files += json.loads(listed.read_text(encoding="utf-8"))["files"]
    columns = {name: pa.array([file[name] for file in files], pa.string()) for name in ("dataset", "sha256")}
    return _verified(lake, platform.settings(), pa.table(columns))


def _verified(lake: Lake, settings: Settings, provenance: pa.Table | None) -> dg.AssetCheckResult:
    rows = 0 if provenance is None else provenance.num_rows
    offences: list[Offence] = []
    if provenance is not None:
        offences = offending_rows(
            provenance,
            lake.read("rights_ledger", "rights_ledger"),
            settings.rights.profile,
            settings.rights.counted_to,
            _taken(lake),
        )
    shown = "; ".join(f"{offence.dataset} {offence.sha256[:12]}: {offence.why}" for offence in offences[:_SHOWN])
    return dg.AssetCheckResult(
        passed=not offences,
        description=f"{len(offences)} files are not cleared: {shown}" if offences else "every file is cleared",
        metadata={"rows": rows, "offences": len(offences)},
    )


def _taken(lake: Lake) -> frozenset[str]:
    """The files that a takedown names or whose notes it holds, asked of the takedowns and not of the ledger."""
    takedowns = active_takedowns(lake.home)
    if not takedowns:
        return frozenset()
    named = {sha256 for one in takedowns for sha256 in one.sha256}
    with connect(lake) as connection:
        files = connection.sql("select distinct sha256, path, title, composer from raw_midi").to_arrow_table()
    try:
        prints = lake.read("midi_events", "file_prints")
    except LookupError:
        prints = None
    return frozenset(named | set(taken_files(files, prints, takedowns)))


CHECKS: Final = [has_decisions, mix_is_cleared, rows_are_cleared, adapter_is_cleared, release_is_cleared]
