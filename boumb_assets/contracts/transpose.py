"""Contents of the contracts in another key."""

import re
from functools import cache
from typing import Final

from boumb_assets.contracts.music_structure import KEYS
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.theory.pitch import HIGHEST, LOWEST, NOTE_NAMES, note_name, pitch_class_of, pitch_of

_NOTE_FIELDS: Final = {"boumb-sequence": "note", "boumb-steps": "pitch"}
_OPENINGS: Final = {"boumb-sequence": '{"sequence":', "boumb-steps": '{"notes":'}
_KEY_FIELD: Final = re.compile(r'("key":")([^"]+)(")')
_NAME_IN_WORDS: Final = re.compile(r"(?<![\w#])[A-G]#?[0-8](?![\w#])")


def transpose_content(contract: str, content: str, semitones: int) -> str | None:
    """The canonical text ``content``, ``semitones`` higher; nothing but its names of notes or keys changes.

    None where the contract cannot write that: a note beyond C0 to B8, one whose name is none of the contract's, a key
    of a structure that needs an accidental, a drum pattern (its notes are drums, not heights). By 0 semitones
    everything comes back as it is. Raises ValueError for an unknown contract.
    """
    contract_of(contract)
    if semitones == 0:
        return content
    if contract == "music-structure":
        return _transposed_keys(content, semitones)
    if contract not in _NOTE_FIELDS:
        return None
    names = _names(semitones)
    pattern = _pattern(_NOTE_FIELDS[contract])
    if any(match[2] not in names for match in pattern.finditer(content)):
        return None
    return pattern.sub(lambda match: match[1] + names[match[2]] + match[3], content)


def contract_of_notes(content: str) -> str | None:
    """The contract that the canonical text ``content`` opens as, of those whose notes can be moved."""
    return next((name for name, opening in _OPENINGS.items() if content.startswith(opening)), None)


def transpose_names(text: str, semitones: int) -> str | None:
    """``text`` with the notes that it names (``C2``, ``F#3``) ``semitones`` higher; None where one has no name then."""
    names = _names(semitones)
    if any(name not in names for name in _NAME_IN_WORDS.findall(text)):
        return None
    return _NAME_IN_WORDS.sub(lambda match: names[match[0]], text)


@cache
def _pattern(field: str) -> re.Pattern[str]:
    return re.compile(rf'("{field}":")([^"]*)(")')


@cache
def _names(semitones: int) -> dict[str, str]:
    """The new name of each note that has one."""
    pitches = [pitch for pitch in range(LOWEST, HIGHEST + 1) if LOWEST <= pitch + semitones <= HIGHEST]
    return {note_name(pitch): note_name(pitch + semitones) for pitch in pitches}


def _transposed_keys(content: str, semitones: int) -> str | None:
    moved = {key: _moved_key(key, semitones) for key in {match[2] for match in _KEY_FIELD.finditer(content)}}
    if any(name not in KEYS for name in moved.values()):
        return None
    return _KEY_FIELD.sub(lambda match: match[1] + moved[match[2]] + match[3], content)


def _moved_key(key: str, semitones: int) -> str:
    root, _, mode = key.partition(" ")
    name = NOTE_NAMES[(pitch_class_of(root) + semitones) % 12]
    return f"{name.lower() if mode == 'minor' else name} {mode}"


def pitches_of(contract: str, content: str) -> list[int]:
    """The MIDI numbers of the notes of a melodic canonical text, in its order; none for drums and structures."""
    if contract not in _NOTE_FIELDS:
        return []
    return [pitch_of(match[2]) for match in _pattern(_NOTE_FIELDS[contract]).finditer(content)]
