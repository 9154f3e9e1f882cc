"""The reader of a request: from what a user of the studio writes, in French or English, to a LoopRequest.

It reads what is said and nothing else: a field that no word names stays None. It never fails, whatever the text is.
"""

import re
from typing import Final, Literal, cast

from boumb_assets.contracts.loop_request import Density, Language, LoopRequest, Role, Style
from boumb_assets.prompts.folding import Folded, fold
from boumb_assets.prompts.key_reader import read_key
from boumb_assets.prompts.lexicon import (
    COMPOUND_ROLES,
    DENSITY_WORDS,
    ENGLISH_WORDS,
    FALSE_FRIENDS,
    FRENCH_WORDS,
    MOODS,
    NEGATION,
    ROLE_WORDS,
    STYLE_ADJECTIVE,
    STYLE_WORDS,
)
from boumb_assets.theory.pitch import pitch_class_of
from boumb_assets.theory.scales import normalise_scale

SLOWEST: Final = 40
FASTEST: Final = 220


def _table(words: dict[str, str]) -> re.Pattern[str]:
    """One expression for a vocabulary; the index of the group that matched says which entry it was."""
    return re.compile(r"(?<![\w#])(?:" + "|".join(f"({word})" for word in words.values()) + r")(?![\w#])")


_ROLES, _ROLE_NAMES = _table(ROLE_WORDS), tuple(ROLE_WORDS)
_COMPOUNDS, _COMPOUND_NAMES = _table(COMPOUND_ROLES), tuple(COMPOUND_ROLES)
_STYLES, _STYLE_NAMES = _table(STYLE_WORDS), tuple(STYLE_WORDS)
_MOODS, _MOOD_NAMES = _table(MOODS), tuple(MOODS)
_DENSITIES, _DENSITY_NAMES = _table(DENSITY_WORDS), tuple(DENSITY_WORDS)
_ADJECTIVE: Final = re.compile(STYLE_ADJECTIVE)
_QUALIFIED_BEFORE: Final = re.compile(
    r"(?<![\w#])(?:" + "|".join((*STYLE_WORDS.values(), *DENSITY_WORDS.values())) + r") (?:"
    + "|".join(ROLE_WORDS.values()) + r")(?![\w#])"
)  # fmt: skip
_FALSE_FRIENDS: Final = re.compile(r"(?<![\w#])(?:" + "|".join(FALSE_FRIENDS) + r")(?![\w#])")
_NEGATION: Final = re.compile(NEGATION)
_BPM: Final = (
    re.compile(r"(?<![\w.,])([0-9]{2,3})(?:[.,][0-9]{1,3})?[ -]?(?:bpm|battements|beats per minute|pulsations)\b"),
    re.compile(
        r"\b(?:bpm|tempo)(?: (?:de|of|is|a|at|est|autour de|around|environ|about))* ?[:=~]? ?"
        r"([0-9]{2,3})(?![\w%]|[.,][0-9]{4})"
    ),
    re.compile(r"(?:\b(?:a|at) |@ ?)([0-9]{2,3})(?= ?(?:$|[.;:!?)]|, ?(?![0-9])))"),
)
_BARS: Final = (
    re.compile(r"(?<![\w/.,])(2|4|deux|quatre|two|four)[ -]?(?:mesures?|bars?)\b"),
    re.compile(r"\b(?:mesures?|bars?) ?[:=] ?([24])(?![\w.,])"),
)
_BAR_NUMBERS: Final[dict[str, Literal[2, 4]]] = {"2": 2, "deux": 2, "two": 2, "4": 4, "quatre": 4, "four": 4}
_CONTEXT: Final = re.compile(
    r"context: ?(?P<root>[a-g](?:#|b)?) (?P<scale>[a-z_ -]{1,24}?) "
    r"(?P<bpm>[0-9]{2,3})(?:\.[0-9]{1,6})? ?bpm\.? ?request: ?"
)
_USER_REQUEST: Final = re.compile(r"(?:user )?request: ?")
_WORD: Final = re.compile(r"[a-z]+")
_FRENCH_SIGNS: Final = re.compile(r"[éèêëàâçùûôîïœ]", re.IGNORECASE)


