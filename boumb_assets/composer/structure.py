"""The plan of a classical piece by rule: always one that the contract keeps, the same for the same seed."""

from collections.abc import Sequence
from random import Random
from typing import Final

from boumb_assets.composer.expression import (
    arc_of,
    character_of,
    dynamics_of,
    humanize_of,
    instrumentation_of,
    tempo_of,
    texture_of,
    time_signature_of,
)
from boumb_assets.composer.figures import (
    Figure,
    augmentation,
    closing,
    inversion,
    new_figure,
    ornamented,
    retrograde,
    seeded_figure,
    sequence,
)
from boumb_assets.composer.home_key import is_minor_key, key_from, key_name
from boumb_assets.composer.progression import functions_of, progression_of
from boumb_assets.composer.section_plan import (
    DEFAULT_FORM,
    FORM_PLANS,
    PHRASE,
    Idea,
    form_plan,
    planned_sections,
    requested_ideas,
    sections_from_request,
)
from boumb_assets.contracts.music_request import DEFAULT_TAGS, MusicRequest
from boumb_assets.contracts.music_structure import (
    Leitmotif,
    Melody,
    MusicStructure,
    Section,
    TimeSignature,
    total_measures,
)
from boumb_assets.contracts.text_fields import TAG_LENGTH, clip_text

MOST_LEITMOTIFS: Final = 6
LONGEST_PROGRESSION: Final = 24  # chords; the contract allows 32
TEMPO_LEEWAY: Final = 10  # quarters a minute
_NATURALS: Final = (0, 2, 4, 5, 7, 9, 11)

Wanted = Sequence[tuple[Idea, str | None]]


def compose_structure(request: MusicRequest, seed: int) -> MusicStructure:
    """A MusicStructure for ``request``: its key, tempo, metre, form, seeds and section plan where it gives them, the
    rest from its emotion. Its measures are those that the app refits the request's duration to. There is no valid
    request that it refuses."""
    rng = Random(f"{seed}/structure")
    time_signature = time_signature_of(request, rng)
    wanted = requested_ideas(request.section_plan)
    key = _key(request, wanted, rng)
    form = _form(request, wanted, rng)
    ideas = [idea for idea, _ in wanted] or form_plan(form)
    tempo = _tempo(request, time_signature, len(ideas))
    total = total_measures(request.duration, tempo, time_signature, len(ideas))
    if wanted:
        sections = sections_from_request(wanted, key, total)
    else:
        picardy = is_minor_key(key) and request.valence > -0.4 and rng.random() < 0.4
        sections = planned_sections(ideas, key, total, picardy)
    theme = _theme(request, time_signature, rng)
    arc = arc_of(request, len(sections))
    texture = texture_of(request, rng)
    themes = {"A": theme}
    written = []
    for planned, arousal in zip(sections, arc, strict=True):
        figure = themes.get(planned.idea.theme)
        if figure is None:
            figure = themes[planned.idea.theme] = _second_theme(theme, len(themes), request, time_signature, rng)
        chords = progression_of(_chords(planned.measures), planned.key, planned.cadence, rng)
        written.append(
            Section.model_validate(
                {
                    "name": planned.name,
                    "measures": planned.measures,
                    "key": planned.key,
                    "chordProgression": chords,
                    "melody": Melody(motifs=[each.motif() for each in _developed(figure, planned.idea, rng)]),
                    "dynamics": dynamics_of(arousal, planned.idea.level),
                    "texture": planned.idea.texture or texture,
                    "cadence": planned.cadence,
                    "harmonicFunctions": functions_of(chords),
                }
            )
        )
    return MusicStructure.model_validate(
        {
            "key": key,
            "tempo": float(tempo),
            "timeSignature": time_signature,
            "form": form,
            "sections": written,
            "leitmotifs": _leitmotifs(request, theme),
            "humanize": humanize_of(request),
            "instrumentation": instrumentation_of(request),
            "character": character_of(request, is_minor_key(key)),
        }
    )


