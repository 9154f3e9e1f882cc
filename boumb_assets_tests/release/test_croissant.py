"""The cards of the data: read by MLCommons' own reader, honest about what nobody said, the same for the same data."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.definitions import STAGES
from boumb_assets.release.cards import TRAINING_CARD, folder_problems, lake_cards, release_cards
from boumb_assets.release.croissant import card_gaps, card_of, card_problems, licence_names, table_of_files
from boumb_assets.release.data_facts import dataset_facts, public_address
from boumb_assets.release.training_content import ModelFacts
from boumb_assets.rights.declaration import Dataset
from boumb_assets.settings import Settings
from boumb_assets.stages import run_stage
from boumb_assets_tests.release.lakes import GROOVE, HUB, LAKH, OURS, SmallLake, small_lake, training_table

RECOMMENDED = ("datePublished", "citeAs")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    return small_lake(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def folder(made: SmallLake) -> Path:
    """The cards as the platform commits them."""
    settings = Settings(home=made.home)
    run_stage(STAGES["data_cards"], STAGES, made.lake, settings, "", lambda text: None)
    return made.lake.artefact("data_cards")


def _card(folder: Path, name: str) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / f"{name}.croissant.json").read_text(encoding="utf-8"))
    return card


def _warnings(path: Path) -> set[str]:
    """The warnings of MLCommons' reader, which raises on errors."""
    import mlcroissant

    read = mlcroissant.Dataset(str(path))
    assert not read.metadata.ctx.issues.errors
    return set(read.metadata.ctx.issues.warnings)


def _records(path: Path, record_set: str) -> list[dict[str, Any]]:
    """The records that MLCommons' reader finds, by column; it gives texts as bytes."""
    import mlcroissant

    found = mlcroissant.Dataset(str(path)).records(record_set)
    return [
        {name.split("/", 1)[1]: value.decode() if isinstance(value, bytes) else value for name, value in record.items()}
        for record in found
    ]


def test_every_data_set_and_the_training_data_have_a_card(made: SmallLake, folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [
            *(f"{name}.croissant.json" for name in made.declared),
            TRAINING_CARD,
            "training_content.md",
            "training_content.json",
            "ATTRIBUTION.md",
            "NOTICE",
        ]
    )
    facts = made.lake.manifest("data_cards").facts  # type: ignore[union-attr]
    assert (facts["data_sets"], facts["problems"]) == (len(made.declared), [])
    assert "datePublished" in facts["not_said"]["groove.croissant.json"]
    assert facts["left_to_provider"]


def test_the_formats_own_reader_finds_no_error_and_little_to_recommend(folder: Path) -> None:
    paths = sorted(folder.glob("*.croissant.json"))
    assert len(paths) > 2
    for path in paths:
        for warning in _warnings(path):
            assert warning.startswith("[Metadata(")
            assert any(field in warning for field in RECOMMENDED), warning


def test_the_formats_own_reader_reads_the_records_back(made: SmallLake, folder: Path) -> None:
    raw = _records(folder / "groove.croissant.json", "raw_midi")
    assert [row["path"] for row in raw] == made.raw["groove"]["path"].to_pylist()
    assert [row["bytes"] for row in raw] == made.raw["groove"]["bytes"].to_pylist()
    ledger = _records(folder / "groove.croissant.json", "rights_ledger")
    for name in ("sha256", "train", "encoding_licence", "reason"):
        assert [row[name] for row in ledger] == made.ledgers["groove"][name].to_pylist()
    rows = _records(folder / TRAINING_CARD, "training_rows")
    assert [row["row_id"] for row in rows] == training_table(made)["row_id"].to_pylist()


def test_a_file_that_was_changed_is_refused_by_the_formats_own_reader(tmp_path: Path) -> None:
    made = small_lake(tmp_path, [GROOVE])
    settings = Settings(home=tmp_path)
    run_stage(STAGES["data_cards"], STAGES, made.lake, settings, "", lambda text: None)
    path = made.lake.artefact("data_cards") / "groove.croissant.json"
    manifest = made.lake.manifest("raw_midi", "dataset=groove")
    assert manifest is not None
    shard = made.lake.paths(manifest, "raw_midi")[0]
    shard.write_bytes(shard.read_bytes() + b" ")
    with pytest.raises(Exception, match="during the operation Download"):
        _records(path, "raw_midi")
    assert any("has another size" in problem for problem in folder_problems(path.parent))


