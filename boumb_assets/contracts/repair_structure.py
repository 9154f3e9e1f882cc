"""Putting a structure right: keys without accidentals, harmony that fits its cadence, lists of equal length."""

import math
from collections import Counter
from typing import Any, Final

from boumb_assets.contracts.music_structure import (
    DYNAMICS,
    HARMONIC_FUNCTIONS,
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
from boumb_assets.contracts.repair_harmony import harmony, natural_keys
from boumb_assets.contracts.repair_values import items, number, objects, one_of, text, unwrapped, within
from boumb_assets.contracts.text_fields import (
    FORM_LENGTH,
    INSTRUMENTATION_LENGTH,
    NAME_LENGTH,
    PHRASE_LENGTH,
    REASONING_LENGTH,
    TAG_LENGTH,
    TRANSFORMATION_LENGTH,
)

TEMPO_RANGE: Final = (40, 220)
UNSAID_TEMPO: Final = 100  # where a structure has none
_Json = dict[str, Any]


def repaired_structure(value: Any, done: Counter[str]) -> MusicStructure | None:
    """The structure in ``value``, or None where there are not two sections; ``done`` counts the changes."""
    value = unwrapped(value, ("sections",))
    if not isinstance(value, dict) or not isinstance(value.get("sections"), list):
        return None
    given = [section for section in value["sections"] if isinstance(section, dict)][: SECTION_COUNT[1]]
    keys = natural_keys([value.get("key"), *(section.get("key", value.get("key")) for section in given)], done)
    if len(given) < SECTION_COUNT[0]:
        return None
    metre = one_of(value.get("timeSignature"), TIME_SIGNATURES, "4/4", "time signature", done)
    sections = [_section(section, key, metre, number, done)
                for number, (section, key) in enumerate(zip(given, keys[1:], strict=True))]  # fmt: skip
    _borrow_motifs(sections, done)
    _shorten(sections, done)
    leitmotifs = [_leitmotif(item, done) for item in objects(value.get("leitmotifs"))]
    piece = {
        "key": keys[0],
        "tempo": within(value.get("tempo"), *TEMPO_RANGE, UNSAID_TEMPO, "tempo", done),
        "timeSignature": metre,
        "form": text(value.get("form"), FORM_LENGTH, "", done),
        "sections": sections,
        "leitmotifs": [item for item in leitmotifs if item is not None][:6] or None,
        "humanize": _humanize(value.get("humanize"), done),
        "instrumentation": text(value.get("instrumentation"), INSTRUMENTATION_LENGTH, "piano", done),
        "character": text(value.get("character"), PHRASE_LENGTH, "", done),
        "reasoning": _said(value.get("reasoning"), REASONING_LENGTH, done),
    }
    try:
        return MusicStructure.model_validate(piece)
    except ValueError:
        return None


def _section(given: _Json, key: str, metre: str, number: int, done: Counter[str]) -> _Json:
    chords, cadence = harmony(given.get("chordProgression", given.get("chords")), given.get("cadence"), key, done)
    functions = given.get("harmonicFunctions")
    fits = isinstance(functions, list) and len(functions) == len(chords) and set(map(str, functions)) <= set(
        HARMONIC_FUNCTIONS
    )  # fmt: skip
    if functions is not None and not fits:
        done["left out harmonic functions that do not fit the chords"] += 1
    motifs = [_figure(motif, done) for motif in objects(_motifs(given))]
    return {
        "name": text(given.get("name"), NAME_LENGTH, "", done) or chr(ord("A") + number),
        "measures": round(
            within(given.get("measures", given.get("bars")), *SECTION_MEASURES, 8, "number of measures", done)
        ),
        "key": key,
        "chordProgression": chords,
        "melody": {"motifs": [_at_least_two(motif, metre, done) for motif in motifs if motif][:4]},
        "dynamics": one_of(given.get("dynamics"), DYNAMICS, "mf", "dynamic mark", done),
        "texture": one_of(given.get("texture"), TEXTURES, "homophonic", "texture", done),
        "cadence": cadence,
        "harmonicFunctions": functions if fits else None,
    }


def _motifs(section: _Json) -> Any:
    """The motifs of a section, also without the melody around them."""
    melody = section.get("melody", section)
    return melody.get("motifs") if isinstance(melody, dict) else melody


def _figure(given: _Json, done: Counter[str]) -> _Json | None:
    degrees = [int(value) for item in items(given.get("degrees")) if (value := number(item)) is not None]
    rhythm = [float(value) for item in items(given.get("rhythm")) if (value := number(item)) is not None and value > 0]
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
    figure, tag = _figure(given, done), text(given.get("tag"), TAG_LENGTH, "", done)
    if figure is None or not tag:
        done["dropped a leitmotif without a tag or a figure"] += 1
        return None
    return {
        "tag": tag,
        **figure,
        "meaning": _said(given.get("meaning"), PHRASE_LENGTH, done),
        "transformations": _transformations(given.get("transformations"), done),
    }


def _transformations(given: Any, done: Counter[str]) -> list[str] | None:
    if not isinstance(given, list):
        return None
    said = [_said(item, TRANSFORMATION_LENGTH, done) for item in given]
    return [change for change in said if change is not None][:8]


def _said(given: Any, limit: int, done: Counter[str]) -> str | None:
    """A text that may be left out; what is none is."""
    return text(given, limit, "", done) if isinstance(given, str | list) else None


def _humanize(given: Any, done: Counter[str]) -> _Json:
    wanted = given if isinstance(given, dict) else {}
    return {
        "rubato": one_of(wanted.get("rubato"), RUBATOS, "subtle", "rubato", done),
        "velocityCurve": one_of(wanted.get("velocityCurve"), VELOCITY_CURVES, "phrase", "velocity curve", done),
        "peakBoost": within(wanted.get("peakBoost"), 0, 0.6, 0.2, "peak boost", done),
        "phraseEndSoftness": within(wanted.get("phraseEndSoftness"), 0, 0.8, 0.3, "softness", done),
    }
