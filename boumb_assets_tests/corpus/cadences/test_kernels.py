"""The compiled parts of the search for cadences against plain versions of them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.cadences import places_of
from boumb_assets.corpus.cadences.choice import AUTHENTIC, BEGINNING, DECEPTIVE, HALF, Spacing, best_chain
from boumb_assets.corpus.cadences.evidence import Heard, authentic_evidence, half_evidence
from boumb_assets.corpus.cadences.phrasing import phrasing
from boumb_assets.corpus.cadences.places import BEAT, DOWNBEAT, HALF_BAR, OFF_BEAT
from boumb_assets.corpus.cadences.sounds import Sounds, returns, sounds_of
from boumb_assets.corpus.cadences.tonality import tonality
from boumb_assets.corpus.cadences.weights import AUTHENTIC_WEIGHTS, HALF_WEIGHTS, SPACING
from boumb_assets.corpus.piece import Line
from boumb_assets.theory.pitch_windows import SILENT

Note = tuple[int, int, int]  # onset and length in sixteenths, pitch

notes_on_the_grid = st.lists(st.tuples(st.integers(-8, 60), st.integers(1, 20), st.integers(0, 127)), max_size=40)


def columns(notes: list[Note]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Onset and end in quarters, and pitch, sorted."""
    table = np.array(sorted((on, pitch, length) for on, length, pitch in notes), dtype=np.int64).reshape(-1, 3)
    return table[:, 0] / 4, (table[:, 0] + table[:, 2]) / 4, table[:, 1]


def heard(notes: list[Note], count: int = 48) -> Sounds:
    return sounds_of(*columns(notes), 0.0, count)


@given(notes_on_the_grid)
@settings(deadline=None)
def test_what_sounds_in_each_sixteenth(notes: list[Note]) -> None:
    found = heard(notes)
    for cell in range(48):
        inside = [(on, pitch) for on, length, pitch in notes if on <= cell < on + length]
        counts = np.bincount([pitch % 12 for _, pitch in inside], minlength=12) / 4
        assert np.allclose(np.diff(found.sums, axis=0)[cell], counts)
        assert found.lowest[cell] == min((pitch for _, pitch in inside), default=SILENT)
        assert found.struck[cell] == min((pitch for on, pitch in inside if on == cell), default=SILENT)
        assert found.begins[cell] == sum(on == cell for on, _ in inside)
        assert found.sounding[cell] == bool(inside)


@given(st.lists(st.tuples(st.integers(-40, 300), st.integers(1, 200), st.integers(0, 127)), min_size=1, max_size=20))
@settings(deadline=None)
def test_what_sounds_off_the_grid(notes: list[Note]) -> None:
    """Times in 32nds of a cell; what is nearer to a line than a tenth of a cell is meant to be on it."""
    onset, pitch = np.array(sorted((on / 32, pitch) for on, _, pitch in notes)).T
    end = np.array([(on + length) / 32 for on, length, pitch in sorted(notes, key=lambda note: (note[0], note[2]))])
    found = sounds_of(onset / 4, end / 4, pitch.astype(np.int64), 0.0, 12)
    starts = np.where(np.ceil(onset) - onset <= 0.1, np.ceil(onset), onset)
    stops = np.where(end - np.floor(end) <= 0.1, np.floor(end), end)
    inside = np.maximum(0.0, np.minimum(stops, np.arange(1, 13)[:, None]) - np.maximum(starts, np.arange(12)[:, None]))
    assert np.allclose(found.sounding, inside.max(axis=1))
    for cell in range(12):
        heard_there = np.bincount(pitch.astype(np.int64) % 12, weights=inside[cell] / 4, minlength=12)
        assert np.allclose(np.diff(found.sums, axis=0)[cell], heard_there)
        assert found.lowest[cell] == min(pitch[inside[cell] > 0], default=SILENT)


