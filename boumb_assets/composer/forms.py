"""The forms of a piece: its sections in order, by name, or by letters of any kind (AABA, A-B-A-C, ABACABA)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from boumb_assets.composer.home_key import Relation
from boumb_assets.contracts.harmony_rules import Cadence
from boumb_assets.contracts.music_structure import SECTION_COUNT, Texture

Treatment = Literal[
    "statement", "return", "contrast", "sequence", "variation", "inversion", "augmentation", "diminution", "development"
]


@dataclass(frozen=True, slots=True)
class Idea:
    """One section of a form: which theme it has (a letter), what is done with it, where its key lies, how it ends, its
    share of the measures, its dynamic level above (or below) the piece's, and its texture (None: the piece's)."""

    name: str
    theme: str
    treatment: Treatment = "statement"
    relation: Relation = "tonic"
    cadence: Cadence = "PAC"
    weight: float = 1.0
    level: int = 0
    texture: Texture | None = None


FORM_PLANS: Final[dict[str, tuple[Idea, ...]]] = {
    "ABA": (
        Idea("A", "A", weight=1.0),
        Idea("B", "B", "contrast", "relative", "HC", 1.0, 1),
        Idea("A'", "A", "return", weight=1.0, level=-1),
    ),
    "rondo": (
        Idea("A", "A"),
        Idea("B", "B", "contrast", "dominant", "HC", 1.0, 1),
        Idea("A'", "A", "return"),
        Idea("C", "C", "contrast", "subdominant", "HC", 1.2, -1),
        Idea("A''", "A", "variation", level=1),
    ),
    "theme-variation": (
        Idea("Theme", "A"),
        Idea("Variation 1", "A", "variation", cadence="PAC"),
        Idea("Variation 2", "A", "inversion", level=1, texture="contrapuntal"),
        Idea("Variation 3", "A", "augmentation", "parallel", "HC", level=-1),
        Idea("Variation 4", "A", "diminution", level=1, texture="homophonic"),
        Idea("Coda", "A", "return", weight=0.6),
    ),
    "sonata": (
        Idea("Exposition I", "A", cadence="HC"),
        Idea("Exposition II", "B", "contrast", "dominant", "PAC", level=-1),
        Idea("Development", "A", "development", "subdominant", "HC", 1.4, 1, "contrapuntal"),
        Idea("Recapitulation I", "A", "return", cadence="HC", level=1),
        Idea("Recapitulation II", "B", "return"),
        Idea("Coda", "A", "augmentation", weight=0.6, level=1),
    ),
    "minuet-trio": (
        Idea("Minuet I", "A", cadence="HC"),
        Idea("Minuet II", "A", "sequence", level=1),
        Idea("Trio I", "B", "contrast", "subdominant", "HC", level=-1, texture="simple"),
        Idea("Trio II", "B", "sequence", "subdominant", "PAC"),
        Idea("Minuet da capo", "A", "return", weight=2.0),
    ),
}
DEFAULT_FORM: Final = "ABA"
# How else people call them, in either language, without accents; each is looked for at the start of a word.
_ALIASES: Final = {
    "rond": "rondo", "variation": "theme-variation", "sonat": "sonata", "menuet": "minuet-trio",
    "minuet": "minuet-trio", "ternar": "ABA", "ternair": "ABA", "da capo": "ABA",
}  # fmt: skip
_LETTERS: Final = "ABCDEFGHIJKL"
_BETWEEN: Final = re.compile(r"[\s,;:|/>_.+-]+")
_LETTER: Final = re.compile(r"([A-La-l])['’′\"″*0-9]*")
# Where the second, third ... theme of a form by letters lies, round and round.
_AWAY: Final[tuple[Relation, ...]] = ("dominant", "relative", "subdominant", "parallel")
_AGAIN: Final[tuple[Treatment, ...]] = ("return", "variation", "sequence", "inversion", "augmentation", "diminution")
_PEAK: Final = 0.62  # of the way: the golden section, where climaxes tend to lie (Howat, "Debussy in Proportion", 1983)


def known_form(text: str) -> str | None:
    """The name of the form with a plan that ``text`` means, in any case and in English or French; None for others."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c)).strip()
    exact = next((name for name in FORM_PLANS if name.lower() == plain), None)
    return exact or next((name for word, name in _ALIASES.items() if re.search(rf"\b{word}", plain)), None)


def letters_in(text: str) -> str | None:
    """The letters of a form that is written as such (``A A' B A`` is AABA), 2 to 12 of them; None for a word that
    merely consists of them: each new letter must be the next of the alphabet."""
    joined = _BETWEEN.sub("", text.replace("\N{EN DASH}", "-").replace("\N{EM DASH}", "-"))
    if not joined or _LETTER.sub("", joined):
        return None
    letters = "".join(_LETTER.findall(joined)).upper()
    introduced = "".join(dict.fromkeys(letters))
    if len(letters) < SECTION_COUNT[0] or introduced != _LETTERS[: len(introduced)]:
        return None
    return letters[: SECTION_COUNT[1]]


def form_plan(form: str) -> tuple[Idea, ...]:
    """The sections of a form by its name or letters; of one that is neither, those of ABA."""
    name = known_form(form)
    letters = None if name else letters_in(form)
    return tuple(lettered(letters)) if letters else FORM_PLANS[name or DEFAULT_FORM]


def lettered(letters: Sequence[str]) -> list[Idea]:
    """A section a letter: the first states its theme, a new letter contrasts in a key of its own, a known one comes
    back, changed a little more each time. What leads on ends open, the last one closed."""
    themes = list(dict.fromkeys(letters))
    ideas = []
    for number, letter in enumerate(letters):
        before = list(letters[:number]).count(letter)
        place, last = themes.index(letter), number == len(letters) - 1
        fresh: Treatment = "contrast" if place else "statement"
        treatment = _AGAIN[(before - 1) % len(_AGAIN)] if before else fresh
        relation: Relation = _AWAY[(place - 1) % len(_AWAY)] if place and not last else "tonic"
        leads_on = not last and (place > 0 or letters[number + 1] == letter)
        ideas.append(
            Idea(
                letter + "'" * min(before, 9),
                letter,
                treatment,
                relation,
                "HC" if leads_on else "PAC",
                level=arch(number, len(letters)),
            )
        )
    return ideas


def arch(number: int, sections: int) -> int:
    """The dynamic step of section ``number`` (from 0): one up towards the climax, back at both ends."""
    place = number / (sections - 1) if sections > 1 else 0.0
    return int(0 < place < 1 and abs(place - _PEAK) < 0.3) if sections > 2 else int(place > 0)
