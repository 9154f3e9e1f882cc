"""A chord a measure, and how much of the time that keeps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.harmony_rules import cadence_endings, check_progression
from boumb_assets.contracts.music_structure import TIME_SIGNATURES
from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.structures.hearing import BarredHearing
from boumb_assets.corpus.structures.reduction import Reduction
from boumb_assets_tests.corpus.pieces import PHRASES, Notes, hymn, piece, some_notes

C_MAJOR, A_MINOR = Key(0, False), Key(9, True)


@pytest.mark.parametrize("shift", [0, 5, -3])
def test_the_chords_of_a_hymn_are_those_it_was_made_of(shift: int) -> None:
    reduction = Reduction(BarredHearing.of(piece(hymn(shift))), Key(shift % 12, False))
    assert " ".join(reduction.numerals) == " ".join(chords for _, chords in PHRASES)
    assert [reduction.starts[measure] for measure in range(10)] == [numeral == "I" for numeral in reduction.numerals]
    assert reduction.kept(0, ("V", "I"), 4) / 16 > 0.9


def test_a_seventh_and_an_inversion_are_kept_and_another_chord_is_not() -> None:
    chords = [
        (48, 64, 67),
        (59, 62, 67, 65),
        (48, 64, 67),
        (54, 62, 69),
        (55, 62, 71),
        (48, 64, 67),
    ]  # I V65 I V6/V V I
    notes: Notes = [(4.0 * at, 4.0, pitch, 0) for at, chord in enumerate(chords) for pitch in chord]
    reduction = Reduction(BarredHearing.of(piece(notes)), C_MAJOR)
    assert reduction.numerals[:3] == ("I", "V", "I")
    heard = [float(reduction.heard[at, reduction.choice.index(one)]) for at, one in enumerate(reduction.numerals)]
    assert min(heard[:3]) > 0.8 and heard[3] < 0.2


def test_a_dominant_of_minor_has_its_leading_note_in_the_cadence_alone() -> None:
    chords = [(45, 60, 64), (52, 56, 71), (45, 60, 64), (52, 56, 71), (45, 60, 64)]
    notes: Notes = [(4.0 * at, 4.0, pitch, 0) for at, chord in enumerate(chords) for pitch in chord]
    reduction = Reduction(BarredHearing.of(piece(notes)), A_MINOR)
    assert reduction.progression(0, ("V", "i"), 5) == ("i", "v", "i", "V", "i")
    everywhere = sum(
        float(reduction.heard[at, reduction.choice.index(one)]) for at, one in enumerate(reduction.numerals)
    )
    lost = float(reduction.heard[1, reduction.choice.index("V")] - reduction.heard[1, reduction.choice.index("v")])
    assert reduction.kept(0, ("V", "i"), 5) == pytest.approx(4 * (everywhere - lost))


@pytest.mark.parametrize(("minors", "expected"), [(0, True), (1, True), (3, False)])
def test_a_section_that_is_in_both_modes_is_in_no_key(minors: int, expected: bool) -> None:
    """Eight measures that begin and close in C major, ``minors`` of them on C minor."""
    major, minor, dominant = (48, 64, 67, 72), (48, 63, 67, 72), (55, 62, 71, 74)
    chords = [major, major, *[minor] * minors, *[major] * (3 - minors), dominant, dominant, major]
    notes: Notes = [(4.0 * at, 4.0, pitch, 0) for at, chord in enumerate(chords) for pitch in chord]
    assert Reduction(BarredHearing.of(piece(notes)), C_MAJOR).in_key(0, 8) is expected


@settings(deadline=None, max_examples=40)
@given(some_notes, st.sampled_from(TIME_SIGNATURES), st.integers(0, 11), st.booleans(), st.data())
def test_of_any_notes_a_progression_is_the_contracts_and_keeps_what_is_heard(
    notes: Notes, metre: str, root: int, minor: bool, data: st.DataObject
) -> None:
    made, key = piece(notes, metre), Key(root, minor)
    reduction = Reduction(BarredHearing.of(made), key)
    assert reduction.heard.shape == (made.measures, len(reduction.choice))
    assert reduction.heard.min() >= 0 and reduction.heard.sum(axis=1).max() <= 1 + 1e-9
    if made.measures < 4:
        return
    start = data.draw(st.integers(0, made.measures - 4))
    stop = data.draw(st.integers(start + 4, made.measures))
    for cadence, ending in cadence_endings(minor).items():
        chords = reduction.progression(start, ending, stop)
        assert len(chords) == stop - start
        check_progression(list(chords), "a minor" if minor else "C major", cadence)
        heard = [reduction.heard[start + at, reduction.choice.index(one)] for at, one in enumerate(chords)]
        assert reduction.kept(start, ending, stop) == pytest.approx(made.bar * sum(heard))
