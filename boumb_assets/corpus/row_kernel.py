"""The compiled loops that put the lines of rows together.

A line is copied together from texts that were escaped once (`text_kernel`): the head (a system message and what is
around it), the prompt, the answer with its notes renamed for the key, and what a trainer needs to move the row by
itself. Texts end in BLOCK bytes of padding, since they are copied in whole blocks; the true length counts, and the next
copy overwrites the rest.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from boumb_assets.corpus.text_kernel import BLOCK, PITCHES, Bytes, Ints
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.copying import block_copier
from boumb_assets.theory.pitch import LOWEST, NOTE_NAMES

NAME_BYTES: Final = 4  # that a name is copied in; it takes two or three

_NAMES: Final = [f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}" if pitch >= LOWEST else "" for pitch in range(PITCHES)]
NAME_TEXT: Final = np.frombuffer("".join(name.ljust(NAME_BYTES) for name in _NAMES).encode(), np.uint8).copy()
NAME_LENGTH: Final = np.array([len(name) for name in _NAMES], np.int64)
_NAME_WORDS: Final = NAME_TEXT.view(np.uint32)


_OPEN: Final = np.frombuffer(b',"transpose":{"low":'.ljust(BLOCK), np.uint8).copy()
_HIGH: Final = np.frombuffer(b',"high":'.ljust(BLOCK), np.uint8).copy()
_KEYS: Final = np.frombuffer(b',"names":['.ljust(BLOCK), np.uint8).copy()
_PITCHES: Final = np.frombuffer(b'],"pitches":['.ljust(BLOCK), np.uint8).copy()
_ANSWER: Final = np.frombuffer(b'"},{"role":"assistant","content":"'.ljust(2 * BLOCK), np.uint8).copy()
_ANSWER_BYTES: Final = len(b'"},{"role":"assistant","content":"')
FIELD_BYTES: Final = 256  # of the field `transpose` at most, beside its names of keys


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


_copy_block = block_copier(BLOCK)


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
    ``out`` has room for ``enough`` bytes and the longest line beyond."""
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
