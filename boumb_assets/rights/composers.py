"""When composers were born and died: our own table of facts, for collections that name a composer and no year."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

TABLE: Final = "composers.tsv"
EVIDENCE: Final = "year of death from rights/composers.tsv of boumb_assets"
TRADITIONAL: Final = frozenset([
    "traditional", "trad", "traditionnel", "tradicional", "traditionell", "anonymous", "anonyme", "anon", "anonimo",
    "anonymus", "folk song", "folk tune", "volkslied",
])  # fmt: skip

_NO_WORD: Final = re.compile(r"[\W_]+")
_YEARS: Final = re.compile(r"\s*\(?\b(?:c\.?|ca\.?)?\s*1\d{3}\s*[-–—]\s*(?:c\.?|ca\.?)?\s*(?:[12]\d{3})?\)?\s*$")
_SEVERAL: Final = re.compile(r"\s*[/;&]\s*")
# Letters that Unicode does not take apart into a letter and an accent.
_LIGATURES: Final = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True)
class Composer:
    """A composer and the years that a term of protection is counted from, of the Common Era."""

    name: str
    born: int
    died: int


def known_composer(name: str) -> Composer | None:
    """The composer whom ``name`` names, None where our table has nobody, or more than one, of that name.

    "Last, First", accents, case, initials' dots and years in brackets do not matter; a surname alone names somebody
    only where the table says that it does. Of several ("Schubert / Liszt") all have to be known, and the one who
    died last is given.
    """
    people = [_table().get(_key(_YEARS.sub("", part))) for part in _SEVERAL.split(name)]
    known = [person for person in people if person is not None]
    return max(known, key=lambda person: person.died) if len(known) == len(people) else None


def normal_name(name: str) -> str:
    """A name or a title with its case, accents and punctuation taken off, and its words one space apart."""
    plain = unicodedata.normalize("NFKD", name.casefold()).casefold().translate(_LIGATURES)
    return _NO_WORD.sub(" ", "".join(char for char in plain if not unicodedata.combining(char))).strip() or name.strip()


def is_traditional(name: str) -> bool:
    """Whether the metadata says that nobody in particular composed it."""
    return normal_name(name) in TRADITIONAL


def same_person(left: str, right: str) -> bool:
    """Whether two ways of writing a name are of one person: the same letters, or one composer of our table."""
    one, other = known_composer(left), known_composer(right)
    return one == other if one and other else _key(left) == _key(right)


def is_among(wanted: str, written: str) -> bool:
    """Whether ``wanted`` is the person whom ``written`` names, or one of several ("Schubert / Liszt")."""
    return any(same_person(wanted, one) for one in (written, *_SEVERAL.split(written)))


def _key(name: str) -> str:
    last, comma, first = name.partition(",")
    return normal_name(f"{first} {last}" if comma else name)


@cache
def _table() -> dict[str, Composer]:
    """The composers by every way of writing them that the table has; what would name two is left out."""
    text = (files("boumb_assets.rights") / TABLE).read_text(encoding="utf-8")
    found: dict[str, set[Composer]] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        composer = Composer(row["name"], int(row["born"]), int(row["died"]))
        for written in (composer.name, *filter(None, row["also"].split("|"))):
            found.setdefault(_key(written), set()).add(composer)
    return {name: next(iter(of_name)) for name, of_name in found.items() if len(of_name) == 1}
