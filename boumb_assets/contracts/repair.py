"""Repair: from what a model wrote to what the contract accepts, with a word on every change."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.json_text import MOST_CHARACTERS, first_json_object
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.contracts.repair_loops import repaired_drums, repaired_sequence, repaired_steps
from boumb_assets.contracts.repair_structure import repaired_structure

_REPAIRS: Final[dict[str, Callable[[Any, Counter[str]], ContractModel | None]]] = {
    "boumb-sequence": repaired_sequence,
    "boumb-steps": repaired_steps,
    "drum-pattern": repaired_drums,
    "music-structure": repaired_structure,
}
_FENCE = re.compile(r"```[a-zA-Z]*\s*(.*?)```", re.DOTALL)
_CUTS: Final = 64  # a text that breaks off is whole again within a few closing braces, or never
_LONGEST_BROKEN: Final = 100_000  # characters of it that are looked at


@dataclass(frozen=True, slots=True)
class Repaired:
    """``text`` is canonical and valid, or None where nothing could be saved; ``actions`` say in words what was done."""

    text: str | None
    actions: list[str]


def repair(text: str, contract: str = "boumb-sequence") -> Repaired:
    """The valid canonical text nearest to ``text`` for the named contract.

    Finds the JSON in prose and fences, closes a text that broke off after its last whole part, and puts names, times,
    durations, velocities, order and harmony right. Never raises for what it is given; raises ValueError for the name
    of a contract that there is not.
    """
    wanted = contract_of(contract)
    if len(text) > MOST_CHARACTERS:
        return Repaired(None, [f"nothing: more than {MOST_CHARACTERS} characters"])
    if not wanted.violations(text):
        canonical = wanted.parse(text).to_json()
        return Repaired(canonical, [] if canonical == text else ["wrote the canonical text"])
    done: Counter[str] = Counter()
    value = _json_in(text, done)
    if value is None:
        return Repaired(None, ["found no JSON that could be saved"])
    inside = json.dumps(value)
    model = wanted.parse(inside) if not wanted.violations(inside) else _REPAIRS[contract](value, done)
    if model is None or wanted.violations(model.to_json()):
        return Repaired(None, [*_told(done), "found nothing that the contract could keep"])
    return Repaired(model.to_json(), _told(done) or ["wrote the canonical text"])


def _told(done: Counter[str]) -> list[str]:
    return [f"{action} ({count} times)" if count > 1 else action for action, count in done.items()]


def _json_in(text: str, done: Counter[str]) -> Any:
    whole = _loaded(text)
    if isinstance(whole, dict | list):
        return whole
    fenced = _FENCE.search(text)
    inside = _loaded(fenced[1]) if fenced else None
    if not isinstance(inside, dict | list):
        inside = _first_value(text)
    if isinstance(inside, dict | list):
        done["took the JSON out of the text around it"] += 1
        return inside
    closed = _closed(text)
    if closed is not None:
        done["closed the text after its last whole part"] += 1
    return closed


def _first_value(text: str) -> Any:
    """The first list of objects, if it opens before any object does; else the first object."""
    array, brace = re.search(r"\[\s*\{", text), text.find("{")
    if array and array.start() < brace:
        try:
            return JSONDecoder().raw_decode(text, array.start())[0]
        except (ValueError, RecursionError):
            return None  # it breaks off
    found = first_json_object(text)
    return _loaded(found) if found is not None else None


def _closed(text: str) -> Any:
    """The JSON that breaks off in ``text``, cut after its last whole object, with what is open closed."""
    start = re.search(r"[\[{]", text)
    if start is None:
        return None
    broken = text[start.start() :][:_LONGEST_BROKEN]
    cut = len(broken)
    for _ in range(_CUTS):
        cut = broken.rfind("}", 0, cut)
        if cut < 0:
            return None
        value = _loaded(broken[: cut + 1] + _closers(broken[: cut + 1]))
        if isinstance(value, dict | list):
            return value
    return None


def _closers(text: str) -> str:
    """The brackets that ``text`` leaves open, closed."""
    stack: list[str] = []
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        match token[0]:
            case "{":
                stack.append("}")
            case "[":
                stack.append("]")
            case "}" | "]" if stack:
                stack.pop()
    return "".join(reversed(stack))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except (JSONDecodeError, ValueError, RecursionError):
        return None
