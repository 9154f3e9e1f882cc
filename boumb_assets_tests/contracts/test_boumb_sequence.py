import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import (
    DURATION_STEPS,
    VELOCITIES,
    BoumbSequence,
    Note,
    nearest_duration,
    step_of,
    time_of,
    velocity_of,
)
from boumb_assets.contracts.steps import Steps, sequence_from_steps, steps_from_sequence
from boumb_assets_tests.contracts.models import QUICK, sequences

EXAMPLE = '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}'


def _text(*notes: tuple[str, str]) -> str:
    written = ",".join(f'{{"note":"{name}","time":"{time}","duration":"8n","velocity":0.9}}' for name, time in notes)
    return f'{{"sequence":[{written}]}}'


def test_the_contracts_example_is_read_and_written_back() -> None:
    sequence = BoumbSequence.model_validate_json(EXAMPLE)
    assert sequence.to_json() == EXAMPLE
    assert (sequence.sequence[0].pitch, sequence.sequence[0].step, sequence.bars) == (36, 0, 1)


@QUICK
@given(sequences())
def test_canonical_text_reads_back_as_it_was(sequence: BoumbSequence) -> None:
    text = sequence.to_json()
    assert BoumbSequence.model_validate_json(text) == sequence
    assert " " not in text and text == text.strip()


@pytest.mark.parametrize("time", ["0:0:0", "8:3:3", "10:0:0", "18:0:0", "88:3:3"])
def test_bars_that_the_app_can_name(time: str) -> None:
    BoumbSequence.model_validate_json(_text(("C2", time)))


@pytest.mark.parametrize("time", ["9:0:0", "19:0:0", "90:0:0", "01:0:0", "0:4:0", "0:0:4", "0:0:0\\n", "0:0", "-1:0:0"])
def test_times_that_it_cannot(time: str) -> None:
    with pytest.raises(ValueError, match="time"):
        BoumbSequence.model_validate_json(_text(("C2", time)))


@pytest.mark.parametrize("name", ["Bb2", "Cb4", "c2", "C9", "C-1", "C##2", "H2", "C", "C2\\n", ""])
def test_names_that_the_app_misreads(name: str) -> None:
    with pytest.raises(ValueError, match="note"):
        BoumbSequence.model_validate_json(_text((name, "0:0:0")))


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ([("C2", "0:1:0"), ("C2", "0:0:0")], "not_sorted"),
        ([("E2", "0:0:0"), ("C2", "0:0:0")], "not_sorted"),
        ([("B2", "0:0:0"), ("C2", "0:0:0")], "not_sorted"),
        ([("C2", "0:0:0"), ("C2", "0:0:0")], "note_twice"),
        ([("F2", "0:0:0"), ("E#2", "0:0:0")], "note_twice"),
        ([("C2", "2:0:0"), ("C2", "10:0:0"), ("C2", "3:0:0")], "not_sorted"),
    ],
)
def test_notes_come_by_time_then_pitch_and_once(notes: list[tuple[str, str]], code: str) -> None:
    with pytest.raises(ValueError, match=code):
        BoumbSequence.model_validate_json(_text(*notes))


@given(st.integers(0, 143))
def test_steps_and_times_are_the_same_thing(step: int) -> None:
    assert step_of(time_of(step)) == step


@given(st.integers(1, 127), st.integers(1, 127))
def test_velocities_of_midi_are_tenths_in_order(one: int, other: int) -> None:
    assert velocity_of(one) in VELOCITIES
    assert one > other or velocity_of(one) <= velocity_of(other)
    assert (velocity_of(1), velocity_of(127)) == (0.1, 1.0)


@given(st.floats(0.01, 100))
def test_no_other_duration_is_nearer(steps: float) -> None:
    chosen = DURATION_STEPS[nearest_duration(steps)]
    ratio = max(chosen / steps, steps / chosen)
    assert all(ratio <= max(known / steps, steps / known) * (1 + 1e-6) for known in DURATION_STEPS.values())


@pytest.mark.parametrize(("steps", "name"), [(0, "32n"), (-1, "32n"), (3, "4n"), (1.5, "8n"), (6, "2n"), (99, "1n")])
def test_durations_between_and_beyond(steps: float, name: str) -> None:
    assert nearest_duration(steps) == name


def test_of_two_notes_on_a_place_the_louder_stays() -> None:
    notes = [Note.on_grid(4, 40, 2, 0.5), Note.on_grid(0, 43, 2, 0.5), Note.on_grid(4, 40, 1, 0.7)]
    sequence = BoumbSequence.of(notes)
    assert [(note.step, note.pitch, note.velocity) for note in sequence.sequence] == [(0, 43, 0.5), (4, 40, 0.7)]


@QUICK
@given(sequences(bars=2))
def test_the_step_form_keeps_onsets_pitches_and_audible_lengths(sequence: BoumbSequence) -> None:
    back = sequence_from_steps(Steps.model_validate_json(steps_from_sequence(sequence).to_json()))
    assert [(note.step, note.pitch) for note in back.sequence] == [
        (note.step, note.pitch) for note in sequence.sequence
    ]
    for there, here in zip(back.sequence, sequence.sequence, strict=True):
        assert there.duration == (here.duration if here.duration != "32n" else "16n")
        assert there.velocity == here.velocity


def test_four_bars_have_no_step_form() -> None:
    with pytest.raises(ValueError, match="too_long"):
        steps_from_sequence(BoumbSequence.model_validate_json(_text(("C2", "2:0:0"))))
