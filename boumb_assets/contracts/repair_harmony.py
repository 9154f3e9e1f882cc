"""Putting keys, chords and cadences right."""

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
from boumb_assets.contracts.music_structure import KEYS
from boumb_assets.contracts.repair_values import items
from boumb_assets.theory.pitch import pitch_class_of

_KEY: Final = re.compile(
    r"\s*([A-Ga-g])\s*-?(#|♯|b|♭|sharp|flat)?[\s_-]*(major|minor|maj|min|m)?\.?\s*", re.IGNORECASE | re.ASCII
)
_CHORD: Final = re.compile(r"\s*[#♯b♭]?([ivIV]{1,3})")
_NAMED_CHORD: Final = re.compile(r"\s*([A-G])([#♯b♭]?)(?![a-ln-z])")
_DEGREES: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii")
_NATURALS: Final = {pitch_class_of(key.split()[0]): key.split()[0].upper() for key in KEYS}
_DEGREE_OF: Final = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)  # by semitones above the tonic
# How else cadences are called, by how the name begins.
_CADENCE_NAMES: Final = (
    ("half", "HC"), ("imperfect", "HC"), ("open", "HC"), ("decept", "DC"), ("interrupt", "DC"), ("evaded", "DC"),
    ("picardy", "PICARDY"), ("tierce", "PICARDY"), ("perfect", "PAC"), ("authentic", "PAC"), ("iac", "PAC"),
    ("full", "PAC"), ("pac", "PAC"), ("hc", "HC"), ("dc", "DC"),
)  # fmt: skip

_Key = tuple[int, bool]  # pitch class of the root, whether minor


def natural_keys(given: list[Any], done: Counter[str]) -> list[str]:
    """The keys, all moved by the same smallest interval that leaves the fewest accidentals; the root of one that still
    has one gives way to its letter. ``given`` are those of the piece, then of each section; one that cannot be read
    takes the piece's, a piece without one that of its first section, and without any C major."""
    read = [_read(key) for key in given]
    home = next((key for key in read if key is not None), (0, False))
    keys = [key or home for key in read]
    shift = min(range(-6, 6), key=lambda by: (sum((root + by) % 12 not in _NATURALS for root, _ in keys), abs(by)))
    names = [_name((root + shift) % 12, minor) for root, minor in keys]
    if names != given:
        done["transposed the piece to keys without accidentals" if shift else "spelled the keys"] += 1
    return names


def moved_key(key: str, semitones: int) -> str:
    """``key`` so many semitones higher; a root with an accidental gives way to its letter."""
    root, minor = pitch_class_of(key.split()[0]), is_minor(key)
    return _name((root + semitones) % 12, minor)


def _read(given: Any) -> _Key | None:
    match = _KEY.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return None
    letter, accidental, mode = match.groups()
    sign = {"#": 1, "♯": 1, "s": 1, "b": -1, "♭": -1, "f": -1}.get((accidental or " ")[0].lower(), 0)
    said = (mode or "").lower()
    minor = said.startswith("min") or mode == "m" or (mode is None and letter.islower())
    return (pitch_class_of(letter.upper()) + sign) % 12, minor


def _name(root: int, minor: bool) -> str:
    letter = _NATURALS.get(root) or _NATURALS[(root - 1) % 12]
    return f"{letter.lower()} minor" if minor else f"{letter} major"


def harmony(given: Any, cadence: Any, key: str, done: Counter[str]) -> tuple[list[str], str]:
    """Chords of the mode of ``key`` that start on the tonic and end as a cadence: the one they spell, or else the one
    named. A chord that cannot be read is the tonic, so that all others keep their measures."""
    minor = is_minor(key)
    named = [_numeral(chord, key) for chord in items(given)]
    named = named if any(named) else []
    endings = cadence_endings(minor)
    chords_said = [chord or tonic(minor) for chord in named]
    spelled_out = cadence_of(chords_said, minor)
    spelled = spelled_out or _cadence(cadence, endings)
    ending = list(endings[spelled])
    open_end = spelled_out is None
    short = open_end and len(chords_said) <= len(ending)
    kept = chords_said[: len(chords_said) if short else max(0, len(chords_said) - len(ending))]
    body = [body_numerals(minor)[_DEGREES.index(name.lower())] for name in kept]
    if not body or body[0] != tonic(minor):
        body.insert(0, tonic(minor))
    chords = body[: MAXIMUM_CHORDS - len(ending)] + ending
    if chords != given or spelled != cadence:
        done["made the chords fit their mode and cadence"] += 1
    return chords, spelled


def _numeral(chord: Any, key: str) -> str | None:
    """The numeral that a chord's text begins with, or that of the degree which its letter name (``G7``) stands on."""
    text = str(chord)[:32]
    match = _CHORD.match(text)
    if match is not None and match[1].lower() in _DEGREES:
        return match[1]
    named = _NAMED_CHORD.match(text)
    if named is None:
        return None
    sign = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(named[2], 0)
    above = (pitch_class_of(named[1]) + sign - pitch_class_of(key.split()[0])) % 12
    minor = is_minor(key)
    return body_numerals(minor)[_DEGREE_OF[above]]


def _cadence(given: Any, endings: dict[str, tuple[str, ...]]) -> str:
    if not isinstance(given, str):
        return "PAC"
    said = given.strip().lower()
    meant = next((name for word, name in _CADENCE_NAMES if said.startswith(word)), "PAC")
    return next((name for name in (given, meant) if name in endings), "PAC")
