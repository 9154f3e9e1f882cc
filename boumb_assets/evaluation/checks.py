"""Checks of the evaluation."""

from typing import Final

import dagster as dg

from boumb_assets.checking import partition_manifest
from boumb_assets.evaluation.writers import FINE_TUNED, is_held
from boumb_assets.resources import Platform


@dg.asset_check(
    asset="evaluation", description="Held to a contract, the fine-tuned model wrote nothing that it refuses."
)
def held_is_valid(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Fails for any validity of the fine-tuned model below 1. Where no work was kept back there is none to look at, and
    the text says so."""
    lake = platform.lake()
    wrong, seen = list[str](), list[str]()
    for manifest in partition_manifest(context, lake, "evaluation", "variant"):
        for row in lake.read("evaluation", "evaluation", manifest.partition).to_pylist():
            if row["provider"] == FINE_TUNED and row["metric"] == "valid" and is_held(row["contract"]):
                text = f"{manifest.partition}: {row['contract']} {row['value']:.0%} of {row['items']}"
                (seen if row["value"] == 1.0 else wrong).append(text)
    shown = "; ".join(wrong or seen) or "no work was kept back, so nothing was asked"
    return dg.AssetCheckResult(passed=not wrong, description=shown)


@dg.asset_check(asset="evaluation", description="The report, the raw answers and the figures for the card are there.")
def report_is_there(context: dg.AssetCheckExecutionContext, platform: Platform) -> dg.AssetCheckResult:
    """Fails for a file that is missing or empty."""
    lake = platform.lake()
    missing = []
    for manifest in partition_manifest(context, lake, "evaluation", "variant"):
        folder = lake.artefact("evaluation", manifest.partition)
        needed = ("report.html", "results.json", *(("answers.jsonl",) if manifest.facts["items"] else ()))
        for name in needed:
            if not (folder / name).is_file() or not (folder / name).stat().st_size:
                missing.append(f"{manifest.partition}: {name}")
    return dg.AssetCheckResult(passed=not missing, description="; ".join(missing) or "the report is there")


CHECKS: Final = [held_is_valid, report_is_there]
