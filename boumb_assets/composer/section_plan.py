"""The sections of a piece by its form, or by the plan that a request brings."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from boumb_assets.composer.home_key import Relation, key_from, related_key
from boumb_assets.composer.progression import cadence_for
from boumb_assets.contracts.harmony_rules import Cadence
from boumb_assets.contracts.music_structure import SECTION_COUNT, SECTION_MEASURES, Texture
from boumb_assets.contracts.text_fields import NAME_LENGTH, clip_text


@dataclass(frozen=True, slots=True)
class Idea:
    """One section of a form: which theme it has (a letter), what is done with it, where its key lies, how it ends, its
    share of the measures, its dynamic level above (or below) the piece's, and its texture (None: the piece's)."""

    name: str
    theme: str
    treatment: str = "statement"
    relation: Relation = "tonic"
    cadence: Cadence = "PAC"
    weight: float = 1.0
    level: int = 0
    texture: Texture | None = None


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A section with its key and its measures."""

    idea: Idea
    key: str
    cadence: Cadence
    measures: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.idea.name


FORM_PLANS: Final[dict[str, tuple[Idea, ...]]] = {
    "ABA": (
        Idea("A", "A", weight=1.0),
        Idea("B", "B", "contrast", "relative", "HC", 1.0, 1),
        Idea("A'", "A", "return", weight=1.0, level=-1),
    ),
    "rondo": (
        Idea("A", "A"),
        Idea("B", "B", "contrast", "dominant", "HC", 1.0, 1),
        Idea("A'", "A", "return"),
        Idea("C", "C", "contrast", "subdominant", "HC", 1.2, -1),
        Idea("A''", "A", "variation", level=1),
    ),
    "theme-variation": (
        Idea("Theme", "A"),
        Idea("Variation 1", "A", "variation", cadence="PAC"),
        Idea("Variation 2", "A", "inversion", level=1, texture="contrapuntal"),
        Idea("Variation 3", "A", "contrast", "parallel", "HC", level=-1),
        Idea("Variation 4", "A", "augmentation", level=1, texture="homophonic"),
        Idea("Coda", "A", "return", weight=0.6),
    ),
    "sonata": (
        Idea("Exposition I", "A", cadence="HC"),
        Idea("Exposition II", "B", "contrast", "dominant", "PAC", level=-1),
        Idea("Development", "A", "development", "subdominant", "HC", 1.4, 1, "contrapuntal"),
        Idea("Recapitulation I", "A", "return", cadence="HC", level=1),
        Idea("Recapitulation II", "B", "return"),
        Idea("Coda", "A", "augmentation", weight=0.6, level=1),
    ),
    "minuet-trio": (
        Idea("Minuet I", "A", cadence="HC"),
        Idea("Minuet II", "A", "sequence", level=1),
        Idea("Trio I", "B", "contrast", "subdominant", "HC", level=-1, texture="simple"),
        Idea("Trio II", "B", "sequence", "subdominant", "PAC"),
        Idea("Minuet da capo", "A", "return", weight=2.0),
    ),
}
DEFAULT_FORM: Final = "ABA"
PHRASE: Final = 4  # measures
# What a section of a request's own plan does, by its place: the first states, the last returns.
_TREATMENTS: Final = ("contrast", "sequence", "development", "variation", "inversion")


def form_plan(form: str) -> tuple[Idea, ...]:
    """The sections of a form; of one without a plan, those of ABA. Letter case does not matter."""
    by_name = {name.lower(): plan for name, plan in FORM_PLANS.items()}
    return by_name.get(form.strip().lower(), FORM_PLANS[DEFAULT_FORM])


def planned_sections(ideas: Sequence[Idea], key: str, total: int, final_picardy: bool) -> list[PlannedSection]:
    """The ideas in keys, with ``total`` measures among them. A minor piece may end with a Picardy third."""
    measures = shared_out([idea.weight for idea in ideas], total)
    sections = []
    for number, (idea, length) in enumerate(zip(ideas, measures, strict=True)):
        last = number == len(ideas) - 1
        section_key = related_key(key, idea.relation)
        wanted = "PICARDY" if last and final_picardy else idea.cadence
        sections.append(PlannedSection(idea, section_key, cadence_for(wanted, section_key, idea.cadence), length))
    return sections


