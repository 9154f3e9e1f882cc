"""What a listener knows each style by."""

from collections import Counter
from itertools import pairwise

import pytest

from boumb_assets.composer.drum_cells import CLAP, KICK, RIDE, RIM, SNARE
from boumb_assets.composer.habits import STYLE_HABITS, style_defaults
from boumb_assets.composer.loop import compose_plan
from boumb_assets.composer.plan import TICKS_PER_STEP, LoopPlan, swung
from boumb_assets.contracts.loop_request import LoopRequest, Role, Style
from boumb_assets.theory.scales import SCALES


def plans(style: Style, role: Role, **wishes: str) -> list[LoopPlan]:
    request = LoopRequest.model_validate({"style": style, "role": role, **wishes})
    return [compose_plan(request, seed, bars=4) for seed in range(16)]


def steps_of(plan: LoopPlan, *keys: int, bars: int = 3) -> Counter[int]:
    """How many of the first ``bars`` bars have a hit on each step (the last bar has the fill)."""
    hits = {(note.step // 16, note.step % 16) for note in plan.notes if note.pitch in keys and note.step < bars * 16}
    return Counter(step for _, step in hits)


@pytest.mark.parametrize("style", ["house", "techno"])
def test_four_to_the_floor(style: Style) -> None:
    for plan in plans(style, "drums"):
        kick = steps_of(plan, KICK)
        assert all(kick[beat] == 3 for beat in (0, 4, 8, 12))


@pytest.mark.parametrize("style", ["funk", "house", "lo-fi", "chiptune"])
def test_backbeat_on_two_and_four(style: Style) -> None:
    for plan in plans(style, "drums"):
        backbeat = steps_of(plan, SNARE, CLAP)
        assert backbeat[4] == 3 and backbeat[12] >= 2


@pytest.mark.parametrize("style", ["dub", "trap"])
def test_the_snare_falls_on_three(style: Style) -> None:
    for plan in plans(style, "drums"):
        assert steps_of(plan, SNARE, CLAP, RIM)[8] == 3


def test_one_drop_mostly_leaves_the_first_beat_empty() -> None:
    without = sum(steps_of(plan, KICK)[0] == 0 for plan in plans("dub", "drums"))
    assert without >= 8


def test_bossa_rim_plays_five_clicks_in_two_bars() -> None:
    for plan in plans("bossa", "drums"):
        clicks = [note.step for note in plan.notes if note.pitch == RIM and note.step < 32]
        assert len(clicks) == 5


def test_jazz_rides_with_a_hat_on_two_and_four() -> None:
    for plan in plans("jazz", "drums"):
        assert steps_of(plan, RIDE)[0] == 3
        assert steps_of(plan, 44)[4] == 3 and steps_of(plan, 44)[12] == 3


def test_trap_hats_roll() -> None:
    rolls = sum(
        len({note.onset for note in plan.notes if note.pitch == 42})
        > len({note.step for note in plan.notes if note.pitch == 42})
        for plan in plans("trap", "drums")
    )
    assert rolls >= 12


def test_jazz_bass_walks_in_quarters_and_never_repeats_a_tone_into_the_next_bar() -> None:
    for plan in plans("jazz", "bass"):
        beats = {note.step for note in plan.notes}
        assert beats >= set(range(0, 64, 4))
        walking = [note.pitch for note in plan.notes if note.step % 4 == 0]
        leaps = [abs(after - before) for before, after in pairwise(walking)]
        assert max(leaps) <= 12
        assert sum(leap == 0 for leap in leaps) <= 2


def test_bossa_bass_plays_root_and_fifth_on_the_long_beats() -> None:
    for plan in plans("bossa", "bass"):
        assert any(note.step == 0 and note.length >= 4 for note in plan.notes)


def test_dub_keys_skank_off_the_first_beat() -> None:
    for plan in plans("dub", "keys"):
        assert steps_of(plan, *range(128))[0] == 0


@pytest.mark.parametrize("style", ["funk", "lo-fi", "jazz"])
def test_swung_styles_play_the_off_beats_late(style: Style) -> None:
    unit = STYLE_HABITS[style].swing_unit
    for plan in plans(style, "bass", density="high"):
        late = [n.onset - n.step * TICKS_PER_STEP for n in plan.notes if n.step % (2 * unit) == unit]
        straight = [n.onset - n.step * TICKS_PER_STEP for n in plan.notes if n.step % (2 * unit) == 0]
        expected = plan.swing * unit * TICKS_PER_STEP / 3
        assert late and expected > 2
        assert abs(sum(late) / len(late) - sum(straight) / len(straight) - expected) < 6


def test_swing_divides_a_pair_between_straight_and_triplet() -> None:
    assert swung(1, 0, 1) == 1
    assert swung(1, 1, 1) == pytest.approx(4 / 3)
    assert swung(2, 1, 2) == pytest.approx(8 / 3)
    assert swung(6, 0.5, 2) == pytest.approx(4 + 2 + 1 / 3)
    assert [swung(step, 0.7, 1) for step in (0, 2, 4)] == [0, 2, 4]


def test_habits_are_complete_and_an_unknown_style_is_refused() -> None:
    for style, habits in STYLE_HABITS.items():
        assert style_defaults(style) is habits
        assert 40 <= habits.bpm[0] <= habits.tempo <= habits.bpm[1] <= 220
        assert set(habits.scales) <= set(SCALES) and habits.scale == habits.scales[0]
        assert 0 <= habits.swing <= 1 and set(habits.roots) <= set(range(12))
    with pytest.raises(ValueError, match="polka"):
        style_defaults("polka")  # type: ignore[arg-type]
