"""The two dimensions of the platform, never multiplied: data sets in the first half, variants in the second."""

from typing import Final, Literal

import dagster as dg

Dimension = Literal["dataset", "variant"]

DATASETS: Final = dg.DynamicPartitionsDefinition(name="dataset")
VARIANTS: Final = dg.DynamicPartitionsDefinition(name="variant")
PARTITIONS: Final[dict[Dimension | None, dg.DynamicPartitionsDefinition | None]] = {
    "dataset": DATASETS,
    "variant": VARIANTS,
    None: None,
}


def partition_name(dimension: Dimension | None, key: str) -> str:
    """The lake's name of a partition: ``dataset=demo``; empty for an asset without partitions."""
    return f"{dimension}={key}" if dimension else ""
