from itertools import product
from time import process_time
from typing import Literal, get_args

import pytest
from hypothesis import given, settings

from boumb_assets.composer.brief import MOOD_DENSITY, MOOD_SCALES, resolve_request
from boumb_assets.composer.loop import compose_loop, compose_plan
from boumb_assets.composer.plan import TICKS_PER_STEP, LoopPlan
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence
from boumb_assets.contracts.drum_pattern import GM_TRACKS, DrumPattern
from boumb_assets.contracts.loop_request import MOODS, Density, LoopRequest, Role, Style
from boumb_assets.contracts.validation import validate
from boumb_assets.theory.scales import SCALES, in_scale_share
from boumb_assets_tests.composer.requests import SEEDS, loop_requests

STYLES: tuple[Style, ...] = get_args(Style)
ROLES: tuple[Role, ...] = get_args(Role)
DENSITIES: tuple[Density, ...] = get_args(Density)
MELODIC = [role for role in ROLES if role != "drums"]


def plans(style: Style, role: Role, seeds: int = 12, bars: int = 4) -> list[LoopPlan]:
    return [compose_plan(LoopRequest(style=style, role=role), seed, bars=bars) for seed in range(seeds)]


@given(loop_requests(), SEEDS)
@settings(max_examples=100, deadline=None)
def test_any_request_and_seed_gives_a_valid_loop_that_honours_the_request(request: LoopRequest, seed: int) -> None:
    loop = compose_loop(request, seed)
    assert loop == compose_loop(request, seed)
    full = resolve_request(request, seed)
    assert full.role is not None and full.bars is not None and full.root is not None and full.scale is not None
    if full.role == "drums":
        assert isinstance(loop, DrumPattern)
        assert DrumPattern.model_validate_json(loop.to_json()) == loop
        return
    assert isinstance(loop, BoumbSequence)
    assert BoumbSequence.model_validate_json(loop.to_json()) == loop
    assert loop.bars == full.bars
    pitches = [note.pitch for note in loop.sequence]
    # The studio drops what is outside a scale that was asked for; passing tones need a scale left open.
    assert in_scale_share(pitches, full.root, full.scale) >= (1.0 if request.scale is not None else 0.9)


@given(loop_requests(), SEEDS)
@settings(max_examples=60, deadline=None)
def test_what_a_request_states_is_kept_and_what_it_leaves_open_is_filled(request: LoopRequest, seed: int) -> None:
    full = resolve_request(request, seed)
    assert None not in (full.role, full.style, full.root, full.bpm, full.bars, full.density)
    assert full.scale in SCALES
    stated = request.model_dump(exclude_none=True)
    stated.pop("scale", None)
    assert full.model_dump(include=set(stated)) == stated
    plan = compose_plan(request, seed)
    assert (plan.role, plan.style, plan.root, plan.scale) == (full.role, full.style, full.root, full.scale)
    assert (plan.bpm, plan.bars, plan.density) == (full.bpm, full.bars, full.density)


@given(loop_requests(), SEEDS)
@settings(max_examples=100, deadline=None)
def test_a_plan_can_be_played(request: LoopRequest, seed: int) -> None:
    plan = compose_plan(request, seed)
    end = plan.bars * 16 * TICKS_PER_STEP
    sounding: dict[int, int] = {}
    for note in sorted(plan.notes, key=lambda note: note.onset):
        assert 0 <= note.onset < note.onset + note.duration <= end
        assert 1 <= note.velocity <= 127
        assert note.onset >= sounding.get(note.pitch, 0), "a pitch is struck while it still sounds"
        sounding[note.pitch] = note.onset + note.duration
        assert plan.role != "drums" or note.pitch in GM_TRACKS
        # A swung step sounds less than half a step late, so that rounding finds the step that the contract writes;
        # only the strokes of a roll lie in between.
        assert plan.role == "drums" or abs(note.onset - note.step * TICKS_PER_STEP) < TICKS_PER_STEP / 2


@pytest.mark.parametrize("style", STYLES)
def test_every_role_scale_root_and_density_is_valid_and_as_asked(style: Style) -> None:
    for number, (role, scale, density) in enumerate(product(MELODIC, SCALES, DENSITIES)):
        bars: Literal[2, 4] = 2 if number % 2 else 4
        request = LoopRequest(style=style, role=role, scale=scale, root=number % 12, density=density, bars=bars)
        loop = compose_loop(request, number)
        assert validate(loop, request=request) == []
        assert isinstance(loop, BoumbSequence) and loop.bars == bars


@pytest.mark.parametrize("style", STYLES)
def test_a_pad_never_falls_silent_in_the_durations_of_the_contract_either(style: Style) -> None:
    for seed in range(16):
        loop = compose_loop(LoopRequest(style=style, role="pad", bars=4), seed)
        assert isinstance(loop, BoumbSequence)
        sounding = {
            note.step + step for note in loop.sequence for step in range(int(DURATION_STEPS[note.duration]))
        } & set(range(64))
        assert len(sounding) == 64


