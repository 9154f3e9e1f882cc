from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boumb_assets.ingest.demo import load_tunes
from boumb_assets.ingest.tune_notation import Tune, TuneError, parse_tune
from boumb_assets.ingest.tune_parts import tune_conductor, tune_parts
from boumb_assets.theory.scales import in_scale_share

HEAD = "title: T\ncomposer: traditional (nowhere)\nmetre: 3/4\nkey: G major\ntempo: 90\nunit: 1/4\nstyle: traditional\n"
TUNES = load_tunes()
# The first line of songs that everybody knows, as MIDI numbers above the tonic.
INCIPITS = {
    "au-clair-de-la-lune": [0, 0, 0, 2, 4, 2, 0, 4, 2, 2, 0],
    "frere-jacques": [0, 2, 4, 0, 0, 2, 4, 0, 4, 5, 7],
    "sur-le-pont-d-avignon": [0, 0, 0, 2, 2, 2, 4, 5, 7, 0, -1, 0, 2, -5],
    "ah-vous-dirai-je-maman": [0, 0, 7, 7, 9, 9, 7, 5, 5, 4, 4, 2, 2, 0],
    "london-bridge": [7, 9, 7, 5, 4, 5, 7],
    "greensleeves": [0, 3, 5, 7, 8, 7, 5, 2, -2, 0, 2],
    "god-save-the-king": [0, 0, 2, -1, 0, 2, 4, 4, 5, 4, 2, 0],
    "beethoven-ode-an-die-freude": [4, 4, 5, 7, 7, 5, 4, 2, 0, 0, 2, 4, 4, 2, 2],
    "beethoven-fuer-elise": [7, 6, 7, 6, 7, 2, 5, 3, 0],
    "mozart-rondo-alla-turca": [2, 0, -1, 0, 3],
    "petzold-minuet-in-g": [7, 0, 2, 4, 5, 7, 0, 0],
    "pachelbel-canon": [16, 14, 12, 11, 9, 7, 9, 11],
    "silent-night": [7, 9, 7, 4, 7, 9, 7, 4],
    "brahms-wiegenlied": [4, 4, 7, 4, 4, 7],
    "drunken-sailor": [7, 7, 7, 7, 7, 7, 7, 0, 3, 7],
    "auld-lang-syne": [-5, 0, 0, 0, 4, 2, 0, 2, 4],
}


def tune(music: str, **header: str) -> Tune:
    return parse_tune(HEAD + "".join(f"{name}: {value}\n" for name, value in header.items()) + "\n" + music)


def test_there_are_tunes_of_many_kinds() -> None:
    assert len(TUNES) >= 26
    assert {"traditional", "classical"} == {each.style for each in TUNES.values()}
    assert len({each.metre for each in TUNES.values()}) >= 5
    assert {"major", "minor", "dorian"} <= {each.mode for each in TUNES.values()}
    assert len({each.title for each in TUNES.values()}) == len(TUNES)


@pytest.mark.parametrize("slug", TUNES)
def test_every_bar_is_as_long_as_its_metre_says(slug: str) -> None:
    parsed = TUNES[slug]
    bar = 4 * Fraction(*parsed.metre)
    first = parsed.pickup or bar
    assert parsed.bars[0] == first
    assert all(length == bar for length in parsed.bars[1:-1])
    assert parsed.bars[-1] in ({bar, bar - parsed.pickup} if parsed.pickup else {bar})
    assert len(parsed.bars) >= 8


@pytest.mark.parametrize("slug", TUNES)
def test_tunes_are_in_their_key_and_in_the_public_domain(slug: str) -> None:
    parsed = TUNES[slug]
    pitches = [note.pitch for note in parsed.notes]
    assert in_scale_share(pitches, parsed.root, parsed.mode) >= 0.75
    assert min(pitches) >= 43 and max(pitches) <= 90
    assert parsed.composer.startswith("traditional (") == (parsed.died is None)
    assert parsed.died is None or parsed.died < 1950  # seventy years and more
    onsets = [note.onset for note in parsed.notes]
    assert onsets == sorted(set(onsets)), "one voice"


@pytest.mark.parametrize("slug", TUNES)
def test_chords_carry_the_melody(slug: str) -> None:
    parsed = TUNES[slug]
    assert parsed.chords[0].onset <= parsed.pickup
    assert parsed.chords[-1].root == parsed.root or slug in {"grieg-in-the-hall-of-the-mountain-king"}
    if parsed.accompanied:
        melody, accompaniment = tune_parts(parsed)
        assert min(pitch for _, _, pitch, _ in accompaniment.notes) < min(pitch for _, _, pitch, _ in melody.notes)
        length = tune_conductor(parsed).length
        assert all(onset + duration <= length for onset, duration, _, _ in (*melody.notes, *accompaniment.notes))


