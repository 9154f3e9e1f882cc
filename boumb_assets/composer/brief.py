"""What is to be composed, with nothing left open: a request completed by the habits of its style."""

from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.composer.habits import BRIGHT_SCALES, STYLE_HABITS, StyleHabits, style_defaults
from boumb_assets.composer.harmony import Harmony, harmonise
from boumb_assets.contracts.loop_request import Density, LoopRequest, Role, Style
from boumb_assets.theory.scales import SCALES, normalise_scale

DEFAULT_BARS: Final = 2

# What a mood asks for where the request names no scale or density. Scales in order of preference.
MOOD_SCALES: Final[dict[str, tuple[str, ...]]] = {
    "dark": ("phrygian", "minor"), "melancholic": ("minor", "dorian"), "happy": ("major", "mixolydian"),
    "dreamy": ("lydian", "dorian", "major"), "aggressive": ("phrygian", "minor"), "tense": ("phrygian", "minor"),
    "mysterious": ("phrygian", "hirajoshi"), "epic": ("minor",), "romantic": ("major", "dorian"),
    "playful": ("major", "mixolydian"),
}  # fmt: skip
MOOD_DENSITY: Final[dict[str, Density]] = {
    "calm": "low", "dreamy": "low", "romantic": "low", "energetic": "high", "aggressive": "high", "epic": "high",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brief:
    """A complete order for one player. ``chromatic`` allows passing tones outside the scale: only where the request
    left the scale open, since the studio drops every pitch that is outside a scale it asked for."""

    role: Role
    style: Style
    root: int
    scale: str
    bpm: int
    bars: int
    density: Density
    swing: float
    chromatic: bool
    harmony: Harmony
    habits: StyleHabits


def complete(request: LoopRequest, seed: int, bars: int | None = None) -> Brief:
    """The brief for ``request``; ``bars`` (1 or more) overrides its 2 or 4.

    Choices do not depend on the role, so that several roles of one seed play together. An unknown scale becomes
    natural minor, as it does in the studio. Raises ValueError for fewer ``bars`` than one.
    """
    if bars is not None and bars < 1:
        raise ValueError(f"a loop has a bar or more, not {bars}")
    rng = Random(f"{seed}/request")
    style = request.style or _style_at(request.bpm, rng)
    habits = style_defaults(style)
    usual_root, bpm = rng.choice(habits.roots[:4]), rng.randint(*habits.bpm)
    root = usual_root if request.root is None else request.root
    scale = _scale(request, habits, rng)
    length = bars or request.bars or DEFAULT_BARS
    swing = round(rng.uniform(*habits.swing_range), 2)
    return Brief(
        role=request.role or habits.role,
        style=style,
        root=root,
        scale=scale,
        bpm=bpm if request.bpm is None else request.bpm,
        bars=length,
        density=request.density or MOOD_DENSITY.get(request.mood or "", "medium"),
        swing=swing,
        chromatic=request.scale is None,
        harmony=harmonise(style, root, scale, length, Random(f"{seed}/harmony")),
        habits=habits,
    )


def resolve_request(request: LoopRequest, seed: int) -> LoopRequest:
    """``request`` with everything that it left open as ``compose_loop`` fills it for this seed; the mood stays."""
    brief = complete(request, seed)
    filled = ("role", "style", "root", "scale", "bpm", "bars", "density")
    return request.model_copy(update={name: getattr(brief, name) for name in filled})


def _style_at(bpm: int | None, rng: Random) -> Style:
    """A style whose tempo range has ``bpm``, or comes nearest to it; any style where no tempo is given."""
    if bpm is None:
        return rng.choice(list(STYLE_HABITS))
    far = {style: max(habits.bpm[0] - bpm, bpm - habits.bpm[1], 0) for style, habits in STYLE_HABITS.items()}
    return rng.choice([style for style in far if far[style] == min(far.values())])


def _scale(request: LoopRequest, habits: StyleHabits, rng: Random) -> str:
    draw = rng.random()
    if request.scale is not None:
        try:
            return normalise_scale(request.scale)
        except ValueError:
            return "minor"
    moody = MOOD_SCALES.get(request.mood or "", ())
    if moody:
        return next((scale for scale in moody if scale in habits.scales), moody[0])
    return habits.scales[int(draw * draw * len(habits.scales))]  # squared: the first ones are the usual ones


def is_bright(scale: str) -> bool:
    """Whether the tonic chord of ``scale`` is heard as major."""
    return scale in BRIGHT_SCALES and scale in SCALES
