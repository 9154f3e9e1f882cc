import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.harmony_rules import body_numerals, cadence_endings, cadence_of, check_progression, tonic
from boumb_assets.contracts.music_structure import (
    KEYS,
    TIME_SIGNATURES,
    MusicStructure,
    bar_quarters,
    total_measures,
)
from boumb_assets.contracts.text_fields import clip_text, utf16_units
from boumb_assets_tests.contracts.models import QUICK, structures

EXAMPLE: dict[str, Any] = {
    "key": "d minor", "tempo": 72, "timeSignature": "3/4", "form": "ABA",
    "sections": [
        {"name": "A", "measures": 8, "key": "d minor", "chordProgression": ["i", "iv", "VI", "iv", "i", "VI", "V", "i"],
         "melody": {"motifs": [{"degrees": [5, 4, 3, 2], "rhythm": [1, 0.5, 0.5, 1]}]}, "dynamics": "p",
         "texture": "homophonic", "cadence": "PAC",
         "harmonicFunctions": ["release", "tension", "ambiguity", "tension", "release", "ambiguity", "tension",
                               "release"]},
        {"name": "B", "measures": 8, "key": "F major", "chordProgression": ["I", "vi", "ii", "V"],
         "melody": {"motifs": [{"degrees": [1, 3, 5, 6], "rhythm": [1, 1, 0.5, 0.5]}]}, "dynamics": "mf",
         "texture": "homophonic", "cadence": "HC"},
    ],
    "leitmotifs": [{"tag": "memory", "degrees": [5, 4, 3, 2], "rhythm": [1, 0.5, 0.5, 1]}],
    "humanize": {"rubato": "subtle", "velocityCurve": "phrase", "peakBoost": 0.22, "phraseEndSoftness": 0.35},
    "instrumentation": "piano", "character": "a quiet farewell",
}  # fmt: skip


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_the_contracts_example_is_read_and_written_back_byte_by_byte() -> None:
    structure = MusicStructure.model_validate_json(_text(EXAMPLE))
    assert structure.to_json() == _text(EXAMPLE)
    assert structure.measures == 16
    assert structure.duration_s == pytest.approx(16 * 3 * 60 / 72)


def test_the_whole_structure_of_the_contracts_page(shared: Path) -> None:
    page = (shared / "contracts" / "airia.md").read_text()
    text = page[page.index("```json") + 7 : page.rindex("```")]
    assert MusicStructure.model_validate_json(text).to_json() == _text(json.loads(text))


@QUICK
@given(structures())
def test_canonical_text_reads_back_as_it_was(structure: MusicStructure) -> None:
    assert MusicStructure.model_validate_json(structure.to_json()) == structure


@pytest.mark.parametrize(
    ("key", "chords", "cadence"),
    [
        ("C major", "I V", "HC"), ("C major", "I V I", "PAC"), ("C major", "I V V vi", "DC"),
        ("C major", "I vii V I", "PAC"),
        ("a minor", "i V", "HC"), ("a minor", "i V i", "PAC"), ("a minor", "i v V VI", "DC"),
        ("a minor", "i V I", "PICARDY"),
        ("a minor", "i II III iv v VI vii V i", "PAC"),
    ],
)  # fmt: skip
def test_progressions_that_the_app_keeps(key: str, chords: str, cadence: str) -> None:
    check_progression(chords.split(), key, cadence)


@pytest.mark.parametrize(
    ("key", "chords", "cadence", "code"),
    [
        ("C major", "V I", "PAC", "not_from_tonic"), ("C major", "vi V I", "PAC", "not_from_tonic"),
        ("a minor", "I V i", "PAC", "not_from_tonic"), ("C major", "I IV I", "PAC", "cadence_not_in_chords"),
        ("a minor", "i iv v i", "PAC", "cadence_not_in_chords"), ("a minor", "i V I", "PAC", "cadence_not_in_chords"),
        ("C major", "I V vi", "PAC", "cadence_not_in_chords"), ("C major", "I V I", "PICARDY", "cadence_not_in_mode"),
        ("C major", "I v V I", "PAC", "chord_not_in_mode"), ("a minor", "i V V i", "PAC", "chord_not_in_mode"),
        ("a minor", "i V v V", "HC", "chord_not_in_mode"), ("a minor", "i I V I", "PICARDY", "chord_not_in_mode"),
        ("a minor", "i IV V i", "PAC", "chord_not_in_mode"), ("C major", "I V I", "IAC", "cadence_not_in_mode"),
    ],
)  # fmt: skip
def test_progressions_that_it_does_not(key: str, chords: str, cadence: str, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        check_progression(chords.split(), key, cadence)


@QUICK
@given(st.booleans(), st.data())
def test_a_progression_spells_its_own_cadence_and_no_other(minor: bool, data: st.DataObject) -> None:
    endings = cadence_endings(minor)
    cadence = data.draw(st.sampled_from(list(endings)))
    body = data.draw(st.lists(st.sampled_from(body_numerals(minor)), max_size=5))
    chords = [tonic(minor), *body, *endings[cadence]]
    assert cadence_of(chords, minor) == cadence
    key = "a minor" if minor else "C major"
    check_progression(chords, key, cadence)
    for other in set(endings) - {cadence}:
        with pytest.raises(ValueError, match="cadence_not_in_chords"):
            check_progression(chords, key, other)


def test_keys_are_the_fourteen_without_accidentals() -> None:
    assert len(KEYS) == 14 and not any("#" in key or "b " in key.removeprefix("b ") for key in KEYS)


@pytest.mark.parametrize(("metre", "quarters"), [("2/4", 2), ("3/4", 3), ("4/4", 4), ("6/8", 3), ("2/2", 4)])
def test_measures_in_quarters(metre: str, quarters: float) -> None:
    assert bar_quarters(metre) == quarters
    assert metre in TIME_SIGNATURES


@pytest.mark.parametrize(
    ("seconds", "tempo", "metre", "sections", "measures"),
    [
        (60, 72, "3/4", 3, 24),  # 2.5 s a measure
        (180, 120, "4/4", 3, 90),
        (20, 40, "4/4", 2, 8),  # 3 measures would do, the app has 8
        (420, 220, "2/4", 2, 160),
        (20, 40, "4/4", 12, 48),  # 4 a section
        (25, 120, "4/4", 2, 13),  # 12.5: JavaScript rounds halves up
        (21, 120, "4/4", 2, 11),  # 10.5, where Python would round to even
    ],
)
def test_the_app_refits_a_piece_to_these_measures(
    seconds: float, tempo: float, metre: str, sections: int, measures: int
) -> None:
    assert total_measures(seconds, tempo, metre, sections) == measures


def test_measures_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="tempo"):
        total_measures(60, 0, "4/4", 2)
    with pytest.raises(ValueError, match="5/4"):
        total_measures(60, 100, "5/4", 2)


def test_a_structure_fits_the_length_that_gives_its_measures() -> None:
    structure = MusicStructure.model_validate_json(_text(EXAMPLE))
    assert structure.fits(40) and not structure.fits(180)


@given(st.text(), st.integers(0, 10))
def test_a_text_is_clipped_as_javascript_counts(text: str, limit: int) -> None:
    clipped = clip_text(text, limit)
    assert text.startswith(clipped) and utf16_units(clipped) <= limit
    assert clipped == text or utf16_units(text[: len(clipped) + 1]) > limit


def test_an_emoji_counts_twice() -> None:
    assert utf16_units("a😀é") == 4
