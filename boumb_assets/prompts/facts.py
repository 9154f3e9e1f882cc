"""What is known of a loop: measured from its notes, or stated by its source. A prompt says nothing else."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from boumb_assets.contracts.loop_request import MOODS, ROLES, STYLES, Density, Role, Style
from boumb_assets.prompts.instruments import INSTRUMENTS
from boumb_assets.prompts.reader import read_request
from boumb_assets.theory.scales import SCALES

Register = Literal["low", "mid", "high"]
Articulation = Literal["staccato", "legato"]
Harmony = Literal["one chord", "slow", "quick"]
Period = Literal["baroque", "classical", "romantic", "modern"]
DENSITIES: Final[tuple[str, ...]] = get_args(Density)
REGISTERS: Final[tuple[str, ...]] = get_args(Register)
ARTICULATIONS: Final[tuple[str, ...]] = get_args(Articulation)
HARMONIES: Final[tuple[str, ...]] = get_args(Harmony)
PERIODS: Final[tuple[str, ...]] = get_args(Period)
MOOD_NAMES: Final = MOODS
INSTRUMENT_NAMES: Final[tuple[str, ...]] = tuple(instrument.english for instrument in INSTRUMENTS)

MELODIC_FACTS: Final = ("root", "scale", "articulation", "harmony", "instrument")

# Onsets (steps with at least one note) a bar up to which a loop of a role is sparse, and up to which it is of medium
# density: a convention, by which steady eighths are still medium. For comparison, the terciles of 58,000 loops cut from
# songs, chorales, dance tunes, game music and human drumming: bass 4.5 and 6, lead 4 and 6, keys 4 and 6.25, pad 1.5
# and 2, drums 10.5 and 14.
DENSITY_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "bass": (4.5, 8), "lead": (4.5, 8), "keys": (4, 6.5), "pad": (1, 2), "drums": (9, 13),
}  # fmt: skip
SWINGS_FROM: Final = 0.5  # of the loops' measure 0..1: nearer to a triplet than to straight
SYNCOPATED_FROM: Final = 0.1  # of the loops' measure 0..1: about the most syncopated tenth of the same loops
DRUMS_SYNCOPATED_FROM: Final = 0.4  # of kick and snare, the same tenth
LOW_BELOW: Final = 48  # C3; of the pitch halfway between the lowest and the highest
HIGH_FROM: Final = 72  # C5
# A mood is said of a clear quadrant of the circumplex (Russell 1980) alone, since valence and arousal are estimates.
CLEAR_VALENCE: Final = 0.4
CLEAR_AROUSAL: Final = 0.15

_NAME: Final = re.compile(r"[^\W\d_]+(?:[.'’ -]{1,2}[^\W\d_]+){0,6}\.?")


@dataclass(frozen=True, kw_only=True)
class LoopFacts:
    """The facts of one loop. None is "not known", and is never worded.

    ``root`` is a pitch class 0..11, ``bpm`` quarters a minute (None where the app could not ask for it: outside
    40..220), ``harmony`` how its chords change (not at all, by the bar or slower, or quicker), ``instrument`` an
    English name of INSTRUMENTS, ``composer`` and ``genre`` the source's own words, unchecked. Raises ValueError for a
    value outside its vocabulary.
    """

    contract: str
    role: Role
    style: Style | None = None
    root: int | None = None
    scale: str | None = None
    bpm: int | None = None
    bars: int = 2
    density: Density = "medium"
    register: Register = "mid"
    swing: bool = False
    syncopated: bool = False
    mood: str | None = None
    articulation: Articulation | None = None
    harmony: Harmony | None = None
    instrument: str | None = None
    period: Period | None = None
    composer: str | None = None
    genre: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no prompt could say truly."""
        _one_of("role", self.role, ROLES)
        _one_of("density", self.density, DENSITIES)
        _one_of("register", self.register, REGISTERS)
        for name, value, known in (
            ("style", self.style, STYLES),
            ("scale", self.scale, tuple(SCALES)),
            ("mood", self.mood, MOOD_NAMES),
            ("articulation", self.articulation, ARTICULATIONS),
            ("harmony", self.harmony, HARMONIES),
            ("instrument", self.instrument, INSTRUMENT_NAMES),
            ("period", self.period, PERIODS),
        ):
            if value is not None:
                _one_of(name, value, known)
        if self.role == "drums" and any(getattr(self, name) is not None for name in MELODIC_FACTS):
            raise ValueError(f"drums have none of {', '.join(MELODIC_FACTS)}")
        if self.root is not None and not 0 <= self.root <= 11:
            raise ValueError(f"root {self.root} is no pitch class 0..11")
        if self.bpm is not None and not 40 <= self.bpm <= 220:
            raise ValueError(f"{self.bpm} BPM is outside 40..220: leave it out")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} {value!r} is unknown; known: {', '.join(known)}")


def density_of(role: Role, onsets_per_bar: float) -> Density:
    """How full a loop of ``role`` is, from its onsets (steps with at least one note) a bar; see DENSITY_BOUNDS."""
    low, medium = DENSITY_BOUNDS[role]
    return "low" if onsets_per_bar <= low else "medium" if onsets_per_bar <= medium else "high"


def plain_name(text: str | None) -> str | None:
    """A person's name that may stand in a prompt: words of letters, 40 characters at most. None for anything else,
    since the source's metadata are a stranger's text."""
    name = " ".join((text or "").split())
    return name if 2 <= len(name) <= 40 and _NAME.fullmatch(name) else None


def sayable_name(text: str | None) -> str | None:
    """A plain name that says nothing to the reader of requests, so that no composer is taken for a style or a key."""
    name = plain_name(text)
    if name is None or read_request(name).model_dump(exclude={"language"}, exclude_none=True):
        return None
    return name
