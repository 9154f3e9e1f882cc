"""French for a loop: nouns with their gender, adjectives that agree, elision, and the slots made of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from boumb_assets.contracts.loop_request import STYLES
from boumb_assets.prompts.facts import MOOD_NAMES
from boumb_assets.prompts.genres import french_genre
from boumb_assets.prompts.instruments import INSTRUMENTS
from boumb_assets.prompts.key_names import FR_LETTERS, FR_SHORT, FR_SOLFEGE
from boumb_assets.prompts.slots import NOTHING, Group, Need, Noun, Slot, Source, bpm_slot, key_slot

Forms = tuple[str, str, str, str]


def de(text: str) -> str:
    """``de`` before ``text``, elided before a vowel: ``de basse``, ``d'accords``."""
    return f"d'{text}" if _elides(text) else f"de {text}"


def with_indefinite(text: str, gender: Literal["m", "f"], plural: bool) -> str:
    """``une basse``, ``des accords``."""
    return f"{'des' if plural else 'une' if gender == 'f' else 'un'} {text}"


def with_definite(text: str, gender: Literal["m", "f"], plural: bool) -> str:
    """``la basse``, ``l'orgue``, ``les accords``."""
    if plural:
        return f"les {text}"
    return f"l'{text}" if _elides(text) else f"{'la' if gender == 'f' else 'le'} {text}"


def at(text: str, gender: Literal["m", "f"], plural: bool) -> str:
    """How an instrument is played: ``au piano``, ``à l'orgue``, ``aux cordes``."""
    if plural:
        return f"aux {text}"
    if _elides(text):
        return f"à l'{text}"
    return f"à la {text}" if gender == "f" else f"au {text}"


def _elides(text: str) -> bool:
    """Whether an article loses its vowel before ``text``; the only mute h of the tables is that of harmonium."""
    return text[:1].lower() in "aàâeéèêiîoôuùœ" or text.startswith("harmon")


def regular(stem: str) -> Forms:
    """An adjective that adds -e and -s: ``tendu`` gives tendu, tendue, tendus, tendues; one in -e adds -s alone."""
    feminine = stem if stem.endswith("e") else f"{stem}e"
    return (stem, feminine, f"{stem}s", f"{feminine}s")


def in_eux(stem: str) -> Forms:
    """An adjective in -eux: ``joyeux``, ``joyeuse``."""
    return (f"{stem}eux", f"{stem}euse", f"{stem}eux", f"{stem}euses")


def unchanging(word: str) -> Forms:
    """A word that does not agree."""
    return (word, word, word, word)


