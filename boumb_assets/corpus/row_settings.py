"""How rows are made, and the words that their columns use."""

from dataclasses import dataclass
from typing import Final, Literal

Transpose = Literal["load", "sample", "all"]
Reason = Literal["not_cleared", "not_canonical", "answer_too_long", "no_wording"]
SPLITS: Final = ("train", "validation", "test")
USER: Final = "user"  # the kind of a prompt that somebody wrote, not we
# What a request for a structure says beside the emotion and the length, the fullest first.
ASKED: Final[dict[str, frozenset[str]]] = {
    "plan": frozenset(),
    "wishes": frozenset({"section_plan"}),
    "emotion": frozenset({"section_plan", "key", "tempo", "timeSignature", "form", "period"}),
}


@dataclass(frozen=True)
class RowSettings:
    """How rows are made of loops and structures."""

    prompts_per_loop: int = 2
    """Of each key."""
    seed: int = 0
    max_answer_tokens: int = 950
    transpose: Transpose = "load"
    """``load``: in the loop's own key, with what a trainer needs to move the row; ``sample``: in ``keys`` keys;
    ``all``: in every key that range allows. Held-out rows and drums stay in their own."""
    keys: int = 2
