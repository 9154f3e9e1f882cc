import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.chords import (
    MAJOR_NUMERALS,
    MINOR_BORROWED,
    MINOR_NUMERALS,
    best_diatonic_chord,
    chord_pitch_classes,
)
from boumb_assets.theory.keys import pitch_class_histogram
from boumb_assets.theory.scales import scale_classes


def test_triads_of_c_major_and_c_minor() -> None:
    assert [chord_pitch_classes(numeral, 0, False) for numeral in MAJOR_NUMERALS] == [
        (0, 4, 7), (2, 5, 9), (4, 7, 11), (5, 9, 0), (7, 11, 2), (9, 0, 4), (11, 2, 5)
    ]  # fmt: skip
    assert [chord_pitch_classes(numeral, 0, True) for numeral in MINOR_NUMERALS] == [
        (0, 3, 7), (2, 5, 8), (3, 7, 10), (5, 8, 0), (7, 10, 2), (8, 0, 3), (10, 2, 5)
    ]  # fmt: skip
    assert chord_pitch_classes("V", 0, True) == (7, 11, 2)
    assert chord_pitch_classes("I", 2, True) == (2, 6, 9)


@given(st.integers(0, 11), st.booleans())
def test_diatonic_triads_stay_in_the_scale(root: int, minor: bool) -> None:
    scale = scale_classes(root, "minor" if minor else "major")
    for numeral in MINOR_NUMERALS if minor else MAJOR_NUMERALS:
        assert set(chord_pitch_classes(numeral, root, minor)) <= scale


@given(st.integers(0, 11), st.booleans())
def test_a_sounding_triad_is_found(root: int, minor: bool) -> None:
    for numeral in MINOR_NUMERALS if minor else MAJOR_NUMERALS:
        triad = pitch_class_histogram(chord_pitch_classes(numeral, root, minor))
        assert best_diatonic_chord(triad, root, minor) == (numeral, 1.0)


def test_two_notes_are_the_chord_whose_root_they_have() -> None:
    assert best_diatonic_chord(pitch_class_histogram([0, 4]), 0, False)[0] == "I"
    assert best_diatonic_chord(pitch_class_histogram([9, 0]), 0, False)[0] == "vi"


def test_coverage_is_the_share_of_the_chords_notes() -> None:
    numeral, coverage = best_diatonic_chord(pitch_class_histogram([0, 4, 7, 2]), 0, False)
    assert (numeral, coverage) == ("I", 0.75)


def test_the_dominant_of_minor_is_found_where_it_is_offered() -> None:
    dominant = pitch_class_histogram([7, 11, 2])
    assert best_diatonic_chord(dominant, 0, True, (*MINOR_NUMERALS, "V")) == ("V", 1.0)
    assert best_diatonic_chord(dominant, 0, True)[0] == "v"


def test_silence_is_the_tonic_without_coverage() -> None:
    assert best_diatonic_chord(np.zeros(12), 5, True) == ("i", 0.0)


@pytest.mark.parametrize(("numeral", "minor"), [("iv", False), ("ii", True), ("IV", True), ("viio", False), ("", True)])
def test_a_chord_of_the_other_mode_is_refused(numeral: str, minor: bool) -> None:
    with pytest.raises(ValueError, match="no triad"):
        chord_pitch_classes(numeral, 0, minor)


def test_wrong_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        best_diatonic_chord(np.zeros(11), 0, False)
    with pytest.raises(ValueError, match="no chord"):
        best_diatonic_chord(np.ones(12), 0, False, ())
    assert set(MINOR_BORROWED).isdisjoint(MINOR_NUMERALS)
