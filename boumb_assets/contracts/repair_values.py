"""Reading single values of a structure that is not quite right: numbers, words out of a list, texts."""

import re
from collections import Counter
from typing import Any, Final

from boumb_assets.contracts.json_text import is_number
from boumb_assets.contracts.text_fields import clip_text

_LEADING: Final = re.compile(r"\s*([-+]?[0-9]{1,15}(?:[.,][0-9]{1,15})?)(?:\s*/\s*([1-9][0-9]{0,3})(?![0-9]))?")
# What models write for the words of the contract, in lower case and without anything but letters.
_SYNONYMS: Final = {
    "ppp": "pp", "fff": "ff", "pianissimo": "pp", "piano": "p", "soft": "p", "mezzopiano": "mp", "mezzoforte": "mf",
    "medium": "mf", "forte": "f", "loud": "f", "fortissimo": "ff",
    "monophonic": "simple", "monophony": "simple", "polyphonic": "contrapuntal", "polyphony": "contrapuntal",
    "counterpoint": "contrapuntal", "fugal": "contrapuntal", "imitative": "contrapuntal", "chordal": "homophonic",
    "homophony": "homophonic", "melodyandaccompaniment": "homophonic",
    "light": "subtle", "slight": "subtle", "strong": "expressive", "free": "expressive", "off": "none", "no": "none",
    "arch": "phrase", "linear": "flat", "constant": "flat",
}  # fmt: skip
_TIMES: Final = {"c": "4/4", "common": "4/4", "commontime": "4/4", "cuttime": "2/2", "allabreve": "2/2"}


def number(given: Any) -> float | None:
    """A number, also one that a text begins with (``72 bpm``, ``1/2``); None for what is none."""
    if is_number(given):
        return given
    match = _LEADING.match(given) if isinstance(given, str) else None
    if match is None:
        return None
    return float(match[1].replace(",", ".")) / int(match[2] or 1)


def one_of(given: Any, known: tuple[str, ...], otherwise: str, what: str, done: Counter[str]) -> str:
    """The word of ``known`` that ``given`` is or means, else ``otherwise``."""
    if isinstance(given, str) and given in known:
        return given
    plain = re.sub(r"[^a-z]", "", given.lower()) if isinstance(given, str) else ""
    spaced = re.sub(r"\s", "", given) if isinstance(given, str) else ""
    meant = next(
        (word for word in (spaced, plain, _SYNONYMS.get(plain), _TIMES.get(plain)) if word in known), otherwise
    )
    done[f"set the {what} to {meant}"] += 1
    return meant


def within(given: Any, least: float, most: float, otherwise: float, what: str, done: Counter[str]) -> float:
    """The number in ``given``, moved into ``least`` to ``most``; ``otherwise`` where there is none."""
    value = number(given)
    if value is None:
        done[f"set the {what} to {otherwise}"] += 1
        return otherwise
    if not is_number(given):
        done[f"read the {what} as a number"] += 1
    if not least <= value <= most:
        done[f"moved the {what} into {least} to {most}"] += 1
    return float(max(least, min(most, value)))


def text(given: Any, limit: int, otherwise: str, done: Counter[str]) -> str:
    """A text within its limit; a list of texts is joined."""
    whole = ", ".join(map(str, given)) if isinstance(given, list) else given
    if not isinstance(whole, str):
        return otherwise
    readable = whole.encode("utf-8", "ignore").decode()  # half a surrogate pair is no text
    clipped = clip_text(readable, limit)
    if clipped != given:
        done["shortened a text"] += 1
    return clipped


def items(given: Any) -> list[Any]:
    """The list, or an empty one."""
    return given if isinstance(given, list) else []


def objects(given: Any) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [item for item in items(given) if isinstance(item, dict)]


def unwrapped(value: Any, names: tuple[str, ...]) -> Any:
    """``value``, or the first object within it, one level down, that has one of ``names``."""
    inside = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    if isinstance(value, dict) and any(name in value for name in names):
        return value
    return next((each for each in objects(inside) if any(name in each for name in names)), value)
