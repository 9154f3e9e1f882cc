"""The forms of a request, by language and kind; see `french_templates` and `english_templates`."""

from typing import Final, Literal, get_args

from boumb_assets.contracts.loop_request import Language
from boumb_assets.prompts.english_templates import ENGLISH
from boumb_assets.prompts.french_templates import FRENCH

Kind = Literal["two-word", "sentence", "technical", "mood", "app-message"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
LANGUAGES: Final[tuple[Language, Language]] = ("fr", "en")
TEMPLATES: Final[dict[Language, dict[str, tuple[str, ...]]]] = {"fr": FRENCH, "en": ENGLISH}
STUDIO_MESSAGE: Final = "Context: {studio_key} {bpm}BPM. Request: "
"""The studio's message to its model (boumbapp's protocol), before any of the other requests."""

# How often each kind is asked for: the studio's own message is what a model in its service reads.
WEIGHTS: Final[dict[Kind, int]] = {"app-message": 4, "two-word": 3, "sentence": 4, "technical": 2, "mood": 2}
# How a request is typed: with care, without its last full stop, or in lower case without either.
MANNERS: Final = ("careful", "open", "casual")
MANNER_WEIGHTS: Final = (4, 2, 4)
