"""Where parts are cut, and which windows of a part are the same; compiled.

Windows lie side by side, of four and of two bars; for drums of two. Music that is two or four bars long is a loop as it
is, and is not cut into halves, unless its halves are equal.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.corpus.loops.parts import Parts
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Pitches = npt.NDArray[np.uint8]

WINDOW_COUNTS: Final = ("too_short", "empty", "halves_equal")

_TWO_BARS: Final = 2 * STEPS_PER_BAR
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)


class Windows(NamedTuple):
    """Windows (w,) of parts, of each part together and from its beginning, two bars before four."""

    part: Ints
    begin: Ints
    """Where its notes begin among those of all parts."""
    end: Ints
    start: Ints
    """Its first bar, from that of the source."""
    bars: Ints
    same: Ints
    """The first window of the part that is as long and has the same notes at the same steps, however long and loud."""
    times: Ints
    """How many of those the part has."""


def windows_of(parts: Parts) -> tuple[Windows, dict[str, int]]:
    """The windows of ``parts`` that have notes, but of two equal halves the half alone; and how many parts are too
    short for one, how many windows are empty, and how many have equal halves."""
    bars = np.minimum(parts.bars[parts.file], 1 << 40)
    part, begin, end, start, length, counts = cut(parts.starts, parts.position, parts.pitch, parts.is_drum, bars)
    same, times = equals(part, begin, end, start, length, parts.position, parts.pitch)
    windows = Windows(part, begin, end, start, length, same, times)
    return windows, dict(zip(WINDOW_COUNTS, counts.tolist(), strict=True))


@compiled
def cut(
    starts: Ints, position: Ints, pitch: Pitches, is_drum: npt.NDArray[np.bool_], bars: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """The part, first note, last note + 1, first bar and bars of each window, all (w,), and the numbers that
    WINDOW_COUNTS names; parts as in `Parts`, ``bars`` (p,) whole bars of each."""
    most = 0
    for part in range(bars.size):
        most += _cut_part(part, starts, position, pitch, is_drum, bars, 0, *_nowhere())[0]
    found = (
        np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64),
        np.empty(most, np.int64),
    )  # fmt: skip
    counts, count = np.zeros(3, np.int64), 0
    for part in range(bars.size):
        count, short, empty, halves = _cut_part(part, starts, position, pitch, is_drum, bars, count, *found)
        counts[0] += short
        counts[1] += empty
        counts[2] += halves
    return found[0], found[1], found[2], found[3], found[4], counts


@compiled
def _nowhere() -> tuple[Ints, Ints, Ints, Ints, Ints]:
    none = np.empty(0, np.int64)
    return none, none, none, none, none


@compiled
def _cut_part(
    part: int, starts: Ints, position: Ints, pitch: Pitches, is_drum: npt.NDArray[np.bool_], bars: Ints, count: int,
    to_part: Ints, to_begin: Ints, to_end: Ints, to_start: Ints, to_bars: Ints,
) -> tuple[int, int, int, int]:  # fmt: skip
    """The windows of one part from the ``count``th on, written where there is room; how many there are then, and 1 for
    a part that is too short, empty windows, and windows of equal halves."""
    empty = halves = 0
    length = bars[part] if bars[part] in (2, 4) and not is_drum[part] else 2
    if bars[part] < 2:
        return count, 1, 0, 0
    last = 2 if is_drum[part] or bars[part] < 4 else 4
    while length <= last:
        steps = length * STEPS_PER_BAR
        spans, filled = bars[part] // length, 0
        note = starts[part]
        while note < starts[part + 1] and position[note] < spans * steps:
            window = position[note] // steps
            begin, note = note, note + 1
            while note < starts[part + 1] and position[note] < (window + 1) * steps:
                note += 1
            filled += 1
            end, span = note, length
            if length == 4 and _repeats_its_half(position, pitch, begin, end):
                halves += 1
                if bars[part] > 4:
                    continue  # its half is a window of its own
                end, span = begin + (end - begin) // 2, 2
            if count < to_part.size:
                to_part[count], to_begin[count], to_end[count] = part, begin, end
                to_start[count], to_bars[count] = window * length, span
            count += 1
        empty += spans - filled
        length += 2
    return count, 0, empty, halves


@compiled
def _repeats_its_half(position: Ints, pitch: Pitches, begin: int, end: int) -> bool:
    """Whether the second two bars of a window are its first two again."""
    half = (end - begin) // 2
    if (end - begin) % 2:
        return False
    for note in range(begin, begin + half):
        if position[note + half] - position[note] != _TWO_BARS or pitch[note + half] != pitch[note]:
            return False
    return True


@compiled
def equals(
    part: Ints, begin: Ints, end: Ints, start: Ints, bars: Ints, position: Ints, pitch: Pitches
) -> tuple[Ints, Ints]:
    """The columns ``same`` and ``times`` of `Windows` (w,) by its others."""
    size = 16
    while size < 2 * part.size:
        size *= 2
    slots = np.full(size, -1, np.int64)
    same, times = np.empty(part.size, np.int64), np.zeros(part.size, np.int64)
    for window in range(part.size):
        origin = start[window] * STEPS_PER_BAR
        value = np.uint64(part[window] << 3 | bars[window])
        for note in range(begin[window], end[window]):
            value = (value ^ np.uint64((position[note] - origin) << 8 | pitch[note])) * _FACTOR
            value ^= value >> np.uint64(32)
        slot = np.int64(value & np.uint64(size - 1))
        while slots[slot] >= 0 and not _are_equal(window, slots[slot], part, begin, end, start, bars, position, pitch):
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = window
        same[window] = slots[slot]
        times[slots[slot]] += 1
    for window in range(part.size):
        times[window] = times[same[window]]
    return same, times


@compiled
def _are_equal(
    one: int, other: int, part: Ints, begin: Ints, end: Ints, start: Ints, bars: Ints, position: Ints, pitch: Pitches
) -> bool:
    notes = end[one] - begin[one]
    if part[one] != part[other] or bars[one] != bars[other] or notes != end[other] - begin[other]:
        return False
    apart = (start[one] - start[other]) * STEPS_PER_BAR
    for note in range(notes):
        mine, theirs = begin[one] + note, begin[other] + note
        if position[mine] - position[theirs] != apart or pitch[mine] != pitch[theirs]:
            return False
    return True
