"""The fourteen scales of the studio, as semitones above the root, and what follows from them."""

from collections.abc import Iterable
from typing import Final

SCALES: Final[dict[str, tuple[int, ...]]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "hirajoshi": (0, 2, 3, 7, 8),
    "insen": (0, 1, 5, 7, 10),
    "iwato": (0, 1, 5, 6, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "pentatonic_minor": (0, 3, 5, 7, 10),
    "pentatonic_major": (0, 2, 4, 7, 9),
    "double_harmonic": (0, 1, 4, 5, 7, 8, 11),
    "phrygian_dominant": (0, 1, 4, 5, 7, 8, 10),
}


def normalise_scale(name: str) -> str:
    """The canonical name of a scale: case, spaces and hyphens do not matter. Raises ValueError for an unknown one,
    where the app itself would silently play natural minor."""
    canonical = name.strip().lower().replace(" ", "_").replace("-", "_")
    if canonical not in SCALES:
        raise ValueError(f"{name!r} is no scale of the studio; known: {', '.join(SCALES)}")
    return canonical


def scale_classes(root: int, scale: str) -> frozenset[int]:
    """The pitch classes of ``scale`` (a canonical name) on pitch class ``root`` (0..11)."""
    return frozenset((root + step) % 12 for step in SCALES[scale])


def in_scale_share(pitches: Iterable[int], root: int, scale: str) -> float:
    """The share (0..1) of ``pitches`` that lie in the scale; 1.0 for none at all."""
    classes = scale_classes(root, scale)
    inside = [pitch % 12 in classes for pitch in pitches]
    return sum(inside) / len(inside) if inside else 1.0


def degree_pitch(root: int, scale: str, degree: int, base: int) -> int:
    """The MIDI pitch of scale degree ``degree`` (0 is the root; negative and beyond the octave wrap), counted from
    the root's pitch at or above MIDI number ``base``."""
    steps = SCALES[scale]
    octave, index = divmod(degree, len(steps))
    return base + (root - base) % 12 + 12 * octave + steps[index]
