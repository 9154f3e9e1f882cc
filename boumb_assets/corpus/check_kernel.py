"""The compiled reader that tells which lines are rows beyond doubt.

It knows one spelling of a row: the one that is written here. Whatever else a line may be, valid in another way or not
at all, it leaves to the contract's own model, so it needs to be right only where it says yes.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.drum_pattern import DRUM_TRACKS
from boumb_assets.corpus.text_kernel import LETTERS, Bytes, Ints
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch import HIGHEST, LOWEST

SEQUENCE, DRUMS = 0, 1
MAX_SHIFT: Final = 24


def _text(text: str) -> Bytes:
    return np.frombuffer(text.encode(), np.uint8).copy()


def _escaped(text: str) -> Bytes:
    return _text(text.replace('"', '\\"'))


_MESSAGES: Final = _text('{"messages":[')
_SYSTEM: Final = _text('{"role":"system","content":"')
_USER: Final = _text('{"role":"user","content":"')
_ASSISTANT: Final = _text('{"role":"assistant","content":"')
_NEXT: Final = _text('"},')
_LAST: Final = _text('"}]')
_MOVED: Final = _text(',"transpose":{"low":')
_HIGH: Final = _text(',"high":')
_NAMES: Final = _text(',"names":[')
_PITCHES: Final = _text('],"pitches":[')

_OPEN: Final = _escaped('{"sequence":[{"note":"')
_NOTE: Final = _escaped(',{"note":"')
_TIME: Final = _escaped('","time":"')
_DURATION: Final = _escaped('","duration":"')
_VELOCITY: Final = _escaped('","velocity":')
_CLIPS: Final = _escaped('{"clips":{')
_HIT: Final = _escaped('{"time":"')
_STROKE: Final = _escaped('","note":"C4","duration":"16n","velocity":')
_TRACKS: Final = tuple(_escaped(f'"{track}":[') for track in DRUM_TRACKS)


@compiled
def _after(data: Bytes, place: int, end: int, literal: Bytes) -> int:
    """Where ``literal`` ends, if it stands at ``place``; -1 if not, or if ``place`` is -1."""
    if place < 0 or place + len(literal) > end:
        return -1
    for index in range(len(literal)):
        if data[place + index] != literal[index]:
            return -1
    return place + len(literal)


@compiled
def _character(data: Bytes, place: int, end: int) -> int:
    """Where the character at ``place`` of a JSON string ends; -1 at the string's end and for what is none."""
    if place < 0 or place >= end or data[place] < 32 or data[place] == 34:
        return -1
    if data[place] != 92:
        place += 1
        while place < end and data[place] & 0xC0 == 0x80:  # the rest of a character of several bytes
            place += 1
        return place
    if place + 1 >= end:
        return -1
    letter = data[place + 1]
    if letter == 117:  # \u00xx, of control characters alone
        if place + 6 > end or data[place + 2] != 48 or data[place + 3] != 48 or not 48 <= data[place + 4] <= 49:
            return -1
        last = data[place + 5]
        return place + 6 if 48 <= last <= 57 or 97 <= last <= 102 else -1
    known = letter == 34 or letter == 92 or letter == 98 or letter == 102 or letter == 110 or letter == 114
    return place + 2 if known or letter == 116 else -1


@compiled
def _string(data: Bytes, place: int, end: int) -> int:
    """Where the quote stands that ends a string whose text begins at ``place``; -1 if it is no such string."""
    while 0 <= place < end and data[place] != 34:
        place = _character(data, place, end)
    return place if 0 <= place < end else -1


@compiled
def _digit(data: Bytes, place: int, end: int, highest: int) -> int:
    """The digit at ``place``, 0 to ``highest``; -1 for anything else."""
    if place < 0 or place >= end or not 48 <= data[place] <= 48 + highest:
        return -1
    return int(data[place]) - 48


@compiled
def _pitch(data: Bytes, place: int, end: int) -> tuple[int, int]:
    """The MIDI number of the name at ``place`` as the platform writes it, and where it ends; -1, -1 for none."""
    if place < 0 or place + 1 >= end or not 65 <= data[place] <= 71:
        return -1, -1
    letter = data[place]
    sharp = data[place + 1] == 35
    if sharp and (letter == 66 or letter == 69):
        return -1, -1
    octave = _digit(data, place + (2 if sharp else 1), end, 8)
    if octave < 0:
        return -1, -1
    return LETTERS[letter - 65] + (1 if sharp else 0) + 12 * (octave + 1), place + (3 if sharp else 2)


