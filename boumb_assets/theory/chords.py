"""Diatonic triads by Roman numeral, spelled as AIRIA reads them."""

from typing import Final

from boumb_assets.theory.scales import SCALES

MAJOR_NUMERALS: Final = ("I", "ii", "iii", "IV", "V", "vi", "vii")
MINOR_NUMERALS: Final = ("i", "II", "III", "iv", "v", "VI", "vii")  # the app's own spelling of the degrees
# Two chords that borrow from major: the dominant with its leading note, and the tonic of a Picardy third.
MINOR_BORROWED: Final = {"V": (7, 11, 2), "I": (0, 4, 7)}


def chord_pitch_classes(numeral: str, root: int, minor: bool) -> tuple[int, int, int]:
    """Root, third and fifth (pitch classes 0..11) of ``numeral`` in the key on pitch class ``root``.

    In minor the triads are those of natural minor, and ``V`` and ``I`` are major. Raises ValueError for a numeral
    that the mode does not have.
    """
    numerals = MINOR_NUMERALS if minor else MAJOR_NUMERALS
    if minor and numeral in MINOR_BORROWED:
        steps: tuple[int, ...] = MINOR_BORROWED[numeral]
    elif numeral in numerals:
        scale = SCALES["minor" if minor else "major"]
        degree = numerals.index(numeral)
        steps = tuple(scale[(degree + third) % 7] for third in (0, 2, 4))
    else:
        known = ", ".join((*numerals, *(MINOR_BORROWED if minor else ())))
        raise ValueError(f"{numeral!r} is no triad of a {'minor' if minor else 'major'} key; known: {known}")
    low, third, fifth = ((root + step) % 12 for step in steps)
    return low, third, fifth
