"""What the lake knows of the data: the figures that cards and summaries are filled from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake
from boumb_assets.release.croissant import licence_names
from boumb_assets.rights.declaration import HUB, LAYERS, Dataset
from boumb_assets.rights.licences import Obligations, join_licences, read_licence

TABLES: Final = ("raw_midi", "midi_events", "rights_ledger")
COUNTED: Final = ("split", "contract", "language", "kind")
NOBODYS: Final = frozenset(["performance", "generator"])
"""The layers that may have nobody behind them: no playing was recorded, no model wrote it."""


@dataclass(frozen=True)
class RightsFacts:
    """What the ledger says of a set of files."""

    files: int
    """Different files, by their bytes."""
    paths: int
    decided: Mapping[str, int]
    """How many paths each decision allows: train, redistribute, commercial, evaluate_only."""
    blocked: Mapping[str, int]
    """Paths that may not be trained on, by the rule that says so."""
    licences: Mapping[str, Mapping[str, int]]
    """Paths by licence, by layer."""
    obligations: tuple[str, ...]
    """What the licences of what may be trained on ask for together."""
    conflicts: tuple[str, ...]
    credits: tuple[str, ...]
    generators: tuple[str, ...]
    """The models that wrote files, each by its licence and who gave it."""
    composers: int
    without_composer: int
    public_domain: int
    """Paths whose composition is in the public domain or traditional."""
    profile: str
    jurisdictions: str
    rules: str
    """The version of the rules."""

    @property
    def licence_names(self) -> list[str]:
        """The SPDX identifiers and class words of all layers, sorted; unknown where nothing is known."""
        texts = [
            text for layer, found in self.licences.items() for text in found if text != "none" or layer not in NOBODYS
        ]
        return licence_names(texts) or ["unknown"]


@dataclass(frozen=True)
class DatasetFacts:
    """One data set as the lake has it."""

    name: str
    declared: Dataset | None
    manifests: Mapping[str, Manifest]
    """Of TABLES, those that were made."""
    rights: RightsFacts
    bytes: int = 0
    styles: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    """Files that are not in it, by reason."""
    readable: int = 0
    with_grid: int = 0
    """Readable files whose ticks are musical time."""
    notes: int = 0
    seconds: float = 0.0

    @property
    def licence_names(self) -> list[str]:
        """The SPDX identifiers and class words that hold for its files; of an empty data set those that it declares."""
        if self.rights.paths or self.declared is None:
            return self.rights.licence_names
        terms = {layer: getattr(self.declared.terms, layer).licence for layer in LAYERS}
        return licence_names([text for layer, text in terms.items() if text != "none" or layer not in NOBODYS])


@dataclass(frozen=True)
class DatasetUse:
    """What of one data set went into training rows."""

    name: str
    declared: Dataset | None
    rights: RightsFacts
    rows: int
    tokens: int
    asked: int
    """Rows whose request is somebody's own words."""


@dataclass(frozen=True)
class TrainingFacts:
    """The training data, or what of it one model learned from."""

    version: str
    uses: tuple[DatasetUse, ...]
    rights: RightsFacts
    rows: int
    tokens: int
    counts: Mapping[str, Mapping[str, int]]
    """Rows by value of each of COUNTED."""
    kept_out: int | None = None
    """Files of the data sets that no right allows to train on; None where that is not told."""
    takedowns: int = 0
    """Takedowns that hold."""
    taken_files: int = 0
    """Files that they are of."""


def rights_facts(ledger: pa.Table) -> RightsFacts:
    """The figures of rows of the ledger (schema LEDGER)."""
    cleared = ledger.filter(ledger["train"])
    classes = ledger["composition_class"]
    composers = ledger["composer"].drop_null()
    return RightsFacts(
        files=len(ledger["sha256"].unique()),
        paths=ledger.num_rows,
        decided={name: _true(ledger[name]) for name in ("train", "redistribute", "commercial", "evaluate_only")},
        blocked=counted(ledger.filter(pc.invert(ledger["train"]))["rule"]),
        licences={layer: counted(ledger[f"{layer}_licence"]) for layer in LAYERS},
        obligations=_obligations(cleared).words(),
        conflicts=_distinct(ledger["conflict"]),
        credits=_distinct(ledger["attribution"]),
        generators=_generators(ledger),
        composers=len(composers.unique()),
        without_composer=ledger.num_rows - len(composers),
        public_domain=_true(pc.equal(classes, "public_domain")),
        profile=", ".join(_distinct(ledger["profile"])),
        jurisdictions=", ".join(_distinct(ledger["jurisdictions"])).replace(",", ", ").replace("  ", " "),
        rules=", ".join(_distinct(ledger["rule_version"])),
    )


def dataset_facts(lake: Lake, name: str, declared: Dataset | None) -> DatasetFacts:
    """One data set of the lake. Raises LookupError where it has no ledger yet."""
    partition = f"dataset={name}"
    found = {stage: lake.manifest(stage, partition) for stage in TABLES}
    raw = _columns(lake, found["raw_midi"], "raw_midi", ("bytes", "style"))
    read = _columns(lake, found["midi_events"], "file_facts", ("grid", "notes", "duration_s"))
    reasons: dict[str, int] = {}
    for stage in ("raw_midi", "midi_events"):
        rejected = _columns(lake, found[stage], "rejected", ("reason",))
        for reason, count in (counted(rejected["reason"]) if rejected else {}).items():
            reasons[reason] = reasons.get(reason, 0) + count
    return DatasetFacts(
        name=name,
        declared=declared,
        manifests={stage: manifest for stage, manifest in found.items() if manifest is not None},
        rights=rights_facts(lake.read("rights_ledger", "rights_ledger", partition)),
        bytes=_sum(raw, "bytes"),
        styles=counted(raw["style"]) if raw else {},
        set_aside=dict(sorted(reasons.items())),
        readable=read.num_rows if read else 0,
        with_grid=_true(pc.equal(read["grid"], "score")) if read else 0,
        notes=_sum(read, "notes"),
        seconds=round(float(pc.sum(read["duration_s"]).as_py() or 0.0), 1) if read else 0.0,
    )


