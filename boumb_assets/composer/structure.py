"""The plan of a classical piece by rule: always one that the contract keeps, the same for the same seed."""

from collections.abc import Sequence
from random import Random
from typing import Final

from boumb_assets.composer.development import augmentation, diminution, inversion, ornamented, retrograde, sequence
from boumb_assets.composer.expression import (
    arc_of,
    character_of,
    dynamics_of,
    humanize_of,
    instrumentation_of,
    period_of,
    tempo_of,
    texture_of,
    time_signature_of,
)
from boumb_assets.composer.figures import Figure
from boumb_assets.composer.forms import DEFAULT_FORM, FORM_PLANS, Treatment, form_plan
from boumb_assets.composer.home_key import is_minor_key, key_from, key_name
from boumb_assets.composer.progression import agreement, functions_of, progression_of, returning
from boumb_assets.composer.section_plan import (
    PlannedSection,
    WantedSection,
    planned_sections,
    requested_sections,
    sections_from_request,
)
from boumb_assets.composer.themes import Themes
from boumb_assets.contracts.measures import PHRASE
from boumb_assets.contracts.music_request import DEFAULT_TAGS, MusicRequest
from boumb_assets.contracts.music_structure import (
    MOTIF_LENGTH,
    SECTION_MEASURES,
    Leitmotif,
    Melody,
    MusicStructure,
    Section,
    Texture,
    TimeSignature,
    bar_quarters,
    total_measures,
)
from boumb_assets.contracts.request_rules import form_asked
from boumb_assets.contracts.text_fields import TAG_LENGTH, clip_text

MOST_LEITMOTIFS: Final = 6
LONGEST_PROGRESSION: Final = 24  # chords; the contract allows 32
TEMPO_LEEWAY: Final = 10  # quarters a minute
TEMPI: Final = (40, 220)
TRIES: Final = 6  # progressions, of which the one that the melody agrees with most is taken
_NATURALS: Final = (0, 2, 4, 5, 7, 9, 11)
# What a piece without a form may have, by its period; a minuet is in three.
_FREE_FORMS: Final = {
    "baroque": ("rondo", "theme-variation", "minuet-trio", "ABA"),
    "classical": ("sonata", "rondo", "theme-variation", "minuet-trio"),
    "romantic": ("ABA", "sonata", "theme-variation", "ABACA"),
    "modern": ("AABA", "ABA", "ABCA", "rondo"),
    "": ("ABA", "rondo", "theme-variation", "sonata", "AABA"),
}
_OWN_HARMONY: Final[frozenset[Treatment]] = frozenset({"development", "sequence"})
_MINUET: Final = "minuet-trio"
_SHORTEST_FORM: Final = "AB"
_TEXTURES: Final[dict[Texture, Texture]] = {
    "homophonic": "contrapuntal", "contrapuntal": "homophonic", "simple": "homophonic"
}  # fmt: skip


def compose_structure(request: MusicRequest, seed: int) -> MusicStructure:
    """A MusicStructure for ``request``: its key, tempo, metre, form, seeds and section plan where it gives them, the
    rest from its emotion. Its measures are those that the app refits the request's duration to. There is no valid
    request that it refuses."""
    rng = Random(f"{seed}/structure")
    time_signature = time_signature_of(request, rng)
    wanted = requested_sections(request.section_plan)
    key = _key(request, wanted, rng)
    form = _form(request, wanted, time_signature, rng)
    sections, tempo = _sections(request, wanted, form, key, time_signature, rng)
    themes = Themes(request, time_signature, rng)
    return MusicStructure.model_validate(
        {
            "key": key,
            "tempo": float(tempo),
            "timeSignature": time_signature,
            "form": form,
            "sections": _written(request, sections, themes, rng),
            "leitmotifs": _leitmotifs(request, themes.main),
            "humanize": humanize_of(request),
            "instrumentation": instrumentation_of(request),
            "character": character_of(request, is_minor_key(key)),
        }
    )


def _sections(
    request: MusicRequest,
    wanted: Sequence[WantedSection],
    form: str,
    key: str,
    time_signature: TimeSignature,
    rng: Random,
) -> tuple[list[PlannedSection], int]:
    """The sections with their keys and measures, and the tempo that goes with those."""
    if wanted:
        tempo = _tempo(request, time_signature, len(wanted), [section.measures for section in wanted])
        total = total_measures(request.duration, tempo, time_signature, len(wanted))
        return sections_from_request(wanted, key, total), tempo
    ideas = form_plan(form)
    tempo = _tempo(request, time_signature, len(ideas), [])
    picardy = is_minor_key(key) and request.valence > -0.4 and rng.random() < 0.4
    total = total_measures(request.duration, tempo, time_signature, len(ideas))
    return planned_sections(ideas, key, total, picardy), tempo


def _written(request: MusicRequest, sections: Sequence[PlannedSection], themes: Themes, rng: Random) -> list[Section]:
    arc = arc_of(request, len(sections))
    texture = texture_of(request, rng)
    progressions: dict[str, list[str]] = {}
    written = []
    for number, section in enumerate(sections):
        figures = themes.developed(section)
        chords = _harmony(section, figures, progressions, rng)
        contrast = _TEXTURES[texture] if section.idea.treatment == "contrast" and rng.random() < 0.4 else texture
        written.append(
            Section.model_validate(
                {
                    "name": section.name,
                    "measures": section.measures,
                    "key": section.key,
                    "chordProgression": chords,
                    "melody": Melody(motifs=[figure.motif() for figure in figures]),
                    "dynamics": dynamics_of(arc[number], 0)
                    if arc
                    else dynamics_of(request.arousal, section.idea.level),
                    "texture": section.idea.texture or contrast,
                    "cadence": section.cadence,
                    "harmonicFunctions": functions_of(chords),
                }
            )
        )
    return written


