"""Whether a file was played or drawn.

Who plays hits no two beats at quite the same place and no two notes alike; who draws uses few places, velocities and
lengths. The measure of variety is Rényi's entropy of order 2, the negative logarithm of the probability that two
notes are equal (Rényi, "On measures of entropy and information", 1961), estimated from the pairs of notes, so that it
does not grow with the length of a file. It needs no grid: a whole file that is shifted by a tick stays as drawn.

Measured: of 1,150 played rhythms (Groove) and 2,626 drawn files (Irish tunes, chorales, OpenScore Lieder, Freedoom) a
played one has the higher value in 99.99 % of the pairs, and 0.5 parts all but six; the 58 performances of ASAP are all
above 0.99, the 104 scores of the same pieces all below 0.4. The logistic was set with all of these in view.
"""

from math import exp, log2
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.parse import ParsedMidi
from boumb_assets.theory.compiled import compiled

RESOLUTION: Final = 480  # places in a quarter note that are told apart at most
PRIOR_PAIRS: Final = 4.0
PRIOR_BITS: Final = 3.0
"""What a file with few notes is drawn to: the entropy of PRIOR_PAIRS pairs added to those of the notes."""

# The logistic, set by hand between the two kinds; see `expressiveness`.
PLACE_SLOPE: Final = 1.5
PLACE_MIDDLE: Final = 4.2
VELOCITY_SLOPE: Final = 0.6
VELOCITY_MIDDLE: Final = 3.0
LENGTH_SLOPE: Final = 0.6
LENGTH_MIDDLE: Final = 4.0
TEMPO_MAP: Final = 1.0  # a recorder has one tempo

Ints = npt.NDArray[np.int64]


def expressiveness(parsed: ParsedMidi) -> float:
    """0 (drawn) to 1 (played), by the variety of the places in the quarter note, of velocities, of the lengths of the
    pitched notes, and by whether the tempo ever changes."""
    places, velocities, lengths = _equal_pairs(
        parsed.onset_tick, parsed.duration_tick, parsed.velocity, parsed.is_drum, parsed.ppq
    )
    logit = PLACE_SLOPE * (_entropy(*places) - PLACE_MIDDLE)
    logit += VELOCITY_SLOPE * (_entropy(*velocities) - VELOCITY_MIDDLE)
    if lengths[1]:
        logit += LENGTH_SLOPE * (_entropy(*lengths) - LENGTH_MIDDLE)
    if parsed.tempos.tick.size > 1:
        logit -= TEMPO_MAP
    return 1 / (1 + exp(-logit))


def _entropy(equal: int, pairs: int) -> float:
    """Bits, from how many of how many pairs are equal."""
    return -log2((equal + PRIOR_PAIRS * 2**-PRIOR_BITS) / (pairs + PRIOR_PAIRS))


@compiled
def _equal_pairs(
    onset: Ints, duration: Ints, velocity: npt.NDArray[np.uint8], is_drum: npt.NDArray[np.bool_], ppq: int
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """For places of the distinct onsets, velocities, and lengths of pitched notes: how many pairs are equal, of how
    many. The arrays have shape (n,), are sorted by onset, and velocity is below 128."""
    resolution = min(ppq, RESOLUTION)
    places = np.zeros(resolution, dtype=np.int64)
    velocities = np.zeros(128, dtype=np.int64)
    lengths = np.zeros(2 * resolution + 1, dtype=np.int64)  # from half a note on they are one
    for note in range(onset.size):
        velocities[velocity[note] & 127] += 1
        if note == 0 or onset[note] != onset[note - 1]:
            places[onset[note] % ppq * resolution // ppq] += 1
        if not is_drum[note]:
            lengths[min(duration[note], 2 * ppq) * resolution // ppq] += 1
    return _pairs(places), _pairs(velocities), _pairs(lengths)


@compiled
def _pairs(counts: Ints) -> tuple[int, int]:
    equal, total = 0, 0
    for count in counts:
        equal += count * (count - 1) // 2
        total += count
    return equal, total * (total - 1) // 2