@compiled
def _step(data: Bytes, place: int, end: int) -> tuple[int, int]:
    """The step of the ``bar:beat:sixteenth`` at ``place``, and where it ends; -1, -1 for none."""
    bar = _digit(data, place, end, 8)
    if bar < 0:
        return -1, -1
    place += 1
    more = _digit(data, place, end, 8)
    if more >= 0:
        if bar == 0:
            return -1, -1
        bar, place = 10 * bar + more, place + 1
    if place + 4 > end or data[place] != 58 or data[place + 2] != 58:
        return -1, -1
    beat, sixteenth = _digit(data, place + 1, end, 3), _digit(data, place + 3, end, 3)
    if beat < 0 or sixteenth < 0:
        return -1, -1
    return 16 * bar + 4 * beat + sixteenth, place + 4


@compiled
def _duration(data: Bytes, place: int, end: int) -> int:
    """Where the duration at ``place`` ends; -1 for none of the six."""
    if place < 0 or place + 3 > end:
        return -1
    first, second = data[place], data[place + 1]
    if second == 110:
        return place + 2 if first == 49 or first == 50 or first == 52 or first == 56 else -1
    if data[place + 2] == 110 and ((first == 49 and second == 54) or (first == 51 and second == 50)):
        return place + 3
    return -1


@compiled
def _velocity(data: Bytes, place: int, end: int) -> int:
    """Where the velocity at ``place``, 0.1 to 1.0, and the brace behind it end; -1 for none."""
    if place < 0 or place + 4 > end or data[place + 1] != 46 or data[place + 3] != 125:
        return -1
    tenth = data[place] == 48 and 49 <= data[place + 2] <= 57
    one = data[place] == 49 and data[place + 2] == 48
    return place + 4 if tenth or one else -1


@compiled
def _sequence(data: Bytes, place: int, end: int) -> tuple[int, int, int]:
    """Where the canonical sequence at ``place`` ends, its lowest and its highest pitch; -1 for none."""
    lowest, highest, before = 128, -1, -1
    place = _after(data, place, end, _OPEN)
    while place >= 0:
        pitch, place = _pitch(data, place, end)
        step, place = _step(data, _after(data, place, end, _TIME), end)
        place = _duration(data, _after(data, place, end, _DURATION), end)
        place = _velocity(data, _after(data, place, end, _VELOCITY), end)
        if place < 0 or place >= end or 128 * step + pitch <= before:
            return -1, 0, 0
        before = 128 * step + pitch
        lowest, highest = min(lowest, pitch), max(highest, pitch)
        if data[place] == 93:  # the list ends
            closed = place + 1 < end and data[place + 1] == 125
            return (place + 2 if closed else -1), lowest, highest
        place = _after(data, place, end, _NOTE)
    return -1, 0, 0


@compiled
def _track(data: Bytes, place: int, end: int) -> int:
    """Where the hits of a track that begin at ``place`` end, with the bracket behind them; -1 for none."""
    before = -1
    while place >= 0:
        step, place = _step(data, _after(data, place, end, _HIT), end)
        place = _velocity(data, _after(data, place, end, _STROKE), end)
        if place < 0 or place >= end or step <= before or step >= 32:
            return -1
        before = step
        if data[place] == 93:
            return place + 1
        place = place + 1 if data[place] == 44 else -1
    return -1


@compiled
def _drums(data: Bytes, place: int, end: int) -> int:
    """Where the canonical drum pattern at ``place`` ends; -1 for none."""
    place = _after(data, place, end, _CLIPS)
    count = 0
    for name in _TRACKS:
        if place < 0:
            return -1
        begin = place
        if count:
            begin = place + 1 if place < end and data[place] == 44 else -1
        begin = _after(data, begin, end, name)
        if begin >= 0:
            place = _track(data, begin, end)
            count += 1
    if count == 0 or place < 0 or place + 2 > end or data[place] != 125 or data[place + 1] != 125:
        return -1
    return place + 2


@compiled
def _whole(data: Bytes, place: int, end: int, stop: int) -> tuple[int, int]:
    """The whole number at ``place`` and where ``stop`` behind it ends; 0, -1 for none."""
    if place < 0 or place >= end:
        return 0, -1
    sign = -1 if data[place] == 45 else 1
    if sign < 0:
        place += 1
    begin, value = place, 0
    while place < end and 48 <= data[place] <= 57 and place - begin < 7:
        value = 10 * value + data[place] - 48
        place += 1
    extra_zero = data[begin] == 48 and (place - begin > 1 or sign < 0) if begin < end else True
    if place == begin or extra_zero or place >= end or data[place] != stop:
        return 0, -1
    return sign * value, place + 1


