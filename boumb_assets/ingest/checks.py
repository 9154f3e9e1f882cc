"""Checks of raw_midi."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.resources import Platform


@dg.asset_check(asset="raw_midi", description="The data set has files at all, and its source is where it was.")
def has_files(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Fails for a data set that gives nothing, in words that say why."""
    problems = []
    for manifest in partition_manifest(context, platform.lake(), "raw_midi", "dataset"):
        if "problem" in manifest.facts:
            problems.append(str(manifest.facts["problem"]))
        elif manifest.rows("raw_midi") == 0:
            aside = manifest.rows("rejected")
            problems.append(f"{manifest.partition}: no MIDI file in {manifest.facts['folder']}, {aside} set aside")
    return dg.AssetCheckResult(passed=not problems, description="; ".join(problems) or "there are files")


CHECKS: Final = [has_files]
