"""Putting a structure right: keys without accidentals, harmony that fits its cadence, lists of equal length."""

import math
import re
from collections import Counter
from typing import Any, Final

from boumb_assets.contracts.harmony_rules import (
    MAXIMUM_CHORDS,
    body_numerals,
    cadence_endings,
    cadence_of,
    is_minor,
    tonic,
)
from boumb_assets.contracts.json_text import is_number
from boumb_assets.contracts.music_structure import (
    DYNAMICS,
    HARMONIC_FUNCTIONS,
    KEYS,
    MOTIF_LENGTH,
    PIECE_MEASURES,
    RHYTHM_VALUES,
    RUBATOS,
    SECTION_COUNT,
    SECTION_MEASURES,
    TERNARY,
    TEXTURES,
    TIME_SIGNATURES,
    VELOCITY_CURVES,
    MusicStructure,
)
from boumb_assets.contracts.text_fields import (
    FORM_LENGTH,
    INSTRUMENTATION_LENGTH,
    NAME_LENGTH,
    PHRASE_LENGTH,
    REASONING_LENGTH,
    TAG_LENGTH,
    TRANSFORMATION_LENGTH,
    clip_text,
)
from boumb_assets.theory.pitch import pitch_class_of

_KEY = re.compile(r"\s*([A-Ga-g][#♯b♭]?)[\s_-]*(major|minor|maj|min|m)?\.?\s*", re.IGNORECASE)
_CHORD = re.compile(r"\s*[#♯b♭]?([ivIV]{1,3})")
_DEGREES: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii")
_NATURALS: Final = {pitch_class_of(key.split()[0]): key.split()[0].upper() for key in KEYS}

_Json = dict[str, Any]


def repaired_structure(value: Any, done: Counter[str]) -> MusicStructure | None:
    """The structure in ``value``, or None where there are not two sections with chords, or no key that all of them can
    be transposed to; ``done`` counts the changes."""
    if not isinstance(value, dict) or not isinstance(value.get("sections"), list):
        return None
    given = [section for section in value["sections"] if isinstance(section, dict)][: SECTION_COUNT[1]]
    keys = _natural_keys([value.get("key"), *(section.get("key", value.get("key")) for section in given)], done)
    if len(given) < SECTION_COUNT[0] or keys is None:
        return None
    metre = _one_of(value.get("timeSignature"), TIME_SIGNATURES, "4/4", "time signature", done)
    sections = [_section(section, key, metre, number, done)
                for number, (section, key) in enumerate(zip(given, keys[1:], strict=True))]  # fmt: skip
    _borrow_motifs(sections, done)
    _shorten(sections, done)
    leitmotifs = [_leitmotif(item, done) for item in _objects(value.get("leitmotifs"))]
    piece = {
        "key": keys[0],
        "tempo": round(_within(value.get("tempo"), 40, 220, 100, "tempo", done)),
        "timeSignature": metre,
        "form": _text(value.get("form"), FORM_LENGTH, "", done),
        "sections": sections,
        "leitmotifs": [item for item in leitmotifs if item is not None][:6] or None,
        "humanize": _humanize(value.get("humanize"), done),
        "instrumentation": _text(value.get("instrumentation"), INSTRUMENTATION_LENGTH, "piano", done),
        "character": _text(value.get("character"), PHRASE_LENGTH, "", done),
        "reasoning": _text(value.get("reasoning"), REASONING_LENGTH, "", done) or None,
    }
    try:
        return MusicStructure.model_validate(piece)
    except ValueError:
        return None


def _natural_keys(given: list[Any], done: Counter[str]) -> list[str] | None:
    """The keys, all moved by the same smallest interval to where none has an accidental, or None."""
    read = [_KEY.fullmatch(key) if isinstance(key, str) else None for key in given]
    if read[0] is None:
        return None
    found = [match or read[0] for match in read]
    roots = [pitch_class_of(match[1]) for match in found]
    minors = [(match[2] or "").lower() in ("minor", "min") or match[2] == "m"
              or (match[2] is None and match[1][0].islower()) for match in found]  # fmt: skip
    for shift in sorted(range(-6, 6), key=abs):
        names = [_NATURALS.get((root + shift) % 12) for root in roots]
        if all(names):
            keys = [f"{str(name).lower()} minor" if minor else f"{name} major"
                    for name, minor in zip(names, minors, strict=True)]  # fmt: skip
            if keys != given:
                done["transposed the piece to keys without accidentals" if shift else "spelled the keys"] += 1
            return keys
    return None


def _section(given: _Json, key: str, metre: str, number: int, done: Counter[str]) -> _Json:
    minor = is_minor(key)
    chords, cadence = _harmony(given.get("chordProgression"), given.get("cadence"), minor, done)
    functions = given.get("harmonicFunctions")
    fits = isinstance(functions, list) and len(functions) == len(chords) and set(map(str, functions)) <= set(
        HARMONIC_FUNCTIONS
    )  # fmt: skip
    if functions is not None and not fits:
        done["left out harmonic functions that do not fit the chords"] += 1
    melody = given.get("melody")
    motifs = [_figure(motif, done) for motif in _objects(melody.get("motifs") if isinstance(melody, dict) else None)]
    return {
        "name": _text(given.get("name"), NAME_LENGTH, "", done) or chr(ord("A") + number),
        "measures": round(_within(given.get("measures"), *SECTION_MEASURES, 8, "number of measures", done)),
        "key": key,
        "chordProgression": chords,
        "melody": {"motifs": [_at_least_two(motif, metre, done) for motif in motifs if motif][:4]},
        "dynamics": _one_of(given.get("dynamics"), DYNAMICS, "mf", "dynamic mark", done),
        "texture": _one_of(given.get("texture"), TEXTURES, "homophonic", "texture", done),
        "cadence": cadence,
        "harmonicFunctions": functions if fits else None,
    }


