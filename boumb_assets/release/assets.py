"""The door of the release: hub_release."""

import json
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from boumb_assets.contracts.registry import contract
from boumb_assets.lake.store import Lake
from boumb_assets.release.folder import ReleaseFacts, build_release
from boumb_assets.release.manifest import ReleaseRefusedError
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage, StageError

NANO: Final = "nano"


def _make(build: Build) -> None:
    variant = build.settings.variant(build.key)
    partition = f"variant={build.key}"
    base = build.lake.artefact("base_model", partition)
    rows = build.lake.read("training_data", "training_rows")
    learned = rows.filter(
        pc.and_(pc.equal(rows["split"], "train"), pc.is_in(rows["contract"], pa.array(variant.contracts, pa.string())))
    )
    facts = ReleaseFacts(
        variant=build.key,
        base=variant.base,
        base_licence=variant.base_licence,
        profile=build.settings.rights.profile,
        year=build.settings.rights.counted_to,
        contracts={name: contract(name).fingerprint() for name in variant.contracts},
        smoke=variant.base == NANO,
    )
    measured = build.lake.artefact("evaluation", partition) / "results.json"
    out = build.commit.workspace() / "release"
    try:
        manifest = build_release(
            out,
            build.lake.artefact("lora_adapter", partition),
            facts,
            learned,
            build.lake.read("rights_ledger", "rights_ledger"),
            json.loads(measured.read_text(encoding="utf-8")),
            tokenizer=base,
            base_folder=base if variant.base == NANO else None,
        )
    except ReleaseRefusedError as error:
        raise StageError(str(error)) from error
    build.commit.adopt(out, "release")
    build.facts.update({
        "version": manifest.version,
        "licence": manifest.licence,
        "publishable": manifest.publishable,
        "datasets": dict(manifest.datasets),
    })  # fmt: skip
    if manifest.not_publishable_because:
        build.facts["not_publishable_because"] = manifest.not_publishable_because


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"profile": settings.rights.profile, "base_licence": settings.variant(key).base_licence}


HUB_RELEASE: Final = Stage(
    name="hub_release",
    make=_make,
    description=(
        "The folder that the hub expects: adapter, tokenizer, card, the manifest of what it was trained on, "
        "attributions."
    ),
    group="models",
    dimension="variant",
    deps=("base_model", "lora_adapter", "evaluation", "training_data", "rights_ledger"),
    rooms=("boumb_assets.release", "boumb_assets.rights", "boumb_assets.contracts"),
    extra=_extra,
    kinds=frozenset({"huggingface"}),
)
