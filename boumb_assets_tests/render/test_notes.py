import numpy as np
import pytest

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import Clips, DrumPattern, Hit
from boumb_assets.contracts.steps import steps_from_sequence
from boumb_assets.render.notes import loop_bars, perform
from boumb_assets.render.structures import chord_of_measure
from boumb_assets_tests.render.pieces import BASS, BEAT, CHORDS, PIECE


def test_a_step_lasts_a_sixteenth_of_its_tempo() -> None:
    performance = perform(BASS, 120)
    assert performance.onset_s.tolist() == [0, 0.375, 0.75, 1.0, 2.0, 3.75]
    assert performance.duration_s.tolist() == [0.25] * 6
    assert (performance.bars, performance.length_s) == (2, 4.0)


def test_the_step_form_sounds_as_the_sequence() -> None:
    sequence, steps = perform(BASS, 97), perform(steps_from_sequence(BASS), 97)
    assert np.array_equal(sequence.onset_s, steps.onset_s)
    assert np.array_equal(sequence.pitch, steps.pitch)
    assert np.array_equal(sequence.velocity, steps.velocity)


def test_a_loop_is_two_bars_or_four() -> None:
    assert [loop_bars(BoumbSequence.of([Note.on_grid(step, 60, 1, 0.5)])) for step in (0, 15, 16, 31, 32, 63, 64)] == [
        2,
        2,
        2,
        2,
        4,
        4,
        5,
    ]


def test_the_register_chooses_the_instrument_where_no_role_is_given() -> None:
    assert [perform(content).voices[0].name for content in (BASS, CHORDS, BEAT)] == ["bass", "keys", "drums"]
    assert perform(BASS, role="pad").voices[0].name == "pad"
    assert perform(BEAT).is_drum.all()


def test_a_hit_that_is_less_likely_than_not_does_not_sound() -> None:
    hits = [
        Hit(time=f"0:{beat}:0", note="C4", duration="16n", velocity=0.5, fill=fill)
        for beat, fill in enumerate((None, 0.4, 0.5))
    ]
    performance = perform(DrumPattern(clips=Clips(**{"track-kick": hits})), 60)
    assert performance.onset_s.tolist() == [0, 2]


@pytest.mark.parametrize("bpm", [0, -3, 9.9, 1e9, float("nan"), float("inf")])
def test_an_impossible_tempo_is_refused(bpm: float) -> None:
    with pytest.raises(ValueError, match="cannot be rendered"):
        perform(BASS, bpm)


def test_the_last_two_measures_of_a_section_take_the_last_two_chords() -> None:
    section = PIECE.sections[0].model_copy(update={"measures": 8})
    assert [chord_of_measure(section, measure) for measure in range(8)] == ["i", "V", "i", "i", "V", "i", "V", "i"]


def test_a_motif_fills_each_measure_of_a_piece() -> None:
    performance = perform(PIECE)
    assert performance.metre == (3, 4) and performance.bar_s == 1.5 and performance.length_s == PIECE.duration_s
    melody = performance.voice == 0
    # A: 5 7 5 | 1 2 | 5 7 5 over V: its 7 is raised | 1 2; nothing crosses a bar line
    first = [int(pitch) for pitch in performance.pitch[melody & (performance.onset_s < 6)]]
    assert first == [69, 72, 69, 62, 64, 69, 73, 69, 62, 64]
    ends = performance.onset_s + performance.duration_s
    bar_of_end = np.ceil(np.round(ends / 1.5, 6)) - 1
    assert np.array_equal(np.floor(np.round(performance.onset_s / 1.5, 6)), bar_of_end)
    assert performance.program[0] == 48  # strings come first


def test_the_chords_of_a_piece_are_those_of_its_numerals() -> None:
    performance = perform(PIECE)
    chords = performance.voice == 1
    second_last = chords & (np.abs(performance.onset_s - 3) < 1e-9)
    assert sorted(pitch % 12 for pitch in performance.pitch[second_last]) == [1, 4, 9]  # V of d minor
