"""Text as the reader compares it: one form for accents, case, quotes and spaces, of bounded length."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 10_000

_SAME: Final = str.maketrans(
    {"♯": "#", "♭": "b", "’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "œ": "oe", "Œ": "Oe"}
)
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Folded:
    """``plain`` is lower case without accents; ``cased`` the same, letter for letter, in the writer's case."""

    plain: str
    cased: str


def fold(text: str) -> Folded:
    """Fold ``text``, of which the first 10,000 characters count: compatibility forms and accents away, typographic
    signs as typed ones, every run of white space one space."""
    composed = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].translate(_SAME)
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", composed) if not unicodedata.category(sign).startswith("M")
    )
    cased = _SPACES.sub(" ", bare).strip()
    plain = cased.lower()
    return Folded(plain, cased if len(cased) == len(plain) else plain)