NOUNS: Final[tuple[Noun, ...]] = (
    Noun("bass", "basse", "f"),
    Noun("bass", "ligne de basse", "f", short=False),
    Noun("bass", "partie de basse", "f", short=False),
    Noun("lead", "mélodie", "f"),
    Noun("lead", "lead", "m"),
    Noun("lead", "thème", "m", short=False),
    Noun("lead", "ligne mélodique", "f", short=False),
    Noun("keys", "accords", "m", plural=True, chords=True),
    Noun("keys", "clavier", "m"),
    Noun("keys", "partie de clavier", "f", short=False),
    Noun("keys", "suite d'accords", "f", short=False, chords=True),
    Noun("keys", "grille d'accords", "f", short=False, chords=True),
    Noun("pad", "nappe", "f"),
    Noun("pad", "nappes", "f", plural=True),
    Noun("pad", "pad", "m"),
    Noun("drums", "batterie", "f"),
    Noun("drums", "beat", "m"),
    Noun("drums", "rythmique", "f"),
    Noun("drums", "rythme de batterie", "m", short=False),
)
STYLE_WORDS: Final[dict[str, Group]] = {  # the last is its name
    "funk": ("funky", "funk"), "house": ("house",), "techno": ("techno",), "lo-fi": ("lo-fi",), "dub": ("dub",),
    "trap": ("trap",), "jazz": ("jazzy", "jazz"), "ambient": ("ambient",), "chiptune": ("8-bit", "chiptune"),
    "bossa": ("bossa", "bossa nova"),
}  # fmt: skip
MOODS: Final[dict[str, tuple[Forms, ...]]] = {
    "dark": (regular("sombre"),),
    "happy": (in_eux("joy"), regular("gai"), regular("enjoué")),
    "calm": (regular("calme"), regular("paisible"), regular("apaisant")),
    "tense": (regular("tendu"), regular("angoissant"), regular("inquiétant")),
    "melancholic": (regular("mélancolique"), regular("triste"), regular("nostalgique")),
    "energetic": (regular("énergique"),),
    "dreamy": (("rêveur", "rêveuse", "rêveurs", "rêveuses"),),
    "aggressive": (("agressif", "agressive", "agressifs", "agressives"),),
    "mysterious": (in_eux("mystéri"),),
    "epic": (regular("épique"),),
    "romantic": (regular("romantique"),),
    "playful": (regular("espiègle"),),
}
# Romantic alone would be read as a mood.
_PERIODS: Final = (
    regular("baroque"), regular("classique"), unchanging("de l'époque romantique"), regular("moderne")
)  # fmt: skip
_FULL: Final = {0: (regular("épuré"), regular("clairsemé")), 2: (regular("dense"), regular("chargé"))}
_AMOUNTS: Final = {0: ("avec peu {}",), 1: ("d'une densité moyenne",), 2: ("avec beaucoup {}", "avec plein {}")}
_THINGS: Final = ("de notes", "de coups")  # of a melodic loop, of drums


def _agreeing(values: Iterable[tuple[Forms, ...]]) -> tuple[Group, ...]:
    """The words of each value, agreement by agreement."""
    return tuple(tuple(forms[form] for forms in words) for words in values for form in range(4))


def _by_density(words: Mapping[int, Group]) -> tuple[Group, ...]:
    """Each density's words, for notes and for drums; a density without words has an empty group."""
    return tuple(tuple(word.format(thing) for word in words.get(level, ())) for level in range(3) for thing in _THINGS)


def _plainest(noun: Noun) -> str:
    """The first noun of the same role that says no more of chords."""
    return next(one.text for one in NOUNS if one.role == noun.role and one.chords <= noun.chords)


def _nouns(form: Callable[[Noun], str]) -> Slot:
    return Slot(source=Source.NOUN, words=tuple((form(noun),) for noun in NOUNS), claims=("role",))


def _instruments(need: Need, form: Callable[[str, Literal["m", "f"], bool], str]) -> Slot:
    words = tuple((form(each.french, each.gender, each.plural),) for each in INSTRUMENTS)
    return Slot(source=Source.INSTRUMENT, words=words, need=need, claims=("instrument",))


def _said(source: Source, words: tuple[Group, ...], need: Need, claim: str, agrees: bool = False) -> Slot:
    return Slot(source=source, words=words, need=need, claims=(claim,), agrees=agrees)


