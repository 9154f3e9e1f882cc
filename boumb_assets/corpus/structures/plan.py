"""The MusicStructure of a piece that has been cut into sections, and the MusicRequest that would ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from boumb_assets.contracts.music_request import DEFAULT_TAGS, MusicRequest
from boumb_assets.contracts.music_structure import HarmonicFunction, MusicStructure
from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.structures.manner import character_of, dynamics_of, humanize_of, instruments_of, texture_of
from boumb_assets.corpus.structures.motifs import Figure
from boumb_assets.corpus.structures.reading import Reading
from boumb_assets.corpus.structures.sections import Span
from boumb_assets.theory.emotion import arousal, valence
from boumb_assets.theory.pitch import NOTE_NAMES

# Degree by degree as the app's own example has it: the tonic releases, what leans on it is ambiguous, the rest pulls.
_RELEASE: Final = frozenset({"I", "i"})
_AMBIGUITY: Final = frozenset({"iii", "III", "vi", "VI"})

# Form is never detected, only read where a title states it; the first that has all its words counts.
_STATED_FORMS: Final = (
    (("rondo",), "rondo"), (("rondeau",), "rondo"), (("variation",), "theme-variation"), (("sonat",), "sonata"),
    (("minuet", "trio"), "minuet-trio"), (("menuet", "trio"), "minuet-trio"), (("minuet",), "minuet"),
    (("menuet",), "minuet"),
)  # fmt: skip
# By year of death; before the baroque there is none that the contract knows.
_PERIODS: Final = ((1610, None), (1760, "baroque"), (1827, "classical"), (1915, "romantic"))
LAST_PERIOD: Final = "modern"


@dataclass(frozen=True)
class Estimates:
    """Valence -1..1 and arousal 0..1: estimates, never truth."""

    valence: float
    arousal: float


def estimates_of(reading: Reading) -> Estimates:
    """Valence and arousal of all the sections together."""
    piece = reading.piece
    start, stop = (bars * piece.bar for bars in (reading.spans[0].start, reading.spans[-1].stop))
    inside = (piece.onset >= start) & (piece.onset < stop)
    seconds = 60 / reading.tempo.bpm
    density = len(np.unique(piece.onset[inside].round(3))) / ((stop - start) * seconds)
    feeling = valence(piece.histogram(start, stop), reading.tempo.bpm, density, float(piece.pitch[inside].mean()))
    energy = arousal(reading.tempo.bpm, density, float(piece.duration[inside].mean()) * seconds)
    return Estimates(round(max(-1.0, min(1.0, feeling)), 2), round(max(0.0, min(1.0, energy)), 2))


def structure_of(reading: Reading, estimates: Estimates, facts: Mapping[str, Any]) -> MusicStructure:
    """The structure of the piece, moved by its ``shift``. Raises pydantic.ValidationError: the contract refuses it."""
    piece, parts = reading.piece, zip(reading.spans, reading.letters.names, reading.motifs, strict=True)
    times = [(span.start * piece.bar, span.stop * piece.bar) for span in reading.spans]
    tempo = round(reading.tempo.bpm)
    return MusicStructure.model_validate({
        "key": key_name(reading.home, reading.shift),
        "tempo": float(tempo),
        "timeSignature": piece.metre,
        "form": form_of(reading, facts),
        "sections": [_section(reading, span, name, motifs.figures) for span, name, motifs in parts],
        "leitmotifs": _leitmotifs([motifs.figures for motifs in reading.motifs]),
        "humanize": humanize_of(piece, times, reading.tempo.changes),
        "instrumentation": ", ".join(instruments_of(piece)),
        "character": character_of(tempo, estimates.valence, estimates.arousal, reading.home.minor),
    })  # fmt: skip


def request_of(
    structure: MusicStructure, reading: Reading, estimates: Estimates, facts: Mapping[str, Any]
) -> MusicRequest:
    """The request that ``structure`` answers: its key, tempo, metre, length, form and instruments, the plan of its
    sections, and the period of a composer whose year of death is known. Nothing else is set: nobody can measure focus.

    The length is in whole seconds, as the app's message has it. Raises pydantic.ValidationError.
    """
    told: dict[str, Any] = {
        "valence": estimates.valence,
        "arousal": estimates.arousal,
        "duration": round(structure.duration_s),
        "key": structure.key,
        "tempo": structure.tempo,
        "timeSignature": structure.timeSignature,
        "form": structure.form,
        "instrumentation": instruments_of(reading.piece),
        "section_plan": [
            {"name": part.name, "measures": part.measures, "key": part.key, "cadence": part.cadence}
            for part in structure.sections
        ],
    }
    period = period_of(facts["composer_died"])
    return MusicRequest(**told, **({"period": period} if period else {}))


def key_name(key: Key, shift: int) -> str:
    """The contract's name of ``key`` moved by ``shift`` semitones: ``D major``, ``d minor``."""
    name = NOTE_NAMES[(key.root + shift) % 12]
    return f"{name.lower()} minor" if key.minor else f"{name} major"


def period_of(died: int | None) -> str | None:
    """The period of a composer who ``died`` in that year; None for an unknown year, and for one before the baroque."""
    return next((name for last, name in _PERIODS if died <= last), LAST_PERIOD) if died else None


def stated_form(facts: Mapping[str, Any]) -> str | None:
    """The form that the title states; None where it states none."""
    title = str(facts["title"] or "").casefold()
    return next((form for words, form in _STATED_FORMS if all(word in title for word in words)), None)


def form_of(reading: Reading, facts: Mapping[str, Any]) -> str:
    """The form that the title states, else the letters of the sections by their likeness, as ``AABA``."""
    return stated_form(facts) or reading.letters.form


def function_of(numeral: str) -> HarmonicFunction:
    """The harmonic function of a numeral: the tonic is release, the mediant and submediant are ambiguous, the dominant
    and subdominant side is tension."""
    return "release" if numeral in _RELEASE else "ambiguity" if numeral in _AMBIGUITY else "tension"


def _section(reading: Reading, span: Span, name: str, motifs: tuple[Figure, ...]) -> dict[str, Any]:
    piece = reading.piece
    start, stop = span.start * piece.bar, span.stop * piece.bar
    return {
        "name": name,
        "measures": span.stop - span.start,
        "key": key_name(span.key, reading.shift),
        "chordProgression": list(span.progression),
        "melody": {"motifs": [_plain(figure) for figure in motifs]},
        "dynamics": dynamics_of(piece, start, stop),
        "texture": texture_of(piece, start, stop)[0],
        "cadence": span.cadence.name,
        "harmonicFunctions": [function_of(numeral) for numeral in span.progression],
    }


def _leitmotifs(figures: list[tuple[Figure, ...]]) -> list[dict[str, Any]] | None:
    """The first figure that comes back in another section, under the app's default tag: what returns is a memory."""
    for place, section in enumerate(figures):
        for figure in section:
            if any(figure in later for later in figures[place + 1 :]):
                return [{"tag": DEFAULT_TAGS[0], **_plain(figure)}]
    return None


def _plain(figure: Figure) -> dict[str, Any]:
    return {"degrees": list(figure.degrees), "rhythm": list(figure.rhythm)}
