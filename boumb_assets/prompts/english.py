"""English for a loop: nouns with their article, the names of keys."""

from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.prompts.french import spells_with_flats
from boumb_assets.theory.pitch import NOTE_NAMES


@dataclass(frozen=True)
class Noun:
    """A noun; ``single`` is its form before another noun (``a drum loop``)."""

    text: str
    single: str
    plural: bool = False


ROLES: Final[dict[str, tuple[Noun, ...]]] = {
    "bass": (Noun("bass", "bass"), Noun("bassline", "bass")),
    "lead": (Noun("melody", "melody"), Noun("lead", "lead")),
    "keys": (Noun("chords", "chord", plural=True), Noun("keys", "keys", plural=True)),
    "pad": (Noun("pad", "pad"), Noun("pads", "pad", plural=True)),
    "drums": (Noun("drums", "drum", plural=True), Noun("beat", "drum")),
}
STYLES: Final[dict[str, tuple[str, ...]]] = {
    "funk": ("funky", "funk"), "house": ("house",), "techno": ("techno",), "lo-fi": ("lo-fi",), "dub": ("dub",),
    "trap": ("trap",), "jazz": ("jazz", "jazzy"), "ambient": ("ambient",), "chiptune": ("chiptune",),
    "bossa": ("bossa nova", "bossa"),
}  # fmt: skip
MOODS: Final[dict[str, str]] = {
    name: "happy" if name == "joyful" else name
    for name in (
        "dark", "joyful", "calm", "tense", "melancholic", "energetic", "dreamy", "aggressive", "soft", "bright",
        "mysterious", "warm", "epic",
    )
}  # fmt: skip
DENSITY_ADJECTIVES: Final[dict[str, tuple[str, ...]]] = {
    "low": ("sparse", "minimal"), "medium": (), "high": ("busy", "dense"),
}  # fmt: skip
DENSITY_PHRASES: Final[dict[str, str]] = {
    "low": "with few {hits}", "medium": "of medium density", "high": "with lots of {hits}",
}  # fmt: skip
DENSITY_LABELS: Final[dict[str, str]] = {"low": "low density", "medium": "medium density", "high": "high density"}
REGISTER_ADJECTIVES: Final[dict[str, str | None]] = {"low": "low-pitched", "mid": None, "high": "high-pitched"}
REGISTER_PHRASES: Final[dict[str, str]] = {
    "low": "in the low register", "mid": "in the middle register", "high": "in the high register",
}  # fmt: skip
SYNCOPATED: Final = "with a syncopated rhythm"
SWING: Final = "with swing"
BARS: Final[dict[int, str]] = {2: "two", 4: "four"}

_FLATS: Final = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def with_article(text: str) -> str:
    """``a`` or ``an`` before ``text``."""
    return f"{'an' if text[:1].lower() in 'aeiou' else 'a'} {text}"


def key_name(root: int, scale: str, random: Random) -> str:
    """``F# minor``, ``F sharp minor``, ``A minor pentatonic``, ``E blues``."""
    name = _FLATS[root] if spells_with_flats(root, scale) else NOTE_NAMES[root]
    if len(name) == 2 and random.random() < 0.25:
        name = f"{name[0]} {'sharp' if name[1] == '#' else 'flat'}"
    if scale in ("pentatonic_minor", "pentatonic_major"):
        return f"{name} {scale.removeprefix('pentatonic_')} pentatonic"
    return f"{name} {scale.replace('_', ' ')}"
