"""The reader of a request: from what a user of the studio writes, in French or English, to a LoopRequest.

It reads what is said and nothing else: a field that no word names stays None. It never fails, whatever the text is.
What plays already, is refused or was corrected is told from what is asked for, and how sure each reading is, is told
with it.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.prompts.reading.certainty import CERTAINTY, Evidence
from boumb_assets.prompts.reading.choice import choice_of, density_of, roles_in, styles_in, unless_offered
from boumb_assets.prompts.reading.folding import Folded, fold, tokens_of
from boumb_assets.prompts.reading.key_reader import read_key
from boumb_assets.prompts.reading.language_reader import read_language
from boumb_assets.prompts.reading.mentions import find_mentions
from boumb_assets.prompts.reading.scope import meant
from boumb_assets.prompts.reading.tempo_reader import FASTEST, SLOWEST, read_numbers
from boumb_assets.theory.pitch import pitch_class_of
from boumb_assets.theory.scales import normalise_scale

__all__ = ["FASTEST", "SLOWEST", "ReadRequest", "read_request", "read_request_with_confidence"]

_CONTEXT: Final = re.compile(
    r"context:? ?(?P<root>[a-g](?:#|b)?) (?P<scale>[a-z_ -]{1,24}?) "
    r"(?P<bpm>[0-9]{2,3})(?:\.[0-9]{1,6})? ?bpm[.,]? ?request:? ?"
)
_USER_REQUEST: Final = re.compile(r"(?:user )?request: ?")


@dataclass(frozen=True)
class ReadRequest:
    """What a text asks for, and of each field that it says: by what it was read, and the probability, 0 to 1, that it
    is meant so."""

    request: LoopRequest
    evidence: Mapping[str, Evidence]

    @property
    def confidence(self) -> dict[str, float]:
        """By field, as CERTAINTY has it for the evidence."""
        return {name: CERTAINTY[evidence] for name, evidence in self.evidence.items()}


def read_request(text: str) -> LoopRequest:
    """What ``text`` (the first 10,000 characters of it) asks for.

    The studio's own message, ``Context: <root> <scale> <bpm>BPM. Request: <prompt>``, is read as the prompt, with the
    context for what the prompt leaves open. A number outside the app's 40..220 BPM, or other than 2 or 4 bars, is as
    good as unsaid. What is said last counts, where it corrects what came before.
    """
    return read_request_with_confidence(text).request


def read_request_with_confidence(text: str) -> ReadRequest:
    """What ``text`` asks for, as `read_request` reads it, and how sure each field is."""
    folded = fold(text)
    context = _CONTEXT.match(folded.plain)
    prefix = context or _USER_REQUEST.match(folded.plain)
    start = prefix.end() if prefix else 0
    tokens = tokens_of(Folded(folded.plain[start:], folded.cased[start:]))
    mentions = find_mentions(tokens)
    found = meant(tokens, mentions)
    key = read_key(tokens, mentions, found)
    bpm, bars = read_numbers(tokens, mentions, found)
    readings: dict[str, tuple[Any, Evidence] | None] = {
        "role": choice_of(unless_offered(tokens, roles_in(tokens, found.of("role")))),
        "style": choice_of(unless_offered(tokens, styles_in(tokens, found.of("style")))),
        "root": key.root,
        "scale": key.scale,
        "bpm": bpm,
        "bars": bars,
        "density": density_of(found.of("density")),
        "mood": choice_of(unless_offered(tokens, found.of("mood"))),
    }
    if context is not None:
        readings = _in_context(context) | {name: read for name, read in readings.items() if read is not None}
    said = {name: read for name, read in readings.items() if read is not None}
    language = read_language(text if context is None else tokens.folded.cased, tokens, mentions)
    request = LoopRequest(language=language, **{name: value for name, (value, _) in said.items()})
    return ReadRequest(request, {name: evidence for name, (_, evidence) in said.items()})


def _in_context(context: re.Match[str]) -> dict[str, tuple[Any, Evidence] | None]:
    """What the studio's message says before the request."""
    bpm = int(context["bpm"])
    readings: dict[str, tuple[Any, Evidence] | None] = {"root": (pitch_class_of(context["root"]), "context")}
    if SLOWEST <= bpm <= FASTEST:
        readings["bpm"] = bpm, "context"
    with suppress(ValueError):
        readings["scale"] = normalise_scale(context["scale"]), "context"
    return readings
