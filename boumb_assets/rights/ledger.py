"""The ledger: one row a file, what may be done with it and why."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.rights.composers import EVIDENCE, known_composer, same_person
from boumb_assets.rights.decisions import Decision, Profile, decide
from boumb_assets.rights.declaration import LAYERS, Dataset
from boumb_assets.rights.overrides import Override, overrides_for, same_title
from boumb_assets.rights.public_domain import JURISDICTIONS, WorkFacts, in_public_domain

LEDGER: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("composer", pa.string()),
        pa.field("composer_died", pa.int32()),
        pa.field("arranger", pa.string()),
        pa.field("arranger_died", pa.int32()),
        pa.field("published", pa.int32()),
        pa.field("public_domain_eu", pa.bool_(), metadata={"description": "Of the composition; null: not known."}),
        pa.field("public_domain_us", pa.bool_()),
        *(
            field
            for layer in LAYERS
            for field in (
                pa.field(f"{layer}_class", pa.string(), nullable=False),
                pa.field(f"{layer}_licence", pa.string(), nullable=False),
                pa.field(f"{layer}_holder", pa.string()),
                pa.field(f"{layer}_evidence", pa.string()),
            )
        ),
        pa.field("obligations", pa.string(), nullable=False),
        pa.field("conflict", pa.string()),
        pa.field("train", pa.bool_(), nullable=False),
        pa.field("redistribute", pa.bool_(), nullable=False),
        pa.field("commercial", pa.bool_(), nullable=False),
        pa.field("evaluate_only", pa.bool_(), nullable=False),
        pa.field("profile", pa.string(), nullable=False),
        pa.field("jurisdictions", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("rule_version", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("overrides", pa.string(), metadata={"description": "Ids of the overrides that count, with commas."}),
        pa.field("takedown", pa.string(), metadata={"description": "Id of the takedown that names it."}),
        pa.field("attribution", pa.string()),
    ]
)


_RAW_TYPES: Final = {name: LEDGER.field(name).type for name in ("composer_died", "arranger_died", "published")}
_NOTHING_TAKEN: Final[Mapping[str, str]] = MappingProxyType({})
_NOTHING_SAID: Final[Mapping[str, str]] = MappingProxyType({})
_FACTS: Final = tuple(field.name for field in fields(WorkFacts))
_OF_FILE: Final = ("dataset", "sha256", "path", "title")
_SAID_IN_METADATA: Final = "the file's own metadata"


def ledger_rows(
    raw: pa.Table,
    dataset: Dataset,
    profile: Profile,
    year: int,
    jurisdictions: Sequence[str] = JURISDICTIONS,
    overrides: Sequence[Override] = (),
    taken: Mapping[str, str] = _NOTHING_TAKEN,
    notices: Mapping[str, str] = _NOTHING_SAID,
) -> pa.Table:
    """The ledger of one data set: a row for each row of ``raw`` (schema RAW), in its order, as schema LEDGER.

    ``overrides`` are those that hold; which of them match a file is found here. ``taken`` is the id of the takedown by
    sha256; ``notices``, by sha256 too, is what files say of their copyright: it is added to the evidence of the
    encoding and decides nothing. Of a composer or an arranger whom the metadata names our own table of years of death
    is asked; of two years the later counts.
    ``obligations`` is a list of words with commas between, empty where nothing is asked. What files have in common is
    decided once: the time grows with the number of different facts, hardly with the number of files.
    """
    files = raw.num_rows
    if not files:
        return LEDGER.empty_table()
    matched, sets = _matched(raw, overrides_for(overrides, dataset.name))
    known = {name: _column(raw, name) for name in _FACTS}
    takedowns = _by_hash(raw["sha256"], taken)
    first, which = _distinct([*known.values(), pa.array(matched), takedowns])
    examples = pa.table({**known, "matched": pa.array(matched), "takedown": takedowns}).take(pa.array(first))
    decided = [
        _decided(dataset, profile, year, jurisdictions, WorkFacts(**{name: row[name] for name in _FACTS}),
                 sets[row["matched"]], row["takedown"])
        for row in examples.to_pylist()
    ]  # fmt: skip
    schema = pa.schema([field for field in LEDGER if field.name not in _OF_FILE])
    columns = pa.Table.from_pylist(decided, schema=schema).take(pa.array(which))
    own = {name: _column(raw, name) for name in _OF_FILE}
    own["encoding_evidence"] = _with_notices(columns["encoding_evidence"], _by_hash(raw["sha256"], notices))
    return pa.Table.from_arrays([own[name] if name in own else columns[name] for name in LEDGER.names], schema=LEDGER)


def _column(raw: pa.Table, name: str) -> pa.ChunkedArray:
    """A column of ``raw``; one of nulls where the table is of before there was such a column."""
    if name in raw.column_names:
        return raw[name]
    return pa.chunked_array([pa.nulls(raw.num_rows, _RAW_TYPES.get(name, pa.string()))])


def _distinct(columns: Sequence[pa.Array | pa.ChunkedArray]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows have the same values in all columns (null is a value): the first row of each kind, int64 (kinds,), and
    the kind of each row, int64 (rows,)."""
    kinds = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        codes = pc.fill_null(_codes(column), -1).to_numpy(zero_copy_only=False).astype(np.int64)
        kinds = np.unique(kinds * (codes.max() + 2) + codes + 1, return_inverse=True)[1].reshape(-1)
    return np.unique(kinds, return_index=True)[1], kinds


