"""The notes of many loops as they are written down, in flat arrays."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import velocity_of
from boumb_assets.corpus.loops.note_kernels import UNMAPPED
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]

TENTHS: Final = np.array([round(10 * velocity_of(velocity)) for velocity in range(256)], dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class LoopNotes:
    """The notes (k,) of loops (n,), those of a loop together, sorted by step, then pitch, none twice."""

    begin: Ints
    """(n,) where the notes of each loop begin."""
    end: Ints
    bars: Ints
    is_drum: npt.NDArray[np.bool_]
    step: Bytes
    """(k,) from the start of the loop."""
    pitch: Bytes
    """(k,) MIDI numbers; of drums indices into DRUM_TRACKS."""
    duration: Bytes
    """(k,) index into `texts.NAMES`; of drums of no meaning."""
    velocity: Bytes
    """(k,) in tenths, 1..10."""
    residual: npt.NDArray[np.float32]
    """(k,) steps that it was played late."""
    length: npt.NDArray[np.float32]
    """(k,) steps that it was played for, cut off at the end of the loop."""

    def of(self, chosen: Ints) -> "LoopNotes":
        """Those of the loops ``chosen`` (m,), in that order."""
        return LoopNotes(
            self.begin[chosen], self.end[chosen], self.bars[chosen], self.is_drum[chosen], self.step, self.pitch,
            self.duration, self.velocity, self.residual, self.length,
        )  # fmt: skip


@compiled
def gather(
    begin: Ints, end: Ints, start: Ints, bars: Ints, is_drum: npt.NDArray[np.bool_], written_from: Ints,
    position: Ints, pitch: Bytes, velocity: Bytes, residual: Numbers, length: Numbers, written: Bytes,
    tenths: Bytes,
) -> tuple[Ints, Ints, Bytes, Bytes, Bytes, Bytes, npt.NDArray[np.float32], npt.NDArray[np.float32]]:  # fmt: skip
    """The arrays begin, end, step, pitch, duration, velocity, residual and length of `LoopNotes` for windows (n,) of
    parts; ``written_from`` (n,) says where the durations of each begin in ``written``, ``tenths`` (256,) what is
    written of a velocity."""
    most = 0
    for loop in range(begin.size):
        most += end[loop] - begin[loop]
    first, last = np.empty(begin.size, np.int64), np.empty(begin.size, np.int64)
    steps, pitches, durations = np.empty(most, np.uint8), np.empty(most, np.uint8), np.zeros(most, np.uint8)
    velocities, late, lasts = np.empty(most, np.uint8), np.empty(most, np.float32), np.empty(most, np.float32)
    count = 0
    for loop in range(begin.size):
        first[loop] = count
        for note in range(begin[loop], end[loop]):
            if is_drum[loop] and pitch[note] == UNMAPPED:
                continue
            step = position[note] - start[loop] * STEPS_PER_BAR
            steps[count], pitches[count], velocities[count] = step, pitch[note], tenths[velocity[note]]
            late[count] = residual[note]
            lasts[count] = min(length[note], bars[loop] * STEPS_PER_BAR - step - residual[note])
            if not is_drum[loop]:
                durations[count] = written[written_from[loop] + note - begin[loop]]
            count += 1
        last[loop] = count
    return (
        first, last, steps[:count], pitches[:count], durations[:count], velocities[:count], late[:count], lasts[:count],
    )  # fmt: skip
