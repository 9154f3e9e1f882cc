"""The facts that a collection states: read where they can be, left out where they cannot."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boumb_assets.ingest import metadata
from boumb_assets.ingest.listing import survey
from boumb_assets.ingest.metadata import FACTS, MAX_TEXT_CHARS, FileFacts, read_metadata
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.rejection import Reason, Rejection
from boumb_assets_tests.ingest.scanning import scan_folder


def _read(root: Path) -> tuple[dict[str, FileFacts], list[Rejection]]:
    table, rejections = read_metadata(root, survey(root)[0])
    assert table.schema == FACTS
    assert table["path"].to_pylist() == sorted(set(table["path"].to_pylist()))
    return {row.pop("path"): FileFacts(**row) for row in table.to_pylist()}, rejections


def test_a_table_of_endless_rows_is_set_aside_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "MAX_FACTS", 100)
    (tmp_path / "a").mkdir()
    (tmp_path / "index.tsv").write_text("file\ttitle\n" + "a.mid\tOne\n" * 60)
    (tmp_path / "a" / "index.tsv").write_text("file\ttitle\n" + "b.mid\tTwo\n" * 60)
    facts, rejections = _read(tmp_path)
    assert set(facts) == {"a.mid"}
    assert [(one.path, one.reason) for one in rejections] == [("a/index.tsv", Reason.MALFORMED)]
    assert "more than 100 rows" in rejections[0].detail


def test_an_index_of_songs(tmp_path: Path) -> None:
    (tmp_path / "index.tsv").write_text(
        "file\ttitle\tset\tcomposer\tborn\tdied\tstyle\tbpm\n"
        'a.mid\tDie "Forelle" – I\top. 32\tFranz Schubert\t1797\t1828\tlied\t96.5\n'
        "b.mid\t\t\tTraditional\t\t\t\tfast\n"
        "short.mid\tOnly a title\n"
        "\n",
        encoding="utf-8",
    )
    facts, rejections = _read(tmp_path)
    assert rejections == []
    assert facts == {
        "a.mid": FileFacts('Die "Forelle" – I', "Franz Schubert", 1828, "lied", 96.5, None),
        "b.mid": FileFacts(composer="Traditional"),
        "short.mid": FileFacts(title="Only a title"),
    }


def test_the_info_of_groove(tmp_path: Path) -> None:
    (tmp_path / "info.csv").write_text(
        "drummer,style,bpm,time_signature,midi_filename,split\n"
        'drummer1,"latin/brazilian, samba",110,4-4,drummer1/x.mid,train\n'
    )
    facts, _ = _read(tmp_path)
    assert facts == {"drummer1/x.mid": FileFacts(style="latin/brazilian, samba", bpm=110.0, official_split="train")}


def test_the_table_of_maestro(tmp_path: Path) -> None:
    (tmp_path / "maestro-v3.0.0.csv").write_text(
        "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration\n"
        'Alban Berg,"Sonata, Op. 1",train,2018,2018/berg.midi,2018/berg.wav,698.66\n'
        'Pyotr Ilyich Tchaikovsky / Mikhail Pletnev,"March, from ""The Nutcracker""",test,2009,2009/t.midi,t.wav,1\n'
    )
    facts, rejections = _read(tmp_path)
    assert rejections == []
    assert facts == {
        "2018/berg.midi": FileFacts("Sonata, Op. 1", "Alban Berg", official_split="train"),
        # The year is that of the performance; the one who arranged has rights of their own.
        "2009/t.midi": FileFacts(
            'March, from "The Nutcracker"',
            "Pyotr Ilyich Tchaikovsky",
            official_split="test",
            arranger="Mikhail Pletnev",
        ),
    }


