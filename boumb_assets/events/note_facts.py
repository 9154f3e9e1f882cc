"""What one pass over the notes of a file tells: extent, chords, pitches, voices; and its fingerprint."""

import hashlib
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.events.parse import ParsedMidi
from boumb_assets.theory.compiled import compiled

FINGERPRINT_QUARTER: Final = 12  # time units a quarter note: they tell sixteenths and triplet eighths apart

MAX_PASSED: Final = 16  # notes on average that a note is put before in sorting; in music those of its own chord

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


class NoteFacts(NamedTuple):
    """Facts of the notes of a file; those from ``pitched`` on are of the pitched notes where there are any."""

    onsets: int
    """Distinct ones."""
    last_tick: int
    """Where the last note ends."""
    pitched: int
    """Notes that are no drums."""
    lowest: int
    highest: int
    sounding: int
    """Ticks that notes sound, summed."""
    covered: int
    """Ticks in which any of them does."""
    histogram: npt.NDArray[np.float64]
    """(12,): ticks that each pitch class sounds; notes instead where none has a length."""


def note_facts(parsed: ParsedMidi) -> NoteFacts:
    """The facts of a file's notes."""
    return NoteFacts(*_note_facts(parsed.onset_tick, parsed.duration_tick, parsed.pitch, parsed.is_drum))


@compiled
def _note_facts(
    onset: Ints, duration: Ints, pitch: Bytes, is_drum: Flags
) -> tuple[int, int, int, int, int, int, int, npt.NDArray[np.float64]]:
    """The fields of NoteFacts; the arrays have shape (n,), n >= 1, and are sorted by onset."""
    pitched = 0
    for note in range(onset.size):
        pitched += not is_drum[note]
    onsets, last_tick, lowest, highest, sounding, covered = 0, 0, 127, 0, 0, 0
    held, struck = np.zeros(12), np.zeros(12)
    reached = onset[0]
    for note in range(onset.size):
        end = onset[note] + duration[note]
        onsets += note == 0 or onset[note] != onset[note - 1]
        last_tick = max(last_tick, end)
        if is_drum[note] and pitched:
            continue
        sounding += duration[note]
        covered += max(end - max(onset[note], reached), 0)
        reached = max(reached, end)
        lowest, highest = min(lowest, pitch[note]), max(highest, pitch[note])
        held[pitch[note] % 12] += duration[note]
        struck[pitch[note] % 12] += 1.0
    return onsets, last_tick, pitched, lowest, highest, sounding, covered, held if sounding else struck


def file_fingerprint(parsed: ParsedMidi) -> str:
    """16 hexadecimal digits over the onsets: the same for files whose notes begin at the same places, in any key and
    at any tempo and resolution.

    Time is counted from the first onset in twelfths of a quarter note, pitches from the lowest pitched note of the
    first pitched onset, drums as they are. Order, doubles, durations, velocities, instruments and tempo do not count.
    """
    codes, count = _codes(parsed.onset_tick, parsed.pitch, parsed.is_drum, parsed.ppq)
    kept = codes[:count] if count else np.unique(codes)
    width = "<u4" if kept[-1] < 2**32 else "<i8"
    return hashlib.blake2b(kept.astype(width).tobytes(), digest_size=8).hexdigest()


@compiled
def _codes(onset: Ints, pitch: Bytes, is_drum: Flags, ppq: int) -> tuple[Ints, int]:
    """(n,): time and pitch of the notes in one number, drums apart from pitches, each number once and in ascending
    order; and how many these are. Where the chords are so large that this takes long, all of them as they come, and 0.
    Arguments as for `_note_facts`."""
    codes = np.empty(onset.size, dtype=np.int64)
    lowest, begun = 127, -1
    for note in range(onset.size):
        codes[note] = (2 * FINGERPRINT_QUARTER * (onset[note] - onset[0]) + ppq) // (2 * ppq)  # exact, rounded half up
        if not is_drum[note] and (begun < 0 or codes[note] == begun):
            begun, lowest = codes[note], min(lowest, pitch[note])
    for note in range(onset.size):
        codes[note] = codes[note] << 9 | (pitch[note] + 256 if is_drum[note] else pitch[note] - lowest + 128)
    kept = np.empty(onset.size, dtype=np.int64)
    count, passed = 0, 0
    for code in codes:
        place = count
        while place > 0 and kept[place - 1] > code:
            place -= 1
        passed += count - place
        if passed > MAX_PASSED * onset.size:
            return codes, 0
        if place == 0 or kept[place - 1] != code:
            for after in range(count, place, -1):
                kept[after] = kept[after - 1]
            kept[place] = code
            count += 1
    return kept, count
