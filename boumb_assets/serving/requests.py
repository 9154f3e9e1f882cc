"""What the studio's client sends, checked."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from boumb_assets.contracts.loop_request import Density
from boumb_assets.generation.asks import MAX_PROMPT
from boumb_assets.serving.analysis import scale_or_minor
from boumb_assets.theory.pitch import pitch_class_of

MAX_COMMENT: Final = 2_000


def _root(value: object) -> object:
    return pitch_class_of(value) if isinstance(value, str) else value


def _rising(value: tuple[int, int]) -> tuple[int, int]:
    return min(value), max(value)


Root = Annotated[int, BeforeValidator(_root), Field(ge=0, le=11)]
ScaleName = Annotated[str, Field(max_length=40), AfterValidator(scale_or_minor)]
Octave = Annotated[int, Field(ge=0, le=8)]
Octaves = Annotated[tuple[Octave, Octave], AfterValidator(_rising)]
Bpm = Annotated[float, Field(ge=20, le=400)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)  # clients send more than they need to


class Options(_Body):
    """Parameters that the client has settled; they take the place of an analysis."""

    root: Root | None = None
    scale_type: ScaleName | None = None
    bpm: Bpm | None = None
    octave_range: Octaves | None = None
    density: Density | None = None


class GlobalKey(_Body):
    """The project's key."""

    root: Root
    scale: ScaleName


class GenerateBody(_Body):
    """``POST /api/v1/generate``."""

    prompt: str = Field(min_length=1, max_length=MAX_PROMPT)
    bpm: Bpm = 120
    options: Options | None = None
    global_key: GlobalKey | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**53, description="The same seed gives the same loop.")


class FeedbackBody(_Body):
    """``POST /api/v1/feedback``."""

    request_id: str = Field(min_length=1, max_length=64)
    rating: int = Field(ge=1, le=10)
    comment: str = Field(default="", max_length=MAX_COMMENT)


class ChatMessage(_Body):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str


class ChatOptions(_Body):
    """The options of Ollama that mean something to us."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = Field(default=None, ge=0, lt=2**53)


class ChatBody(_Body):
    """``POST /api/chat``, Ollama's."""

    model: str = Field(default="boumb", max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=64)
    stream: bool = True  # as Ollama has it
    options: ChatOptions | None = None
    format: Any = None