def test_each_file_is_where_the_card_says_with_its_hash_and_size(folder: Path) -> None:
    import hashlib

    assert folder_problems(folder) == []
    for path in folder.glob("*.croissant.json"):
        for file in json.loads(path.read_text(encoding="utf-8"))["distribution"]:
            if file["@type"] == "cr:FileObject":
                data = (folder / file["contentUrl"]).read_bytes()
                assert (file["sha256"], file["contentSize"]) == (hashlib.sha256(data).hexdigest(), f"{len(data)} B")


def test_a_table_of_several_files_is_one_record_set_over_all_of_them(folder: Path) -> None:
    card = _card(folder, "groove")
    files = [file for file in card["distribution"] if file["name"].startswith("midi_events-")]
    whole = next(file for file in files if file["@type"] == "cr:FileSet")
    shards = [file["@id"] for file in files if file["@type"] == "cr:FileObject"]
    assert [held["@id"] for held in whole["containedIn"]] == shards
    assert len(shards) == 2
    events = next(one for one in card["recordSet"] if one["@id"] == "midi_events")
    assert {field["source"]["fileSet"]["@id"] for field in events["field"]} == {whole["@id"]}


def test_a_card_says_what_the_lake_knows(folder: Path) -> None:
    card = _card(folder, "groove")
    assert card["name"] == "Groove MIDI Dataset"
    assert card["version"].startswith("1.0.0+")
    assert card["conformsTo"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
    assert card["license"] == ["https://spdx.org/licenses/CC-BY-4.0.html"]
    assert card["url"] == GROOVE.homepage
    assert card["citeAs"] == GROOVE.citation
    assert [one["name"] for one in card["creator"]] == ["Google", "the drummers"]
    assert "asks for: attribution" in card["usageInfo"]["text"]
    assert "truncated 1 files" in card["rai:dataCollectionMissingData"]
    assert "3 files could be read: 24 notes, 1.5 hours." in card["rai:dataLimitations"]
    assert "3 of 3 files" in card["rai:dataUseCases"][0]
    assert any(
        "The playing of people was recorded in 3 files" in text for text in card["rai:personalSensitiveInformation"]
    )
    assert "takedown" in card["rai:dataReleaseMaintenancePlan"]


def test_playing_of_which_nothing_is_known_is_not_said_to_be_recorded(folder: Path) -> None:
    told = _card(folder, "lakh")["rai:personalSensitiveInformation"]
    assert "Whether the playing of people was recorded is not known of 3 files." in told
    assert not any(text.startswith("The playing of people was recorded") for text in told)


def test_what_is_not_cleared_is_said_with_its_rule(folder: Path) -> None:
    card = _card(folder, "lakh")
    assert {"unknown"} == {one["name"] for one in card["license"]}
    assert "0 of 3 may be trained on" in card["description"]
    assert "Not for training, by rule: unknown_composition 3 files." in card["rai:dataUseCases"]


def test_an_apps_log_tells_of_consent_and_of_what_users_said(folder: Path) -> None:
    card = _card(folder, "app")
    assert "rated 9 of 10 or higher, whose users all agreed (terms of use, paragraph 4)" in card["rai:dataCollection"]
    assert "User-Generated Content Data" in card["rai:dataCollectionType"]
    assert any("a request can be erased" in text for text in card["rai:personalSensitiveInformation"])


def test_the_training_data_joins_the_licences_of_what_it_is_made_of(folder: Path) -> None:
    card = _card(folder, "training_data")
    licences = {one if isinstance(one, str) else one["name"] for one in card["license"]}
    assert licences == {
        "https://spdx.org/licenses/Apache-2.0.html",
        "https://spdx.org/licenses/CC-BY-4.0.html",
        "https://spdx.org/licenses/CC-BY-SA-4.0.html",
        "https://spdx.org/licenses/CC0-1.0.html",
        "machine-made",
        "own",
        "public-domain",
    }
    assert "share-alike" in card["usageInfo"]["text"]
    assert "declared, against CC0-1.0 (README)" in card["usageInfo"]["text"]
    assert "lakh" not in json.dumps(card)
    assert any(file["encodingFormat"] == "application/zstd" for file in card["distribution"])
    assert "1 of" not in card["rai:dataCollection"]
    assert "3 are what users of an app asked for" in card["rai:dataCollection"]


def test_nothing_of_a_machine_or_of_the_time_is_in_a_card(tmp_path: Path, made: SmallLake, folder: Path) -> None:
    again = small_lake(tmp_path)
    texts, _ = lake_cards(again.lake, again.declared)
    assert texts == {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    for name, text in texts.items():
        assert str(made.home) not in text
        assert "/home/somebody" not in text, name
        assert "/data/" not in text, name


def test_a_data_set_without_files_or_without_a_declaration_has_a_card_too(tmp_path: Path) -> None:
    empty = small_lake(tmp_path / "empty", [GROOVE], files=0)
    texts, facts = lake_cards(empty.lake, empty.declared)
    card = json.loads(texts["groove.croissant.json"])
    assert facts["problems"] == []
    assert card["license"] == ["https://spdx.org/licenses/CC-BY-4.0.html"]
    assert card["rai:dataLimitations"] == ["No file of it could be read."]
    gone = small_lake(tmp_path / "gone", [OURS])
    texts, facts = lake_cards(gone.lake, {})
    assert facts["problems"] == []
    assert "Its declaration is gone" in json.loads(texts["ours.croissant.json"])["rai:dataCollection"]


def test_a_data_set_called_training_data_does_not_hide_the_training_data(tmp_path: Path) -> None:
    named = GROOVE.model_copy(update={"name": "training_data"})
    texts, facts = lake_cards(small_lake(tmp_path, [named]).lake, {"training_data": named})
    assert facts["data_sets"] == 1
    assert json.loads(texts["training_data.dataset.croissant.json"])["name"] == GROOVE.title
    assert json.loads(texts[TRAINING_CARD])["name"] == "boumb training data"


def _drop(*path: str | int) -> Callable[[Any], None]:
    def change(card: Any) -> None:
        for step in path[:-1]:
            card = card[step]
        del card[path[-1]]

    return change


def _put(value: Any, *path: str | int) -> Callable[[Any], None]:
    def change(card: Any) -> None:
        for step in path[:-1]:
            card = card[step]
        card[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_drop("name"), "name is missing"),
        (_drop("license"), "license is missing"),
        (_put({}, "@context"), "@context is not that of Croissant 1.1"),
        (_put(["http://mlcommons.org/croissant/1.0"], "conformsTo"), "conformsTo does not name"),
        (_drop("rai:dataBiases"), "rai:dataBiases is missing"),
        (_drop("distribution", 0, "sha256"), "sha256 is missing"),
        (_put("12", "distribution", 0, "contentSize"), "contentSize is missing"),
        (_put("/data/x.parquet", "distribution", 0, "contentUrl"), "no address relative to the card"),
        (_put("file:///x.parquet", "distribution", 0, "contentUrl"), "no address relative to the card"),
        (_drop("distribution", 0, "encodingFormat"), "encodingFormat is missing"),
        (_put("a b", "distribution", 0, "@id"), "white space"),
        (_put("nowhere", "recordSet", 0, "field", 0, "source", "fileObject", "@id"), "is no file of the card"),
        (_put("sc:Nonsense", "recordSet", 0, "field", 0, "dataType"), "is not known"),
        (_put("raw_midi/path", "recordSet", 0, "field", 0, "@id"), "@id raw_midi/path is given twice"),
        (_put([{"@id": "x"}], "distribution", 3, "containedIn"), "which is no file of the card"),
        (_put("/home/me/midi", "rai:dataCollection"), "is a path on a machine"),
    ],
)
def test_the_rules_find_what_is_wrong(folder: Path, change: Callable[[Any], None], problem: str) -> None:
    card = _card(folder, "groove")
    assert card_problems(card) == []
    wrong = copy.deepcopy(card)
    change(wrong)
    assert any(problem in found for found in card_problems(wrong)), card_problems(wrong)