def _codes(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.dictionary_encode().indices


def _by_hash(hashes: pa.ChunkedArray, known: Mapping[str, str]) -> pa.Array:
    """What is known of each file by its hash, null for most."""
    keys = pa.array(list(known), pa.string())
    return pa.array(list(known.values()), pa.string()).take(pc.index_in(hashes, keys).combine_chunks())


def _with_notices(evidence: pa.ChunkedArray, notices: pa.Array) -> pa.Array | pa.ChunkedArray:
    """The evidence of each file, with what the file itself says after it."""
    if notices.null_count == len(notices):
        return evidence
    pairs = zip(evidence.to_pylist(), notices.to_pylist(), strict=True)
    return pa.array(["; ".join(filter(None, pair)) or None for pair in pairs], pa.string())


def _matched(raw: pa.Table, overrides: Sequence[Override]) -> tuple[np.ndarray, list[tuple[Override, ...]]]:
    """For each row the number of a set of overrides, int64 (rows,), and the sets; the first is the empty one."""
    numbers = np.zeros(raw.num_rows, np.int64)
    sets: list[tuple[Override, ...]] = [()]
    for one in overrides:
        hits = _matches(raw, one)
        for number in np.unique(numbers[hits]):
            sets.append((*sets[number], one))
            numbers[hits & (numbers == number)] = len(sets) - 1
    return numbers, sets


def _matches(raw: pa.Table, override: Override) -> np.ndarray:
    """Which rows an override is of, bool (rows,)."""
    hits = np.ones(raw.num_rows, bool)
    if override.sha256:
        hits &= pc.is_in(raw["sha256"], pa.array(override.sha256)).to_numpy(zero_copy_only=False)
    for name, same in (("title", same_title), ("composer", same_person)):
        wanted = getattr(override, name)
        if wanted is not None:
            values = _column(raw, name)
            named = [value for value in values.unique().to_pylist() if value is not None and same(value, wanted)]
            hits &= pc.is_in(values, pa.array(named, pa.string())).to_numpy(zero_copy_only=False)
    return hits


def _decided(
    dataset: Dataset,
    profile: Profile,
    year: int,
    jurisdictions: Sequence[str],
    stated: WorkFacts,
    overrides: Sequence[Override],
    takedown: str | None,
) -> dict[str, Any]:
    """The columns of the ledger that all files with the same facts have in common."""
    facts, looked_up = _with_years(stated)
    terms = dataset.terms_that_count
    decision = decide(
        terms, profile, facts, jurisdictions,
        year=year, statements=dataset.statements, overrides=overrides, takedown=takedown,
    )  # fmt: skip
    return {
        **{name: getattr(facts, name) for name in _FACTS},
        "public_domain_eu": in_public_domain(facts, "EU", year),
        "public_domain_us": in_public_domain(facts, "US", year),
        **_layer_columns(dataset, facts, decision, overrides, looked_up),
        "obligations": ",".join(decision.obligations.words()),
        "conflict": decision.conflict,
        "train": decision.train,
        "redistribute": decision.redistribute,
        "commercial": decision.commercial,
        "evaluate_only": decision.evaluate_only,
        "profile": profile,
        "jurisdictions": ",".join(jurisdictions),
        "rule": decision.rule,
        "rule_version": decision.rule_version,
        "reason": "; ".join(decision.reasons),
        "overrides": ",".join(one.override_id for one in overrides) or None,
        "takedown": takedown,
        "attribution": _credit(dataset, decision, overrides),
    }


def _with_years(facts: WorkFacts) -> tuple[WorkFacts, bool]:
    """The facts with the years of death that our own table has where the metadata has none or an earlier one, as
    metadata come with what is downloaded and the stricter counts; whether there were any."""
    found: dict[str, int] = {}
    for who in ("composer", "arranger"):
        name, stated = getattr(facts, who), getattr(facts, f"{who}_died")
        person = known_composer(name) if name is not None else None
        if person is not None and (stated is None or stated < person.died):
            found[f"{who}_died"] = person.died
    return replace(facts, **found), bool(found)  # type: ignore[arg-type]


def _layer_columns(
    dataset: Dataset, facts: WorkFacts, decision: Decision, overrides: Sequence[Override], looked_up: bool
) -> dict[str, str | None]:
    """Class, licence, holder and evidence of each layer: those of the override, where one counts."""
    columns: dict[str, str | None] = {}
    for name in LAYERS:
        licence, declared = decision.layers.of(name), getattr(dataset.terms, name)
        said = [one for one in overrides if one.layer == name]
        holders = [one.holder for one in said] if said else [declared.holder]
        evidence: list[str | None] = [one.evidence or f"override {one.override_id}" for one in said]
        if not said:
            evidence = [declared.evidence, *(one.where for one in dataset.statements if one.layer == name)]
            evidence.append(_SAID_IN_METADATA if getattr(facts, f"{name}_licence", None) else None)
        if name == "composition" and looked_up:
            evidence.append(EVIDENCE)
        columns |= {
            f"{name}_class": str(licence.licence_class),
            f"{name}_licence": licence.text,
            f"{name}_holder": _joined(holders),
            f"{name}_evidence": _joined(evidence),
        }
    return columns


def _credit(dataset: Dataset, decision: Decision, overrides: Sequence[Override]) -> str | None:
    """The credit that the data set asks for, or else the holders of the layers that ask for one; and who gave a licence
    by an override."""
    asking = [name for name in LAYERS if decision.layers.of(name).obligations.attribution]
    overridden = {one.layer for one in overrides}
    holders = [getattr(dataset.terms, name).holder for name in asking if name not in overridden]
    declared = [dataset.attribution] if dataset.attribution else holders or [dataset.terms.encoding.holder]
    return _joined([*declared, *(one.holder for one in overrides if one.layer in asking)])


def _joined(texts: Sequence[str | None]) -> str | None:
    """The different texts with semicolons between; None for none."""
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None
