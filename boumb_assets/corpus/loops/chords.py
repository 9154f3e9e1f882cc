"""How often the chord changes in loops, compiled.

A chord is three pitch classes together. The chords are the likeliest sequence, a chord a beat, with the weights of
`theory.chord_labels`, where its accuracy is measured; but the notes of one loop are too few to tell a key from, so that
none speaks for the chords that are in it. A seventh that comes or goes is no change.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, LOOP_BARS
from boumb_assets.theory.chord_labels import (
    BASS_WEIGHTS,
    CHANGE_COST,
    CHORDS,
    FOREIGN_WEIGHT,
    NOTE_WEIGHTS,
    PRIORS,
    QUALITIES,
)
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

UNKNOWN: Final = -1.0

_STEPS: Final = np.array(sorted(DURATION_STEPS.values()))
_SILENT: Final = 128
_LONGEST: Final = max(LOOP_BARS) * STEPS_PER_BAR
_CHORD_CLASSES: Final = 3
_CHORD_SHARE: Final = 0.5  # of the steps on which anything sounds that a chord does, from which chords are named


class ChordTables(NamedTuple):
    """What `theory.chord_labels` knows, handed to the kernels: machine code on the disk would not follow a change."""

    notes: Floats
    """(12, 96) by pitch class and chord, the log of that note's share."""
    bass: Floats
    """(12, 96) the log weight of the chord where that note is the lowest."""
    prior: Floats
    """(96,) log weights."""
    triad: Ints
    """(96,) the same number for chords of the same root, third and fifth."""
    change_cost: float


def _tables() -> ChordTables:
    triads = [(chord.root, QUALITIES[chord.quality][:3]) for chord in CHORDS]
    notes = _chord_table(NOTE_WEIGHTS, FOREIGN_WEIGHT)
    return ChordTables(
        notes=np.log(notes / notes.sum(axis=0)),
        bass=_chord_table(BASS_WEIGHTS, 0.0),
        prior=np.repeat(np.array(PRIORS, np.float64), 12),
        triad=np.array([triads.index(triad) for triad in triads]),
        change_cost=CHANGE_COST,
    )


def _chord_table(weights: tuple[float, ...], foreign: float) -> Floats:
    table = np.full((12, len(CHORDS)), foreign)
    for index, chord in enumerate(CHORDS):
        for interval, weight in zip(QUALITIES[chord.quality], weights, strict=False):
            table[(chord.root + interval) % 12, index] = weight
    return table


CHORD_TABLES: Final = _tables()


@compiled
def chord_changes(
    begin: Ints, end: Ints, bars: Ints, step: Bytes, pitch: Bytes, duration: Bytes, tables: ChordTables
) -> Floats:
    """(n,) changes of chord a bar of loops as in `LoopNotes`; UNKNOWN where a chord, which is three pitch classes
    together, sounds for less than half of the time that anything does."""
    result = np.full(begin.size, UNKNOWN)
    masks, low = np.empty(_LONGEST, np.int64), np.empty(_LONGEST, np.int64)
    chords = tables.prior.size
    score, evidence = np.empty(chords), np.empty(chords)
    came_from = np.empty((_LONGEST // STEPS_PER_BEAT, chords), np.int64)
    for loop in range(begin.size):
        steps = bars[loop] * STEPS_PER_BAR
        for at in range(steps):
            masks[at], low[at] = 0, _SILENT
        for note in range(begin[loop], end[loop]):
            first = np.int64(step[note])
            for at in range(first, min(steps, first + max(1, int(_STEPS[duration[note]])))):
                masks[at] |= 1 << np.int64(pitch[note]) % 12
                low[at] = min(low[at], np.int64(pitch[note]))
        heard, sounding = 0, 0
        for at in range(steps):
            heard += _bits(masks[at]) >= _CHORD_CLASSES
            sounding += masks[at] != 0
        if heard >= _CHORD_SHARE * max(sounding, 1):
            beats = steps // STEPS_PER_BEAT
            result[loop] = _changes(beats, masks, low, tables, score, evidence, came_from) / bars[loop]
    return result


@compiled
def _bits(mask: int) -> int:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def _changes(
    beats: int, masks: Ints, low: Ints, tables: ChordTables, score: Floats, evidence: Floats, came_from: Ints
) -> int:
    """How often the triad of the likeliest sequence of chords changes; a silent beat goes on with the one before."""
    for beat in range(beats):
        lowest = np.int64(_SILENT)
        for chord in range(score.size):
            evidence[chord] = 0.0
        for at in range(beat * STEPS_PER_BEAT, (beat + 1) * STEPS_PER_BEAT):
            lowest = min(lowest, low[at])
            for degree in range(12):
                if masks[at] >> degree & 1:
                    for chord in range(score.size):
                        evidence[chord] += tables.notes[degree, chord] / STEPS_PER_BEAT
        highest = 0
        for chord in range(score.size):
            if lowest < _SILENT:
                evidence[chord] += tables.prior[chord] + tables.bass[lowest % 12, chord]
            if beat and score[chord] > score[highest]:
                highest = chord
        moved = score[highest] - tables.change_cost if beat else -np.inf
        for chord in range(score.size):
            stayed = score[chord] if beat else 0.0
            came_from[beat, chord] = chord if stayed > moved else highest
            evidence[chord] += max(stayed, moved)
        for chord in range(score.size):
            score[chord] = evidence[chord]
    last, changes = 0, 0
    for chord in range(score.size):
        last = chord if score[chord] > score[last] else last
    for beat in range(beats - 1, 0, -1):
        changes += tables.triad[came_from[beat, last]] != tables.triad[last]
        last = came_from[beat, last]
    return changes
