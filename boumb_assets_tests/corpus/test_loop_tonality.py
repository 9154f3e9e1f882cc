"""Scales, moods and chords of loops, against the theory room's own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.loops.chords import CHORD_TABLES, UNKNOWN, chord_changes
from boumb_assets.corpus.loops.tonality import NO_SCALE, TABLES, class_weights, file_scales, loop_scales, moods
from boumb_assets.theory.emotion import arousal, valence
from boumb_assets.theory.keys import estimate_scale
from boumb_assets.theory.scales import SCALES
from boumb_assets_tests.corpus.loop_notes import Written, loop_notes

HISTOGRAMS = st.lists(
    st.lists(st.integers(0, 40).map(lambda weight: weight / 4), min_size=12, max_size=12), min_size=1, max_size=6
)


@settings(deadline=None)
@given(HISTOGRAMS)
def test_scales_are_those_of_the_theory(rows: list[list[float]]) -> None:
    for found, row in zip(file_scales(np.array(rows), TABLES).tolist(), rows, strict=True):
        if np.count_nonzero(row) < 3:
            assert found == NO_SCALE
        else:
            expected = estimate_scale(row)
            assert (list(SCALES)[found // 12], found % 12) == (expected.scale, expected.root)


def test_a_loop_has_the_scale_of_its_file_or_a_clear_one_of_its_own() -> None:
    major = np.zeros(12)
    major[[0, 2, 4, 5, 7, 9, 11]] = (4, 2, 3, 2, 4, 2, 1)
    far, vague = np.roll(major, 6), np.ones(12)
    file = np.array([0, 0, 0, NO_SCALE])  # C major, and none
    scale, coverage = loop_scales(np.array([major, far, vague, major]), file, 0.85, TABLES)
    assert scale.tolist() == [0, 6, NO_SCALE, NO_SCALE]
    assert coverage.tolist() == pytest.approx([1, 1, 7 / 12, -1])


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 31), st.integers(12, 119), st.sampled_from([0.5, 1, 2, 8])), min_size=1),
    st.floats(20, 300),
)
def test_moods_are_those_of_the_theory(written: list[Written], bpm: float) -> None:
    notes = loop_notes([written])
    weights = class_weights(notes.begin, notes.end, notes.pitch, notes.length)
    onsets, step_s = len(set(notes.step.tolist())), 15 / bpm
    happy, excited = moods(
        notes.begin, notes.end, notes.bars, np.array([onsets]), np.array([bpm]), weights, notes.duration, TABLES
    )
    rate = onsets / (32 * step_s)
    assert happy[0] == pytest.approx(valence(weights[0], bpm, rate, 60), abs=1e-9)
    assert excited[0] == pytest.approx(
        arousal(bpm, rate, float(np.mean(notes.length, dtype=np.float64)) * step_s), abs=1e-9
    )


C_MAJOR, A_MINOR, F_MAJOR, G_SEVENTH = (60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62, 65)


def changes(*chords: tuple[int, ...], length: float = 8.0) -> float:
    notes = loop_notes([[(int(at * length), pitch, length) for at, chord in enumerate(chords) for pitch in chord]])
    return float(
        chord_changes(notes.begin, notes.end, notes.bars, notes.step, notes.pitch, notes.duration, CHORD_TABLES)[0]
    )


def test_changes_of_chord() -> None:
    assert changes(C_MAJOR, C_MAJOR, C_MAJOR, C_MAJOR) == 0
    assert changes(C_MAJOR, C_MAJOR, F_MAJOR, F_MAJOR) == 0.5
    assert changes(C_MAJOR, A_MINOR, F_MAJOR, G_SEVENTH) == 1.5
    assert changes((55, 59, 62), G_SEVENTH, (55, 59, 62), G_SEVENTH) == 0, "a seventh that comes and goes"


def test_where_no_chord_sounds_none_changes() -> None:
    assert changes((60,), (64,), (67,), (72,)) == UNKNOWN
    assert changes((60, 67), (60, 67), (62, 69), (62, 69)) == UNKNOWN, "two pitch classes are no chord"
    assert changes(C_MAJOR, (60,), (62,), (64,)) == UNKNOWN, "a chord for a quarter of what sounds"
    assert changes(C_MAJOR, C_MAJOR, F_MAJOR, F_MAJOR, length=4.0) == 0.5, "what is silent does not count"
