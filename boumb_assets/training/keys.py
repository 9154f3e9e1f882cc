"""Rows in other keys: what a row may be moved by, and the key that it is in each time it is seen."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeGuard

from boumb_assets.contracts.transpose import contract_of_notes, transpose_content, transpose_names
from boumb_assets.training.chat import Message

KEYS: Final = 12
MAX_SHIFT: Final = 24  # semitones; the twelve keys need six
MAX_SPANS: Final = 32
MAX_NAME: Final = 80  # characters of the name of a key, its scale included


@dataclass(frozen=True)
class Span:
    """A place in a message that names the key: ``names[s % 12]`` stands there in a row moved by s semitones. Without
    ``names`` it names notes, which are moved as those of the answer."""

    message: int
    start: int
    stop: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moves:
    """How a row is moved: by ``low`` to ``high`` semitones, the answer as its contract writes it, then the spans. The
    spans are in the order of their places."""

    contract: str
    low: int
    high: int
    spans: tuple[Span, ...]

    @property
    def keys(self) -> range:
        """The semitones that it may be moved by."""
        return range(self.low, self.high + 1)


def read_moves(field: object, messages: Sequence[Message]) -> Moves:
    """What the ``transpose`` of a row says: {"low", "high", "names": [[message, start, stop, [12 names]], ...],
    "pitches": [[message, start, stop], ...]}, places in characters. Raises ValueError where it does not fit
    ``messages``, whose last is the answer: all that is needed for `moved` to succeed is looked at here."""
    if not isinstance(field, Mapping) or not field.keys() <= {"low", "high", "names", "pitches"}:
        raise ValueError("it is no object of low, high, names and pitches")
    low, high = field.get("low"), field.get("high")
    if not _is_whole(low) or not _is_whole(high) or not -MAX_SHIFT <= low <= 0 <= high <= MAX_SHIFT:
        raise ValueError(f"low and high are not whole semitones from {-MAX_SHIFT} to 0 and from 0 to {MAX_SHIFT}")
    entries = [*_entries(field.get("names", []), 4), *_entries(field.get("pitches", []), 3)]
    if len(entries) > MAX_SPANS:
        raise ValueError(f"it has more than {MAX_SPANS} spans")
    spans = tuple(sorted((_span(entry, messages) for entry in entries), key=lambda span: (span.message, span.start)))
    if any(a.message == b.message and a.stop > b.start for a, b in pairwise(spans)):
        raise ValueError("two of its spans overlap")
    contract = contract_of_notes(messages[-1]["content"])
    if contract is None:
        raise ValueError("its answer is of no contract whose notes can be moved")
    moves = Moves(contract, low, high, spans)
    for semitones in {low, high}:
        moved(messages, moves, semitones)
    return moves


def _entries(found: object, length: int) -> list[list[Any]]:
    if not isinstance(found, list) or not all(isinstance(entry, list) and len(entry) == length for entry in found):
        raise ValueError("names or pitches is no list of spans")
    return found


def _span(entry: Sequence[Any], messages: Sequence[Message]) -> Span:
    message, start, stop = entry[:3]
    names = entry[3] if len(entry) > 3 else []
    if not all(_is_whole(number) for number in (message, start, stop)) or not 0 <= message < len(messages) - 1:
        raise ValueError("a span is not in a message before the answer")
    text = messages[message]["content"]
    if not 0 <= start < stop <= len(text):
        raise ValueError(f"a span is not within the {len(text)} characters of its message")
    if len(entry) > 3 and not (isinstance(names, list) and len(names) == KEYS and all(map(_is_name, names))):
        raise ValueError(f"a span has not {KEYS} names of at most {MAX_NAME} characters")
    if names and names[0] != text[start:stop]:
        raise ValueError("the first name of a span is not what stands there")
    return Span(message, start, stop, tuple(names))


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME


def moved(messages: Sequence[Message], moves: Moves, semitones: int) -> list[Message]:
    """The messages in another key. Raises ValueError where a note has no name there."""
    if semitones == 0:
        return list(messages)
    texts = [message["content"] for message in messages]
    answer = transpose_content(moves.contract, texts[-1], semitones)
    if answer is None:
        raise ValueError(f"its answer cannot be written {semitones:+} semitones away")
    texts[-1] = answer
    for span in reversed(moves.spans):  # from the right, so that the places before stay where they are
        text = texts[span.message]
        said = span.names[semitones % KEYS] if span.names else transpose_names(text[span.start : span.stop], semitones)
        if said is None:
            raise ValueError(f"a pitch that it names has no name {semitones:+} semitones away")
        texts[span.message] = text[: span.start] + said + text[span.stop :]
    return [{**message, "content": text} for message, text in zip(messages, texts, strict=True)]


def key_at(moves: Moves, row: bytes, visit: int, seed: int) -> int:
    """The semitones that a row is moved by the ``visit``-th time (from 0) that it is seen. It goes through all its
    keys before one comes again, in an order that a hash of ``row`` (at most 64 bytes), seed and round decides."""
    turn, place = divmod(visit, len(moves.keys))

    def rank(semitones: int) -> bytes:
        return hashlib.blake2b(f"{seed}:{turn}:{semitones}".encode(), key=row, digest_size=8).digest()

    return sorted(moves.keys, key=rank)[place]
