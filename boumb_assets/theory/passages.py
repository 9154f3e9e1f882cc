"""The loops behind the print of a piece (`theory.work_print`), compiled."""

from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.work_print import PASSAGE, TOGETHER

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]
Hashes = npt.NDArray[np.uint32]
_Number = TypeVar("_Number", np.uint32, np.int64)

HALF_OCTAVES: Final = (2.0**-1.5, 2.0**-0.5, 2.0**0.5, 2.0**1.5)
"""Between a quarter, a half, the same, twice, four times."""

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_ONE: Final = np.uint64(1)


@compiled
def passage_hashes(onset: Floats, pitch: npt.NDArray[Any]) -> Hashes:
    """The hashes (k,) of the passages of one voice in the order of the piece: ``onset`` in sixteenths, ascending, and
    ``pitch`` as MIDI numbers, both (n,), n >= 1."""
    begins, chord, lowest = _attacks(onset, pitch)
    move, step = np.zeros(begins.size, np.uint64), np.zeros(begins.size, np.uint64)
    for attack in range(1, begins.size):
        move[attack] = chord[attack] + (np.uint64(lowest[attack] - lowest[attack - 1] + 128) << np.uint64(8))
        if attack > 1:
            passed = onset[begins[attack]] - onset[begins[attack - 1]]
            before = onset[begins[attack - 1]] - onset[begins[attack - 2]]
            step[attack] = mixed(move[attack] + np.uint64(_rhythm(passed / before)) + _ONE)
    hashes = np.empty(max(0, begins.size - PASSAGE + 1), np.uint32)
    for begin in range(hashes.size):
        # The time before a passage is not its own, so that its first step has no rhythm.
        value = mixed(chord[begin] + mixed(move[begin + 1]))
        for attack in range(begin + 2, begin + PASSAGE):
            value = value * _FACTOR + step[attack]
        hashes[begin] = mixed(value) >> np.uint64(32)
    return hashes


@compiled
def _attacks(onset: Floats, pitch: npt.NDArray[Any]) -> tuple[Ints, Bits, Ints]:
    """The first note of each attack, the intervals inside it, mixed, and its lowest pitch, each (k,)."""
    begins, lowest, chord = (
        np.empty(onset.size, np.int64),
        np.empty(onset.size, np.int64),
        np.empty(onset.size, np.uint64),
    )
    attacks, first = 0, 0
    while first < onset.size:
        after, low = first + 1, np.int64(pitch[first])
        while after < onset.size and onset[after] - onset[after - 1] <= TOGETHER:
            low = min(low, np.int64(pitch[after]))
            after += 1
        tones = np.uint64(0)
        for note in range(first, after):
            tones |= _ONE << np.uint64((np.int64(pitch[note]) - low) & 63)
        begins[attacks], chord[attacks], lowest[attacks] = first, mixed(tones), low
        attacks += 1
        first = after
    return begins[:attacks], chord[:attacks], lowest[:attacks]


@compiled
def note_codes(onset: Floats, pitch: npt.NDArray[Any]) -> Ints:
    """Onset from the first in whole sixteenths and pitch above the lowest of each note of a voice (n,), n >= 1, as one
    number."""
    codes, low = np.empty(onset.size, np.int64), np.int64(pitch[0])
    for note in range(onset.size):
        low = min(low, np.int64(pitch[note]))
    for note in range(onset.size):
        codes[note] = np.int64(np.floor(onset[note] - onset[0] + 0.5)) << 8 | (np.int64(pitch[note]) - low)
    return codes


def distinct(values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    """The values (n,) ascending, each once. They take the place of ``values``, which hold nothing of use then."""
    values.sort()
    return values[: _squeezed(values)]


@compiled
def _squeezed(ordered: npt.NDArray[Any]) -> int:
    """Puts each value of the ascending ``ordered`` (n,) once at its beginning, and says how many these are."""
    count = 0
    for value in ordered:
        if count == 0 or value != ordered[count - 1]:
            ordered[count] = value
            count += 1
    return count


@compiled
def _rhythm(ratio: float) -> int:
    found = 0
    for bound in HALF_OCTAVES:
        found += bound < ratio
    return found


@compiled
def mixed(value: np.uint64) -> np.uint64:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit of the result depends on every bit."""
    value = (value ^ value >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ value >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return value ^ value >> np.uint64(31)
