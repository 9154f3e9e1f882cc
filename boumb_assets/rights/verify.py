"""A second, independent look at the rights of what is about to be used. It does not call the rules that made the
ledger: it has a short list of what may pass, so that a mistake there is not repeated here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.rights.composers import is_traditional
from boumb_assets.rights.decisions import Profile

_MAY_PASS: Final = frozenset(["own", "machine_made", "public_domain", "cc0", "permissive", "by", "sa", "copyleft"])
_NEVER_ASKED: Final = frozenset(["denied", "no_derivatives"])
_YEARS_AFTER_DEATH: Final = 70
_YEARS_AFTER_PUBLICATION: Final = 95
_READ: Final = (
    "dataset", "sha256", "composer", "composer_died", "arranger", "arranger_died", "published", "composition_class",
    "encoding_class", "performance_class", "generator_class", "obligations", "jurisdictions", "train", "reason",
    "overrides", "takedown",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Offence:
    """One file that was used without a right to it."""

    dataset: str
    sha256: str
    why: str


def offending_rows(
    provenance: pa.Table,
    ledgers: pa.Table | Iterable[pa.Table],
    profile: Profile,
    year: int,
    taken: frozenset[str] = frozenset(),
) -> list[Offence]:
    """The files of ``provenance`` (columns sha256 and dataset, any number of rows a file) that ``ledgers`` (schema
    LEDGER) do not clear for training under ``profile``, sorted; empty if all are cleared.

    A file that lies under several paths, in one data set or in several, has to be cleared under each. What is in
    ``taken`` (sha256) was taken down and offends, whatever the ledgers say of it.
    """
    tables = [ledgers] if isinstance(ledgers, pa.Table) else list(ledgers)
    used = provenance.select(["dataset", "sha256"]).group_by(["dataset", "sha256"]).aggregate([])
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for table in tables:
        known = table.select(_READ).filter(pc.is_in(table["sha256"], used["sha256"].combine_chunks()))
        for row in known.to_pylist():
            entries.setdefault(row["sha256"], []).append(row)
    offences: set[Offence] = set()
    for file in used.to_pylist():
        dataset, sha256 = str(file["dataset"]), str(file["sha256"])
        found = _why_not(dataset, entries.get(sha256, []), profile, year)
        if sha256 in taken:
            found = ["it was taken down"]
        offences.update(Offence(dataset, sha256, why) for why in found)
    return sorted(offences)


def _why_not(dataset: str, rows: Sequence[Mapping[str, Any]], profile: Profile, year: int) -> list[str]:
    """What speaks against a file of ``dataset``, by all rows of the ledgers of its bytes."""
    if not any(row["dataset"] == dataset for row in rows):
        return ["the ledger does not know it"]
    found = []
    for row in rows:
        why = _offence(row, profile, year)
        if why is not None:
            found.append(why if row["dataset"] == dataset else f"the same file lies in {row['dataset']}: {why}")
    return found


def _offence(row: Mapping[str, Any], profile: Profile, year: int) -> str | None:
    if profile == "evaluation":
        return "nothing may be trained on under the profile evaluation"
    if row["train"] is not True:
        return f"the ledger denies it: {row['reason']}"
    if row["takedown"] is not None:
        return f"takedown {row['takedown']} names it"
    return _wrong_class(row, profile) or _wrong_obligation(row, profile) or _in_term(row, year)


def _wrong_class(row: Mapping[str, Any], profile: Profile) -> str | None:
    allowed = _MAY_PASS | ({"nc"} if profile == "non-commercial" else frozenset())
    needed = {"composition": allowed, "encoding": allowed, "performance": allowed | {"none"}}
    for layer, classes in (needed | {"generator": allowed | {"none"}}).items():
        if row[f"{layer}_class"] not in classes:
            return f"the {layer} is {row[f'{layer}_class']}"
    return None


def _wrong_obligation(row: Mapping[str, Any], profile: Profile) -> str | None:
    forbidden = _NEVER_ASKED | ({"non_commercial"} if profile == "commercial" else frozenset())
    asked = frozenset(filter(None, row["obligations"].split(",")))
    return f"it asks for {', '.join(sorted(asked))}" if asked & forbidden else None


def _in_term(row: Mapping[str, Any], year: int) -> str | None:
    """Why a composition that is said to be public domain is not, by the years in the ledger; None if it is."""
    if row["composition_class"] != "public_domain":
        return None
    places = frozenset(filter(None, row["jurisdictions"].split(",")))
    for who in ("composer", "arranger"):
        name, died = row[who], row[f"{who}_died"]
        unknown = died is None and name is not None and not is_traditional(name) and row["overrides"] is None
        if unknown and (who == "arranger" or "EU" in places or row["published"] is None):
            return f"when the {who} {name} died is not known"
        by_death = "EU" in places or who == "arranger" or row["published"] is None
        if by_death and died is not None and died + _YEARS_AFTER_DEATH >= year:
            return f"the {who} died in {died}"
    published = row["published"]
    if "US" in places and published is not None and published + _YEARS_AFTER_PUBLICATION >= year:
        return f"it was first published in {published}"
    if not places:
        return "it says of no jurisdiction that the song is public domain there"
    return None
