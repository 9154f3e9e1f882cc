"""The reader on requests as users write them: what is said, nothing else, and never a failure."""

import sys
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.reading.folding import MAX_CHARACTERS, fold


def said(text: str) -> dict[str, Any]:
    return read_request(text).model_dump(exclude_none=True)


REQUESTS: list[tuple[str, dict[str, Any]]] = [
    (
        "Grosse basse qui tache en fa dièse mineur, 140 bpm",
        {"role": "bass", "root": 6, "scale": "minor", "bpm": 140, "language": "fr"},
    ),
    ("Basse funky", {"role": "bass", "style": "funk", "language": "fr"}),
    ("Mélodie lo-fi", {"role": "lead", "style": "lo-fi", "language": "fr"}),
    ("Nappe ambient", {"role": "pad", "style": "ambient", "language": "fr"}),
    ("Accords house", {"role": "keys", "style": "house", "language": "fr"}),
    ("Batterie techno", {"role": "drums", "style": "techno", "language": "fr"}),
    ("dark techno bass", {"role": "bass", "style": "techno", "mood": "dark", "language": "en"}),
    ("koto", {"scale": "hirajoshi", "language": "fr"}),
    ("mélodie au koto en ré mineur", {"role": "lead", "root": 2, "scale": "minor", "language": "fr"}),
    (
        "Context: F# minor 140BPM. Request: Basse funky",
        {"role": "bass", "style": "funk", "root": 6, "scale": "minor", "bpm": 140, "language": "fr"},
    ),
    (
        "Context: A# pentatonic_minor 90BPM. Request: sad pad in C major",
        {"role": "pad", "root": 0, "scale": "major", "bpm": 90, "mood": "melancholic", "language": "en"},
    ),
    ("User Request: trap drums, 4 bars", {"role": "drums", "style": "trap", "bars": 4, "language": "en"}),
    (
        "j'veux une ligne de basse bien groovy en Mi mineur à 105",
        {"role": "bass", "root": 4, "scale": "minor", "bpm": 105, "language": "fr"},
    ),
    (
        "j'aimerais une nappe éthérée, peu de notes, ré bémol majeur",
        {"role": "pad", "root": 1, "scale": "major", "density": "low", "mood": "dreamy", "language": "fr"},
    ),
    (
        "chill lo-fi chords in Db major, 75 bpm, 4 bars",
        {
            "role": "keys", "style": "lo-fi", "root": 1, "scale": "major", "bpm": 75, "bars": 4, "mood": "calm",
            "language": "en",
        },
    ),
    (
        "jazz-funk keys Cm 100bpm",
        {"role": "keys", "style": "funk", "root": 0, "scale": "minor", "bpm": 100, "language": "en"},
    ),
    ("house jazzy chords", {"role": "keys", "style": "house", "language": "en"}),
    ("dub techno chords", {"role": "keys", "style": "techno", "language": "en"}),
    ("pas de batterie, juste une basse", {"role": "bass", "language": "fr"}),
    ("une mélodie pas trop chargée", {"role": "lead", "density": "low", "language": "fr"}),
    ("une basse à basse densité", {"role": "bass", "density": "low", "language": "fr"}),
    ("mélodie de basse", {"role": "bass", "language": "fr"}),
    ("gamme pentatonique mineure de la", {"root": 9, "scale": "pentatonic_minor", "language": "fr"}),
    ("minor pentatonic lead in A", {"role": "lead", "root": 9, "scale": "pentatonic_minor", "language": "en"}),
    ("E♭ phrygian dominant", {"root": 3, "scale": "phrygian_dominant", "language": "en"}),
    ("basse en F♯ mineur", {"role": "bass", "root": 6, "scale": "minor", "language": "fr"}),
    ("drum and bass pad", {"role": "pad", "language": "en"}),
    ("ＢＡＳＳＥ ＦＵＮＫＹ １２０ＢＰＭ", {"role": "bass", "style": "funk", "bpm": 120, "language": "fr"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REQUESTS, ids=[text for text, _ in REQUESTS])
def test_reads_what_is_said(text: str, expected: dict[str, Any]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("bass in A minor", 9),
        ("bass in a minor", 9),
        ("A minor, 120 BPM", 9),
        ("write a minor bassline", None),
        ("a minor bassline", None),
        ("A minor bassline", 9),
        ("A minor key bassline", None),
        ("A minor detail", None),
        ("A minor lead in E", 4),
        ("A harmonic minor lead", 9),
        ("A min bass", 9),
        ("A blues scale bassline", None),
        ("Transpose it to G", 7),
        ("only pads. Lydian, G.", 7),
        ("B. Dylan", None),
        ("in a minor key", None),
        ("la basse en mineur", None),
        ("la majeure partie du morceau", None),
        ("en la mineur", 9),
        ("en la", 9),
        ("en la jouant doucement", None),
        ("si tu peux, une basse", None),
        ("une basse en si", 11),
        ("do minor changes to the beat", None),
        ("do mineur", 0),
        ("il y en a.", None),
        ("in a 120 bpm loop", None),
        ("3 AM vibes with an FM bass", None),
        ("I am happy", None),
        ("Am, 90 bpm", 9),
        ("a flat bass", None),
        ("A flat major", 8),
        ("mi bémol", 3),
        ("do bémol majeur", 11),
    ],
)
def test_a_root_is_a_root_and_not_a_word(text: str, root: int | None) -> None:
    assert read_request(text).root == root


@pytest.mark.parametrize(
    "text", ["", "   ", "🎹🔥", "asdf qwerty", "300 bpm", "12 bpm", "8 mesures", "16 bars", "2 min", "années 80"]
)
def test_invents_nothing(text: str) -> None:
    assert said(text).keys() == {"language"}


@given(st.text(st.characters(), max_size=300))
def test_never_fails(text: str) -> None:
    assert isinstance(read_request(text), LoopRequest)


def test_reads_the_digits_of_every_script() -> None:
    digits = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isdigit()]
    assert len(digits) > 700
    for digit in digits:  # those in circles, in brackets and with a full stop too
        assert {sign for sign in fold(digit).plain if sign.isdigit()} == {str(unicodedata.digit(digit))}
        if digit.isdecimal() and unicodedata.digit(digit) >= 4:
            assert read_request(f"basse {digit * 2} bpm").bpm == 11 * unicodedata.digit(digit)


def test_invisible_signs_part_no_word() -> None:
    assert said("\u202eba\u200bsse\ufeff fun\u00adky\u202c") == said("basse funky")


FRAGMENTS = (
    "a", "la", "do", "en", "in", "minor", "mineur", "gamme", "de", "basse", "drum", "and", "bass", "not", "too",
    "tempo",
    "context:", "request:", "120", "bpm", "#", "b", "-", ",", "ﷺ",
)  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60))
def test_never_fails_on_its_own_words(words: list[str]) -> None:
    assert isinstance(read_request(" ".join(words)), LoopRequest)


@pytest.mark.parametrize(
    "unit", ["a ", "gamme a de ", "tempo de ", "pas ", "bass-", "context: a b ", "double harmonic", "ﷺ", "1"]
)
def test_long_text_takes_bounded_time(unit: str) -> None:
    start = time.perf_counter()
    read_request(unit * 200_000)
    assert time.perf_counter() - start < 2


def test_only_the_beginning_of_a_long_text_counts() -> None:
    assert said("." * MAX_CHARACTERS + " basse funky").keys() == {"language"}
