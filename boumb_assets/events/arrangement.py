"""The notes of a file put into parts and into order, and its statements into maps, compiled.

A part is a track's notes of one channel and program. Parts are numbered in the order of track, channel, program; notes
come in the order of onset, part, pitch, those that agree in all three in the order of their note-ons.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]

MAX_PARTS: Final = 4096  # 12 bits of a note's place in the order
DRUM_CHANNEL: Final = 9
_SOUNDS: Final = 16 * 128  # a channel and a program
_PORT_CHANNELS: Final = 256 * 16
_SHORT_RUN: Final = 16


class Arranged(NamedTuple):
    """The notes that end, in order; each array (n,)."""

    onset: Ints
    duration: Ints
    pitch: npt.NDArray[np.uint8]
    velocity: npt.NDArray[np.uint8]
    part: npt.NDArray[np.int16]
    program: npt.NDArray[np.int16]
    """-1 for drums."""
    channel: npt.NDArray[np.int8]
    is_drum: npt.NDArray[np.bool_]
    part_tracks: Ints
    """(parts,) the track of each part. Where there are more than MAX_PARTS, that many plus one, and the arrays of notes
    mean nothing."""
    last_end: int
    """The tick at which the last note ends."""


@compiled
def arrange(onset: Ints, end: Ints, what: Ints, programs: Ints) -> Arranged:
    """Arranges the notes of ``pairing.Paired``: ``onset``, ``end``, ``what`` (n,), ``programs`` (k, 3)."""
    _inherit_programs(onset, what, programs)
    part, part_tracks = _parts(end, what)
    kept = 0
    for note in range(end.size):
        kept += end[note] >= 0
    if part_tracks.size > MAX_PARTS:
        kept = 0
    keys, order = np.empty(kept, np.int64), np.empty(kept, np.int64)
    row = 0
    for note in range(end.size if kept else 0):
        if end[note] >= 0:
            keys[row] = onset[note] << 19 | part[note] << 7 | (what[note] >> 7 & 0x7F)
            order[row] = note
            row += 1
    sort_stably(keys, order)
    begins, lasts = np.empty(kept, np.int64), np.empty(kept, np.int64)
    pitch, velocity = np.empty(kept, np.uint8), np.empty(kept, np.uint8)
    parts, program, channel = np.empty(kept, np.int16), np.empty(kept, np.int16), np.empty(kept, np.int8)
    is_drum = np.empty(kept, np.bool_)
    last_end = 0
    for row in range(kept):
        note = order[row]
        begins[row], lasts[row] = onset[note], end[note] - onset[note]
        last_end = max(last_end, end[note])
        pitch[row], velocity[row] = what[note] >> 7 & 0x7F, what[note] & 0x7F
        parts[row], channel[row] = part[note], what[note] >> 22 & 15
        is_drum[row] = channel[row] == DRUM_CHANNEL
        program[row] = -1 if is_drum[row] else (what[note] >> 14 & 0xFF) - 1
    return Arranged(begins, lasts, pitch, velocity, parts, program, channel, is_drum, part_tracks, last_end)


@compiled
def _inherit_programs(onset: Ints, what: Ints, programs: Ints) -> None:
    """Gives a program to each note whose track has set none yet: that of the last change of its port and channel at or
    before its onset, of several at one tick that of the last track; without any, program 0."""
    count = 0
    for note in range(onset.size):
        count += what[note] >> 14 & 0xFF == 0
    if count == 0:
        return
    keys, notes = np.empty(count, np.int64), np.empty(count, np.int64)
    count = 0
    for note in range(onset.size):
        if what[note] >> 14 & 0xFF == 0:
            keys[count], notes[count] = onset[note], note
            count += 1
    ticks, changes = programs[:, 0].copy(), np.arange(programs.shape[0])
    if ticks.size:
        sort_stably(keys, notes)
        sort_stably(ticks, changes)
    held = np.zeros(_PORT_CHANNELS, np.int64)
    next_change = 0
    for index in range(count):
        while next_change < ticks.size and ticks[next_change] <= keys[index]:
            change = changes[next_change]
            held[programs[change, 1]] = programs[change, 2]
            next_change += 1
        note = notes[index]
        what[note] |= (held[what[note] >> 22 & 0xFFF] + 1) << 14


@compiled
def _parts(end: Ints, what: Ints) -> tuple[Ints, Ints]:
    """The part of each note that ends, (n,), and the track of each part; MAX_PARTS + 1 of these if there are more."""
    part, tracks = np.empty(end.size, np.int64), np.empty(MAX_PARTS + 1, np.int64)
    number = np.full(_SOUNDS, -1, np.int64)
    sounds = np.empty(_SOUNDS, np.int64)
    count, first = 0, 0
    while first < end.size:
        track, after, found = what[first] >> 34, first, 0
        while after < end.size and what[after] >> 34 == track:
            sound = _sound(what[after])
            if end[after] >= 0 and number[sound] < 0:
                number[sound] = 0
                sounds[found] = sound
                found += 1
            after += 1
        if count + found > MAX_PARTS:
            return part, tracks
        _sort_few(sounds, found)
        for index in range(found):
            number[sounds[index]] = count
            tracks[count] = track
            count += 1
        for note in range(first, after):
            part[note] = number[_sound(what[note])]
        for index in range(found):
            number[sounds[index]] = -1
        first = after
    return part, tracks[:count]


@compiled
def _sort_few(values: Ints, count: int) -> None:
    """Sorts the first ``count`` by insertion: a track has few parts."""
    for index in range(1, count):
        value, place = values[index], index
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@compiled
def _sound(what: int) -> int:
    return (what >> 15 & 0x780) | ((what >> 14 & 0xFF) - 1)


@compiled
def in_force(statements: Ints, default: Ints) -> Ints:
    """A map from statements (k, c), tick first, in any order: those that change something, from tick 0 on, as (c, m)
    in the order of ticks. Of several at one tick the last counts; ``default`` (c - 1,) holds before the first."""
    ticks, order = statements[:, 0].copy(), np.arange(statements.shape[0])
    sort_stably(ticks, order)
    width = default.size
    rows = np.empty((width + 1, ticks.size + 1), np.int64)
    rows[0, 0] = 0
    rows[1:, 0] = default
    count = 1
    for index in range(ticks.size):
        if index + 1 < ticks.size and ticks[index + 1] == ticks[index]:
            continue
        new = False
        for column in range(1, width + 1):
            new |= statements[order[index], column] != rows[column, count - 1]
        if ticks[index] == 0:
            count = 0
        elif not new:
            continue
        rows[0, count] = ticks[index]
        for column in range(1, width + 1):
            rows[column, count] = statements[order[index], column]
        count += 1
    return rows[:, :count].copy()


@compiled
def sort_stably(keys: Ints, order: Ints) -> None:
    """Sorts ``keys`` (n,) in place and ``order`` (n,) along with it, equal keys as they were.

    A merge sort of the runs that are there: a file's tracks are each in order already, or nearly so.
    """
    size = keys.size
    bounds = np.empty(size // _SHORT_RUN + 2, np.int64)
    bounds[0] = 0
    runs, begin = 0, 0
    while begin < size:
        stop = begin + 1
        while stop < size and keys[stop] >= keys[stop - 1]:
            stop += 1
        least = min(size, begin + _SHORT_RUN)
        while stop < least:
            key, index, place = keys[stop], order[stop], stop
            while place > begin and keys[place - 1] > key:
                keys[place], order[place] = keys[place - 1], order[place - 1]
                place -= 1
            keys[place], order[place] = key, index
            stop += 1
        runs += 1
        bounds[runs] = stop
        begin = stop
    if runs < 2:
        return
    spare_keys, spare_order = np.empty(size, np.int64), np.empty(size, np.int64)
    while runs > 1:
        for pair in range(runs // 2):
            left, middle, right = bounds[2 * pair], bounds[2 * pair + 1], bounds[2 * pair + 2]
            if keys[middle - 1] <= keys[middle]:
                continue
            left = _first_above(keys, left, middle, keys[middle])
            _merge(keys, order, left, middle, right, spare_keys, spare_order)
        for run in range((runs + 1) // 2):
            bounds[run + 1] = bounds[min(2 * run + 2, runs)]
        runs = (runs + 1) // 2


@compiled
def _first_above(keys: Ints, begin: int, end: int, key: int) -> int:
    """The first place from ``begin`` to ``end`` in sorted ``keys`` with more than ``key``; ``end`` if there is none."""
    while begin < end:
        middle = (begin + end) // 2
        if keys[middle] <= key:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def _merge(keys: Ints, order: Ints, left: int, middle: int, right: int, spare_keys: Ints, spare_order: Ints) -> None:
    """Merges two sorted neighbours, left to middle and middle to right."""
    count = middle - left
    spare_keys[:count], spare_order[:count] = keys[left:middle], order[left:middle]
    one, two, place = 0, middle, left
    while one < count:
        if two < right and keys[two] < spare_keys[one]:
            keys[place], order[place] = keys[two], order[two]
            two += 1
        else:
            keys[place], order[place] = spare_keys[one], spare_order[one]
            one += 1
        place += 1
