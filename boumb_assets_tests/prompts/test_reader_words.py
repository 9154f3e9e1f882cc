"""The parts of the reader: numbers in words, slips, phrases, and the words that decide how others are meant."""

import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.loop_request import MOODS, ROLES, STYLES
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.reading.folding import fold, tokens_of
from boumb_assets.prompts.reading.lexicon import KNOWN, LEXICON, Meaning, _entries
from boumb_assets.prompts.reading.number_words import FIRST, number_at
from boumb_assets.prompts.reading.phrases import expanded
from boumb_assets.prompts.reading.scope import _Walk
from boumb_assets.prompts.reading.scope_words import SCOPES
from boumb_assets.prompts.reading.spelling import respelt
from boumb_assets.theory.scales import SCALES


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("cent vingt", 120), ("cent-vingt-huit", 128), ("quatre-vingt-dix", 90), ("quatre-vingt-dix-sept", 97),
        ("quatre-vingts", 80), ("soixante et onze", 71), ("septante-cinq", 75), ("deux cents", 200),
        ("vingt et un", 21), ("hundred and twenty", 120), ("one hundred twenty-eight", 128), ("one twenty", 120),
        ("one oh five", 105), ("ninety-five", 95), ("forty", 40), ("cent", 100), ("dix-huit", 18), ("four", 4),
    ],
)  # fmt: skip
def test_numbers_in_words(words: str, number: int) -> None:
    texts = tokens_of(fold(words)).texts
    assert number_at(texts, 0) == (number, len(texts))


@given(st.lists(st.sampled_from(sorted(FIRST | {"et", "and", "-", "oh", "x"})), min_size=1, max_size=9))
def test_a_number_ends_within_the_text(words: list[str]) -> None:
    for place, word in enumerate(words):
        if word in FIRST:
            read = number_at(words, place)
            assert read is None or (place < read[1] <= len(words) and read[0] > 0)


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("techno 130", 130), ("130 à la noire", 130), ("noire = 76", 76), ("120 bpm, non plutôt 125", 125),
        ("tempo: ninety", 90), ("about 90", 90), ("autour de quatre-vingt-dix", 90), ("à 92,5 bpm", 92),
        ("@140", 140), ("house 124 Am", 124), ("techno loop 128", 128), ("128 pour une basse", 128),
        ("not 120 but 125", 125), ("les années 90", None), ("80s synth", None), ("80's synth", None),
        ("TR-909", None), ("Juno 106", None), ("CS-80", None), ("take 120", None), ("64 steps", None), ("1/64", None),
        ("100%", None), ("100 pour cent", None), ("swing 60", None), ("an 88 keys piano", None), ("300 bpm", None),
        ("swing 160", 160), ("swing at 60", None), ("90 à l'heure", None), ("90 an hour", None), ("90 par minute", 90),
        ("39 bpm", None), ("50 boucles", None),
    ],
)  # fmt: skip
def test_which_number_is_the_tempo(text: str, bpm: int | None) -> None:
    assert read_request(text).bpm == bpm


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("4 mesures", 4), ("four bars", 4), ("2-bar loop", 2), ("bars: 4", 4), ("4 bars, no, make it 2", 2),
        ("8 bars", None), ("every 2 bars", None), ("toutes les 4 mesures", None), ("4 temps", None), ("4/4", None),
        ("deux mesures, pas quatre", 2),
    ],
)  # fmt: skip
def test_which_number_counts_bars(text: str, bars: int | None) -> None:
    assert read_request(text).bars == bars


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("a melody to go over my bass and drums", "lead"), ("something to go over my drums", None),
        ("J'ai déjà une basse, il me faut des accords", "keys"), ("ma basse est déjà faite", None),
        ("no drums or bass, just keys", "keys"), ("sans batterie ni basse", None),
        ("pas de basse mais un lead", "lead"), ("tu peux pas me faire une basse ?", "bass"),
        ("replace my bass", "bass"), ("the drums stop, a piano enters", "keys"), ("anything but a bass", None),
        ("bass, actually drums", "drums"), ("a lead instead of a pad", "lead"),
        ("quelque chose pour la basse", "bass"), ("riff de piano", "keys"), ("mélodie de basse", "bass"),
        ("piano melody", "lead"), ("808 kick", "drums"), ("TR-808", "drums"), ("808", "bass"),
        ("drum and bass", None), ("d'accord", None), ("suite d'accords", "keys"), ("une basse ou un lead", None),
        ("un rythme bossa", "drums"), ("a funky rhythm", "drums"), ("rythme de basse", "bass"),
        ("un piano au rythme lent", "keys"), ("un rythme lent, à la basse", "drums"), ("change le rythme", None),
        ("quelque chose avec un rythme lent", None), ("rhythm guitar", None), ("steel drums", None),
        ("what keys can you play?", None),
    ],
)  # fmt: skip
def test_which_instrument_is_asked_for(text: str, role: str | None) -> None:
    assert read_request(text).role == role


