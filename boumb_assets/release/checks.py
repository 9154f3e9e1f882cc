"""Checks of the release."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.release.cards import folder_problems
from boumb_assets.release.manifest import release_problems
from boumb_assets.resources import Platform


@dg.asset_check(
    asset="hub_release", description="Every file of the release is there and is the one its manifest lists."
)
def is_whole(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Reads the release back as someone who downloaded it would."""
    lake = platform.lake()
    problems = [
        problem
        for manifest in partition_manifest(context, lake, "hub_release", "variant")
        for problem in release_problems(lake.artefact("hub_release", manifest.partition))
    ]
    return dg.AssetCheckResult(passed=not problems, description="; ".join(problems[:5]) or "the release is whole")


@dg.asset_check(
    asset="data_cards", description="Each card keeps the rules of its format, and its files lie where it says."
)
def cards_are_valid(platform: Platform) -> dg.AssetCheckResult:
    """Reads the cards back from the folder that was committed."""
    problems = folder_problems(platform.lake().artefact("data_cards"))
    return dg.AssetCheckResult(passed=not problems, description="; ".join(problems[:5]) or "the cards are valid")


CHECKS: Final = [is_whole, cards_are_valid]
