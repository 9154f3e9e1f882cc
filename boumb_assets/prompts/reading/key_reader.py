"""The key of a free text: a root and a scale, only where the words are about a key."""

from dataclasses import dataclass

from boumb_assets.prompts.reading.certainty import Evidence
from boumb_assets.prompts.reading.choice import choice_of, chosen, unless_offered
from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.mentions import Mention
from boumb_assets.prompts.reading.scope import Meant
from boumb_assets.prompts.reading.tonic_reader import Tonic, tonics_in


@dataclass(frozen=True)
class Key:
    """The root (pitch class) and the scale (one of SCALES) of a text, each with how it was read."""

    root: tuple[int, Evidence] | None = None
    scale: tuple[str, Evidence] | None = None


def read_key(tokens: Tokens, mentions: list[Mention], found: Meant) -> Key:
    """The key that a text names."""
    tonics = tonics_in(tokens, mentions, found)
    tonic = chosen(tonics)
    scale = _scale(tonic, tokens, found)
    if tonic is None:
        return Key(None, scale)
    rivals = any(other.root != tonic.root and other.rank == tonic.rank for other in tonics)
    corrected = rivals and tonic.turn > 0
    evidence: Evidence = "corrected" if corrected else "rivals" if rivals else tonic.evidence
    return Key((tonic.root, evidence), scale)


def _scale(tonic: Tonic | None, tokens: Tokens, found: Meant) -> tuple[str, Evidence] | None:
    """The scale beside the root, else one that is named anywhere, else a chord's third, else one that is implied."""
    claims = found.of("scale")
    five = any(claim.kind == "pentatonic" and not claim.denied for claim in claims)
    named = choice_of(unless_offered(tokens, [claim for claim in claims if claim.kind == "named"]))
    latest = max((claim.turn for claim in claims if claim.kind == "named" and not claim.denied), default=0)
    read: tuple[str, Evidence] | None = named
    if tonic is not None and tonic.scale is not None and latest <= tonic.turn:
        if tonic.evidence == "key":
            read = (tonic.scale, named[1] if named and named[1] == "misspelt" else "key")
        elif named is None:
            read = (tonic.scale, "chord")
    if five and read is not None and read[0] in ("minor", "major"):
        return f"pentatonic_{read[0]}", read[1]
    return read or choice_of([claim for claim in claims if claim.kind == "implied"])
