"""A release: one folder, laid out as the hub expects it, whole and the same for the same inputs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from boumb_assets.lake.folders import writing_folder
from boumb_assets.release.card import CardFacts, model_card
from boumb_assets.release.cards import LISTED, release_cards
from boumb_assets.release.licence import ReleaseLicence, licence_text, release_licence
from boumb_assets.release.manifest import (
    RELEASE_FILE,
    ReleaseManifest,
    ReleaseRefusedError,
    content_version,
    json_text,
    list_files,
)
from boumb_assets.release.model_files import copy_adapter, copy_base, copy_tokenizer
from boumb_assets.release.training_content import ModelFacts
from boumb_assets.rights.attribution import attribution_text, credits_of, notice_text
from boumb_assets.rights.decisions import Profile
from boumb_assets.rights.declaration import LAYERS, Dataset
from boumb_assets.rights.takedowns import Takedown
from boumb_assets.rights.verify import offending_rows

_SHOWN_OFFENCES: Final = 3
_NOTHING_DECLARED: Final[Mapping[str, Dataset]] = MappingProxyType({})


class ReleaseFacts(BaseModel):
    """What a release is of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variant: str
    base: str = Field(description="The base model: a hub id, a path, or `nano`.")
    base_licence: str = Field(
        description="SPDX, or what the model's card says; `unknown` keeps it from being given on."
    )
    profile: Profile = Field(description="The use that the rights were decided for.")
    year: int = Field(description="The year that terms of protection are counted to.")
    contracts: dict[str, str] = Field(description="Fingerprint by contract.")
    smoke: bool = Field(default=False, description="Whether it only shows that the line works.")


def build_release(
    out: Path,
    adapter: Path,
    facts: ReleaseFacts,
    training_provenance: pa.Table,
    ledger: pa.Table,
    evaluation: Mapping[str, Any],
    tokenizer: Path | None = None,
    base_folder: Path | None = None,
    takedowns: Sequence[Takedown] = (),
    declared: Mapping[str, Dataset] = _NOTHING_DECLARED,
) -> ReleaseManifest:
    """Writes the release into ``out``, in one step; an ``out`` that holds the same already is left untouched.

    ``training_provenance`` (columns dataset and sha256, any number of rows a file) says what was learned from,
    ``ledger`` (schema LEDGER) by what right. ``tokenizer`` is where the tokenizer lies, by default with the adapter;
    ``base_folder`` a base model that no hub has, and that goes into the release. ``takedowns`` are those that hold: the
    release says how many works were taken out, not which or for whom. ``declared`` are the data sets by name, as their
    owners declare them: what the cards of the data tell of their makers.
    Raises ReleaseRefusedError for rows that are not cleared, licences that cannot be met together, and a model that is
    not whole.
    """
    used = _used(training_provenance, ledger, facts, takedowns)
    licence = release_licence(facts.base_licence, used)
    base = public_name(facts.base)
    with writing_folder(out) as folder:
        copy_adapter(adapter, folder, base)
        copy_tokenizer(tokenizer or adapter, folder)
        if base_folder is not None:
            copy_base(base_folder, folder / "base_model")
        texts = _texts(facts, base, base_folder is not None, licence, used, evaluation, takedowns)
        model = ModelFacts(facts.variant, None if facts.smoke else base, facts.base_licence)
        texts |= release_cards(training_provenance, used, declared, model, texts[LISTED], takedowns)
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        manifest = _manifest(folder, facts, base, licence, used)
        (folder / RELEASE_FILE).write_text(json_text(manifest.model_dump(mode="json")), encoding="utf-8", newline="\n")
    return manifest


def public_name(base: str) -> str:
    """A base model's name as others may read it: a hub id as it is, of a path on this machine its last part alone."""
    is_path = base.startswith(("/", ".", "~")) or "\\" in base or Path(base).is_absolute()
    return base.replace("\\", "/").rstrip("/").rpartition("/")[2] if is_path else base


