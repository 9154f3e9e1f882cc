"""Reading JSON out of what a model said, without trusting it."""

import json
from collections import Counter
from collections.abc import Callable
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, TypeGuard

from boumb_assets.contracts.base import refuse

MOST_CHARACTERS: Final = 1_000_000  # far above any answer; a bound on what comes from outside
_MOST_STARTS: Final = 256  # braces of prose before the object; each costs a look at the whole text


class Written(float):
    """A number with the digits that it was written with."""

    text: str

    def __new__(cls, text: str) -> "Written":
        """The value of ``text``, which stays at hand."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def read_json(text: str, keep_digits: bool = False) -> Any:
    """The value of a JSON text, strictly: no NaN or Infinity, no key twice in an object, at most ``MOST_CHARACTERS``.

    With ``keep_digits`` fractions come as `Written`. Raises ValueError, whatever the text.
    """
    if len(text) > MOST_CHARACTERS:
        raise refuse("too_large", f"{len(text)} characters; at most {MOST_CHARACTERS} are read")
    number: Callable[[str], float] = Written if keep_digits else float
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once, parse_float=number)
    except JSONDecodeError as error:
        raise refuse("not_json", f"{error.msg.removesuffix(' starting at')} at character {error.pos}") from None
    except RecursionError:
        raise refuse("not_json", "nested too deep") from None


def first_json_object(text: str) -> str | None:
    """The first complete JSON object in ``text``, as it stands there, or None.

    The apps read answers so: prose and code fences around it do not matter. An object that breaks off or breaks the
    grammar is passed over as a whole, with the objects inside it.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    decoder = JSONDecoder()
    start = text.find("{")
    for _ in range(_MOST_STARTS):
        if start < 0:
            return None
        try:
            _, end = decoder.raw_decode(text, start)
        except JSONDecodeError as error:
            start = text.find("{", max(start + 1, error.pos))
        except (RecursionError, ValueError):  # nested too deep; an integer of thousands of digits
            return None
        else:
            return text[start:end]
    return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a JSON value is a number that a float can hold to the unit; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53


def _no_constant(name: str) -> float:
    raise refuse("not_json", f"{name} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise refuse("key_twice", f"the key {twice!r} comes twice in one object")
    return read
