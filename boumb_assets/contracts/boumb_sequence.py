"""BoumbSequence: the melodic loop of the studio, as Tone.js transport times."""

from math import log2
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT, ContractModel, refuse
from boumb_assets.theory.pitch import NOTE_PATTERN, note_name, pitch_of

Duration = Literal["1n", "2n", "4n", "8n", "16n", "32n"]
DURATION_STEPS: Final[dict[str, float]] = {"1n": 16, "2n": 8, "4n": 4, "8n": 2, "16n": 1, "32n": 0.5}
DURATIONS: Final[tuple[str, ...]] = get_args(Duration)
VELOCITIES: Final[tuple[float, ...]] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
TIME_PATTERN: Final = r"^([0-8]|[1-8][0-8]):[0-3]:[0-3]$"  # the app's grammar has no bar 9, 19, ...
LOOP_BARS: Final = (2, 4)


def step_of(time: str) -> int:
    """The step (a sixteenth, from 0) of a canonical ``bar:beat:sixteenth``."""
    bar, beat, sixteenth = time.split(":")
    return int(bar) * STEPS_PER_BAR + int(beat) * STEPS_PER_BEAT + int(sixteenth)


def time_of(step: int) -> str:
    """The canonical ``bar:beat:sixteenth`` of a step."""
    return f"{step // STEPS_PER_BAR}:{step % STEPS_PER_BAR // STEPS_PER_BEAT}:{step % STEPS_PER_BEAT}"


def velocity_of(midi_velocity: int) -> float:
    """MIDI velocity 1..127 as the contract's 0.1..1.0 in tenths, the nearest, never silent."""
    return max(1, min(10, round(midi_velocity / 12.7))) / 10


def nearest_duration(steps: float) -> Duration:
    """The contract's duration whose length is nearest to ``steps`` on a logarithmic scale (the grammar knows neither
    dots nor triplets); the shorter one where both are as near, and the shortest for a length of 0 or less."""
    if steps <= 0:
        return "32n"
    names: tuple[Duration, ...] = get_args(Duration)
    return min(names, key=lambda name: (round(abs(log2(DURATION_STEPS[name] / steps)), 9), DURATION_STEPS[name]))


def _in_tenths(value: float) -> float:
    if value not in VELOCITIES:
        raise refuse("velocity_not_in_tenths", f"velocity {value} is none of 0.1, 0.2, ... 1.0")
    return value


Velocity = Annotated[
    float,
    Field(ge=0.1, le=1.0, description="In tenths.", json_schema_extra={"enum": list(VELOCITIES)}),
    AfterValidator(_in_tenths),
]


class Note(ContractModel):
    """One note of a loop."""

    note: str = Field(pattern=NOTE_PATTERN, description="Sharps only; C4 is MIDI 60.")
    time: str = Field(pattern=TIME_PATTERN, description="bar:beat:sixteenth from the start of the loop.")
    duration: Duration = Field(description="Tone.js notation, no dots, no triplets.")
    velocity: Velocity

    @property
    def pitch(self) -> int:
        """MIDI number."""
        return pitch_of(self.note)

    @property
    def step(self) -> int:
        """Sixteenths from the start of the loop."""
        return step_of(self.time)

    @classmethod
    def on_grid(cls, step: int, pitch: int, steps: float, velocity: float) -> "Note":
        """A note from numbers: onset and length in steps, MIDI pitch, velocity 0..1 (rounded to tenths)."""
        return cls(
            note=note_name(pitch),
            time=time_of(step),
            duration=nearest_duration(steps),
            velocity=max(1, min(10, round(velocity * 10))) / 10,
        )


class BoumbSequence(ContractModel):
    """A melodic loop: at least one note, sorted by time, then pitch, no note twice."""

    sequence: list[Note] = Field(min_length=1)

    @model_validator(mode="after")
    def _sorted(self) -> Self:
        keys = [(note.step, note.pitch) for note in self.sequence]
        for before, after, note in zip(keys, keys[1:], self.sequence[1:], strict=False):
            if after == before:
                raise refuse("note_twice", f"{note.note} sounds twice at {note.time}")
            if after < before:
                raise refuse("not_sorted", f"{note.note} at {note.time} comes after a later time or a higher pitch")
        return self

    @property
    def bars(self) -> int:
        """The bars it needs: one more than that of its last onset."""
        return self.sequence[-1].step // STEPS_PER_BAR + 1

    @classmethod
    def of(cls, notes: list[Note]) -> "BoumbSequence":
        """The sequence of ``notes`` in canonical order; of two at the same time and pitch the louder one stays."""
        best: dict[tuple[int, int], Note] = {}
        for note in notes:
            key = (note.step, note.pitch)
            if key not in best or best[key].velocity < note.velocity:
                best[key] = note
        return cls(sequence=[best[key] for key in sorted(best)])
