"""All phrases of the reader in one table: what each means, in which language, and how it says it."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from boumb_assets.prompts.reading.density_words import DENSITY
from boumb_assets.prompts.reading.false_friends import FALSE_FRIENDS
from boumb_assets.prompts.reading.mood_words import MOODS
from boumb_assets.prompts.reading.phrases import Words
from boumb_assets.prompts.reading.role_words import INSTRUMENTS, PARTS, RHYTHMS, TUNES
from boumb_assets.prompts.reading.scale_words import IMPLIED, PENTATONIC, SCALES
from boumb_assets.prompts.reading.scope_words import SCOPES
from boumb_assets.prompts.reading.style_words import ADJECTIVES, STYLES


class Meaning(NamedTuple):
    """What a phrase says: ``value`` of ``field``, which is a field of LoopRequest, ``scope`` for a word that decides
    how others are meant, or empty for a false friend. ``kind``: how it says it, where that matters."""

    field: str
    value: str = ""
    kind: str = ""
    language: str = ""


def _entries() -> Iterator[tuple[str, Meaning]]:
    tables: tuple[tuple[str, str, Mapping[str, Words]], ...] = (
        ("role", "instrument", INSTRUMENTS),
        ("role", "tune", TUNES),
        ("role", "part", PARTS),
        ("role", "rhythm", RHYTHMS),
        ("style", "name", STYLES),
        ("style", "adjective", ADJECTIVES),
        ("scale", "named", SCALES),
        ("scale", "implied", IMPLIED),
        ("scale", "pentatonic", PENTATONIC),
        ("mood", "", MOODS),
        ("density", "", DENSITY),
        ("scope", "", SCOPES),
    )
    for phrase, language in FALSE_FRIENDS.each():
        yield phrase, Meaning("", language=language)
    for field, kind, table in tables:
        for value, words in table.items():
            for phrase, language in words.each():
                yield phrase, Meaning(field, value, kind, language)


def _table() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    for phrase, meaning in _entries():
        shared = phrase in table and table[phrase].language != meaning.language
        table[phrase] = meaning._replace(language="") if shared else meaning
    return table


LEXICON: Final[Mapping[str, Meaning]] = _table()
"""By phrase: folded words with one space between. One that both languages have belongs to neither."""


def _longest() -> dict[tuple[str, str], int]:
    longest: dict[tuple[str, str], int] = {}
    for phrase in LEXICON:
        words = phrase.split(" ")
        if len(words) > 1:
            longest[words[0], words[1]] = max(len(words), longest.get((words[0], words[1]), 0))
    return longest


LONGEST: Final[Mapping[tuple[str, str], int]] = _longest()
"""By first two words: how many words the longest phrase has that begins with them."""
KNOWN: Final[frozenset[str]] = frozenset(word for phrase in LEXICON for word in phrase.split())
"""Every word of the lexicon."""
