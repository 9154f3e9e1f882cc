"""Checks of the rights: each file is decided on, and what learns or leaves is verified again."""

import json
from typing import Final

import dagster as dg
import pyarrow as pa

from boumb_assets.checking import partition_manifest
from boumb_assets.lake.store import Lake
from boumb_assets.resources import Platform
from boumb_assets.rights.second_look import let_through, offences_in, told
from boumb_assets.settings import Settings


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
    description="Verified again, by rules of its own, before training_data: what it is made of is cleared.",
)
def mix_is_cleared(platform: Platform) -> dg.AssetCheckResult:
    """Compares the files of the mix, and those that structures are taken from, with the ledgers and the takedowns."""
    lake = platform.lake()
    return _verified(lake, platform.settings(), let_through(lake))


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
    offences = [] if provenance is None else offences_in(lake, settings, provenance)
    return dg.AssetCheckResult(
        passed=not offences,
        description=told(offences),
        metadata={"rows": 0 if provenance is None else provenance.num_rows, "offences": len(offences)},
    )


CHECKS: Final = [has_decisions, mix_is_cleared, rows_are_cleared, adapter_is_cleared, release_is_cleared]
