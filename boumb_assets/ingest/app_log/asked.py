"""What is taken of a user's own words: a prompt that may be taught, and the tempo."""

import re
from typing import Any, Final

from boumb_assets.prompts.reader import FASTEST, SLOWEST, read_request

MAX_PROMPT_CHARS: Final = 300  # as much as the reader of index.tsv keeps: an answer to half a prompt teaches nonsense
# An address, a link or a telephone number says who somebody is, and consent to learn from a loop is none to learn that.
# Signs of a chat template would end a message early: whoever may write a prompt could write the answers too.
_NOT_TAUGHT: Final = re.compile(
    r"\S@\S|https?:|www\.|\+?[0-9](?:[ .()/-]{0,2}[0-9]){8,}|[<>]|\[/?INST\]|\[(?:gMASK|UNUSED)", re.IGNORECASE
)


def taught_prompt(prompt: str) -> str:
    """A user's prompt on one line; empty where it is too long, tells who somebody is, or has signs of a chat template:
    the music is kept then, and is asked for in our own words alone."""
    line = " ".join("".join(char if char.isprintable() else " " for char in prompt).split())
    return "" if len(line) > MAX_PROMPT_CHARS or _NOT_TAUGHT.search(line) else line


def tempo_of(context: Any) -> int | None:
    """The tempo that the app's context states, as ``C minor 95BPM`` or as an object with ``bpm``; None where there is
    none of 40 to 220 quarters a minute."""
    if isinstance(context, dict):
        context = context.get("bpm")
    if isinstance(context, int | float) and not isinstance(context, bool):
        return round(context) if SLOWEST <= context <= FASTEST else None
    return read_request(context).bpm if isinstance(context, str) else None
