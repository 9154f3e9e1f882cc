from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.composer.habits import STYLE_HABITS
from boumb_assets.composer.harmony import chord_on, harmonise
from boumb_assets.composer.rhythm import at_density, crossed, strokes, thickened, thinned, varied
from boumb_assets.composer.voicing import voice
from boumb_assets.theory.scales import SCALES, scale_classes

CELLS = st.text("X.-xo1", min_size=16, max_size=16).filter(lambda cell: strokes(cell) != [])


@given(
    st.sampled_from(list(STYLE_HABITS)),
    st.integers(0, 11),
    st.sampled_from(list(SCALES)),
    st.integers(1, 16),
    st.integers(),
)
def test_harmony_stays_in_any_scale(style: str, root: int, scale: str, bars: int, seed: int) -> None:
    harmony = harmonise(style, root, scale, bars, Random(seed))  # type: ignore[arg-type]
    classes = scale_classes(root, scale)
    assert len(harmony.halves) == 2 * bars
    for chord in harmony.halves:
        assert set(chord.classes) <= classes
        assert len(chord.classes) == len(set(chord.classes)) >= 2
    assert harmony.at(0) == harmony.at(bars * 16)  # the loop starts again


def test_chords_are_the_usual_ones_in_the_usual_scales() -> None:
    major, minor = scale_classes(0, "major"), scale_classes(9, "minor")
    assert chord_on(0, major, 4).classes == (0, 4, 7, 11)  # C major seventh
    assert chord_on(2, major, 4).classes == (2, 5, 9, 0)  # D minor seventh
    assert chord_on(7, major, 5).classes == (7, 11, 2, 5, 9)  # G ninth
    assert chord_on(9, minor, 3).classes == (9, 0, 4)
    assert chord_on(11, major, 3).classes == (11, 2, 5)  # B diminished
    assert chord_on(0, scale_classes(0, "insen"), 3).classes == (0, 5, 7)  # no third: suspended


def test_voices_move_little_and_stay_in_their_register() -> None:
    for seed in range(20):
        harmony = harmonise("jazz", seed % 12, "major", 4, Random(seed))
        before: tuple[int, ...] = ()
        for step in range(0, 64, 8):
            position = voice(harmony.at(step), 4, 50, 76, before)
            assert list(position) == sorted(set(position)) and len(position) == 4
            assert position[0] >= 50 and position[-1] <= 76
            if before:
                assert max(min(abs(p - q) for q in before) for p in position) <= 5
            before = position


@given(CELLS, st.integers(0, 20), st.integers())
def test_thinning_and_thickening_change_the_number_of_strokes(cell: str, count: int, seed: int) -> None:
    rng = Random(seed)
    less, more = thinned(cell, count, rng), thickened(cell, count, "x", rng)
    assert len(less) == len(more) == 16
    assert max(1, len(strokes(cell)) - count) <= len(strokes(less)) <= len(strokes(cell))
    assert strokes(less)[0].step == strokes(cell)[0].step
    assert len(strokes(more)) == min(16, len(strokes(cell)) + count)


@given(CELLS, st.sampled_from([1, 2]), st.integers())
def test_variation_keeps_the_first_beat_and_the_bar(cell: str, grain: int, seed: int) -> None:
    changed = varied(cell, "x", Random(seed), grain)
    assert len(changed) == 16
    assert [s.symbol for s in strokes(changed) if s.step < 4] == [s.symbol for s in strokes(cell) if s.step < 4]


def test_strokes_hold_and_rest() -> None:
    assert [(s.step, s.length, s.symbol) for s in strokes("X--.x-.-........")] == [(0, 3, "X"), (4, 2, "x")]


def test_crossing_takes_whole_halves_and_density_orders_strokes() -> None:
    for seed in range(30):
        cell = crossed(("X..X..X.X..X..X.", "x.x.x.x.x.x.x.x."), Random(seed))
        assert cell[:8] in ("X..X..X.", "x.x.x.x.") and len(cell) == 16
        low, high = (at_density(cell, d, "x", Random(seed)) for d in ("low", "high"))
        assert all(a < b for a, b in pairwise([len(strokes(c)) for c in (low, cell, high)]))


@pytest.mark.parametrize("scale", SCALES)
def test_every_progression_of_every_style_fits_every_scale(scale: str) -> None:
    for style in STYLE_HABITS:
        for seed in range(10):
            harmonise(style, seed, scale, 2 + seed % 3, Random(seed))
