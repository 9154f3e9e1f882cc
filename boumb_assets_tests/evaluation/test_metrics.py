"""Metrics against values that were worked out by hand, and what must hold for any loop."""

from math import isclose, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.contracts.steps import StepNote, Steps
from boumb_assets.evaluation.metrics import (
    METRICS,
    copy_rate,
    distinctness,
    empty_beat_rate,
    grams,
    groove_consistency,
    in_scale,
    known_grams,
    note_density,
    pitch_class_entropy,
    polyphony,
    register_share,
    scale_consistency,
    validity,
)
from boumb_assets.render.loops import Loop, loop_of
from boumb_assets_tests.evaluation.loops import drums, sequence

NOTES = st.lists(
    st.tuples(st.integers(0, 63), st.integers(24, 96), st.sampled_from([0.5, 1.0, 2.0, 4.0, 8.0, 16.0])),
    min_size=1,
    max_size=40,
)


def loop(*notes: tuple[int, int, float]) -> Loop:
    return loop_of(sequence(*notes), "boumb-sequence")


def test_entropy_is_that_of_the_pitch_classes() -> None:
    assert pitch_class_entropy(loop((0, 36, 1), (4, 48, 1), (8, 60, 1))) == 0
    assert pitch_class_entropy(loop((0, 60, 1), (4, 64, 1), (8, 67, 1), (12, 71, 1))) == 2
    chromatic = loop(*((step, 60 + step, 1.0) for step in range(12)))
    assert isclose(pitch_class_entropy(chromatic) or 0, log2(12))


def test_scales_count_notes() -> None:
    lydian = loop((0, 60, 1), (4, 66, 1), (8, 67, 1), (12, 72, 1))
    assert in_scale(lydian, 0, "major") == 0.75
    assert in_scale(lydian, 0, "lydian") == 1
    assert scale_consistency(lydian) == 1  # all of G major
    assert scale_consistency(loop((0, 60, 1), (4, 61, 1), (8, 62, 1), (12, 63, 1))) == 0.75


def test_an_empty_beat_is_one_in_which_nothing_sounds() -> None:
    assert empty_beat_rate(loop((0, 60, 16), (16, 60, 16))) == 0
    assert empty_beat_rate(loop((0, 60, 1))) == 7 / 8
    assert empty_beat_rate(loop((3, 60, 2))) == 6 / 8  # it lasts into the second beat


def test_groove_compares_neighbouring_bars() -> None:
    assert groove_consistency(loop((0, 60, 1), (4, 62, 1), (16, 64, 1), (20, 65, 1))) == 1
    assert groove_consistency(loop((0, 60, 1), (4, 62, 1), (16, 64, 1), (22, 65, 1))) == 1 - 2 / 16


def test_polyphony_counts_where_something_sounds() -> None:
    assert polyphony(loop((0, 60, 4), (0, 64, 4), (0, 67, 4))) == 3
    assert polyphony(loop((0, 60, 8), (4, 64, 4))) == 1.5


def test_density_counts_chords_once() -> None:
    assert note_density(loop((0, 60, 4), (0, 64, 4), (8, 60, 4))) == 1


def test_registers_are_those_of_the_roles() -> None:
    bass = loop((0, 36, 4), (4, 40, 4), (8, 84, 4), (12, 43, 4))
    assert register_share(bass, "bass") == 0.75
    assert register_share(bass, "drums") is None


def test_drums_have_no_pitch_metrics() -> None:
    beat = loop_of(drums(kick=(0, 8, 16, 24), snare=(4, 12)), "drum-pattern")
    assert pitch_class_entropy(beat) is None
    assert polyphony(beat) is None
    assert in_scale(beat, 0, "major") is None
    assert note_density(beat) == 3
    assert groove_consistency(beat) == 1 - 2 / 16


def test_steps_are_measured_as_sequences() -> None:
    notes = [
        StepNote(pitch="C3", start=0, duration=4, velocity=100),
        StepNote(pitch="E3", start=4, duration=4, velocity=90),
    ]
    steps = Steps(notes=notes).to_json()
    same = loop((0, 48, 4), (4, 52, 4))
    for metric in METRICS.values():
        assert metric(loop_of(steps, "boumb-steps")) == metric(same)


def test_structures_hold_no_loop() -> None:
    with pytest.raises(ValueError):
        loop_of("{}", "music-structure")


def test_validity_is_what_the_app_takes() -> None:
    good, bad = sequence((0, 60, 1)), '{"sequence":[]}'
    assert validity([good, bad, "no", good], "boumb-sequence") == 0.5
    assert validity([], "boumb-sequence") is None


def test_copies_are_found_in_any_key_and_at_any_time() -> None:
    theme = [(step * 2, 60 + pitch, 2.0) for step, pitch in enumerate((0, 2, 4, 5, 7, 9, 11, 12))]
    moved = [(step + 4, pitch - 7, 1.0) for step, pitch, _ in theme]
    assert copy_rate(loop(*moved), known_grams([loop(*theme)])) == 1
    other = [(step, 72 - (pitch - 60), length) for step, pitch, length in theme]
    assert copy_rate(loop(*other), known_grams([loop(*theme)])) == 0
    assert copy_rate(loop(*theme[:7]), known_grams([loop(*theme)])) is None


def test_transpositions_are_not_distinct() -> None:
    first, moved, other = loop((0, 60, 1), (4, 64, 1)), loop((0, 62, 2), (4, 66, 2)), loop((0, 60, 1), (5, 64, 1))
    assert distinctness([first, moved, other, other]) == 0.5
    assert distinctness([]) is None


@given(NOTES)
def test_metrics_stay_in_their_bounds(notes: list[tuple[int, int, float]]) -> None:
    played = loop(*notes)
    values = {name: metric(played) for name, metric in METRICS.items()}
    for name in ("scale_consistency", "empty_beat_rate", "groove_consistency"):
        value = values[name]
        assert value is not None and 0 <= value <= 1
    assert 0 <= (values["pitch_class_entropy"] or 0) <= log2(12) + 1e-9
    assert 1 <= (values["polyphony"] or 0) <= len(notes)
    assert 0 < (values["note_density"] or 0) <= 16


@given(NOTES, st.integers(-12, 12))
def test_transposing_changes_no_metric_and_no_gram(notes: list[tuple[int, int, float]], by: int) -> None:
    played, moved = loop(*notes), loop(*((step, pitch + by, length) for step, pitch, length in notes))
    assert grams(played, 4) == grams(moved, 4)
    for metric in METRICS.values():
        before, after = metric(played), metric(moved)
        assert before is not None and after is not None and isclose(before, after, abs_tol=1e-9)
