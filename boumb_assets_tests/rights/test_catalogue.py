"""The catalogue: each entry's decision in each profile, and that its words are there."""

import csv
from pathlib import Path
from typing import Any

import pytest

from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.catalogue import dataset_of_known, known_datasets
from boumb_assets.rights.decisions import Profile
from boumb_assets.rights.declaration import Dataset, load_declaration, save_declaration
from boumb_assets.rights.ledger import ledger_rows
from boumb_assets.rights.options import dataset_from_options, known_from_options, missing_layers
from boumb_assets_tests.rights.ledgers import YEAR, ledger, raw, sha

FILE: dict[str, Any] = {"sha256": sha(1), "path": "a.mid"}
BACH = FILE | {"composer": "Johann Sebastian Bach"}
BRAHMS = FILE | {"composer": "Johannes Brahms", "composer_died": 1897}
BY_SA = BACH | {"encoding_licence": "Creative Commons Attribution-ShareAlike 4.0"}
NOTHING = (False, False, False, False)
CLEARED = (True, True, True, False)
MUST_NAMES = [
    "aria_midi", "asap", "ceol_rince", "emopia", "freedoom", "giantmidi_piano", "gigamidi", "groove", "js_fakes",
    "jsb_chorales", "lakh_clean", "lakh_full", "lakh_matched", "maestro", "midicaps", "mutopia", "nottingham",
    "openscore_lieder", "pop909", "vgmidi",
]  # fmt: skip


def _entry(name: str) -> Dataset:
    return DEMO if name == "demo" else dataset_of_known(known_datasets()[name], f"/data/{name}")


