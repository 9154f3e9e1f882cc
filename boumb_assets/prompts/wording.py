"""The wording of facts: the requests that a loop would be an answer to, in French and English.

A prompt says only what LoopFacts hold. This module words one loop at a time; `rendering` says the same of a whole
batch, from the same phrase book and the same draws.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from boumb_assets.contracts.loop_request import STYLES, Language
from boumb_assets.prompts.draws import Draws
from boumb_assets.prompts.english import takes_an
from boumb_assets.prompts.facts import (
    ARTICULATIONS,
    DENSITIES,
    HARMONIES,
    INSTRUMENT_NAMES,
    MOOD_NAMES,
    PERIODS,
    REGISTERS,
    LoopFacts,
    sayable_name,
)
from boumb_assets.prompts.genres import genre_name
from boumb_assets.prompts.instruments import INSTRUMENTS
from boumb_assets.prompts.key_names import SCALE_NAMES
from boumb_assets.prompts.phrase_book import (
    NOUNS,
    OF_THE_INSTRUMENT,
    OF_THE_NOUN,
    Article,
    Part,
    Template,
    Use,
    Words,
    studio_message,
    templates,
)
from boumb_assets.prompts.reader import SLOWEST
from boumb_assets.prompts.slots import NOTHING, ROLE_NEEDS, Need, Noun, Source
from boumb_assets.prompts.templates import LANGUAGES, MANNER_WEIGHTS, MANNERS, WEIGHTS, Kind

APP: Final = "app-message"
SHORT: Final = "two-word"  # of the other kinds two templates are drawn, and the one that says more is taken
ALWAYS: Final = "sentence"  # the kind that has templates for a loop of which nothing but its role is known
KIND_DRAWS: Final = tuple(kind for kind, weight in WEIGHTS.items() for _ in range(weight))
INNER_DRAWS: Final = tuple(kind for kind in KIND_DRAWS if kind != APP)
MANNER_DRAWS: Final = tuple(manner for manner, weight in enumerate(MANNER_WEIGHTS) for _ in range(weight))
CASUAL: Final = MANNERS.index("casual")
_TRIES: Final = 24  # draws of a wording that is not among those already made


@dataclass(frozen=True)
class Prompt:
    """A request in words. ``claims`` are the fields of LoopFacts that its text states."""

    text: str
    language: Language
    kind: Kind
    claims: frozenset[str]


def loop_prompts(facts: LoopFacts, seed: int, count: int = 2) -> list[Prompt]:
    """``count`` different prompts for the loop of ``facts``, French and English in turn, of mixed kinds; fewer where
    the facts are too few for that many wordings. The same arguments give the same prompts. Raises ValueError for a
    negative count."""
    if count < 0:
        raise ValueError(f"count is {count}: it cannot be negative")
    draws = Draws(seed)
    first = draws.below(2)
    prompts: list[Prompt] = []
    for place in range(count):
        for _ in range(_TRIES):
            prompt = word_loop(facts, draws.number() & ~1 | (first + place) % 2)
            if all(prompt.text != other.text for other in prompts):
                prompts.append(prompt)
                break
    return prompts


def word_loop(facts: LoopFacts, seed: int) -> Prompt:
    """The prompt of one ``seed`` (0 .. 2**64 - 1) for the loop of ``facts``: French where it is even, English where it
    is odd. The reference of `rendering.render_prompts`."""
    draws, language = Draws(seed), LANGUAGES[seed & 1]
    values, have = _values(facts), _have(facts)
    kind = KIND_DRAWS[draws.below(len(KIND_DRAWS))]
    app = kind == APP and Need.KEY in have and Need.BPM in have
    inner = INNER_DRAWS[draws.below(len(INNER_DRAWS))] if app else ALWAYS if kind == APP else kind
    usable = _usable(language, inner, have) or _usable(language, ALWAYS, have)
    template = usable[draws.below(len(usable))]
    if template.kind != SHORT:
        template = max(template, usable[draws.below(len(usable))], key=lambda one: len(one.claims))
    manner = MANNER_DRAWS[draws.below(len(MANNER_DRAWS))]
    nouns = _nouns(language, facts.role, template.kind == SHORT, Need.HARMONY in have)
    noun = nouns[draws.below(len(nouns))]
    values[Source.NOUN] = NOUNS[language].index(noun)
    head = _filled(studio_message(), values, facts, noun, draws) if app else ""
    text = _filled(template.parts[manner], values, facts, noun, draws)
    text = text if manner == CASUAL else text[:1].upper() + text[1:]
    claims = set(template.claims) | ({"root", "scale", "bpm"} if app else set())
    if "feel" in claims:
        claims = claims - {"feel"} | {"swing" if facts.swing else "syncopated"}
    return Prompt(head + text, language, APP if app else cast(Kind, template.kind), frozenset(claims))


@cache
def _usable(language: Language, kind: str, have: Need) -> tuple[Template, ...]:
    return tuple(
        template
        for template in templates()
        if template.language == language and template.kind == kind and not template.need & ~have
    )


@cache
def _nouns(language: Language, role: str, short: bool, chords: bool) -> tuple[Noun, ...]:
    mine = (noun for noun in NOUNS[language] if noun.role == role)
    return tuple(noun for noun in mine if (noun.short or not short) and (chords or not noun.chords))


def _filled(parts: tuple[Part, ...], values: dict[Source, int], facts: LoopFacts, noun: Noun, draws: Draws) -> str:
    text, article = "", None
    for part in parts:
        if isinstance(part, Article):
            article = part
            continue
        words = part.text if isinstance(part, Words) else _word(part, values, facts, noun, draws)
        if article is not None:
            some = noun.plural and not article.single
            text += "some " if some else "an " if takes_an(words) else "a "
            article = None
        text += words
    return text


def _word(use: Use, values: dict[Source, int], facts: LoopFacts, noun: Noun, draws: Draws) -> str:
    slot = use.slot
    if slot.named is not None:
        name = sayable_name(facts.composer) if slot.source is Source.COMPOSER else genre_name(facts.genre)
        return slot.named(name or "")
    agreement = use.agreement
    if agreement == OF_THE_NOUN:
        agreement = noun.agreement
    elif agreement == OF_THE_INSTRUMENT:
        agreement = INSTRUMENTS[values[Source.INSTRUMENT]].agreement
    group = slot.words[values[slot.source] * slot.width + agreement]
    return group[draws.below(len(group))] if len(group) > 1 else group[0]


def _values(facts: LoopFacts) -> dict[Source, int]:
    """The value of each source that is known."""
    values = {
        Source.DENSITY: 2 * DENSITIES.index(facts.density) + (facts.role == "drums"),
        Source.REGISTER: REGISTERS.index(facts.register),
        Source.FEEL: 0 if facts.swing else 1,
        Source.BARS: int(facts.bars == 4),
    }
    if facts.root is not None and facts.scale is not None:
        values[Source.KEY] = 12 * SCALE_NAMES.index(facts.scale) + facts.root
    if facts.bpm is not None:
        values[Source.BPM] = facts.bpm - SLOWEST
    for source, value, known in (
        (Source.STYLE, facts.style, STYLES),
        (Source.MOOD, facts.mood, MOOD_NAMES),
        (Source.ARTICULATION, facts.articulation, ARTICULATIONS),
        (Source.HARMONY, facts.harmony, HARMONIES),
        (Source.INSTRUMENT, facts.instrument, INSTRUMENT_NAMES),
        (Source.PERIOD, facts.period, PERIODS),
    ):
        if value is not None:
            values[source] = known.index(value)
    return values


def _have(facts: LoopFacts) -> Need:
    """What is known of a loop, as templates need it."""
    drums = facts.role == "drums"
    instrument = None if facts.instrument is None else INSTRUMENTS[INSTRUMENT_NAMES.index(facts.instrument)]
    alone = instrument is not None and instrument.alone == facts.role
    known = {
        Need.STYLE: facts.style is not None,
        Need.KEY: facts.root is not None and facts.scale is not None,
        Need.BPM: facts.bpm is not None,
        Need.BARS: facts.bars in (2, 4),
        Need.FULL: facts.density != "medium",
        Need.REGISTER: not drums,  # the notes of a drum pattern are drums, not heights
        Need.PITCHED: not drums and facts.register != "mid",
        Need.FEEL: facts.swing or facts.syncopated,
        Need.MOOD: facts.mood is not None,
        Need.ARTICULATION: facts.articulation is not None,
        Need.HARMONY: facts.harmony is not None,
        Need.PLAYED: instrument is not None and not instrument.plays_its_name,
        Need.ALONE: alone,
        Need.PERIOD: facts.period is not None,
        Need.COMPOSER: sayable_name(facts.composer) is not None,
        Need.GENRE: genre_name(facts.genre) is not None,
        Need.MELODIC: not drums,
        ROLE_NEEDS[facts.role]: True,
    }
    have = NOTHING
    for need, is_known in known.items():
        have |= need if is_known else NOTHING
    return have
