"""What the checks of partitioned assets share."""

from collections.abc import Iterator

import dagster as dg

from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake
from boumb_assets.partitions import Dimension, partition_name


def partition_manifest(
    context: dg.AssetCheckExecutionContext, lake: Lake, stage: str, dimension: Dimension
) -> Iterator[Manifest]:
    """The manifest of the partition that the run is about; all of them where the run names none."""
    run = context.run.tags.get("dagster/partition")
    names = [partition_name(dimension, run)] if run else lake.partitions(stage)
    for name in names:
        manifest = lake.manifest(stage, name)
        if manifest is not None:
            yield manifest
