"""The composer's front: a loop for any request, by rule, the same for the same seed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from boumb_assets.composer.bass import compose_bass
from boumb_assets.composer.brief import Brief, complete
from boumb_assets.composer.drums import compose_drums
from boumb_assets.composer.keys import compose_keys
from boumb_assets.composer.melody import compose_lead
from boumb_assets.composer.pad import compose_pad
from boumb_assets.composer.plan import LoopPlan, Tone, perform
from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.loop_request import LoopRequest, Role
from boumb_assets.theory.scales import scale_classes

PLAYERS: Final[dict[Role, Callable[[Brief, Random], list[Tone]]]] = {
    "bass": compose_bass, "lead": compose_lead, "keys": compose_keys, "pad": compose_pad, "drums": compose_drums,
}  # fmt: skip
OUTSIDE_SHARE: Final = 0.1  # of a loop's notes may lie outside its scale, where passing tones are allowed at all


def compose_loop(request: LoopRequest, seed: int) -> BoumbSequence | DrumPattern:
    """A loop for ``request``: a DrumPattern (always two bars) for the role drums, else a BoumbSequence of the bars
    asked for. Whatever the request leaves open follows the habits of its style; there is no request that it refuses."""
    plan = compose_plan(request, seed)
    return plan.drum_pattern() if plan.role == "drums" else plan.sequence()


def compose_plan(request: LoopRequest, seed: int, bars: int | None = None) -> LoopPlan:
    """The loop of ``compose_loop`` with swing, exact lengths and MIDI velocities. ``bars`` (1 or more) overrides the
    request's 2 or 4. Plans of one seed that differ in role alone share key, tempo, harmony and swing: a band."""
    brief = complete(request, seed, bars)
    rng = Random(f"{seed}/{brief.style}/{brief.role}")
    tones = PLAYERS[brief.role](brief, rng)
    if brief.role != "drums":
        tones = _tamed(tones, brief)
    late = brief.habits.laid_back if brief.role in ("keys", "lead") else 0
    notes = perform(tones, brief.bars, brief.swing, brief.habits.swing_unit, late, rng)
    return LoopPlan(
        brief.role, brief.style, brief.root, brief.scale, brief.bpm, brief.bars, brief.density, brief.swing, notes
    )


def _tamed(tones: list[Tone], brief: Brief) -> list[Tone]:
    """The tones with at most a tenth outside the scale; the others move to the scale's nearest pitch, but not onto
    the tone before or after."""
    classes = scale_classes(brief.root, brief.scale)
    allowed = int(len(tones) * OUTSIDE_SHARE) if brief.chromatic else 0
    pitches = [tone.pitch for tone in tones]
    for i, pitch in enumerate(pitches):
        if pitch % 12 in classes:
            continue
        if allowed > 0:
            allowed -= 1
            continue
        neighbours = (*pitches[max(0, i - 1) : i], *pitches[i + 1 : i + 2])
        inside = [p for p in range(pitch - 5, pitch + 6) if p % 12 in classes]
        pitches[i] = min(inside, key=lambda p: (p in neighbours, abs(p - pitch), p))
    return [replace(tone, pitch=pitch) for tone, pitch in zip(tones, pitches, strict=True)]
