import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.theory.harmony_evidence import CHANGE_LOG_ODDS, NEW_BASS_LOG_ODDS, chord_evidence, frame_evidence
from boumb_assets.theory.harmony_states import harmony_tables
from boumb_assets.theory.metric_levels import metric_levels
from boumb_assets.theory.pitch_windows import SILENT


@settings(deadline=None)  # the first example compiles
@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_the_kernel_adds_up_the_tables(seed: int, count: int) -> None:
    random, tables = np.random.default_rng(seed), harmony_tables()
    sounding = random.uniform(0, 1, (count, 12)) * (random.uniform(0, 1, (count, 12)) < 0.4)
    basses = np.where(random.uniform(size=(3, count)) < 0.3, SILENT, random.integers(0, 128, (3, count))).astype(
        np.uint8
    )
    keys, shares = random.integers(0, 24, count), random.uniform(0, 1, 3)
    expected = (sounding[:, :, None] * tables.notes).sum(axis=1)
    for share, lowest in zip(shares, basses, strict=True):
        expected += share * np.where((lowest != SILENT)[:, None], tables.bass[lowest % 12], 0.0)
    expected += 0.5 * np.where((basses[1] != SILENT)[:, None], tables.in_key[keys], 0.0)
    found = chord_evidence(sounding, basses, keys, tables.notes, tables.bass, tables.in_key, shares, 0.5)
    assert found == pytest.approx(expected)


def test_where_a_chord_may_begin() -> None:
    """A bar of 4/4 over a held C, with an upper voice and a bass that goes on to G, then a bar of silence."""
    onset, duration = np.array([0.0, 1.0, 2.0, 3.0]), np.array([2.0, 1.0, 2.0, 1.0])
    levels = metric_levels([0.0, 4.0], ["4/4"] * 2, 16)
    notes = (onset, duration, np.array([48, 64, 43, 67], dtype=np.uint8))
    _, change = frame_evidence(*notes, levels, np.zeros(16, dtype=np.int64), harmony_tables())
    log_odds = np.log(change[:8] / (1 - change[:8])) - CHANGE_LOG_ODDS[levels[:8]]
    assert log_odds == pytest.approx(np.array([1, 0, 0, 0, 1, 0, 0, 0]) * NEW_BASS_LOG_ODDS)
    assert not change[8:].any()


def test_a_note_that_ends_a_little_late_is_not_in_the_next_frame() -> None:
    levels, keys = metric_levels([0.0], ["4/4"], 8), np.zeros(8, dtype=np.int64)
    onset, pitch = np.array([0.0, 1.0]), np.array([40, 64], dtype=np.uint8)
    exact, _ = frame_evidence(onset, np.array([1.0, 1.0]), pitch, levels, keys, harmony_tables())
    late, _ = frame_evidence(onset, np.array([1.01, 1.0]), pitch, levels, keys, harmony_tables())
    assert np.array_equal(exact, late)