def training_facts(rows: pa.Table, ledger: pa.Table, declared: Mapping[str, Dataset], version: str) -> TrainingFacts:
    """What rows of the training data were made of, by the ledger (schema LEDGER) of at least their files. Of ``rows``
    (schema TRAINING_ROWS) the columns dataset and sha256 are needed; what the others would tell is left out."""
    used = in_use(ledger, rows)
    names = sorted(rows["dataset"].unique().to_pylist())
    return TrainingFacts(
        version=version,
        uses=tuple(_use(name, declared.get(name), rows, used) for name in names),
        rights=rights_facts(used),
        rows=rows.num_rows,
        tokens=_sum(rows, "tokens"),
        counts={column: counted(rows[column]) for column in COUNTED if column in rows.column_names},
    )


def with_kept_out(facts: TrainingFacts, ledger: pa.Table, takedowns: int) -> TrainingFacts:
    """The facts with what the whole ledger keeps out, and how many takedowns hold."""
    return replace(
        facts,
        kept_out=ledger.num_rows - _true(ledger["train"]),
        takedowns=takedowns,
        taken_files=ledger.num_rows - ledger["takedown"].null_count,
    )


def in_use(ledger: pa.Table, rows: pa.Table) -> pa.Table:
    """The cleared rows of the ledger whose files are among ``rows`` (columns dataset and sha256), in order."""
    wanted = _key(rows).unique()
    kept = ledger.filter(pc.and_(pc.is_in(_key(ledger), wanted), ledger["train"]))
    return kept.sort_by([("dataset", "ascending"), ("sha256", "ascending"), ("path", "ascending")])


def counted(column: pa.ChunkedArray) -> dict[str, int]:
    """How often each value of a column of strings stands there, the most frequent first; null is left out."""
    pairs = [(str(item["values"]), int(item["counts"])) for item in column.drop_null().value_counts().to_pylist()]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def public_address(declared: Dataset | None) -> str | None:
    """Where anybody finds a data set: its makers' page, or its page on the hub. Never where a copy of it lies."""
    if declared is None:
        return None
    if declared.homepage is not None:
        return declared.homepage
    if declared.kind == "hub":
        owner, name = declared.source.removeprefix(HUB).split("@")[0].split("/")[:2]
        return f"https://huggingface.co/datasets/{owner}/{name}"
    return None


def title_of(name: str, declared: Dataset | None) -> str:
    """What the makers call a data set, or else what it is called here."""
    return declared.title if declared is not None and declared.title else name


def holders_of(declared: Dataset | None) -> list[str]:
    """Who holds the rights in the files, or made them, as declared."""
    if declared is None:
        return []
    named = [getattr(declared.terms, layer).holder for layer in ("encoding", "performance", "composition")]
    return list(dict.fromkeys(one for one in named if one)) or ([declared.attribution] if declared.attribution else [])


def _use(name: str, declared: Dataset | None, rows: pa.Table, used: pa.Table) -> DatasetUse:
    own = rows.filter(pc.equal(rows["dataset"], name))
    return DatasetUse(
        name=name,
        declared=declared,
        rights=rights_facts(used.filter(pc.equal(used["dataset"], name))),
        rows=own.num_rows,
        tokens=_sum(own, "tokens"),
        asked=_true(pc.equal(own["kind"], "user")) if "kind" in own.column_names else 0,
    )


def _generators(ledger: pa.Table) -> tuple[str, ...]:
    written = ledger.filter(pc.not_equal(ledger["generator_licence"], "none"))
    said = written.select(["generator_holder", "generator_licence", "generator_evidence"]).group_by(
        ["generator_holder", "generator_licence", "generator_evidence"]
    )
    words = (
        f"{row['generator_holder'] or 'a model that is not named'} ({row['generator_licence']}"
        + (f"; {row['generator_evidence']})" if row["generator_evidence"] else ")")
        for row in said.aggregate([]).to_pylist()
    )
    return tuple(sorted(words))


def _obligations(cleared: pa.Table) -> Obligations:
    texts = {text for layer in LAYERS for text in cleared[f"{layer}_licence"].unique().to_pylist()}
    return join_licences(read_licence(text) for text in texts).obligations if texts else Obligations()


def _columns(lake: Lake, manifest: Manifest | None, table: str, columns: Sequence[str]) -> pa.Table | None:
    """Some columns of a table, None where there is none."""
    paths = lake.paths(manifest, table) if manifest is not None else []
    tables = [pq.read_table(path, columns=list(columns), partitioning=None) for path in paths]
    return pa.concat_tables(tables) if tables else None


def _key(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table["dataset"], table["sha256"], "/")


def _distinct(column: pa.ChunkedArray) -> tuple[str, ...]:
    values: Iterable[str | None] = column.unique().to_pylist()
    return tuple(sorted(value for value in values if value))


def _sum(table: pa.Table | None, column: str) -> int:
    return int(pc.sum(table[column]).as_py() or 0) if table is not None and column in table.column_names else 0


def _true(column: pa.ChunkedArray) -> int:
    return int(pc.sum(column).as_py() or 0)
