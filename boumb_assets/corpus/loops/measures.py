"""What is measured on a loop's onsets: swing, syncopation, polyphony, rests."""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LONGEST: Final = 4 * STEPS_PER_BAR
_TRIPLET_DELAY: Final = 2 / 3  # steps by which the second eighth of a triplet feel comes after its straight place
_SIXTEENTH_DELAY: Final = 1 / 3  # the same for sixteenths
_ENOUGH: Final = 4  # off-beats from which a swing is measured

# Metrical weight of the sixteenths of a 4/4 bar: Longuet-Higgins and Lee, "The rhythmic interpretation of monophonic
# music", Music Perception 1 (1984): 0 for the bar, one less for each division.
_WEIGHTS: Final = np.array([0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4])
_DEEPEST: Final = 4


def _strongest_between() -> Ints:
    """(16, LONGEST + 1): the highest weight of the steps strictly between an onset on step s and the next, g later."""
    table = np.full((STEPS_PER_BAR, LONGEST + 1), -_DEEPEST - 1)
    for start in range(STEPS_PER_BAR):
        for gap in range(2, LONGEST + 1):
            table[start, gap] = max(table[start, gap - 1], _WEIGHTS[(start + gap - 1) % STEPS_PER_BAR])
    return table


_BETWEEN: Final = _strongest_between()


def syncopation(onsets: Ints, length: int) -> float:
    """How syncopated a rhythm is, 0..1: Longuet-Higgins and Lee's strength of each onset that is held over, or followed
    by a rest on, a stronger step, averaged over the onsets and divided by the most it can be.

    ``onsets`` (n,) are distinct ascending steps below ``length`` (32 or 64); the loop closes on itself.
    """
    if len(onsets) == 0:
        return 0.0
    gaps = np.append(onsets[1:], onsets[0] + length) - onsets
    strength = _BETWEEN[onsets % STEPS_PER_BAR, gaps] - _WEIGHTS[onsets % STEPS_PER_BAR]
    return float(np.maximum(strength, 0).mean() / _DEEPEST)


def swing(steps: Ints, residuals: Floats) -> float:
    """How much off-beats are delayed: 0 straight, 1 as the last of a triplet, the larger of eighths' and sixteenths'.

    ``steps`` (n,) are onsets on the grid, ``residuals`` (n,) how much later they came, in steps. A player's constant
    lag is taken off first. 0 where fewer than four off-beats tell, and for plain triplets.
    """
    if not residuals.any():
        return 0.0
    beats = steps % STEPS_PER_BEAT
    on_beat = beats == 0
    lag = middle(residuals[on_beat]) if on_beat.any() else 0.0
    late = residuals - lag
    return max(_eighths(beats + late), _sixteenths(beats, late))


def _eighths(places: Floats) -> float:
    """Swing of the eighths from the onsets' ``places`` in the beat, in steps."""
    off = places[(places > 1.75) & (places < 2.85)]
    triplets = np.count_nonzero((places > 1.15) & (places < 1.55))
    if len(off) < _ENOUGH or 2 * triplets > len(off):
        return 0.0
    return float(np.clip((off - 2).mean() / _TRIPLET_DELAY, 0, 1))


def _sixteenths(beats: Ints, late: Floats) -> float:
    """Swing of the sixteenths from the delays of the second and fourth of each beat, both of which must tell."""
    second, fourth = late[beats == 1], late[beats == 3]
    if len(second) + len(fourth) < _ENOUGH or min(len(second), len(fourth)) == 0:
        return 0.0
    return float(np.clip(min(second.mean(), fourth.mean()) / _SIXTEENTH_DELAY, 0, 1))


def middle(values: Floats) -> float:
    """The median of ``values`` (n,), n >= 1; of an even number the upper of the two in the middle."""
    return float(np.sort(values)[len(values) // 2])


def voices(starts: Floats, lengths: Floats) -> tuple[float, float]:
    """The mean number of notes that sound while any does (1 or more), and the steps that any does.

    ``starts`` (n,) ascending and ``lengths`` (n,) in steps.
    """
    ends = starts + lengths
    reached = np.concatenate(([-np.inf], np.maximum.accumulate(ends)[:-1]))
    covered = float(np.maximum(ends - np.maximum(starts, reached), 0).sum())
    return (max(1.0, float(lengths.sum()) / covered) if covered > 0 else 1.0), covered


def longest_rest(starts: Floats, lengths: Floats, length: int) -> float:
    """The longest silence in steps, the one across the seam of a loop of ``length`` steps included."""
    reached = np.maximum.accumulate(starts + lengths)
    inside = starts[1:] - reached[:-1]
    seam = float(starts[0] + length - reached[-1])
    return max(seam, float(inside.max())) if len(inside) else seam