@compiled
def _span(data: Bytes, place: int, end: int, texts: Ints, last: int) -> tuple[int, int, int]:
    """The span ``[message,start,stop`` at ``place`` up to the byte ``last``: where that ends, and the bytes of the
    text that it means; ``texts`` is where the text of each message begins. -1 for none."""
    if place < 0 or place >= end or data[place] != 91:
        return -1, 0, 0
    message, place = _whole(data, place + 1, end, 44)
    start, place = _whole(data, place, end, 44)
    stop, place = _whole(data, place, end, last)
    if place < 0 or not 0 <= message < len(texts) or texts[message] < 0 or not 0 <= start < stop:
        return -1, 0, 0
    begin = texts[message]
    for _ in range(start):
        begin = _character(data, begin, end)
    close = begin
    for _ in range(stop - start):
        close = _character(data, close, end)
    return (place if begin >= 0 and close >= 0 else -1), begin, close


@compiled
def _key_names(data: Bytes, place: int, end: int, begin: int, close: int) -> int:
    """Where the twelve names at ``place``, of which the first is what stands from ``begin`` to ``close``, and the
    bracket of their span end; -1 for none."""
    for name in range(12):
        if place < 0 or place + 1 >= end or data[place] != (91 if name == 0 else 44) or data[place + 1] != 34:
            return -1
        text = place + 2
        place = _string(data, text, end)
        if place <= text or place - text > 80:
            return -1
        if name == 0:
            if place - text != close - begin:
                return -1
            for index in range(close - begin):
                if data[text + index] != data[begin + index]:
                    return -1
        place += 1
    return place + 2 if place + 1 < end and data[place] == 93 and data[place + 1] == 93 else -1


@compiled
def _movable(data: Bytes, place: int, close: int, low: int, high: int) -> bool:
    """Whether what stands from ``place`` to ``close`` is a list of notes that have names ``low`` and ``high`` away."""
    while place < close:
        pitch, place = _pitch(data, place, close)
        if place < 0 or pitch + low < LOWEST or pitch + high > HIGHEST:
            return False
        if place < close:
            if place + 2 >= close or data[place] != 44 or data[place + 1] != 32:
                return False
            place += 2
    return True


@compiled
def _transpose(data: Bytes, place: int, end: int, texts: Ints, lowest: int, highest: int) -> int:
    """Where the field ``transpose`` at ``place`` ends; -1 if it is not one that can be followed beyond doubt.
    ``texts``: where the texts of the messages before the answer begin; the last may name keys, the one before it
    pitches."""
    low, place = _whole(data, _after(data, place, end, _MOVED), end, 44)
    high, place = _whole(data, _after(data, place - 1, end, _HIGH), end, 44)
    if place < 0 or not (-MAX_SHIFT <= low <= 0 <= high <= MAX_SHIFT):
        return -1
    if lowest + low < LOWEST or highest + high > HIGHEST:
        return -1
    place = _after(data, place - 1, end, _NAMES)
    reached = 0
    while 0 <= place < end and data[place] == 91:
        place, begin, close = _span(data, place, end, texts, 44)
        if place < 0 or begin < max(reached, texts[-1]):
            return -1
        reached = close
        place = _key_names(data, place, end, begin, close)
        if 0 <= place < end and data[place] == 44:
            place += 1
            if place >= end or data[place] != 91:
                return -1
    place = _after(data, place, end, _PITCHES)
    if 0 <= place < end and data[place] == 91:
        place, begin, close = _span(data, place, end, texts[:1], 93)
        if place < 0 or len(texts) < 2 or not _movable(data, begin, close, low, high):
            return -1
    if place < 0 or place + 2 > end or data[place] != 93 or data[place + 1] != 125:
        return -1
    return place + 2


@compiled
def certain(data: Bytes, at: Ints, kind: int) -> npt.NDArray[np.bool_]:
    """Of each line (``data[at[i]:at[i + 1]]``, UTF-8, with its line feed) whether it is a row as `row_kernel` writes
    them, with an answer in the canonical text of its contract: ``kind`` SEQUENCE or DRUMS."""
    found = np.zeros(len(at) - 1, np.bool_)
    texts = np.zeros(2, np.int64)
    for line in range(len(at) - 1):
        end = at[line + 1] - 1
        if end < at[line] or data[end] != 10:
            continue
        place = _after(data, at[line], end, _MESSAGES)
        system = _after(data, place, end, _SYSTEM)
        if system >= 0:
            place = _after(data, _string(data, system, end), end, _NEXT)
        user = _after(data, place, end, _USER)
        place = _after(data, _string(data, user, end), end, _NEXT)
        place = _after(data, place, end, _ASSISTANT)
        lowest, highest = 0, 0
        if kind == SEQUENCE:
            place, lowest, highest = _sequence(data, place, end)
        else:
            place = _drums(data, place, end)
        place = _after(data, place, end, _LAST)
        if kind == SEQUENCE and 0 <= place < end and data[place] == 44:
            texts[0], texts[1] = system, user
            place = _transpose(data, place, end, texts if system >= 0 else texts[1:], lowest, highest)
        found[line] = place >= 0 and place + 1 == end and data[place] == 125
    return found
