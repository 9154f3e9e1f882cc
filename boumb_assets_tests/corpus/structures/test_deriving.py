"""Structures: what a made hymn gives, what it must not give, and what real songs and chorales give."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.validation import validate
from boumb_assets.corpus.structures.checking import problem_of
from boumb_assets.corpus.structures.deriving import LEAST_COVERED, LEAST_KEPT, Structures, derive_structures
from boumb_assets.corpus.structures.reading import MOST_NOTES
from boumb_assets.corpus.structures.schema import STRUCTURES, STRUCTURES_DROPPED
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets_tests.corpus.pieces import PHRASES, Notes, hymn, some_notes, tables


def _one(*args: object, **facts: object) -> dict[str, object]:
    made = derive_structures(*tables(*args, **facts))  # type: ignore[arg-type]
    assert made.table.schema == STRUCTURES
    assert made.table.num_rows == 1, made.dropped
    row: dict[str, object] = made.table.to_pylist()[0]
    return row


def test_the_hymn_is_read_as_it_was_written() -> None:
    row = _one(hymn())
    structure = MusicStructure.model_validate_json(str(row["content"]))
    assert [" ".join(section.chordProgression) for section in structure.sections] == [chords for _, chords in PHRASES]
    assert [section.cadence for section in structure.sections] == ["PAC", "PAC"]
    assert {section.key for section in structure.sections} == {"C major"}
    assert structure.sections[0].melody.motifs[0].model_dump() == {"degrees": [3, 3, 2, 3], "rhythm": [1, 1, 1, 1]}
    assert structure.sections[0].harmonicFunctions == ["release", "tension", "tension", "release"]
    assert (row["measures"], row["sections"], row["original_key"], row["transposition"]) == (10, 2, "C major", 0)
    request = MusicRequest.model_validate_json(str(row["request"]))
    assert (request.duration, request.period, request.key) == (40.0, "romantic", "C major")
    assert structure.fits(request.duration)


def test_what_is_far_too_long_is_not_listened_to() -> None:
    notes = [(40.0 * time_ + at, length, pitch, track) for time_ in range(90) for at, length, pitch, track in hymn()]
    begin = time.perf_counter()
    assert derive_structures(*tables(notes)).reasons == {"too_long": 1}
    assert time.perf_counter() - begin < 2


def test_more_notes_than_music_has_are_not_listened_to() -> None:
    events, files = tables(hymn())
    many = pa.concat_tables([events] * (MOST_NOTES // events.num_rows + 1)).sort_by("onset_step")
    begin = time.perf_counter()
    assert derive_structures(many, files).reasons == {"too_many_notes": 1}
    assert time.perf_counter() - begin < 2


@given(st.integers(-6, 5))
@settings(max_examples=12, deadline=None)
def test_in_any_key_it_is_the_same_piece_in_a_key_with_a_natural_name(shift: int) -> None:
    row = _one(hymn(shift), key_root=shift % 12)
    home = _one(hymn())
    assert validate(str(row["content"]), "music-structure") == []
    assert row["fingerprint"] == home["fingerprint"]
    structure, other = (json.loads(str(each["content"])) for each in (row, home))
    for section, same in zip(structure["sections"], other["sections"], strict=True):
        assert section["chordProgression"] == same["chordProgression"]
        assert section["melody"] == same["melody"]
    natural = (shift + int(str(row["transposition"]))) % 12
    assert structure["key"] == {0: "C", 2: "D", 4: "E", 5: "F", 7: "G", 9: "A", 11: "B"}[natural] + " major"


def test_what_is_not_known_is_not_asked_for() -> None:
    asked = json.loads(str(_one(hymn(), composer_died=None)["request"]))
    assert not {"focus", "confidence", "motif_tags", "period", "motif_seed", "emotional_arc"} & set(asked)
    assert {"valence", "arousal", "duration", "key", "form", "section_plan"} <= set(asked)
    assert json.loads(str(_one(hymn())["request"]))["period"] == "romantic"


@pytest.mark.parametrize(
    ("died", "period"),
    [(None, None), (1594, None), (1750, "baroque"), (1791, "classical"), (1847, "romantic"), (99999, "modern")],
)
def test_the_period_is_the_composers_if_the_contract_knows_one(died: int | None, period: str | None) -> None:
    row = _one(hymn(), composer_died=died)
    assert json.loads(str(row["request"])).get("period") == period
    assert ("period" in dict(row["confidence"])) == (period is not None)  # type: ignore[call-overload]


def test_the_request_has_the_plan_of_the_sections() -> None:
    row = _one(hymn())
    assert problem_of(str(row["content"]), str(row["request"])) is None
    assert json.loads(str(row["request"]))["section_plan"] == [
        {"name": "A", "measures": 4, "key": "C major", "cadence": "PAC"},
        {"name": "B", "measures": 6, "key": "C major", "cadence": "PAC"},
    ]


@pytest.mark.parametrize(
    ("title", "form"),
    [("Hymn", "AB"), ("Rondo alla turca", "rondo"), ("Menuetto", "minuet"), ("Minuet and Trio", "minuet-trio"),
     ("12 Variationen", "theme-variation"), (None, "AB")],
)  # fmt: skip
def test_the_form_is_the_titles_or_the_letters(title: str | None, form: str) -> None:
    row = _one(hymn(), title=title)
    assert json.loads(str(row["content"]))["form"] == form
    assert [part["name"] for part in json.loads(str(row["content"]))["sections"]] == ["A", "B"]
    sure = dict(row["confidence"])  # type: ignore[call-overload]
    assert (sure["form"] == pytest.approx(0.95)) == (form != "AB")


def test_every_field_has_a_confidence_and_what_the_file_does_not_tell_has_none() -> None:
    row = _one(hymn())
    content, sure = json.loads(str(row["content"])), dict(row["confidence"])  # type: ignore[call-overload]
    fields = {*content} - {"sections"} | {f"sections.{name}" for name in content["sections"][0]}
    assert set(sure) == fields | {"valence", "arousal", "period"}
    assert all(0 <= value <= 1 for value in sure.values())
    assert sure["sections.dynamics"] == 0, "all its notes have one velocity"
    assert sure["sections.chordProgression"] == pytest.approx(row["kept_share"], abs=1e-3)


def test_a_piece_lies_where_its_score_says() -> None:
    later: Notes = [(onset + 12, length, pitch, track) for onset, length, pitch, track in hymn()]
    row = _one([(0.0, 4.0, 55, 0), (4.0, 4.0, 62, 0), (8.0, 4.0, 55, 0), *later])
    assert [(place["first"], place["last"], place["key"], place["cadence"]) for place in row["places"]] == [  # type: ignore[attr-defined]
        (4, 7, "C major", "PAC"), (8, 13, "C major", "PAC"),
    ]  # fmt: skip
    assert 0.9 < float(str(row["covered_share"])) < 1


def test_a_metre_that_the_contract_lacks_is_written_anew() -> None:
    row = _one(hymn(bar=8.0), metre="4/2", bpm=120.0)
    plain = _one(hymn(bar=4.0), metre="4/4", bpm=60.0)
    assert (row["original_metre"], plain["original_metre"]) == ("4/2", "4/4")
    assert row["content"] == plain["content"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"grid": "performance"}, "not_score_aligned"),
        ({"metre": "5/4"}, "metre_not_in_contract"),
        ({"bpm": 300.0}, "tempo_out_of_range"),
        ({"key_root": None}, "no_pitched_notes"),
        ({"bpm": 200.0}, "duration_out_of_range"),
        ({"tempo_map": []}, "tempo_out_of_range"),
    ],
)
def test_what_a_file_is_left_out_for(facts: dict[str, Any], reason: str) -> None:
    made = derive_structures(*tables(hymn(), **facts))
    assert (made.table.num_rows, made.reasons) == (0, {reason: 1})
    (row,) = made.dropped.to_pylist()
    assert made.dropped.schema == STRUCTURES_DROPPED and row["path"] == "hymn.mid" and " " in row["why"]


def test_a_first_inversion_or_a_third_on_top_is_no_sure_cadence() -> None:
    over_third = [(o, d, 52 if (p, t) == (48, 2) and o > 0 else p, t) for o, d, p, t in hymn()]
    third_on_top = [(o, d, 76 if d == 4 and t == 0 else p, t) for o, d, p, t in hymn()]
    for notes in (over_third, third_on_top):
        assert derive_structures(*tables(notes)).reasons == {"fewer_than_two_sure_cadences": 1}


def test_a_melody_that_does_not_rest_ends_no_phrase() -> None:
    restless = [
        note
        for o, d, p, t in hymn()
        for note in ([(o + beat, 1.0, p, t) for beat in range(4)] if t == 0 and d == 4 else [(o, d, p, t)])
    ]
    assert derive_structures(*tables(restless)).table.num_rows == 0


def test_no_files_no_rows() -> None:
    events, files = tables(hymn())
    made = derive_structures(events.slice(0, 0), files.slice(0, 0))
    assert (made.table.num_rows, made.reasons) == (0, {})
    assert derive_structures(events.slice(0, 0), files).reasons == {"no_pitched_notes": 1}


def _check(made: Structures, files: int) -> None:
    """What holds for the structures of any files."""
    rows = made.table.to_pylist()
    assert len(rows) + made.dropped.num_rows == files
    assert len({row["structure_id"] for row in rows}) == len(rows)
    for row in rows:
        assert problem_of(row["content"], row["request"]) is None
        assert LEAST_KEPT <= row["kept_share"] <= 1 and LEAST_COVERED <= row["covered_share"] <= 1 + 1e-6
        structure = MusicStructure.model_validate_json(row["content"])
        assert structure.sections[-1].cadence in ("PAC", "PICARDY")
        assert [section.measures for section in structure.sections if section.measures > 32] == []
        firsts = [place["first"] for place in row["places"]]
        assert firsts == sorted(firsts) and len(firsts) == row["sections"] == len(structure.sections)


@settings(deadline=None, max_examples=40)
@given(some_notes, st.sampled_from(["2/4", "3/4", "4/4", "6/8", "3/8", "12/8", "7/8"]), st.floats(1, 400))
def test_whatever_the_notes_nothing_is_raised(notes: Notes, metre: str, bpm: float) -> None:
    _check(derive_structures(*tables(notes, metre=metre, bpm=bpm)), 1)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 117), st.sampled_from([None, -60, -7, -2, -1, 1, 3, 12, 60])), max_size=12),
    st.floats(30, 240),
    st.sampled_from([0, 4]),
)
def test_whatever_is_changed_in_a_piece_what_is_emitted_is_the_contracts(
    changes: list[tuple[int, int | None]], bpm: float, later: int
) -> None:
    whole = [(onset + 40 * twice + later, *rest) for twice in range(2) for onset, *rest in hymn()]
    for place, change in changes:
        onset, length, pitch, track = whole[place % len(whole)]
        whole[place % len(whole)] = (onset, length, min(127, max(0, pitch + change)) if change else 127, track)
    _check(derive_structures(*tables(whole, bpm=bpm)), 1)  # type: ignore[arg-type]


def _extract(shared: Path, dataset: str, every: int):  # type: ignore[no-untyped-def]
    root = shared / "corpus" / dataset
    tasks = [
        FileTask(str(path), path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(root.rglob("*.mid"))[::every]
    ]
    return extract_files(tasks, dataset)


@pytest.mark.slow
@pytest.mark.parametrize(("dataset", "every", "least"), [("openscore_lieder", 8, 15), ("js_fakes", 1, 20)])
def test_real_music_gives_only_valid_structures_and_every_file_is_accounted_for(
    shared: Path, dataset: str, every: int, least: int
) -> None:
    found = _extract(shared, dataset, every)
    began = time.process_time()
    made = derive_structures(found.events, found.files)
    assert time.process_time() - began < 15, "all of js_fakes in 15 s on one core"
    _check(made, found.files.num_rows)
    assert made.table.num_rows >= least
    half = found.files.slice(found.files.num_rows // 2)
    again = derive_structures(found.events, half)
    assert again.table.equals(made.table.filter(pc.is_in(made.table["path"], half["path"].combine_chunks())))
