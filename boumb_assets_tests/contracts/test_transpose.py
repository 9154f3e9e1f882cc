"""Transposition: there and back, and never where the contract cannot follow."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.registry import contract
from boumb_assets.contracts.steps import steps_from_sequence
from boumb_assets.contracts.transpose import contract_of_notes, pitches_of, transpose_content, transpose_names
from boumb_assets.theory.pitch import HIGHEST, LOWEST
from boumb_assets_tests.corpus.mixes import drums

notes = st.builds(
    Note.on_grid,
    st.integers(0, 31),
    st.integers(LOWEST, HIGHEST),
    st.sampled_from([0.5, 1, 2, 4, 8, 16]),
    st.floats(0, 1),
)
sequences = st.lists(notes, min_size=1, max_size=12).map(BoumbSequence.of)
shifts = st.integers(-24, 24)


@given(sequences, shifts)
def test_there_and_back_is_the_same_text(sequence: BoumbSequence, shift: int) -> None:
    text = sequence.to_json()
    moved = transpose_content("boumb-sequence", text, shift)
    pitches = [note.pitch for note in sequence.sequence]
    assert (moved is not None) == (shift == 0 or (min(pitches) + shift >= LOWEST and max(pitches) + shift <= HIGHEST))
    if moved is not None:
        parsed = contract("boumb-sequence").parse(moved)
        assert parsed.to_json() == moved
        assert pitches_of("boumb-sequence", moved) == [pitch + shift for pitch in pitches]
        assert transpose_content("boumb-sequence", moved, -shift) == text


@given(sequences, shifts)
def test_steps_follow(sequence: BoumbSequence, shift: int) -> None:
    text = steps_from_sequence(sequence).to_json()
    moved = transpose_content("boumb-steps", text, shift)
    if moved is not None:
        assert contract("boumb-steps").parse(moved).to_json() == moved
        assert transpose_content("boumb-steps", moved, -shift) == text


@pytest.mark.parametrize("name", ["Bb3", "B#3", "c4", "C9", ""])
def test_a_note_that_is_none_of_the_contract_stops_the_others(name: str) -> None:
    text = f'{{"sequence":[{{"note":"C4"}},{{"note":"{name}"}}]}}'
    assert transpose_content("boumb-sequence", text, 2) is None


def test_drums_are_not_heights() -> None:
    assert transpose_content("drum-pattern", drums(1), 2) is None
    assert transpose_content("drum-pattern", drums(1), 0) == drums(1)


def test_keys_of_a_structure_move_only_to_natural_letters() -> None:
    text = json.dumps({"key": "d minor", "sections": [{"key": "F major"}]}, separators=(",", ":"))
    assert transpose_content("music-structure", text, 2) == '{"key":"e minor","sections":[{"key":"G major"}]}'
    assert transpose_content("music-structure", text, -1) is None


def test_an_unknown_contract_is_refused() -> None:
    with pytest.raises(ValueError, match="no contract"):
        transpose_content("midi", "{}", 1)


def test_names_of_notes_in_words_move_and_nothing_else_does() -> None:
    text = "[C2, D#2, B3], no AC2DC, #C2 or C21; A C minor at C2."
    assert transpose_names(text, 2) == "[D2, F2, C#4], no AC2DC, #C2 or C21; A C minor at D2."
    assert transpose_names(text, 0) == text
    assert transpose_names("from C0", -1) is None and transpose_names("to B8", 1) is None


@given(sequences)
def test_a_content_tells_its_contract(sequence: BoumbSequence) -> None:
    assert contract_of_notes(sequence.to_json()) == "boumb-sequence"
    assert contract_of_notes(steps_from_sequence(sequence).to_json()) == "boumb-steps"
    assert contract_of_notes(drums(1)) is None
    assert contract_of_notes("words") is None
