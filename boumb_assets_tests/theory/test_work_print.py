"""Prints of notes: what they do not hear, what they do, and what they find again."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.work_print import (
    FEWEST,
    FEWEST_NOTES,
    MAX_HASHES,
    PASSAGE,
    SKETCH,
    PrintIndex,
    Wanted,
    WorkPrint,
    work_print,
)

Notes = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]


def piece(seed: int, notes: int = 200, drums: bool = False) -> Notes:
    """A melody (or a beat) over a second voice, from a seed: onsets in sixteenths, pitches, drums."""
    random = np.random.default_rng(seed)
    onset = np.sort(np.cumsum(random.choice([1, 2, 2, 4], notes)).astype(float))
    pitch = random.integers(36, 80, notes)
    doubled = random.random(notes) < 0.3
    onset, pitch = np.append(onset, onset[doubled]), np.append(pitch, pitch[doubled] + 7)
    order = np.argsort(onset, kind="stable")
    return onset[order], pitch[order], np.full(onset.size, drums)


def cut(notes: Notes, part: slice) -> Notes:
    return notes[0][part], notes[1][part], notes[2][part]


def of(notes: Notes) -> WorkPrint:
    return work_print(*notes)


def wanted(*prints: WorkPrint) -> PrintIndex:
    return PrintIndex(
        Wanted(f"work {number}", one.digest, one.hashes[:MAX_HASHES], one.hashes.size <= MAX_HASHES)
        for number, one in enumerate(prints)
    )


def same(one: WorkPrint, other: WorkPrint) -> bool:
    return one.digest == other.digest and bool(np.array_equal(one.hashes, other.hashes))


@given(st.integers(0, 10**6), st.integers(-30, 40), st.sampled_from([0.0, 7.0, 1000.0]), st.booleans())
def test_neither_key_nor_place_nor_channel_is_heard(seed: int, semitones: int, later: float, drums: bool) -> None:
    onset, pitch, drum = piece(seed, 60, drums)
    assert same(of((onset, pitch, drum)), of((onset + later, pitch + semitones, ~drum)))


@given(st.integers(0, 10**6))
def test_neither_doubles_nor_the_order_in_a_chord_are_heard(seed: int) -> None:
    onset, pitch, drum = piece(seed, 60)
    down = np.lexsort((-pitch, onset))
    twice = np.sort(np.append(down, down[:20]))
    expected = of((onset, pitch, drum))
    assert same(expected, of((onset[down], pitch[down], drum[down])))
    order = np.argsort(onset[twice], kind="stable")
    assert same(expected, of((onset[twice][order], pitch[twice][order], drum[twice][order])))


@given(st.integers(0, 10**6), st.integers(0, 59))
def test_another_note_is_heard(seed: int, index: int) -> None:
    onset, pitch, drum = piece(seed, 60)
    other = pitch.copy()
    other[index] += 128
    assert of((onset, pitch, drum)).digest != of((onset, other, drum)).digest


def test_a_file_of_which_only_the_pitched_notes_were_moved_is_the_same() -> None:
    bass, beat = piece(1), piece(2, drums=True)
    together = [np.append(one, other) for one, other in zip(bass, beat, strict=True)]
    order = np.argsort(together[0], kind="stable")
    onset, pitch, drum = together[0][order], together[1][order].astype(np.int64), together[2][order].astype(np.bool_)
    assert same(of((onset, pitch, drum)), of((onset, np.where(drum, pitch, pitch + 5), drum)))


def test_note_values_that_are_all_doubled_are_the_same_passages() -> None:
    onset, pitch, drum = piece(3)
    assert wanted(of((onset, pitch, drum))).match(of((onset * 2, pitch, drum))) == "work 0"


@pytest.mark.parametrize("part", [slice(0, 90), slice(90, None), slice(40, 110)])
def test_an_excerpt_is_found(part: slice) -> None:
    whole = piece(4)
    excerpt = of(cut(whole, part))
    assert wanted(of(piece(5)), of(whole)).match(excerpt) == "work 1"


def test_a_work_in_a_longer_piece_is_found() -> None:
    work, other = piece(6), piece(7, 600)
    medley = (
        np.append(work[0], other[0] + work[0][-1] + 4),
        np.append(work[1] + 3, other[1]),
        np.append(work[2], other[2]),
    )
    assert wanted(of(work)).match(of(medley)) == "work 0"


def test_an_excerpt_of_a_work_of_which_not_all_is_kept_is_found() -> None:
    whole = piece(8, 4 * MAX_HASHES)
    index = wanted(of(whole))
    half = slice(0, 2 * MAX_HASHES)
    assert of(whole).hashes.size > MAX_HASHES
    assert index.match(of(cut(whole, half))) == "work 0"
    assert index.match(of(piece(9, 4 * MAX_HASHES))) is None


def test_small_errors_of_timing_are_forgiven() -> None:
    onset, pitch, drum = piece(10)
    moved = onset + np.random.default_rng(1).normal(0, 0.05, onset.size)
    order = np.argsort(moved, kind="stable")
    assert wanted(of((onset, pitch, drum))).match(of((moved[order], pitch[order], drum[order]))) == "work 0"


def test_other_pieces_are_not_found() -> None:
    index = wanted(*(of(piece(seed)) for seed in range(20)))
    assert [index.match(of(piece(seed))) for seed in range(20, 60)] == [None] * 40


def test_a_short_piece_is_known_by_all_of_its_notes_and_by_nothing_else() -> None:
    onset, pitch, drum = cut(piece(11), slice(0, PASSAGE + FEWEST - 3))
    short = of((onset, pitch, drum))
    assert 0 < short.hashes.size < FEWEST
    assert wanted(short).match(of((onset, pitch + 5, drum))) == "work 0"
    assert wanted(short).match(of((onset[:-1], pitch[:-1], drum[:-1]))) is None


def test_a_few_notes_are_nobodys() -> None:
    few = of((np.arange(FEWEST_NOTES - 1, dtype=float), np.arange(60, 60 + FEWEST_NOTES - 1), np.zeros(3, bool)))
    assert (few.digest, few.hashes.size) == ("", 0)
    assert wanted(few).match(few) is None


def test_passages_repeated_without_end_are_one() -> None:
    steps = np.arange(400, dtype=float)
    drone = of((steps, np.full(400, 60), np.zeros(400, bool)))
    assert drone.hashes.size == 1
    assert wanted(drone).match(of((steps[:300], np.full(300, 60), np.zeros(300, bool)))) is None


def test_many_are_compared_at_once_and_the_first_that_was_wanted_names_them() -> None:
    prints = [of(piece(seed)) for seed in range(30)]
    sketches = [one.sketch for one in prints]
    assert all(sketch.size == SKETCH and np.all(np.diff(sketch.astype(np.int64)) > 0) for sketch in sketches)
    starts = np.cumsum([0, *(sketch.size for sketch in sketches)])
    arguments: tuple[Any, ...] = ([one.digest for one in prints], np.concatenate(sketches), starts)
    index = wanted(prints[7], of(cut(piece(7), slice(0, 150))), prints[21])
    assert index.matches(*arguments) == {7: "work 0", 21: "work 2"}
    assert wanted().matches(*arguments) == {}
    assert len(index) == 3


def test_the_print_is_stable() -> None:
    """It is written down with takedowns, which later versions must still understand."""
    onset = np.arange(0, 40, 2, dtype=float)
    pitch = np.array([60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60, 62, 64, 60, 67, 60])
    found = of((onset, pitch, np.zeros(20, bool)))
    assert (found.digest, [int(value) for value in found.hashes[:3]]) == (
        "72c1532c80cf6165",
        [551501629, 664897104, 1500557895],
    )
