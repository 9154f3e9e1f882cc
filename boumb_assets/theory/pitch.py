"""Note names and MIDI numbers. C4 is MIDI 60; names are written with sharps only, as BoumbApp reads them."""

import re
from typing import Final

NOTE_NAMES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
LOWEST: Final = 12  # C0, the lowest pitch that the contract can name
HIGHEST: Final = 119  # B8
NOTE_PATTERN: Final = r"^[A-G]#?[0-8]$"

_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NAME = re.compile(r"([A-G])(#|b)?(-?\d+)")
_PITCH_CLASS = re.compile(r"([A-Ga-g])(#|♯|b|♭)?")


def note_name(pitch: int) -> str:
    """The name of MIDI number ``pitch`` (12..119), e.g. 36 -> ``C2``. Raises ValueError outside that range."""
    if not LOWEST <= pitch <= HIGHEST:
        raise ValueError(f"pitch {pitch} has no name in the contract: {LOWEST}..{HIGHEST} have")
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"


def pitch_of(name: str) -> int:
    """The MIDI number of ``name`` (``C2`` -> 36, ``F#3`` -> 54; flats are read too). Raises ValueError."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is no note name: a letter A to G, at most one accidental, an octave")
    letter, accidental, octave = match.groups()
    return _NATURAL[letter] + {"#": 1, "b": -1, None: 0}[accidental] + 12 * (int(octave) + 1)


def pitch_class_of(name: str) -> int:
    """The pitch class 0..11 of a root's name in any case, sharp or flat: ``F#`` -> 6, ``Bb`` -> 10.

    Raises ValueError.
    """
    match = _PITCH_CLASS.fullmatch(name.strip())
    if match is None:
        raise ValueError(f"{name!r} is no root: a letter A to G with at most one sharp or flat")
    letter, accidental = match.groups()
    return (_NATURAL[letter.upper()] + {"#": 1, "♯": 1, "b": -1, "♭": -1, None: 0}[accidental]) % 12