def test_every_measure_has_its_weight() -> None:
    count = 16
    places = places_of([0.0, 4.0], ["4/4", "4/4"])
    line = Line(np.array([0.0]), np.array([8.0]), np.array([72]))
    sounds = heard([(0, 32, 48)], 40)
    keys = tonality(places.time, np.zeros(4, dtype=np.int64), np.ones((4, 24)), 0.0, 2.0)
    around = phrasing(line, line, places, sounds, 0.0, 8.0)
    all_heard = Heard(0.0, sounds, line, line, places, around, keys, np.zeros(count), np.zeros(count))
    assert all({*found.measures} == {*AUTHENTIC_WEIGHTS} for found in authentic_evidence(all_heard))
    assert {*half_evidence(all_heard).measures} == {*HALF_WEIGHTS}


def test_a_note_that_ends_or_begins_by_a_hair_beside_its_line_is_meant_to_be_on_it() -> None:
    found = sounds_of(np.array([0.0, 0.49]), np.array([0.51, 1.0]), np.array([40, 60]), 0.0, 4)
    assert found.lowest.tolist() == [40, 40, 60, 60]
    assert found.struck.tolist() == [40, SILENT, 60, SILENT]


@given(st.lists(st.sampled_from(["", "c", "d", "ce"]), min_size=1, max_size=14))
@settings(deadline=None)
def test_the_longest_passage_that_returns(beats: list[str]) -> None:
    notes = [(4 * beat, 4, {"c": 60, "d": 62, "e": 64}[name]) for beat, text in enumerate(beats) for name in text]
    onset, _, pitch = columns(notes)
    found = returns(onset, pitch, np.arange(len(beats), dtype=np.float64))

    def alike(one: str, other: str) -> bool:
        return len({*one} & {*other}) >= 0.5 * len({*one} | {*other})

    expected = [0.0] * len(beats)
    for first, second in combinations(range(len(beats)), 2):
        before = first > 0 and alike(beats[first - 1], beats[second - 1])
        length, at = 0.0, 0
        while not before and second + at < len(beats) and alike(beats[first + at], beats[second + at]):
            length += 1.0 if beats[first + at] or beats[second + at] else 0.25
            at += 1
        for start in (first, second):
            expected[start] = max(expected[start], length)
    assert found.tolist() == expected


def test_the_places_of_a_metre() -> None:
    strengths = {
        "4/4": [DOWNBEAT, OFF_BEAT, BEAT, OFF_BEAT, HALF_BAR, OFF_BEAT, BEAT, OFF_BEAT],
        "3/4": [DOWNBEAT, OFF_BEAT, BEAT, OFF_BEAT, BEAT, OFF_BEAT],
        "6/8": [DOWNBEAT, OFF_BEAT, OFF_BEAT, HALF_BAR, OFF_BEAT, OFF_BEAT],
        "2/2": [DOWNBEAT, OFF_BEAT, OFF_BEAT, OFF_BEAT, HALF_BAR, OFF_BEAT, OFF_BEAT, OFF_BEAT],
        "3/8": [DOWNBEAT, OFF_BEAT, OFF_BEAT],
    }
    for metre, expected in strengths.items():
        assert places_of([0.0], [metre]).strength.tolist() == expected
    changing = places_of([0.0, 4.0, 5.5], ["4/4", "4/4", "3/8"])  # the second bar is cut short
    assert changing.time.tolist() == [place / 2 for place in range(14)]
    assert changing.line[[0, 8, 11]].tolist() == [4.0, 5.5, 7.0]
    assert places_of([], []).time.size == 0


def test_keys_before_and_at_a_place() -> None:
    path, evidence = np.array([3, 3, 17, 17]), np.arange(96, dtype=np.float64).reshape(4, 24)
    found = tonality(np.array([0.0, 4.0, 5.0, 99.0]), path, evidence, 0.0, 2.0)
    assert found.before.tolist() == [3, 3, 17, 17]
    assert found.now.tolist() == [3, 17, 17, 17]
    assert np.allclose(found.likeness[1], evidence[:3].mean(axis=0))
    assert np.allclose(found.likeness[3], evidence.mean(axis=0))


