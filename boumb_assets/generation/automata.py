"""What constrained decoding asks of an automaton, and which automaton an ask gets."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Final, Protocol

CLOSING_BYTES: Final = 4  # of the longest text that closes a whole note: ]}} and one to spare


class Automaton(Protocol):
    """A deterministic byte automaton, computed as it is walked. Every reachable state leads to a final one."""

    @property
    def start(self) -> Hashable:
        """The state before the first byte."""

    def next(self, state: Any) -> Mapping[int, Any]:
        """The state after each byte that may come."""

    def final(self, state: Any) -> bool:
        """Whether the text may end here."""


class AnyText:
    """Accepts every text: decoding without a constraint, for contracts that have no automaton."""

    start: Hashable = 0
    _every: Final = dict.fromkeys(range(256), 0)

    def next(self, state: Any) -> Mapping[int, Any]:
        """Any byte leads back."""
        return self._every

    def final(self, state: Any) -> bool:
        """It may always end."""
        return True


def walk(automaton: Automaton, state: Any, data: bytes) -> Any | None:
    """The state after ``data``, or None where the automaton refuses a byte of it."""
    for byte in data:
        state = automaton.next(state).get(byte)
        if state is None:
            return None
    return state


def closing(automaton: Automaton, state: Any) -> bytes | None:
    """The shortest text of at most ``CLOSING_BYTES`` that ends here, the first in byte order; None where there is
    none, in the midst of a note."""
    level: list[tuple[Any, bytes]] = [(state, b"")]
    for _ in range(CLOSING_BYTES + 1):
        for here, text in level:
            if automaton.final(here):
                return text
        level = [(there, text + bytes([byte])) for here, text in level for byte, there in _ordered(automaton, here)]
    return None


def cheapest_end(automaton: Automaton, state: Any, limit: int = 4096) -> bytes:
    """A text that ends here: the smallest byte at every step until the text can be closed. Raises ValueError when
    ``limit`` bytes do not lead there."""
    text = b""
    while len(text) < limit:
        close = closing(automaton, state)
        if close is not None:
            return text + close
        byte, state = _ordered(automaton, state)[0]
        text += bytes([byte])
    raise ValueError(f"no end of the text within {limit} bytes")


def _ordered(automaton: Automaton, state: Any) -> list[tuple[int, Any]]:
    return sorted(automaton.next(state).items(), key=lambda edge: edge[0])


@lru_cache(maxsize=32)
def automaton_of(contract: str, bars: int, pitches: frozenset[int] | None, polyphony: int | None = None) -> Automaton:
    """The automaton for texts of ``contract`` within ``bars`` and, for a sequence, ``pitches`` and at most
    ``polyphony`` notes that start together; that of any text where the contract has none. The same object for the same
    arguments, so that what is learnt about it can be kept."""
    from boumb_assets.contracts.automaton import DrumAutomaton, SequenceAutomaton

    if contract == "boumb-sequence":
        return SequenceAutomaton(bars=bars, pitches=pitches, max_polyphony=polyphony)
    if contract == "drum-pattern":
        return DrumAutomaton(fills=False)  # the probability of a hit is the user's to set
    return AnyText()