def _tempo(request: MusicRequest, time_signature: TimeSignature, sections: int) -> int:
    """The tempo; where the request leaves it open, the nearest at which the piece divides into phrases of four."""
    wanted = tempo_of(request)
    if request.tempo is not None:
        return wanted
    near = range(max(40, wanted - TEMPO_LEEWAY), min(220, wanted + TEMPO_LEEWAY) + 1)
    for tempo in sorted(near, key=lambda tempo: abs(tempo - wanted)):
        if total_measures(request.duration, tempo, time_signature, sections) % PHRASE == 0:
            return tempo
    return wanted


def _key(request: MusicRequest, wanted: Wanted, rng: Random) -> str:
    """The request's key, else the one its plan begins in, else one whose mode follows its valence (major for what is
    not sad)."""
    chosen = key_name(rng.choice(_NATURALS), request.valence < 0) or "C major"
    planned = wanted[0][1] if wanted else None
    return (key_from(request.key) if request.key else None) or planned or chosen


def _form(request: MusicRequest, wanted: Wanted, rng: Random) -> str:
    """The request's form, else the letters of its plan, else one that suits its length."""
    named = (request.form or "").strip()
    if named and named.lower() != "auto":
        return next((name for name in FORM_PLANS if name.lower() == named.lower()), named)
    if wanted:
        return "".join(idea.theme for idea, _ in wanted)
    return DEFAULT_FORM if request.duration < 60 else rng.choice(("ABA", "rondo", "theme-variation", "sonata"))


def _chords(measures: int) -> int:
    """The chords of a section, one a measure; a long section repeats a phrase that divides it, where there is one."""
    if measures <= LONGEST_PROGRESSION:
        return measures
    return next((length for length in (16, 12, 8) if measures % length == 0), 16)


def _theme(request: MusicRequest, time_signature: TimeSignature, rng: Random) -> Figure:
    own = new_figure(time_signature, request.arousal, request.valence, rng)
    if not request.motif_seed and not request.rhythm_seed:
        return own
    return seeded_figure(request.motif_seed or (), request.rhythm_seed or (), time_signature, own)


def _second_theme(
    theme: Figure, number: int, request: MusicRequest, time_signature: TimeSignature, rng: Random
) -> Figure:
    """A contrasting theme: kin to the first (upside down or backwards) in a rhythm of its own where that has tones
    enough for it, else a new one."""
    own = new_figure(time_signature, 1 - request.arousal, request.valence, rng)
    kin = (inversion(theme) if number % 2 else retrograde(theme)).degrees[: len(own.rhythm)]
    return Figure(kin, own.rhythm) if len(kin) == len(own.rhythm) and len(set(kin)) >= 3 else own


def _developed(figure: Figure, idea: Idea, rng: Random) -> list[Figure]:
    """What a section makes of its theme: two to four measures of motif, the last one closing where the cadence does."""
    step = rng.choice((1, -1, 2))
    measures = {
        "statement": [figure, sequence(figure, step), figure],
        "return": [figure, ornamented(figure)],
        "contrast": [figure, sequence(figure, step), inversion(figure)],
        "sequence": [sequence(figure, step), sequence(figure, 2 * step), figure],
        "variation": [ornamented(figure), ornamented(sequence(figure, step))],
        "inversion": [inversion(figure), sequence(inversion(figure), step)],
        "augmentation": [augmentation(figure), figure],
        "development": [figure, sequence(figure, step), retrograde(figure), inversion(figure)],
    }[idea.treatment]
    if idea.cadence in ("PAC", "PICARDY"):
        measures[-1] = closing(measures[-1])
    return measures


def _leitmotifs(request: MusicRequest, theme: Figure) -> list[Leitmotif]:
    """One figure a tag, all kin to the theme, and how they are transformed."""
    forms = (
        (theme, ["sequence"]),
        (inversion(theme), ["inversion"]),
        (retrograde(theme), ["retrograde"]),
        (augmentation(theme), ["augmentation"]),
        (ornamented(theme), ["ornament"]),
        (sequence(theme, 2), ["sequence", "inversion"]),
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
