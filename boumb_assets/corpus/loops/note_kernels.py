"""From events in the order of their files to the notes of parts, compiled.

``rows`` (n,) chooses and orders events; ``starts`` (files + 1,) says where in it each file begins. All other arrays are
columns of the events. Nothing is assumed of their values.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import LOOP_BARS
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, GM_TRACKS
from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]

UNMAPPED: Final = len(DRUM_TRACKS)  # a stroke that the studio has no track for
FAR: Final = 1 << 20  # more steps than any loop has

DRUM_INDEX: Final = np.array(
    [DRUM_TRACKS.index(GM_TRACKS[key]) if key in GM_TRACKS else UNMAPPED for key in range(256)], dtype=np.uint8
)
_PICKUP_FROM: Final = STEPS_PER_BAR // 2  # music that begins in the second half of a bar leads into the next
_LONGEST_LOOP: Final = max(LOOP_BARS)
_LEGATO: Final = 0.25  # steps that a note may reach into the next onset and still end before it
_LIGHTEST: Final = 0.5  # steps that a note without length weighs in a scale
_TRACKS: Final = 1 << 15


@compiled
def source_spans(
    rows: Ints, starts: Ints, bar: Numbers, step: Numbers, pitch: Numbers, length: Numbers, is_drum: Numbers,
    pickup: Ints, stated_bars: Ints,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Of each file the bar that its first loop begins with, the whole bars from there, both (files,), and how long each
    pitch class sounds in it (files, 12), in steps.

    The music begins after the pickup, and, in anything longer than a loop, after a bar of which only the end is played.
    It ends with the bar of the last onset; one later where that makes the bars even and the music sounds on into it. A
    file whose collection says how many bars it has, has as many at least.
    """
    files = starts.size - 1
    first_bar, bars, weights = np.zeros(files, np.int64), np.zeros(files, np.int64), np.zeros((files, 12))
    for file in range(files):
        lowest, highest = np.int64(1) << 40, -(np.int64(1) << 40)
        whole_from = 1 if pickup[file] > 0 else 0
        for place in range(starts[file], starts[file + 1]):
            row = rows[place]
            highest = max(highest, np.int64(bar[row]))
            if bar[row] >= whole_from:
                lowest = min(lowest, np.int64(bar[row]))
            if not is_drum[row]:
                weights[file, pitch[row] % 12] += max(np.float64(length[row]), _LIGHTEST)
        if lowest > highest:
            first_bar[file] = highest + 1
        else:
            first_step = STEPS_PER_BAR
            for place in range(starts[file], starts[file + 1]):
                if bar[rows[place]] == lowest:
                    first_step = min(first_step, int(step[rows[place]]))
            leads_in = highest - lowest >= _LONGEST_LOOP and first_step >= _PICKUP_FROM
            first_bar[file] = lowest + (1 if leads_in else 0)
        last, end = -(np.int64(1) << 40), -np.inf
        for place in range(starts[file], starts[file + 1]):
            row = rows[place]
            position = (bar[row] - first_bar[file]) * STEPS_PER_BAR + np.int64(step[row])
            last, end = max(last, position), max(end, position + np.float64(length[row]))
        if starts[file + 1] > starts[file]:
            bars[file] = last // STEPS_PER_BAR + 1
            if bars[file] % 2 == 1 and end > bars[file] * STEPS_PER_BAR + 1:
                bars[file] += 1
        bars[file] = max(bars[file], stated_bars[file])
    return first_bar, bars, weights


@compiled
def by_parts(rows: Ints, starts: Ints, track: Numbers, is_drum: Numbers) -> tuple[Ints, Ints]:
    """``rows`` with those of one part together, in the order that they had (n,), and the part of each (n,), as
    file << 16 | track << 1 | drums. Parts are in the order of that number."""
    ordered, code = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64)
    count, keys = np.zeros(2 * _TRACKS, np.int64), np.empty(2 * _TRACKS, np.int64)
    spare = np.empty(2 * _TRACKS, np.int64)
    for file in range(starts.size - 1):
        known = 0
        for place in range(starts[file], starts[file + 1]):
            key = (np.int64(track[rows[place]]) & (_TRACKS - 1)) << 1 | np.int64(is_drum[rows[place]])
            if count[key] == 0:
                keys[known] = key
                known += 1
            count[key] += 1
        _sort(keys, keys, 0, known, spare, spare)
        begin = starts[file]
        for index in range(known):
            begin, count[keys[index]] = begin + count[keys[index]], begin
        for place in range(starts[file], starts[file + 1]):
            key = (np.int64(track[rows[place]]) & (_TRACKS - 1)) << 1 | np.int64(is_drum[rows[place]])
            ordered[count[key]], code[count[key]] = rows[place], file << 16 | key
            count[key] += 1
        for index in range(known):
            count[keys[index]] = 0
    return ordered, code


