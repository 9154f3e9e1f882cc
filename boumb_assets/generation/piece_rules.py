"""A piece by rule: any MusicRequest becomes a MusicStructure, the same for the same seed."""

from random import Random
from typing import Any, Final

from pydantic import ValidationError

from boumb_assets.contracts.harmony_rules import cadence_endings, is_minor, tonic
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import (
    DYNAMICS,
    RHYTHM_VALUES,
    TERNARY,
    Humanize,
    MusicStructure,
    bar_quarters,
)
from boumb_assets.contracts.text_fields import INSTRUMENTATION_LENGTH, TAG_LENGTH, clip_text
from boumb_assets.corpus.manner import character_of
from boumb_assets.generation.piece_plan import SectionPlan, nearest_key, plan_sections

Figure = tuple[list[int], list[float]]  # degrees, and their lengths in quarters

# Where a chord may lead: root motion by falling fifths and thirds and rising steps (Piston, Harmony, 1941, ch. 3).
_MAJOR_WAYS: Final = {
    "I": ("IV", "vi", "ii", "V", "iii"), "ii": ("V", "vii", "IV"), "iii": ("vi", "IV"), "IV": ("V", "ii", "I"),
    "V": ("I", "vi"), "vi": ("IV", "ii", "V"), "vii": ("I", "iii"),
}  # fmt: skip
_MINOR_WAYS: Final = {
    "i": ("iv", "VI", "III", "v"), "II": ("v", "i"), "III": ("VI", "iv"), "iv": ("v", "i", "II"), "v": ("i", "VI"),
    "VI": ("iv", "III", "II"), "vii": ("III", "i"),
}  # fmt: skip
_BEFORE_DOMINANT: Final = ("ii", "IV", "I", "vi", "iv", "i", "VI", "II")
_BRIGHT: Final = ("C major", "G major", "F major", "D major", "A major")
_DARK: Final = ("a minor", "d minor", "e minor", "c minor", "g minor")
_RELEASE, _TENSION = ("I", "i"), ("V", "v", "vii")
_TRIPLE_FORM: Final = "minuet-trio"
_HOME: Final = ""  # the theme itself, before any section has taken it


def compose_piece(request: MusicRequest, seed: int) -> MusicStructure:
    """A piece for ``request``: form, keys, lengths and cadences by its plan, harmony by the rules of root motion,
    motifs from its seeds or drawn; valence chooses mode and key, arousal tempo, dynamics and rhythm. What the
    request says itself is kept as far as the contract can. There is no request that it refuses."""
    rng = Random(f"{seed}/piece")
    tempo = float(round(request.tempo or 58 + 76 * request.arousal + 8 * request.valence))
    key = nearest_key(request.key) or rng.choice(_DARK if request.valence < 0 else _BRIGHT)
    metre: str = request.timeSignature or ("3/4" if request.form == _TRIPLE_FORM else rng.choice(("4/4", "4/4", "3/4")))
    plans = plan_sections(request, key, tempo, metre)
    theme = _theme(request, metre, rng)
    figures = {_HOME: theme}
    sections = [_section(plan, _figure_of(plan, figures, metre, rng), request, rng) for plan in plans]
    return MusicStructure.model_validate({
        "key": key,
        "tempo": min(220.0, max(40.0, tempo)),
        "timeSignature": metre,
        "form": request.form or "ABA",
        "sections": sections,
        "leitmotifs": _leitmotifs(request, theme),
        "humanize": _humanize(request),
        "instrumentation": clip_text(", ".join(request.instrumentation or ()), INSTRUMENTATION_LENGTH) or "piano",
        "character": character_of(round(tempo), request.valence, request.arousal, is_minor(key)),
    })  # fmt: skip


def _section(plan: SectionPlan, figure: Figure, request: MusicRequest, rng: Random) -> dict[str, Any]:
    chords = progression(plan, rng)
    motifs = [figure, _inverted(figure)] if request.focus < 0.6 else [figure]
    home_volume = 1 + round(request.arousal * (len(DYNAMICS) - 3))
    volume = home_volume + (1 if plan.cadence == "HC" else 0)  # what has to lead on is a little louder
    textures = ("simple", "homophonic") if request.arousal < 0.3 else ("homophonic", "contrapuntal")
    return {
        "name": plan.name,
        "measures": plan.measures,
        "key": plan.key,
        "chordProgression": chords,
        "melody": {"motifs": [{"degrees": degrees, "rhythm": rhythm} for degrees, rhythm in motifs]},
        "dynamics": DYNAMICS[volume],
        "texture": rng.choice(textures),
        "cadence": plan.cadence,
        "harmonicFunctions": [_function(chord) for chord in chords],
    }


