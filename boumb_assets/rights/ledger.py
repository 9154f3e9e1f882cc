"""The ledger: one row a file, what may be done with it and why."""

from functools import cache
from typing import Any, Final

import pyarrow as pa

from boumb_assets.rights.decisions import Decision, Profile, WorkFacts, decide
from boumb_assets.rights.declaration import Dataset

LEDGER: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("composition_class", pa.string(), nullable=False),
        pa.field("composition_licence", pa.string(), nullable=False),
        pa.field("composer", pa.string()),
        pa.field("composer_died", pa.int32()),
        pa.field("encoding_class", pa.string(), nullable=False),
        pa.field("encoding_licence", pa.string(), nullable=False),
        pa.field("performance_class", pa.string(), nullable=False),
        pa.field("performance_licence", pa.string(), nullable=False),
        pa.field("obligations", pa.string(), nullable=False),
        pa.field("conflict", pa.string()),
        pa.field("train", pa.bool_(), nullable=False),
        pa.field("redistribute", pa.bool_(), nullable=False),
        pa.field("commercial", pa.bool_(), nullable=False),
        pa.field("evaluate_only", pa.bool_(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("rule_version", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("attribution", pa.string()),
    ]
)


def ledger_rows(raw: pa.Table, dataset: Dataset, profile: Profile, year: int) -> pa.Table:
    """The ledger of one data set: a row for each row of ``raw`` (schema RAW), in its order, as schema LEDGER.

    ``obligations`` is a list of words with commas between, empty where nothing is asked.
    """

    @cache
    def decided(composer: str | None, died: int | None) -> dict[str, Any]:
        facts = WorkFacts(composer=composer, composer_died=died)
        decision = decide(dataset.terms, profile, facts, year=year, statements=dataset.statements)
        return _columns(decision, dataset)

    files = raw.select(["dataset", "sha256", "path", "composer", "composer_died"]).to_pylist()
    return pa.Table.from_pylist(
        [file | decided(file["composer"], file["composer_died"]) for file in files], schema=LEDGER
    )


def _columns(decision: Decision, dataset: Dataset) -> dict[str, Any]:
    layers = decision.layers
    credit = dataset.attribution or dataset.terms.encoding.holder
    return {
        "composition_class": str(layers.composition.licence_class),
        "composition_licence": layers.composition.text,
        "encoding_class": str(layers.encoding.licence_class),
        "encoding_licence": layers.encoding.text,
        "performance_class": str(layers.performance.licence_class),
        "performance_licence": layers.performance.text,
        "obligations": ",".join(decision.obligations.words()),
        "conflict": decision.conflict,
        "train": decision.train,
        "redistribute": decision.redistribute,
        "commercial": decision.commercial,
        "evaluate_only": decision.evaluate_only,
        "rule": decision.rule,
        "rule_version": decision.rule_version,
        "reason": "; ".join(decision.reasons),
        "attribution": credit,
    }