def test_how_a_melody_waits() -> None:
    """A voice that rests after two notes, over a bass in half notes; 4/4."""
    places = places_of([0.0, 4.0], ["4/4", "4/4"])
    voice = Line(np.array([0.0, 1.0, 6.0]), np.array([1.0, 2.0, 8.0]), np.array([72, 71, 72]))
    bass = [(8 * bar, 8, 48) for bar in range(4)]
    top = Line(np.array([0.0, 2.0, 4.0, 6.0]), np.array([2.0, 4.0, 6.0, 8.0]), np.array([48, 48, 48, 48]))
    found = phrasing(voice, top, places, heard(bass), 0.0, 8.0)
    by_time = {time: place for place, time in enumerate(places.time.tolist())}
    assert found.is_voice[by_time[1.0]] and not found.is_voice[by_time[3.0]]
    assert (found.wait[by_time[1.0]], found.rest[by_time[1.0]]) == (5.0, 4.0)
    assert found.rest_in_bar[by_time[0.0]] == 4.0 and found.rest[by_time[0.0]] == 0.0
    assert found.pause[by_time[2.0]] == 2.0
    assert found.silence[by_time[6.0]] == 2.0  # the bar from there on has two beats after the end
    assert found.wait[by_time[6.0]] == 10.0  # until two bars after the end


def spaced(quarters: float, before: int, kind: int) -> float:
    """`Spacing` in plain words, in bars of four quarters."""
    bars = quarters / 4
    odds = (
        SPACING.within_half_note * (quarters < 2)
        + SPACING.within_bar * (bars < 1)
        + SPACING.within_two_bars * (bars < 2)
    )
    if abs(bars - round(bars)) < 0.3:
        by_length = {4: SPACING.four_bars, 8: SPACING.eight_bars, 2: SPACING.two_bars, 6: SPACING.two_bars}
        odds += by_length.get(round(bars), 0.0)
    odds += SPACING.half_after_half * (kind == before == HALF and bars < 4.5)
    return odds + SPACING.authentic_after_half * (kind != HALF and before == HALF and bars < 1.2)


candidates = st.lists(
    st.tuples(st.integers(0, 70), st.sampled_from([AUTHENTIC, HALF, DECEPTIVE]), st.floats(-2, 4)), max_size=9
)


@given(candidates)
@settings(deadline=None)
def test_the_best_chain_is_the_best_of_all(found: list[tuple[int, int, float]]) -> None:
    found = sorted(found, key=lambda one: one[:2])
    time = np.array([half / 2 for half, *_ in found], dtype=np.float64)
    kind, score = np.array([k for _, k, _ in found], dtype=np.int64), np.array([s for *_, s in found], dtype=np.float64)

    def value(chain: tuple[int, ...]) -> float:
        total, before = 0.0, -1
        for one in chain:
            quarters = time[one] - time[before] if before >= 0 else time[one] + 2
            if before >= 0 and quarters < 1:
                return -np.inf
            if before < 0 or quarters <= 40:
                total += spaced(quarters, kind[before] if before >= 0 else BEGINNING, kind[one])
            total, before = total + score[one], one
        return total

    chain, added = best_chain(time, kind, score, np.full(time.size, 4.0), 0.0, SPACING)
    chosen = tuple(chain.tolist())
    every = [subset for size in range(len(found) + 1) for subset in combinations(range(len(found)), size)]
    assert value(chosen) == pytest.approx(max(value(subset) for subset in every))
    for place, gain in enumerate(added.tolist()):
        without = chosen[:place] + chosen[place + 1 :]
        assert gain == pytest.approx(value(chosen) - value(without))


def test_no_candidates_no_chain() -> None:
    none = np.zeros(0)
    chain, added = best_chain(none, none.astype(np.int64), none, none, 0.0, Spacing(*[0.0] * 8))
    assert (chain.size, added.size) == (0, 0)
