"""Steps: what BoumbApp's running service accepts today, notes on a grid of 32 sixteenths."""

from typing import Final

from pydantic import Field

from boumb_assets.contracts.base import ContractModel, refuse
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence, Note
from boumb_assets.theory.pitch import NOTE_PATTERN, pitch_of

SERVICE_STEPS: Final = 32


class StepNote(ContractModel):
    """One note in steps."""

    pitch: str = Field(pattern=NOTE_PATTERN, description="Sharps only; C4 is MIDI 60.")
    start: int = Field(ge=0, lt=SERVICE_STEPS, description="The step it starts on.")
    duration: int = Field(ge=1, le=SERVICE_STEPS, description="Its length in steps.")
    velocity: int = Field(ge=1, le=127)


class Steps(ContractModel):
    """A two-bar loop as ``{"notes": [...]}``, the one step shape that a JSON-mode server can emit."""

    notes: list[StepNote] = Field(min_length=1)


def steps_from_sequence(sequence: BoumbSequence) -> Steps:
    """The step form of a two-bar loop. Raises ValueError for a longer one: the service would fold bar 3 onto bar 1."""
    if sequence.bars * 16 > SERVICE_STEPS:
        raise refuse("too_long", f"{sequence.bars} bars: only a loop of two bars has a step form")
    return Steps(
        notes=[
            StepNote(
                pitch=note.note,
                start=note.step,
                duration=max(1, round(DURATION_STEPS[note.duration])),
                velocity=max(1, min(127, round(note.velocity * 127))),
            )
            for note in sequence.sequence
        ]
    )


def sequence_from_steps(steps: Steps) -> BoumbSequence:
    """The sequence of a step form; durations become the nearest the sequence knows."""
    return BoumbSequence.of(
        [Note.on_grid(note.start, pitch_of(note.pitch), note.duration, note.velocity / 127) for note in steps.notes]
    )
