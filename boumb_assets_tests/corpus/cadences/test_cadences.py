"""Cadences: passages written by hand for each kind and near misses, and Mozart's sonatas with experts' annotations."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.cadences import Cadence, Key, find_cadences, related_keys, sure_cadences
from boumb_assets.corpus.piece import Piece
from boumb_assets_tests.corpus.cadences.mozart_cadences import Movement, marked_movements, near

Chord = tuple[float, str]  # quarters, and the pitches from the bass up
NAMES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ALL_KEYS = [Key(root, minor) for root in range(12) for minor in (False, True)]

# Four bars of 4/4 each; a pitch is a letter, an accidental and an octave.
OPENING: list[Chord] = [
    (2, "c3 g4 c5 e5"), (2, "b2 g4 d5 f5"), (2, "c3 g4 c5 e5"), (2, "f3 a4 c5 a5"), (2, "e3 g4 c5 g5"),
]  # fmt: skip
TO_TONIC: list[Chord] = [(2, "f3 c4 f4 d5"), (1, "g3 e4 g4 c5"), (1, "g3 d4 f4 b4")]
PAC: list[Chord] = [*OPENING, *TO_TONIC, (3, "c3 e4 g4 c5"), (1, "")]
HC: list[Chord] = [*OPENING, (2, "d3 f4 a4 d5"), (2, "f#3 d4 a4 c5"), (3, "g3 d4 g4 b4"), (1, "")]
DC: list[Chord] = [*OPENING, *TO_TONIC, (3, "a3 c4 e4 c5"), (1, "")]
MINOR: dict[str, str] = {"e": "eb", "a": "ab"}


def in_minor(chords: list[Chord]) -> list[Chord]:
    """The same in C minor."""
    return [(length, " ".join(MINOR.get(p[:-1], p[:-1]) + p[-1] for p in text.split())) for length, text in chords]


def piece_of(chords: list[Chord], shift: int = 0, metre: str = "4/4", line: float = 0.0) -> Piece:
    """The chords one after the other, ``line`` quarters later."""
    notes: list[tuple[float, int, float]] = []
    time = line
    for length, text in chords:
        notes += [(time, _pitch(name) + shift, length) for name in text.split()]
        time += length
    notes.sort()
    onset, pitch, duration = (np.array(column) for column in (zip(*notes, strict=True) if notes else ((), (), ())))
    zeros = np.zeros(len(notes), dtype=np.int64)
    return Piece(
        onset.astype(np.float64), duration.astype(np.float64), pitch.astype(np.int64), zeros + 80, zeros, zeros, metre
    )


def _pitch(name: str) -> int:
    return 12 * (int(name[-1]) + 1) + NAMES[name[0]] + name.count("#") - name[1:].count("b")


def said(cadences: list[Cadence]) -> list[tuple[float, str, int, bool]]:
    return [(one.time, one.name, one.key.root, one.key.minor) for one in cadences]


@pytest.mark.parametrize("room", ["corpus.cadences", "corpus.piece", "corpus.structures"])
def test_each_room_can_be_the_first_that_is_imported(room: str) -> None:
    subprocess.run([sys.executable, "-c", f"import boumb_assets.{room}"], check=True)


def test_a_perfect_authentic_cadence() -> None:
    (found,) = find_cadences(piece_of(PAC))
    assert said([found]) == [(14.0, "PAC", 0, False)]
    assert found.dominant_from == 12.0
    assert 0.5 < found.confidence < 1


def test_a_half_cadence() -> None:
    (found,) = find_cadences(piece_of(HC))
    assert said([found]) == [(14.0, "HC", 0, False)]
    assert found.dominant_from == 14.0


def test_a_period_has_one_of_each() -> None:
    assert [name for _, name, *_ in said(find_cadences(piece_of([*HC, *PAC])))] == ["HC", "PAC"]


def test_in_minor() -> None:
    assert said(find_cadences(piece_of(in_minor(PAC)))) == [(14.0, "PAC", 0, True)]
    assert said(find_cadences(piece_of(in_minor(HC)))) == [(14.0, "HC", 0, True)]


def test_a_picardy_third() -> None:
    major_at_last = [*in_minor(PAC[:-2]), *PAC[-2:]]
    assert said(find_cadences(piece_of(major_at_last))) == [(14.0, "PICARDY", 0, True)]


def test_a_deceptive_cadence_is_never_sure() -> None:
    piece = piece_of([*DC, *PAC])
    names = [one.name for one in find_cadences(piece)]
    assert names == ["DC", "PAC"]
    assert [one.name for one in sure_cadences(piece, ALL_KEYS)] == ["PAC"]


def test_an_appoggiatura_over_the_tonic_resolves_first() -> None:
    resolved = [*OPENING, *TO_TONIC, (1, "c3 d4 f4 b4"), (2, "c3 e4 g4 c5"), (1, "")]
    (found,) = find_cadences(piece_of(resolved))
    assert found.name == "PAC" and 14.0 <= found.time <= 15.0


def test_a_broken_chord_has_its_bass_at_its_beginning() -> None:
    broken = [(0.25, f"{low} f4 b4") for low in ("g2", "d3", "b3", "d3") * 2]
    chords = [*OPENING, (2, "f3 c4 f4 d5"), *broken, (3, "c3 e4 g4 c5"), (1, "")]
    (found,) = find_cadences(piece_of(chords))
    assert said([found]) == [(14.0, "PAC", 0, False)]
    assert found.dominant_from == 12.0


@pytest.mark.parametrize(
    "arrival",
    ["e3 c4 g4 c5", "c3 c4 e4 g4", "c3 e4 g4 bb4", "a2 c4 f4 a4"],
    ids=["first inversion", "fifth on top", "seventh on top", "another chord"],
)
def test_near_an_authentic_cadence(arrival: str) -> None:
    found = find_cadences(piece_of([*OPENING, *TO_TONIC, (3, arrival), (1, "")]))
    assert not [one for one in found if one.name == "PAC" and one.time == 14.0]


@pytest.mark.parametrize(
    "arrival",
    ["b2 d4 g4 d5", "g3 f4 b4 d5", "g3 c4 e4 g4"],
    ids=["first inversion", "seventh", "six-four that does not resolve"],
)
def test_near_a_half_cadence(arrival: str) -> None:
    found = find_cadences(piece_of([*HC[:-2], (3, arrival), (1, "")]))
    assert not [one for one in found if one.name == "HC" and one.time == 14.0]


def test_a_cadence_on_an_off_beat_is_none() -> None:
    assert find_cadences(piece_of([(0.5, "c5"), *PAC])) == []


def test_a_melody_that_does_not_rest_is_not_sure() -> None:
    going_on = [*PAC[:-2], (0.5, "c3 e4 g4 c5"), *[(0.5, p) for p in ["d5", "e5", "f5", "g5", "f5", "e5", "d5"]], *PAC]
    sure = [one.time for one in sure_cadences(piece_of(going_on), ALL_KEYS)]
    assert 14.0 not in sure and sure[-1] == 32.0


def test_sure_ones_are_in_the_keys_that_are_asked_for() -> None:
    piece = piece_of([*PAC, *PAC])
    assert sure_cadences(piece, related_keys(0, False))
    assert sure_cadences(piece, [Key(1, False)]) == []


@given(st.integers(-12, 12), st.sampled_from([PAC, HC, in_minor(PAC), in_minor(HC), [*HC, *PAC], [*DC, *PAC]]))
@settings(deadline=None)
def test_transposed_music_has_the_same_cadences_in_transposed_keys(shift: int, chords: list[Chord]) -> None:
    home, other = find_cadences(piece_of(chords)), find_cadences(piece_of(chords, shift))
    assert [(time, name, (root + shift) % 12, minor) for time, name, root, minor in said(home)] == said(other)
    assert [one.dominant_from for one in home] == [one.dominant_from for one in other]
    assert np.allclose([one.confidence for one in home], [one.confidence for one in other], atol=1e-6)


def test_nothing_and_next_to_nothing() -> None:
    assert find_cadences(piece_of([])) == []
    assert find_cadences(piece_of([(4, "c4")])) == []
    assert find_cadences(piece_of([(0.25, "c4 e4 g4")] * 3)) == []


notes_of_a_piece = st.lists(
    st.tuples(st.floats(-4, 60), st.floats(0.002, 80), st.integers(0, 127), st.integers(0, 2)), min_size=1, max_size=60
)


@given(notes_of_a_piece, st.sampled_from(["2/4", "3/4", "4/4", "6/8", "2/2"]))
@settings(deadline=None, max_examples=60)
def test_whatever_the_notes(notes: list[tuple[float, float, int, int]], metre: str) -> None:
    onset, duration, pitch, track = (
        np.array(column) for column in zip(*sorted(notes, key=lambda n: (n[0], n[2])), strict=True)
    )
    zeros = np.zeros(len(notes), dtype=np.int64)
    piece = Piece(onset, duration, pitch, zeros + 80, track, zeros, metre)
    found = find_cadences(piece)
    assert found == find_cadences(piece)
    assert all(0 <= one.confidence <= 1 and one.dominant_from <= one.time for one in found)
    assert all(later.time - sooner.time >= 1 for sooner, later in pairwise(found))


@pytest.fixture(scope="module")
def sonatas(shared: Path) -> list[Movement]:
    return list(marked_movements(shared))


@pytest.mark.slow
def test_cadences_of_mozart_as_experts_hear_them(sonatas: list[Movement]) -> None:
    """On the movements of even number, which had no say in the weights; the references by hand-made rules are F1 0.44
    and 0.47 on the half that they were not tuned on."""
    counts: Counter[str] = Counter()
    for movement in sonatas[1::2]:
        found = movement.found()
        for kind in ("PAC", "HC"):
            free = [mark for mark in movement.marked if mark.kind == kind]
            counts[f"marked {kind}"] += len(free)
            for cadence in found:
                if {"PICARDY": "PAC"}.get(cadence.name, cadence.name) != kind:
                    continue
                counts[f"found {kind}"] += 1
                if hit := near(free, cadence.time)[:1]:
                    free.remove(hit[0])
                    counts[f"hit {kind}"] += 1
                if any_kind := near(movement.marked, cadence.time)[:1]:
                    counts[f"near {kind}"] += 1
                    counts[f"right {kind}"] += any_kind[0].kind == kind
    for kind, least, kept in (("PAC", 0.72, 0.93), ("HC", 0.58, 0.9)):
        f1 = 2 * counts[f"hit {kind}"] / (counts[f"found {kind}"] + counts[f"marked {kind}"])
        assert f1 >= least
        assert counts[f"right {kind}"] / counts[f"near {kind}"] >= kept


@pytest.mark.slow
def test_what_is_surely_a_cadence_is_one(sonatas: list[Movement]) -> None:
    """Of the sure authentic cadences nearly all go to the tonic in the expert's own analysis (those that close a
    codetta have a chord label, but no cadence label)."""
    counts: Counter[str] = Counter()
    for movement in sonatas:
        metres = {(beat, bar) for beat, bar in zip(movement.places.beat, movement.places.bar, strict=True)}
        if len(metres) > 1 or metres == {(1.5, 1.5)}:
            continue
        ((beat, bar),) = metres
        metre = {(1.0, 2.0): "2/4", (1.0, 3.0): "3/4", (1.0, 4.0): "4/4", (1.5, 3.0): "6/8", (2.0, 4.0): "2/2"}[
            beat, bar
        ]
        first = float(movement.places.time[0])
        zeros = np.zeros(movement.pitch.size, dtype=np.int64)
        piece = Piece(movement.onset - first, movement.duration, movement.pitch, zeros + 80, zeros, zeros, metre)
        for cadence in sure_cadences(piece, ALL_KEYS):
            time = cadence.time + first
            if cadence.name == "HC":
                kinds = {mark.kind for mark in near(movement.marked, time)}
                counts["half right" if "HC" in kinds else "half wrong"] += 1
            else:
                tonic = any(abs(begin - time) < 0.1 for begin in movement.tonics) or near(movement.marked, time)
                counts["authentic right" if tonic else "authentic wrong"] += 1
    assert counts["authentic right"] >= 180
    assert counts["authentic wrong"] <= 0.05 * counts["authentic right"]
    assert counts["half right"] >= 2 * counts["half wrong"]
