"""The canonical texts of loops, put together from those of their notes, each written once by the contract's model."""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, Duration, Note, time_of
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, Hit
from boumb_assets.theory.pitch import note_name

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NAMES: Final[tuple[Duration, ...]] = tuple(sorted(DURATION_STEPS, key=lambda name: DURATION_STEPS[name]))  # type: ignore[arg-type]
STEPS: Final = np.array([DURATION_STEPS[name] for name in NAMES])  # (6,) ascending
_BOUNDS: Final = np.sqrt(STEPS[1:] * STEPS[:-1])  # where nearest_duration changes over: nearness is by ratio
_SHORTEST: Final = float(STEPS[0])


def duration_indices(lengths: Floats) -> Ints:
    """The index into NAMES of the contract's nearest duration to each of ``lengths`` (n,), in steps; as
    contracts.nearest_duration, for whole arrays. A note without length has the shortest."""
    return np.searchsorted(_BOUNDS, np.maximum(lengths, _SHORTEST), side="left")


def fitting_indices(rooms: Floats) -> Ints:
    """The index into NAMES of the longest duration that fits into each of ``rooms`` (n,), in steps; at least 0."""
    return np.maximum(np.searchsorted(STEPS, rooms, side="right") - 1, 0)


def sequence_text(steps: Ints, pitches: Ints, durations: Ints, tenths: Ints) -> str:
    """The text of the loop of n notes, sorted by step, then pitch: steps from its start, MIDI numbers, indices into
    NAMES, velocities in tenths."""
    notes = map(_note, steps.tolist(), pitches.tolist(), durations.tolist(), tenths.tolist())
    return '{"sequence":[' + ",".join(notes) + "]}"


def pattern_text(steps: Ints, tracks: Ints, tenths: Ints) -> str:
    """The text of the drum pattern of n hits in any order, no two on one step and track: steps 0..31, indices into
    DRUM_TRACKS, velocities in tenths."""
    parts = []
    for index, track in enumerate(DRUM_TRACKS):
        hits = sorted(zip(steps[tracks == index].tolist(), tenths[tracks == index].tolist(), strict=True))
        if hits:
            parts.append(f'"{track}":[' + ",".join(_hit(step, tenth) for step, tenth in hits) + "]")
    return '{"clips":{' + ",".join(parts) + "}}"


@lru_cache(maxsize=1 << 17)
def _note(step: int, pitch: int, duration: int, tenth: int) -> str:
    return Note(note=note_name(pitch), time=time_of(step), duration=NAMES[duration], velocity=tenth / 10).to_json()


@lru_cache(maxsize=512)
def _hit(step: int, tenth: int) -> str:
    return Hit.on_grid(step, tenth / 10).to_json()
