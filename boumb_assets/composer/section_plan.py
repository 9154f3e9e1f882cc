"""The sections of a piece: those of its form, or those of the plan that a request brings, whatever that may hold."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from boumb_assets.composer.forms import Idea, Treatment, lettered
from boumb_assets.composer.home_key import key_from, related_key
from boumb_assets.composer.progression import cadence_for
from boumb_assets.contracts.harmony_rules import Cadence
from boumb_assets.contracts.measures import shared_out
from boumb_assets.contracts.music_structure import SECTION_COUNT, SECTION_MEASURES
from boumb_assets.contracts.text_fields import NAME_LENGTH, clip_text


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A section with its key and its measures."""

    idea: Idea
    key: str
    cadence: Cadence
    measures: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.idea.name


@dataclass(frozen=True, slots=True)
class WantedSection:
    """A section of a request's own plan: the idea, and the key and the measures that it says, else None."""

    idea: Idea
    key: str | None
    measures: int | None


USUAL_MEASURES: Final = 8
_LETTERS: Final = "ABCDEFGHIJKL"
# What some names say of a section, whose theme is then the first one.
_NAMED: Final[tuple[tuple[re.Pattern[str], Treatment], ...]] = (
    (re.compile(r"develop|d[eé]velopp", re.IGNORECASE), "development"),
    (re.compile(r"recap|r[eé]expo|repris|return|retour|da capo", re.IGNORECASE), "return"),
    (re.compile(r"coda|outro|epilog", re.IGNORECASE), "augmentation"),
    (re.compile(r"variation|var\.", re.IGNORECASE), "variation"),
)
_VARIATIONS: Final[tuple[Treatment, ...]] = ("variation", "inversion", "diminution", "augmentation", "sequence")
_PRIMES: Final = "'’′\"″* 0123456789"
_NUMBER: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)")
_FIELDS: Final = frozenset({"name", "measures", "key", "cadence"})
_OTHER_NAMES: Final = {"bars": "measures", "length": "measures", "title": "name", "section": "name"}
_DEEPEST: Final = 4  # levels of an object in which its list of sections is looked for


def planned_sections(ideas: Sequence[Idea], key: str, total: int, final_picardy: bool) -> list[PlannedSection]:
    """The ideas in keys, with ``total`` measures among them. A minor piece may end with a Picardy third."""
    measures = shared_out([idea.weight for idea in ideas], total)
    sections = []
    for number, (idea, length) in enumerate(zip(ideas, measures, strict=True)):
        last = number == len(ideas) - 1
        section_key = related_key(key, idea.relation)
        wanted = "PICARDY" if last and final_picardy else idea.cadence
        sections.append(PlannedSection(idea, section_key, cadence_for(wanted, section_key, idea.cadence), length))
    return sections


def requested_sections(plan: object) -> list[WantedSection]:
    """The sections of a request's ``section_plan``: a list of objects with name, measures, key and cadence, or of
    names; such a list inside an object; or an object with an object, or a number of measures, a name. Empty where there
    are none; a single one comes twice. What an entry does not say, or says wrongly, is left to what follows from the
    names."""
    entries = _entries(plan, _DEEPEST)[: SECTION_COUNT[1]]
    if not entries:
        return []
    if len(entries) < SECTION_COUNT[0]:
        entries = entries * SECTION_COUNT[0]
    names = [_text(entry.get("name")) or _LETTERS[number] for number, entry in enumerate(entries)]
    found = []
    for name, entry, idea in zip(names, entries, _ideas(names), strict=True):
        written = entry.get("key")
        found.append(
            WantedSection(
                replace(idea, name=name, cadence=cadence_for(_cadence(entry.get("cadence")), "a minor", idea.cadence)),
                key_from(written) if isinstance(written, str) else None,
                _measures(entry.get("measures")),
            )
        )
    return found