def requested_ideas(plan: object) -> list[tuple[Idea, str | None]]:
    """The sections of a request's ``section_plan`` (a list of objects with name, measures, key and cadence, or an
    object that holds such a list), each with the key it names. Empty where there are fewer than two; what an entry
    does not say, or says wrongly, is left to the form."""
    entries = [entry for entry in _entries(plan) if isinstance(entry, Mapping)][: SECTION_COUNT[1]]
    if len(entries) < SECTION_COUNT[0]:
        return []
    themes: dict[str, str] = {}
    found = []
    for number, entry in enumerate(entries):
        name = _text(entry.get("name")) or "ABCDEFGHIJKL"[number]
        stem = name.rstrip("'’ 0123456789").lower() or name
        known = stem in themes
        theme = themes.setdefault(stem, "ABCDEFGHIJKL"[len(themes)])
        treatment = "return" if known else "statement" if number == 0 else _TREATMENTS[(number - 1) % len(_TREATMENTS)]
        last = number == len(entries) - 1
        cadence = cadence_for(entry.get("cadence"), "a minor", "PAC" if last or number % 2 == 0 else "HC")
        written = entry.get("key")
        found.append(
            (
                Idea(name, theme, treatment, cadence=cadence, weight=_weight(entry.get("measures"))),
                key_from(written) if isinstance(written, str) else None,
            )
        )
    return found


def sections_from_request(wanted: Sequence[tuple[Idea, str | None]], key: str, total: int) -> list[PlannedSection]:
    """The sections of a request's plan, in the keys it names (else in ``key``), refitted to ``total`` measures."""
    measures = shared_out([idea.weight for idea, _ in wanted], total)
    sections = []
    for (idea, named), length in zip(wanted, measures, strict=True):
        section_key = named or key
        cadence = cadence_for(idea.cadence, section_key, "PAC")
        sections.append(PlannedSection(replace(idea, cadence=cadence), section_key, cadence, length))
    return sections


def shared_out(weights: Sequence[float], total: int) -> list[int]:
    """``total`` measures among sections by weight, each 4 to 128: in phrases of four by largest remainders, and what is
    left over as an extension of the weightiest section. Weights that already are measures of that sum are kept.
    Raises ValueError where so many sections cannot have so many measures."""
    least, most = SECTION_MEASURES
    if not least * len(weights) <= total <= most * len(weights):
        raise ValueError(f"{total} measures for {len(weights)} sections of {least} to {most}")
    if sum(weights) == total and all(weight >= least and weight == int(weight) for weight in weights):
        return [int(weight) for weight in weights]
    phrases = total // PHRASE
    exact = [weight * phrases / sum(weights) for weight in weights]
    shares = [min(most // PHRASE, max(1, math.floor(share))) for share in exact]
    while sum(shares) < phrases:
        open_ones = [i for i in range(len(shares)) if shares[i] < most // PHRASE]
        shares[min(open_ones, key=lambda i: (shares[i] - exact[i], i))] += 1
    while sum(shares) > phrases:
        shares[max((i for i in range(len(shares)) if shares[i] > 1), key=lambda i: (shares[i] - exact[i], i))] -= 1
    lengths = [PHRASE * share for share in shares]
    roomy = [i for i in range(len(lengths)) if lengths[i] + total % PHRASE <= most]
    lengths[max(roomy, key=lambda i: (weights[i], -i))] += total % PHRASE
    return lengths


def _entries(plan: object) -> Sequence[Any]:
    if isinstance(plan, Mapping):
        return next((value for value in plan.values() if isinstance(value, list)), [])
    return plan if isinstance(plan, list) else []


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    readable = value.encode("utf-8", "ignore").decode()  # half a surrogate pair is no text
    return clip_text(" ".join(readable.split()), NAME_LENGTH).strip()


def _weight(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return float(SECTION_MEASURES[0] * 2)
    try:
        number = float(value)
    except OverflowError:
        return float(SECTION_MEASURES[1])
    return (
        min(float(SECTION_MEASURES[1]), max(1.0, number)) if math.isfinite(number) else float(SECTION_MEASURES[0] * 2)
    )
