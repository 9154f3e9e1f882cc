"""The compiled loops over many texts at once: escape them for JSON, find the names of notes in them, compare them.

Texts lie one after the other; those that are escaped end in BLOCK bytes of padding, since `row_kernel` copies them in
whole blocks.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch import HIGHEST

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

BLOCK: Final = 80  # from one name of a note to the next there are about 70
PITCHES: Final = 128
LETTERS: Final = np.array([9, 11, 0, 2, 4, 5, 7], np.int64)  # pitch classes of A to G

_NOTE_FIELD: Final = np.frombuffer(b'\\"note\\":\\"', np.uint8).copy()
_HEX: Final = np.frombuffer(b"0123456789abcdef", np.uint8).copy()
_SHORT: Final = np.zeros(128, np.uint8)  # the letter after the backslash, 0 where there is none
for _byte, _letter in ((8, "b"), (9, "t"), (10, "n"), (12, "f"), (13, "r"), (34, '"'), (92, "\\")):
    _SHORT[_byte] = ord(_letter)
_BACKSLASHES: Final = np.zeros(256, np.uint64)  # before a byte that is no control character
_BACKSLASHES[[34, 92]] = 1


class Texts(NamedTuple):
    """Texts one after the other: text i is ``data[at[i]:at[i + 1]]``."""

    data: Bytes
    at: Ints


@compiled
def _escape_byte(out: Bytes, to: Any, byte: int) -> Any:
    if byte >= 32 and byte != 34 and byte != 92:
        out[to] = byte
        return to + 1
    out[to] = 92
    if _SHORT[byte]:
        out[to + 1] = _SHORT[byte]
        return to + 2
    out[to + 1], out[to + 2], out[to + 3] = 117, 48, 48  # u00
    out[to + 4], out[to + 5] = _HEX[byte >> 4], _HEX[byte & 15]
    return to + 6


@compiled
def escape(data: Bytes, at: Ints) -> tuple[Bytes, Ints]:
    """Texts (UTF-8; text i is ``data[at[i]:at[i + 1]]``) as they stand in a JSON string, padded; as `json.dumps`
    without ASCII escapes writes them."""
    quotes, controls = np.int64(0), np.int64(0)
    for byte in data[at[0] : at[-1]]:  # many at once, as numbers and without a place
        quotes += np.int64(byte == 34) + np.int64(byte == 92)
        controls += np.int64(byte < 32)
    out = np.empty(at[-1] - at[0] + quotes + 5 * controls + BLOCK, np.uint8)
    if quotes + controls == 0:
        out[: at[-1] - at[0]] = data[at[0] : at[-1]]
        return out, at - at[0]
    bounds = np.zeros(len(at), np.int64)
    to = np.uint64(0)
    for text in range(len(at) - 1):
        if controls == 0:  # a backslash that the byte itself overwrites where it needs none, without a branch
            for byte in data[at[text] : at[text + 1]]:
                out[to] = 92
                to += _BACKSLASHES[byte]
                out[to] = byte
                to += np.uint64(1)
        else:
            for byte in data[at[text] : at[text + 1]]:
                to = np.uint64(_escape_byte(out, np.int64(to), byte))
        bounds[text + 1] = to
    return out, bounds


@compiled
def _names_in(data: Bytes, begin: int, end: int, name_at: Ints, pitch: Bytes, count: int) -> int:
    """Notes the names of notes in an escaped text from ``count`` on; the new count, -1 for one that is no name."""
    place, size = begin, len(_NOTE_FIELD)
    while place + size <= end:
        if data[place] != 92 or data[place + 2] != 110:  # a backslash, a quote, an n
            place += 1
            continue
        same = True
        for index in range(size):
            if data[place + index] != _NOTE_FIELD[index]:
                same = False
                break
        if not same:
            place += 1
            continue
        place += size
        sharp = place + 1 < end and data[place + 1] == 35
        octave = place + (2 if sharp else 1)
        if octave >= end or not 65 <= data[place] <= 71 or not 48 <= data[octave] <= 56:
            return -1
        number = LETTERS[data[place] - 65] + (1 if sharp else 0) + 12 * (data[octave] - 47)
        if number > HIGHEST or (sharp and (data[place] == 66 or data[place] == 69)):
            return -1
        name_at[count] = place
        pitch[count] = number
        count += 1
        place = octave + 1
    return count


@compiled
def find_notes(data: Bytes, at: Ints) -> tuple[Ints, Ints, Bytes, Ints]:
    """The names of notes in escaped melodic answers: ``names``, ``name_at``, ``pitch`` of `Answers`, and a row an
    answer of lowest pitch, highest pitch (0, 0 where there is none) and the pitch classes that it has, a bit each. An
    answer with a name that the contract does not know has the lowest pitch -1 and no names."""
    most = (at[-1] - at[0]) // (len(_NOTE_FIELD) + 2) + 1
    name_at, pitch = np.zeros(most, np.int64), np.zeros(most, np.uint8)
    names = np.zeros(len(at), np.int64)
    seen = np.zeros((len(at) - 1, 3), np.int64)
    count = 0
    for answer in range(len(at) - 1):
        end = _names_in(data, at[answer], at[answer + 1], name_at, pitch, count)
        if end < 0:
            seen[answer, 0] = -1
            end = count
        elif end > count:
            seen[answer, 0] = PITCHES
            for note in range(count, end):
                seen[answer, 0] = min(seen[answer, 0], pitch[note])
                seen[answer, 1] = max(seen[answer, 1], pitch[note])
                seen[answer, 2] |= 1 << (pitch[note] % 12)
        count = end
        names[answer + 1] = count
    return names, name_at[:count], pitch[:count], seen


@compiled
def text_hashes(data: Bytes, at: Ints) -> npt.NDArray[np.uint64]:
    """A 64-bit hash a text (FNV-1a)."""
    found = np.zeros(len(at) - 1, np.uint64)
    for text in range(len(at) - 1):
        value = np.uint64(0xCBF29CE484222325)
        for place in range(at[text], at[text + 1]):
            value = (value ^ np.uint64(data[place])) * np.uint64(0x100000001B3)
        found[text] = value
    return found


@compiled
def first_of_equals(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether a value is the first that is as it is; (n,) of hashes, whose bits are all as good as each other."""
    size = 16
    while size < 2 * len(values):
        size *= 2
    slots, first = np.full(size, -1, np.int64), np.zeros(len(values), np.bool_)
    for place in range(len(values)):
        slot = np.int64(values[place] & np.uint64(size - 1))
        while slots[slot] >= 0 and values[slots[slot]] != values[place]:
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot], first[place] = place, True
    return first


@compiled
def characters(data: Bytes, at: Ints, spans: npt.NDArray[np.int32], texts: Ints) -> Ints:
    """The spans (all texts, 2, 3) of some ``texts`` from bytes to characters; start and stop of none stay -1."""
    found = np.full((len(texts), 2, 3), -1, np.int64)
    for row in range(len(texts)):
        text = texts[row]
        for span in range(2):
            for end in range(2):
                stop = min(spans[text, span, end], at[text + 1] - at[text])
                if stop < 0:
                    continue
                count = 0
                for place in range(at[text], at[text] + stop):
                    if data[place] & 0xC0 != 0x80:  # the first byte of a character
                        count += 1
                found[row, span, end] = count
    return found
