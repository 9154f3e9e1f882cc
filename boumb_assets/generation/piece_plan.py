"""The plan of a piece by rule: sections with key, length and cadence, by form or as the request lays them down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.contracts.harmony_rules import cadence_endings, is_minor
from boumb_assets.contracts.music_request import FORMS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, PIECE_MEASURES, SECTION_COUNT, SECTION_MEASURES, total_measures
from boumb_assets.contracts.text_fields import NAME_LENGTH, clip_text
from boumb_assets.theory.pitch import pitch_class_of

HOME, AWAY, FAR = range(3)  # a section's key: the piece's, a related one, the next related one

# By form: name, key, share of the measures, cadence. The plans of the textbooks (Caplin, Classical Form, 1998).
_FORMS: Final[dict[str, tuple[tuple[str, int, int, str], ...]]] = {
    "ABA": (("A", HOME, 3, "PAC"), ("B", AWAY, 3, "HC"), ("A'", HOME, 3, "PAC")),
    "rondo": (
        ("A", HOME, 2, "PAC"), ("B", AWAY, 2, "HC"), ("A'", HOME, 2, "PAC"), ("C", FAR, 2, "HC"),
        ("A''", HOME, 2, "PAC"),
    ),
    "theme-variation": (
        ("Theme", HOME, 2, "PAC"), ("Variation 1", HOME, 2, "PAC"), ("Variation 2", AWAY, 2, "DC"),
        ("Variation 3", HOME, 2, "PAC"),
    ),
    "sonata": (
        ("First theme", HOME, 3, "HC"), ("Second theme", AWAY, 3, "PAC"), ("Development", FAR, 4, "HC"),
        ("Recapitulation", HOME, 4, "DC"), ("Coda", HOME, 1, "PAC"),
    ),
    "minuet-trio": (("Minuet", HOME, 3, "PAC"), ("Trio", AWAY, 2, "PAC"), ("Minuet'", HOME, 3, "PAC")),
}  # fmt: skip
_TO_RELATED: Final = {  # semitones and mode of the keys nearest to a key, the nearest first
    False: ((9, True), (7, False), (5, False), (2, True), (4, True)),
    True: ((3, False), (5, True), (7, True), (8, False), (10, False)),
}


@dataclass(frozen=True)
class SectionPlan:
    """One section to be composed."""

    name: str
    key: str
    measures: int
    cadence: str


def plan_sections(request: MusicRequest, key: str, tempo: float, metre: str) -> list[SectionPlan]:
    """The sections of a piece in ``key``: those of the request's own plan where it has one that can be read, else
    those of its form, with the measures that fill its duration."""
    own = _own_plan(request.section_plan, key)
    if own:
        return own
    form = _FORMS[request.form if request.form in FORMS else "ABA"]
    keys = (key, *related_keys(key))
    total = total_measures(request.duration, tempo, metre, len(form))
    measures = _shared([share for _, _, share, _ in form], total)
    return [
        SectionPlan(name, keys[place], count, cadence)
        for (name, place, _, cadence), count in zip(form, measures, strict=True)
    ]


def related_keys(key: str) -> tuple[str, str]:
    """The two keys nearest to ``key`` among the app's fourteen, which have no sharps or flats in their names."""
    root, minor = pitch_class_of(key.split()[0]), is_minor(key)
    names = {(pitch_class_of(name.split()[0]), is_minor(name)): name for name in KEYS}
    near = [names.get(((root + steps) % 12, mode)) for steps, mode in _TO_RELATED[minor]]
    found = [name for name in near if name is not None] + [key, key]
    return found[0], found[1]


def nearest_key(name: str | None) -> str | None:
    """The app's key for a wish in any spelling: its letter and mode (``Bb minor`` is taken as b minor, the whole piece
    moved by a semitone); None for what names no key."""
    words = (name or "").strip().split()
    try:
        pitch_class_of(words[0] if words else "")
    except ValueError:
        return None
    minor = words[-1].lower() in ("minor", "min", "m", "mineur") or (len(words) == 1 and words[0][:1].islower())
    letter = words[0][0]
    return f"{letter.lower()} minor" if minor else f"{letter.upper()} major"


def _own_plan(plan: Mapping[str, Any] | Sequence[Any] | None, home: str) -> list[SectionPlan]:
    listed = plan.get("sections") if isinstance(plan, Mapping) else plan
    parts = [part for part in listed if isinstance(part, Mapping)] if isinstance(listed, list) else []
    if not SECTION_COUNT[0] <= len(parts):
        return []
    sections = []
    for number, part in enumerate(parts[: SECTION_COUNT[1]]):
        key = nearest_key(part["key"]) if isinstance(part.get("key"), str) else None
        key = key or home
        cadence = part.get("cadence")
        known = cadence if isinstance(cadence, str) and cadence in cadence_endings(is_minor(key)) else "PAC"
        name = part.get("name")
        title = clip_text(name, NAME_LENGTH) if isinstance(name, str) and name.strip() else f"Section {number + 1}"
        measures = part.get("measures")
        count = measures if isinstance(measures, int) and not isinstance(measures, bool) else 8
        low, high = SECTION_MEASURES
        sections.append(SectionPlan(title, key, min(high, max(low, count)), known))
    return _within_a_piece(sections)


def _within_a_piece(sections: list[SectionPlan]) -> list[SectionPlan]:
    """The sections shortened in proportion where the app would keep fewer measures in all."""
    total, most = sum(section.measures for section in sections), PIECE_MEASURES[1]
    if total <= most:
        return sections
    measures = _shared([section.measures for section in sections], most)
    return [
        SectionPlan(section.name, section.key, count, section.cadence)
        for section, count in zip(sections, measures, strict=True)
    ]


def _shared(shares: Sequence[int], total: int) -> list[int]:
    """``total`` measures in proportion to ``shares``, at least four each, in pairs as far as the sum lets them be."""
    least = SECTION_MEASURES[0]
    counts = [max(least, 2 * round(total * share / sum(shares) / 2)) for share in shares]
    order = sorted(range(len(shares)), key=lambda index: -shares[index])
    at = 0
    while sum(counts) != total:
        index = order[at % len(order)]
        step = 1 if sum(counts) < total else -1
        if step > 0 or counts[index] > least:
            counts[index] += step
        at += 1
    return counts
