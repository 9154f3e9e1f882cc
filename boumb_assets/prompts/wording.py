"""The wording of facts: the requests that a loop would be an answer to, in French and English.

A prompt says only what LoopFacts hold, and a title never: asked for by its name, a model would learn to recite a work.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from string import Formatter
from typing import Final

from boumb_assets.contracts.loop_request import Language
from boumb_assets.prompts import english, french
from boumb_assets.prompts.facts import LoopFacts, plain_name
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.structure_message import structure_prompt
from boumb_assets.prompts.templates import CLAIMS, TEMPLATES, Kind
from boumb_assets.theory.pitch import NOTE_NAMES

__all__ = ["Prompt", "loop_prompts", "structure_prompt"]

# How often each kind is asked for: the studio's own message is what a model in its service reads.
WEIGHTS: Final[dict[Kind, int]] = {"app-message": 4, "two-word": 3, "sentence": 3, "technical": 2, "mood": 2}
_TRIES: Final = 24  # draws of a wording that is not among those already made
_LANGUAGES: Final[tuple[Language, Language]] = ("fr", "en")
_ARTICLE: Final = re.compile(r"\[(a|one) ([^\[\]]*)\]")


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
    random = Random(seed)
    first = random.randrange(2)
    prompts: list[Prompt] = []
    kinds = _kinds(facts, random)
    for place in range(count):
        language = _LANGUAGES[(first + place) % 2]
        for _ in range(_TRIES):
            prompt = _prompt(facts, language, next(kinds), random)
            if prompt is not None and all(prompt.text != other.text for other in prompts):
                prompts.append(prompt)
                break
    return prompts


def _kinds(facts: LoopFacts, random: Random) -> Iterator[Kind]:
    """Kinds for ever, each drawn by its weight among those not drawn in this round."""
    while True:
        left = [kind for kind in WEIGHTS if kind != "app-message" or _has_context(facts)]
        while left:
            kind = random.choices(left, [WEIGHTS[kind] for kind in left])[0]
            left.remove(kind)
            yield kind


def _has_context(facts: LoopFacts) -> bool:
    return None not in (facts.root, facts.scale, facts.bpm)


def _prompt(facts: LoopFacts, language: Language, kind: Kind, random: Random) -> Prompt | None:
    if kind == "app-message":
        return _app_message(facts, language, random)
    slots = _slots(facts, language, random, short=kind == "two-word")
    forms = [(text, names) for text in TEMPLATES[language][kind] if (names := _names(text)) <= slots.keys()]
    if not forms:
        return None
    text, names = random.choice(forms)
    text = text.format_map({name: slots[name]() for name in sorted(names)})
    plural = language == "en" and slots["plural"]() != ""
    text = _ARTICLE.sub(lambda match: _with_article(match, plural), text)
    capital = kind == "sentence" or kind == "mood" or random.random() < 0.6
    claims = {"role"}.union(*(CLAIMS.get(name, ()) for name in names))
    if "swing" in claims:
        claims.remove("syncopated" if facts.swing else "swing")
    return Prompt(text[:1].upper() + text[1:] if capital else text, language, kind, frozenset(claims))


def _app_message(facts: LoopFacts, language: Language, random: Random) -> Prompt | None:
    """The studio's message to its model (boumbapp's protocol), around any of the other prompts."""
    inner = _prompt(facts, language, random.choice([kind for kind in WEIGHTS if kind != "app-message"]), random)
    if inner is None or facts.root is None:
        return None
    text = f"Context: {NOTE_NAMES[facts.root]} {facts.scale} {facts.bpm}BPM. Request: {inner.text}"
    return Prompt(text, language, "app-message", inner.claims | {"root", "scale", "bpm"})


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _with_article(match: re.Match[str], plural: bool) -> str:
    return f"some {match[2]}" if match[1] == "a" and plural else english.with_article(match[2])


Slots = dict[str, Callable[[], str]]


def _slots(facts: LoopFacts, language: Language, random: Random, short: bool) -> Slots:
    """What can be said of ``facts``, by slot; each filled when it is asked for. ``short``: one word for the role."""
    slots = _french(facts, random, short) if language == "fr" else _english(facts, random)
    if facts.bpm is not None:
        slots["bpm"] = lambda: str(facts.bpm)
    if facts.bars in french.BARS:
        words = french.BARS if language == "fr" else english.BARS
        slots["bars"] = lambda: random.choice((str(facts.bars), words[facts.bars]))
    return slots


def _french(facts: LoopFacts, random: Random, short: bool) -> Slots:
    nouns = french.ROLES[facts.role]
    noun = nouns[0] if short else random.choice(nouns)
    hits = french.de("coups" if facts.role == "drums" else "notes")
    slots: Slots = {
        "role": lambda: noun.text,
        "a_role": noun.indefinite,
        "the_role": noun.definite,
        "of_role": lambda: french.de(noun.text),
        "amount": lambda: french.DENSITY_PHRASES[facts.density].format(of_hits=hits),
        "amount_label": lambda: french.DENSITY_LABELS[facts.density],
    }
    if facts.style is not None:
        styles = french.STYLES[facts.style]
        slots["style"] = lambda: random.choice(styles)
    if facts.mood is not None:
        moods = french.MOODS[facts.mood]
        slots |= {
            "mood": lambda: noun.agreeing(moods),
            "mood_f": lambda: moods[1],
            "of_mood": lambda: french.de(moods[0]),
        }
    if full := french.DENSITY_ADJECTIVES[facts.density]:
        slots["full"] = lambda: noun.agreeing(random.choice(full))
    if facts.role != "drums":  # the notes of a drum pattern are drums, not heights
        slots["where"] = lambda: french.REGISTER_PHRASES[facts.register]
        pitched = french.REGISTER_ADJECTIVES[facts.register]
        if pitched is not None:
            slots["pitched"] = lambda: noun.agreeing(pitched)
    if facts.swing or facts.syncopated:
        slots["feel"] = lambda: french.SWING if facts.swing else french.SYNCOPATED
    if facts.root is not None and facts.scale is not None:
        root, scale = facts.root, facts.scale
        slots["key"] = lambda: french.key_name(root, scale, random)
    if (name := _composer(facts)) is not None:
        slots["who"] = lambda: french.de(name)
    return slots


def _english(facts: LoopFacts, random: Random) -> Slots:
    noun = random.choice(english.ROLES[facts.role])
    hits = "hits" if facts.role == "drums" else "notes"
    slots: Slots = {
        "role": lambda: noun.text,
        "single": lambda: noun.single,
        "plural": lambda: "s" if noun.plural else "",
        "amount": lambda: english.DENSITY_PHRASES[facts.density].format(hits=hits),
        "amount_label": lambda: english.DENSITY_LABELS[facts.density],
    }
    if facts.style is not None:
        styles = english.STYLES[facts.style]
        slots["style"] = lambda: random.choice(styles)
    if facts.mood is not None:
        mood = english.MOODS[facts.mood]
        slots["mood"] = lambda: mood
    if full := english.DENSITY_ADJECTIVES[facts.density]:
        slots["full"] = lambda: random.choice(full)
    if facts.role != "drums":
        slots["where"] = lambda: english.REGISTER_PHRASES[facts.register]
        pitched = english.REGISTER_ADJECTIVES[facts.register]
        if pitched is not None:
            slots["pitched"] = lambda: pitched
    if facts.swing or facts.syncopated:
        slots["feel"] = lambda: english.SWING if facts.swing else english.SYNCOPATED
    if facts.root is not None and facts.scale is not None:
        root, scale = facts.root, facts.scale
        slots["key"] = lambda: english.key_name(root, scale, random)
    if (name := _composer(facts)) is not None:
        slots["who"] = lambda: name
    return slots


def _composer(facts: LoopFacts) -> str | None:
    """The composer's name, where it is one and says nothing else to the reader of requests."""
    name = plain_name(facts.composer)
    if name is None:
        return None
    read = read_request(name).model_dump(exclude={"language"}, exclude_none=True)
    return None if read else name
