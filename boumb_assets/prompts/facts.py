"""What is known of a loop: measured from its notes, or stated by its source. A prompt says nothing else."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from boumb_assets.contracts.loop_request import ROLES, STYLES, Density, Role, Style
from boumb_assets.prompts.lexicon import MOODS
from boumb_assets.theory.scales import SCALES

Register = Literal["low", "mid", "high"]
REGISTERS: Final[tuple[str, ...]] = get_args(Register)

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
LOW_BELOW: Final = 48  # C3
HIGH_FROM: Final = 72  # C5
_CLEAR_VALENCE: Final = 0.4
_CLEAR_AROUSAL: Final = 0.15

_NAME: Final = re.compile(r"[^\W\d_]+(?:[.'’ -]{1,2}[^\W\d_]+){0,6}\.?")


@dataclass(frozen=True, kw_only=True)
class LoopFacts:
    """The facts of one loop. None is "not known", and is never worded.

    ``root`` is a pitch class 0..11, ``bpm`` quarters a minute (None where the app could not ask for it: outside
    40..220), ``title`` and ``composer`` are the source's own words, unchecked. Raises ValueError for a value outside
    its vocabulary.
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
    title: str | None = None
    composer: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no prompt could say truly."""
        _one_of("role", self.role, ROLES)
        _one_of("density", self.density, get_args(Density))
        _one_of("register", self.register, REGISTERS)
        for name, value, known in (
            ("style", self.style, STYLES),
            ("scale", self.scale, tuple(SCALES)),
            ("mood", self.mood, tuple(MOODS)),
        ):
            if value is not None:
                _one_of(name, value, known)
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


def register_of(lowest: int, highest: int) -> Register:
    """Where a loop lies, from the middle of its range in MIDI numbers: below C3 low, from C5 on high."""
    middle = (lowest + highest) / 2
    return "low" if middle < LOW_BELOW else "high" if middle >= HIGH_FROM else "mid"


def is_swung(swing: float) -> bool:
    """Whether a loop of that measure (0 straight .. 1 triplet) would be called swung."""
    return swing >= SWINGS_FROM


def is_syncopated(role: Role, syncopation: float) -> bool:
    """Whether a loop of ``role`` of that measure (0..1, see the schema of loops) would be called syncopated."""
    return syncopation >= (DRUMS_SYNCOPATED_FROM if role == "drums" else SYNCOPATED_FROM)


def mood_of(valence: float, arousal: float) -> str | None:
    """The mood of a clear quadrant of the circumplex (Russell 1980), None near its axes: both are estimates.

    ``valence`` is -1..1, ``arousal`` 0..1, as in theory.emotion.
    """
    if abs(valence) < _CLEAR_VALENCE or abs(arousal - 0.5) < _CLEAR_AROUSAL:
        return None
    if valence > 0:
        return "joyful" if arousal > 0.5 else "calm"
    return "tense" if arousal > 0.5 else "melancholic"


def plain_name(text: str | None) -> str | None:
    """A person's name that may stand in a prompt: words of letters, 40 characters at most. None for anything else,
    since the source's metadata are a stranger's text."""
    name = " ".join((text or "").split())
    return name if 2 <= len(name) <= 40 and _NAME.fullmatch(name) else None
