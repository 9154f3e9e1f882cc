"""Checks of the rights: what was cleared, and the blocking one that verifies it again before anything learns."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.resources import Platform
from boumb_assets.rights.verify import offending_rows


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
    asset="training_data",
    blocking=True,
    description=(
        "Verified again, by rules of its own: no row comes from a file that is not cleared. Blocks what learns."
    ),
)
def only_cleared_files(platform: Platform) -> dg.AssetCheckResult:
    """Compares the provenance of every row with the ledgers."""
    lake, settings = platform.lake(), platform.settings()
    rows = lake.read("training_data", "training_rows")
    offences = offending_rows(
        rows, lake.read("rights_ledger", "rights_ledger"), settings.rights.profile, settings.rights.counted_to
    )
    shown = "; ".join(f"{offence.dataset} {offence.sha256[:12]}: {offence.why}" for offence in offences[:5])
    return dg.AssetCheckResult(
        passed=not offences,
        description=f"{len(offences)} files are not cleared: {shown}" if offences else "every row's file is cleared",
        metadata={"rows": rows.num_rows, "offences": len(offences)},
    )


CHECKS: Final = [has_decisions, only_cleared_files]
