"""The compiled loops that write rows: escape texts for JSON, find the names of notes, put lines together.

A line is copied together from texts that were escaped once: the head (a system message and what is around it), the
prompt, the answer with its notes renamed for the key, and what a trainer needs to move the row by itself. Texts end
in BLOCK bytes of padding, since they are copied in whole blocks; the true length counts, and the next copy overwrites
the rest.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch import HIGHEST, LOWEST, NOTE_NAMES

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

BLOCK: Final = 64
PITCHES: Final = 128
NAME_BYTES: Final = 4  # that a name is copied in; it takes two or three

_NAMES: Final = [f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}" if pitch >= LOWEST else "" for pitch in range(PITCHES)]
NAME_TEXT: Final = np.frombuffer("".join(name.ljust(NAME_BYTES) for name in _NAMES).encode(), np.uint8).copy()
NAME_LENGTH: Final = np.array([len(name) for name in _NAMES], np.int64)
_NAME_WORDS: Final = NAME_TEXT.view(np.uint32)
_LETTERS: Final = np.array([9, 11, 0, 2, 4, 5, 7], np.int64)  # pitch classes of A to G

_NOTE_FIELD: Final = np.frombuffer(b'\\"note\\":\\"', np.uint8).copy()
_OPEN: Final = np.frombuffer(b',"transpose":{"low":'.ljust(BLOCK), np.uint8).copy()
_HIGH: Final = np.frombuffer(b',"high":'.ljust(BLOCK), np.uint8).copy()
_KEYS: Final = np.frombuffer(b',"names":['.ljust(BLOCK), np.uint8).copy()
_PITCHES: Final = np.frombuffer(b'],"pitches":['.ljust(BLOCK), np.uint8).copy()
_ANSWER: Final = np.frombuffer(b'"},{"role":"assistant","content":"'.ljust(2 * BLOCK), np.uint8).copy()
_ANSWER_BYTES: Final = len(b'"},{"role":"assistant","content":"')
_HEX: Final = np.frombuffer(b"0123456789abcdef", np.uint8).copy()
_SHORT: Final = np.zeros(128, np.uint8)  # the letter after the backslash, 0 where there is none
for _byte, _letter in ((8, "b"), (9, "t"), (10, "n"), (12, "f"), (13, "r"), (34, '"'), (92, "\\")):
    _SHORT[_byte] = ord(_letter)
_BACKSLASHES: Final = np.zeros(256, np.uint64)  # before a byte that is no control character
_BACKSLASHES[[34, 92]] = 1
FIELD_BYTES: Final = 256  # of the field `transpose` at most, beside its names of keys


class Texts(NamedTuple):
    """Texts one after the other: text i is ``data[at[i]:at[i + 1]]``."""

    data: Bytes
    at: Ints


class Answers(NamedTuple):
    """Escaped answers and the names of notes in them: those of answer i are ``names[i]`` to ``names[i + 1]``, each at
    ``name_at`` in ``data``."""

    data: Bytes
    at: Ints
    names: Ints
    name_at: Ints
    pitch: Bytes


class Heads(NamedTuple):
    """What stands before a prompt, escaped. Head i is ``data[parts[i, 0]:parts[i, 1]]`` and, where it lists pitches,
    what opens the list up to ``parts[i, 2]``, the list, what closes it up to ``parts[i, 3]``; then the rest up to
    ``parts[i, 4]``. ``chars`` are the characters of the system message before the list, -1 without a message."""

    data: Bytes
    parts: Ints
    chars: Ints


class Prompts(NamedTuple):
    """Prompts, escaped, and where they name the key: start and stop in characters and the place of the names in
    ``keys``, -1 where there is none, (prompts, 2, 3)."""

    data: Bytes
    at: Ints
    spans: Ints
    keys: Bytes
    keys_at: Ints


class Lines(NamedTuple):
    """The rows: the answer, the semitones it is moved by, the head, the prompt; the scale whose pitches are listed (a
    bit a pitch class, 0 for no list) from ``first`` to ``last``; and what the trainer may move the row by, ``low`` to
    ``high`` (``low`` above ``high``: the row has no such field)."""

    answer: Ints
    shift: Ints
    head: Ints
    prompt: Ints
    scale: Ints
    first: Ints
    last: Ints
    low: Ints
    high: Ints


@intrinsic  # type: ignore[untyped-decorator]
def _copy_block(context: Any, out: Any, to: Any, source: Any, begin: Any) -> Any:
    """Copies BLOCK bytes, in what vectors the processor has: a loop over bytes takes ten times as long."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        block = ir.VectorType(ir.IntType(8), BLOCK).as_pointer()
        target, origin = (
            builder.bitcast(
                builder.gep(cgutils.create_struct_proxy(kind)(context, builder, array).data, [place]), block
            )
            for kind, array, place in ((signature.args[0], *values[:2]), (signature.args[2], *values[2:]))
        )
        loaded = builder.load(origin, align=1)
        builder.store(loaded, target, align=1)
        return context.get_dummy_value()

    return types.void(out, types.int64, source, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _store_name(context: Any, out: Any, to: Any, name: Any) -> Any:
    """Writes the NAME_BYTES of a name at once."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array = cgutils.create_struct_proxy(signature.args[0])(context, builder, values[0])
        word = builder.bitcast(builder.gep(array.data, [values[1]]), ir.IntType(8 * NAME_BYTES).as_pointer())
        builder.store(values[2], word, align=1)
        return context.get_dummy_value()

    return types.void(out, types.int64, types.uint32), generate


@compiled
def _copy(out: Bytes, to: int, source: Bytes, begin: int, end: int) -> int:
    """Copies ``source[begin:end]`` to ``out[to:]`` in whole blocks; the end of what counts."""
    place = begin
    while place < end:
        _copy_block(out, to + place - begin, source, place)
        place += BLOCK
    return to + end - begin


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
    out = np.zeros(at[-1] - at[0] + quotes + 5 * controls + BLOCK, np.uint8)
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
        number = _LETTERS[data[place] - 65] + (1 if sharp else 0) + 12 * (data[octave] - 47)
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
def _write_name(out: Bytes, to: int, pitch: int) -> int:
    _store_name(out, to, _NAME_WORDS[pitch])
    return to + int(NAME_LENGTH[pitch])


@compiled
def _write_answer(out: Bytes, to: int, answers: Answers, answer: int, shift: int) -> int:
    begin = answers.at[answer]
    first, last = answers.names[answer], answers.names[answer + 1]
    for place, pitch in zip(answers.name_at[first:last], answers.pitch[first:last]):  # noqa: B905 - numba's has no strict
        to = _copy(out, to, answers.data, begin, place)
        to = _write_name(out, to, pitch + shift)
        begin = place + NAME_LENGTH[pitch]
    return _copy(out, to, answers.data, begin, answers.at[answer + 1])


@compiled
def _write_list(out: Bytes, to: int, scale: int, first: int, last: int) -> int:
    """The names of the pitches of a scale from ``first`` to ``last``, with commas."""
    begin = to
    for pitch in range(first, last + 1):
        if scale >> (pitch % 12) & 1:
            if to > begin:
                out[to], out[to + 1] = 44, 32
                to += 2
            to = _write_name(out, to, pitch)
    return to


@compiled
def _write_number(out: Bytes, to: int, number: int) -> int:
    if number < 0:
        out[to] = 45
        to, number = to + 1, -number
    digits = 1
    while number >= 10**digits:
        digits += 1
    for index in range(digits - 1, -1, -1):
        out[to + index] = 48 + number % 10
        number //= 10
    return to + digits


@compiled
def _write_span(out: Bytes, to: int, message: int, begin: int, end: int) -> int:
    out[to] = 91
    to = _write_number(out, to + 1, message)
    out[to] = 44
    to = _write_number(out, to + 1, begin)
    out[to] = 44
    return _write_number(out, to + 1, end)


@compiled
def _write_field(
    out: Bytes, to: int, prompts: Prompts, prompt: int, low: int, high: int, user: int, begin: int, end: int
) -> int:
    """The field ``transpose``: ``user`` is the place of the user's message, ``begin`` and ``end`` those of the list of
    pitches in the system message (-1: none)."""
    to = _copy(out, to, _OPEN, 0, 20)
    to = _write_number(out, to, low)
    to = _copy(out, to, _HIGH, 0, 8)
    to = _write_number(out, to, high)
    to = _copy(out, to, _KEYS, 0, 10)
    for span in range(2):
        keys = prompts.spans[prompt, span, 2]
        if keys < 0:
            continue
        if span and prompts.spans[prompt, 0, 2] >= 0:
            out[to] = 44
            to += 1
        to = _write_span(out, to, user, prompts.spans[prompt, span, 0], prompts.spans[prompt, span, 1])
        out[to] = 44
        to = _copy(out, to + 1, prompts.keys, prompts.keys_at[keys], prompts.keys_at[keys + 1])
        out[to] = 93
        to += 1
    to = _copy(out, to, _PITCHES, 0, 13)
    if begin >= 0:
        to = _write_span(out, to, 0, begin, end)
        out[to] = 93
        to += 1
    out[to], out[to + 1] = 93, 125
    return to + 2


@compiled
def write_lines(
    out: Bytes, begin: int, enough: int, heads: Heads, prompts: Prompts, answers: Answers, lines: Lines
) -> tuple[int, int]:
    """Writes rows from ``begin`` on until ``out`` holds at least ``enough`` bytes; the next row, and the bytes written.
    ``out`` has room for ``enough`` bytes and the longest line beyond (`line_bounds`)."""
    to, row = 0, begin
    while row < len(lines.answer) and to < enough:
        parts = heads.parts[lines.head[row]]
        lines_at = to
        to = _copy(out, to, heads.data, parts[0], parts[1])
        listed = lines.scale[row] != 0 and parts[2] > parts[1]
        list_chars = 0
        if listed:
            to = lines_at = _copy(out, to, heads.data, parts[1], parts[2])
            to = _write_list(out, to, lines.scale[row], lines.first[row], lines.last[row])
            list_chars = to - lines_at
            to = _copy(out, to, heads.data, parts[2], parts[3])
        to = _copy(out, to, heads.data, parts[3], parts[4])
        prompt = lines.prompt[row]
        to = _copy(out, to, prompts.data, prompts.at[prompt], prompts.at[prompt + 1])
        to = _copy(out, to, _ANSWER, 0, _ANSWER_BYTES)
        to = _write_answer(out, to, answers, lines.answer[row], lines.shift[row])
        out[to], out[to + 1], out[to + 2] = 34, 125, 93  # "}]
        to += 3
        if lines.low[row] <= lines.high[row]:
            chars = heads.chars[lines.head[row]]
            at = chars if listed else -1
            to = _write_field(
                out, to, prompts, prompt, lines.low[row], lines.high[row], 1 if chars >= 0 else 0, at, at + list_chars
            )
        out[to], out[to + 1] = 125, 10
        to += 2
        row += 1
    return row, to


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
