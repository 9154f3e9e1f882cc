"""Examples of the curated library as turns of a conversation, for a model that was not fine-tuned."""

from collections.abc import Sequence
from typing import Final

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.few_shot.library import Library, LibraryLoop
from boumb_assets.few_shot.retrieval import nearest_loops, nearest_structures
from boumb_assets.generation.asks import Ask
from boumb_assets.prompts.structure_message import structure_prompt
from boumb_assets.theory.pitch import HIGHEST, LOWEST, NOTE_NAMES, note_name

EXAMPLES: Final = 3
_ROLES: Final = {
    "fr": {"bass": "basse", "lead": "lead", "keys": "clavier", "pad": "nappe", "drums": "batterie"},
    "en": {"bass": "bass", "lead": "lead", "keys": "keys", "pad": "pad", "drums": "drums"},
}


def library_examples(ask: Ask, count: int = EXAMPLES, library: Library | None = None) -> Sequence[tuple[str, str]]:
    """At most ``count`` (prompt, answer) pairs of the library near to the ask, the nearest last, where a model heeds it
    most (Zhao et al. 2021). ``library``: what there is to choose from; by default all of it."""
    if ask.contract == "music-structure":
        pieces = nearest_structures(ask.music or MusicRequest(), count, library)
        return [(structure_prompt(piece.request), piece.text) for piece in reversed(pieces)]
    wanted: Final = "drum-pattern" if ask.contract == "drum-pattern" else "boumb-sequence"
    loops = nearest_loops(ask.request, count, wanted, library)
    return [(_prompt(loop, ask), _moved(loop, ask.request)) for loop in reversed(loops)]


def _prompt(loop: LibraryLoop, ask: Ask) -> str:
    role, request = _ROLES[ask.language][loop.role], ask.request
    root = loop.root_class if request.root is None else request.root
    key = "" if root is None or loop.scale is None else f" {NOTE_NAMES[root]} {loop.scale}"
    if ask.language == "fr":
        return f"{role.capitalize()} {loop.style}{f' en{key}' if key else ''}, {loop.bpm} BPM"
    return f"{loop.style} {role}{f' in{key}' if key else ''}, {loop.bpm} BPM"


def _moved(loop: LibraryLoop, request: LoopRequest) -> str:
    """The example's text on the root asked for, by the shorter way, where all its notes have names there."""
    root = loop.root_class
    if request.root is None or root is None or loop.contract != "boumb-sequence":
        return loop.text
    shift = (request.root - root + 6) % 12 - 6
    sequence = BoumbSequence.model_validate_json(loop.text).sequence
    if not all(LOWEST <= note.pitch + shift <= HIGHEST for note in sequence):
        return loop.text
    moved = [note.model_copy(update={"note": note_name(note.pitch + shift)}) for note in sequence]
    return BoumbSequence.of(moved).to_json()