def progression(plan: SectionPlan, rng: Random) -> list[str]:
    """Four chords, or eight for a section that has room for them, from the tonic to the cadence."""
    minor = is_minor(plan.key)
    ways, ending = (_MINOR_WAYS if minor else _MAJOR_WAYS), cadence_endings(minor)[plan.cadence]
    chords = [tonic(minor)]
    body = (8 if plan.measures >= 8 else 4) - len(ending)
    while len(chords) < body:
        choices = ways[chords[-1]]
        if len(chords) == body - 1:  # the chord before the dominant prepares it
            choices = tuple(chord for chord in choices if chord in _BEFORE_DOMINANT) or (tonic(minor),)
        chords.append(rng.choice(choices))
    return [*chords, *ending]


def _function(chord: str) -> str:
    return "release" if chord in _RELEASE else "tension" if chord in _TENSION else "ambiguity"


def _theme(request: MusicRequest, metre: str, rng: Random) -> Figure:
    """The seeds' motif where there are any, completed by the other; else one bar that is drawn."""
    rhythm = [min(RHYTHM_VALUES, key=lambda value: abs(value - beat)) for beat in request.rhythm_seed or ()]
    degrees = list(request.motif_seed or ())
    if not rhythm:
        rhythm = _rhythm(bar_quarters(metre), request.arousal, rng)
        while len(rhythm) < len(degrees):
            rhythm += rhythm
        rhythm = rhythm[: len(degrees) or None]
    if not degrees:
        degrees = _line(len(rhythm), rng)
    degrees = [degrees[index % len(degrees)] for index in range(max(len(rhythm), len(degrees)))]
    rhythm = [rhythm[index % len(rhythm)] for index in range(len(degrees))]
    if len(degrees) == 1 and metre in TERNARY:  # the contract's rule: it would drift
        degrees, rhythm = degrees * 2, rhythm * 2
    return [int(degree) for degree in degrees], [float(value) for value in rhythm]


def _rhythm(bar: float, arousal: float, rng: Random) -> list[float]:
    """Lengths that fill a bar of ``bar`` quarters exactly, shorter ones the more aroused; at least two."""
    lengths: list[float] = []
    while (left := bar - sum(lengths)) > 0:
        usual = (0.5, 1.0, 2.0) if arousal < 0.65 else (0.25, 0.5, 1.0)
        fitting = [value for value in usual if value <= left and value < bar] or [0.25]
        weights = [1.0 + 3 * abs(arousal - 0.5) * (value == fitting[0 if arousal > 0.5 else -1]) for value in fitting]
        lengths.append(rng.choices(fitting, weights)[0])
    return lengths[:12]


def _line(length: int, rng: Random) -> list[int]:
    """Degrees that move by step and sometimes leap, from a note of the tonic chord, around the fifth."""
    line = [rng.choice((1, 3, 5))]
    while len(line) < length:
        step = rng.choice((-1, 1, -1, 1, 2, -2, 3)) * (-1 if line[-1] > 9 else 1)
        line.append(min(12, max(1, line[-1] + step)))
    return line


def _figure_of(plan: SectionPlan, figures: dict[str, Figure], metre: str, rng: Random) -> Figure:
    """The theme for the sections named like the first one, its reversal or inversion for the others, by letter."""
    letter = plan.name.rstrip("'123456789 ")
    if letter not in figures:
        theme = figures[_HOME]
        if len(figures) == 1:
            figures[letter] = theme
        else:
            degrees, rhythm = _inverted(theme) if len(figures) % 2 == 0 else (theme[0][::-1], theme[1])
            turn = rng.randrange(len(rhythm))
            figures[letter] = (degrees, rhythm[turn:] + rhythm[:turn])
    return figures[letter]


def _inverted(figure: Figure) -> Figure:
    """Mirrored at its first note, moved into the degrees 1 to 14."""
    degrees, rhythm = figure
    mirrored = [2 * degrees[0] - degree for degree in degrees]
    shift = 7 * -((min(mirrored) - 1) // 7) if min(mirrored) < 1 else 0
    return [min(14, max(1, degree + shift)) for degree in mirrored], list(rhythm)


def _leitmotifs(request: MusicRequest, theme: Figure) -> list[dict[str, Any]] | None:
    tags = dict.fromkeys(clip_text(tag.strip(), TAG_LENGTH) for tag in request.motif_tags if tag.strip())
    figures = (theme, _inverted(theme), (theme[0][::-1], theme[1]))
    found = [
        {"tag": tag, "degrees": figures[index % 3][0], "rhythm": figures[index % 3][1]}
        for index, tag in enumerate(list(tags)[:6])
    ]
    return found or None


def _humanize(request: MusicRequest) -> Humanize:
    """The request's own where it is whole and valid; else the freer the calmer."""
    try:
        return Humanize.model_validate(request.humanize)
    except ValidationError:
        return Humanize(
            rubato="expressive" if request.arousal < 0.35 else "subtle" if request.arousal < 0.7 else "none",
            velocityCurve="phrase",
            peakBoost=round(0.15 + 0.2 * request.arousal, 2),
            phraseEndSoftness=round(0.4 - 0.25 * request.arousal, 2),
        )
