"""How the bass comes to the dominant and stays on it, compiled. Cells are sixteenths as in `sounds`."""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch_windows import SILENT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STEP: Final = 2  # cells, half a quarter: the pace at which the bass is followed
_DOMINANT_NOTES: Final = 0.3  # of a step that is notes of the dominant: below, they are not held over the bass
_OWN: Final = 0.5  # of a step that is notes of the dominant seventh chord: below, it is another chord


@compiled
def dominants_before(
    lowest: Ints, sums: Floats, cell: Ints, beat: Ints, bar: Ints, tonic: Ints, bass: Ints
) -> tuple[Ints, Ints, Ints]:
    """By arrival (n,) of pitch class ``bass`` at ``cell``: the cell at which the bass came to it, for how many cells
    before that, two bars at most, the dominant of ``tonic`` is the bass, and of three spans that end there, a cell, a
    step and a beat, how many have it for their lowest note. ``beat`` and ``bar`` in cells."""
    arrivals, held, basses = np.empty_like(cell), np.empty_like(cell), np.zeros_like(cell)
    for place in range(cell.size):
        dominant = (tonic[place] + 7) % 12
        arrival = _arrival_of_bass(sums, lowest, cell[place], beat[place], tonic[place], bass[place])
        for back in (1, STEP, beat[place]):
            under = lowest_between(lowest, arrival - back, arrival)
            basses[place] += under != SILENT and under % 12 == dominant
        arrivals[place] = arrival
        held[place] = _held_before(lowest, arrival, beat[place], dominant, 2 * bar[place])
    return arrivals, held, basses


@compiled
def dominants_held(lowest: Ints, sums: Floats, cell: Ints, beat: Ints, bar: Ints, tonic: Ints) -> tuple[Ints, Ints]:
    """By place (n,), for how many cells before ``cell``, two bars at most, and from it on, eight beats at most, the
    dominant of ``tonic`` is the bass."""
    before, after = np.empty_like(cell), np.empty_like(cell)
    for place in range(cell.size):
        before[place] = _held_before(lowest, cell[place], beat[place], (tonic[place] + 7) % 12, 2 * bar[place])
        after[place] = _held_after(sums, lowest, cell[place], beat[place], tonic[place])
    return before, after


@compiled
def lowest_between(lowest: Ints, begin: int, end: int) -> int:
    """The lowest pitch of cells ``begin`` to ``end`` (not included), SILENT for none."""
    found = SILENT
    for cell in range(max(0, begin), min(end, lowest.size)):
        found = min(found, lowest[cell])
    return found


@compiled
def _is_bass(lowest: Ints, at: int, beat: int, degree: int) -> bool:
    """Whether pitch class ``degree`` is the bass of the step from cell ``at`` on: its lowest note, or, up to two beats
    before, the beginning of a broken chord that stays above it."""
    here = lowest_between(lowest, at, at + STEP)
    if here != SILENT and here % 12 == degree:
        return True
    for back in range(STEP, 2 * beat, STEP):
        before = lowest_between(lowest, at - back, at - back + STEP)
        stays_below = before <= here - 3 or (back < beat and before < here)
        if before % 12 == degree and stays_below and lowest_between(lowest, at - back, at + STEP) == before:
            return True
    return False


@compiled
def _held_before(lowest: Ints, at: int, beat: int, degree: int, most: int) -> int:
    """For how many cells before ``at``, ``most`` at most, pitch class ``degree`` is the bass."""
    held = 0
    while held + STEP <= most and at - held - STEP >= 0 and _is_bass(lowest, at - held - STEP, beat, degree):
        held += STEP
    return held


@compiled
def _held_after(sums: Floats, lowest: Ints, cell: int, beat: int, tonic: int) -> int:
    """For how many cells from ``cell`` on, eight beats at most, the dominant is the bass of its own chord."""
    dominant, held = (tonic + 7) % 12, 0
    while held < 8 * beat and cell + held < lowest.size:
        at = cell + held
        under = lowest_between(lowest, at, at + STEP)
        if under != SILENT and under % 12 != dominant:
            own = _share(sums, at, tonic + 7, 1.0)
            if own < _OWN or not _is_bass(lowest, at, beat, dominant):
                break
        held += STEP
    return held


@compiled
def _arrival_of_bass(sums: Floats, lowest: Ints, cell: int, beat: int, tonic: int, bass: int) -> int:
    """The cell in which the bass came to ``bass``, where notes of the dominant were held over it up to two beats."""
    at = cell
    while cell - at < 2 * beat and at - STEP >= 0:
        under = lowest_between(lowest, at - STEP, at)
        if under == SILENT or under % 12 != bass or _share(sums, at - STEP, tonic + 7, 0.0) < _DOMINANT_NOTES:
            break
        at -= STEP
    return at


@compiled
def _share(sums: Floats, cell: int, root: int, with_root: float) -> float:
    """The share of the third, fifth and seventh of the dominant seventh chord on ``root``, and of its root where
    ``with_root`` is 1, not 0, in what sounds in the step from ``cell`` on; ``with_root`` for silence."""
    end = min(cell + STEP, sums.shape[0] - 1)
    total, inside = 0.0, 0.0
    for degree in range(12):
        sounding = sums[end, degree] - sums[cell, degree]
        above = (degree - root) % 12
        total += sounding
        if above == 4 or above == 7 or above == 10:
            inside += sounding
        elif above == 0:
            inside += with_root * sounding
    return inside / total if total > 0.0 else with_root
