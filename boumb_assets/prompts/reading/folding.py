"""Text as the reader compares it: one form for accents, case, quotes and spaces, of bounded length, and its words."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 10_000

_SAME: Final = str.maketrans(
    {"♯": "#", "♭": "b", "’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "œ": "oe", "Œ": "Oe"}
)
_SPACES: Final = re.compile(r"\s+")
# An apostrophe only parts two words; a point joins the digits of one number, a comma where a single digit follows.
_TOKEN: Final = re.compile(r"[^\W\d_]+|[0-9]+(?:\.[0-9]+|,[0-9](?= ?bpm))?|[^\s']")


@dataclass(frozen=True)
class Folded:
    """``plain`` is lower case without accents; ``cased`` the same, letter for letter, in the writer's case."""

    plain: str
    cased: str


@dataclass(frozen=True)
class Tokens:
    """The words, numbers and signs of ``folded``, in order, each with where it starts and ends in it."""

    folded: Folded
    texts: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, place: int) -> str:
        """The token at ``place``; empty outside of the text."""
        return self.texts[place] if 0 <= place < len(self.texts) else ""

    def touches(self, place: int) -> bool:
        """Whether nothing stands between the token at ``place`` and the one before it."""
        return 0 < place < len(self.texts) and self.ends[place - 1] == self.starts[place]


def fold(text: str) -> Folded:
    """Fold ``text``, of which the first 10,000 characters count: compatibility forms, accents and invisible signs away,
    typographic signs as typed ones, the digits of all scripts as 0 to 9, every run of white space one space."""
    bare = text[:MAX_CHARACTERS]
    if bare.isascii():
        bare = bare.replace("`", "'")
    else:
        composed = unicodedata.normalize("NFKC", bare)[:MAX_CHARACTERS].translate(_SAME)
        decomposed = unicodedata.normalize("NFD", composed)
        bare = "".join([_visible(sign) for sign in decomposed])
    cased = _SPACES.sub(" ", bare).strip()
    plain = cased.lower()
    return Folded(plain, cased if len(cased) == len(plain) else plain)


def _visible(sign: str) -> str:
    """The sign; a digit as 0 to 9, nothing for an accent or a mark of direction or joining."""
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    category = unicodedata.category(sign)
    return "" if category == "Cf" or category[0] == "M" else sign


def tokens_of(folded: Folded) -> Tokens:
    """The tokens of a folded text."""
    matches = list(_TOKEN.finditer(folded.plain))
    return Tokens(
        folded,
        [match[0] for match in matches],
        [match.start() for match in matches],
        [match.end() for match in matches],
    )