def _used(provenance: pa.Table, ledger: pa.Table, facts: ReleaseFacts, takedowns: Sequence[Takedown]) -> pa.Table:
    """The rows of the ledger that were learned from, in order. Raises ReleaseRefusedError unless all are cleared."""
    if provenance.num_rows == 0:
        raise ReleaseRefusedError(f"{facts.variant}: no row was trained on, so there is nothing to release")
    taken = frozenset(sha256 for row in takedowns for sha256 in row.sha256)
    offences = offending_rows(provenance, ledger, facts.profile, facts.year, taken)
    if offences:
        first = "; ".join(f"{item.dataset} {item.sha256[:12]}: {item.why}" for item in offences[:_SHOWN_OFFENCES])
        raise ReleaseRefusedError(
            f"{facts.variant}: {len(offences)} files were trained on without a right to them ({first}). "
            "`boumb rights audit` lists what is cleared; `boumb run` trains again without the rest"
        )
    keys = set(zip(provenance["dataset"].to_pylist(), provenance["sha256"].to_pylist(), strict=True))
    rows = zip(ledger["dataset"].to_pylist(), ledger["sha256"].to_pylist(), strict=True)
    return ledger.filter(pa.array([row in keys for row in rows], pa.bool_())).sort_by(
        [("dataset", "ascending"), ("sha256", "ascending"), ("path", "ascending")]
    )


def _texts(
    facts: ReleaseFacts,
    base: str,
    base_is_inside: bool,
    licence: ReleaseLicence,
    used: pa.Table,
    evaluation: Mapping[str, Any],
    takedowns: Sequence[Takedown],
) -> dict[str, str]:
    sources = _sources(used)
    card = CardFacts(
        variant=facts.variant,
        base=base,
        base_is_inside=base_is_inside,
        smoke=facts.smoke,
        contracts=facts.contracts,
        profile=facts.profile,
        licence=licence,
        credits=credits_of(used),
        files=len(sources),
        evaluation=evaluation,
        takedowns=takedowns,
    )
    return {
        "README.md": model_card(card),
        "ATTRIBUTION.md": attribution_text(used),
        "NOTICE": notice_text(used),
        "LICENSE": licence_text(licence.expression),
        "eval_results.json": json_text(evaluation),
        LISTED: json_text({"files": sources}),
        "training_data/takedowns.json": json_text({"takedowns": [_told(row) for row in takedowns]}),
    }


def _told(takedown: Takedown) -> dict[str, Any]:
    """What a release tells of a takedown: enough to ask about it, nothing of who asked for it and what it names."""
    return {"takedown_id": takedown.takedown_id, "date": str(takedown.date), "files": len(takedown.sha256)}


def _sources(used: pa.Table) -> list[dict[str, Any]]:
    """One entry a file that was learned from, however many paths it lies under."""
    names = ["dataset", "sha256", *(f"{layer}_licence" for layer in LAYERS), "obligations"]
    entries = used.select([*names, "composer", "attribution", "conflict"]).to_pylist()
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        first.setdefault((entry["dataset"], entry["sha256"]), entry)
    return [{name: value for name, value in entry.items() if value is not None} for entry in first.values()]


def _manifest(folder: Path, facts: ReleaseFacts, base: str, licence: ReleaseLicence, used: pa.Table) -> ReleaseManifest:
    files = list_files(folder)
    counts = used.group_by(["dataset"]).aggregate([("sha256", "count_distinct")]).to_pylist()
    return ReleaseManifest(
        version=content_version(files),
        variant=facts.variant,
        base=base,
        licence=licence.expression,
        obligations=licence.obligations.words(),
        publishable=licence.problem is None,
        not_publishable_because=licence.problem,
        profile=facts.profile,
        contracts=dict(sorted(facts.contracts.items())),
        datasets={
            row["dataset"]: row["sha256_count_distinct"] for row in sorted(counts, key=lambda row: row["dataset"])
        },
        files=files,
    )
