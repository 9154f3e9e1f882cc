"""Whether music is what was asked for: the rules that need the request, beyond those of the contract."""

from collections.abc import Iterator
from typing import Any, Final

from boumb_assets.contracts.base import STEPS_PER_BAR, ContractModel
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence
from boumb_assets.contracts.harmony_rules import cadence_endings, is_minor
from boumb_assets.contracts.loop_request import LoopRequest, Role
from boumb_assets.contracts.music_request import FORMS, MusicRequest
from boumb_assets.contracts.music_structure import KEYS, MusicStructure, total_measures
from boumb_assets.contracts.steps import Steps
from boumb_assets.contracts.text_fields import (
    INSTRUMENTATION_LENGTH,
    NAME_LENGTH,
    clip_text,
    utf16_units,
)
from boumb_assets.contracts.violations import Violation
from boumb_assets.theory.pitch import NOTE_NAMES, note_name, pitch_of
from boumb_assets.theory.scales import SCALES, scale_classes

Request = LoopRequest | MusicRequest

# MIDI numbers, both ends included: C1 to G3 for a bass, and so on; wide enough for the loops of real recordings.
REGISTERS: Final[dict[Role, tuple[int, int]]] = {"bass": (24, 55), "lead": (52, 96), "keys": (36, 88), "pad": (36, 88)}
_PLANNED: Final = ("name", "key", "cadence")
_UNSAID: Final = ("", "auto")


def unmet(model: ContractModel, request: Request) -> list[Violation]:
    """Where ``model``, which is valid by its contract, is not what ``request`` asks for; empty if it is, and for music
    of another kind than the request's."""
    if isinstance(model, MusicStructure) and isinstance(request, MusicRequest):
        return [*_headings(model, request), *_unplanned(model, request), *_length(model, request)]
    if isinstance(model, BoumbSequence | Steps) and isinstance(request, LoopRequest):
        return list(_notes(model, request))
    return []


def scale_asked(request: LoopRequest) -> frozenset[int] | None:
    """The pitch classes that a request allows, None for all: the studio drops what is outside a scale asked for."""
    if request.root is None or request.scale not in SCALES:
        return None
    return scale_classes(request.root, request.scale)


def _notes(model: BoumbSequence | Steps, request: LoopRequest) -> Iterator[Violation]:
    classes, register = scale_asked(request), REGISTERS.get(request.role) if request.role else None
    end = request.bars * STEPS_PER_BAR if request.bars is not None else None
    for path, pitch, onset, length in _numbers(model):
        name = "pitch" if isinstance(model, Steps) else "note"
        if classes is not None and pitch % 12 not in classes:
            scale = f"{NOTE_NAMES[request.root or 0]} {request.scale}"
            yield Violation("out_of_scale", f"{path}.{name}", f"{note_name(pitch)} is outside {scale}")
        if register is not None and not register[0] <= pitch <= register[1]:
            low, high = map(note_name, register)
            yield Violation(
                "out_of_register", f"{path}.{name}", f"{note_name(pitch)} is no {request.role}: {low} to {high} are"
            )
        if end is not None and onset >= end:
            yield Violation("beyond_the_bars", f"{path}.time", f"starts after {request.bars} bars")
        elif end is not None and onset + length > end:
            yield Violation("rings_over_the_end", f"{path}.duration", f"rings beyond {request.bars} bars")


def _numbers(model: BoumbSequence | Steps) -> Iterator[tuple[str, int, int, float]]:
    """The notes with their paths: pitch, onset and length in steps."""
    if isinstance(model, Steps):
        for place, step in enumerate(model.notes):  # the service plays them round and round: none rings over
            yield f"notes[{place}]", pitch_of(step.pitch), step.start, 1
    else:
        for place, note in enumerate(model.sequence):
            yield f"sequence[{place}]", note.pitch, note.step, DURATION_STEPS[note.duration]


def headings_asked(request: MusicRequest) -> dict[str, Any]:
    """What a request says of a whole piece, by the names of a structure: what the app puts in place of the structure's
    own, whatever the sections were written for. A key that the app cannot keep is left out."""
    asked = {
        "key": request.key if request.key in KEYS else None,
        "tempo": None if request.tempo is None else round(request.tempo),
        "timeSignature": request.timeSignature,
        "form": form_asked(request),
        "instrumentation": instrumentation_asked(request),
    }
    return {name: wanted for name, wanted in asked.items() if wanted is not None}


def form_asked(request: MusicRequest) -> str | None:
    """The form that a request names, one with a plan by its own name; None for none and for ``auto``."""
    named = " ".join((request.form or "").split())
    if named.lower() in _UNSAID:
        return None
    return next((form for form in FORMS if form.lower() == named.lower()), named)


def instrumentation_asked(request: MusicRequest) -> str | None:
    """The instruments of a request in one line, as many as fit; None for none."""
    fitting = ", ".join(" ".join(name.split()) for name in request.instrumentation or [] if name.strip())
    while utf16_units(fitting) > INSTRUMENTATION_LENGTH and ", " in fitting:
        fitting = fitting.rpartition(", ")[0]
    return clip_text(fitting, INSTRUMENTATION_LENGTH) or None


def _headings(model: MusicStructure, request: MusicRequest) -> Iterator[Violation]:
    for name, wanted in headings_asked(request).items():
        given = getattr(model, name)
        if given != wanted:
            shown = f"{given:g}" if isinstance(given, float) else given
            yield Violation("not_as_asked", name, f"{name} is {shown}; {wanted} is asked for")


def planned_entries(request: MusicRequest, sections: int) -> list[dict[str, str]]:
    """What a request's plan, a list of as many objects as there are ``sections``, says of each that can be kept."""
    plan = request.section_plan.get("sections") if isinstance(request.section_plan, dict) else request.section_plan
    if not isinstance(plan, list) or len(plan) != sections or not all(isinstance(entry, dict) for entry in plan):
        return []
    return [{name: entry[name] for name in _PLANNED if isinstance(entry.get(name), str)} for entry in plan]


def _unplanned(model: MusicStructure, request: MusicRequest) -> Iterator[Violation]:
    for place, entry in enumerate(planned_entries(request, len(model.sections))):
        section = model.sections[place]
        for name, wanted in entry.items():
            if getattr(section, name) != wanted and follows(name, wanted, section.key):
                yield Violation(
                    "not_as_planned",
                    f"sections[{place}].{name}",
                    f"{name} is {getattr(section, name)}; the plan says {wanted}",
                )


def follows(name: str, wanted: str, key: str) -> bool:
    """Whether a plan's ``wanted`` name, key or cadence is one that a section in ``key`` can have."""
    if name == "key":
        return wanted in KEYS
    if name == "cadence":
        return wanted in cadence_endings(is_minor(key))
    return 0 < utf16_units(wanted) <= NAME_LENGTH


def _length(model: MusicStructure, request: MusicRequest) -> Iterator[Violation]:
    """The app refits the measures to the duration at the tempo and in the metre of the request, if it has one."""
    metre = request.timeSignature or model.timeSignature
    tempo = round(request.tempo) if request.tempo is not None else model.tempo
    wanted = total_measures(request.duration, tempo, metre, len(model.sections))
    if model.measures != wanted:
        yield Violation(
            "measures_for_duration",
            "sections",
            f"{model.measures} measures; {request.duration:g} s at {tempo:g} in {metre} are {wanted}",
        )
