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
        ("dataset", pa.string()),
        ("sha256", pa.string()),
        ("path", pa.string()),
        ("composer", pa.string()),
        ("composer_died", pa.int32()),
    ]
)


def raw(dataset: str, *files: dict[str, Any]) -> pa.Table:
    """A raw_midi with the columns that the ledger reads."""
    rows = [{"dataset": dataset, "composer": None, "composer_died": None, **file} for file in files]
    return pa.Table.from_pylist(rows, schema=_FACTS)


def sha(number: int) -> str:
    return f"{number:064x}"


def by_dataset(name: str, licence: str | None, composition: str | None, attribution: str | None = None) -> Dataset:
    return dataset_from_options(name, f"/data/{name}", licence, composition, attribution=attribution)


def ledger(dataset: Dataset, *files: dict[str, Any], profile: Profile = "commercial") -> pa.Table:
    return ledger_rows(raw(dataset.name, *files), dataset, profile, YEAR)