@compiled
def notes_of_parts(
    rows: Ints, starts: Ints, origin: Ints, bar: Numbers, step: Numbers, pitch: Numbers, velocity: Numbers,
    is_drum: Numbers, drum_index: npt.NDArray[np.uint8],
) -> tuple[Ints, Ints, Ints, npt.NDArray[np.uint8]]:  # fmt: skip
    """The rows (k,) of the notes of each part, sorted by position and pitch, where each part begins among them
    (parts + 1,), and their positions (k,) and pitches (k,); of drums the studio's track by ``drum_index`` (256,).

    ``starts`` (parts + 1,) are parts here, and ``origin`` (parts,) the bar that positions count from; what comes before
    is left out. Of two equal notes the louder one stays, of two as loud the earlier.
    """
    parts = starts.size - 1
    kept, begins = np.empty(rows.size, np.int64), np.zeros(parts + 1, np.int64)
    position, sound = np.empty(rows.size, np.int64), np.empty(rows.size, np.uint8)
    keys, spare, spare_rows = np.empty(rows.size, np.int64), np.empty(rows.size, np.int64), np.empty_like(rows)
    count = 0
    for part in range(parts):
        begin = count
        for place in range(starts[part], starts[part + 1]):
            row = rows[place]
            at = (bar[row] - origin[part]) * STEPS_PER_BAR + np.int64(step[row])
            if at < 0:
                continue
            tone = drum_index[pitch[row]] if is_drum[row] else pitch[row]
            keys[count] = at << 16 | np.int64(tone) << 8 | (255 - np.int64(velocity[row]))
            kept[count] = row
            count += 1
        _sort(keys, kept, begin, count, spare, spare_rows)
        found = begin
        for note in range(begin, count):
            if note == begin or keys[note] >> 8 != keys[note - 1] >> 8:
                kept[found], position[found], sound[found] = kept[note], keys[note] >> 16, keys[note] >> 8 & 255
                found += 1
        count = found
        begins[part + 1] = count
    return kept[:count], begins, position[:count], sound[:count]


@compiled
def _sort(keys: Ints, rows: Ints, begin: int, end: int, spare_keys: Ints, spare_rows: Ints) -> None:
    """Sorts ``keys`` from ``begin`` to ``end`` in place, and ``rows`` with them, equal ones in the order that they had;
    what is nearly in order takes little more than a look. The spare arrays are as large, their contents are lost."""
    width = 1
    for place in range(begin + 1, end):
        if keys[place] < keys[place - 1]:
            break
    else:
        return
    while width < end - begin:
        for first in range(begin, end - width, 2 * width):
            middle, last = first + width, min(first + 2 * width, end)
            if keys[middle - 1] <= keys[middle]:
                continue
            for place in range(first, middle):
                spare_keys[place], spare_rows[place] = keys[place], rows[place]
            left, right = first, middle
            for place in range(first, last):
                if left < middle and (right == last or spare_keys[left] <= keys[right]):
                    keys[place], rows[place] = spare_keys[left], spare_rows[left]
                    left += 1
                elif left < middle:
                    keys[place], rows[place] = keys[right], rows[right]
                    right += 1
                else:
                    break  # the rest is where it belongs
        width *= 2


@compiled
def reaches(starts: Ints, position: Ints, pitch: npt.NDArray[np.uint8], residual: Numbers, length: Numbers) -> Ints:
    """(k,) steps from each note to the next onset that it does not sound into, and that it must not be lengthened
    into: that of another note of its part, or of its own pitch. Arguments as `notes_of_parts` gives them."""
    reach = np.empty(position.size, np.int64)
    again = np.empty(256, np.int64)
    for part in range(starts.size - 1):
        again[:] = -1
        for note in range(starts[part + 1] - 1, starts[part] - 1, -1):
            sounding = np.float64(residual[note]) + np.float64(length[note]) - _LEGATO
            wanted = position[note] + (np.int64(np.ceil(min(sounding, FAR))) if sounding > 1.0 else 1)
            low, high = note + 1, starts[part + 1]
            if low < high and position[low] >= wanted:
                high = low
            while low < high:
                middle = (low + high) // 2
                if position[middle] < wanted:
                    low = middle + 1
                else:
                    high = middle
            nearest = position[low] - position[note] if low < starts[part + 1] else FAR
            if again[pitch[note]] >= 0:
                nearest = min(nearest, again[pitch[note]] - position[note])
            again[pitch[note]] = position[note]
            reach[note] = min(nearest, FAR)
    return reach


@compiled
def reached(starts: Ints, position: Ints, length: Numbers) -> Floats:
    """(k,) the step up to which any note of the part sounds that does not come after this one."""
    furthest = np.empty(position.size)
    for part in range(starts.size - 1):
        end = -np.inf
        for note in range(starts[part], starts[part + 1]):
            end = max(end, position[note] + np.float64(length[note]))
            furthest[note] = end
    return furthest
