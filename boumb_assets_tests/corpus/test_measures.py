"""What is measured on a loop's onsets."""

import numpy as np
import pytest

from boumb_assets.corpus.loops.measures import longest_rest, swing, syncopation, voices

EIGHTHS = np.arange(0, 32, 2)
SIXTEENTHS = np.arange(32)


def test_syncopation_of_known_rhythms() -> None:
    straight = np.array([0, 4, 8, 12, 16, 20, 24, 28])
    off_beats = straight + 2
    tresillo = np.array([0, 3, 6, 16, 19, 22])
    assert syncopation(straight, 32) == 0
    assert syncopation(np.array([0]), 32) == 0
    # Each off-beat eighth (weight -3) is held over a beat: -2, -1, -2, 0 in turn, so 1 + 2 + 1 + 3 over 4, of 4.
    assert syncopation(off_beats, 32) == pytest.approx(7 / 16)
    assert 0 < syncopation(tresillo, 32) < syncopation(off_beats, 32)


def test_swing_of_eighths() -> None:
    for delay, expected in ((0.0, 0.0), (0.3, 0.45), (2 / 3, 1.0)):
        exact = EIGHTHS + np.where(EIGHTHS % 4 == 2, delay, 0)
        steps = np.floor(exact + 0.5).astype(np.int64)
        assert swing(steps, exact - steps) == pytest.approx(expected, abs=0.01)
        assert swing(steps, exact - steps + 0.1) == pytest.approx(expected, abs=0.01), "a player's lag is no swing"


def test_swing_of_sixteenths() -> None:
    late = np.where(SIXTEENTHS % 2 == 1, 1 / 3, 0.0)
    assert swing(SIXTEENTHS, late) == pytest.approx(1)
    assert swing(SIXTEENTHS, np.zeros(32)) == 0


def test_triplets_are_no_swing() -> None:
    exact = np.arange(24) * 4 / 3
    steps = np.floor(exact + 0.5).astype(np.int64)
    assert swing(steps, exact - steps) == 0


def test_voices_and_rests() -> None:
    starts = np.array([0.0, 0.0, 0.0, 16.0])
    polyphony, sounding = voices(starts, np.array([8.0, 8.0, 8.0, 4.0]))
    assert sounding == 12 and polyphony == pytest.approx(28 / 12)
    assert longest_rest(starts, np.array([8.0, 8.0, 8.0, 4.0]), 32) == 12  # across the seam
    assert longest_rest(starts, np.array([8.0, 4.0, 2.0, 16.0]), 32) == 8
