"""The second look over a whole lake: what is about to be used is held against the ledgers and the takedowns again.

A blocking check stops what comes after it in its own run alone. The next run would find the refused data as they are,
not stale, and go on from them: so each asset that learns or leaves is refused by the same look before it is made.
"""

from typing import Final

import pyarrow as pa

from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, view_statements
from boumb_assets.rights.takedowns import active_takedowns, stored_prints, taken_files
from boumb_assets.rights.verify import Offence, offending_rows
from boumb_assets.settings import Settings

_SHOWN: Final = 5
_OF_STRUCTURES: Final = """
select distinct structures.dataset, structures.sha256 from structures
join stg_rights as rights using (dataset, sha256, path) where rights.cleared
"""


def offences_in(lake: Lake, settings: Settings, provenance: pa.Table) -> list[Offence]:
    """The files of ``provenance`` (columns dataset and sha256) that are not cleared, or were taken down."""
    rights = settings.rights
    ledgers = lake.read("rights_ledger", "rights_ledger")
    return offending_rows(provenance, ledgers, rights.profile, rights.counted_to, taken_now(lake))


def taken_now(lake: Lake) -> frozenset[str]:
    """The files that a takedown names or whose notes it holds, asked of the takedowns and not of the ledger."""
    takedowns = active_takedowns(lake.home)
    if not takedowns:
        return frozenset()
    named = {sha256 for one in takedowns for sha256 in one.sha256}
    with connect(lake) as connection:
        files = connection.sql("select distinct sha256, path, title, composer from raw_midi").to_arrow_table()
    return frozenset(named | set(taken_files(files, stored_prints(lake), takedowns)))


def let_through(lake: Lake) -> pa.Table:
    """The files (dataset, sha256) that training_data is about to be made of: those of the mix, and those with a
    structure that the gate lets through."""
    used = lake.read("mix", "mix").select(["dataset", "sha256"])
    if not {"structures", "stg_rights"} <= view_statements(lake).keys():
        return used
    with connect(lake) as connection:
        return pa.concat_tables([used, connection.sql(_OF_STRUCTURES).to_arrow_table()])


def told(offences: list[Offence]) -> str:
    """What is wrong, in one line; of many the first."""
    if not offences:
        return "every file is cleared"
    shown = "; ".join(f"{one.dataset} {one.sha256[:12]}: {one.why}" for one in offences[:_SHOWN])
    return f"{len(offences)} files are not cleared: {shown}"


def refused_rows(lake: Lake, settings: Settings, key: str) -> str | None:
    """Why nothing may learn from training_data as it is; None if it may."""
    return _refusal(lake, settings, lake.read("training_data", "training_rows"))


def refused_mix(lake: Lake, settings: Settings, key: str) -> str | None:
    """Why training_data may not be made of what the gate let through; None if it may."""
    return _refusal(lake, settings, let_through(lake))


def refused_adapter(lake: Lake, settings: Settings, key: str) -> str | None:
    """Why the adapter of a variant may not be given on; None if it may."""
    return _refusal(lake, settings, lake.read("lora_adapter", "trained_on", f"variant={key}"))


def _refusal(lake: Lake, settings: Settings, provenance: pa.Table) -> str | None:
    offences = offences_in(lake, settings, provenance)
    if not offences:
        return None
    return f"{told(offences)}. `boumb run` without --dataset decides on every file again"
