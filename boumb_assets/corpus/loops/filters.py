"""Which windows cannot be loops, compiled; and how the notes of the others are written down."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS
from boumb_assets.corpus.loops.note_kernels import UNMAPPED
from boumb_assets.corpus.loops.settings import HARD_NOTES, WINDOW_FILTERS, LoopSettings
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch import HIGHEST, LOWEST

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]

(
    FEW_NOTES, UNMAPPED_DRUMS, PITCH_RANGE, TOO_MANY_NOTES, CHORD_TOO_BIG, LONG_REST, FEW_ONSETS, OFF_GRID, LOSS,
    LOOPABILITY, INTEREST,
) = range(len(WINDOW_FILTERS))  # fmt: skip
PASSED: Final = -1

STEPS: Final = np.array(sorted(DURATION_STEPS.values()))  # (6,)
_BOUNDS: Final = np.sqrt(STEPS[1:] * STEPS[:-1])  # where contracts.nearest_duration changes over: nearness is by ratio


class Limits(NamedTuple):
    """Thresholds as `LoopSettings` has them."""

    min_notes: int
    max_notes: int
    max_drum_notes: int
    max_chord: int
    max_silence: int
    max_onset_error: float
    max_loss: float
    max_unmapped: float


def limits_of(settings: LoopSettings) -> Limits:
    """The thresholds that are the same for every role."""
    return Limits(*(getattr(settings, name) for name in Limits._fields))


@compiled
def nearest_duration(length: float) -> int:
    """The index in STEPS of the contract's nearest duration to ``length`` steps, as contracts.nearest_duration; a note
    without length has the shortest."""
    index = 0
    for bound in _BOUNDS:
        index += length > bound
    return index


@compiled
def longest_fitting(room: float) -> int:
    """The index in STEPS of the longest duration of at most ``room`` steps; at least 0."""
    index = 0
    for longer in STEPS[1:]:
        index += longer <= room
    return index


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


@compiled
def judge_melodic(
    begin: Ints, end: Ints, start: Ints, bars: Ints, stated: Flags, position: Ints, pitch: Numbers, residual: Numbers,
    length: Numbers, reach: Ints, limits: Limits,
) -> tuple[Ints, Ints, Floats, Floats, Ints, npt.NDArray[np.uint8]]:  # fmt: skip
    """Of each melodic window (w,): the filter that removes it before and that which removes it after its role is known
    (PASSED for none), its features as `events.roles.likeliest` takes them (w, 4), its loss, how many notes are cut off
    at its end; and the index in STEPS of the duration that each note is written with, the notes of all windows after
    each other.

    A note is written with the nearest duration, but none that sounds into an onset which the note itself does not
    reach, or beyond the end of the loop.
    """
    windows = begin.size
    early, late = np.full(windows, PASSED), np.full(windows, PASSED)
    features, loss, clipped = np.ones((windows, 4)), np.zeros(windows), np.zeros(windows, np.int64)
    scratch, offset = np.empty(HARD_NOTES), 0
    for window in range(windows):
        offset += end[window] - begin[window]
    written, offset = np.zeros(offset, np.uint8), 0
    for window in range(windows):
        count, first, steps = end[window] - begin[window], start[window] * STEPS_PER_BAR, bars[window] * STEPS_PER_BAR
        early[window] = _outside(begin[window], end[window], position, pitch, limits)
        if early[window] != PASSED:
            offset += count
            continue
        silence, sounding, covered, pitches, error, furthest, onsets = 0.0, 0.0, 0.0, 0.0, 0.0, -np.inf, 0
        uneven = False
        for index in range(count):
            note = begin[window] + index
            step, late_by = position[note] - first, np.float64(residual[note])
            at, room = step + late_by, steps - step - late_by
            lasts = min(np.float64(length[note]), room)
            clipped[window] += length[note] > room + 1
            onsets += index == 0 or position[note] != position[note - 1]
            silence = max(silence, at - furthest) if index else 0.0
            covered += max(at + lasts - max(at, furthest), 0.0)
            furthest = max(furthest, at + lasts)
            sounding += lasts
            pitches += pitch[note]
            uneven = uneven or late_by != 0.0
            scratch[index] = late_by
            duration = min(nearest_duration(lasts), longest_fitting(np.float64(min(reach[note], steps - step))))
            written[offset + index] = duration
            error += abs(late_by) + abs(STEPS[duration] - lasts)
        seam = position[begin[window]] - first + np.float64(residual[begin[window]]) + steps - furthest
        if not stated[window] and max(silence, seam) > limits.max_silence:
            early[window] = LONG_REST
        features[window, 0] = pitches / count
        features[window, 1] = max(1.0, sounding / covered) if covered > 0 else 1.0
        features[window, 2] = sounding / count
        features[window, 3] = onsets / bars[window]
        loss[window] = error / count
        if uneven and _unevenness(scratch, count) > limits.max_onset_error:
            late[window] = OFF_GRID
        elif loss[window] > limits.max_loss:
            late[window] = LOSS
        offset += count
    return early, late, features, loss, clipped, written


@compiled
def _outside(begin: int, end: int, position: Ints, pitch: Numbers, limits: Limits) -> int:
    """The filter of number, register and chords that removes a melodic window, or PASSED."""
    if end - begin < limits.min_notes:
        return FEW_NOTES
    if end - begin > limits.max_notes:
        return TOO_MANY_NOTES
    together, most = 0, 0
    for note in range(begin, end):
        if not LOWEST <= pitch[note] <= HIGHEST:
            return PITCH_RANGE
        together = together + 1 if note > begin and position[note] == position[note - 1] else 1
        most = max(most, together)
    return CHORD_TOO_BIG if most > limits.max_chord else PASSED


@compiled
def judge_drums(
    begin: Ints, end: Ints, start: Ints, bars: Ints, stated: Flags, position: Ints, track: Numbers, residual: Numbers,
    limits: Limits,
) -> tuple[Ints, Ints, Ints, Floats]:  # fmt: skip
    """Of each window of drums (w,): the filter that removes it before and that which removes it after its onsets are
    counted (PASSED for none), the steps with a hit, and its loss; a hit has no length."""
    windows = begin.size
    early, late = np.full(windows, PASSED), np.full(windows, PASSED)
    onsets, loss, scratch = np.zeros(windows, np.int64), np.zeros(windows), np.empty(HARD_NOTES)
    for window in range(windows):
        known = 0
        for note in range(begin[window], end[window]):
            known += track[note] != UNMAPPED
        if known < limits.min_notes:
            early[window] = FEW_NOTES
        elif known < (1 - limits.max_unmapped) * (end[window] - begin[window]):
            early[window] = UNMAPPED_DRUMS
        elif known > limits.max_drum_notes:
            early[window] = TOO_MANY_NOTES
        if early[window] != PASSED:
            continue
        silence, before, first_step, count, uneven = 0.0, -1, 0, 0, False
        for note in range(begin[window], end[window]):
            if track[note] == UNMAPPED:
                continue
            step = position[note] - start[window] * STEPS_PER_BAR
            if count == 0:
                first_step = step
            elif step != before:
                silence = max(silence, np.float64(step - before - 1))
            onsets[window] += step != before
            before = step
            scratch[count] = residual[note]
            loss[window] += abs(scratch[count])
            uneven = uneven or scratch[count] != 0.0
            count += 1
        seam = first_step + bars[window] * STEPS_PER_BAR - before - 1
        if not stated[window] and max(silence, seam) > limits.max_silence:
            early[window] = LONG_REST
        loss[window] /= count
        if uneven and _unevenness(scratch, count) > limits.max_onset_error:
            late[window] = OFF_GRID
        elif loss[window] > limits.max_loss:
            late[window] = LOSS
    return early, late, onsets, loss


@compiled
def _unevenness(residual: Floats, count: int) -> float:
    """The mean error of onset that is not a constant lag, in steps: a drummer behind the beat is on the grid."""
    lag, total = _median(residual, count), 0.0
    for index in range(count):
        total += abs(residual[index] - lag)
    return total / count