def test_a_card_that_is_missing_or_no_json_is_found(tmp_path: Path) -> None:
    assert folder_problems(tmp_path) == ["training_data.croissant.json is missing"]
    (tmp_path / TRAINING_CARD).write_text("{")
    assert "no JSON" in folder_problems(tmp_path)[0]


@given(title=st.text(min_size=1, max_size=40), licence=st.sampled_from(["MIT", "own", "unknown", "LicenseRef-x"]))
def test_whatever_a_data_set_is_called_its_card_is_json_that_reads_back(title: str, licence: str) -> None:
    card = card_of(
        name=title,
        description=title,
        licences=[licence],
        versions=["a"],
        distribution=[],
        record_sets=[],
        responsible={"dataBiases": [title]},
    )
    assert json.loads(json.dumps(card)) == card
    assert card_gaps(card) == ["url", "creator", "datePublished", "citeAs"]


def test_licences_are_named_one_by_one() -> None:
    assert licence_names(["CC-BY-4.0 AND (MIT OR Apache-2.0)", "own", "MIT"]) == [
        "Apache-2.0",
        "CC-BY-4.0",
        "MIT",
        "own",
    ]
    assert licence_names([]) == []


def test_columns_have_the_formats_types(made: SmallLake) -> None:
    columns = {"a": "string", "b": "uint8", "c": "float", "d": "bool", "e": "list<item: string>", "f": "int64"}
    manifest = made.lake.manifest("raw_midi", "dataset=groove")
    assert manifest is not None
    _, records = table_of_files("t", manifest.of_table("raw_midi"), columns, "", "", {"a": "what a is"})
    fields = {field["name"]: field for field in records[0]["field"]}
    assert {name: field["dataType"] for name, field in fields.items()} == {
        "a": "sc:Text", "b": "sc:Integer", "c": "sc:Float", "d": "sc:Boolean", "e": "sc:Text", "f": "sc:Integer",
    }  # fmt: skip
    assert fields["e"]["isArray"] is True
    assert fields["a"]["description"] == "what a is"
    assert table_of_files("t", [], columns, "", "", {}) == ([], [])


