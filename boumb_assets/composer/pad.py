"""Pads: long chords whose voices move as little as they can, with one voice that does."""

from random import Random
from typing import Final

from boumb_assets.composer.brief import Brief
from boumb_assets.composer.harmony import Chord
from boumb_assets.composer.plan import Tone
from boumb_assets.composer.voicing import voice
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Density
from boumb_assets.theory.scales import scale_classes

VOICES: Final[dict[Density, int]] = {"low": 3, "medium": 4, "high": 5}
REGISTERS: Final = ((50, 74), (52, 76), (55, 79), (48, 77))
LEVEL: Final = 70
HALF: Final = STEPS_PER_BAR // 2


def compose_pad(brief: Brief, rng: Random) -> list[Tone]:
    """The pad of ``brief``: a chord a bar (half a bar where the harmony moves so fast). At medium density a voice
    moves in some bars (a suspension, a neighbour, or a line on top), at high density in every one."""
    register = rng.choice(REGISTERS)
    staggered = brief.style == "ambient" and rng.random() < 0.6
    chance = {"low": 0.15, "medium": 0.6, "high": 1.0}[brief.density]
    tones: list[Tone] = []
    voicing: tuple[int, ...] = ()
    for bar in range(brief.bars):
        first = bar * STEPS_PER_BAR
        starts = (first, first + HALF) if brief.harmony.changes(bar) else (first,)
        for start in starts:
            length = HALF if len(starts) == 2 else STEPS_PER_BAR
            chord = brief.harmony.at(start)
            voicing = voice(chord, VOICES[brief.density], *register, before=voicing)
            last = bar == brief.bars - 1
            moves = rng.random() < chance or (last and start == starts[-1] and brief.density != "low")
            # The contract has no dotted lengths: a late voice of the last bar would end early, or ring over the end.
            chord_tones = _held(voicing, start, length, staggered and not last, rng)
            tones += _with_line(chord_tones, chord, brief, rng) if moves else chord_tones
    return tones


def _held(voicing: tuple[int, ...], start: int, length: int, staggered: bool, rng: Random) -> list[Tone]:
    """The chord held; staggered voices enter one after the other, from the lowest or from the highest."""
    order = list(range(len(voicing)))
    if rng.random() < 0.5:
        order.reverse()
    gap = (2 if length >= STEPS_PER_BAR else 1) if staggered else 0
    return [
        Tone(start + gap * order[i], pitch, length - gap * order[i], LEVEL + rng.randint(-6, 6) - 2 * i, gate=0.99)
        for i, pitch in enumerate(voicing)
    ]


def _with_line(held: list[Tone], chord: Chord, brief: Brief, rng: Random) -> list[Tone]:
    """The chord with its top voice, or the one that can be suspended, moving halfway: 4-3 or 9-8 above the root, a
    neighbour and back, or a step on to another chord tone."""
    classes = scale_classes(brief.root, brief.scale)
    kind = rng.choice(("suspension", "neighbour", "line", "line"))
    chosen = max(held, key=lambda tone: tone.pitch)
    if kind == "suspension":
        chosen = next((tone for tone in held if tone.pitch % 12 in (*chord.classes[1:2], chord.root)), chosen)
    other = _moving_pitch(chosen.pitch, kind, classes, chord, rng)
    if other is None or any(tone.pitch == other for tone in held) or chosen.length < 4:
        return held
    half = int(chosen.length) // 2
    first, second = (other, chosen.pitch) if kind == "suspension" else (chosen.pitch, other)
    moving = [
        Tone(chosen.step, first, half, chosen.velocity, 0.99),
        Tone(chosen.step + half, second, chosen.length - half, max(1, chosen.velocity - 6), 0.99),
    ]
    if kind == "neighbour" and half >= 4:
        quarter = half // 2
        moving = [
            Tone(chosen.step, first, half, chosen.velocity, 0.99),
            Tone(chosen.step + half, second, quarter, chosen.velocity - 4, 0.99),
            Tone(chosen.step + half + quarter, first, chosen.length - half - quarter, chosen.velocity - 6, 0.99),
        ]
    return [tone for tone in held if tone is not chosen] + moving


def _moving_pitch(pitch: int, kind: str, classes: frozenset[int], chord: Chord, rng: Random) -> int | None:
    if kind == "line":
        goals = [p for p in range(pitch - 5, pitch + 6) if p != pitch and p % 12 in chord.classes]
        return rng.choice(goals) if goals else None
    above = [p for p in (pitch + 1, pitch + 2) if p % 12 in classes]
    below = [p for p in (pitch - 1, pitch - 2) if p % 12 in classes]
    options = above if kind == "suspension" else above + below
    return rng.choice(options) if options else None
