import pytest

from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name, pitch_class_of, pitch_of


def test_every_pitch_that_has_a_name_reads_back() -> None:
    assert [pitch_of(note_name(pitch)) for pitch in range(LOWEST, HIGHEST + 1)] == list(range(LOWEST, HIGHEST + 1))


@pytest.mark.parametrize(
    ("name", "pitch"), [("C4", 60), ("C2", 36), ("Bb3", 58), ("E#2", 41), ("B#3", 60), ("Cb4", 59)]
)
def test_a_name_in_any_spelling_is_the_pitch_that_sounds(name: str, pitch: int) -> None:
    assert pitch_of(name) == pitch


@pytest.mark.parametrize("pitch", [LOWEST - 1, HIGHEST + 1])
def test_a_pitch_outside_the_contract_has_no_name(pitch: int) -> None:
    with pytest.raises(ValueError, match="no name"):
        note_name(pitch)


@pytest.mark.parametrize("name", ["H4", "C##4", "C", "4", ""])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no note name"):
        pitch_of(name)


def test_roots_are_read_in_any_case_and_spelling() -> None:
    assert [pitch_class_of(name) for name in ("c", "F#", "Bb", "b", "cb", "d♯")] == [0, 6, 10, 11, 11, 3]
    with pytest.raises(ValueError, match="no root"):
        pitch_class_of("H")
