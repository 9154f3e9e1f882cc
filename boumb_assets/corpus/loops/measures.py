"""What is measured on the notes of loops: density, swing, syncopation, articulation, compiled."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS
from boumb_assets.corpus.loops.notes import LoopNotes
from boumb_assets.corpus.loops.settings import HARD_NOTES
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.metre import metrical_weights

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Lengths = npt.NDArray[np.float32]

LONGEST: Final = 4 * STEPS_PER_BAR
_STEPS: Final = np.array(sorted(DURATION_STEPS.values()))
_TRIPLET_DELAY: Final = 2 / 3  # steps by which the second eighth of a triplet feel comes after its straight place
_SIXTEENTH_DELAY: Final = 1 / 3  # the same for sixteenths
_ENOUGH: Final = 4  # off-beats from which a swing is measured
_KICK: Final = 1 << DRUM_TRACKS.index("track-kick")
_SNARE: Final = 1 << DRUM_TRACKS.index("track-snare")
_ANY: Final = 1
SILENT: Final = -1.0

_WEIGHTS: Final = metrical_weights(4, 4).astype(np.int64)  # of the sixteenths of a bar, 0 -4 -3 -4 ...
_DEEPEST: Final = 4


def _strongest_between() -> Ints:
    """(16, LONGEST + 1): the highest weight of the steps strictly between an onset on step s and the next, g later."""
    table = np.full((STEPS_PER_BAR, LONGEST + 1), -_DEEPEST - 1)
    for start in range(STEPS_PER_BAR):
        for gap in range(2, LONGEST + 1):
            table[start, gap] = max(table[start, gap - 1], _WEIGHTS[(start + gap - 1) % STEPS_PER_BAR])
    return table


_BETWEEN: Final = _strongest_between()


class Measures(NamedTuple):
    """What is measured on loops, each of shape (n,)."""

    onsets: Ints
    """Steps with an onset."""
    lowest: Ints
    """As in `LoopNotes`."""
    highest: Ints
    swing: Floats
    """How much off-beats are delayed: 0 straight, 1 as the last of a triplet, the larger of eighths' and sixteenths'; 0
    where fewer than four off-beats tell, and for plain triplets. A player's constant lag is taken off first."""
    syncopation: Floats
    """0..1: Longuet-Higgins and Lee's (1984) strength of each onset that is held over, or followed by a rest on, a
    stronger step, averaged over the onsets and divided by the most it can be; the loop closes on itself. Of drums the
    mean of kick and snare, those that play: a steady hi-hat fills every gap."""
    articulation: Floats
    """The median over the notes of their written length, as a share of the time to the next onset or the end."""


def measures_of(notes: LoopNotes) -> Measures:
    """Measures of all loops; articulation is of no meaning for drums."""
    return Measures(*measure(
        notes.begin, notes.end, notes.bars, notes.is_drum, notes.step, notes.pitch, notes.duration, notes.residual
    ))  # fmt: skip


@compiled
def measure(
    begin: Ints, end: Ints, bars: Ints, is_drum: Flags, step: Bytes, pitch: Bytes, duration: Bytes, residual: Lengths
) -> tuple[Ints, Ints, Ints, Floats, Floats, Floats]:
    """The columns of `Measures` of loops as in `LoopNotes`."""
    loops = begin.size
    onsets, lowest, highest = np.zeros(loops, np.int64), np.zeros(loops, np.int64), np.zeros(loops, np.int64)
    swung, syncopated, articulated = np.zeros(loops), np.zeros(loops), np.zeros(loops)
    scratch, masks = np.empty(HARD_NOTES), np.zeros(LONGEST, np.int64)
    for loop in range(loops):
        first, last, steps = begin[loop], end[loop], bars[loop] * STEPS_PER_BAR
        lowest[loop] = 255
        for at in range(steps):
            masks[at] = 0
        for note in range(first, last):
            onsets[loop] += note == first or step[note] != step[note - 1]
            lowest[loop] = min(lowest[loop], np.int64(pitch[note]))
            highest[loop] = max(highest[loop], np.int64(pitch[note]))
            masks[step[note]] |= 1 << pitch[note] if is_drum[loop] else _ANY
        swung[loop] = _swing(first, last, step, residual, scratch)
        if is_drum[loop]:
            kick, snare = _syncopation(masks, _KICK, steps), _syncopation(masks, _SNARE, steps)
            syncopated[loop] = max(kick, snare, 0.0) if min(kick, snare) < 0.0 else (kick + snare) / 2
            continue
        syncopated[loop] = _syncopation(masks, _ANY, steps)
        following = steps
        for note in range(last - 1, first - 1, -1):
            if note + 1 < last and step[note + 1] != step[note]:
                following = np.int64(step[note + 1])
            scratch[note - first] = _STEPS[duration[note]] / (following - step[note])
        articulated[loop] = _median(scratch, last - first)
    return onsets, lowest, highest, swung, syncopated, articulated


@compiled
def _syncopation(masks: Ints, wanted: int, steps: int) -> float:
    """Of the rhythm of the steps where ``masks`` (steps,) has the bit ``wanted``; SILENT where none has."""
    first = before = -1
    total, count = 0, 0
    for step in range(steps):
        if masks[step] & wanted:
            if before < 0:
                first = step
            else:
                total += _held_over(before, step - before)
            before, count = step, count + 1
    if before < 0:
        return SILENT
    total += _held_over(before, first + steps - before)
    return total / count / _DEEPEST


@compiled
def _held_over(step: int, gap: int) -> int:
    at = step % STEPS_PER_BAR
    return int(max(0, _BETWEEN[at, gap] - _WEIGHTS[at]))


@compiled
def _swing(begin: int, end: int, step: Bytes, residual: Lengths, scratch: Floats) -> float:
    on_beat, uneven = 0, False
    for note in range(begin, end):
        uneven = uneven or residual[note] != 0
        if step[note] % STEPS_PER_BEAT == 0:
            scratch[on_beat] = residual[note]
            on_beat += 1
    if not uneven:
        return 0.0
    lag = _median(scratch, on_beat) if on_beat else 0.0
    eighths, second, fourth = 0.0, 0.0, 0.0
    off = triplets = seconds = fourths = 0
    for note in range(begin, end):
        beat, late = step[note] % STEPS_PER_BEAT, np.float64(residual[note]) - lag
        if 1.75 < beat + late < 2.85:
            eighths, off = eighths + beat + late - 2.0, off + 1
        triplets += 1.15 < beat + late < 1.55
        if beat == 1:
            second, seconds = second + late, seconds + 1
        elif beat == 3:
            fourth, fourths = fourth + late, fourths + 1
    swung = 0.0
    if off >= _ENOUGH and 2 * triplets <= off:
        swung = min(1.0, max(0.0, eighths / off / _TRIPLET_DELAY))
    if seconds + fourths >= _ENOUGH and min(seconds, fourths) > 0:
        both = min(second / seconds, fourth / fourths)
        swung = max(swung, min(1.0, max(0.0, both / _SIXTEENTH_DELAY)))
    return swung


# Once more here, since machine code on the disk does not follow a change of a function in another module.
@compiled
def _median(values: Floats, count: int) -> float:
    """The median of the first ``count`` >= 1 values; of an even number the upper of the two in the middle. Sorts them
    in place."""
    for end in range(1, count):
        value, at = values[end], end
        while at > 0 and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value
    return float(values[count // 2])
