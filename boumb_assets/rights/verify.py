"""A second, independent look at the rights of what is about to be used. It does not call the rules that made the
ledger: it has a short list of what may pass, so that a mistake there is not repeated here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from boumb_assets.rights.decisions import EU_TERM_AFTER_DEATH, Profile

_MAY_PASS: Final = frozenset(["own", "machine_made", "public_domain", "cc0", "permissive", "by", "sa", "copyleft"])
_NEVER_ASKED: Final = frozenset(["denied", "no_derivatives"])


@dataclass(frozen=True, order=True)
class Offence:
    """One file that was used without a right to it."""

    dataset: str
    sha256: str
    why: str


def offending_rows(
    provenance: pa.Table, ledgers: pa.Table | Iterable[pa.Table], profile: Profile, year: int
) -> list[Offence]:
    """The files of ``provenance`` (columns sha256 and dataset, any number of rows a file) that ``ledgers`` (schema
    LEDGER) do not clear for training under ``profile``, sorted; empty if all are cleared.

    A file that a data set holds under several paths has to be cleared under each.
    """
    tables = [ledgers] if isinstance(ledgers, pa.Table) else list(ledgers)
    entries: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for table in tables:
        for row in table.to_pylist():
            entries.setdefault((row["dataset"], row["sha256"]), []).append(row)
    used = provenance.select(["dataset", "sha256"]).group_by(["dataset", "sha256"]).aggregate([]).to_pylist()
    offences: set[Offence] = set()
    for file in used:
        key = (file["dataset"], file["sha256"])
        found = [_offence(row, profile, year) for row in entries.get(key, [])] or ["the ledger does not know it"]
        offences.update(Offence(str(key[0]), str(key[1]), why) for why in found if why is not None)
    return sorted(offences)


def _offence(row: Mapping[str, Any], profile: Profile, year: int) -> str | None:
    allowed = _MAY_PASS | ({"nc"} if profile == "non-commercial" else frozenset())
    asked = frozenset(filter(None, row["obligations"].split(",")))
    if profile == "evaluation":
        return "nothing may be trained on under the profile evaluation"
    if row["train"] is not True:
        return f"the ledger denies it: {row['reason']}"
    if row["composition_class"] not in allowed:
        return f"the composition is {row['composition_class']}"
    if row["encoding_class"] not in allowed:
        return f"the encoding is {row['encoding_class']}"
    if row["performance_class"] not in allowed | {"none"}:
        return f"the performance is {row['performance_class']}"
    if asked & (_NEVER_ASKED | ({"non_commercial"} if profile == "commercial" else frozenset())):
        return f"it asks for {', '.join(sorted(asked))}"
    died = row["composer_died"]
    if row["composition_class"] == "public_domain" and died is not None and died + EU_TERM_AFTER_DEATH >= year:
        return f"the composer died in {died}"
    return None
