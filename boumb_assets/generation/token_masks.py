"""Which tokens an automaton allows: its bytes walked against the vocabulary's, remembered state by state."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from boumb_assets.generation.automata import Automaton

MAX_STATES: Final = 20_000  # kept masks; then the memory starts afresh


class Vocabulary:
    """The tokens' bytes, sorted: a range of the sorted list is a node of their trie, without its memory."""

    def __init__(self, tokens: Sequence[bytes | None], fragments: frozenset[int] = frozenset()) -> None:
        """``tokens``: the bytes of each id, None for ids that are never written. ``fragments``: the ids that the
        tokenizer cuts out of a text before all others."""
        order = sorted((token, index) for index, token in enumerate(tokens) if token)
        self.texts: Final = [token for token, _ in order]
        self.ids: Final = [index for _, index in order]
        self.tokens: Final = tokens
        self._fragments = sorted(text for index, text in enumerate(tokens) if text and index in fragments)
        self._fragment_ids = fragments

    def allowed(self, automaton: Automaton, state: Any) -> list[tuple[int, Any]]:
        """(id, state after it) of every token that the automaton accepts in ``state``, by id. Where every way on begins
        with a fragment, only fragments: the tokenizer itself would spell the text in no other way."""
        found = list(_matches(self.texts, self.ids, automaton, state))
        if self._fragments and not automaton.final(state) and _covered(self._fragments, automaton, state):
            found = [(index, after) for index, after in found if index in self._fragment_ids]
        return sorted(found, key=lambda pair: pair[0])


def _matches(texts: list[bytes], ids: list[int], automaton: Automaton, state: Any) -> Iterator[tuple[int, Any]]:
    nodes = [(state, 0, len(texts), 0)]
    while nodes:
        here, low, high, depth = nodes.pop()
        while low < high and len(texts[low]) == depth:
            yield ids[low], here
            low += 1
        if low < high:
            for there, first, last in _children(texts, automaton.next(here), low, high, depth):
                nodes.append((there, first, last, depth + 1))


def _children(texts: list[bytes], edges: Any, low: int, high: int, depth: int) -> Iterator[tuple[Any, int, int]]:
    """(state, first, last) of each edge that tokens ``low`` to ``high``, equal in ``depth`` bytes, can take."""
    at: Callable[[bytes], int] = lambda text: text[depth]  # noqa: E731
    if high - low < len(edges):  # few tokens, many edges: ask the tokens
        while low < high:
            byte = texts[low][depth]
            last = bisect_right(texts, byte, low, high, key=at)
            if byte in edges:
                yield edges[byte], low, last
            low = last
        return
    for byte, there in edges.items():
        first = bisect_left(texts, byte, low, high, key=at)
        last = bisect_right(texts, byte, first, high, key=at)
        if first < last:
            yield there, first, last


def _covered(fragments: list[bytes], automaton: Automaton, state: Any) -> bool:
    """Whether every text that the automaton accepts from ``state`` begins with a fragment."""
    nodes = [(state, 0, len(fragments), 0)]
    while nodes:
        here, low, high, depth = nodes.pop()
        if len(fragments[low]) == depth:
            continue
        edges = automaton.next(here)
        children = list(_children(fragments, edges, low, high, depth))
        if len(children) < len(edges) or automaton.final(here):
            return False
        nodes += [(there, first, last, depth + 1) for there, first, last in children]
    return True


@dataclass(frozen=True)
class Allowed:
    """The tokens allowed in a state, by id; whether the text may end there; and the token that is forced, if one is:
    an index into ``ids``."""

    ids: NDArray[np.int64]
    states: tuple[Any, ...]
    may_end: bool
    forced: int | None


class TokenMasks:
    """The allowed tokens of one automaton's states, each computed once. Not thread-safe."""

    def __init__(self, vocabulary: Vocabulary, automaton: Automaton, spell: Callable[[bytes], Sequence[int]]) -> None:
        """``spell`` gives the tokenizer's own tokens for a text; it may fail to give its bytes back."""
        self._vocabulary, self.automaton, self._spell = vocabulary, automaton, spell
        self._known: dict[Any, Allowed] = {}
        self._spelt: dict[bytes, int | None] = {}

    def at(self, state: Any) -> Allowed:
        """What is allowed in ``state``. Raises ValueError where no token continues a text that must go on: the
        vocabulary lacks a byte."""
        if state not in self._known:
            if len(self._known) >= MAX_STATES:
                self._known.clear()
            self._known[state] = self._compute(state)
        return self._known[state]

    def _compute(self, state: Any) -> Allowed:
        pairs = self._vocabulary.allowed(self.automaton, state)
        may_end = self.automaton.final(state)
        if not pairs and not may_end:
            raise ValueError("the vocabulary has no token for what the contract asks for next")
        ids = np.array([index for index, _ in pairs], dtype=np.int64)
        forced = None if may_end else self._forced(state, ids)
        return Allowed(ids, tuple(after for _, after in pairs), may_end, forced)

    def _forced(self, state: Any, ids: NDArray[np.int64]) -> int | None:
        """The one token allowed; or, where the next bytes are certain and no token reaches beyond them, the
        tokenizer's own first token for them, the longest if it is none of those."""
        if len(ids) == 1:
            return 0
        run = self._certain_bytes(state)
        lengths = [len(self._vocabulary.tokens[index] or b"") for index in ids]
        if not run or max(lengths) > len(run):
            return None
        if run not in self._spelt:
            self._spelt[run] = next(iter(self._spell(run)), None)
        own = np.flatnonzero(ids == self._spelt[run])
        return int(own[0]) if len(own) else int(np.argmax(lengths))

    def _certain_bytes(self, state: Any) -> bytes:
        run = bytearray()
        while not self.automaton.final(state):
            edges = self.automaton.next(state)
            if len(edges) != 1:
                break
            byte, state = next(iter(edges.items()))
            run.append(byte)
        return bytes(run)
