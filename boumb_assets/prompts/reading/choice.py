"""One value for a field among all that a text claims of it, and how it was come by."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from boumb_assets.prompts.reading.certainty import Evidence
from boumb_assets.prompts.reading.folding import Tokens
from boumb_assets.prompts.reading.scope import KNOWN, Claim

_OF: Final = (["de"], ["d"], ["of"], ["du"])
_ARTICLES: Final = frozenset({"de", "la", "du", "un", "une", "des", "a", "an", "some", "the", "le", "en", "in"})
_PLAYED: Final = ("tune", "part", "rhythm")


class _Said(Protocol):
    @property
    def rank(self) -> int: ...
    @property
    def turn(self) -> int: ...
    @property
    def first(self) -> int: ...


S = TypeVar("S", bound=_Said)


def chosen(said: Sequence[S]) -> S | None:
    """The one that counts: of the last correction that has one, the surest, the first of those."""
    asked = [one for one in said if one.rank >= KNOWN] or [one for one in said if one.rank > 0]
    if not asked:
        return None
    last = max(one.turn for one in asked)
    return min((one for one in asked if one.turn == last), key=lambda one: (-one.rank, one.first))


def choice_of(claims: list[Claim]) -> tuple[str, Evidence] | None:
    """The value that the claims about one field come to, None where they come to none."""
    refused = {claim.phrase: claim.first for claim in claims if claim.denied == "no"}  # the last place of each
    left = [claim for claim in claims if not claim.denied and claim.first > refused.get(claim.phrase, -1)]
    best = chosen(left)
    return None if best is None else (best.value, _evidence(best, left))


def _evidence(best: Claim, left: list[Claim]) -> Evidence:
    if best.misspelt:
        return "misspelt"
    if best.turn and any(claim.value != best.value for claim in left if claim.turn < best.turn):
        return "corrected"
    if best.rank < KNOWN:
        return "beside"
    if best.kind == "implied":
        return "implied"
    return "rivals" if any(claim.value != best.value and claim.rank >= best.rank for claim in left) else "named"


def unless_offered(tokens: Tokens, claims: list[Claim]) -> list[Claim]:
    """The claims but for those between which the choice is left: "techno ou house" asks for neither, nor does "entre
    triste et gai"."""
    offered: set[int] = set()
    for place, (first, second) in enumerate(pairwise(claims)):
        gap = tokens.texts[first.end : second.first]
        parted = gap[:1] in (["ou"], ["or"]) or (
            gap[:1] in (["et"], ["and"]) and tokens.at(first.first - 1) in ("between", "entre")
        )
        if parted and first.value != second.value and set(gap[1:]) <= _ARTICLES:
            offered |= {place, place + 1}
    return [claim for place, claim in enumerate(claims) if place not in offered or claim.denied]


def roles_in(tokens: Tokens, claims: list[Claim]) -> list[Claim]:
    """The claims about the role, those that make up one name as one: ``mélodie de basse`` is a bass."""
    whole: list[Claim] = []
    for claim in claims:
        last = whole[-1] if whole else None
        if last is not None and last.denied == claim.denied:
            gap = [text for text in tokens.texts[last.end : claim.first] if text != "-"]
            if not gap or gap in _OF:
                value = _head(last, claim, bool(gap))
                kind = "instrument" if "instrument" in (last.kind, claim.kind) else last.kind
                whole[-1] = replace(last, value=value, kind=kind, end=claim.end, rank=min(last.rank, claim.rank),
                                    misspelt=last.misspelt or claim.misspelt)  # fmt: skip
                continue
        whole.append(claim)
    return whole


def _head(first: Claim, second: Claim, of: bool) -> str:
    """The role of two nouns side by side, or of the first ``of`` the second. A tune is a lead whatever plays it but for
    bass and drums, a part or a rhythm is its instrument's; else English puts the head last, French first."""
    for tune, player in ((first, second), (second, first)):
        if tune.kind in _PLAYED and player.kind == "instrument":
            return player.value if player.value in ("bass", "drums") or tune.kind != "tune" else tune.value
    if of or "fr" in (first.language, second.language):
        return second.value if second.value == "bass" and first.value in ("keys", "lead") else first.value
    return second.value


def styles_in(tokens: Tokens, claims: list[Claim]) -> list[Claim]:
    """The claims about the style, of those side by side the head alone: the last ("dub techno") but for an adjective
    ("house jazzy")."""
    heads: list[Claim] = []
    for claim in claims:
        last = heads[-1] if heads else None
        if last is not None and last.denied == claim.denied and last.end >= claim.first - _hyphen(tokens, claim.first):
            heads[-1] = replace(last, end=claim.end) if claim.kind == "adjective" else claim
        else:
            heads.append(claim)
    return heads


def _hyphen(tokens: Tokens, place: int) -> int:
    return int(tokens.at(place - 1) == "-" and tokens.touches(place))


def density_of(claims: list[Claim]) -> tuple[str, Evidence] | None:
    """The density: what is not too busy is sparse, what is neither is in the middle."""
    plain = choice_of([claim for claim in claims if claim.value != "vacant"])
    if plain is not None:
        return plain
    denied = {claim.value for claim in claims if claim.denied}
    if "high" not in denied:
        return None
    return ("medium" if denied & {"low", "vacant"} else "low"), "turned"
