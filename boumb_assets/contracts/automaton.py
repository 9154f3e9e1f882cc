"""Byte by byte through the canonical text of a loop: what may come next, at every point.

A grammar cannot hold all of a sequence's rules; these automata do: every text they accept is one that the contract
parses, from every state a final one can be reached, and each state says by itself which bytes may follow. A state is a
small integer, and its successors are worked out once, when they are first asked for.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Final

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import DURATIONS, VELOCITIES, time_of
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, DRUM_TRACKS
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name

State = int
Place = tuple[str, *tuple[int, ...]]  # a point between two fragments: its kind, and what must be remembered there
Ways = tuple[tuple[bytes, Place], ...]  # what is left of the fragments still possible, and where each leads

_END: Final[Place] = ("end",)
MOST_BARS: Final = 9  # bars 0 to 8: from 9 on the app's names of bars have gaps


class Automaton(ABC):
    """A lazily built deterministic automaton over bytes.

    Between two places a text follows one of a few fragments, none of which begins another. A state is what is left of
    those that are still possible, wherever it was reached from: so few states are ever made that an automaton may serve
    for long. The first fragment of each place is on the shortest way to the end.
    """

    def __init__(self) -> None:
        self._numbers: dict[Ways, State] = {}
        self._states: list[Ways] = []
        self._edges: list[Mapping[int, State] | None] = []
        self._places: dict[Place, State] = {}
        self.start: Final[State] = self._enter(("start",))

    @abstractmethod
    def _follow(self, place: Place) -> list[tuple[str, Place]]:
        """The fragments that may follow ``place``, and where each leads; the shortest way to the end first."""

    def next(self, state: State) -> Mapping[int, State]:
        """The bytes that may follow, and the state after each; empty in a final state."""
        edges = self._edges[state]
        if edges is None:
            edges = self._edges[state] = self._successors(state)
        return edges

    def final(self, state: State) -> bool:
        """Whether the text may end here; no final state has a successor."""
        return not self._states[state]

    def advance(self, state: State, data: bytes) -> State | None:
        """The state after ``data``, or None where it is not allowed."""
        for byte in data:
            after = self.next(state).get(byte)
            if after is None:
                return None
            state = after
        return state

    def forced(self, state: State) -> tuple[bytes, State]:
        """The bytes that must follow, as far as there is only one way on, and the state after them."""
        read = bytearray()
        while len(edges := self.next(state)) == 1:
            ((byte, state),) = edges.items()
            read.append(byte)
        return bytes(read), state

    def completion(self, state: State) -> bytes:
        """A short text that leads from ``state`` to a final one, e.g. where a limit of tokens is reached."""
        written = bytearray()
        while not self.final(state):
            fragment, after = self._states[state][0]
            written += fragment
            state = self._enter(after)
        return bytes(written)

    def accepts(self, text: str) -> bool:
        """Whether ``text`` is a whole canonical text."""
        state = self.advance(self.start, text.encode("utf-8", "surrogatepass"))
        return state is not None and self.final(state)

    def _successors(self, state: State) -> Mapping[int, State]:
        by_byte: dict[int, list[tuple[bytes, Place]]] = {}
        for fragment, after in self._states[state]:
            by_byte.setdefault(fragment[0], []).append((fragment[1:], after))
        return {byte: self._narrowed(tuple(ways)) for byte, ways in by_byte.items()}

    def _narrowed(self, ways: Ways) -> State:
        rest, after = ways[0]
        return self._number(ways) if rest else self._enter(after)

    def _enter(self, place: Place) -> State:
        known = self._places.get(place)
        if known is None:
            follow = [] if place == _END else self._follow(place)
            known = self._places[place] = self._number(tuple((text.encode(), after) for text, after in follow))
        return known

    def _number(self, ways: Ways) -> State:
        number = self._numbers.setdefault(ways, len(self._states))
        if number == len(self._states):
            self._states.append(ways)
            self._edges.append(None)
        return number


class SequenceAutomaton(Automaton):
    """The canonical texts of BoumbSequence: notes by time, then pitch, none twice, names as `note_name` writes them.

    ``bars`` is the length of the loop, ``pitches`` the MIDI numbers allowed, ``max_notes`` the notes at most, and
    ``max_polyphony`` those that start together at most. A note's name comes before its time: after pitch p at step k,
    a name above p leaves every time from k on, any other only those after k, and is refused where there are none.
    """

    def __init__(
        self,
        bars: int = 2,
        pitches: Collection[int] | None = None,
        max_notes: int | None = None,
        max_polyphony: int | None = None,
    ) -> None:
        """Raises ValueError for bars outside 1 to 9, limits below 1, and pitches of which none has a name."""
        if not 1 <= bars <= MOST_BARS:
            raise ValueError(f"{bars} bars: 1 to {MOST_BARS} can be written")
        if any(limit is not None and limit < 1 for limit in (max_notes, max_polyphony)):
            raise ValueError("a loop has at least one note: no limit lies below 1")
        allowed = range(LOWEST, HIGHEST + 1) if pitches is None else sorted(set(pitches))
        self._pitches = tuple(pitch for pitch in allowed if LOWEST <= pitch <= HIGHEST)
        if not self._pitches:
            raise ValueError(f"no pitch to choose from between {LOWEST} and {HIGHEST}")
        self._last = bars * STEPS_PER_BAR - 1
        self._name_texts = [f'{note_name(pitch)}","time":"' for pitch in self._pitches]
        self._time_texts = [f'{time_of(step)}","duration":"' for step in range(self._last + 1)]
        self._max_notes, self._max_polyphony = max_notes, max_polyphony
        super().__init__()

    def _follow(self, place: Place) -> list[tuple[str, Place]]:
        match place:
            case ("start",):
                return [
                    ('{"sequence":[{"note":"', ("name", -1, HIGHEST, 0, 0))
                ]  # as after a top note before the first step
            case ("name", step, pitch, together, count):
                return self._names(step, pitch, together, count)
            case ("time", earliest, pitch, together, count):
                return [
                    (text, ("duration", at, pitch, self._together(together + 1 if at == earliest else 1), count))
                    for at, text in enumerate(self._time_texts[earliest:], earliest)
                ]
            case ("duration", *remembered):
                return [(f'{name}","velocity":', ("velocity", *remembered)) for name in DURATIONS]
            case ("velocity", *remembered):
                return [(f"{velocity}}}", ("after", *remembered)) for velocity in VELOCITIES]
            case ("after", step, pitch, together, count):
                room = self._max_notes is None or count < self._max_notes
                above = self._pitches[-1] > pitch and self._chord_open(together)
                more = room and (step < self._last or above)
                return [("]}", _END), *([(',{"note":"', ("name", *place[1:]))] if more else [])]
        raise ValueError(f"no such place: {place}")

    def _names(self, step: int, last: int, together: int, count: int) -> list[tuple[str, Place]]:
        counted = 0 if self._max_notes is None else count + 1
        open_chord = self._chord_open(together)
        names: list[tuple[str, Place]] = []
        for pitch, text in zip(self._pitches, self._name_texts, strict=True):
            if pitch > last and open_chord:
                names.append((text, ("time", step, pitch, together, counted)))
            elif step < self._last:
                names.append((text, ("time", step + 1, pitch, 0, counted)))
        return names

    def _together(self, notes: int) -> int:
        """The notes of a chord so far, where that matters: what need not be remembered makes no states."""
        return 0 if self._max_polyphony is None else notes

    def _chord_open(self, together: int) -> bool:
        return self._max_polyphony is None or together < self._max_polyphony


class DrumAutomaton(Automaton):
    """The canonical texts of DrumPattern: tracks in the studio's order, hits by time, at least one.

    With ``fills`` a hit may have a probability of at most two decimals; without, it has none, as in the training data.
    """

    def __init__(self, fills: bool = True) -> None:
        self._fills = tuple(f"{value / 100}}}" for value in range(101)) if fills else ()
        super().__init__()

    def _follow(self, place: Place) -> list[tuple[str, Place]]:
        match place:
            case ("start",):
                return [('{"clips":{', ("track", 0))]
            case ("track", first):
                return [
                    (f'"{DRUM_TRACKS[track]}":[{{"time":"', ("time", track, 0))
                    for track in range(first, len(DRUM_TRACKS))
                ]
            case ("time", track, earliest):
                return [
                    (f'{time_of(at)}","note":"C4","duration":"16n","velocity":', ("velocity", track, at))
                    for at in range(earliest, DRUM_STEPS)
                ]
            case ("velocity", track, step):
                filled = ',"fill":'
                ends: list[tuple[str, Place]] = [(f"{velocity}}}", ("after", track, step)) for velocity in VELOCITIES]
                if self._fills:
                    ends += [(f"{velocity}{filled}", ("fill", track, step)) for velocity in VELOCITIES]
                return ends
            case ("fill", track, step):
                return [(fill, ("after", track, step)) for fill in self._fills]
            case ("after", track, step):
                more: list[tuple[str, Place]] = [("]}}", _END)]
                if step + 1 < DRUM_STEPS:
                    more.append((',{"time":"', ("time", track, step + 1)))
                more += [(f"],{text}", after) for text, after in self._follow(("track", track + 1))]
                return more
        raise ValueError(f"no such place: {place}")
