"""Structures: what a made hymn gives, what it must not give, and what real songs give."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.validation import validate
from boumb_assets.corpus.structures import LEAST_KEPT, derive_structures
from boumb_assets.corpus.structures_schema import STRUCTURES
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets_tests.corpus.pieces import PHRASES, hymn, tables


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


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"grid": "performance"}, "not_score_aligned"),
        ({"metre": "3/8"}, "metre_not_in_contract"),
        ({"metre_changes": 1}, "metre_changes"),
        ({"bpm": 300.0}, "tempo_out_of_range"),
        ({"key_confidence": 0.2}, "key_unclear"),
        ({"key_root": None}, "drums_only"),
        ({"bpm": 200.0}, "duration_out_of_range"),
    ],
)
def test_what_a_file_is_left_out_for(facts: dict[str, Any], reason: str) -> None:
    made = derive_structures(*tables(hymn(), **facts))
    assert (made.table.num_rows, made.dropped) == (0, {reason: 1})


def test_a_first_inversion_or_a_third_on_top_is_no_sure_cadence() -> None:
    over_third = [(o, d, 52 if (p, t) == (48, 2) and o > 0 else p, t) for o, d, p, t in hymn()]
    third_on_top = [(o, d, 76 if d == 4 and t == 0 else p, t) for o, d, p, t in hymn()]
    for notes in (over_third, third_on_top):
        assert derive_structures(*tables(notes)).dropped == {"fewer_than_two_sure_cadences": 1}


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
    assert (made.table.num_rows, made.dropped) == (0, {})
    assert derive_structures(events.slice(0, 0), files).dropped == {"no_notes": 1}


def _extract(shared: Path, dataset: str, count: int):  # type: ignore[no-untyped-def]
    root = shared / "corpus" / dataset
    tasks = [
        FileTask(str(path), path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(root.rglob("*.mid"))[:count]
    ]
    return extract_files(tasks, dataset)


def test_real_songs_give_only_valid_structures_and_every_file_is_accounted_for(shared: Path) -> None:
    found = _extract(shared, "openscore_lieder", 120)
    made = derive_structures(found.events, found.files)
    rows = made.table.to_pylist()
    assert len(rows) >= 3
    assert len(rows) + sum(made.dropped.values()) == found.files.num_rows
    assert len({row["structure_id"] for row in rows}) == len(rows)
    for row in rows:
        assert validate(row["content"], "music-structure") == []
        assert LEAST_KEPT <= row["kept_share"] <= 1
        structure = MusicStructure.model_validate_json(row["content"])
        assert structure.to_json() == row["content"]
        assert structure.fits(MusicRequest.model_validate_json(row["request"]).duration)
        assert structure.sections[-1].cadence in ("PAC", "PICARDY")
    assert derive_structures(found.events, found.files).table.equals(made.table)
