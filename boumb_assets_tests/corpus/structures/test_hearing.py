"""What is heard in a piece, in any bars."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.structures.hearing import LIKELY_KEY, BarredHearing, Hearing
from boumb_assets_tests.corpus.pieces import Notes, hymn, piece, some_notes


@pytest.mark.parametrize("shift", [0, 3, -5])
def test_a_hymn_is_in_its_key_and_its_cadences_are_where_they_are(shift: int) -> None:
    hearing, home = Hearing(piece(hymn(shift))), Key(shift % 12, False)
    assert hearing.homes[0][0] == home and hearing.homes[0][1] > 0.8
    assert [(cadence.time, cadence.name) for cadence in BarredHearing.of(hearing.piece).cadences(home)] == [
        (12.0, "PAC"), (36.0, "PAC"),
    ]  # fmt: skip


def test_a_piece_barred_anew_has_the_same_cadences_at_its_own_times() -> None:
    made = piece(hymn())
    later = replace(made, onset=made.onset - 2)
    sounds = BarredHearing(Hearing(made), later, 2.0)
    assert [cadence.time for cadence in sounds.cadences(Key(0, False))] == [10.0, 34.0]


@settings(deadline=None, max_examples=40)
@given(some_notes)
def test_of_any_notes_other_bars_hold_what_sounds_in_them(notes: Notes) -> None:
    made = piece(notes)
    hearing = Hearing(made)
    halves, later = replace(made, metre="2/4"), replace(made, onset=made.onset - 2)
    for sounds in (BarredHearing(hearing, halves), BarredHearing(hearing, later, 2.0)):
        if sounds.piece.measures < 1:
            continue
        own = BarredHearing.of(sounds.piece)
        assert np.allclose(sounds.measures, own.measures, atol=1e-6)
        assert np.array_equal(sounds.lowest, own.lowest)
        assert sounds.triads.shape == (sounds.piece.measures, 4, 12)
    assert all(LIKELY_KEY <= share <= 1 for _, share in hearing.homes)
