"""A loop before it is squeezed into a contract: exact onsets and lengths in ticks, velocities of 1 to 127."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import (
    DURATION_STEPS,
    BoumbSequence,
    Note,
    nearest_duration,
    velocity_of,
)
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, GM_TRACKS, DrumPattern
from boumb_assets.contracts.loop_request import Density, Role, Style

TICKS_PER_BEAT: Final = 480
TICKS_PER_STEP: Final = 120


@dataclass(frozen=True, slots=True)
class Tone:
    """One note as a player thinks it: where on the grid, how long in steps, how loud (1..127).

    ``gate`` is the share of its length that it sounds, ``offset`` a shift in ticks that is no swing: a strum, a roll
    within a step, a player behind the beat.
    """

    step: int
    pitch: int
    length: float
    velocity: int
    gate: float = 0.95
    offset: int = 0


@dataclass(frozen=True, slots=True)
class PlannedNote:
    """One note as it sounds. ``step`` and ``length`` (in steps) are the straight grid that the contracts write;
    ``onset`` and ``duration`` are ticks (480 a quarter) with swing and feel."""

    step: int
    pitch: int
    length: float
    velocity: int
    onset: int
    duration: int


@dataclass(frozen=True, slots=True)
class LoopPlan:
    """A loop in full. ``root`` is a pitch class; drum pitches are keys of the General MIDI percussion map."""

    role: Role
    style: Style
    root: int
    scale: str
    bpm: int
    bars: int
    density: Density
    swing: float
    notes: tuple[PlannedNote, ...]

    def sequence(self) -> BoumbSequence:
        """The contract form: the straight grid, with durations that the contract knows. A line in one voice never
        overlaps itself, and no note rings over the end: where the nearest duration would reach over the next note or
        the last bar, the next shorter one is written."""
        onsets, end = sorted({note.step for note in self.notes}), self.bars * STEPS_PER_BAR
        following = dict(zip(onsets, [*onsets[1:], end], strict=True))
        monophonic = len(onsets) == len(self.notes)
        return BoumbSequence.of(
            [
                Note.on_grid(
                    note.step,
                    note.pitch,
                    _fitting(note.length, (following[note.step] if monophonic else end) - note.step),
                    velocity_of(note.velocity),
                )
                for note in self.notes
            ]
        )

    def drum_pattern(self) -> DrumPattern:
        """The contract form of drums: the first two bars, five tracks; of two hits on one step the louder stays."""
        hits: dict[str, dict[int, float]] = {}
        for note in self.notes:
            if note.step < DRUM_STEPS:
                track = hits.setdefault(GM_TRACKS[note.pitch], {})
                track[note.step] = max(track.get(note.step, 0.0), velocity_of(note.velocity))
        return DrumPattern.of(hits)


def _fitting(length: float, room: int) -> float:
    nearest = DURATION_STEPS[nearest_duration(length)]
    return nearest if nearest <= room else max(steps for steps in DURATION_STEPS.values() if steps <= room)


def swung(position: float, swing: float, unit: int) -> float:
    """Where grid position ``position`` (in steps) sounds: each pair of ``unit`` steps is divided unevenly, the first
    half longer, so that ``swing`` 0 is straight and 1 a triplet (two thirds to one third)."""
    pairs, rest = divmod(position, 2 * unit)
    middle = unit * (1 + swing / 3)
    inside = rest * middle / unit if rest <= unit else middle + (rest - unit) * (2 * unit - middle) / unit
    return pairs * 2 * unit + inside


def perform(
    tones: Iterable[Tone], bars: int, swing: float, unit: int, late: int, rng: Random
) -> tuple[PlannedNote, ...]:
    """The tones as they sound, sorted by step, then pitch: swung, ``late`` ticks behind the beat, with a few ticks of
    human unevenness. No note starts before the loop, reaches past its end or into the next note of its pitch."""
    end = bars * STEPS_PER_BAR * TICKS_PER_STEP
    inside = sorted(
        (tone for tone in tones if 0 <= tone.step < bars * STEPS_PER_BAR), key=lambda t: (t.step, t.offset, t.pitch)
    )
    next_onset: dict[int, int] = {}
    notes = []
    for tone in reversed(inside):
        feel = tone.offset + (late + rng.randint(-3, 3) if tone.step else 0)
        onset = min(end - 10, max(0, round(swung(tone.step, swing, unit) * TICKS_PER_STEP) + feel))
        sounding = round(swung(tone.step + tone.length, swing, unit) * TICKS_PER_STEP) - onset
        limit = min(end, next_onset.get(tone.pitch, end)) - onset
        if limit < 10:  # a second stroke at the same moment
            continue
        next_onset[tone.pitch] = onset
        notes.append(
            PlannedNote(
                step=tone.step,
                pitch=tone.pitch,
                length=min(tone.length, bars * STEPS_PER_BAR - tone.step),
                velocity=max(1, min(127, tone.velocity)),
                onset=onset,
                duration=max(10, min(limit, round(sounding * tone.gate))),
            )
        )
    return tuple(sorted(notes, key=lambda note: (note.step, note.pitch, note.onset)))
