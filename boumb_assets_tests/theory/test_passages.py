"""The compiled loops of the print against plain numpy."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.theory.passages import HALF_OCTAVES, distinct, note_codes, passage_hashes
from boumb_assets.theory.work_print import PASSAGE, TOGETHER

Bits = npt.NDArray[np.uint64]


def mixed(values: Bits) -> Bits:
    values = (values ^ values >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ values >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return values ^ values >> np.uint64(31)


def reference(onset: npt.NDArray[np.float64], pitch: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    start = np.append(0, np.flatnonzero(np.diff(onset) > TOGETHER) + 1)
    count = start.size - PASSAGE + 1
    if count < 1:
        return np.zeros(0, np.uint32)
    lowest = np.minimum.reduceat(pitch, start)
    above = pitch - np.repeat(lowest, np.diff(np.append(start, pitch.size)))
    chord = mixed(np.bitwise_or.reduceat(np.uint64(1) << (above & 63).astype(np.uint64), start))
    moves = chord[1:] + ((np.diff(lowest) + 128).astype(np.uint64) << np.uint64(8))
    times = np.diff(onset[start])
    rhythm = np.searchsorted(HALF_OCTAVES, times[1:] / times[:-1]).astype(np.uint64)
    value = mixed(chord[:count] + mixed(moves[:count]))
    steps = mixed(moves[1:] + rhythm + np.uint64(1))
    for index in range(PASSAGE - 2):
        value = value * np.uint64(0x9E3779B97F4A7C15) + steps[index : index + count]
    return (mixed(value) >> np.uint64(32)).astype(np.uint32)


NOTES = st.lists(st.tuples(st.integers(0, 800), st.integers(0, 127)), min_size=1, max_size=120).map(sorted)


@settings(deadline=None)  # the first call compiles
@given(NOTES, st.sampled_from([0.05, 0.25, 1.0]), st.sampled_from([np.uint8, np.int64]))
def test_hashes_and_codes_are_those_of_numpy(notes: list[tuple[int, int]], unit: float, dtype: type) -> None:
    times, pitches = np.array(notes).T
    onset, pitch = times * unit, pitches.astype(dtype)
    assert passage_hashes(onset, pitch).tolist() == reference(onset, pitches).tolist()
    whole = np.floor(onset - onset[0] + 0.5).astype(np.int64)
    assert note_codes(onset, pitch).tolist() == (whole << 8 | pitches - pitches.min()).tolist()


@settings(deadline=None)
@given(st.lists(st.integers(0, 40)), st.sampled_from([np.uint32, np.int64]))
def test_distinct_values_come_once_and_in_order(values: list[int], dtype: type) -> None:
    assert distinct(np.array(values, dtype)).tolist() == sorted(set(values))
