"""The files of a lake that may be learned from, and what has to be said of them."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from boumb_assets.lake.manifest import digest
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect, literal
from boumb_assets.rights.attribution import credits_of
from boumb_assets.rights.second_look import offences_in, told
from boumb_assets.settings import Settings

_CLEARED = """
select rights.dataset, rights.sha256, rights.path from stg_rights as rights
where rights.cleared and rights.dataset in ({names}) order by rights.dataset, rights.path
"""


@dataclass(frozen=True)
class Cleared:
    """Files that may be learned from, by data set."""

    paths: dict[str, list[Path]]
    said: list[dict[str, object]]
    """What the weights' card says of each data set: files, a digest over their hashes, terms, attribution."""


def cleared_files(lake: Lake, settings: Settings, names: list[str]) -> Cleared:
    """The cleared files of the data sets ``names``. Raises LookupError for one that has none, ValueError where a second
    look finds a file that is not cleared."""
    with connect(lake) as connection:
        rows = connection.sql(_CLEARED.format(names=", ".join(map(literal, names)))).to_arrow_table()
    offences = offences_in(lake, settings, rows.select(["dataset", "sha256"]))
    if offences:
        raise ValueError(told(offences))
    ledger = lake.read("rights_ledger", "rights_ledger")
    paths: dict[str, list[Path]] = {}
    said: list[dict[str, object]] = []
    for name in names:
        mine = [row for row in rows.to_pylist() if row["dataset"] == name]
        manifest = lake.manifest("raw_midi", f"dataset={name}")
        if not mine or manifest is None:
            raise LookupError(f"{name} has no cleared files in {lake.home}: `boumb dataset add` it, then `boumb run`")
        root = Path(str(manifest.facts["folder"]))
        paths[name] = [root / row["path"] for row in mine]
        said.append(_said(name, [row["sha256"] for row in mine], ledger))
    return Cleared(paths, said)


def _said(name: str, hashes: list[str], ledger: pa.Table) -> dict[str, object]:
    wanted = set(hashes)
    rows = ledger.filter(
        pa.array(
            [
                d == name and s in wanted
                for d, s in zip(ledger["dataset"].to_pylist(), ledger["sha256"].to_pylist(), strict=True)
            ]
        )
    )
    return {
        "dataset": name,
        "files": len(hashes),
        "digest": digest(*sorted(hashes)),
        "terms": [{**credit.terms, "attribution": credit.attribution} for credit in credits_of(rows)],
    }
