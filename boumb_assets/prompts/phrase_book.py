"""The phrase book: templates and word tables, read once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from boumb_assets.contracts.loop_request import Language
from boumb_assets.prompts import english, french
from boumb_assets.prompts.key_names import FR_SOLFEGE, STUDIO
from boumb_assets.prompts.slots import MARKERS, NOTHING, Need, Noun, Slot, Source, bpm_slot, key_slot
from boumb_assets.prompts.templates import LANGUAGES, MANNERS, STUDIO_MESSAGE, TEMPLATES

SLOTS: Final[dict[Language, dict[str, Slot]]] = {"fr": french.SLOTS, "en": english.SLOTS}
NOUNS: Final[dict[Language, tuple[Noun, ...]]] = {"fr": french.NOUNS, "en": english.NOUNS}
STUDIO_SLOTS: Final[dict[str, Slot]] = {"studio_key": key_slot(STUDIO), "bpm": bpm_slot()}
OF_THE_NOUN, OF_THE_INSTRUMENT = 4, 5
_AGREEMENTS: Final = {"m": 0, "f": 1, "": OF_THE_NOUN, "i": OF_THE_INSTRUMENT}
_PIECE: Final = re.compile(r"\[(a|one) |\]|\{(\w+)(?::(\w))?\}")


@dataclass(frozen=True)
class Words:
    """A part of a template that says the same in every prompt."""

    text: str


@dataclass(frozen=True)
class Article:
    """The English article of what follows; ``single``: of a noun in the singular, whatever the loop's noun is."""

    single: bool


@dataclass(frozen=True)
class Use:
    """A part that a slot fills.

    ``agreement``: of a slot that agrees, which of a value's four groups: 0 to 3, OF_THE_NOUN or OF_THE_INSTRUMENT.
    """

    slot: Slot
    agreement: int


Part = Words | Article | Use


@dataclass(frozen=True)
class Template:
    """A form of a request: what it says, in the manners in which it is typed, what must be known, what it claims."""

    language: Language
    kind: str
    parts: tuple[tuple[Part, ...], ...]
    need: Need
    claims: frozenset[str]


@cache
def templates() -> tuple[Template, ...]:
    """Every template, by language and kind in the order of the book; a template's place is its number. Raises
    ValueError for one that cannot be filled."""
    return tuple(
        _template(text, language, kind)
        for language in LANGUAGES
        for kind, texts in TEMPLATES[language].items()
        for text in texts
    )


@cache
def studio_message() -> tuple[Part, ...]:
    """What the studio says before a request."""
    return tuple(_parts(STUDIO_MESSAGE, STUDIO_SLOTS))


def _template(text: str, language: Language, kind: str) -> Template:
    slots = SLOTS[language]
    need, claims = NOTHING, set[str]()
    for name in [match[2] for match in _PIECE.finditer(text) if match[2]]:
        if name not in slots and name not in MARKERS:
            raise ValueError(f"{text!r} has no slot {name!r} to fill")
        need |= MARKERS[name] if name in MARKERS else slots[name].need
        claims.update(slots[name].claims if name in slots else () if name == "melodic" else ("role",))
    parts = tuple(_parts(text, slots))
    keys = [part for part in parts if isinstance(part, Use) and part.slot.source is Source.KEY]
    if len(keys) > 1 or (keys and keys[0] == parts[0] and FR_SOLFEGE in keys[0].slot.forms):
        raise ValueError(f"{text!r} names the key twice, or begins with one that would take a capital")
    return Template(language, kind, tuple(_typed(parts, manner) for manner in MANNERS), need, frozenset(claims))


def _parts(text: str, slots: Mapping[str, Slot]) -> Iterator[Part]:
    end = 0
    for match in _PIECE.finditer(text):
        if text[end : match.start()]:
            yield Words(text[end : match.start()])
        end = match.end()
        if match[1]:
            yield Article(match[1] == "one")
        elif match[2] in slots:
            slot = slots[match[2]]
            yield Use(slot, _AGREEMENTS[match[3] or ""] if slot.agrees else 0)
    if text[end:]:
        yield Words(text[end:])


def _typed(parts: tuple[Part, ...], manner: str) -> tuple[Part, ...]:
    """The template as it is typed in a manner; names, which the slots fill in, keep their case."""
    *first, last = parts
    if isinstance(last, Words) and manner != "careful":
        last = Words(last.text.rstrip(" .!?" if manner == "casual" else "."))
    typed = [*first, last]
    if manner == "casual":
        typed = [Words(part.text.lower()) if isinstance(part, Words) else part for part in typed]
    return tuple(part for part in typed if part != Words(""))
