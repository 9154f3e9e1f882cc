"""French for a loop: nouns with their gender, adjectives that agree, elision, the names of keys."""

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from boumb_assets.theory.pitch import NOTE_NAMES


@dataclass(frozen=True)
class Noun:
    """A noun with what agreement needs."""

    text: str
    gender: Literal["m", "f"]
    plural: bool = False

    def agreeing(self, forms: tuple[str, str, str, str]) -> str:
        """The form of an adjective (masculine, feminine, and their plurals) that goes with it."""
        return forms[(self.gender == "f") + 2 * self.plural]

    def indefinite(self) -> str:
        """``une basse``, ``des accords``."""
        return f"{'des' if self.plural else 'une' if self.gender == 'f' else 'un'} {self.text}"

    def definite(self) -> str:
        """``la basse``, ``les accords``."""
        if self.plural:
            return f"les {self.text}"
        return f"l'{self.text}" if _elides(self.text) else f"{'la' if self.gender == 'f' else 'le'} {self.text}"


def de(text: str) -> str:
    """``de`` before ``text``, elided before a vowel: ``de basse``, ``d'accords``."""
    return f"d'{text}" if _elides(text) else f"de {text}"


def _elides(text: str) -> bool:
    return text[:1].lower() in "aàâeéèêiîoôuùœ"


Forms = tuple[str, str, str, str]


def regular(stem: str) -> Forms:
    """An adjective that adds -e and -s: ``tendu`` gives tendu, tendue, tendus, tendues; one in -e adds -s alone."""
    feminine = stem if stem.endswith("e") else f"{stem}e"
    return (stem, feminine, f"{stem}s", f"{feminine}s")


ROLES: Final[dict[str, tuple[Noun, ...]]] = {
    "bass": (Noun("basse", "f"), Noun("ligne de basse", "f")),
    "lead": (Noun("mélodie", "f"), Noun("thème", "m")),
    "keys": (Noun("accords", "m", plural=True), Noun("suite d'accords", "f")),
    "pad": (Noun("nappe", "f"), Noun("nappes", "f", plural=True)),
    "drums": (Noun("batterie", "f"), Noun("rythmique", "f")),
}
STYLES: Final[dict[str, tuple[str, ...]]] = {  # invariable
    "funk": ("funky", "funk"), "house": ("house",), "techno": ("techno",), "lo-fi": ("lo-fi",), "dub": ("dub",),
    "trap": ("trap",), "jazz": ("jazz", "jazzy"), "ambient": ("ambient",), "chiptune": ("chiptune",),
    "bossa": ("bossa nova", "bossa"),
}  # fmt: skip
MOODS: Final[dict[str, Forms]] = {
    "dark": regular("sombre"),
    "joyful": ("joyeux", "joyeuse", "joyeux", "joyeuses"),
    "calm": regular("calme"),
    "tense": regular("tendu"),
    "melancholic": regular("mélancolique"),
    "energetic": regular("énergique"),
    "dreamy": ("rêveur", "rêveuse", "rêveurs", "rêveuses"),
    "aggressive": ("agressif", "agressive", "agressifs", "agressives"),
    "soft": ("doux", "douce", "doux", "douces"),
    "bright": ("lumineux", "lumineuse", "lumineux", "lumineuses"),
    "mysterious": ("mystérieux", "mystérieuse", "mystérieux", "mystérieuses"),
    "warm": ("chaleureux", "chaleureuse", "chaleureux", "chaleureuses"),
    "epic": regular("épique"),
}
DENSITY_ADJECTIVES: Final[dict[str, tuple[Forms, ...]]] = {
    "low": (regular("épuré"), regular("clairsemé")),
    "medium": (),
    "high": (regular("dense"), regular("chargé")),
}
DENSITY_PHRASES: Final[dict[str, str]] = {
    "low": "avec peu {of_hits}",
    "medium": "d'une densité moyenne",
    "high": "avec beaucoup {of_hits}",
}
DENSITY_LABELS: Final[dict[str, str]] = {
    "low": "densité faible", "medium": "densité moyenne", "high": "densité élevée",
}  # fmt: skip
REGISTER_ADJECTIVES: Final[dict[str, Forms | None]] = {
    "low": regular("grave"), "mid": None, "high": ("aigu", "aiguë", "aigus", "aiguës"),
}  # fmt: skip
REGISTER_PHRASES: Final[dict[str, str]] = {
    "low": "dans le grave", "mid": "dans le médium", "high": "dans l'aigu",
}  # fmt: skip
SYNCOPATED: Final = "au rythme syncopé"
SWING: Final = "avec du swing"
BARS: Final[dict[int, str]] = {2: "deux", 4: "quatre"}

# The name that a musician gives the root: minor keys keep their sharps but for mi and si bémol, major ones take flats.
_SHARPS: Final = (
    "do",
    "do dièse",
    "ré",
    "ré dièse",
    "mi",
    "fa",
    "fa dièse",
    "sol",
    "sol dièse",
    "la",
    "la dièse",
    "si",
)
_FLATS: Final = ("do", "ré bémol", "ré", "mi bémol", "mi", "fa", "sol bémol", "sol", "la bémol", "la", "si bémol", "si")
_FLAT_IN_MINOR: Final = (3, 10)
_FLAT_IN_MAJOR: Final = (1, 3, 8, 10)
_MAJOR_LIKE: Final = ("major", "lydian", "mixolydian", "pentatonic_major")
_MODES: Final[dict[str, str]] = {
    "major": "majeur", "minor": "mineur", "dorian": "dorien", "phrygian": "phrygien", "lydian": "lydien",
    "mixolydian": "mixolydien", "phrygian_dominant": "phrygien dominant",
}  # fmt: skip
_SCALES: Final[dict[str, str]] = {
    "hirajoshi": "gamme hirajoshi", "insen": "gamme insen", "iwato": "gamme iwato", "blues": "gamme blues",
    "pentatonic_minor": "gamme pentatonique mineure", "pentatonic_major": "gamme pentatonique majeure",
    "double_harmonic": "gamme double harmonique",
}  # fmt: skip


def spells_with_flats(root: int, scale: str) -> bool:
    """Whether a musician writes the key with flats."""
    return root in (_FLAT_IN_MAJOR if scale in _MAJOR_LIKE else _FLAT_IN_MINOR)


def key_name(root: int, scale: str, random: Random) -> str:
    """``fa dièse mineur``, or by letter as it stands in the studio: ``F# mineur``; ``la, gamme blues``."""
    names = _FLATS if spells_with_flats(root, scale) else _SHARPS
    name = NOTE_NAMES[root] if random.random() < 0.25 else names[root]
    return f"{name} {_MODES[scale]}" if scale in _MODES else f"{name}, {_SCALES[scale]}"
