"""The door of ingestion: what a source gives, and what it does not, is in the lake."""

import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from boumb_assets.ingest.assets import RAW_MIDI
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.store import Lake
from boumb_assets.rights.declaration import Dataset, save_declaration
from boumb_assets.settings import Settings
from boumb_assets.stages import Outcome, run_stage
from boumb_assets_tests.ingest.scanning import reasons


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "home")


def _scan(lake: Lake) -> Outcome:
    return run_stage(RAW_MIDI, {"raw_midi": RAW_MIDI}, lake, Settings(home=lake.home), "songs", lambda text: None)


def _table(lake: Lake, name: str) -> pa.Table:
    return lake.read("raw_midi", name, "dataset=songs")


def test_a_folder_is_scanned_once_and_again_where_it_changed(tmp_path: Path, lake: Lake) -> None:
    folder = tmp_path / "songs"
    folder.mkdir()
    for name in ("a.mid", "b.mid"):
        (folder / name).write_bytes(name.encode())
    (folder / "empty.mid").write_bytes(b"")
    (folder / "index.tsv").write_text("file\ttitle\tlicence\na.mid\tA\tCC0-1.0\n")
    save_declaration(lake.home, Dataset(name="songs", source=str(folder)))
    first = _scan(lake)
    assert first.built and not _scan(lake).built
    assert _table(lake, "raw_midi").schema.names == RAW.names
    assert _table(lake, "raw_midi").select(["title", "encoding_licence"]).to_pylist() == [
        {"title": "A", "encoding_licence": "CC0-1.0"},
        {"title": None, "encoding_licence": None},
    ]
    assert reasons(_table(lake, "rejected")) == {"empty.mid": "empty_file"}
    assert first.manifest.facts["set_aside"] == 1
    before = _table(lake, "raw_midi")["sha256"][0]
    (folder / "b.mid").write_bytes(b"another")
    again = _scan(lake)
    assert again.built and again.manifest.data_version != first.manifest.data_version
    assert _table(lake, "raw_midi")["sha256"][0] == before


def test_what_an_archive_holds_back_is_set_aside_with_the_rest(tmp_path: Path, lake: Lake) -> None:
    with zipfile.ZipFile(tmp_path / "songs.zip", "w") as archive:
        archive.writestr("good.mid", b"x")
        archive.writestr("../escape.mid", b"x")
        archive.writestr("empty.mid", b"")
    save_declaration(lake.home, Dataset(name="songs", source=str(tmp_path / "songs.zip")))
    manifest = _scan(lake).manifest
    assert _table(lake, "raw_midi")["path"].to_pylist() == ["good.mid"]
    assert set(reasons(_table(lake, "rejected")).values()) == {"unsafe_name", "empty_file"}
    assert manifest.facts["set_aside"] == 2


def test_a_source_that_is_gone_leaves_an_empty_data_set_that_says_why(tmp_path: Path, lake: Lake) -> None:
    save_declaration(lake.home, Dataset(name="songs", source=str(tmp_path / "nothing")))
    manifest = _scan(lake).manifest
    assert manifest.rows("raw_midi") == manifest.rows("rejected") == 0
    assert "nothing" in manifest.facts["problem"]