def sections_from_request(wanted: Sequence[WantedSection], key: str, total: int) -> list[PlannedSection]:
    """The sections of a request's plan in the keys it names, else by what they are, refitted to ``total`` measures."""
    measures = shared_out([float(section.measures or USUAL_MEASURES) for section in wanted], total)
    sections = []
    for section, length in zip(wanted, measures, strict=True):
        section_key = section.key or related_key(key, section.idea.relation)
        cadence = cadence_for(section.idea.cadence, section_key, "PAC")
        sections.append(PlannedSection(replace(section.idea, cadence=cadence), section_key, cadence, length))
    return sections


def _ideas(names: Sequence[str]) -> list[Idea]:
    """What the sections with these names do: equal names, but for primes and numbers, share a theme."""
    stems = [name.rstrip(_PRIMES).lower() or name for name in names]
    said = [next((treatment for pattern, treatment in _NAMED if pattern.search(name)), None) for name in names]
    said[0] = None  # the first one states, whatever it is called
    stems = [stems[0] if treatment else stem for stem, treatment in zip(stems, said, strict=True)]
    letter_of = {stem: _LETTERS[place] for place, stem in enumerate(dict.fromkeys(stems))}
    ideas = []
    varied = 0
    for idea, treatment in zip(lettered([letter_of[stem] for stem in stems]), said, strict=True):
        if treatment == "variation":
            treatment, varied = _VARIATIONS[varied % len(_VARIATIONS)], varied + 1
        relation = "subdominant" if treatment == "development" else idea.relation
        ideas.append(replace(idea, treatment=treatment or idea.treatment, relation=relation))
    return ideas


def _entries(plan: object, depth: int) -> list[Mapping[str, Any]]:
    """The objects that describe sections, wherever in ``plan`` they are listed."""
    if depth == 0:
        return []
    if isinstance(plan, list):
        entries = [entry for item in plan[:64] if (entry := _entry(item)) is not None]
        return entries or next(iter(_found(plan[:64], depth)), [])
    if not isinstance(plan, Mapping):
        return []
    values = list(plan.items())[:64]
    listed = next(iter(_found([value for _, value in values if isinstance(value, list)], depth)), [])
    described = [(name, value) for name, value in values if isinstance(value, Mapping)]
    named: list[Mapping[str, Any]] = [
        {"name": name, **fields} for name, value in described if _FIELDS & (fields := _fields(value)).keys()
    ]
    inside = listed or named or next(iter(_found([value for _, value in described], depth)), [])
    if inside or _FIELDS & _fields(plan).keys():
        return inside or [_fields(plan)]
    counted: list[Mapping[str, Any]] = [
        {"name": name, "measures": value} for name, value in values if _measures(value) is not None
    ]
    return counted if len(counted) == len(values) else []


def _found(values: Iterable[object], depth: int) -> list[list[Mapping[str, Any]]]:
    return [entries for value in values if (entries := _entries(value, depth - 1))]


def _entry(item: object) -> Mapping[str, Any] | None:
    """A list's item as a section: an object, or the name of one."""
    if isinstance(item, Mapping):
        return _fields(item)
    return {"name": item} if isinstance(item, str) and _text(item) else None


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with its fields called as in the app, also where they are written in capitals or by another word."""
    plain = {str(name).strip().lower(): value for name, value in entry.items()}
    return {_OTHER_NAMES.get(name, name): value for name, value in plain.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    readable = value[:1_000].encode("utf-8", "ignore").decode()  # half a surrogate pair is no text
    return clip_text(" ".join(readable.split()), NAME_LENGTH).strip()


def _cadence(value: object) -> str:
    return value.strip().upper() if isinstance(value, str) else ""


def _measures(value: object) -> int | None:
    """A number of measures, also one written as text; None for what is none."""
    if isinstance(value, str):
        match = _NUMBER.match(value)
        value = float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_countable(value):
        return None
    return round(min(float(SECTION_MEASURES[1]), max(1.0, float(value))))


def _is_countable(value: float) -> bool:
    try:
        return math.isfinite(float(value)) and value > 0
    except OverflowError:
        return False
