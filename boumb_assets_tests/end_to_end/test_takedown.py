"""Three works are taken out of a collection: nothing of them is left, and they do not come back in another key."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import pyarrow.compute as pc
import pytest

from boumb_assets.cli.core import prepare_home
from boumb_assets.events.prints import resolve_takedown
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.line import materialise
from boumb_assets.rebuild import Report
from boumb_assets.rights.declaration import save_declaration
from boumb_assets.rights.options import dataset_from_options
from boumb_assets.rights.takedowns import Takedown
from boumb_assets.settings import Settings, load_settings
from boumb_assets.terminal import Bars
from boumb_assets_tests.end_to_end.contents import traces
from boumb_assets_tests.end_to_end.homes import at_home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("takedown")]

FILES = 40
SMALLEST_BUDGET = {"BOUMB_TRAINING_BASE_STEPS": "4", "BOUMB_TRAINING_LORA_STEPS": "3"}
# What may name a file that was taken down: that it is there, that it is denied, why, and how it is known again.
# None of these holds a note of it.
MAY_NAME = {"raw_midi", "catalogue", "rejected", "rights_ledger", "stg_rights", "file_prints"}


@dataclass(frozen=True)
class Story:
    """What there was before, what was taken, and what became of it."""

    settings: Settings
    adapter_before: str
    takedown: Takedown
    hashes: list[str]
    contents: set[str]
    report: Report

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.home)


def run(settings: Settings) -> Report:
    with Bars().shown() as bars:
        return materialise(settings, [], [], None, bars)


@pytest.fixture(scope="module")
def story(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A run over a part of groove, three of its files taken down, and a second run."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("groove")
    beats = sorted((shared / "corpus" / "groove").rglob("*_beat_4-4.mid"))
    for path in beats[:: len(beats) // FILES][:FILES]:
        shutil.copy(path, folder / f"{path.parent.parent.name}-{path.parent.name}-{path.name}")
    with at_home(home, SMALLEST_BUDGET):
        settings = load_settings()
        prepare_home(settings)
        terms = ("CC-BY-4.0", "CC-BY-4.0")
        save_declaration(home, dataset_from_options("groove", str(folder), *terms, attribution="Players"))
        assert run(settings).failed == []
        yield _taken(settings)


def _taken(settings: Settings) -> Story:
    lake = Lake(settings.home)
    with connect(lake) as connection:
        loops = connection.execute("select sha256, content from loops order by all").fetchall()
        rows = connection.execute("select sha256, count(*) from training_rows group by all order by all").fetchall()
    hashes = [sha256 for sha256, count in rows if count][:3]
    elsewhere = {content for sha256, content in loops if sha256 not in hashes}
    contents = {content for sha256, content in loops if sha256 in hashes} - elsewhere
    assert len(hashes) == 3 and len(contents) >= 3
    adapter = _adapter(lake)
    assert traces(settings.home, [*hashes, *contents], MAY_NAME), (
        "a search that finds nothing before proves nothing after"
    )
    takedown = resolve_takedown(lake, sha256=hashes, by="A. Drummer", reason="my playing, without my consent")
    return Story(settings, adapter, takedown, hashes, contents, run(settings))


def _adapter(lake: Lake) -> str:
    manifest = lake.manifest("lora_adapter", "variant=nano")
    assert manifest is not None
    return manifest.data_version


def test_nothing_of_them_is_left(story: Story) -> None:
    assert story.report.failed == [] and story.report.failed_checks == []
    assert traces(story.settings.home, [*story.hashes, *story.contents], MAY_NAME) == []


def test_what_is_left_out_is_said(story: Story) -> None:
    assert [len(story.takedown.sha256), len(story.takedown.prints)] == [3, 3]
    rejected = story.lake.read("midi_events", "rejected").to_pylist()
    aside = {row["sha256"]: row["detail"] for row in rejected if row["reason"] == "taken_down"}
    assert set(story.hashes) <= set(aside) and set(aside.values()) == {f"takedown {story.takedown.takedown_id}"}
    ledger = {row["sha256"]: row for row in story.lake.read("rights_ledger", "rights_ledger").to_pylist()}
    for sha256 in story.hashes:
        row = ledger[sha256]
        assert (row["rule"], row["takedown"]) == ("taken_down", story.takedown.takedown_id)
        assert not any(row[name] for name in ("train", "redistribute", "commercial", "evaluate_only"))


def test_it_was_trained_again_and_the_release_says_so(story: Story) -> None:
    assert _adapter(story.lake) != story.adapter_before
    release = story.lake.artefact("hub_release", "variant=nano")
    said = json.loads((release / "training_data" / "takedowns.json").read_text(encoding="utf-8"))["takedowns"]
    assert [(row["takedown_id"], row["files"]) for row in said] == [(story.takedown.takedown_id, 3)]
    card = (release / "README.md").read_text(encoding="utf-8")
    assert "3 files (1 takedown" in card and "A. Drummer" not in card
    sources = json.loads((release / "training_data" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert sources and not {source["sha256"] for source in sources} & set(story.hashes)


def test_transposed_under_other_names_they_are_refused(story: Story, tmp_path: Path) -> None:
    raw = {row["sha256"]: row for row in story.lake.read("raw_midi", "raw_midi").to_pylist()}
    for number, sha256 in enumerate(story.hashes):
        file = mido.MidiFile(Path(raw[sha256]["source"]) / raw[sha256]["path"])
        for message in (message for track in file.tracks for message in track if message.type.startswith("note_")):
            message.note += 5
        file.save(tmp_path / f"mine-{number}.mid")
    home = story.settings.home
    save_declaration(home, dataset_from_options("mine", str(tmp_path), "CC0-1.0", "own", performance="own"))
    report = run(story.settings)
    assert report.failed == [] and report.failed_checks == []
    lake = story.lake
    rejected = lake.read("midi_events", "rejected", "dataset=mine").to_pylist()
    assert [row["reason"] for row in rejected] == ["taken_down"] * 3
    ledger = lake.read("rights_ledger", "rights_ledger", "dataset=mine")
    assert ledger.num_rows == 3 and not pc.any(ledger["train"]).as_py()
    with connect(lake) as connection:
        for table in ("midi_events", "loops", "mix", "training_rows"):
            assert connection.execute(f"select count(*) from {table} where dataset = 'mine'").fetchone() == (0,)
