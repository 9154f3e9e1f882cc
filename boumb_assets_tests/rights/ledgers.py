"""Small raw_midi tables for tests of the ledger and what comes after it."""

from typing import Any

import pyarrow as pa

from boumb_assets.rights.decisions import Profile
from boumb_assets.rights.declaration import Dataset
from boumb_assets.rights.ledger import ledger_rows
from boumb_assets.rights.options import dataset_from_options

YEAR = 2026
_FACTS = pa.schema(
    [
        *((name, pa.string()) for name in ("dataset", "sha256", "path", "title", "composer", "arranger")),
        *((name, pa.int32()) for name in ("composer_died", "arranger_died", "published")),
        *((f"{layer}_licence", pa.string()) for layer in ("composition", "encoding", "performance")),
    ]
)


def raw(dataset: str, *files: dict[str, Any]) -> pa.Table:
    """A raw_midi with the columns that the ledger reads."""
    return pa.Table.from_pylist([{"dataset": dataset, **file} for file in files], schema=_FACTS)


def sha(number: int) -> str:
    return f"{number:064x}"


def by_dataset(name: str, licence: str | None, composition: str | None, attribution: str | None = None) -> Dataset:
    return dataset_from_options(name, f"/data/{name}", licence, composition, attribution=attribution)


def ledger(dataset: Dataset, *files: dict[str, Any], profile: Profile = "commercial", **more: Any) -> pa.Table:
    return ledger_rows(raw(dataset.name, *files), dataset, profile, YEAR, **more)
