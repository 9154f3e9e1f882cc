import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.scales import SCALES, degree_pitch, in_scale_share, normalise_scale, scale_classes


def test_a_scale_begins_on_its_root_and_climbs_within_an_octave() -> None:
    for steps in SCALES.values():
        assert steps[0] == 0 and list(steps) == sorted(set(steps)) and steps[-1] < 12
    assert len(SCALES) == 14


def test_case_spaces_and_hyphens_do_not_matter_but_the_name_does() -> None:
    assert normalise_scale(" Pentatonic Minor") == normalise_scale("pentatonic-minor") == "pentatonic_minor"
    with pytest.raises(ValueError, match="hirajoshi"):
        normalise_scale("locrian")


@given(st.integers(0, 11), st.sampled_from(list(SCALES)), st.integers(-20, 20), st.integers(24, 72))
def test_every_degree_lies_in_its_scale_and_they_climb(root: int, scale: str, degree: int, base: int) -> None:
    pitch = degree_pitch(root, scale, degree, base)
    assert pitch % 12 in scale_classes(root, scale)
    assert pitch < degree_pitch(root, scale, degree + 1, base)
    assert base <= degree_pitch(root, scale, 0, base) < base + 12


def test_the_share_in_scale_counts_notes() -> None:
    assert in_scale_share([60, 61, 62, 64], 0, "major") == 0.75
    assert in_scale_share([], 0, "major") == 1.0
