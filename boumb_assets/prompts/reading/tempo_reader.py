"""The tempo and the number of bars of a free text: which of its numbers is which, and which are neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from boumb_assets.prompts.reading.certainty import Evidence
from boumb_assets.prompts.reading.choice import chosen
from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.mentions import Mention
from boumb_assets.prompts.reading.number_neighbours import (
    BARS,
    DECADES,
    FILLERS,
    INSTEAD,
    KEYBOARDS,
    NEAR,
    NOT,
    NUMBERED,
    PERIODIC,
    PLAIN,
    PULSE,
    PULSES,
    RATES,
    TEMPO,
    UNITS,
)
from boumb_assets.prompts.reading.number_words import FIRST, number_at
from boumb_assets.prompts.reading.scope import Meant

SLOWEST: Final = 40
FASTEST: Final = 220

_LOOSE: Final = frozenset(",(:=@~-+|")  # signs that a number may touch
_UNIT, _NAMED, _BARE = 5, 4, 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the text, from token ``first`` to before ``end``."""

    value: int
    first: int
    end: int
    digits: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is a tempo or a count of bars."""

    value: int
    evidence: Evidence
    rank: int
    first: int
    turn: int


def read_numbers(
    tokens: Tokens, mentions: list[Mention], found: Meant
) -> tuple[tuple[int, Evidence] | None, tuple[Literal[2, 4], Evidence] | None]:
    """The tempo, 40 to 220, and the bars, 2 or 4; None each where the text says none."""
    numbers = list(_numbers(tokens, mentions))
    if not numbers:
        return None, None
    reader = _CountReader(tokens, mentions, found)
    bars = [count for number in numbers if (count := reader.bars(number)) is not None]
    tempi = [count for number in numbers if (count := reader.tempo(number)) is not None]
    if bars:  # "4 bars, no, make it 2"
        last = max(count.turn for count in bars)
        bars += [
            Count(number.value, "corrected", _UNIT, number.first, found.turns[number.first])
            for number in numbers
            if number.value in (2, 4) and found.turns[number.first] > last and not reader.is_counted(number)
        ]
    length = _read(bars)
    return _read(tempi), None if length is None else (2 if length[0] == 2 else 4, length[1])


def _read(counts: list[Count]) -> tuple[int, Evidence] | None:
    best = chosen(counts)
    if best is None:
        return None
    rivals = [other for other in counts if other.value != best.value and other.rank == best.rank]
    if rivals:
        return best.value, "corrected" if best.turn else "rivals"
    return best.value, best.evidence


def _numbers(tokens: Tokens, mentions: list[Mention]) -> Iterator[Number]:
    taken = {place for mention in mentions for place in range(mention.first, mention.end)}
    place, count = 0, len(tokens)
    while place < count:
        text = tokens.texts[place]
        if place in taken:
            place += 1
        elif text[0].isdigit():
            whole = text.partition(".")[0].partition(",")[0]
            yield Number(int(whole) if len(whole) <= 4 else 0, place, place + 1, True)
            place += 1
        elif text in FIRST:
            read = number_at(tokens.texts, place)
            value, place_after = read if read is not None else (0, place + 1)
            if value:
                yield Number(value, place, place_after, False)
            place = place_after
        else:
            place += 1


class _CountReader:
    def __init__(self, tokens: Tokens, mentions: list[Mention], found: Meant) -> None:
        self.tokens, self.found = tokens, found
        self.starts = {mention.first for mention in mentions}
        self.ends = {mention.end for mention in mentions if mention.meaning.field not in ("", "scope")}

    def bars(self, number: Number) -> Count | None:
        """The number as bars."""
        if number.value not in (2, 4) or self._part_of_more(number):
            return None
        tokens, after = self.tokens, number.end
        if tokens.at(after) == "-" and tokens.touches(after):
            after += 1
        before = number.first - 1
        named = tokens.at(before) in (":", "=") and tokens.at(before - 1) in BARS
        if not named and (tokens.at(after) not in BARS or self._periodic(number)):
            return None
        if tokens.at(before) in NOT or (tokens.at(before - 1), tokens.at(before)) in INSTEAD:
            return None
        return Count(number.value, "unit", _UNIT, number.first, self.found.turns[number.first])

    def is_counted(self, number: Number) -> bool:
        """Whether the number counts something that is named after it."""
        return self.tokens.at(number.end) in UNITS

    def _periodic(self, number: Number) -> bool:
        return any(self.tokens.at(number.first - back) in PERIODIC for back in (1, 2))

    def _part_of_more(self, number: Number) -> bool:
        """Whether the number is one of a fraction, a time or a range."""
        tokens, first = self.tokens, number.first
        return tokens.at(first - 1) in ("/", "*") and tokens.touches(first) and tokens.at(first - 2)[:1].isdigit()

    def tempo(self, number: Number) -> Count | None:
        """The number as a tempo."""
        if not SLOWEST <= number.value <= FASTEST or self._refused(number):
            return None
        kind = self._kind(number)
        if kind is None:
            return None
        evidence, rank = kind
        return Count(number.value, evidence, rank, number.first, self.found.turns[number.first])

    def _kind(self, number: Number) -> tuple[Evidence, int] | None:
        if self._pulse_at(number.end) or (self._tempo_before(number.first) and self.tokens.at(number.end) != "%"):
            return "unit", _UNIT
        if self._claimed(number):
            return None
        before = self.tokens.at(number.first - 1)
        if before in NEAR or (before in ("de", "les", "to", "en") and self._led_to(number.first)):
            return "introduced", _NAMED
        if not self._free(number):
            return None
        return "bare", _BARE

    def _refused(self, number: Number) -> bool:
        tokens, before = self.tokens, number.first - 1
        if tokens.at(before) in ("a", "at", "en"):
            before -= 1
        return tokens.at(before) in NOT or (tokens.at(before - 1), tokens.at(before)) in INSTEAD

    def _pulse_at(self, place: int) -> bool:
        if self.tokens.at(place) == "-" and self.tokens.touches(place):
            place += 1
        if self.tokens.at(place) in PULSE:
            return True
        return any(tuple(self.tokens.texts[place : place + len(pulse)]) == pulse for pulse in PULSES)

    def _tempo_before(self, place: int) -> bool:
        for back in range(1, 5):
            word = self.tokens.at(place - back)
            if word in TEMPO:
                return word != "noire" or back > 1
            if word not in FILLERS:
                return False
        return False

    def _led_to(self, place: int) -> bool:
        return self.tokens.at(place - 2) in ("autour", "dans", "pres", "close", "up", "passe", "passons", "monte")

    def _claimed(self, number: Number) -> bool:
        """Whether something else than a tempo has the number: a machine, a year, what it counts, a fraction."""
        return self._numbers_what_is_before(number) or self._counts_what_is_after(number) or self._decade(number.first)

    def _numbers_what_is_before(self, number: Number) -> bool:
        tokens, first = self.tokens, number.first
        before = tokens.at(first - 1)
        hyphen = before == "-" and tokens.touches(first)
        name = tokens.at(first - 2) if hyphen else before
        if name in (":", "=", "a", "at", "to", "n", "°") and tokens.at(first - 2) in NUMBERED:
            name = tokens.at(first - 2)
        a_dance = name == "swing" and number.value > 100  # not the setting, which is in per cents
        if name in NUMBERED and not a_dance and first not in self.ends:
            return True
        if hyphen and tokens.touches(first - 1) and first > 1 and first - 1 not in self.ends and name not in TEMPO:
            return not (name[:1].isdigit() and self._pulse_at(number.end))
        if not number.digits:
            return False
        if tokens.touches(first) and before not in TEMPO and before not in _LOOSE:
            return True
        return tokens.folded.plain[max(0, tokens.starts[first] - 1)] == "'"

    def _counts_what_is_after(self, number: Number) -> bool:
        tokens, end = self.tokens, number.end
        after = tokens.at(end)
        if after == "-" and tokens.touches(end) and tokens.touches(end + 1):
            after = tokens.at(end + 1)
        if after in UNITS and not self._is_chord(end):
            return True
        if not RATES.isdisjoint(tuple(tokens.texts[end : end + length]) for length in (2, 3)):
            return True
        if after == "keys" and number.value in KEYBOARDS:
            return True
        if not tokens.touches(end):
            return False
        fraction = after in ("/", "*") or (after == ":" and tokens.touches(end + 1))
        return fraction or (number.digits and after.isalpha() and after not in PULSE)

    def _is_chord(self, place: int) -> bool:
        """Whether "am" and "cm" are written as the chords are."""
        start = self.tokens.starts[place]
        return self.tokens.folded.cased[start : start + 2] in ("Am", "Cm") and len(self.tokens.texts[place]) == 2

    def _decade(self, first: int) -> bool:
        """Whether the number goes on a list of decades: "les années 80 et 90"."""
        return (
            self.tokens.at(first - 1) in ("et", "and", "-", "/", "&", "ou", "or", ",")
            and self.tokens.at(first - 2)[:1].isdigit()
            and self.tokens.at(first - 3) in DECADES
        )

    def _free(self, number: Number) -> bool:
        """Whether a number without any introduction may be a tempo: nothing that it could count comes after it, and in
        words it is more than a round hundred."""
        if not number.digits and number.end - number.first == 1:
            return number.value != 100 and self.tokens.at(number.end) in ("", ",", ".", "!", "?")
        after = self.tokens.at(number.end)
        countable = after.isalpha() and len(after) > 3 and after.endswith("s") and after not in PLAIN
        return not countable or number.end in self.starts
