"""`boumb library`: what there is, one example, and all of it in a folder."""

import json
from pathlib import Path

import pytest

from boumb_assets.few_shot.library import item_print, load_library
from boumb_assets.rights.takedowns import TakenPrint, take_down
from boumb_assets_tests.cli.calling import as_json, call, refused, told

LIBRARY = load_library()
NAMES = [item.item_id for item in (*LIBRARY.structures, *LIBRARY.loops)]
DRUMS, BASS = "trap-drums-rolls", "funk-bass-thumb"


def test_the_list_is_the_library_and_needs_no_word(tmp_path: Path) -> None:
    assert [one["name"] for one in as_json(tmp_path, "library", "list")] == NAMES
    assert as_json(tmp_path, "library") == as_json(tmp_path, "library", "list")
    table = call(tmp_path, "library", "list", COLUMNS="200").stdout
    assert all(name in table for name in NAMES)
    assert "export" in call(tmp_path, "library", "--help").stdout


def test_the_list_can_be_narrowed(tmp_path: Path) -> None:
    funk = as_json(tmp_path, "library", "--style", "funk", "--role", "bass")
    assert {one["name"] for one in funk} == {name for name in NAMES if name.startswith("funk-bass-")}
    modern = as_json(tmp_path, "library", "list", "--form", "sonata", "--period", "modern")
    assert modern and all((one["kind"], one["period"]) == ("structure", "modern") for one in modern)
    assert len(as_json(tmp_path, "library", "--kind", "loops")) == len(LIBRARY.loops)
    assert as_json(tmp_path, "library", "--style", "funk", "--form", "ABA") == []
    assert "no example is like that" in told(tmp_path, "library", "--style", "funk", "--form", "ABA")
    assert call(tmp_path, "library", "--style", "polka").exit_code == 2


def test_one_example_is_shown(tmp_path: Path) -> None:
    loop, piece = next(one for one in LIBRARY.loops if one.item_id == BASS), LIBRARY.structures[0]
    shown = call(tmp_path, "library", "show", BASS).stdout
    assert loop.title in shown and loop.why in shown and "█" in shown and "bpm: 108" in shown
    shown = call(tmp_path, "library", "show", piece.item_id).stdout
    assert piece.why in shown and all(section.key in shown for section in piece.structure.sections)
    found = as_json(tmp_path, "library", "show", piece.item_id)
    assert found["content"] == json.loads(piece.text) and found["request"]["form"] == "ABA"
    assert "near to it: funk-bass-thumb" in refused(tmp_path, "library", "show", "funk-bass-thumbs")
    assert "the library has no '../secret'" in refused(tmp_path, "library", "show", "../secret")


def test_examples_are_written_with_a_page(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "gallery"
    said = told(tmp_path / "home", "library", "export", str(folder), DRUMS, BASS)
    assert said.startswith("2 examples in ")
    heads = {"mid": b"MThd", "wav": b"RIFF", "png": b"\x89PNG"}
    files = {f"{name}.{suffix}": head for name in (DRUMS, BASS) for suffix, head in heads.items()}
    assert {path.name for path in folder.iterdir()} == {"index.html", *files}
    assert all((folder / name).read_bytes().startswith(head) for name, head in files.items())
    page = (folder / "index.html").read_text()
    assert page.count("<article") == 2 and all(name in page for name in files)

    # Once more into our own folder: files are replaced, never written through a link.
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (folder / f"{DRUMS}.mid").unlink()
    (folder / f"{DRUMS}.mid").symlink_to(mine)
    told(tmp_path / "home", "library", "export", str(folder), DRUMS)
    assert mine.read_text() == "mine" and (folder / f"{DRUMS}.mid").read_bytes().startswith(b"MThd")
    assert (folder / "index.html").read_text().count("<article") == 1


@pytest.mark.parametrize("name", ["notes.txt", "index.html", f"{DRUMS}.wav"])
def test_a_folder_with_files_of_others_is_left_alone(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / name).write_text("of another")
    assert "holds other files" in refused(tmp_path, "library", "export", str(folder), DRUMS)
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [(name, "of another")]


def test_nothing_is_written_for_a_wrong_name_or_an_empty_choice(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert "the library has no" in refused(tmp_path, "library", "export", str(folder), DRUMS, "../../up")
    assert "no example is like that" in refused(tmp_path, "library", "export", str(folder), DRUMS, "--role", "bass")
    assert not folder.exists()


def test_what_was_taken_down_is_neither_listed_nor_shown(tmp_path: Path) -> None:
    item = LIBRARY.loops[5]
    taken = TakenPrint.of("0" * 64, item_print(item))
    take_down(tmp_path, sha256=[taken.sha256], prints=[taken], by="A. Composer", reason="mine")
    assert item.item_id not in [one["name"] for one in as_json(tmp_path, "library")]
    assert "the library has no" in refused(tmp_path, "library", "show", item.item_id)
    assert "the library has no" in refused(tmp_path, "library", "export", str(tmp_path / "out"), item.item_id)
