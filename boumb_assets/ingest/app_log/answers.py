"""What a model answered, as the music that the app made of it."""

from typing import Final

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.contracts.repair import repair
from boumb_assets.contracts.steps import Steps

Music = BoumbSequence | Steps | DrumPattern

# The key that only one contract has; the app reads all other shapes (notes, melody, a bare list) as steps.
_SHAPES: Final = (('"clips"', "drum-pattern"), ('"sequence"', "boumb-sequence"), ('"time"', "boumb-sequence"))
# Repairs after which the notes are those that the app played. Of any other (a text that broke off, notes that were
# dropped or moved, a flat, which the app misreads) the user rated something else than we could write down.
_HARMLESS: Final = frozenset({
    "wrote the canonical text",
    "took the JSON out of the text around it",
    "sorted the notes",
    "dropped a note that sounded twice",
    "brought an onset back into two bars",
    "set a duration that the contract knows",
    "set a velocity where there was none",
    "rounded a velocity to tenths",
    "wrote a velocity as MIDI does",
})  # fmt: skip


class AnswerError(ValueError):
    """An answer that is no music; the text says why, in words that repeat nothing of the answer."""


def read_answer(text: str) -> Music:
    """The music in ``text``: a sequence, a drum pattern or steps, in any of the shapes that the app reads, also with
    prose or a code fence around it. Raises AnswerError where there is none, or where the app must have played other
    notes than can be read."""
    name = next((name for key, name in _SHAPES if key in text), "boumb-steps")
    repaired = repair(text, name)
    if repaired.text is None:
        raise AnswerError("the answer is no music")
    changes = [action for action in repaired.actions if action.partition(" (")[0] not in _HARMLESS]
    if changes:
        raise AnswerError(f"the answer cannot be read as it was played; repair {changes[0]}")
    music = contract_of(name).parse(repaired.text)
    assert isinstance(music, BoumbSequence | Steps | DrumPattern)
    return music
