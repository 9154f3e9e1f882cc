"""Diatonic triads by Roman numeral, spelled as AIRIA reads them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from boumb_assets.theory.scales import SCALES

MAJOR_NUMERALS: Final = ("I", "ii", "iii", "IV", "V", "vi", "vii")
MINOR_NUMERALS: Final = ("i", "II", "III", "iv", "v", "VI", "vii")  # the app's own spelling of the degrees
# Two chords that borrow from major: the dominant with its leading note, and the tonic of a Picardy third.
MINOR_BORROWED: Final = {"V": (7, 11, 2), "I": (0, 4, 7)}

# The root says most about which triad it is (after the chord templates of Pardo & Birmingham, Computer Music
# Journal 26, 2002, with the root favoured): C and E together are C major rather than A minor.
_ROOT_WEIGHT, _OTHER_WEIGHT = 0.4, 0.3


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


def best_diatonic_chord(
    histogram: ArrayLike, root: int, minor: bool, numerals: Sequence[str] | None = None
) -> tuple[str, float]:
    """The triad that explains a (12,) pitch-class histogram best, and the share (0..1) of it that its notes cover.

    ``numerals`` restricts or widens the choice (e.g. with ``V`` in minor); by default the seven of the mode. The
    earlier numeral wins where two explain as much. Silence is the first of them, and covered by 0.0. Raises
    ValueError for another shape, for no numerals and for one that the mode does not have.
    """
    weights = np.asarray(histogram, dtype=np.float64)
    if weights.shape != (12,):
        raise ValueError(f"a pitch-class histogram has shape (12,), not {weights.shape}")
    choice = tuple(numerals) if numerals is not None else MINOR_NUMERALS if minor else MAJOR_NUMERALS
    if not choice:
        raise ValueError("no chord to choose from")
    total = float(weights.sum())
    if total <= 0:
        return choice[0], 0.0

    def explained(numeral: str) -> float:
        low, third, fifth = chord_pitch_classes(numeral, root, minor)
        return round(float(_ROOT_WEIGHT * weights[low] + _OTHER_WEIGHT * (weights[third] + weights[fifth])) / total, 9)

    best = max(choice, key=explained)
    coverage = float(weights[list(chord_pitch_classes(best, root, minor))].sum()) / total
    return best, min(1.0, coverage)
