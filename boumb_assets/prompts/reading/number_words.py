"""Numbers in French and English words: ``cent vingt-huit``, ``quatre-vingt-dix``, ``a hundred and twenty``."""

from collections.abc import Sequence
from typing import Final

_UNITS: Final[dict[str, int]] = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_TEENS: Final[dict[str, int]] = {
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final[dict[str, int]] = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
    "huitante": 80, "octante": 80, "nonante": 90,
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_HUNDREDS: Final = ("cent", "cents", "hundred")
_JOINTS: Final = ("-", "et", "and")
_NAUGHTS: Final = ("oh", "o")
FIRST: Final[frozenset[str]] = frozenset([*_UNITS, *_TEENS, *_TENS, *_HUNDREDS])
"""The words that a number may begin with."""


def number_at(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """The number that begins at ``place``, and the place after it; None where none does."""
    start = place
    hundreds = 0
    first = _UNITS.get(words[place], 1)
    if words[place] in _UNITS:
        after = _skip(words, place + 1)
        if after < len(words) and words[after] in _HUNDREDS:
            place = after
        elif first == 1 and after < len(words) and (words[after] in _TENS or words[after] in _TEENS):
            below, end = _below_hundred(words, after)  # "one twenty" is a hundred and twenty
            return (100 + below, end) if words[place] == "one" else None
        elif words[place] == "one" and after + 1 < len(words) and words[after] in _NAUGHTS:
            return (100 + _UNITS[words[after + 1]], after + 2) if words[after + 1] in _UNITS else None
    if words[place] in _HUNDREDS:
        hundreds, place = 100 * first, place + 1
        after = _skip(words, place)
        if after >= len(words) or words[after] not in FIRST or words[after] in _HUNDREDS:
            return hundreds, place
        place = after
    below, end = _below_hundred(words, place)
    return (hundreds + below, end) if end > start else None


def _below_hundred(words: Sequence[str], place: int) -> tuple[int, int]:
    """A number of 1..99 at ``place``, and the place after it; nothing, and ``place``, where there is none."""
    word = words[place]
    if word == "quatre":
        after = _skip(words, place + 1)
        if after < len(words) and words[after] in ("vingt", "vingts"):
            return _with_rest(words, 80, after + 1, True)
    if word in _TEENS:
        after = _skip(words, place + 1)
        if word == "dix" and after < len(words) and _UNITS.get(words[after], 0) >= 7:
            return 10 + _UNITS[words[after]], after + 1
        return _TEENS[word], place + 1
    if word in _TENS:
        return _with_rest(words, _TENS[word], place + 1, word == "soixante")
    return (_UNITS[word], place + 1) if word in _UNITS else (0, place)


def _with_rest(words: Sequence[str], tens: int, place: int, by_twenty: bool) -> tuple[int, int]:
    """``tens`` and the units after it; sixty and eighty take the French teens too (soixante-dix)."""
    after = _skip(words, place)
    if after < len(words):
        if words[after] in _UNITS:
            return tens + _UNITS[words[after]], after + 1
        if by_twenty and words[after] in _TEENS:
            rest, end = _below_hundred(words, after)
            return tens + rest, end
    return tens, place


def _skip(words: Sequence[str], place: int) -> int:
    return place + 1 if place < len(words) and words[place] in _JOINTS else place
