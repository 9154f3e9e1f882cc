"""What a provider is asked: a prompt, and all that is already known about the music wanted."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from boumb_assets.contracts.loop_request import Language, LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.prompts.reader import read_request
from boumb_assets.theory.pitch import NOTE_NAMES
from boumb_assets.theory.scales import SCALES, normalise_scale

MAX_PROMPT: Final = 4_000  # characters
MELODIC: Final = ("boumb-sequence", "boumb-steps")
# Valence and arousal by mood, where its words lie in the circumplex of Russell, JPSP 39, 1980.
EMOTIONS: Final[dict[str, tuple[float, float]]] = {
    "dark": (-0.6, 0.4), "melancholic": (-0.7, 0.2), "happy": (0.8, 0.6), "calm": (0.4, 0.15), "dreamy": (0.3, 0.2),
    "aggressive": (-0.6, 0.9), "energetic": (0.5, 0.9), "tense": (-0.5, 0.75), "mysterious": (-0.3, 0.35),
    "epic": (0.3, 0.8), "romantic": (0.4, 0.4), "playful": (0.7, 0.65),
}  # fmt: skip
TWO_BARS_ONLY: Final = ("boumb-steps", "drum-pattern")
DEFAULT_TEMPERATURE: Final = 0.8


@dataclass(frozen=True)
class Ask:
    """One order. ``request`` holds what the prompt says and what was wished for beside it; ``music`` is what a
    music-structure is asked for by, in place of ``request`` and ``bars``."""

    prompt: str
    contract: str = "boumb-sequence"
    bars: Literal[2, 4] = 2
    seed: int = 0
    request: LoopRequest = field(default_factory=LoopRequest)
    temperature: float = DEFAULT_TEMPERATURE
    language: Language = "fr"
    music: MusicRequest | None = None


def ask_for(
    prompt: str,
    *,
    contract: str | None = None,
    bars: Literal[2, 4] | None = None,
    seed: int = 0,
    temperature: float = DEFAULT_TEMPERATURE,
    language: Language | None = None,
    music: MusicRequest | None = None,
    **wishes: Any,
) -> Ask:
    """The ask for a prompt in French or English. ``wishes`` are fields of LoopRequest (root, scale, bpm, role, style,
    density, mood) that win over what the prompt says; None leaves it. Without a ``contract`` drums give a drum-pattern
    and all else a boumb-sequence. Raises ValueError for an unknown contract or wish, a prompt that is too long, four
    bars where the contract has two, a wish that is out of range."""
    if len(prompt) > MAX_PROMPT:
        raise ValueError(f"a prompt of {len(prompt)} characters: at most {MAX_PROMPT} are read")
    read = read_request(prompt)
    wished = {name: value for name, value in wishes.items() if value is not None}
    if "scale" in wished:
        wished["scale"] = normalise_scale(wished["scale"])
    request = LoopRequest.model_validate({**read.model_dump(), **wished})
    name = contract or _contract_of(request, music)
    contract_of(name)  # refuses an unknown one, with those there are
    if bars == 4 and name in TWO_BARS_ONLY:
        raise ValueError(f"a {name} has two bars; four are for boumb-sequence")
    length: Literal[2, 4] = 2 if name in TWO_BARS_ONLY else bars or request.bars or 2
    if name == "drum-pattern":
        request = request.model_copy(update={"role": "drums"})
    elif name in MELODIC and request.role == "drums":  # the contract cannot hold drums: let the style choose
        request = request.model_copy(update={"role": None})
    request = request.model_copy(update={"bars": length, "language": language or request.language})
    if name == "music-structure" and music is None:
        music = _piece(request)
    return Ask(prompt, name, length, seed, request, temperature, request.language, music)


def _contract_of(request: LoopRequest, music: MusicRequest | None) -> str:
    if music is not None:
        return "music-structure"
    return "drum-pattern" if request.role == "drums" else "boumb-sequence"


def _piece(request: LoopRequest) -> MusicRequest:
    """A piece for what the words of a prompt say of key, tempo and mood."""
    said: dict[str, Any] = {}
    if request.root is not None:
        minor = request.scale is not None and 4 not in SCALES[request.scale]
        name = NOTE_NAMES[request.root]
        said["key"] = f"{name.lower()} minor" if minor else f"{name} major"
    if request.bpm is not None:
        said["tempo"] = request.bpm
    if request.mood in EMOTIONS:
        said["valence"], said["arousal"] = EMOTIONS[request.mood]
    return MusicRequest(**said)
