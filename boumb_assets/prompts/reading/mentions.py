"""Where a text mentions something of the lexicon: the longest phrases, from the left, misspelt ones too."""

from dataclasses import dataclass
from typing import Final

from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.lexicon import LEXICON, LONGEST, Meaning
from boumb_assets.prompts.reading.spelling import respelt

_LABELS: Final = frozenset({"density", "densite"})
_SIGNS: Final = frozenset({":", "="})


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of the lexicon from token ``first`` to before token ``end``."""

    meaning: Meaning
    phrase: str
    first: int
    end: int
    misspelt: bool = False


def find_mentions(tokens: Tokens) -> list[Mention]:
    """The mentions in ``tokens``, in order, none within another. A hyphen joins two words as a space does, and
    "density: high" is "density high"."""
    words = [respelt(text) if len(text) > 3 else text for text in tokens.texts]
    joined = [
        place
        for place, word in enumerate(words)
        if not (word == "-" and tokens.touches(place) and tokens.touches(place + 1))
        and not (word in _SIGNS and tokens.at(place - 1) in _LABELS)
    ]
    found, index, count = [], 0, len(joined)
    while index < count:
        first = joined[index]
        longest = LONGEST.get((words[first], words[joined[index + 1]]), 1) if index + 1 < count else 1
        for length in range(min(longest, count - index), 0, -1):
            places = joined[index : index + length]
            phrase = " ".join([words[place] for place in places]) if length > 1 else words[first]
            meaning = LEXICON.get(phrase)
            if meaning is not None:
                misspelt = any(words[place] is not tokens.texts[place] for place in places)
                found.append(Mention(meaning, phrase, first, places[-1] + 1, misspelt))
                index += length - 1
                break
        index += 1
    return found
