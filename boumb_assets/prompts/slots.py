"""What a template can say: slots, each a table of words over the values of one fact."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, IntFlag, auto
from typing import Final, Literal

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.prompts.facts import HARMONIES, MOOD_NAMES, PERIODS, REGISTERS
from boumb_assets.prompts.instruments import INSTRUMENTS
from boumb_assets.prompts.key_names import SCALE_NAMES, key_names
from boumb_assets.prompts.reader import FASTEST, SLOWEST

CLAIMS: Final = (
    "role", "style", "root", "scale", "bpm", "bars", "density", "register", "swing", "syncopated", "mood",
    "articulation", "harmony", "instrument", "period", "composer", "genre",
)  # fmt: skip
"""The facts that a prompt may state; their places are the bits of `rendering.PromptBatch.claims`."""


class Source(IntEnum):
    """The fact that a slot words; what its values are stands beside."""

    NOUN = 0  # index into the language's nouns
    STYLE = 1  # into STYLES
    KEY = 2  # 12 * scale + root
    BPM = 3  # from SLOWEST
    BARS = 4  # 0: two, 1: four
    DENSITY = 5  # 2 * density + whether of drums
    REGISTER = 6  # into REGISTERS
    FEEL = 7  # 0 swing, 1 syncopated
    MOOD = 8  # into MOODS
    ARTICULATION = 9  # 0 staccato, 1 legato
    HARMONY = 10  # into HARMONIES
    INSTRUMENT = 11  # into INSTRUMENTS
    PERIOD = 12  # into PERIODS
    COMPOSER = 13  # into the batch's composers
    GENRE = 14  # into the batch's genres


class Need(IntFlag):
    """What must be known of a loop for a template to be used."""

    STYLE = auto()
    KEY = auto()
    BPM = auto()
    BARS = auto()
    FULL = auto()  # the density is not a middling one
    REGISTER = auto()
    PITCHED = auto()  # the register is not the middle one
    FEEL = auto()
    MOOD = auto()
    ARTICULATION = auto()
    HARMONY = auto()
    PLAYED = auto()  # on an instrument that is not called as a role is
    ALONE = auto()  # its instrument asks for its role by itself
    PERIOD = auto()
    COMPOSER = auto()
    GENRE = auto()
    BASS = auto()
    LEAD = auto()
    KEYS = auto()
    PAD = auto()
    DRUMS = auto()
    MELODIC = auto()


NOTHING: Final = Need(0)
ROLE_NEEDS: Final[dict[str, Need]] = {role: Need[role.upper()] for role in ROLES}
Group = tuple[str, ...]
"""The words among which one is drawn."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One slot.

    ``words``: the words of each value of ``source``, or, where ``agrees``, of each value the words for a masculine, a
    feminine, and their plurals. Empty for names that come with a batch: of those ``named`` makes the words. ``forms``:
    of a key, the form (see `key_names`) of each word of a group.
    """

    source: Source
    words: tuple[Group, ...] = ()
    agrees: bool = False
    need: Need = NOTHING
    claims: tuple[str, ...] = ()
    forms: tuple[int, ...] = ()
    named: Callable[[str], str] | None = None

    @property
    def width(self) -> int:
        """How many groups a value has."""
        return 4 if self.agrees else 1


@dataclass(frozen=True)
class Noun:
    """A noun for a role.

    ``gender`` is French; ``single`` is the English form before another noun; ``short``: it may stand in a request of
    two words; ``chords``: it says that there are chords, and stands only where some are heard.
    """

    role: str
    text: str
    gender: Literal["m", "f"] = "m"
    plural: bool = False
    single: str = ""
    short: bool = True
    chords: bool = False

    @property
    def agreement(self) -> int:
        """Masculine, feminine, and their plurals: 0 to 3."""
        return (self.gender == "f") + 2 * self.plural


MARKERS: Final[dict[str, Need]] = {**ROLE_NEEDS, "melodic": Need.MELODIC, "chords": Need.KEYS | Need.HARMONY}
"""Slots without words: the template is for loops of that role alone, or of keys in which chords are heard, which its
own words then claim."""


def key_slot(*forms: int) -> Slot:
    """The key, in any of ``forms``; one that is given twice is drawn twice as often."""
    names = [[key_names(form, scale) for form in forms] for scale in range(len(SCALE_NAMES))]
    words = tuple(tuple(by_form[root] for by_form in by_scale) for by_scale in names for root in range(12))
    return Slot(source=Source.KEY, words=words, need=Need.KEY, claims=("root", "scale"), forms=forms)


def bpm_slot() -> Slot:
    """The tempo, in digits."""
    words = tuple((str(bpm),) for bpm in range(SLOWEST, FASTEST + 1))
    return Slot(source=Source.BPM, words=words, need=Need.BPM, claims=("bpm",))


# How many values each source has, for tables to be complete.
VALUES: Final[dict[Source, int]] = {
    Source.STYLE: len(STYLES), Source.KEY: 12 * len(SCALE_NAMES), Source.BPM: FASTEST - SLOWEST + 1, Source.BARS: 2,
    Source.DENSITY: 6, Source.REGISTER: len(REGISTERS), Source.FEEL: 2, Source.MOOD: len(MOOD_NAMES),
    Source.ARTICULATION: 2, Source.HARMONY: len(HARMONIES), Source.INSTRUMENT: len(INSTRUMENTS),
    Source.PERIOD: len(PERIODS),
}  # fmt: skip