@pytest.mark.parametrize("slug", INCIPITS)
def test_known_melodies_begin_as_they_should(slug: str) -> None:
    parsed = TUNES[slug]
    wanted = INCIPITS[slug]
    pitches = [note.pitch for note in parsed.notes[: len(wanted)]]
    tonic = pitches[0] - wanted[0]
    assert tonic % 12 == parsed.root
    assert [pitch - tonic for pitch in pitches] == wanted


def test_notes_lengths_accidentals_and_octaves() -> None:
    parsed = tune("F f/ ^f'/ =F | B, z/ c3/2 |")
    assert [note.pitch for note in parsed.notes] == [66, 78, 90, 65, 59, 72]
    assert [note.onset for note in parsed.notes] == [0, 1, Fraction(3, 2), 2, 3, Fraction(9, 2)]
    assert parsed.notes[-1].duration == Fraction(3, 2)


def test_an_accidental_holds_to_the_bar_line_for_its_octave() -> None:
    parsed = tune("^G G g | G G G |")
    assert [note.pitch for note in parsed.notes] == [68, 68, 79, 67, 67, 67]


def test_ties_repeats_chords_and_comments() -> None:
    parsed = tune('|: "G" G2 A- | A "D7" B2 :| % once more\n"G" G3 |')
    assert [note.pitch for note in parsed.notes] == [67, 69, 71, 67, 69, 71, 67]
    assert parsed.notes[1].duration == 2
    assert [(c.onset, c.duration, c.root, c.quality) for c in parsed.chords][:3] == [
        (Fraction(0), Fraction(4), 7, ""),
        (Fraction(4), Fraction(2), 2, "7"),
        (Fraction(6), Fraction(4), 7, ""),
    ]


def test_a_pickup_is_a_first_bar_of_its_own_and_the_last_bar_makes_up_for_it() -> None:
    parsed = tune("D | G2 A | B2 |", pickup="1/4")
    assert list(map(int, parsed.bars)) == [1, 3, 2]
    conductor = tune_conductor(parsed)
    assert (conductor.pickup, conductor.metre, conductor.length) == ((1, 4), (3, 4), 6 * 480)


@pytest.mark.parametrize(
    ("music", "complaint"),
    [
        ("G2 A | G2 |", "bar 2 lasts 2 quarters, not 3"),
        ("G4 | G3 |", "bar 1 lasts 4 quarters, not 3"),
        ("D | G3 |", "bar 1 lasts 1 quarters, not 3"),
        ("G3 | A2 B", "bar 2 is not closed"),
        ("G3 | ? |", "bar 2: '"),
        ('"Hm" G3 |', "bar 1: 'Hm' is no chord"),
        ("G3- | A3 |", "bar 2: a tie leads to another pitch"),
        ("G3- |", "tied to nothing"),
        ("z3 |", "there is no note"),
        ("", "there is no note"),
        ("G/0 G2 |", "bar 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_bar(music: str, complaint: str) -> None:
    with pytest.raises(TuneError, match=complaint.replace("?", r"\?")):
        tune(music)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        (HEAD.replace("title: T\n", ""), "lacks title"),
        (HEAD.replace("G major", "H major"), "key: 'H major'"),
        (HEAD.replace("G major", "G locrian"), "key: 'G locrian'"),
        (HEAD.replace("3/4", "3/5"), "metre: '3/5'"),
        (HEAD.replace("90", "fast"), "tempo: 'fast'"),
        (HEAD + "colour: blue\n", "colour"),
    ],
)
def test_a_wrong_header_is_named(head: str, complaint: str) -> None:
    with pytest.raises(TuneError, match=complaint):
        parse_tune(head + "\nG3 |\n")


def test_a_text_without_header_is_no_tune() -> None:
    with pytest.raises(TuneError, match="no empty line"):
        parse_tune("G3 |")


BITS = [
    "G",
    "A/",
    "B3/2",
    "z",
    "^c",
    "_d,",
    "G2",
    "d3",
    "G-",
    '"G"',
    '"D7"',
    "|",
    "|",
    "|",
    "|:",
    ":|",
    "%",
    "\n",
    "'",
    "/",
]


@given(st.lists(st.sampled_from(BITS), max_size=12).map(" ".join) | st.text("GABcz^_,|:-/0123", max_size=30))
@example('G3 | "G" d3 |')
def test_any_music_parses_or_is_refused_with_a_reason(music: str) -> None:
    try:
        parsed = tune(music)
    except TuneError as error:
        assert str(error)
    else:
        assert parsed.notes and parsed.length == 3 * len(parsed.bars)
