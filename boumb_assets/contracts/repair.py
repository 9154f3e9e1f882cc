"""Repair: from what a model wrote to what the contract accepts, with a word on every change."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.changes import Change, changes_between
from boumb_assets.contracts.json_mending import Mending, NoJsonError
from boumb_assets.contracts.json_text import MOST_CHARACTERS, first_json_object
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.contracts.repair_loops import repaired_drums, repaired_sequence, repaired_steps
from boumb_assets.contracts.repair_structure import repaired_structure
from boumb_assets.contracts.repair_wishes import fitted_to
from boumb_assets.contracts.request_rules import Request, unmet

_REPAIRS: Final[dict[str, Callable[[Any, Counter[str]], ContractModel | None]]] = {
    "boumb-sequence": repaired_sequence,
    "boumb-steps": repaired_steps,
    "drum-pattern": repaired_drums,
    "music-structure": repaired_structure,
}
_FENCE = re.compile(r"```[a-zA-Z]*\s*(.*?)```", re.DOTALL)
_LONGEST_BROKEN: Final = 100_000  # characters of a text that is no JSON that are looked at
_MOST_STARTS: Final = 32  # brackets of prose before the music
_OUT_OF_PROSE: Final = "took the JSON out of the text around it"
_DRUMS: Final = re.compile(r"\bclips\b|\btrack-")
_INNERMOST: Final = re.compile(r"\{[^{}]{2,400}\}")


@dataclass(frozen=True, slots=True)
class Repaired:
    """``text`` is canonical and valid, or None where nothing could be saved; ``actions`` say in words what was done,
    ``changes`` which values differ from those that came in."""

    text: str | None
    actions: list[str]
    changes: list[Change] = field(default_factory=list)


def repair(text: str, contract: str = "boumb-sequence", request: Request | None = None) -> Repaired:
    """The valid canonical text nearest to ``text`` for the named contract, and for ``request`` where one is given.

    Finds the JSON in prose and fences, reads what is no strict JSON, closes a text that broke off after its last whole
    part, and puts names, times, durations, velocities, order and harmony right; for a request also key, range, bars
    and measures. What is right is left as it is. Never raises for what it is given; raises ValueError for the name of
    a contract that there is not.
    """
    wanted = contract_of(contract)
    if len(text) > MOST_CHARACTERS:
        return Repaired(None, [f"nothing: more than {MOST_CHARACTERS} characters"])
    if not wanted.violations(text):
        return _finished(wanted.parse(text), json.loads(text), text, Counter(), request)
    tried: list[str] = []
    for value, found in _values(text):
        done: Counter[str] = Counter([found] if found else [])
        inside = json.dumps(value)
        model = wanted.parse(inside) if not wanted.violations(inside) else _REPAIRS[contract](value, done)
        if model is not None and not wanted.violations(model.to_json()):
            return _finished(model, value, text, done, request)
        tried = tried or _told(done)
    return Repaired(None, [*tried, "found nothing that the contract could keep"] if tried else [_NOTHING])


_NOTHING: Final = "found no JSON that could be saved"


def _finished(model: ContractModel, given: Any, text: str, done: Counter[str], request: Request | None) -> Repaired:
    """The canonical text of ``model``, made to fit ``request`` as far as that can be."""
    if request is not None and unmet(model, request):
        model = fitted_to(model, request, done)
    canonical = model.to_json()
    changes = changes_between(given, json.loads(canonical))
    told = _told(done) or ([] if canonical == text else ["wrote the canonical text"])
    return Repaired(canonical, told, changes)


def _told(done: Counter[str]) -> list[str]:
    return [f"{action} ({count} times)" if count > 1 else action for action, count in done.items()]


def _values(text: str) -> Iterator[tuple[Any, str]]:
    """What may be the music in ``text``, the likeliest first, each with what was done to find it."""
    whole = _loaded(text)
    if isinstance(whole, str):  # JSON in a JSON string
        text, whole = whole, _loaded(whole)
    if isinstance(whole, dict | list):
        yield whole, ""
        yield from _whole_objects(text)
        return
    fenced = _FENCE.search(text)
    for inside in (_loaded(fenced[1]) if fenced else None, _first_value(text)):
        if isinstance(inside, dict | list):
            yield inside, _OUT_OF_PROSE
    yield from _mended(text[:_LONGEST_BROKEN])
    yield from _whole_objects(text[:_LONGEST_BROKEN])


def _whole_objects(text: str) -> Iterator[tuple[list[Any], str]]:
    """The objects without others inside, as a list: notes out of what is spoilt around them, or has another name. The
    hits of a drum pattern are none: without their tracks they would be one tone over and over."""
    if _DRUMS.search(text):
        return
    found = [value for match in _INNERMOST.finditer(text) if isinstance(value := _loaded(match[0]), dict)]
    if found:
        yield found, "took out what is whole"


def _mended(text: str) -> Iterator[tuple[Any, str]]:
    at = 0
    for _ in range(_MOST_STARTS):
        start = re.compile(r"[\[{]").search(text, at)
        if start is None:
            return
        mending = Mending(text, start.start())
        try:
            value = mending.read()
        except NoJsonError:
            at = start.end()
            continue
        at = max(mending.at, start.end())
        if value:
            done = "closed the text after its last whole part" if mending.broken else "read what is no strict JSON"
            yield value, done


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


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except (JSONDecodeError, ValueError, RecursionError):
        return None
