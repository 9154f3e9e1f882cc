"""What can be measured of loops without listening: numbers to compare writers by, not a judgement of taste.

The definitions of MusPy (Dong et al., "MusPy: A Toolkit for Symbolic Music Generation", ISMIR 2020), on the grid of
the contracts. None where a metric is not defined: pitch for drums, bars to compare where there is one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT
from boumb_assets.contracts.request_rules import REGISTERS
from boumb_assets.contracts.validation import validate
from boumb_assets.render.loops import Loop
from boumb_assets.theory.fingerprint import loop_fingerprint
from boumb_assets.theory.scales import in_scale_share, scale_classes

FINE: Final = 2  # half sixteenths: the shortest note is a 32nd
COPY_NOTES: Final = 8
Gram = tuple[tuple[int, int], ...]


def validity(texts: Sequence[str], contract: str) -> float | None:
    """The share (0..1) of ``texts`` that their consumer takes unchanged; None without texts. Raises ValueError for an
    unknown contract."""
    return sum(not validate(text, contract) for text in texts) / len(texts) if texts else None


def pitch_class_entropy(loop: Loop) -> float | None:
    """Entropy of the twelve pitch classes in bits, 0 (one class) to 3.58 (all alike): how settled the tonality is.

    Wu and Yang, "The Jazz Transformer on the Front Line", ISMIR 2020, section 4.1 (H1, there for windows of one bar;
    here for the whole loop, as MusPy has it).
    """
    if loop.drums:
        return None
    counts = np.bincount(loop.pitches % 12, minlength=12)
    shares = counts[counts > 0] / loop.notes
    return max(0.0, float(-(shares * np.log2(shares)).sum()))


def in_scale(loop: Loop, root: int, scale: str) -> float | None:
    """The share (0..1) of notes in ``scale`` on pitch class ``root``, which somebody asked for (MusPy's pitch_in_scale
    rate; Dong et al., "MuseGAN", AAAI 2018)."""
    return None if loop.drums else in_scale_share(loop.pitches.tolist(), root, scale)


def scale_consistency(loop: Loop) -> float | None:
    """The largest share (0..1) of notes in any major or natural minor scale (MusPy; Mogren, "C-RNN-GAN", 2016)."""
    if loop.drums:
        return None
    counts = np.bincount(loop.pitches % 12, minlength=12)
    # natural minor has the notes of its relative major, so that the twelve major scales are all there is to try
    return max(float(counts[sorted(scale_classes(root, "major"))].sum()) for root in range(12)) / loop.notes


def empty_beat_rate(loop: Loop) -> float:
    """The share (0..1) of beats in which nothing sounds (MusPy; Dong et al., "Pypianoroll", ISMIR 2018)."""
    sounding = _roll(loop).any(axis=0).reshape(-1, STEPS_PER_BEAT * FINE).any(axis=1)
    return float(1 - sounding.mean())


def groove_consistency(loop: Loop) -> float | None:
    """1 minus the mean share of sixteenths at which two neighbouring bars differ in having an onset (Wu and Yang 2020,
    section 4.2; over neighbours only, as in MusPy). None for one bar."""
    if loop.bars < 2:
        return None
    onsets = np.zeros(loop.bars * STEPS_PER_BAR, dtype=bool)
    onsets[loop.steps] = True
    bars = onsets.reshape(loop.bars, STEPS_PER_BAR)
    return float(1 - (bars[1:] != bars[:-1]).mean())


def polyphony(loop: Loop) -> float | None:
    """How many pitches sound at once on average, where any does (MusPy)."""
    if loop.drums:
        return None
    roll = _roll(loop)
    return float(roll.sum() / roll.any(axis=0).sum())


def note_density(loop: Loop) -> float:
    """Onsets a bar: sixteenths at which at least one note begins, a chord being one."""
    return len(np.unique(loop.steps)) / loop.bars


def register_share(loop: Loop, role: str) -> float | None:
    """The share (0..1) of notes in the register of ``role`` (`generation.pitches`); None for drums."""
    register = {str(name): bounds for name, bounds in REGISTERS.items()}.get(role)
    if loop.drums or register is None:
        return None
    return float(((loop.pitches >= register[0]) & (loop.pitches <= register[1])).mean())


def distinctness(loops: Sequence[Loop]) -> float | None:
    """The share (0..1) of different loops, transpositions being the same; a writer that repeats itself falls short of
    1. None without loops. After distinct-n of Li et al., "A Diversity-Promoting Objective Function", NAACL 2016, with
    whole loops for n-grams."""
    seen = {loop_fingerprint(loop.steps.tolist(), loop.pitches.tolist(), loop.drums) for loop in loops}
    return len(seen) / len(loops) if loops else None


def grams(loop: Loop, n: int = COPY_NOTES) -> set[Gram]:
    """The runs of ``n`` notes, each note as (sixteenths since the one before, semitones above it): transposing or
    shifting changes nothing. Of drums the second number is the drum itself. Empty for a loop of fewer notes."""
    gaps = np.diff(loop.steps).tolist()
    moves = loop.pitches[1:].tolist() if loop.drums else np.diff(loop.pitches).tolist()
    pairs = list(zip(gaps, moves, strict=True))
    return {tuple(pairs[start : start + n - 1]) for start in range(len(pairs) - n + 2)}


def known_grams(loops: Iterable[Loop], n: int = COPY_NOTES) -> set[Gram]:
    """The runs of ``n`` notes of all ``loops``: the training texts'."""
    return {gram for loop in loops for gram in grams(loop, n)}


def copy_rate(loop: Loop, known: AbstractSet[Gram], n: int = COPY_NOTES) -> float | None:
    """The share (0..1) of the loop's runs of ``n`` notes that ``known`` has too; None for a loop of fewer notes.

    After the originality report of Yin, Reuben, Stepney and Collins, "A Good Algorithm Does Not Steal - It Imitates",
    EvoMUSART 2021, with runs of notes for their windows of time. A drummer's beat is nobody's: read it for pitches.
    """
    own = grams(loop, n)
    return len(own & known) / len(own) if own else None


METRICS: Final[Mapping[str, Callable[[Loop], float | None]]] = {
    "pitch_class_entropy": pitch_class_entropy,
    "scale_consistency": scale_consistency,
    "empty_beat_rate": empty_beat_rate,
    "groove_consistency": groove_consistency,
    "polyphony": polyphony,
    "note_density": note_density,
}


def _roll(loop: Loop) -> NDArray[np.bool_]:
    """(different pitches, half sixteenths): where each pitch sounds; what lasts beyond the end is cut off."""
    rows = np.unique(loop.pitches, return_inverse=True)[1]
    roll = np.zeros((rows.max() + 1, loop.bars * STEPS_PER_BAR * FINE), dtype=bool)
    for row, step, length in zip(rows.tolist(), loop.steps.tolist(), loop.lengths.tolist(), strict=True):
        roll[row, step * FINE : step * FINE + max(1, round(length * FINE))] = True
    return roll