def read_request(text: str) -> LoopRequest:
    """What ``text`` (the first 10,000 characters of it) asks for.

    The studio's own message, ``Context: <root> <scale> <bpm>BPM. Request: <prompt>``, is read as the prompt, with the
    context for what the prompt leaves open. A number outside the app's 40..220 BPM, or other than 2 or 4 bars, is as
    good as unsaid.
    """
    folded = fold(text)
    context = _CONTEXT.match(folded.plain)
    start = _prompt_start(folded.plain, context)
    plain, cased = folded.plain[start:], folded.cased[start:]
    named = _without_false_friends(plain)
    root, scale = read_key(Folded(named, cased))
    bpm = _read_bpm(plain)
    if context is not None:
        root = pitch_class_of(context["root"]) if root is None else root
        scale = _known_scale(context["scale"]) if scale is None else scale
        bpm = _in_range(context["bpm"]) if bpm is None else bpm
    role = _first(_COMPOUNDS, _COMPOUND_NAMES, named) or _first(_ROLES, _ROLE_NAMES, named)
    return LoopRequest(
        role=cast("Role | None", role),
        style=cast("Style | None", _read_style(named)),
        root=root,
        scale=scale,
        bpm=bpm,
        bars=_read_bars(plain),
        density=cast("Density | None", _first(_DENSITIES, _DENSITY_NAMES, plain)),
        mood=_first(_MOODS, _MOOD_NAMES, plain),
        language=_language(text if context is None else cased, plain),
    )


def _prompt_start(plain: str, context: re.Match[str] | None) -> int:
    prefix = context or _USER_REQUEST.match(plain)
    return prefix.end() if prefix else 0


def _without_false_friends(plain: str) -> str:
    """Each false friend blanked, letter for letter, by a sign that no pattern knows: neighbours stay apart."""
    return _FALSE_FRIENDS.sub(lambda match: "_" * len(match[0]), plain)


def _named(pattern: re.Pattern[str], names: tuple[str, ...], plain: str) -> list[tuple[str, re.Match[str]]]:
    """Every entry of a vocabulary that ``plain`` names without denying it, in the order of the text."""
    return [
        (names[(match.lastindex or 1) - 1], match)
        for match in pattern.finditer(plain)
        if _NEGATION.search(plain, max(0, match.start() - 24), match.start()) is None
    ]


def _first(pattern: re.Pattern[str], names: tuple[str, ...], plain: str) -> str | None:
    named = _named(pattern, names, plain)
    return named[0][0] if named else None


def _read_style(plain: str) -> str | None:
    """The first style; of two side by side the head, which comes last ("dub techno") unless it is an adjective
    ("house jazzy")."""
    named = _named(_STYLES, _STYLE_NAMES, plain)
    if not named:
        return None
    style, before = named[0]
    for name, match in named[1:]:
        if plain[before.end() : match.start()] not in (" ", "-") or _ADJECTIVE.fullmatch(match[0]):
            break
        style, before = name, match
    return style


def _read_bpm(plain: str) -> int | None:
    for pattern in _BPM:
        for match in pattern.finditer(plain):
            bpm = _in_range(match[1])
            if bpm is not None:
                return bpm
    return None


def _in_range(digits: str) -> int | None:
    return int(digits) if SLOWEST <= int(digits) <= FASTEST else None


def _read_bars(plain: str) -> Literal[2, 4] | None:
    for pattern in _BARS:
        match = pattern.search(plain)
        if match is not None:
            return _BAR_NUMBERS[match[1]]
    return None


def _known_scale(name: str) -> str | None:
    try:
        return normalise_scale(name)
    except ValueError:
        return None


def _language(text: str, plain: str) -> Language:
    """English where more of its words than of French are in it; French otherwise, as the studio's users mostly are."""
    words = _WORD.findall(plain)
    french = sum(word in FRENCH_WORDS for word in words) + min(3, len(_FRENCH_SIGNS.findall(text)))
    english = sum(word in ENGLISH_WORDS for word in words)
    if french == english:  # "techno lead" or "lead techno": the adjective stands before the noun in English alone
        english += _QUALIFIED_BEFORE.search(plain) is not None
    return "en" if english > french else "fr"
