"""A loop as arrays, whatever contract it was written for: what the metrics measure."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, LOOP_BARS, BoumbSequence
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, TRACK_GM, DrumPattern
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.contracts.steps import SERVICE_STEPS, Steps
from boumb_assets.theory.pitch import pitch_of

LOOP_CONTRACTS: Final = ("boumb-sequence", "boumb-steps", "drum-pattern")


@dataclass(frozen=True)
class Loop:
    """Notes sorted by onset, then pitch. ``steps`` (n,) onsets in sixteenths from 0, ``pitches`` (n,) MIDI (of drums,
    the General MIDI key of the track), ``lengths`` (n,) in sixteenths, ``bars`` of 16 sixteenths."""

    steps: NDArray[np.int64]
    pitches: NDArray[np.int64]
    lengths: NDArray[np.float64]
    bars: int
    drums: bool = False

    @property
    def notes(self) -> int:
        """How many notes it has; at least one."""
        return len(self.steps)


def loop_of(text: str, contract: str) -> Loop:
    """The loop that ``text`` holds. Raises ValueError for a text that is not of ``contract``, or one without a loop."""
    model = contract_of(contract).parse(text)
    if isinstance(model, BoumbSequence):
        notes = [(note.step, note.pitch, DURATION_STEPS[note.duration]) for note in model.sequence]
        bars = next((bars for bars in LOOP_BARS if bars >= model.bars), model.bars)
    elif isinstance(model, Steps):
        notes = [(note.start, pitch_of(note.pitch), float(note.duration)) for note in model.notes]
        bars = SERVICE_STEPS // STEPS_PER_BAR
    elif isinstance(model, DrumPattern):
        keys = {str(track): key for track, key in TRACK_GM.items()}
        notes = [(hit.step, keys[track], 1.0) for track, hits in model.clips.tracks().items() for hit in hits]
        bars = DRUM_STEPS // STEPS_PER_BAR
    else:
        raise ValueError(f"{contract} holds no loop; these do: {', '.join(LOOP_CONTRACTS)}")
    notes.sort()
    return Loop(
        steps=np.array([step for step, _, _ in notes], dtype=np.int64),
        pitches=np.array([pitch for _, pitch, _ in notes], dtype=np.int64),
        lengths=np.array([length for _, _, length in notes], dtype=np.float64),
        bars=bars,
        drums=isinstance(model, DrumPattern),
    )
