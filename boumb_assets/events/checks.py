"""Checks of midi_events."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.lake.rejection import Reason
from boumb_assets.lake.views import connect, literal
from boumb_assets.resources import Platform


@dg.asset_check(asset="midi_events", description="Every file that was found is either read or set aside; none is lost.")
def every_file_is_accounted_for(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Compares the number of files found with those read and those set aside with a reason."""
    lake = platform.lake()
    wrong = []
    for manifest in partition_manifest(context, lake, "midi_events", "dataset"):
        raw = lake.manifest("raw_midi", manifest.partition)
        found = raw.rows("raw_midi") if raw is not None else 0
        read, aside = manifest.rows("file_facts"), manifest.rows("rejected")
        if found != read + aside:
            wrong.append(f"{manifest.partition}: {found} found, {read} read, {aside} set aside")
    return dg.AssetCheckResult(passed=not wrong, description="; ".join(wrong) or "every file is accounted for")


@dg.asset_check(asset="midi_events", description="Notes were read at all; what was set aside is counted by reason.")
def has_notes(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Fails for a data set whose files gave no note, unless all of them were taken down."""
    lake = platform.lake()
    empty = []
    reasons: dict[str, int] = {}
    for manifest in partition_manifest(context, lake, "midi_events", "dataset"):
        with connect(lake) as connection:
            name = manifest.partition.removeprefix("dataset=")
            counted = connection.execute(
                f"select reason, count(*) from rejected where dataset = {literal(name)} group by reason order by reason"
            ).fetchall()
        taken = [reason for reason, _ in counted] == [Reason.TAKEN_DOWN]
        if manifest.rows("midi_events") == 0 and not taken:
            empty.append(f"{manifest.partition}: not one note was read")
        reasons.update({f"{name}: {reason}": int(count) for reason, count in counted})
    return dg.AssetCheckResult(
        passed=not empty, description="; ".join(empty) or "notes were read", metadata={"set aside": reasons}
    )


CHECKS: Final = [every_file_is_accounted_for, has_notes]
