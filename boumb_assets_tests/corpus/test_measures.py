"""What is measured on the notes of loops."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.loops.measures import Measures, measures_of
from boumb_assets.theory.metre import metrical_weights
from boumb_assets_tests.corpus.loop_notes import Written, loop_notes

EIGHTHS = range(0, 32, 2)
SIXTEENTHS = np.arange(32)


def measured(loop: list[Written], drum: bool = False, late: Sequence[float] | None = None) -> Measures:
    return measures_of(loop_notes([loop], 2, drum, late))


def syncopation(steps: Sequence[int]) -> float:
    return float(measured([(step, 60, 1.0) for step in steps]).syncopation[0])


def swing(exact: np.ndarray) -> float:
    steps = np.floor(exact + 0.5).astype(np.int64)
    return float(measured([(int(step), 60, 1.0) for step in steps], late=(exact - steps).tolist()).swing[0])


def test_syncopation_of_known_rhythms() -> None:
    straight = [0, 4, 8, 12, 16, 20, 24, 28]
    off_beats = [step + 2 for step in straight]
    assert syncopation(straight) == 0
    assert syncopation([0]) == 0
    # Each off-beat eighth (weight -3) is held over a beat: -2, -1, -2, 0 in turn, so 1 + 2 + 1 + 3 over 4, of 4.
    assert syncopation(off_beats) == pytest.approx(7 / 16)
    assert 0 < syncopation([0, 3, 6, 16, 19, 22]) < syncopation(off_beats)


@settings(deadline=None)
@given(st.sets(st.integers(0, 31), min_size=1))
def test_syncopation_by_its_definition(onsets: set[int]) -> None:
    weights, steps = metrical_weights(4, 4), sorted(onsets)
    total = 0
    for before, after in zip(steps, [*steps[1:], steps[0] + 32], strict=True):
        between = [int(weights[step % 16]) for step in range(before + 1, after)]
        total += max(0, max(between, default=-5) - int(weights[before % 16]))
    assert syncopation(steps) == pytest.approx(total / len(steps) / 4)


def test_syncopation_of_drums_is_that_of_kick_and_snare() -> None:
    hats: list[Written] = [(step, 2, 0.5) for step in range(0, 32)]
    kick, snare = [(step, 0, 0.5) for step in range(2, 32, 4)], [(step, 1, 0.5) for step in (8, 24)]
    assert measured([*hats, *kick], drum=True).syncopation[0] == pytest.approx(7 / 16)
    assert measured([*hats, *kick, *snare], drum=True).syncopation[0] == pytest.approx((7 / 16 + 1 / 4) / 2)
    assert measured(hats, drum=True).syncopation[0] == 0


def test_swing_of_eighths() -> None:
    straight = np.array(EIGHTHS, dtype=np.float64)
    for delay, expected in ((0.0, 0.0), (0.3, 0.45), (2 / 3, 1.0)):
        exact = straight + np.where(straight % 4 == 2, delay, 0)
        assert swing(exact) == pytest.approx(expected, abs=0.01)
        assert swing(exact + 0.1) == pytest.approx(expected, abs=0.01), "a player's lag is no swing"


def test_swing_of_sixteenths() -> None:
    assert swing(SIXTEENTHS + np.where(SIXTEENTHS % 2 == 1, 1 / 3, 0.0)) == pytest.approx(1)
    assert swing(SIXTEENTHS.astype(np.float64)) == 0


def test_triplets_are_no_swing() -> None:
    assert swing(np.arange(24) * 4 / 3) == 0


def test_articulation_is_written_length_to_the_next_onset() -> None:
    assert measured([(step, 60, 1.0) for step in range(0, 32, 4)]).articulation[0] == 0.25
    assert measured([(step, 60, 4.0) for step in range(0, 32, 4)]).articulation[0] == 1
    chord: list[Written] = [(0, 60, 8.0), (0, 64, 8.0), (0, 67, 8.0), (16, 60, 16.0)]
    assert measured(chord).articulation[0] == 0.5
    assert measured([(24, 60, 8.0)]).articulation[0] == 1, "up to the end"


def test_register_and_density() -> None:
    found = measured([(0, 48, 1.0), (0, 72, 1.0), (5, 60, 1.0)])
    assert (found.onsets[0], found.lowest[0], found.highest[0]) == (2, 48, 72)
