"""The text of each contract in fragments that become tokens of their own.

With them a note costs 4 tokens where a large vocabulary takes 25, in any runtime, and the text stays the same. Tokens
are matched leftmost-longest, also in a user's words: so each fragment has a quote or a bracket that prose has not.
"""

from itertools import product

from boumb_assets.contracts.boumb_sequence import DURATIONS, LOOP_BARS, VELOCITIES, time_of
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, DRUM_TRACKS
from boumb_assets.contracts.harmony_rules import CADENCES
from boumb_assets.contracts.music_structure import (
    DYNAMICS,
    HARMONIC_FUNCTIONS,
    KEYS,
    RUBATOS,
    TEXTURES,
    TIME_SIGNATURES,
    VELOCITY_CURVES,
)
from boumb_assets.contracts.steps import SERVICE_STEPS
from boumb_assets.theory.chords import MAJOR_NUMERALS, MINOR_NUMERALS
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name

_NAMES = tuple(note_name(pitch) for pitch in range(LOWEST, HIGHEST + 1))


def sequence_fragments() -> tuple[str, ...]:
    """Four tokens a note: name, time (of four bars), duration, velocity with what closes it."""
    return (
        '{"sequence":[',
        *(f'{{"note":"{name}",' for name in _NAMES),
        *(f'"time":"{time_of(step)}",' for step in range(16 * max(LOOP_BARS))),
        *(f'"duration":"{duration}",' for duration in DURATIONS),
        *(f'"velocity":{velocity}}}{end}' for end in (",", "]}") for velocity in VELOCITIES),
    )


def drum_fragments() -> tuple[str, ...]:
    """Two tokens a hit. The rare ``fill`` is left to the tokenizer's own tokens."""
    return (
        '{"clips":{',
        *(f'"{track}":[' for track in DRUM_TRACKS),
        *(f'{{"time":"{time_of(step)}","note":"C4","duration":"16n",' for step in range(DRUM_STEPS)),
        *(f'"velocity":{velocity}}}{end}' for end in (",", "],", "]}}") for velocity in VELOCITIES),
    )


def steps_fragments() -> tuple[str, ...]:
    """Four tokens a note."""
    return (
        '{"notes":[',
        *(f'{{"pitch":"{name}",' for name in _NAMES),
        *(f'"start":{start},' for start in range(SERVICE_STEPS)),
        *(f'"duration":{duration},' for duration in range(1, SERVICE_STEPS + 1)),
        *(f'"velocity":{velocity}}}{end}' for end in (",", "]}") for velocity in range(1, 128)),
    )


def structure_fragments() -> tuple[str, ...]:
    """The fixed words of a structure; names, numbers and prose are left to the tokenizer's own tokens."""
    numerals = dict.fromkeys((*MAJOR_NUMERALS, *MINOR_NUMERALS))
    melody, functions = '],"melody":{"motifs":[{"degrees":[', ',"harmonicFunctions":['
    return (
        *(f'{{"key":"{key}","tempo":' for key in KEYS),
        *(f'"timeSignature":"{metre}","form":"' for metre in TIME_SIGNATURES),
        '","sections":[{"name":"',
        '{"name":"',
        '","measures":',
        *(f'"key":"{key}","chordProgression":[' for key in KEYS),
        *(f'"{numeral}"{end}' for numeral, end in product(numerals, (",", melody))),
        '],"rhythm":[',
        ']},{"degrees":[',
        *(f']}}]}},"dynamics":"{mark}",' for mark in DYNAMICS),
        *(f'"texture":"{texture}",' for texture in TEXTURES),
        *(f'"cadence":"{cadence}"{end}' for cadence, end in product(CADENCES, ("},", "}],", functions))),
        *(f'"{function}"{end}' for function, end in product(HARMONIC_FUNCTIONS, (",", "]},", "]}],"))),
        '"leitmotifs":[{"tag":"',
        '{"tag":"',
        '","degrees":[',
        ',"meaning":"',
        ',"transformations":["',
        *(
            f'"humanize":{{"rubato":"{rubato}","velocityCurve":"{curve}","peakBoost":'
            for rubato, curve in product(RUBATOS, VELOCITY_CURVES)
        ),
        '"phraseEndSoftness":',
        '"instrumentation":"',
        '","character":"',
        '","reasoning":"',
    )
