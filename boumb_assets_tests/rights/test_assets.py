"""The door of the ledger: what it is made of, and what makes it again."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from boumb_assets.events.assets import MIDI_EVENTS
from boumb_assets.ingest.assets import RAW_MIDI
from boumb_assets.lake.store import Lake
from boumb_assets.rights.assets import RIGHTS_LEDGER
from boumb_assets.rights.declaration import Dataset, save_declaration
from boumb_assets.rights.notices import copyright_notices
from boumb_assets.rights.options import dataset_from_options
from boumb_assets.rights.overrides import add_override
from boumb_assets.settings import RightsSettings, Settings
from boumb_assets.stages import run_stage
from boumb_assets_tests.rights.ledgers import YEAR, raw, sha

STAGES = {stage.name: stage for stage in (RAW_MIDI, MIDI_EVENTS, RIGHTS_LEDGER)}
FILES: list[dict[str, Any]] = [
    {"sha256": sha(1), "path": "a.mid", "composer": "Johannes Brahms", "composer_died": 1897},
    {"sha256": sha(2), "path": "b.mid", "composer": "Francis Poulenc"},
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with one data set of two files that was scanned, and of which no file could be read as MIDI."""
    lake = Lake(tmp_path)
    _declare(tmp_path, dataset_from_options("songs", "/songs", "CC0-1.0", "public-domain", "none"))
    for stage, tables in (("raw_midi", {"raw_midi": raw("songs", *FILES)}), ("midi_events", {})):
        with lake.writing(stage, "dataset=songs") as commit:
            for name, table in tables.items():
                commit.write(name, table)
            commit.commit({}, {})
    return Settings(home=tmp_path, rights=RightsSettings(year=YEAR))


def _declare(home: Path, dataset: Dataset) -> None:
    save_declaration(home, dataset)


def _run(settings: Settings) -> tuple[bool, pa.Table]:
    lake = Lake(settings.home)
    outcome = run_stage(RIGHTS_LEDGER, STAGES, lake, settings, "songs", lambda text: None)
    return outcome.built, lake.read("rights_ledger", "rights_ledger", "dataset=songs")


def test_it_is_made_once_and_says_what_it_decided(settings: Settings) -> None:
    built, ledger = _run(settings)
    assert built
    assert ledger["rule"].to_pylist() == ["cleared", "composition_in_term_eu"]
    manifest = Lake(settings.home).manifest("rights_ledger", "dataset=songs")
    assert manifest is not None
    assert {name: manifest.facts[name] for name in ("cleared", "not_cleared", "overridden", "taken_down")} == {
        "cleared": 1, "not_cleared": 1, "overridden": 0, "taken_down": 0,
    }  # fmt: skip
    assert not _run(settings)[0]


def test_an_override_of_the_data_set_makes_it_again_and_one_of_another_does_not(settings: Settings) -> None:
    _run(settings)
    add_override(settings.home, dataset="tunes", deny=True, by="Ada", reason="another")
    assert not _run(settings)[0]
    add_override(settings.home, dataset="songs", title="none", deny=True, by="Ada", reason="matches nothing")
    assert _run(settings)[0]
    made = add_override(settings.home, sha256=[sha(1)], deny=True, by="Ada", reason="asked")
    built, ledger = _run(settings)
    assert built
    assert ledger["overrides"].to_pylist() == [made.override_id, None]


@pytest.mark.parametrize(
    "changed",
    [
        {"profile": "evaluation"},
        {"jurisdictions": ("US",)},
        {"year": 2040},
    ],
)
def test_the_settings_of_the_rights_make_it_again(settings: Settings, changed: dict[str, Any]) -> None:
    _run(settings)
    other = settings.model_copy(update={"rights": settings.rights.model_copy(update=changed)})
    assert _run(other)[0]
    assert not _run(other)[0]


def test_terms_make_it_again_and_words_that_decide_nothing_do_not(settings: Settings) -> None:
    _run(settings)
    same = dataset_from_options("songs", "/songs", "CC0-1.0", "public-domain", "none")
    _declare(settings.home, same.model_copy(update={"note": "read again", "title": "Songs"}))
    assert not _run(settings)[0]
    _declare(settings.home, dataset_from_options("songs", "/songs", "CC-BY-4.0", "public-domain", "none"))
    built, ledger = _run(settings)
    assert built
    assert ledger["obligations"].to_pylist() == ["attribution", "attribution"]


def test_what_files_say_of_their_copyright_is_evidence_and_decides_nothing(settings: Settings) -> None:
    _, before = _run(settings)
    said = [
        (sha(1), "copyright", "Copyright © 1997\nvon Bernd Krüger."),
        (sha(1), "track_name", "(C) 2004 by Toplist-Team"),
        (sha(1), "copyright", "Copyright © 1997 von Bernd Krüger."),
        (sha(1), "lyric", "right is the copy"),
        (sha(1), "text", "PlÃ©arÃ¡ca"),
        (sha(2), "copyright", "   "),
        (sha(3), "copyright", "of no file here"),
    ]
    texts = pa.Table.from_pylist([dict(zip(("sha256", "kind", "text"), row, strict=True)) for row in said])
    with Lake(settings.home).writing("midi_events", "dataset=songs") as commit:
        commit.write("file_texts", texts)
        commit.commit({}, {})
    built, after = _run(settings)
    assert built
    declared = before["encoding_evidence"].to_pylist()
    added = "the file says “Copyright © 1997 von Bernd Krüger.”, “(C) 2004 by Toplist-Team”"
    joined = f"{declared[0]}; {added}" if declared[0] else added
    assert after["encoding_evidence"].to_pylist() == [joined, declared[1]]
    assert after.drop_columns(["encoding_evidence"]) == before.drop_columns(["encoding_evidence"])


def test_lines_drawn_with_signs_leave_room_for_the_words(tmp_path: Path) -> None:
    text = f"{'_' * 150}\nMIDI COLLECTION\n{'=' * 150}\nNO ONE MAY REPUBLISH (c) 2010..."
    with Lake(tmp_path).writing("midi_events", "dataset=songs") as commit:
        commit.write("file_texts", pa.Table.from_pylist([{"sha256": sha(1), "kind": "copyright", "text": text}]))
        commit.commit({}, {})
    said = {sha(1): "the file says “MIDI COLLECTION NO ONE MAY REPUBLISH (c) 2010...”"}
    assert copyright_notices(Lake(tmp_path), "dataset=songs") == said


def test_notices_are_bounded(tmp_path: Path) -> None:
    with Lake(tmp_path).writing("midi_events", "dataset=songs") as commit:
        rows = [{"sha256": sha(1), "kind": "copyright", "text": f"{number} " + "x" * 5000} for number in range(50)]
        commit.write("file_texts", pa.Table.from_pylist(rows))
        commit.commit({}, {})
    notices = copyright_notices(Lake(tmp_path), "dataset=songs")
    assert notices.keys() == {sha(1)} and len(notices[sha(1)]) < 700 and notices[sha(1)].endswith(" and 47 more")
    assert copyright_notices(Lake(tmp_path), "dataset=other") == {}
