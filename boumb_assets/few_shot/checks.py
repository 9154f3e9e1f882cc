"""The check of the few-shot library."""

from typing import Final

import dagster as dg

from boumb_assets.few_shot.gain import of_library, of_real_music, retrieval_gain
from boumb_assets.few_shot.library import library_of
from boumb_assets.resources import Platform

ENOUGH: Final = 20  # structures of real music to measure on
LEAST_GAIN: Final = 0.5
LEAST_OF_ITS_OWN: Final = 0.4
"""Where the library's structures themselves are held out: a dozen have the form that is asked for, and the best three
of those are 0.62 of the way to the best three of all."""


@dg.asset_check(
    asset="few_shot_library",
    description="Examples are near to what is asked for, by the harmony of structures that are held out: those of real "
    "music where there are enough, else the library's own.",
)
def retrieval_gains(platform: Platform) -> dg.AssetCheckResult:
    """Warns where retrieval goes less of the way from random examples to the best three than it should."""
    lake = platform.lake()
    library = library_of(lake.home)
    targets, least = of_library(library), LEAST_OF_ITS_OWN
    if lake.partitions("structures"):
        real = of_real_music(
            lake.read("structures", "structures", columns=["structure_id", "request", "content"]).to_pylist()
        )
        if len(real) >= ENOUGH:
            targets, least = real, LEAST_GAIN
    gain = retrieval_gain(targets, library)
    of_what = "real music" if least == LEAST_GAIN else "the library"
    return dg.AssetCheckResult(
        passed=gain.share >= least,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{gain.share:.0%} of the way from random examples to the best three, "
        f"over {gain.targets} structures of {of_what}; at least {least:.0%}",
        metadata={
            "divergence, random": gain.random,
            "divergence, retrieved": gain.retrieved,
            "divergence, the best three": gain.oracle,
        },
    )


CHECKS: Final = [retrieval_gains]
