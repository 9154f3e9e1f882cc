"""The door of the rights: rights_ledger."""

from typing import Final

from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import load_declaration
from boumb_assets.rights.ledger import ledger_rows
from boumb_assets.rights.notices import copyright_notices
from boumb_assets.rights.overrides import active_overrides, overrides_digest, overrides_for
from boumb_assets.rights.takedowns import active_takedowns, stored_prints, takedowns_digest, taken_files
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage

_LOOKED_AT: Final = ["sha256", "path", "title", "composer"]


def _make(build: Build) -> None:
    dataset = load_declaration(build.lake.home, build.key)
    raw = build.lake.read("raw_midi", "raw_midi", f"dataset={build.key}")
    rights = build.settings.rights
    taken = taken_files(
        raw.select(_LOOKED_AT), stored_prints(build.lake, f"dataset={build.key}"), active_takedowns(build.lake.home)
    )
    overrides = overrides_for(active_overrides(build.lake.home), build.key)
    notices = copyright_notices(build.lake, f"dataset={build.key}")
    ledger = ledger_rows(
        raw, dataset, rights.profile, rights.counted_to, rights.jurisdictions, overrides, taken, notices
    )
    build.commit.write("rights_ledger", ledger)
    cleared = sum(ledger["train"].to_pylist())
    build.facts.update({
        "cleared": cleared,
        "not_cleared": ledger.num_rows - cleared,
        "overridden": ledger.num_rows - ledger["overrides"].null_count,
        "taken_down": ledger.num_rows - ledger["takedown"].null_count,
    })  # fmt: skip


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    declared = load_declaration(lake.home, key)
    terms = declared.model_dump(mode="json", exclude={"source", "checksum", "title", "homepage", "citation", "note"})
    return {
        "terms": digest_of({**terms, "kind": declared.kind}),
        "profile": settings.rights.profile,
        "jurisdictions": ",".join(settings.rights.jurisdictions),
        "year": str(settings.rights.counted_to),
        "overrides": overrides_digest(overrides_for(active_overrides(lake.home), key)),
        "takedowns": takedowns_digest(lake.home),
    }


RIGHTS_LEDGER: Final = Stage(
    name="rights_ledger",
    make=_make,
    description=(
        "What may be done with each file, by layer (composition, encoding, performance, the model that wrote it), deny "
        "by default, with the rule and its words."
    ),
    group="rights",
    dimension="dataset",
    deps=("raw_midi", "midi_events"),
    rooms=("boumb_assets.rights",),
    packages=("license-expression",),
    extra=_extra,
    table="rights_ledger",
    kinds=frozenset({"parquet"}),
)