def test_a_funk_bass_is_syncopated_and_marks_the_one() -> None:
    for plan in plans("funk", "bass"):
        onsets = {note.step for note in plan.notes}
        assert {0, 16, 32, 48} <= onsets
        assert sum(step % 4 != 0 for step in onsets) > 0.4 * len(onsets)


def test_an_unknown_scale_is_natural_minor_as_in_the_studio() -> None:
    assert resolve_request(LoopRequest(scale="klingon"), 1).scale == "minor"
    assert resolve_request(LoopRequest(scale="Phrygian Dominant"), 1).scale == "phrygian_dominant"


def test_a_tempo_alone_chooses_a_style_that_lives_there() -> None:
    assert {resolve_request(LoopRequest(bpm=174), seed).style for seed in range(20)} <= {"jazz", "chiptune"}
    assert {resolve_request(LoopRequest(bpm=70), seed).style for seed in range(20)} == {"dub", "ambient"}


def test_a_mood_chooses_scale_and_density_where_they_are_open() -> None:
    assert set(MOODS) == MOOD_SCALES.keys() | MOOD_DENSITY.keys()
    happy = resolve_request(LoopRequest(style="house", mood="happy"), 3)
    assert happy.scale == "major"
    assert resolve_request(LoopRequest(mood="calm"), 3).density == "low"
    assert resolve_request(LoopRequest(mood="calm", density="high"), 3).density == "high"


@pytest.mark.parametrize(("style", "role"), list(product(STYLES, ROLES)))
def test_density_orders_how_much_is_played(style: Style, role: Role) -> None:
    counts = [
        sum(len(compose_plan(LoopRequest(style=style, role=role, density=d), seed).notes) for seed in range(8))
        for d in DENSITIES
    ]
    assert counts[0] < counts[1] < counts[2]


@pytest.mark.parametrize(("style", "role"), list(product(STYLES, ROLES)))
def test_loops_differ_and_their_bars_too(style: Style, role: Role) -> None:
    loops = plans(style, role, seeds=8)
    assert len({tuple((note.step, note.pitch) for note in plan.notes) for plan in loops}) >= 7
    varied = 0
    for plan in loops:
        bars: list[list[tuple[int, int]]] = [[] for _ in range(plan.bars)]
        for note in plan.notes:
            bars[note.step // 16].append((note.step % 16, note.pitch))
        assert all(bars), "an empty bar"
        varied += len({tuple(bar) for bar in bars}) > 1
    assert varied == len(loops)


@pytest.mark.parametrize("style", STYLES)
def test_basses_lie_low_and_play_one_tone_at_a_time(style: Style) -> None:
    on_tonic = 0
    for plan in plans(style, "bass"):
        assert all(24 <= note.pitch <= 60 for note in plan.notes)
        assert len({note.step for note in plan.notes}) == len(plan.notes)
        on_tonic += any(note.pitch % 12 == plan.root for note in plan.notes)
    assert on_tonic >= 9  # a few progressions never touch the tonic


@pytest.mark.parametrize("style", STYLES)
def test_leads_have_phrases_with_rests_and_close_on_the_chord(style: Style) -> None:
    resting = 0
    for plan in plans(style, "lead"):
        assert all(55 <= note.pitch <= 92 for note in plan.notes)
        assert len({note.pitch for note in plan.notes}) >= 3
        occupied = {step for note in plan.notes for step in range(note.step, note.step + max(1, int(note.length)))}
        resting += len(occupied) <= 0.9 * plan.bars * 16
    assert resting >= 10 or style == "ambient"


@pytest.mark.parametrize("style", STYLES)
def test_pads_are_sustained_chords(style: Style) -> None:
    for plan in plans(style, "pad"):
        lengths = [note.length for note in plan.notes]
        assert sum(lengths) / len(lengths) >= 4
        sounding = [sum(n.step <= step < n.step + n.length for n in plan.notes) for step in range(8, plan.bars * 16)]
        assert sum(sounding) / len(sounding) >= 2.5


def test_roles_of_one_seed_are_a_band() -> None:
    band = [compose_plan(LoopRequest(style="bossa", role=role), 5) for role in ROLES]
    assert len({(plan.root, plan.scale, plan.bpm, plan.swing) for plan in band}) == 1


def test_a_loop_takes_less_than_five_milliseconds() -> None:
    requests = [LoopRequest(style=style, role=role, bars=4, density="high") for style in STYLES for role in ROLES]
    fastest = []
    for request in requests:
        times = []
        for _ in range(3):
            start = process_time()
            compose_loop(request, 7)
            times.append(process_time() - start)
        fastest.append(min(times))
    assert max(fastest) < 0.005
