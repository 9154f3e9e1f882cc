"""English for a loop: nouns, the words of its facts, and the slots made of them."""

from collections.abc import Callable
from typing import Final

from boumb_assets.contracts.loop_request import STYLES
from boumb_assets.prompts.facts import MOOD_NAMES
from boumb_assets.prompts.instruments import INSTRUMENTS, Instrument
from boumb_assets.prompts.key_names import EN_LETTERS, EN_SHORT, EN_WORDS
from boumb_assets.prompts.slots import NOTHING, Group, Need, Noun, Slot, Source, bpm_slot, key_slot


def takes_an(text: str) -> bool:
    """Whether the article before ``text`` is ``an``."""
    return text[:1].lower() in "aeiou" or text.startswith(("8-bit", "R&B"))


NOUNS: Final[tuple[Noun, ...]] = (
    Noun("bass", "bass", single="bass"),
    Noun("bass", "bassline", single="bass"),
    Noun("bass", "bass part", single="bass", short=False),
    Noun("lead", "melody", single="melody"),
    Noun("lead", "lead", single="lead"),
    Noun("lead", "lead line", single="lead", short=False),
    Noun("lead", "theme", single="melody", short=False),
    Noun("keys", "chords", plural=True, single="chord", chords=True),
    Noun("keys", "keys", plural=True, single="keys"),
    Noun("keys", "keyboard part", single="keyboard", short=False),
    Noun("keys", "chord progression", single="chord", short=False, chords=True),
    Noun("keys", "chord part", single="chord", short=False, chords=True),
    Noun("pad", "pad", single="pad"),
    Noun("pad", "pads", plural=True, single="pad"),
    Noun("drums", "drums", plural=True, single="drum"),
    Noun("drums", "beat", single="drum"),
    Noun("drums", "drum beat", single="drum", short=False),
    Noun("drums", "drum pattern", single="drum", short=False),
)
STYLE_WORDS: Final[dict[str, Group]] = {  # the last is its name
    "funk": ("funky", "funk"), "house": ("house",), "techno": ("techno",), "lo-fi": ("lo-fi",), "dub": ("dub",),
    "trap": ("trap",), "jazz": ("jazzy", "jazz"), "ambient": ("ambient",), "chiptune": ("8-bit", "chiptune"),
    "bossa": ("bossa", "bossa nova"),
}  # fmt: skip
MOODS: Final[dict[str, Group]] = {
    **{name: (name,) for name in MOOD_NAMES},
    "happy": ("happy", "joyful", "cheerful"),
    "calm": ("calm", "peaceful", "relaxed"),
    "tense": ("tense", "anxious"),
    "melancholic": ("melancholic", "sad", "nostalgic"),
}


def _by_density(low: Group, medium: Group, high: Group) -> tuple[Group, ...]:
    """Each density's words, for notes and for drums."""
    return tuple(
        tuple(word.format(things) for word in words) for words in (low, medium, high) for things in ("notes", "hits")
    )


def _nouns(form: Callable[[Noun], str]) -> Slot:
    return Slot(source=Source.NOUN, words=tuple((form(noun),) for noun in NOUNS), claims=("role",))


def _instruments(need: Need, form: Callable[[Instrument], str]) -> Slot:
    words = tuple((form(instrument),) for instrument in INSTRUMENTS)
    return Slot(source=Source.INSTRUMENT, words=words, need=need, claims=("instrument",))


def _said(source: Source, words: tuple[Group, ...], need: Need, claim: str) -> Slot:
    return Slot(source=source, words=words, need=need, claims=(claim,))


SLOTS: Final[dict[str, Slot]] = {
    "role": _nouns(lambda noun: noun.text),
    "single": _nouns(lambda noun: noun.single),
    "style": _said(Source.STYLE, tuple(STYLE_WORDS[style] for style in STYLES), Need.STYLE, "style"),
    "style_name": _said(Source.STYLE, tuple((STYLE_WORDS[style][-1],) for style in STYLES), Need.STYLE, "style"),
    "genre": Slot(source=Source.GENRE, need=Need.GENRE, claims=("genre",), named=str),
    "key": key_slot(EN_LETTERS, EN_LETTERS, EN_WORDS),
    "letters": key_slot(EN_LETTERS),
    "short": key_slot(EN_SHORT),
    "bpm": bpm_slot(),
    "bars": _said(Source.BARS, (("2", "two"), ("4", "four")), Need.BARS, "bars"),
    "bars_digit": _said(Source.BARS, (("2",), ("4",)), Need.BARS, "bars"),
    "mood": _said(Source.MOOD, tuple(MOODS[name] for name in MOOD_NAMES), Need.MOOD, "mood"),
    "full": _said(
        Source.DENSITY, _by_density(("sparse", "minimal"), (), ("busy", "dense")), Need.FULL, "density"
    ),
    "amount": _said(
        Source.DENSITY,
        _by_density(("with few {}",), ("of medium density",), ("with lots of {}", "with many {}")),
        NOTHING,
        "density",
    ),
    "few_many": _said(Source.DENSITY, _by_density(("few {}",), (), ("lots of {}", "many {}")), Need.FULL, "density"),
    "label": _said(
        Source.DENSITY, _by_density(("low density",), ("medium density",), ("high density",)), NOTHING, "density"
    ),
    "where": _said(
        Source.REGISTER,
        (("in the low register", "down low"), ("in the mid range", "in the middle register"),
         ("in the high register", "up high")),
        Need.REGISTER,
        "register",
    ),
    "register": _said(Source.REGISTER, (("low",), ("mid",), ("high",)), Need.REGISTER, "register"),
    "pitched": _said(Source.REGISTER, (("low-pitched",), (), ("high-pitched",)), Need.PITCHED, "register"),
    "feel": _said(
        Source.FEEL,
        (("with swing", "with a swing feel"), ("with a syncopated rhythm", "with syncopation")),
        Need.FEEL,
        "feel",
    ),
    "felt": _said(Source.FEEL, (("swung", "swinging"), ("syncopated",)), Need.FEEL, "feel"),
    "played": _said(
        Source.ARTICULATION,
        (("played staccato", "with detached notes"), ("played legato", "with connected notes")),
        Need.ARTICULATION,
        "articulation",
    ),
    "touch": _said(Source.ARTICULATION, (("staccato",), ("legato",)), Need.ARTICULATION, "articulation"),
    "harmony": _said(
        Source.HARMONY,
        (
            ("on a single chord", "staying on one chord"),
            ("with slow chord changes", "with slow-moving harmony"),
            ("with quick chord changes", "with fast-moving harmony"),
        ),
        Need.HARMONY,
        "harmony",
    ),
    "instrument": _instruments(Need.ALONE, lambda instrument: instrument.english),
    "solo_instrument": _instruments(Need.ALONE, lambda instrument: instrument.before_a_noun),
    "on_instrument": _instruments(Need.PLAYED, lambda instrument: instrument.english),
    "single_instrument": _instruments(Need.PLAYED, lambda instrument: instrument.before_a_noun),
    "period": _said(
        Source.PERIOD, (("baroque",), ("classical",), ("Romantic-era",), ("modern",)), Need.PERIOD, "period"
    ),
    "who": Slot(source=Source.COMPOSER, need=Need.COMPOSER, claims=("composer",), named=str),
}  # fmt: skip
