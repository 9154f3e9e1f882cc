"""How a MusicStructure is played: a melody of its motifs over one chord a measure."""

from math import pi, sin
from typing import Final

from boumb_assets.contracts.harmony_rules import is_minor
from boumb_assets.contracts.music_structure import Humanize, MusicStructure, Section, bar_quarters
from boumb_assets.render.instruments import programs_of
from boumb_assets.render.performance import Mark, Score, Voice
from boumb_assets.theory.chords import chord_pitch_classes
from boumb_assets.theory.pitch import pitch_class_of
from boumb_assets.theory.scales import degree_pitch

DYNAMIC_VELOCITIES: Final = {"pp": 0.3, "p": 0.4, "mp": 0.52, "mf": 0.64, "f": 0.78, "ff": 0.92}
MELODY, CHORDS, BASS = range(3)  # voices
_MELODY_BASE, _CHORD_BASE, _BASS_BASE = 60, 48, 36  # the C at or above which each voice starts
_SOFTER: Final = {MELODY: 1.0, CHORDS: 0.72, BASS: 0.8}


def structure_score(structure: MusicStructure) -> tuple[Score, int, tuple[int, int]]:
    """The notes of a piece in quarters, its measures, and its metre (numerator, denominator)."""
    numerator, denominator = structure.timeSignature.split("/")
    melody, chords, bass = programs_of(structure.instrumentation)
    score = Score((Voice("melody", melody), Voice("chords", chords), Voice("bass", bass)))
    bar = bar_quarters(structure.timeSignature)
    first = 0
    for section in structure.sections:
        letter, mode = section.key.split()
        score.marks.append(Mark(first, section.name, letter.upper() + ("m" if mode == "minor" else "")))
        _play_section(score, section, structure.humanize, first * bar, bar)
        first += section.measures
    return score, structure.measures, (int(numerator), int(denominator))


def chord_of_measure(section: Section, measure: int) -> str:
    """The numeral in measure ``measure`` (from 0): the progression over and over, its last two chords at the end."""
    chords = section.chordProgression
    left = section.measures - measure
    return chords[-left] if left <= 2 else chords[measure % len(chords)]


def _play_section(score: Score, section: Section, humanize: Humanize, start: float, bar: float) -> None:
    minor, root = is_minor(section.key), pitch_class_of(section.key.split()[0])
    for measure in range(section.measures):
        at, numeral = start + measure * bar, chord_of_measure(section, measure)
        velocity = DYNAMIC_VELOCITIES[section.dynamics] * _phrase_gain(humanize, measure, section.measures)
        motif = section.melody.motifs[measure % len(section.melody.motifs)]
        raised = minor and numeral == "V"  # the leading note, which the dominant of minor borrows
        position, index = 0.0, 0
        while position < bar:
            length = min(motif.rhythm[index % len(motif.rhythm)], bar - position)
            degree = motif.degrees[index % len(motif.degrees)] - 1
            pitch = degree_pitch(root, "minor" if minor else "major", degree, _MELODY_BASE)
            pitch += 1 if raised and degree % 7 == 6 else 0
            score.add(at + position, length, pitch, velocity, MELODY)
            position, index = position + length, index + 1
        _play_chord(score, section.texture, chord_pitch_classes(numeral, root, minor), at, bar, velocity)


def _play_chord(
    score: Score, texture: str, classes: tuple[int, int, int], at: float, bar: float, velocity: float
) -> None:
    """The root below; above it nothing, the triad held, or the triad broken into eighths, by the texture."""
    score.add(at, bar, _BASS_BASE + classes[0], velocity * _SOFTER[BASS], BASS)
    triad = sorted(_CHORD_BASE + pitch_class for pitch_class in classes)
    if texture == "homophonic":
        for pitch in triad:
            score.add(at, bar, pitch, velocity * _SOFTER[CHORDS], CHORDS)
    elif texture == "contrapuntal":
        for index in range(round(bar * 2)):
            pitch = triad[(0, 1, 2, 1)[index % 4]]
            score.add(at + index / 2, 0.5, pitch, velocity * _SOFTER[CHORDS], CHORDS)


def _phrase_gain(humanize: Humanize, measure: int, measures: int) -> float:
    """The player's arch over a section: louder towards its middle, softer in its last measure."""
    peak = humanize.peakBoost * sin(pi * measure / (measures - 1)) if humanize.velocityCurve == "phrase" else 0.0
    return (1 + peak) * (1 - humanize.phraseEndSoftness * (measure == measures - 1))