def _harmony(given: Any, cadence: Any, minor: bool, done: Counter[str]) -> tuple[list[str], str]:
    """Chords of the mode that start on the tonic and end as a cadence: the one they spell, or else the one named."""
    named = [
        match[1] for chord in _items(given) if (match := _CHORD.match(str(chord))) and match[1].lower() in _DEGREES
    ]
    endings = cadence_endings(minor)
    spelled = cadence_of(named, minor) or (cadence if isinstance(cadence, str) and cadence in endings else "PAC")
    ending = list(endings[spelled])
    open_end = cadence_of(named, minor) is None
    kept = named[: len(named) if open_end and len(named) <= len(ending) else max(0, len(named) - len(ending))]
    body = [body_numerals(minor)[_DEGREES.index(name.lower())] for name in kept]
    if not body or body[0] != tonic(minor):
        body.insert(0, tonic(minor))
    chords = body[: MAXIMUM_CHORDS - len(ending)] + ending
    if chords != given or spelled != cadence:
        done["made the chords fit their mode and cadence"] += 1
    return chords, spelled


def _figure(given: _Json, done: Counter[str]) -> _Json | None:
    degrees = [int(value) for value in _items(given.get("degrees")) if is_number(value)]
    rhythm = [float(value) for value in _items(given.get("rhythm")) if is_number(value) and value > 0]
    length = min(len(degrees), len(rhythm), MOTIF_LENGTH)
    if length == 0:
        return None
    figure = {
        "degrees": [degree if 1 <= degree <= 14 else (degree - 1) % 7 + 1 for degree in degrees[:length]],
        "rhythm": [min(RHYTHM_VALUES, key=lambda known: abs(math.log2(known / value))) for value in rhythm[:length]],
    }
    if (figure["degrees"], figure["rhythm"]) != (given.get("degrees"), given.get("rhythm")):
        done["put the degrees and rhythm of a figure right"] += 1
    return figure


def _at_least_two(motif: _Json, metre: str, done: Counter[str]) -> _Json:
    if metre not in TERNARY or len(motif["degrees"]) > 1:
        return motif
    done["repeated the note of a one-note motif"] += 1
    return {name: values * 2 for name, values in motif.items()}


def _borrow_motifs(sections: list[_Json], done: Counter[str]) -> None:
    """A section without a motif takes those of the first that has one."""
    lender: list[_Json] = next((section["melody"]["motifs"] for section in sections if section["melody"]["motifs"]), [])
    for section in sections:
        if not section["melody"]["motifs"]:
            section["melody"]["motifs"] = lender
            done["lent a section the motifs of another"] += 1


def _shorten(sections: list[_Json], done: Counter[str]) -> None:
    total = sum(section["measures"] for section in sections)
    if total <= PIECE_MEASURES[1]:
        return
    done["shortened the sections to the measures that the app keeps"] += 1
    least = SECTION_MEASURES[0]
    spare = PIECE_MEASURES[1] - least * len(sections)
    for section in sections:
        section["measures"] = least + (section["measures"] - least) * spare // (total - least * len(sections))


def _leitmotif(given: _Json, done: Counter[str]) -> _Json | None:
    figure, tag = _figure(given, done), _text(given.get("tag"), TAG_LENGTH, "", done)
    if figure is None or not tag:
        done["dropped a leitmotif without a tag or a figure"] += 1
        return None
    changes = [_text(item, TRANSFORMATION_LENGTH, "", done) for item in _items(given.get("transformations"))]
    return {
        "tag": tag,
        **figure,
        "meaning": _text(given.get("meaning"), PHRASE_LENGTH, "", done) or None,
        "transformations": [change for change in changes if change][:8] or None,
    }


def _humanize(given: Any, done: Counter[str]) -> _Json:
    wanted = given if isinstance(given, dict) else {}
    return {
        "rubato": _one_of(wanted.get("rubato"), RUBATOS, "subtle", "rubato", done),
        "velocityCurve": _one_of(wanted.get("velocityCurve"), VELOCITY_CURVES, "phrase", "velocity curve", done),
        "peakBoost": round(_within(wanted.get("peakBoost"), 0, 0.6, 0.2, "peak boost", done), 2),
        "phraseEndSoftness": round(_within(wanted.get("phraseEndSoftness"), 0, 0.8, 0.3, "softness", done), 2),
    }


def _one_of(given: Any, known: tuple[str, ...], otherwise: str, what: str, done: Counter[str]) -> str:
    if isinstance(given, str) and given in known:
        return given
    done[f"set the {what} to {otherwise}"] += 1
    return otherwise


def _within(given: Any, least: float, most: float, otherwise: float, what: str, done: Counter[str]) -> float:
    if not is_number(given):
        done[f"set the {what} to {otherwise}"] += 1
        return otherwise
    if not least <= given <= most:
        done[f"moved the {what} into {least} to {most}"] += 1
    return float(max(least, min(most, given)))


def _text(given: Any, limit: int, otherwise: str, done: Counter[str]) -> str:
    """A text within its limit; a list of texts is joined."""
    text = ", ".join(map(str, given)) if isinstance(given, list) else given
    if not isinstance(text, str):
        return otherwise
    clipped = clip_text(text, limit)
    if clipped != given:
        done["shortened a text"] += 1
    return clipped


def _items(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _objects(given: Any) -> list[_Json]:
    return [item for item in _items(given) if isinstance(item, dict)]
