"""The door of ingestion: raw_midi."""

from typing import Final

from boumb_assets.ingest.scan import scan_folder
from boumb_assets.ingest.schema import RAW
from boumb_assets.ingest.sources import SourceError, materialise_source, source_fingerprint
from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.rejection import REJECTED
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import load_declaration
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage


def _make(build: Build) -> None:
    dataset = load_declaration(build.lake.home, build.key)
    before = build.commit.previous
    previous = build.lake.read("raw_midi", "raw_midi", f"dataset={build.key}") if before is not None else None
    try:
        folder = materialise_source(dataset, build.lake.home)
    except SourceError as error:
        # A data set that is gone must not stop the others: it is empty, and its check fails with the reason.
        build.facts["problem"] = str(error)
        build.facts["folder"] = ""
        build.commit.write("raw_midi", RAW.empty_table())
        build.commit.write("rejected", REJECTED.empty_table())
        return
    scanned = scan_folder(folder, build.key, previous, lambda done, total: build.progress(done, total, "raw_midi"))
    build.facts["folder"] = str(folder)
    build.facts["set_aside"] = scanned.rejected.num_rows
    build.commit.write("raw_midi", scanned.raw)
    build.commit.write("rejected", scanned.rejected)


def _extra(lake: Lake, settings: Settings, key: str) -> dict[str, str]:
    dataset = load_declaration(lake.home, key)
    return {"source": digest_of(dataset.source), "files": source_fingerprint(dataset, lake.home)}


RAW_MIDI: Final = Stage(
    name="raw_midi",
    make=_make,
    description="What there is: one row a file, with its hash, size and metadata. A manifest, not a copy.",
    group="music",
    dimension="dataset",
    rooms=("boumb_assets.ingest",),
    extra=_extra,
    table="raw_midi",
    kinds=frozenset({"parquet", "midi"}),
)
