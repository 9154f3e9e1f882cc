"""LoopRequest: what a user of the studio asks for, as far as the words say it."""

from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["bass", "lead", "keys", "pad", "drums"]
Style = Literal["funk", "house", "techno", "lo-fi", "dub", "trap", "jazz", "ambient", "chiptune", "bossa"]
Density = Literal["low", "medium", "high"]
Language = Literal["fr", "en"]
ROLES: Final[tuple[str, ...]] = get_args(Role)
STYLES: Final[tuple[str, ...]] = get_args(Style)
MOODS: Final[tuple[str, ...]] = (
    "dark", "melancholic", "happy", "calm", "dreamy", "aggressive", "energetic", "tense", "mysterious", "epic",
    "romantic", "playful",
)  # fmt: skip
"""The moods that the reader of requests knows; a mood that is none of them is kept, and changes nothing."""


class LoopRequest(BaseModel):
    """What a loop should be; None where the user said nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role | None = None
    style: Style | None = None
    root: int | None = Field(default=None, ge=0, le=11, description="Pitch class of the root, C is 0.")
    scale: str | None = Field(default=None, description="One of the studio's fourteen scales.")
    bpm: int | None = Field(default=None, ge=40, le=220)
    bars: Literal[2, 4] | None = None
    density: Density | None = None
    mood: str | None = None
    language: Language = "fr"
