"""The doors of the release: data_cards and hub_release."""

import json
from typing import Final

from boumb_assets.contracts.registry import contract
from boumb_assets.corpus.rows_schema import learned_rows
from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.store import Lake
from boumb_assets.release.cards import lake_cards
from boumb_assets.release.data_facts import public_address
from boumb_assets.release.folder import ReleaseFacts, build_release
from boumb_assets.release.manifest import ReleaseRefusedError
from boumb_assets.rights.declaration import load_declarations
from boumb_assets.rights.second_look import refused_adapter
from boumb_assets.rights.takedowns import active_takedowns, takedowns_digest
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage, StageError

NANO: Final = "nano"


def _make(build: Build) -> None:
    variant = build.settings.variant(build.key)
    partition = f"variant={build.key}"
    base = build.lake.artefact("base_model", partition)
    learned = learned_rows(build.lake.read("training_data", "training_rows"), variant.contracts)
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
    takedowns = active_takedowns(build.lake.home)
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
            takedowns=takedowns,
            declared=load_declarations(build.lake.home),
        )
    except ReleaseRefusedError as error:
        raise StageError(str(error)) from error
    build.commit.adopt(out, "release")
    build.facts.update({
        "version": manifest.version,
        "licence": manifest.licence,
        "publishable": manifest.publishable,
        "datasets": dict(manifest.datasets),
        "takedowns": [row.takedown_id for row in takedowns],
    })  # fmt: skip
    if manifest.not_publishable_because:
        build.facts["not_publishable_because"] = manifest.not_publishable_because


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {
        "profile": settings.rights.profile,
        "base_licence": settings.variant(key).base_licence,
        "takedowns": takedowns_digest(lake.home),
        "declarations": _declarations(lake),
    }


def _declarations(lake: Lake) -> str:
    """A digest of what the cards tell of the declared data sets; where a copy of one lies does not count."""
    told = {
        name: [dataset.kind, public_address(dataset), dataset.model_dump(mode="json", exclude={"source", "checksum"})]
        for name, dataset in load_declarations(lake.home).items()
    }
    return digest_of(told)


def _make_cards(build: Build) -> None:
    texts, facts = lake_cards(build.lake, load_declarations(build.lake.home))
    folder = build.commit.workspace() / "cards"
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    build.commit.adopt(folder, "cards")
    build.facts.update(facts)


def _cards_extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    return {"takedowns": takedowns_digest(lake.home), "declarations": _declarations(lake)}


DATA_CARDS: Final = Stage(
    name="data_cards",
    make=_make_cards,
    description=(
        "What there is to say of the data: Croissant 1.1 for each data set and for the training data, the summary of "
        "training content that the EU asks for, credits."
    ),
    group="corpus",
    deps=("raw_midi", "midi_events", "rights_ledger", "training_data"),
    rooms=(
        "boumb_assets.release.cards",
        "boumb_assets.release.croissant",
        "boumb_assets.release.data_facts",
        "boumb_assets.release.manifest",
        "boumb_assets.release.responsible_ai",
        "boumb_assets.release.summary_document",
        "boumb_assets.release.training_content",
        "boumb_assets.rights",
    ),
    extra=_cards_extra,
    kinds=frozenset({"json", "markdown"}),
)
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
    guard=refused_adapter,
    kinds=frozenset({"huggingface"}),
)