def _harmony(
    section: PlannedSection, melody: Sequence[Figure], progressions: dict[str, list[str]], rng: Random
) -> list[str]:
    """The theme's progression again where it comes back, else the best of a few new ones for the melody; where the
    theme itself is elsewhere, the harmony goes with it."""
    count = _chords(section.measures)
    known = progressions.get(section.idea.theme)
    if known is not None and section.idea.treatment not in _OWN_HARMONY:
        return returning(known, count, section.key, section.cadence, rng)
    tries = [progression_of(count, section.key, section.cadence, rng) for _ in range(TRIES)]
    best = max(tries, key=lambda progression: agreement(progression, melody))
    progressions.setdefault(section.idea.theme, best)
    return best


def _tempo(request: MusicRequest, time_signature: TimeSignature, sections: int, measures: Sequence[int | None]) -> int:
    """The request's tempo. Where it leaves that open, the one at which the duration has as many measures as its plan
    says; else the nearest to that of its feeling at which the piece divides into phrases of four."""
    wanted = tempo_of(request)
    if request.tempo is not None:
        return wanted
    asked = sum(count for count in measures if count is not None)
    exact = round(asked * bar_quarters(time_signature) * 60 / request.duration)
    if measures and None not in measures and min(filter(None, measures)) >= SECTION_MEASURES[0]:
        for tempo in (exact, exact - 1, exact + 1):
            if TEMPI[0] <= tempo <= TEMPI[1] and _total(request, tempo, time_signature, sections) == asked:
                return tempo
    near = range(max(TEMPI[0], wanted - TEMPO_LEEWAY), min(TEMPI[1], wanted + TEMPO_LEEWAY) + 1)
    for tempo in sorted(near, key=lambda tempo: abs(tempo - wanted)):
        if _total(request, tempo, time_signature, sections) % PHRASE == 0:
            return tempo
    return wanted


def _total(request: MusicRequest, tempo: int, time_signature: TimeSignature, sections: int) -> int:
    return total_measures(request.duration, tempo, time_signature, sections)


def _key(request: MusicRequest, wanted: Sequence[WantedSection], rng: Random) -> str:
    """The request's key, else the one its plan begins in, else one whose mode follows its valence (major for what is
    not sad)."""
    chosen = key_name(rng.choice(_NATURALS), request.valence < 0) or "C major"
    planned = wanted[0].key if wanted else None
    return (key_from(request.key) if request.key else None) or planned or chosen


def _form(request: MusicRequest, wanted: Sequence[WantedSection], time_signature: TimeSignature, rng: Random) -> str:
    """The request's form, else the letters of its plan, else one that its length has room for."""
    named = form_asked(request)
    drawn = rng.random()
    if named is not None:
        return named
    if wanted:
        return "".join(section.idea.theme for section in wanted)
    room = _total(request, tempo_of(request), time_signature, 1)
    fitting = [
        form
        for form in _FREE_FORMS[period_of(request)]
        if 2 * SECTION_MEASURES[0] * len(form_plan(form)) <= room and (form != _MINUET or time_signature == "3/4")
    ]
    if fitting:
        return fitting[int(drawn * len(fitting))]
    return DEFAULT_FORM if SECTION_MEASURES[0] * len(FORM_PLANS[DEFAULT_FORM]) <= room else _SHORTEST_FORM


def _chords(measures: int) -> int:
    """The chords of a section, one a measure; a long section repeats a phrase that divides it, where there is one."""
    if measures <= LONGEST_PROGRESSION:
        return measures
    return next((length for length in (16, 12, 8) if measures % length == 0), 16)


def _leitmotifs(request: MusicRequest, theme: Figure) -> list[Leitmotif]:
    """One figure a tag, all kin to the theme, and how they are transformed."""
    slow = augmentation(theme)
    augmented = Figure(
        tuple(degree for measure in slow for degree in measure.degrees)[:MOTIF_LENGTH],
        tuple(value for measure in slow for value in measure.rhythm)[:MOTIF_LENGTH],
    )
    forms = (
        (theme, ["sequence", "ornament"]),
        (inversion(theme), ["inversion"]),
        (retrograde(theme), ["retrograde"]),
        (augmented, ["augmentation"]),
        (diminution(theme), ["diminution"]),
        (ornamented(sequence(theme, 2)), ["sequence", "ornament"]),
    )
    tags = [clip_text(" ".join(tag.split()), TAG_LENGTH).strip() for tag in request.motif_tags]
    named = list(dict.fromkeys(tag for tag in tags if tag)) or list(DEFAULT_TAGS)
    return [
        Leitmotif(
            tag=tag,
            degrees=list(figure.degrees),
            rhythm=[float(value) for value in figure.rhythm],
            meaning=f"stands for {tag}",
            transformations=transformations,
        )
        for tag, (figure, transformations) in zip(named[:MOST_LEITMOTIFS], forms, strict=False)
    ]
