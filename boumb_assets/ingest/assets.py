"""The door of ingestion: raw_midi."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from boumb_assets.ingest.scan import KNOWN_COLUMNS, Scan
from boumb_assets.ingest.schema import RAW
from boumb_assets.ingest.sources import SourceError, materialise_source, source_fingerprint
from boumb_assets.lake.manifest import digest_of
from boumb_assets.lake.parquet import ROWS_A_GROUP
from boumb_assets.lake.rejection import REJECTED
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import load_declaration
from boumb_assets.settings import Settings
from boumb_assets.stages import Build, Stage


def _make(build: Build) -> None:
    dataset = load_declaration(build.lake.home, build.key)
    try:
        source = materialise_source(dataset, build.lake.home, build.progress)
    except SourceError as error:
        # A data set that is gone must not stop the others: it is empty, and its check fails with the reason.
        build.facts["problem"] = str(error)
        build.facts["folder"] = ""
        build.commit.write("raw_midi", RAW.empty_table())
        build.commit.write("rejected", REJECTED.empty_table())
        return
    progress = partial(build.progress, text="raw_midi")
    scan = Scan(source.folder, build.key, _previous(build), progress, build.lake.home)
    scan.set_aside(source.rejections)
    build.commit.write_batches("raw_midi", RAW, scan.batches())
    rejected = scan.rejected()
    build.commit.write("rejected", rejected)
    build.facts.update(source.facts, folder=str(source.folder), set_aside=rejected.num_rows)


def _previous(build: Build) -> Iterator[pa.RecordBatch]:
    """The rows of the scan before, as far as a scan needs them."""
    if build.commit.previous is not None:
        for path in build.lake.paths(build.commit.previous, "raw_midi"):
            yield from pq.ParquetFile(path).iter_batches(ROWS_A_GROUP, columns=list(KNOWN_COLUMNS))


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
