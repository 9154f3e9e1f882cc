"""Declarations on disk, and from the options of the command line."""

from pathlib import Path

import pytest

from boumb_assets.rights.declaration import (
    AppLog,
    Dataset,
    DeclarationError,
    Statement,
    declaration_problems,
    declarations_folder,
    load_declaration,
    load_declarations,
    remove_declaration,
    save_declaration,
)
from boumb_assets.rights.options import dataset_from_options, missing_layers, terms_from_options


def _dataset(name: str = "songs") -> Dataset:
    return dataset_from_options(
        name,
        "/somewhere/ceol",
        licence="CC-BY-4.0",
        composition="traditional",
        performance="none",
        attribution="Polifonia: «Ceol Rince», 2021",
        statements=(Statement(licence="Unlicense", where="LICENSE.md"),),
    )


def test_a_declaration_survives_the_disk_byte_for_byte(tmp_path: Path) -> None:
    path = save_declaration(tmp_path, _dataset())
    first = path.read_bytes()
    assert load_declaration(tmp_path, "songs") == _dataset()
    save_declaration(tmp_path, load_declaration(tmp_path, "songs"))
    assert path.read_bytes() == first
    assert [path.name for path in declarations_folder(tmp_path).iterdir()] == ["songs.yaml"]


def test_removing_forgets_one_and_names_the_rest(tmp_path: Path) -> None:
    save_declaration(tmp_path, _dataset("a"))
    save_declaration(tmp_path, _dataset("b"))
    remove_declaration(tmp_path, "a")
    assert list(load_declarations(tmp_path)) == ["b"]
    with pytest.raises(DeclarationError, match="known: b"):
        remove_declaration(tmp_path, "a")
    with pytest.raises(DeclarationError, match="known: b"):
        load_declaration(tmp_path, "a")
    with pytest.raises(ValueError, match="is no name"):
        remove_declaration(tmp_path, "../b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "no YAML"),
        ("name: other\nsource: builtin:demo\n", "rename"),
        ("name: bad\nsource: relative/path\n", "no absolute path"),
        ("name: bad\nsource: builtin:nothing\n", "not built in"),
        ("name: bad\nsource: builtin:demo\nterms: {encoding: {licence: free}}\n", "terms.encoding.licence"),
        ("name: bad\nsource: builtin:demo\nextra: 1\n", "extra"),
        ("name: bad\nsource: !!python/object/apply:os.system [true]\n", "no YAML"),
        ("x: &a [1]\nname: *a\n", "aliases"),
        ("[" * 60_000, "nesting"),
        ("just text", "the file"),
        ("name: bad\nattribution: " + "x" * 70_000, "larger than"),
        ("name: \xff", "no YAML"),
        ("name: bad\nsource: http://example.org/a.zip\n", "only https"),
        ("name: bad\nsource: https://user:word@example.org/a.zip\n", "stands before the host"),
        ("name: bad\nsource: https://example.org/page.html\n", "no address of an archive"),
        ("name: bad\nsource: hf://datasets/one\n", "no data set of a hub"),
        ("name: bad\nsource: hf://datasets/a/b/../c\n", "no data set of a hub"),
        ("name: bad\nsource: app-log:logs\napp_log: {}\n", "no absolute path"),
        ("name: bad\nsource: app-log:/logs\n", "app_log goes with"),
        ("name: bad\nsource: /music\napp_log: {}\n", "app_log goes with"),
        ("name: bad\nsource: app-log:/logs\napp_log: {consent: all}\n", "consent_evidence"),
        ("name: bad\nsource: /music\nchecksum: sha256:" + "0" * 64 + "\n", "of an archive"),
        ("name: bad\nsource: /music.zip\nchecksum: sha256:00\n", "checksum"),
    ],
)
def test_a_broken_declaration_is_named_and_keeps_no_other_from_use(tmp_path: Path, text: str, words: str) -> None:
    save_declaration(tmp_path, _dataset())
    (declarations_folder(tmp_path) / "bad.yaml").write_bytes(text.encode("latin-1"))
    assert list(load_declarations(tmp_path)) == ["songs"]
    problems = declaration_problems(tmp_path)
    assert list(problems) == ["bad.yaml"]
    assert words in problems["bad.yaml"]
    assert "\n" not in problems["bad.yaml"]


def test_a_home_without_declarations_has_none(tmp_path: Path) -> None:
    assert load_declarations(tmp_path) == {}
    assert declaration_problems(tmp_path) == {}


def test_a_relative_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert dataset_from_options("songs", "music").source == str(tmp_path / "music")
    assert dataset_from_options("demo", "builtin:demo").source == "builtin:demo"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("/music", "folder"),
        ("/music.zip", "archive"),
        ("/music.tar.GZ", "archive"),
        ("https://example.org:8443/a/music.tar.xz", "https"),
        ("hf://datasets/owner/name@0123abc/folder/music.zip", "hub"),
        ("app-log:/logs", "app-log"),
        ("builtin:demo", "builtin"),
    ],
)
def test_each_kind_of_source_is_known_by_its_form(source: str, kind: str) -> None:
    assert dataset_from_options("songs", source).kind == kind
    assert dataset_from_options("songs", source).source == source


def test_the_folder_of_an_app_is_made_absolute_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    log = dataset_from_options("log", "app-log:logs")
    assert log.source == f"app-log:{tmp_path / 'logs'}"
    assert log.app_log == AppLog()
    assert log.terms.generator.licence == "unknown"
    assert dataset_from_options("log", "app-log:logs", generator="Apache-2.0").terms.generator.licence == "Apache-2.0"


def test_a_model_wrote_the_answers_of_an_app_whatever_its_terms_say() -> None:
    said = {"name": "log", "source": "app-log:/logs", "app_log": {}, "terms": {"encoding": {"licence": "own"}}}
    log = Dataset.model_validate(said)
    assert log.terms.generator.licence == "none"
    assert log.terms_that_count.generator.licence == "unknown"
    assert log.terms_that_count.encoding == log.terms.encoding
    assert _dataset().terms_that_count == _dataset().terms


def test_the_licence_of_the_files_covers_encoding_and_playing_but_never_the_song() -> None:
    terms = terms_from_options("MIT")
    assert (terms.composition.licence, terms.encoding.licence, terms.performance.licence) == ("unknown", "MIT", "MIT")
    same = terms_from_options("MIT", composition="same", performance="none")
    assert (same.composition.licence, same.performance.licence) == ("MIT", "none")


def test_each_missing_layer_is_asked_for() -> None:
    assert [sentence.partition(":")[0] for sentence in missing_layers(terms_from_options(None))] == [
        "composition",
        "encoding",
        "performance",
    ]
    assert [sentence.partition(":")[0] for sentence in missing_layers(terms_from_options("MIT"))] == ["composition"]
    assert missing_layers(terms_from_options("CC0-1.0", "public-domain")) == []
    assert missing_layers(terms_from_options("per-file", "per-file", "none")) == []
    by_model = missing_layers(dataset_from_options("log", "app-log:/logs", "own", "same").terms)
    assert [sentence.partition(":")[0] for sentence in by_model] == ["generator"]
    assert all("denied" in sentence for sentence in missing_layers(terms_from_options(None, generator="unknown")))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"licence": "free"}, "--licence"),
        ({"licence": "MIT", "composition": "whatever"}, "--composition"),
        ({"licence": None, "composition": "same"}, "--licence"),
        ({"licence": "MIT", "generator": "some model"}, "--generator"),
    ],
)
def test_options_that_do_not_fit_are_named(options: dict[str, str | None], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        terms_from_options(**options)