_MOOD_FORMS: Final = tuple(MOODS[name] for name in MOOD_NAMES)
SLOTS: Final[dict[str, Slot]] = {
    "role": _nouns(lambda noun: noun.text),
    "a_role": _nouns(lambda noun: with_indefinite(noun.text, noun.gender, noun.plural)),
    "the_role": _nouns(lambda noun: with_definite(noun.text, noun.gender, noun.plural)),
    "of_role": _nouns(lambda noun: de(noun.text)),
    "of_a_role": _nouns(lambda noun: de(noun.text if noun.plural else with_indefinite(noun.text, noun.gender, False))),
    "of_loop": _nouns(lambda noun: de(_plainest(noun))),
    "style": _said(Source.STYLE, tuple(STYLE_WORDS[style] for style in STYLES), Need.STYLE, "style"),
    "style_name": _said(Source.STYLE, tuple((STYLE_WORDS[style][-1],) for style in STYLES), Need.STYLE, "style"),
    "genre": Slot(source=Source.GENRE, need=Need.GENRE, claims=("genre",), named=french_genre),
    "key": key_slot(FR_SOLFEGE, FR_SOLFEGE, FR_LETTERS),
    "letters": key_slot(FR_LETTERS),
    "short": key_slot(FR_SHORT),
    "bpm": bpm_slot(),
    "bars": _said(Source.BARS, (("2", "deux"), ("4", "quatre")), Need.BARS, "bars"),
    "bars_digit": _said(Source.BARS, (("2",), ("4",)), Need.BARS, "bars"),
    "mood": _said(Source.MOOD, _agreeing(_MOOD_FORMS), Need.MOOD, "mood", agrees=True),
    "of_mood": _said(
        Source.MOOD, tuple(tuple(de(forms[0]) for forms in words) for words in _MOOD_FORMS), Need.MOOD, "mood"
    ),
    "full": _said(
        Source.DENSITY,
        _agreeing(_FULL.get(level, ()) for level in range(3) for _ in _THINGS),
        Need.FULL,
        "density",
        agrees=True,
    ),
    "amount": _said(Source.DENSITY, _by_density(_AMOUNTS), NOTHING, "density"),
    "few_many": _said(
        Source.DENSITY, _by_density({0: ("peu {}",), 2: ("beaucoup {}", "plein {}")}), Need.FULL, "density"
    ),
    "label": _said(
        Source.DENSITY,
        _by_density({0: ("densité faible",), 1: ("densité moyenne",), 2: ("densité élevée", "densité forte")}),
        NOTHING,
        "density",
    ),
    "where": _said(
        Source.REGISTER,
        (
            ("dans le grave", "dans les graves"),
            ("dans le médium", "dans les médiums"),
            ("dans l'aigu", "dans les aigus"),
        ),
        Need.REGISTER,
        "register",
    ),
    "register": _said(Source.REGISTER, (("grave",), ("médium",), ("aigu",)), Need.REGISTER, "register"),
    "pitched": _said(
        Source.REGISTER,
        _agreeing(((regular("grave"),), (), (("aigu", "aiguë", "aigus", "aiguës"),))),
        Need.PITCHED,
        "register",
        agrees=True,
    ),
    "feel": _said(
        Source.FEEL, (("avec du swing", "en swing"), ("au rythme syncopé", "avec des syncopes")), Need.FEEL, "feel"
    ),
    "felt": _said(
        Source.FEEL, _agreeing(((regular("swingué"),), (regular("syncopé"),))), Need.FEEL, "feel", agrees=True
    ),
    "played": _said(
        Source.ARTICULATION,
        (("en staccato", "en notes détachées"), ("en legato", "en notes liées")),
        Need.ARTICULATION,
        "articulation",
    ),
    "touch": _said(
        Source.ARTICULATION, _agreeing(((unchanging("staccato"),), (unchanging("legato"),))), Need.ARTICULATION,
        "articulation", agrees=True,
    ),
    "harmony": _said(
        Source.HARMONY,
        (
            ("sur un seul accord", "sans changer d'accord"),
            ("avec des accords qui changent lentement", "avec une harmonie qui bouge lentement"),
            ("avec des accords qui changent vite", "avec une harmonie qui bouge vite"),
        ),
        Need.HARMONY,
        "harmony",
    ),
    "instrument": _instruments(Need.ALONE, lambda text, gender, plural: text),
    "an_instrument": _instruments(Need.ALONE, with_indefinite),
    "on_instrument": _instruments(Need.PLAYED, at),
    "with_instrument": _instruments(Need.PLAYED, lambda text, gender, plural: text),
    "period": _said(Source.PERIOD, _agreeing((forms,) for forms in _PERIODS), Need.PERIOD, "period", agrees=True),
    "who": Slot(source=Source.COMPOSER, need=Need.COMPOSER, claims=("composer",), named=de),
    "name": Slot(source=Source.COMPOSER, need=Need.COMPOSER, claims=("composer",), named=str),
}  # fmt: skip
