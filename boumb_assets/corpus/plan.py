"""The MusicStructure of a piece that has been cut into sections, and the MusicRequest that would ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.contracts.music_request import DEFAULT_TAGS, MusicRequest
from boumb_assets.contracts.music_structure import HarmonicFunction, MusicStructure
from boumb_assets.contracts.text_fields import FORM_LENGTH, clip_text
from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.manner import character_of, dynamics_of, humanize_of, instruments_of, texture_of
from boumb_assets.corpus.motifs import Figure, motifs_of
from boumb_assets.corpus.piece import Piece
from boumb_assets.corpus.sections import Span
from boumb_assets.theory.pitch import NOTE_NAMES

# Degree by degree as the app's own example has it: the tonic releases, what leans on it is ambiguous, the rest pulls.
_RELEASE: Final = frozenset({"I", "i"})
_AMBIGUITY: Final = frozenset({"iii", "III", "vi", "VI"})

UNNAMED_FORM: Final = "free"
_FORMS_BY_TITLE: Final = {  # form is never detected, only read where a title states it
    "rondo": "rondo", "variation": "theme-variation", "sonat": "sonata", "menuet": "minuet-trio",
    "minuet": "minuet-trio",
}  # fmt: skip
_PERIODS: Final = ((1760, "baroque"), (1830, "classical"), (1915, "romantic"), (9999, "modern"))  # by year of death


@dataclass(frozen=True)
class Estimates:
    """Valence -1..1 and arousal 0..1: estimates, never truth."""

    valence: float
    arousal: float


def structure_of(
    piece: Piece, home: Key, spans: list[Span], shift: int, estimates: Estimates, facts: Mapping[str, Any]
) -> MusicStructure:
    """The structure, ``shift`` semitones from the piece. Raises pydantic.ValidationError: the contract refuses it."""
    sections, seen = [], dict[str, str]()
    figures = [motifs_of(piece, span.key, span.start, span.stop) for span in spans]
    for span, motifs in zip(spans, figures, strict=True):
        same = f"{span.key} {span.progression} {motifs}"
        name = seen.setdefault(same, "ABCDEFGHIJKL"[len(seen)])
        sections.append(_section(piece, span, name, key_name(span.key, shift), motifs))
    times = [(span.start * piece.bar, span.stop * piece.bar) for span in spans]
    return MusicStructure.model_validate({
        "key": key_name(home, shift),
        "tempo": float(round(facts["bpm"])),
        "timeSignature": piece.metre,
        "form": form_of(facts) or UNNAMED_FORM,
        "sections": sections,
        "leitmotifs": _leitmotifs(figures),
        "humanize": humanize_of(piece, times, int(facts["tempo_changes"])),
        "instrumentation": ", ".join(instruments_of(piece)),
        "character": character_of(round(facts["bpm"]), estimates.valence, estimates.arousal, home.minor),
    })  # fmt: skip


def request_of(structure: MusicStructure, piece: Piece, estimates: Estimates, facts: Mapping[str, Any]) -> MusicRequest:
    """The request that ``structure`` answers: its key, tempo, metre, length, form and instruments, the plan of its
    sections, and the period of a composer whose year of death is known. Raises pydantic.ValidationError."""
    died = facts["composer_died"]
    plan = [
        {"name": part.name, "measures": part.measures, "key": part.key, "cadence": part.cadence}
        for part in structure.sections
    ]
    return MusicRequest(
        valence=estimates.valence,
        arousal=estimates.arousal,
        duration=round(structure.duration_s, 1),
        key=structure.key,
        tempo=structure.tempo,
        timeSignature=structure.timeSignature,
        form=form_of(facts),
        period=next(name for last, name in _PERIODS if died <= last) if died else None,
        instrumentation=instruments_of(piece),
        section_plan=plan,
    )


def key_name(key: Key, shift: int) -> str:
    """The contract's name of ``key`` moved by ``shift`` semitones: ``D major``, ``d minor``."""
    name = NOTE_NAMES[(key.root + shift) % 12]
    return f"{name.lower()} minor" if key.minor else f"{name} major"


def form_of(facts: Mapping[str, Any]) -> str | None:
    """The form that the title states, or the data set's style; None where the metadata say neither."""
    title = str(facts["title"] or "").casefold()
    stated = next((form for word, form in _FORMS_BY_TITLE.items() if word in title), None)
    return stated or (clip_text(str(facts["style"]), FORM_LENGTH) if facts["style"] else None)


def function_of(numeral: str) -> HarmonicFunction:
    """The harmonic function of a numeral: the tonic is release, the mediant and submediant are ambiguous, the dominant
    and subdominant side is tension."""
    return "release" if numeral in _RELEASE else "ambiguity" if numeral in _AMBIGUITY else "tension"


def _section(piece: Piece, span: Span, name: str, key: str, motifs: list[Figure]) -> dict[str, Any]:
    start, stop = span.start * piece.bar, span.stop * piece.bar
    functions = [function_of(numeral) for numeral in span.progression]
    return {
        "name": name,
        "measures": span.stop - span.start,
        "key": key,
        "chordProgression": list(span.progression),
        "melody": {"motifs": [_plain(figure) for figure in motifs]},
        "dynamics": dynamics_of(piece, start, stop),
        "texture": texture_of(piece, start, stop),
        "cadence": span.cadence.name,
        "harmonicFunctions": functions,
    }


def _leitmotifs(figures: list[list[Figure]]) -> list[dict[str, Any]] | None:
    """The first figure that comes back in another section, under the app's default tag: what returns is a memory."""
    for place, section in enumerate(figures):
        for figure in section:
            if any(figure in later for later in figures[place + 1 :]):
                return [{"tag": DEFAULT_TAGS[0], **_plain(figure)}]
    return None


def _plain(figure: Figure) -> dict[str, Any]:
    return {"degrees": list(figure.degrees), "rhythm": list(figure.rhythm)}
