"""Making valid music fit what was asked for: key, range and bars of a loop, headings and measures of a piece."""

from collections import Counter
from typing import Any, Final

from boumb_assets.contracts.base import STEPS_PER_BAR, ContractModel
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence, Note
from boumb_assets.contracts.harmony_rules import cadence_endings, is_minor
from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.measures import shared_out
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import MusicStructure, bar_quarters, total_measures
from boumb_assets.contracts.repair_harmony import moved_key
from boumb_assets.contracts.repair_structure import TEMPO_RANGE, UNSAID_TEMPO, repaired_structure
from boumb_assets.contracts.request_rules import (
    REGISTERS,
    Request,
    follows,
    headings_asked,
    planned_entries,
    scale_asked,
)
from boumb_assets.contracts.steps import StepNote, Steps
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name, pitch_class_of, pitch_of

_WORDS: Final = {"timeSignature": "time signature"}


def fitted_to(model: ContractModel, request: Request, done: Counter[str]) -> ContractModel:
    """``model``, valid by its contract, changed where ``request`` asks for something else; ``done`` counts changes.
    Music of another kind than the request's stays as it is."""
    if isinstance(model, MusicStructure) and isinstance(request, MusicRequest):
        return _fitted_piece(model, request, done)
    if isinstance(model, BoumbSequence) and isinstance(request, LoopRequest):
        return _fitted_sequence(model, request, done)
    if isinstance(model, Steps) and isinstance(request, LoopRequest):
        return _fitted_steps(model, request, done)
    return model


def _fitted_sequence(model: BoumbSequence, request: LoopRequest, done: Counter[str]) -> BoumbSequence:
    end = request.bars * STEPS_PER_BAR if request.bars is not None else None
    first = model.sequence[0].step
    before = first - first % STEPS_PER_BAR if end is not None and first >= end else 0  # all of it comes too late
    notes = []
    for note in model.sequence:
        onset, steps = note.step - before, DURATION_STEPS[note.duration]
        if end is not None and onset >= end:
            done["dropped a note beyond the bars asked for"] += 1
            continue
        if end is not None and onset + steps > end:
            steps = max(known for known in DURATION_STEPS.values() if known <= end - onset)
            done["shortened a note that rang over the end"] += 1
        notes.append(Note.on_grid(onset, _fitting_pitch(note.pitch, request, done), steps, note.velocity))
    if before:
        done["moved the loop to its first bar"] += 1
    return BoumbSequence.of(notes)


def _fitted_steps(model: Steps, request: LoopRequest, done: Counter[str]) -> Steps:
    best: dict[tuple[int, int], StepNote] = {}
    for note in model.notes:
        pitch = _fitting_pitch(pitch_of(note.pitch), request, done)
        key = (note.start, pitch)
        if key not in best or best[key].velocity < note.velocity:
            best[key] = note.model_copy(update={"pitch": note_name(pitch)})
    return Steps(notes=list(best.values()))


def _fitting_pitch(pitch: int, request: LoopRequest, done: Counter[str]) -> int:
    """The pitch itself where it is as asked; else its class in the register; else the nearest pitch that is, the lower
    one of two."""
    classes = scale_asked(request)
    low, high = (REGISTERS.get(request.role) if request.role else None) or (LOWEST, HIGHEST)
    possible = [p for p in range(low, high + 1) if classes is None or p % 12 in classes]
    fitting = min(possible, key=lambda p: (p != pitch, (p - pitch) % 12 != 0, abs(p - pitch), p))
    if fitting != pitch:
        done["moved a note into the key or range asked for"] += 1
    return fitting


def _fitted_piece(model: MusicStructure, request: MusicRequest, done: Counter[str]) -> MusicStructure:
    piece = model.model_dump(exclude_none=True)
    for name, wanted in headings_asked(request).items():
        if wanted != piece[name]:
            done[f"took the {_WORDS.get(name, name)} asked for"] += 1
            piece[name] = wanted
    if piece["key"] != model.key:
        _move_home(piece["sections"], model.key, piece["key"])
    for section, entry in zip(piece["sections"], planned_entries(request, len(model.sections)), strict=False):
        _follow(section, entry, done)
    if request.tempo is None and done[f"set the tempo to {UNSAID_TEMPO}"]:
        piece["tempo"] = _tempo_for(model, piece, request)
    total = total_measures(request.duration, piece["tempo"], piece["timeSignature"], len(model.sections))
    if total != model.measures:
        done["refitted the measures to the duration"] += 1
        measures = shared_out([float(section.measures) for section in model.sections], total)
        for section, count in zip(piece["sections"], measures, strict=True):
            section["measures"] = count
    return repaired_structure(piece, done) or model


def _move_home(sections: list[dict[str, Any]], old: str, new: str) -> None:
    """Moves the sections with the key of the piece: those in it into the new one, the others as far as that moved."""
    semitones = pitch_class_of(new.split()[0]) - pitch_class_of(old.split()[0])
    for section in sections:
        _bring_into(section, new if section["key"] == old else moved_key(section["key"], semitones))


def _bring_into(section: dict[str, Any], key: str) -> None:
    """Gives ``section`` a key. Where that is of the other mode, its cadence stays what it is, if that mode has it."""
    other_mode = is_minor(key) != is_minor(section["key"])
    section["key"] = key
    if other_mode:
        _end_with(section, section["cadence"] if section["cadence"] in cadence_endings(is_minor(key)) else "PAC")


def _end_with(section: dict[str, Any], cadence: str) -> None:
    """Spells ``cadence`` out at the end of the chords, in the place of the one that was there."""
    length = len(cadence_endings(minor=True)[section["cadence"]])
    body = section["chordProgression"][:-length] or section["chordProgression"][:1]
    section["chordProgression"] = [*body, *cadence_endings(is_minor(section["key"]))[cadence]]
    section["cadence"] = cadence
    section.pop("harmonicFunctions", None)


def _tempo_for(model: MusicStructure, piece: dict[str, Any], request: MusicRequest) -> float:
    """A tempo for a piece that had none: the one at which its measures, which are right then, last as long as asked."""
    exact = round(model.measures * bar_quarters(piece["timeSignature"]) * 60 / request.duration)
    return float(exact) if TEMPO_RANGE[0] <= exact <= TEMPO_RANGE[1] else piece["tempo"]


def _follow(section: dict[str, Any], entry: dict[str, str], done: Counter[str]) -> None:
    """Puts into ``section`` what its entry in the plan says."""
    for name in ("name", "key", "cadence"):
        wanted = entry.get(name)
        if wanted is None or wanted == section[name] or not follows(name, wanted, section["key"]):
            continue
        done["followed the section plan"] += 1
        if name == "cadence":
            _end_with(section, wanted)
        elif name == "key":
            _bring_into(section, wanted)
        else:
            section["name"] = wanted
