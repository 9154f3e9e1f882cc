"""How sure each field of a structure and of its request is, 0..1."""

from collections.abc import Mapping
from typing import Any, Final

from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.corpus.structures.manner import is_loudness_told, texture_of
from boumb_assets.corpus.structures.plan import period_of, stated_form
from boumb_assets.corpus.structures.reading import Reading

VALENCE: Final = 0.78  # how often the formulas order two pieces as listeners do (`theory.emotion`)
AROUSAL: Final = 0.875
STATED: Final = 0.95  # what the metadata state
BY_YEAR: Final = 0.7  # a period by a year of death: styles and lives overlap
BY_PROGRAM: Final = 0.7  # General MIDI has no singer: files have an oboe or a choir sing
PLAIN: Final = 0.9  # what notes show, where nothing had to be bent
BENT: Final = 0.5  # a rhythm near to plain values, a default that may mean nothing
DEFAULT_BPM: Final = 120.0  # of a file that states no tempo, and of programs whose user chose none
DEFAULT_PROGRAM: Final = 0


def sureness_of(structure: MusicStructure, reading: Reading, facts: Mapping[str, Any]) -> dict[str, float]:
    """A confidence for each field of ``structure`` that is there, those of a section under ``sections.``, and for what
    its request says beyond it.

    Keys, metre and cadences have the confidence of what found them; chords the share of time that they keep; 0 is what
    the contract wants and the file does not tell.
    """
    piece, spans = reading.piece, reading.spans
    cadences = min(span.cadence.confidence for span in spans)
    loudness = PLAIN if is_loudness_told(piece) else 0.0
    textures = [texture_of(piece, span.start * piece.bar, span.stop * piece.bar)[1] for span in spans]
    rhythms = [PLAIN if motifs.exact else BENT for motifs in reading.motifs]
    is_default = reading.tempo.bpm == DEFAULT_BPM and not reading.tempo.changes
    sure = {
        "key": reading.home_confidence,
        "tempo": BENT if is_default else reading.tempo.share,
        "timeSignature": float(facts["grid_confidence"]),
        "form": STATED if stated_form(facts) else reading.letters.confidence,
        "sections.name": reading.letters.confidence,
        "sections.measures": cadences,
        "sections.key": reading.key_confidence,
        "sections.chordProgression": reading.kept,
        "sections.melody": sum(rhythms) / len(rhythms),
        "sections.dynamics": loudness,
        "sections.texture": sum(textures) / len(textures),
        "sections.cadence": cadences,
        "sections.harmonicFunctions": reading.kept,
        "humanize": max(loudness, PLAIN if reading.tempo.changes else 0.0),
        "instrumentation": BENT if set(piece.program.tolist()) == {DEFAULT_PROGRAM} else BY_PROGRAM,
        "character": min(VALENCE, AROUSAL),
        "valence": VALENCE,
        "arousal": AROUSAL,
    }
    if structure.leitmotifs:
        sure["leitmotifs"] = PLAIN
    if period_of(facts["composer_died"]):
        sure["period"] = BY_YEAR
    return {name: round(value, 3) for name, value in sorted(sure.items())}
