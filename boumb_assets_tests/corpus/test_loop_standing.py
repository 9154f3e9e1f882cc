"""Whether a loop stands alone."""

from collections import Counter
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.loops.standing import (
    RICH_PITCHES,
    RICH_RHYTHM,
    interest,
    loopability,
    repetition_inside,
)
from boumb_assets_tests.corpus.loop_notes import Written, heard, loop_notes

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
LOOPS = st.lists(
    st.tuples(st.integers(0, 31), st.integers(55, 70), st.just(1.0)), min_size=1, max_size=30, unique_by=lambda n: n[:2]
)


def eighths(pitches: tuple[int, ...] = SCALE, bars: int = 2) -> list[Written]:
    return [(2 * place, pitches[place % len(pitches)], 2.0) for place in range(8 * bars)]


def loops_well(loop: list[Written], clipped: int = 0, rings_in: bool = False, drum: bool = False) -> float:
    return float(loopability(*heard(loop_notes([loop], 2, drum)), np.array([clipped]), np.array([rings_in]))[0])


def entropy(things: list[int]) -> float:
    return -sum(count / len(things) * log2(count / len(things)) for count in Counter(things).values())


def test_what_is_heard_at_the_seam() -> None:
    rising = eighths(tuple(range(60, 76)))
    whole = loops_well(rising)
    assert whole == pytest.approx(1 - 0.25 * 10 / 12), "fifteen semitones back, where five are no leap"
    assert loops_well(eighths((60, 62))) == 1 and loops_well(eighths((60, 76))) == 1
    assert whole > loops_well(rising, clipped=4) > loops_well(rising, clipped=16)
    assert loops_well(rising, rings_in=True) == pytest.approx(whole - 0.25)
    ending = [note for note in eighths((60, 62)) if note[0] <= 16]
    assert loops_well(ending) == pytest.approx(1 - 0.25 * 7 / 8), "one note in the last bar, eight in the other"
    fill: list[Written] = [(step, 0, 0.5) for step in (0, 8)] + [(step, 1, 0.5) for step in range(16, 32)]
    assert loops_well(fill, drum=True) == pytest.approx(0.75 + 0.25 * 2 / 16)


def test_repetition_inside() -> None:
    def inside(loop: list[Written], bars: int = 2) -> float:
        return float(repetition_inside(*(heard(loop_notes([loop], bars))[at] for at in (0, 1, 2, 4, 5)))[0])

    assert inside(eighths()) == 1
    assert inside(eighths((*SCALE, *(pitch + 12 for pitch in SCALE)))) == 0.5, "the rhythm alone"
    assert inside([(0, 60, 1.0), (18, 60, 1.0)]) == 0
    assert inside([(0, 60, 1.0)]) == 0
    first: list[Written] = [(0, 60, 1.0), (4, 62, 1.0)]
    again = [(step + 32, pitch, length) for step, pitch, length in first]
    assert inside([*first, (18, 70, 1.0), *again, (50, 70, 1.0)], 4) == pytest.approx(2 / 3)


@settings(deadline=None)
@given(LOOPS)
def test_interest_is_entropy(loop: list[Written]) -> None:
    steps = sorted({step for step, _, _ in loop})
    gaps = [after - before for before, after in zip(steps, [*steps[1:], steps[0] + 32], strict=True)]
    pitches = min(1, entropy([pitch for _, pitch, _ in loop]) / RICH_PITCHES)
    expected = 0.6 * pitches + 0.4 * min(1, entropy(gaps) / RICH_RHYTHM)
    assert interest(*heard(loop_notes([loop])))[0] == pytest.approx(expected)


def test_one_note_over_and_over_is_of_no_interest() -> None:
    dull, lively = eighths((60,)), eighths()
    assert interest(*heard(loop_notes([dull, lively]))).tolist() == pytest.approx([0, 0.6])
    pulse: list[Written] = [(step, 0, 0.5) for step in range(0, 32, 4)]
    funk: list[Written] = [*pulse, (7, 0, 0.5), (12, 1, 0.5), (14, 2, 0.5), (30, 3, 0.5)]
    values = interest(*heard(loop_notes([pulse, funk], drum=True)))
    assert values[0] == 0 and values[1] > 0.5


@settings(deadline=None)
@given(st.lists(LOOPS, min_size=1, max_size=4), st.booleans())
def test_between_0_and_1(loops: list[list[Written]], drum: bool) -> None:
    if drum:
        loops = [[(step, track, 0.5) for step, track in {(step, pitch % 5) for step, pitch, _ in one}] for one in loops]
    arrays = heard(loop_notes(loops, 2, drum))
    sizes = arrays[1] - arrays[0]
    for values in (
        interest(*arrays),
        loopability(*arrays, sizes, np.ones(len(loops), np.bool_)),
        repetition_inside(*(arrays[at] for at in (0, 1, 2, 4, 5))),
    ):
        assert ((values >= 0) & (values <= 1 + 1e-9)).all()