def test_the_table_of_asap_speaks_of_scores_and_performances(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text(
        "composer,title,folder,xml_score,midi_score,midi_performance,maestro_midi_performance\n"
        "Bach,Fugue_bwv_846,Bach/Fugue,Bach/Fugue/s.xml,Bach/Fugue/s.mid,Bach/Fugue/p1.mid,{maestro}/2018/x.midi\n"
        "Bach,Fugue_bwv_846,Bach/Fugue,Bach/Fugue/s.xml,Bach/Fugue/s.mid,Bach/Fugue/p2.mid,\n"
    )
    facts, _ = _read(tmp_path)
    assert facts == dict.fromkeys(
        ["Bach/Fugue/s.mid", "Bach/Fugue/p1.mid", "Bach/Fugue/p2.mid"], FileFacts("Fugue_bwv_846", "Bach")
    )


def test_what_an_index_says_of_rights_and_of_questions_is_kept_as_it_says_it(tmp_path: Path) -> None:
    (tmp_path / "index.tsv").write_text(
        "file\tarranger\tarranger_died\tpublished\tlicense\tcomposition_licence\tperformance_license\tasked\n"
        "a.mid\tEgon Petri\t1962\t1944\tCC BY 4.0\tpublic domain\t<CC-BY-NC?>\tBasse funky, s'il te pla\u00eet\n",
        encoding="utf-8",
    )
    facts, _ = _read(tmp_path)
    assert facts["a.mid"] == FileFacts(
        arranger="Egon Petri",
        arranger_died=1962,
        published=1944,
        encoding_licence="CC BY 4.0",
        composition_licence="public domain",
        performance_licence="<CC-BY-NC?>",
        asked="Basse funky, s'il te pla\u00eet",
    )


def test_every_fact_has_a_column_of_the_manifest() -> None:
    assert set(FACTS.names) - {"path"} == {field.name for field in fields(FileFacts)} <= set(RAW.names)


def test_what_the_deeper_index_leaves_out_the_outer_one_says(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.tsv").write_text("file\ttitle\tcomposer\tlicence\nsub/a.mid\touter\tBach\tCC0-1.0\n")
    (tmp_path / "sub" / "index.tsv").write_text("file\ttitle\tcomposer\na.mid\tinner\t\n")
    facts, _ = _read(tmp_path)
    assert facts == {"sub/a.mid": FileFacts("inner", "Bach", encoding_licence="CC0-1.0")}


def test_a_broken_line_takes_all_of_its_index_with_it(tmp_path: Path) -> None:
    lines = "".join(f"{number}.mid\tx\n" for number in range(5000))
    (tmp_path / "index.tsv").write_bytes(f"file\ttitle\n{lines}".encode() + b"\xff\n")
    facts, rejections = _read(tmp_path)
    assert facts == {}
    assert [rejection.path for rejection in rejections] == ["index.tsv"]


def test_paths_are_those_of_the_index_and_the_deeper_one_counts(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.tsv").write_text("file\ttitle\nsub/a.mid\touter\nb.mid\touter\n")
    (tmp_path / "sub" / "index.tsv").write_text("file\ttitle\na.mid\tinner\n")
    facts, _ = _read(tmp_path)
    assert {path: fact.title for path, fact in facts.items()} == {"sub/a.mid": "inner", "b.mid": "outer"}


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe\x00broken", b"title\tcomposer\nx\ty\n", b"file,title\n\x00\n"],
    ids=["empty", "no UTF-8", "no column of paths", "commas in a .tsv"],
)
def test_a_bad_index_gives_one_reason_and_stops_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "index.tsv").write_bytes(data)
    (tmp_path / "a.mid").write_bytes(b"x")
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["title"].to_pylist() == [None]
    assert scanned.rejected["path"].to_pylist() == ["index.tsv"]
    assert scanned.rejected["reason"].to_pylist() == ["malformed"]


@pytest.mark.parametrize(
    ("column", "cell", "name", "value"),
    [
        ("died", "1828", "composer_died", 1828),
        ("died", "c. 1828", "composer_died", None),
        ("died", "18280", "composer_died", None),
        ("died", "-44", "composer_died", None),
        ("died", "١٩٠٠", "composer_died", None),
        ("bpm", "120", "bpm", 120.0),
        ("bpm", "nan", "bpm", None),
        ("bpm", "inf", "bpm", None),
        ("bpm", "0", "bpm", None),
        ("bpm", "1e9", "bpm", None),
        ("title", " a \u0000 b \u202e ", "title", "a b"),
        ("title", "x" * 1000, "title", "x" * MAX_TEXT_CHARS),
    ],
)
def test_a_value_that_cannot_be_read_is_left_out(
    tmp_path: Path, column: str, cell: str, name: str, value: object
) -> None:
    (tmp_path / "index.tsv").write_text(f"file\t{column}\na.mid\t{cell}\n", encoding="utf-8")
    facts, _ = _read(tmp_path)
    assert getattr(facts["a.mid"], name) == value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(["index.tsv", "info.csv"]), st.sampled_from([b"", b"file\ttitle\n"]))
def test_no_bytes_whatever_stop_a_scan(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str, head: bytes
) -> None:
    root = tmp_path_factory.mktemp("any")
    (root / name).write_bytes(head + data)
    (root / "a.mid").write_bytes(b"x")
    assert scan_folder(root, "songs").raw.num_rows == 1
