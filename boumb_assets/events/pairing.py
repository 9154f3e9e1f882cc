"""From the messages of a file's tracks to its notes, compiled: which note-off ends which note, under which program.

- A note-off ends the oldest note of its channel and pitch that still sounds in its track (first in, first out).
- A note that nothing ends in its own track is left out, even where another track has a note-off to spare.
- A note has the program that its track has set for its channel when it begins. Where the track has set none yet it has
  the last one set for its port and channel anywhere in the file by its tick, as a synthesizer would play it: notation
  programs write the program of an instrument into its first staff alone. Where nobody has, it has program 0, the piano.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.events.scan import CONTROLLER, NOTE_OFF, NOTE_ON, PEDAL, PROGRAM
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]

PEDAL_DOWN: Final = 64  # the value from which the pedal counts as down
INHERITED: Final = 0  # a note's program where its track has set none for its channel
_KEYS: Final = 16 * 128  # a channel and a pitch


class Paired(NamedTuple):
    """The notes of a file, in the order of tracks, and in a track in that of the note-ons."""

    onset: Ints
    """(n,) ticks."""
    end: Ints
    """(n,) the tick of the note-off; -1 for a note that nothing ends."""
    what: Ints
    """(n,) track << 34 | port << 26 | channel << 22 | program << 14 | pitch << 7 | velocity; the program counts from 1,
    0 is INHERITED."""
    programs: Ints
    """(k, 3) tick, port << 4 | channel, program: each program change, in the order of tracks."""
    hanging: int
    """Notes that no note-off of their track ends."""
    elsewhere: int
    """Those of them for which some track has a note-off to spare."""
    overlapping: int
    """Notes that begin while a note of their channel and pitch sounds in their track."""
    pedalled: float
    """Sum over the notes that end of the share of time, until the last of them in their track and channel ends, during
    which that channel's sustain pedal is down there."""


@compiled
def pair_notes(ticks: Ints, messages: Ints) -> Paired:
    """Pairs the messages of ``scan.Scanned``, each (m,); in one loop, as ``scan.scan_tracks`` is."""
    onset, end, what = np.empty(ticks.size, np.int64), np.empty(ticks.size, np.int64), np.empty(ticks.size, np.int64)
    oldest, newest = np.empty(_KEYS, np.int64), np.empty(_KEYS, np.int64)  # of the notes of a key that sound
    unused = np.zeros(_KEYS, np.int64)  # note-offs that end nothing, in the whole file
    program = np.zeros(16, np.int64)
    since, down = (
        np.zeros(16, np.int64),
        np.zeros(16, np.int64),
    )  # the pedal: since when it is down, and how long it was
    ended, last, down_then = np.zeros(16, np.int64), np.zeros(16, np.int64), np.zeros(16, np.int64)
    count, changes, overlapping, current = 0, 0, 0, -1
    pedalled = 0.0
    for index in range(ticks.size):
        now, message = ticks[index], messages[index]
        kind, channel, one, two = message >> 20 & 15, message >> 16 & 15, message >> 8 & 0x7F, message & 0x7F
        key = channel << 7 | one
        if message >> 32 != current:
            pedalled += _pedalled(ended, last, down_then)
            current = message >> 32
            oldest[:] = -1
            program[:], since[:] = INHERITED, -1
            down[:], ended[:], last[:] = 0, 0, 0
        if kind == NOTE_ON and two > 0:
            # While a note sounds, its end tells which note of its key began next: -2 minus its index.
            onset[count], end[count] = now, -1
            what[count] = message >> 24 << 26 | channel << 22 | program[channel] << 14 | one << 7 | two
            if oldest[key] < 0:
                oldest[key] = count
            else:
                overlapping += 1
                end[newest[key]] = -2 - count
            newest[key] = count
            count += 1
        elif kind in (NOTE_ON, NOTE_OFF):
            note = oldest[key]
            if note < 0:
                unused[key] += 1
                continue
            oldest[key] = -1 if end[note] == -1 else -2 - end[note]
            end[note] = now
            ended[channel] += 1
            last[channel] = now
            down_then[channel] = down[channel] + (now - since[channel] if since[channel] >= 0 else 0)
        elif kind == PROGRAM:
            program[channel] = one + 1
            changes += 1
        elif kind == CONTROLLER:
            if one == PEDAL and two >= PEDAL_DOWN:
                since[channel] = now if since[channel] < 0 else since[channel]
            elif since[channel] >= 0:  # released, or all controllers reset
                down[channel] += now - since[channel]
                since[channel] = -1
    pedalled += _pedalled(ended, last, down_then)
    hanging, elsewhere = _hanging(end[:count], what, unused)
    programs = _programs(ticks, messages, changes)
    return Paired(onset[:count], end[:count], what[:count], programs, hanging, elsewhere, overlapping, pedalled)


@compiled
def _pedalled(ended: Ints, last: Ints, down_then: Ints) -> float:
    """The share of time with the pedal down until the last note of each channel, times the channel's notes, summed."""
    total = 0.0
    for channel in range(16):
        if last[channel] > 0:
            total += ended[channel] * (down_then[channel] / last[channel])
    return total


@compiled
def _hanging(end: Ints, what: Ints, unused: Ints) -> tuple[int, int]:
    """How many notes nothing ended, and for how many of them there is a note-off to spare; their ends become -1."""
    hanging, elsewhere = 0, 0
    for note in range(end.size):
        if end[note] < 0:
            end[note] = -1
            hanging += 1
            key = (what[note] >> 15 & 0x780) | (what[note] >> 7 & 0x7F)
            if unused[key] > 0:
                unused[key] -= 1
                elsewhere += 1
    return hanging, elsewhere


@compiled
def _programs(ticks: Ints, messages: Ints, changes: int) -> Ints:
    rows = np.empty((changes, 3), np.int64)
    row = 0
    for index in range(ticks.size if changes else 0):
        message = messages[index]
        if message >> 20 & 15 == PROGRAM:
            rows[row, 0] = ticks[index]
            rows[row, 1] = (message >> 20 & 0xFF0) | (message >> 16 & 15)
            rows[row, 2] = message >> 8 & 0x7F
            row += 1
    return rows
