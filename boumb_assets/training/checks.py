"""Checks of the models."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.resources import Platform


@dg.asset_check(
    asset="lora_adapter",
    description="The adapter learned something: the loss at the end is below the one at the start.",
)
def the_loss_fell(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Compares the mean loss of the first tenth of the steps with that of the last."""
    wrong = []
    for manifest in partition_manifest(context, platform.lake(), "lora_adapter", "variant"):
        first, last = float(manifest.facts["first_loss"]), float(manifest.facts["last_loss"])
        if not last < first:
            wrong.append(f"{manifest.partition}: loss {first} at the start, {last} at the end")
    return dg.AssetCheckResult(passed=not wrong, description="; ".join(wrong) or "the loss fell")


CHECKS: Final = [the_loss_fell]
