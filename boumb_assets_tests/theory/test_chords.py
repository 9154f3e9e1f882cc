import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.chords import (
    MAJOR_NUMERALS,
    MINOR_BORROWED,
    MINOR_NUMERALS,
    chord_pitch_classes,
)
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


@pytest.mark.parametrize(("numeral", "minor"), [("iv", False), ("ii", True), ("IV", True), ("viio", False), ("", True)])
def test_a_chord_of_the_other_mode_is_refused(numeral: str, minor: bool) -> None:
    with pytest.raises(ValueError, match="no triad"):
        chord_pitch_classes(numeral, 0, minor)


def test_no_borrowed_chord_is_one_of_minors_own() -> None:
    assert set(MINOR_BORROWED).isdisjoint(MINOR_NUMERALS)