def _decided(name: str, profile: Profile, file: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = ledger(_entry(name), file, profile=profile).to_pylist()[0]
    return row


def test_all_that_should_be_known_is() -> None:
    assert list(known_datasets()) == MUST_NAMES


@pytest.mark.parametrize(
    ("name", "file", "rule", "obligations"),
    [
        ("openscore_lieder", BRAHMS, "cleared", ""),
        ("ceol_rince", FILE, "cleared", "attribution"),
        ("groove", FILE, "cleared", "attribution"),
        ("js_fakes", FILE, "cleared", "attribution"),
        ("freedoom", FILE, "cleared", "attribution"),
        ("demo", FILE, "cleared", ""),
        ("mutopia", BY_SA, "cleared", "attribution,share_alike"),
        ("mutopia", BACH, "unknown_encoding", None),
        ("lakh_full", FILE, "no_licence_composition", None),
        ("lakh_matched", FILE, "no_licence_composition", None),
        ("lakh_clean", FILE, "no_licence_composition", None),
        ("pop909", FILE, "no_licence_composition", None),
        ("emopia", FILE, "no_licence_composition", None),
        ("vgmidi", FILE, "no_licence_composition", None),
        ("giantmidi_piano", BACH, "unknown_composition", None),
        ("aria_midi", FILE, "unknown_composition", None),
        ("gigamidi", FILE, "no_licence_composition", None),
        ("midicaps", FILE, "no_licence_composition", None),
        ("nottingham", FILE, "unknown_composition", None),
        ("jsb_chorales", BACH, "unknown_encoding", None),
        ("maestro", BACH, "non_commercial", None),
        ("asap", BACH | {"composer": "Bach"}, "non_commercial", None),
    ],
)
def test_the_decision_of_each_in_the_default_profile(
    name: str, file: dict[str, Any], rule: str, obligations: str | None
) -> None:
    row = _decided(name, "commercial", file)
    assert row["rule"] == rule
    four = tuple(row[column] for column in ("train", "redistribute", "commercial", "evaluate_only"))
    assert four == (CLEARED if rule == "cleared" else NOTHING)
    if obligations is not None:
        assert row["obligations"] == obligations


@pytest.mark.parametrize("name", ["maestro", "asap"])
def test_piano_performances_wait_for_the_non_commercial_profile(name: str) -> None:
    row = _decided(name, "non-commercial", BACH)
    assert (row["train"], row["redistribute"], row["commercial"]) == (True, True, False)
    assert row["obligations"] == "attribution,share_alike,non_commercial"
    assert "CC BY-NC-SA 4.0" in row["attribution"]
    assert row["composer_died"] == 1750
    late = BACH | {"composer": "Rodion Shchedrin"}
    assert _decided(name, "non-commercial", late)["rule"] == "composition_in_term_eu"
    assert _decided(name, "non-commercial", BACH | {"composer": "Carl Nobody"})["rule"] == "composer_unknown"


@pytest.mark.parametrize(
    "name",
    [
        "lakh_full", "lakh_matched", "lakh_clean", "pop909", "emopia", "vgmidi", "giantmidi_piano", "aria_midi",
        "gigamidi", "midicaps", "nottingham", "jsb_chorales",
    ],
)  # fmt: skip
@pytest.mark.parametrize("profile", ["commercial", "non-commercial", "evaluation"])
def test_what_nobody_licensed_is_denied_in_every_profile_with_words(name: str, profile: Profile) -> None:
    row = _decided(name, profile, BACH)
    assert not (row["train"] or row["redistribute"] or row["commercial"] or row["evaluate_only"])
    layer = row["rule"].rpartition("_")[2]
    assert getattr(known_datasets()[name].terms, layer).evidence in row["reason"]


@pytest.mark.parametrize("name", MUST_NAMES)
def test_each_entry_says_where_by_what_right_and_why(name: str, tmp_path: Path) -> None:
    known = known_datasets()[name]
    assert known.name == name
    assert len(known.note) > 80
    for layer in ("composition", "encoding", "performance"):
        assert getattr(known.terms, layer).evidence, layer
    declared = _entry(name)
    save_declaration(tmp_path, declared)
    assert load_declaration(tmp_path, name) == declared
    if known.source is not None:
        assert dataset_of_known(known).source == known.source
        assert known.source.startswith(("https://", "hf://datasets/"))
    asked = _decided(name, "non-commercial", FILE)["obligations"].split(",")
    if "attribution" in asked:
        assert known.attribution, name


def test_two_statements_of_the_irish_tunes_disagree_and_the_stricter_counts() -> None:
    row = _decided("ceol_rince", "commercial", FILE)
    assert row["encoding_licence"] == "CC-BY-4.0"
    assert "Unlicense (cre_corpus/LICENSE.md)" in row["conflict"]
    assert "LICENSE.md" in row["encoding_evidence"]


def test_without_an_address_a_copy_has_to_be_named() -> None:
    known = known_datasets()["lakh_full"]
    with pytest.raises(ValueError, match="dataset add lakh_full FOLDER"):
        dataset_of_known(known)
    assert dataset_of_known(known, "/data/lmd").checksum is None
    assert dataset_of_known(known, "/data/lmd_full.tar.gz").checksum == known.checksum
    assert dataset_of_known(known, "/data/x.tar.gz", "md5:" + "0" * 32).checksum == "md5:" + "0" * 32


def test_a_copy_in_a_relative_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert dataset_of_known(known_datasets()["groove"], "copy").source == str(tmp_path / "copy")


@pytest.mark.parametrize("name", MUST_NAMES)
@pytest.mark.parametrize("profile", ["commercial", "non-commercial"])
def test_options_never_loosen_what_the_catalogue_knows(name: str, profile: Profile) -> None:
    known = known_datasets()[name]
    free = {"licence": "CC0-1.0", "composition": "own", "performance": "none", "generator": "own"}
    loosened = known_from_options(known, f"/data/{name}", **free)
    for file in (FILE, BACH, BY_SA):
        before = ledger(_entry(name), file, profile=profile).to_pylist()[0]
        after = ledger(loosened, file, profile=profile).to_pylist()[0]
        assert before["train"] or not after["train"]
        assert set(before["obligations"].split(",")) <= {*after["obligations"].split(","), ""}


@pytest.mark.parametrize(
    "source",
    [
        "https://github.com/music-x-lab/POP909-Dataset/archive/HEAD.zip",
        "https://github.com/Music-X-Lab/POP909-Dataset/archive/refs/heads/master.tar.gz",
        "https://codeload.github.com/music-x-lab/POP909-Dataset/zip/master.zip",
        "hf://datasets/Metacreation/GigaMIDI@0123abc/v1/midi.zip",
    ],
)
def test_another_name_does_not_make_another_thing_of_a_known_address(source: str) -> None:
    declared = dataset_from_options("mine", source, "CC0-1.0", "own", "own")
    assert declared.name == "mine"
    assert ledger(declared, FILE)["rule"].to_pylist() == ["no_licence_composition"]
    other = dataset_from_options("mine", "https://github.com/music-x-lab/another/archive/HEAD.zip", "CC0-1.0", "own")
    assert ledger(other, FILE)["rule"].to_pylist() == ["cleared"]


def test_an_option_can_be_stricter_and_both_are_shown() -> None:
    strict = known_from_options(known_datasets()["groove"], "/data/groove", "CC-BY-NC-4.0", attribution="and me")
    row = ledger(strict, FILE).to_pylist()[0]
    assert row["rule"] == "non_commercial"
    assert "the catalogue of boumb_assets" in row["conflict"]
    assert row["composition_licence"] == "CC-BY-4.0"
    assert row["attribution"].endswith("; and me")
    with pytest.raises(ValueError, match="--licence"):
        known_from_options(known_datasets()["groove"], "/data/groove", composition="same")


def test_the_songs_are_cleared_by_their_own_index(shared: Path) -> None:
    with (shared / "corpus" / "openscore_lieder" / "index.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    files = [
        {"sha256": sha(place), "path": row["file"], "composer": row["composer"], "composer_died": int(row["died"])}
        for place, row in enumerate(rows)
    ]
    found = ledger_rows(raw("openscore_lieder", *files), _entry("openscore_lieder"), "commercial", YEAR)
    assert found.num_rows > 1000
    assert all(found["train"].to_pylist())


def test_what_the_catalogue_leaves_open_is_said_even_where_an_option_would_close_it() -> None:
    asked = known_from_options(known_datasets()["nottingham"], "/data/n", composition="traditional")
    assert missing_layers(asked.terms) == []
    (sentence,) = missing_layers(asked.terms, asked.statements)
    assert sentence.startswith("composition: the catalogue of boumb_assets knows of no licence")
    assert "boumb rights override" in sentence
