"""One pass over the track data of a MIDI file, compiled: what notes depend on, tempos, metres and texts.

The rules that decide what a byte means are those of the standard (RP-001, "Standard MIDI Files 1.0"):

- A time is a number of at most four bytes; ticks are counted from the start of each track.
- Running status: a data byte where a status is due repeats the last channel message. A meta event leaves that message
  standing, as all readers do though the standard would have it cleared; a system message clears it.
- A track ends with its end-of-track event, or with its data where there is none; what lies beyond is not read.
- A data byte above 127 counts as 127, and is counted.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[Any]  # of uint8; a byte & 0xFF is a signed integer, so that what is computed from it stays one

LAST_TICK: Final = 2**31 - 1  # other readers keep times in 32 bits: one beyond was never meant
MAX_TEXTS: Final = 20_000
MAX_MESSAGES: Final = 5_000_000  # two for each of the two million notes that are read at most and a million others
LEAST_TEMPO: Final = 20_000  # microseconds a quarter: 3000 BPM; the slowest that three bytes can say is 3.6 BPM
MAX_DENOMINATOR_POWER: Final = 6  # 1/64

NOTE_OFF, NOTE_ON, CONTROLLER, PROGRAM, _PRESSURE = 0x8, 0x9, 0xB, 0xC, 0xD
PEDAL, RESET_CONTROLLERS = 64, 121

# What can be wrong with a track.
BAD_NUMBER, CUT_EVENT, NO_STATUS, UNKNOWN_STATUS, SHORT_META, LATE_EVENT, BAD_TEMPO, BAD_METRE, TOO_MANY = range(1, 10)

# How many there are of each thing: the places in ``Scanned.counts``.
MESSAGES, TEMPOS, METRES, TEXTS, LEFT_OUT, CLAMPED, ENDLESS, TRAILING = range(8)

_NUMBER_ENDS, _CUT = -1, -2
_META, _SYSEX, _ESCAPE = 0xFF, 0xF0, 0xF7
_TEXT, _NAME, _DEVICE, _PORT, _END, _TEMPO, _METRE = 0x01, 0x03, 0x09, 0x21, 0x2F, 0x51, 0x58


class Scanned(NamedTuple):
    """What the tracks of a file hold. All is in the order of tracks, and in a track in that of the bytes."""

    problem: int
    """0, or one of the constants BAD_NUMBER to TOO_MANY; then only the next three mean something."""
    track: int
    position: int
    value: int
    """The track, the byte of the file and the value in which the problem lies."""
    counts: Ints
    """(8,) by the constants MESSAGES to TRAILING. LEFT_OUT: texts beyond MAX_TEXTS. CLAMPED: messages with a data byte
    above 127. ENDLESS: tracks without an end-of-track event. TRAILING: bytes after such an event in its chunk."""
    ticks: Ints
    """(m,) of each note-on, note-off, program change, movement of the sustain pedal and reset of the controllers."""
    messages: Ints
    """(m,) what it is: track << 32 | port << 24 | kind << 20 | channel << 16 | first data byte << 8 | second."""
    tempos: Ints
    """(k, 2) tick, microseconds a quarter note."""
    metres: Ints
    """(k, 3) tick, numerator, denominator."""
    texts: Ints
    """(k, 5) tick, track, kind of meta event, first byte, number of bytes: each text that is not empty."""
    names: Ints
    """(tracks, 2) first byte and number of bytes of the first track name that is not empty; 0, 0 without one."""


@compiled
def scan_tracks(data: Bytes, spans: Ints) -> Scanned:
    """Reads all tracks of a file: ``data`` (bytes,) is the file, ``spans`` (tracks, 2) where each track's data begins
    and ends, inside the file. Time and memory are linear in the bytes.

    What comes often is read in the one loop: a call that is given arrays takes longer than a message does."""
    size, metas = data.size, 1  # no message is shorter than two bytes, and every meta event begins with 0xFF
    for byte in data:
        metas += byte == _META
    room = min(size // 2 + 1, MAX_MESSAGES)
    ticks, messages = np.empty(room, np.int64), np.empty(room, np.int64)
    tempos, metres = np.empty((metas, 2), np.int64), np.empty((metas, 3), np.int64)
    texts, names = np.empty((min(metas, MAX_TEXTS), 5), np.int64), np.zeros((spans.shape[0], 2), np.int64)
    counts = np.zeros(8, np.int64)
    problem, value, track, position, found = 0, 0, 0, 0, 0
    for track in range(spans.shape[0]):
        position, end = int(spans[track, 0]), int(spans[track, 1])
        now, running, port, complete = 0, 0, 0, False
        while position < end and not complete and not problem:
            delta, after = data[position] & 0xFF, position + 1
            if delta >= 0x80:
                delta, after = _number(data, position, end)
            if after < 0 or after >= end:
                problem = BAD_NUMBER if after == _NUMBER_ENDS else CUT_EVENT
                break
            position = after
            now += delta
            status = data[position] & 0xFF
            if status >= 0x80:
                position += 1
            elif running:
                status = running
            else:
                problem = NO_STATUS
                break
            if status < 0xF0:
                running, kind = status, status >> 4
                width = 1 if kind in (PROGRAM, _PRESSURE) else 2
                if position + width > end:
                    problem = CUT_EVENT
                    break
                one, two = data[position] & 0xFF, data[position + width - 1] & 0xFF
                position += width
                if (one | two) & 0x80:
                    counts[CLAMPED] += 1
                    one, two = min(one, 127), min(two, 127)
                if kind <= NOTE_ON or kind == PROGRAM or (kind == CONTROLLER and one in (PEDAL, RESET_CONTROLLERS)):
                    if found == room:
                        problem = TOO_MANY
                        break
                    ticks[found] = now
                    messages[found] = track << 32 | port << 24 | status << 16 | one << 8 | two
                    found += 1
                    if now > LAST_TICK:
                        problem = LATE_EVENT
            elif status in (_META, _SYSEX, _ESCAPE):
                running = running if status == _META else 0
                kind = data[position] & 0xFF if status == _META and position < end else 0
                length, begin = _number(data, position + (status == _META), end)
                if begin < 0 or begin + length > end:
                    problem = BAD_NUMBER if begin == _NUMBER_ENDS else CUT_EVENT
                    break
                position = begin + length
                if kind == _END:
                    complete = True
                elif _TEXT <= kind <= _DEVICE and length > 0:
                    _keep_text(texts, names, counts, now, track, kind, begin, length)
                elif kind == _PORT and length > 0:
                    port = data[begin] & 0xFF
                elif kind in (_TEMPO, _METRE):
                    problem, value = _state(data, begin, length, kind, now, tempos, metres, counts)
            else:
                running = running if status >= 0xF8 else 0
                problem, width = _system_message(status)
                position += width
                if position > end:
                    problem = CUT_EVENT
        if problem:
            break
        counts[ENDLESS] += not complete
        counts[TRAILING] += end - position
    counts[MESSAGES] = found
    return Scanned(
        problem, track, position, value, counts, ticks[:found], messages[:found],
        tempos[: counts[TEMPOS]], metres[: counts[METRES]], texts[: counts[TEXTS]], names,
    )  # fmt: skip


@compiled
def _number(data: Bytes, position: int, end: int) -> tuple[int, int]:
    """The variable-length number at ``position`` and where it ends, or a negative number in place of that."""
    value = 0
    for offset in range(4):
        if position + offset >= end:
            return 0, _CUT
        byte = data[position + offset] & 0xFF
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + offset + 1
    return 0, _NUMBER_ENDS


@compiled
def _keep_text(
    texts: Ints, names: Ints, counts: Ints, now: int, track: int, kind: int, begin: int, length: int
) -> None:
    if kind == _NAME and names[track, 1] == 0:
        names[track, 0], names[track, 1] = begin, length
    if counts[TEXTS] == texts.shape[0]:
        counts[LEFT_OUT] += 1
        return
    row = texts[counts[TEXTS]]
    row[0], row[1], row[2], row[3], row[4] = now, track, kind, begin, length
    counts[TEXTS] += 1


@compiled
def _state(
    data: Bytes,
    begin: int,
    length: int,
    kind: int,
    now: int,
    tempos: Ints,
    metres: Ints,
    counts: Ints,
) -> tuple[int, int]:
    """A tempo or a metre: the problem with it, and its value then."""
    if length < (3 if kind == _TEMPO else 2):
        return SHORT_META, length
    if now > LAST_TICK:
        return LATE_EVENT, now
    one, two = data[begin] & 0xFF, data[begin + 1] & 0xFF
    if kind == _TEMPO:
        tempo = one << 16 | two << 8 | (data[begin + 2] & 0xFF)
        if tempo < LEAST_TEMPO:
            return BAD_TEMPO, tempo
        tempos[counts[TEMPOS], 0], tempos[counts[TEMPOS], 1] = now, tempo
        counts[TEMPOS] += 1
        return 0, 0
    if one == 0 or two > MAX_DENOMINATOR_POWER:
        return BAD_METRE, one << 8 | two
    row = metres[counts[METRES]]
    row[0], row[1], row[2] = now, one, 1 << two
    counts[METRES] += 1
    return 0, 0


@compiled
def _system_message(status: int) -> tuple[int, int]:
    """A system message that is neither exclusive nor meta: a problem, or 0, and its number of data bytes."""
    if status in (0xF4, 0xF5, 0xF9, 0xFD):
        return UNKNOWN_STATUS, 0
    if status in (0xF1, 0xF3):  # time code, song select
        return 0, 1
    return 0, 2 if status == 0xF2 else 0  # song position
