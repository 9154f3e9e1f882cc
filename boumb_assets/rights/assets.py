"""The door of the rights: rights_ledger."""

from typing import Final

from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import load_declaration
from boumb_assets.rights.ledger import ledger_rows
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage


def _make(build: Build) -> None:
    dataset = load_declaration(build.lake.home, build.key)
    raw = build.lake.read("raw_midi", "raw_midi", f"dataset={build.key}")
    ledger = ledger_rows(raw, dataset, build.settings.rights.profile, build.settings.rights.counted_to)
    build.commit.write("rights_ledger", ledger)
    cleared = sum(ledger["train"].to_pylist())
    build.facts.update({"cleared": cleared, "not_cleared": ledger.num_rows - cleared})


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    terms = load_declaration(lake.home, key).model_dump(mode="json", exclude={"source"})
    return {"terms": digest_of(terms), "profile": settings.rights.profile, "year": str(settings.rights.counted_to)}


RIGHTS_LEDGER: Final = Stage(
    name="rights_ledger",
    make=_make,
    description=(
        "What may be done with each file, by layer (composition, encoding, performance), deny by default, with the "
        "rule and its words."
    ),
    group="rights",
    dimension="dataset",
    deps=("raw_midi",),
    rooms=("boumb_assets.rights",),
    packages=("license-expression",),
    extra=_extra,
    table="rights_ledger",
    kinds=frozenset({"parquet"}),
)
