import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.bars import positions
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.syncopation import LONGEST, syncopation
from boumb_assets.theory.metre import metrical_weights
from boumb_assets_tests.events.smf import Played, written

Metres = list[tuple[int, int, int]]


def found(notes: list[Played], metres: Metres | None = None) -> float | None:
    parsed = parse_midi(written(notes, metres=metres or []))
    return syncopation(parsed, positions(parsed))


def at(*steps: float, **how: int) -> list[Played]:
    """Notes on sixteenths."""
    return [Played(round(120 * step), 60, how.get("pitch", 60), 64, how.get("channel", 0)) for step in steps]


def test_straight_rhythms_have_none() -> None:
    assert found(at(*range(0, 32, 4))) == 0.0
    assert found(at(*range(0, 32, 2))) == 0.0, "straight off-beats"
    assert found(at(0, 6, 8, 14, 16)) == 0.0, "dotted"


def test_a_note_held_over_a_bar_is_as_strong_as_its_own_place_is_weak() -> None:
    assert found(at(0, 14, 20, 24)) == pytest.approx((0 + 3 + 0) / 4 / 3)
    assert found(at(15, 20)) == 1.0


def test_the_metre_counts() -> None:
    off = at(0, 2, 6, 10, 12, 16, 18, 22, 26)
    in_three, in_six = found(off, [(0, 3, 4)]), found(off, [(0, 6, 8)])
    assert in_three is not None and in_six is not None and in_three > in_six


def test_a_pickup_counts_as_the_end_of_a_bar() -> None:
    upbeat = found(at(2, 4, 8), [(0, 1, 4), (480, 4, 4)])
    assert upbeat == 0.0
    assert found(at(2, 8, 12), [(0, 1, 4), (480, 4, 4)]) == pytest.approx(3 / 4 / 2)


def test_each_part_and_each_drum_has_its_own_rhythm() -> None:
    off = at(2, 6, 10, 14)
    strong = found(off)
    assert strong is not None and strong > 0
    beats = [note._replace(track=1) for note in at(0, 4, 8, 12)]
    assert found([*off, *beats]) == pytest.approx(strong / 2)
    kit = [*at(2, 6, 10, 14, channel=9, pitch=42), *at(0, 4, 8, 12, channel=9, pitch=36)]
    assert found(kit) == pytest.approx(strong / 2)


def test_triplets_are_not_counted() -> None:
    assert found(at(0, 4 / 3, 8 / 3, 4, 16 / 3, 20 / 3, 8, 12)) == 0.0


def test_swung_eighths_are_as_straight_as_they_are_written() -> None:
    swung = at(*(step + (step % 4 == 2) * 0.5 for step in range(0, 128, 2)))
    assert found(swung) == 0.0


def test_one_onset_has_no_rhythm() -> None:
    assert found(at(2)) is None


@settings(deadline=None)  # the first example compiles
@given(
    st.lists(st.integers(0, 200), min_size=2, max_size=30, unique=True),
    st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 8), (2, 2), (31, 4)]),
)
def test_as_the_definition_says(steps: list[int], metre: tuple[int, int]) -> None:
    weights = metrical_weights(*metre)
    expected = []
    for one, other in zip(sorted(steps), sorted(steps)[1:], strict=False):
        between = [weights[place % weights.size] for place in range(one + 1, min(other, one + LONGEST))]
        own = int(weights[one % weights.size])
        expected.append(max(0, max(between, default=own) - own) / -int(weights.min()))
    assert found(at(*steps), [(0, *metre)]) == pytest.approx(np.mean(expected))
