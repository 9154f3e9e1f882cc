"""How far loops may be moved, and what their keys are called then."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.corpus.moves import SEMITONES, drawn_keys, in_register, key_blobs, key_ranges
from boumb_assets.prompts.facts import HIGH_FROM, LOW_BELOW
from boumb_assets.prompts.key_names import KEY_FORMS, SCALE_NAMES, key_names


def register_of(lowest: int, highest: int) -> str:
    middle = (lowest + highest) / 2
    return "low" if middle < LOW_BELOW else "high" if middle >= HIGH_FROM else "mid"


pitches = st.tuples(st.integers(12, 119), st.integers(12, 119)).map(sorted)


@given(pitches)
def test_a_register_is_kept_as_far_as_is_said_and_no_further(found: list[int]) -> None:
    lowest, highest = found
    ((down,), (up,)) = in_register(np.array([lowest]), np.array([highest]))
    kept = [shift for shift in range(-60, 61) if register_of(lowest + shift, highest + shift) == register_of(*found)]
    assert (max(down, -60), min(up, 60)) == (kept[0], kept[-1])


@given(pitches)
def test_loops_stay_where_a_piano_plays_or_where_they_were(found: list[int]) -> None:
    lowest, highest = found
    ((down,), (up,)) = key_ranges(np.array([lowest]), np.array([highest]))
    assert -5 <= down <= 0 <= up <= 6
    assert lowest + down >= min(21, lowest) and highest + up <= max(108, highest)
    assert down == -5 or lowest + down <= 21
    assert up == 6 or highest + up >= 108


def test_keys_are_drawn_a_loop_by_itself() -> None:
    hashes = np.random.default_rng(0).integers(0, 1 << 63, 500).astype(np.uint64)
    down, up = np.full(500, -5), np.full(500, 6)
    up[::2] = 2
    loop, shift = drawn_keys(down, up, hashes, 3)
    assert np.bincount(loop).tolist() == [3] * 500
    assert (shift[np.isin(loop, np.arange(0, 500, 2))] <= 2).all()
    counts = np.bincount(shift - SEMITONES[0])
    assert counts[5] == 500 and counts.min() > 20
    alone_loop, alone = drawn_keys(down[7:8], up[7:8], hashes[7:8], 3)
    assert alone.tolist() == shift[loop == 7].tolist() and not alone_loop.any()
    assert len(drawn_keys(down, up, hashes, 12)[0]) == 250 * (12 + 8)


def test_the_names_of_keys_begin_with_the_one_that_stands_there() -> None:
    rng = np.random.default_rng(1)
    form = rng.integers(-1, len(KEY_FORMS), (50, 2))
    scale, root = rng.integers(0, len(SCALE_NAMES), (50, 1)), rng.integers(0, 12, (50, 1))
    places, data, at = key_blobs(form, scale, root)
    for row in range(50):
        for span in range(2):
            if form[row, span] < 0:
                assert places[row, span] == -1
                continue
            begin, end = at[places[row, span]], at[places[row, span] + 1]
            names = key_names(int(form[row, span]), int(scale[row, 0]))
            wanted = [names[(int(root[row, 0]) + shift) % 12] for shift in range(12)]
            assert json.loads(bytes(data[begin:end])) == wanted
