"""What is known of a loop of the mix, in its new key."""

from collections.abc import Mapping
from typing import Any, Final

from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence
from boumb_assets.contracts.loop_request import STYLES
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.prompts.facts import LoopFacts, density_of, is_swung, is_syncopated, mood_of, register_of
from boumb_assets.theory.emotion import arousal, valence
from boumb_assets.theory.keys import pitch_class_histogram

MIDDLE_C: Final = 60.0  # a loop's register comes from its role and says nothing of its mood
BPM: Final = (40, 220)


def facts_of(loop: Mapping[str, Any], content: str, shift: int) -> LoopFacts:
    """The facts of one row of the mix whose ``content`` has been moved by ``shift`` semitones. What is not known, or
    what the studio has no word for, is None."""
    drums = loop["contract"] == "drum-pattern"
    bpm = round(loop["bpm"]) if loop["bpm"] is not None and BPM[0] <= round(loop["bpm"]) <= BPM[1] else None
    known = not drums and loop["key_root"] is not None and loop["scale"] is not None
    return LoopFacts(
        contract=loop["contract"],
        role=loop["role"],
        style=loop["style"] if loop["style"] in STYLES else None,
        root=(int(loop["key_root"]) + shift) % 12 if known else None,
        scale=loop["scale"] if known else None,
        bpm=bpm,
        bars=int(loop["bars"]),
        density=density_of(loop["role"], float(loop["density"])),
        register=register_of(int(loop["lowest"]) + shift, int(loop["highest"]) + shift),
        swing=is_swung(float(loop["swing"])),
        syncopated=is_syncopated(loop["role"], float(loop["syncopation"])),
        mood=_mood(loop, content, bpm),
        composer=loop["composer"],
    )


def _mood(loop: Mapping[str, Any], content: str, bpm: int | None) -> str | None:
    """The mood of a melodic loop of known tempo, from its notes alone; an estimate, None where it is not clear."""
    if bpm is None or loop["contract"] != "boumb-sequence":
        return None
    sequence = contract_of("boumb-sequence").parse(content)
    if not isinstance(sequence, BoumbSequence):
        return None
    lengths = [DURATION_STEPS[note.duration] for note in sequence.sequence]
    histogram = pitch_class_histogram([note.pitch for note in sequence.sequence], lengths)
    step_s = 60 / bpm / 4
    onsets = len({note.step for note in sequence.sequence}) / (16 * int(loop["bars"]) * step_s)
    feeling = valence(histogram, bpm, onsets, MIDDLE_C)
    return mood_of(feeling, arousal(bpm, onsets, step_s * sum(lengths) / len(lengths)))
