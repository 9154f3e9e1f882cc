"""MusicRequest: what AIRIA asks a piece for."""

import json
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from boumb_assets.contracts.base import refuse
from boumb_assets.contracts.music_structure import TimeSignature
from boumb_assets.contracts.text_fields import ShortText

FORMS: Final = ("ABA", "rondo", "theme-variation", "sonata", "minuet-trio")  # those with a section plan
PERIODS: Final = ("baroque", "classical", "romantic", "modern")
DEFAULT_TAGS: Final = ("memory",)
PLAN_CHARACTERS: Final = 20_000  # far above any plan of twelve sections; a bound on what comes from outside


def _tags(value: object) -> object:
    """Tags come as a list or as one comma-separated text."""
    return [tag.strip() for tag in value.split(",") if tag.strip()] if isinstance(value, str) else value


def _bounded(value: Any) -> Any:
    try:
        size = len(json.dumps(value, ensure_ascii=False, default=str))
    except (RecursionError, ValueError) as error:  # too deep, or inside itself
        raise refuse("too_deep", "nested too deeply") from error
    if size > PLAN_CHARACTERS:
        raise refuse("too_large", f"more than {PLAN_CHARACTERS} characters of JSON")
    return value


FreeObject = Annotated[dict[str, Any] | list[Any], AfterValidator(_bounded)]


class MusicRequest(BaseModel):
    """An emotion, a length, and whatever else of the piece is already wished for.

    The request's key, tempo, timeSignature, form and instrumentation override those of a structure.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    valence: float = Field(default=0.0, ge=-1, le=1, description="Sad to happy.")
    arousal: float = Field(default=0.5, ge=0, le=1, description="Calm to excited.")
    focus: float = Field(default=0.5, ge=0, le=1)
    confidence: float = Field(default=0.5, ge=0, le=1)
    duration: float = Field(default=180.0, ge=20, le=420, description="Seconds; the measures are refitted to it.")
    motif_tags: Annotated[list[Annotated[str, Field(max_length=160)]], BeforeValidator(_tags)] = Field(
        default_factory=lambda: list(DEFAULT_TAGS), max_length=24, description="A list, or comma-separated."
    )
    key: ShortText | None = None
    form: ShortText | None = Field(default=None, description=f"Forms with a plan: {', '.join(FORMS)}.")
    period: ShortText | None = Field(default=None, description=f"Any of {', '.join(PERIODS)}.")
    tempo: float | None = Field(default=None, ge=40, le=220, description="Quarters a minute.")
    timeSignature: TimeSignature | None = None
    instrumentation: list[Annotated[str, Field(max_length=160)]] | None = Field(default=None, max_length=8)
    motif_seed: list[Annotated[int, Field(ge=1, le=14)]] | None = Field(default=None, max_length=12)
    rhythm_seed: list[Annotated[float, Field(ge=0.25, le=4)]] | None = Field(default=None, max_length=12)
    section_plan: FreeObject | None = None
    emotional_arc: FreeObject | None = None
    humanize: FreeObject | None = None