@pytest.mark.parametrize(
    ("dataset", "address"),
    [
        (GROOVE, GROOVE.homepage),
        (HUB, "https://huggingface.co/datasets/someone/tunes"),
        (LAKH, None),
        (Dataset(name="web", source="https://example.org/a.zip?token=secret.zip"), None),
        (None, None),
    ],
)
def test_the_address_is_one_that_its_makers_gave_and_never_that_of_a_copy(
    dataset: Dataset | None, address: str | None
) -> None:
    assert public_address(dataset) == address


def test_a_release_describes_the_list_of_what_was_learned_from(made: SmallLake, tmp_path: Path) -> None:
    ledger = made.ledgers["groove"]
    names = ["dataset", "sha256", "composition_licence", "encoding_licence", "performance_licence", "obligations"]
    listing = json.dumps({"files": ledger.select(names).to_pylist()})
    model = ModelFacts("nano", None, "Apache-2.0")
    texts = release_cards(ledger.select(["dataset", "sha256"]), ledger, made.declared, model, listing)
    (tmp_path / "training_data").mkdir()
    (tmp_path / "training_data" / "manifest.json").write_text(listing)
    path = tmp_path / "training_data" / "croissant.json"
    path.write_text(texts["training_data/croissant.json"])
    assert card_problems(json.loads(path.read_text())) == []
    assert all(any(field in warning for field in RECOMMENDED) for warning in _warnings(path))
    assert [row["sha256"] for row in _records(path, "files")] == ledger["sha256"].to_pylist()


def test_a_ledger_that_does_not_exist_is_told(tmp_path: Path) -> None:
    made = small_lake(tmp_path, [GROOVE])
    with pytest.raises(LookupError):
        dataset_facts(made.lake, "nothing", None)
