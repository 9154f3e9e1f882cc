"""Where parts are cut, and which windows are the same, against a plain version."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.loops.windows import cut, equals

Note = tuple[int, int]  # step, pitch


def plain(notes: list[Note], bars: int, drum: bool) -> tuple[list[tuple[int, int, list[Note]]], Counter[str]]:
    """The windows (first bar, bars, their notes) of one part, and what became of the others."""
    if drum:
        spans = [(start, 2) for start in range(0, bars - 1, 2)]
    elif bars in (2, 4):
        spans = [(0, bars)]
    else:
        spans = [(start, length) for length in (2, 4) for start in range(0, bars - length + 1, length)]
    counts: Counter[str] = Counter({"too_short": int(not spans)})
    windows = []
    for start, length in spans:
        inside = [(step - start * 16, pitch) for step, pitch in notes if start * 16 <= step < (start + length) * 16]
        first = [note for note in inside if note[0] < 32]
        if not inside:
            counts["empty"] += 1
        elif length == 4 and [(step - 32, pitch) for step, pitch in inside if step >= 32] == first:
            counts["halves_equal"] += 1
            if bars == 4:
                windows.append((start, 2, first))
        else:
            windows.append((start, length, inside))
    return windows, counts


PARTS = st.tuples(
    st.sets(st.tuples(st.integers(0, 11), st.sampled_from([0, 8]), st.integers(60, 61)), min_size=1, max_size=24),
    st.integers(0, 12),
    st.booleans(),
)


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=4))
def test_windows_are_those_of_the_plain_version(parts: list[tuple[set[tuple[int, int, int]], int, bool]]) -> None:
    music = [sorted((16 * bar + step, pitch) for bar, step, pitch in notes) for notes, _, _ in parts]
    bars = [max(most, notes[-1][0] // 16 + 1) for notes, (_, most, _) in zip(music, parts, strict=True)]
    drums = [drum for _, _, drum in parts]
    position, pitch = (np.array([note[which] for notes in music for note in notes]) for which in (0, 1))
    starts = np.cumsum([0, *map(len, music)])
    part, begin, end, start, length, counts = cut(
        starts, position, pitch.astype(np.uint8), np.array(drums), np.array(bars)
    )
    same, times = equals(part, begin, end, start, length, position, pitch.astype(np.uint8))
    expected = [plain(notes, most, drum) for notes, most, drum in zip(music, bars, drums, strict=True)]
    found = [
        (int(part[at]), int(start[at]), int(length[at]), [
            (int(position[note] - 16 * start[at]), int(pitch[note])) for note in range(begin[at], end[at])
        ])
        for at in range(part.size)
    ]  # fmt: skip
    assert found == [(number, *window) for number, (windows, _) in enumerate(expected) for window in windows]
    total = sum((one for _, one in expected), Counter())
    assert counts.tolist() == [total["too_short"], total["empty"], total["halves_equal"]]
    keys = [(number, long, tuple(notes)) for number, _, long, notes in found]
    assert same.tolist() == [keys.index(key) for key in keys]
    assert times.tolist() == [keys.count(key) for key in keys]


def test_a_note_in_the_far_future_costs_nothing() -> None:
    far = 1 << 50
    *_, counts = cut(
        np.array([0, 2]), np.array([0, far]), np.zeros(2, np.uint8), np.array([False]), np.array([far // 16 + 1])
    )
    assert counts[1] > 1 << 40


@pytest.mark.parametrize(("bars", "spans"), [(1, []), (3, [(0, 2)]), (4, [(0, 4)]), (5, [(0, 2), (2, 2), (0, 4)])])
def test_spans(bars: int, spans: list[tuple[int, int]]) -> None:
    position = np.arange(0, 16 * bars, 5)
    pitch = (position % 7).astype(np.uint8)
    _, _, _, start, length, _ = cut(np.array([0, position.size]), position, pitch, np.array([False]), np.array([bars]))
    assert list(zip(start.tolist(), length.tolist(), strict=True)) == spans
