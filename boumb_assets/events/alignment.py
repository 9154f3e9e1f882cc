"""How surely onsets lie on a grid: Bayes factors over their phases, compiled.

Musical time: phases of a von Mises distribution about an unknown mean direction within some subdivision of the quarter
note. Its likelihood against uniform phases, with the mean direction integrated out, is ``I0(kappa n R) / I0(kappa)**n``
for n phases of mean resultant length R (the density: Mardia and Jupp, Directional Statistics, 2000, section 3.5.4). It
is averaged over the subdivisions SUBDIVISIONS and the concentrations KAPPAS. A mean direction other than 0 is allowed:
drummers play behind the beat, and swing moves every second note.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SUBDIVISIONS: Final = (1, 2, 3, 4, 6, 8, 12)  # of the quarter note, binary and ternary
KAPPAS: Final = (0.5, 2.0, 8.0, 64.0)  # from loosely played (mean resultant length 0.24) to exact

EXACT_SHARE: Final = 0.9
SHARED_BY: Final = 4  # onsets a place
MIN_FINE_PPQ: Final = 240  # from which a tick is short enough to be forgiven, as the rounding of thirds and fifths is

PERIOD_OCTAVES: Final = 1.0  # how far a steady player's quarter may be from the clock's, both ways
PERIODS_A_TURN: Final = 2.0  # tried while the phase of the last onset, in the finest subdivision, turns once
MAX_PERIODS: Final = 8192


@compiled
def distinct_onsets(onset: Ints) -> Ints:
    """Each value of the sorted ``onset`` (n,) once: a chord is one onset."""
    kept, count = np.empty(onset.size, np.int64), 0
    for index in range(onset.size):
        if index == 0 or onset[index] != onset[index - 1]:
            kept[count] = onset[index]
            count += 1
    return kept[:count]


@compiled
def alignment_log_odds(quarters: Floats) -> float:
    """The log Bayes factor of musical time against free time for onsets at ``quarters`` (n,), n >= 1, in quarters."""
    real, imaginary = np.zeros(len(SUBDIVISIONS)), np.zeros(len(SUBDIVISIONS))
    for index in range(quarters.size):
        phase = quarters[index] - np.floor(quarters[index])
        first = complex(np.cos(2 * np.pi * phase), np.sin(2 * np.pi * phase))
        second = first * first
        third, fourth = second * first, second * second
        sixth = third * third
        eighth, twelfth = fourth * fourth, sixth * sixth
        turns = (first, second, third, fourth, sixth, eighth, twelfth)  # in the order of SUBDIVISIONS
        for place in range(len(turns)):
            real[place] += turns[place].real
            imaginary[place] += turns[place].imag
    log_ratio = np.empty(len(SUBDIVISIONS) * len(KAPPAS))
    for place in range(len(SUBDIVISIONS)):
        resultant = np.hypot(real[place], imaginary[place])
        for row in range(len(KAPPAS)):
            ratio = _log_i0(KAPPAS[row] * resultant) - quarters.size * _log_i0(KAPPAS[row])
            log_ratio[place * len(KAPPAS) + row] = ratio
    return _log_mean_exp(log_ratio)


@compiled
def steady_log_odds(quarters: Floats) -> float:
    """The log Bayes factor of musical time at a quarter note of any length against free time, for onsets at
    ``quarters`` (n,), ascending, n >= 1: `alignment_log_odds`, averaged over lengths from half to twice the clock's.

    A player who is steady for a while is on a grid of his own, and a short excerpt of that is concentrated at the
    clock's period too, but more so at another one.
    """
    last = len(SUBDIVISIONS) - 1
    turns = (quarters[-1] - quarters[0]) * SUBDIVISIONS[last]
    # Evenly in frequency, so that the phase of the last onset moves by the same amount from one to the next.
    low, high = 2.0**-PERIOD_OCTAVES, 2.0**PERIOD_OCTAVES
    count = int(min(MAX_PERIODS, max(8, PERIODS_A_TURN * turns * (high - low))))
    found, weights = np.empty(count), np.empty(count)
    for index in range(count):
        frequency = low + (high - low) * (index + 0.5) / count
        weights[index] = -np.log(frequency)  # lengths are as likely in each octave
        found[index] = alignment_log_odds((quarters - quarters[0]) * frequency) + weights[index]
    return _log_mean_exp(found) - _log_mean_exp(weights)


@compiled
def is_exact(onset: Ints, ppq: int) -> bool:
    """Whether onsets (n,) in ticks were written rather than played: nearly all of them on 24ths of a quarter note, or
    each place in the quarter note taken by many of them."""
    tolerance, exact, places = (1 if ppq >= MIN_FINE_PPQ else 0), 0, 0
    taken = np.zeros(ppq, np.bool_)
    for index in range(onset.size):
        nearest = (onset[index] * 24 + ppq // 2) // ppq  # so many 24ths
        exact += abs(onset[index] - (nearest * ppq + 12) // 24) <= tolerance
        places += not taken[onset[index] % ppq]
        taken[onset[index] % ppq] = True
    return exact >= EXACT_SHARE * onset.size or places * SHARED_BY <= onset.size


@compiled
def _log_mean_exp(values: Floats) -> float:
    highest = values.max()
    total = 0.0
    for index in range(values.size):
        total += np.exp(values[index] - highest)
    mean: float = highest + np.log(total / values.size)
    return mean


@compiled
def _log_i0(x: float) -> float:
    """log of the modified Bessel function I0 of ``x`` >= 0, within 0.01 for any size of x (Olivares, Martin and Valero,
    "A simple approximation for the modified Bessel function of zero order I0(x)", J. Phys. Conf. Ser. 1043, 2018)."""
    square = x * x
    log_cosh = x + np.log1p(np.exp(-2 * x)) - np.log(2.0)
    found: float = log_cosh - 0.25 * np.log1p(square / 4) + np.log((1 + 0.24273 * square) / (1 + 0.43023 * square))
    return found
