"""Whether a loop stands alone: how well its end leads into its beginning, how much of it comes again, and how much
there is to hear; compiled.

All three are conventions, from 0 to 1, that put loops in an order.

Loopability is what is heard at the seam. Notes that the end cuts off and a note from before that sounds into the
beginning are half of it; a quarter is whether the last bar is as busy as the others, since an ending thins out and a
fill goes wild; a quarter is whether the step back to the first note is one that the loop makes anyway. Drums have no
notes that sound on and no such step.

Repetition inside is how like each bar after the first is to the one before it that is most like it: the share of the
onsets of both bars that both have (Jaccard's index), the mean of that for steps alone and for steps with their pitches.

Interest is what is not foreseen: the entropy (Shannon 1948) of the pitches and of the times between onsets, which tell
how complex listeners find a melody (Eerola, Himberg, Toiviainen and Louhivuori, "Perceived complexity of western and
African folk melodies by western and African listeners", Psychology of Music 34, 2006). One note over and over has 0.
For drums the strokes of a step together are its pitch, and the times are those between kicks and snares.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import LOOP_BARS
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

RICH_PITCHES: Final = 2.5  # bits of pitch entropy from which a loop has variety enough; of drums, of strokes
RICH_STROKES: Final = 2.0
RICH_RHYTHM: Final = 1.5  # bits of the entropy of the times between onsets
_PITCH_SHARE: Final = 0.6  # of interest
_USUAL_STEP: Final = 5  # semitones that no listener takes for a leap
_OCTAVE: Final = 12
_LONGEST: Final = max(LOOP_BARS) * STEPS_PER_BAR
_MOST_BARS: Final = max(LOOP_BARS)
_SNARE: Final = DRUM_TRACKS.index("track-snare")  # after the kick, which is the first


@compiled
def loopability(
    begin: Ints, end: Ints, bars: Ints, is_drum: Flags, step: Bytes, pitch: Bytes, clipped: Ints, rings_in: Flags
) -> Floats:
    """(n,) of loops as in `LoopNotes`; ``clipped`` (n,) notes are cut off at the end, ``rings_in`` (n,) says whether a
    note from before sounds into the beginning."""
    result = np.empty(begin.size)
    busy = np.empty(_MOST_BARS)
    for loop in range(begin.size):
        for bar in range(_MOST_BARS):
            busy[bar] = 0.0
        for note in range(begin[loop], end[loop]):
            if note == begin[loop] or step[note] != step[note - 1]:
                busy[min(step[note] // STEPS_PER_BAR, _MOST_BARS - 1)] += 1.0
        last = bars[loop] - 1
        others = 0.0
        for bar in range(last):
            others += busy[bar] / last
        texture = min(busy[last], others) / max(busy[last], others, 1.0)
        if is_drum[loop]:
            result[loop] = 0.75 + 0.25 * texture
            continue
        whole = (1.0 - clipped[loop] / (end[loop] - begin[loop])) * (0.5 if rings_in[loop] else 1.0)
        result[loop] = 0.5 * whole + 0.25 * texture + 0.25 * _step_back(begin[loop], end[loop], step, pitch)
    return result


@compiled
def _step_back(begin: int, end: int, step: Bytes, pitch: Bytes) -> float:
    """1 where the step from the last highest note to the first is no wider than those of the loop, 0 where it is wider
    by an octave or more."""
    widest, before, first, top = _USUAL_STEP, -1, -1, 0
    for note in range(begin, end):
        top = int(pitch[note])
        if note + 1 < end and step[note + 1] == step[note]:
            continue  # a higher note of the same chord follows
        if before < 0:
            first = top
        else:
            widest = max(widest, abs(top - before))
        before = top
    return max(0.0, 1.0 - max(0, abs(first - top) - widest) / _OCTAVE)


@compiled
def repetition_inside(begin: Ints, end: Ints, bars: Ints, step: Bytes, pitch: Bytes) -> Floats:
    """(n,) how like the bars of each loop are to those before them."""
    result = np.zeros(begin.size)
    edges = np.empty(_MOST_BARS + 1, np.int64)
    for loop in range(begin.size):
        note = begin[loop]
        for bar in range(bars[loop]):
            edges[bar] = note
            while note < end[loop] and step[note] < (bar + 1) * STEPS_PER_BAR:
                note += 1
        edges[bars[loop]] = end[loop]
        for bar in range(1, bars[loop]):
            best = 0.0
            for before in range(bar):
                best = max(best, _likeness(step, pitch, edges, before, bar))
            result[loop] += best / (bars[loop] - 1)
    return result


@compiled
def _likeness(step: Bytes, pitch: Bytes, edges: Ints, one: int, other: int) -> float:
    notes = steps = both_notes = both_steps = 0
    mine, theirs = edges[one], edges[other]
    apart = np.int64((other - one) * STEPS_PER_BAR)
    last_step = last_both = -1
    while mine < edges[one + 1] or theirs < edges[other + 1]:
        a = (np.int64(step[mine]) + apart) << 8 | pitch[mine] if mine < edges[one + 1] else 1 << 30
        b = np.int64(step[theirs]) << 8 | pitch[theirs] if theirs < edges[other + 1] else 1 << 30
        at = min(a, b) >> 8
        notes += 1
        steps += at != last_step
        last_step = at
        if a == b:
            both_notes += 1
        if a >> 8 == b >> 8 and at != last_both:
            both_steps += 1
            last_both = at
        mine += a <= b
        theirs += b <= a
    return 0.5 * both_notes / notes + 0.5 * both_steps / steps if notes else 1.0


@compiled
def interest(begin: Ints, end: Ints, bars: Ints, is_drum: Flags, step: Bytes, pitch: Bytes) -> Floats:
    """(n,) of loops as in `LoopNotes`."""
    result = np.empty(begin.size)
    sounds, gaps = np.zeros(256), np.zeros(_LONGEST + 1)
    for loop in range(begin.size):
        notes, onsets = 0, 0
        first, before, mask = -1, -1, 0
        for note in range(begin[loop], end[loop]):
            if is_drum[loop]:
                mask |= 1 << pitch[note]
                if note + 1 == end[loop] or step[note + 1] != step[note]:
                    sounds[mask] += 1.0
                    notes, mask = notes + 1, 0
            else:
                sounds[pitch[note]] += 1.0
                notes += 1
            if (is_drum[loop] and pitch[note] > _SNARE) or step[note] == before:
                continue
            if before < 0:
                first = int(step[note])
            else:
                gaps[step[note] - before] += 1.0
            before, onsets = int(step[note]), onsets + 1
        if onsets:
            gaps[min(first + bars[loop] * STEPS_PER_BAR - before, _LONGEST)] += 1.0
        rich = RICH_STROKES if is_drum[loop] else RICH_PITCHES
        heard = min(1.0, _entropy(sounds, notes) / rich)
        result[loop] = _PITCH_SHARE * heard + (1 - _PITCH_SHARE) * min(1.0, _entropy(gaps, onsets) / RICH_RHYTHM)
    return result


@compiled
def _entropy(counts: Floats, total: int) -> float:
    """In bits; the counts are 0 afterwards."""
    bits = 0.0
    for index in range(counts.size):
        if counts[index] > 0.0:
            share = counts[index] / total
            bits -= share * np.log2(share)
            counts[index] = 0.0
    return bits