@pytest.mark.parametrize(
    ("text", "density"),
    [
        ("not too busy", "low"), ("ni trop dense ni trop vide", "medium"), ("neither busy nor sparse", "medium"),
        ("pas mal de notes", "high"), ("density: high", "high"), ("full house", None), ("full beat", "high"),
        ("not sparse", None), ("free of charge", None),
    ],
)  # fmt: skip
def test_how_many_notes(text: str, density: str | None) -> None:
    assert read_request(text).density == density


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("pas triste", None), ("less dark", None), ("not sad, happy", "happy"), ("une basse romantique", "romantic"),
        ("une basse de l'époque romantique", None), ("Romantic-era bass", None), ("la noire à 90", None),
        ("je ne veux pas que ce soit sombre", None), ("dark or happy", None), ("warm and fat", None),
        ("between happy and sad", None), ("happy and sad", "happy"),
    ],
)  # fmt: skip
def test_moods(text: str, mood: str | None) -> None:
    assert read_request(text).mood == mood


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Am pentatonic", (9, "pentatonic_minor")), ("pentatonique en la mineur", (9, "pentatonic_minor")),
        ("Abmaj7", (8, "major")), ("Dm7b5", (2, "minor")), ("G7", (7, "major")), ("Csus4", (0, None)),
        ("C4", (None, None)), ("f#m", (6, "minor")), ("in am", (9, "minor")), ("I am here", (None, None)),
        ("dorien de mi", (4, "dorian")), ("double harmonic G", (7, "double_harmonic")), ("en sib", (10, None)),
        ("mi b majeur", (3, "major")), ("not in C, in D", (2, None)), ("do mineur, non, majeur", (0, "major")),
        ("majeur ou mineur", (None, None)), ("la gamme insen", (None, "insen")), ("la, gamme blues", (9, "blues")),
        ("a blues", (None, "blues")), ("E blues", (4, "blues")), ("koto en dorien", (None, "dorian")),
        ("oriental", (None, "double_harmonic")), ("minor third", (None, None)), ("rhythm and blues", (None, None)),
        ("accords mineurs", (None, "minor")), ("pentatonique majeure fa, flûte", (5, "pentatonic_major")),
        ("plan b", (None, None)),
    ],
)  # fmt: skip
def test_keys(text: str, key: tuple[int | None, str | None]) -> None:
    read = read_request(text)
    assert (read.root, read.scale) == key


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("tecno", "techno"), ("batteri", "batterie"), ("meldoy", "melody"), ("percusion", "percussion"),
        ("trapp", "trap"), ("chorus", "chorus"), ("violence", "violence"), ("ambiance", "ambiance"),
        ("camping", "camping"), ("bases", "bases"), ("something", "something"),
    ],
)  # fmt: skip
def test_slips(word: str, meant: str) -> None:
    assert respelt(word) == meant


@given(st.text("abcdeilmnorstuy", max_size=12))
def test_a_guess_is_one_slip_away(word: str) -> None:
    guess = respelt(word)
    assert guess == word or (guess in KNOWN and _distance(word, guess) == 1)


def _distance(one: str, other: str) -> int:
    """The restricted Damerau-Levenshtein distance, by its recurrence."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def test_lists_of_phrases() -> None:
    assert list(expanded("joyeu{x|se}, a {b|c} d{|s}, ")) == ["joyeux", "joyeuse", "a b d", "a b ds", "a c d", "a c ds"]


def test_every_phrase_can_be_met_in_a_folded_text() -> None:
    for phrase in LEXICON:
        assert " ".join(tokens_of(fold(phrase)).texts) == phrase


def test_no_phrase_means_two_things() -> None:
    meanings: dict[str, Meaning] = {}
    for phrase, meaning in _entries():
        before = meanings.setdefault(phrase, meaning)
        assert before is meaning or (before[:3] == meaning[:3] and before.language != meaning.language), phrase


def test_what_both_languages_say_belongs_to_neither() -> None:
    assert LEXICON["violent"].language == "" and LEXICON["violente"].language == "fr"
    assert read_request("violent techno lead").language == "en"


def test_every_value_is_one_of_the_request() -> None:
    values = {"role": set(ROLES), "style": set(STYLES), "mood": set(MOODS), "scale": {*SCALES, "pentatonic"}}
    values |= {"density": {"low", "medium", "high", "vacant"}, "scope": set(SCOPES), "": {""}}
    for phrase, meaning in LEXICON.items():
        assert meaning.value in values[meaning.field], phrase
    for field in ("role", "style", "mood"):
        assert {meaning.value for meaning in LEXICON.values() if meaning.field == field} == values[field]


def test_every_word_of_scope_has_its_meaning() -> None:
    assert all(callable(getattr(_Walk, f"_{name}", None)) for name in SCOPES)


HOSTILE = (
    "no, 120 jazz ", "bass deja ", "cent vingt ", "jazz instead ", "2 bars no 4 ", "no jazz ", "over drums ", "a ",
    "en la ", "la # ", "melodi ", "(", "'a' ", "Am7 ", "ou ", "1/2", "120-", "x" * 40 + " ", "🎹é", "𝄞 ",
    "entre jazz et funk ", "rythme ", "transpose to A ", "\u200b", "፩", "في ",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_length_alone(unit: str) -> None:
    """Ten thousand characters take at most some thirty times as long as a thousand."""
    short, long = (min(_seconds((unit * count)[:count]) for _ in range(3)) for count in (1_000, 10_000))
    assert long < 30 * short + 0.02


def _seconds(text: str) -> float:
    start = time.perf_counter()
    read_request(text)
    return time.perf_counter() - start


def test_what_comes_together_is_read_together() -> None:
    """Words that do not bear on one another are read as each by itself, whatever their order."""
    parts = {"role": "walking bass", "style": "bossa nova", "mood": "playful", "density": "sparse", "bpm": "97 bpm"}
    alone = {name: getattr(read_request(text), name) for name, text in parts.items()}
    assert None not in alone.values()
    for one, other in combinations(parts, 2):
        for order in ((one, other), (other, one)):
            read = read_request(", ".join(parts[name] for name in order))
            assert {name: getattr(read, name) for name in order} == {name: alone[name] for name in order}
