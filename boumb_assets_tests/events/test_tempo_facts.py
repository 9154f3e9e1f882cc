from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from boumb_assets.events.parse import MetreMap, ParsedMidi, TempoMap, parse_midi
from boumb_assets.events.tempo_facts import MAX_CHANGES, dominant_bpm, tempo_and_metre
from boumb_assets_tests.events.smf import Played, written

TWENTY_BEATS = [Played(0, 10, 60, 64), Played(480 * 20, 10, 60, 64)]
END = 480 * 20 + 10


def parsed(tempos: Sequence[tuple[int, int]] = (), metres: Sequence[tuple[int, int, int]] = ()) -> ParsedMidi:
    return parse_midi(written(TWENTY_BEATS, tempos=tempos, metres=metres))


def test_the_dominant_tempo_holds_for_most_beats() -> None:
    assert dominant_bpm(parsed(tempos=[(0, 1_000_000), (480, 500_000)])) == pytest.approx(120)
    back = [(0, 1_000_000), (480 * 6, 500_000), (480 * 14, 1_000_000)]
    assert dominant_bpm(parsed(tempos=back)) == pytest.approx(60), "12 beats in two stretches"
    assert dominant_bpm(parsed(tempos=[(0, 400_000), (4800, 600_000)])) == pytest.approx(100), "the slower of equals"


def test_the_maps_are_kept_as_the_file_has_them() -> None:
    told = parsed(tempos=[(0, 1_000_000), (960, 500_000)], metres=[(0, 3, 4), (1440, 6, 8)])
    facts = tempo_and_metre(told, END, True)
    assert facts["tempo_map"] == [{"tick": 0, "s": 0.0, "bpm": 60.0}, {"tick": 960, "s": 2.0, "bpm": 120.0}]
    assert facts["metre_map"] == [
        {"tick": 0, "numerator": 3, "denominator": 4},
        {"tick": 1440, "numerator": 6, "denominator": 8},
    ]
    assert (facts["tempo_changes"], facts["tempos_cut"], facts["metre_changes"], facts["metres_cut"]) == (1, 0, 1, 0)
    assert (facts["bpm"], facts["metre"], facts["pickup_steps"]) == (pytest.approx(120), "3/4", 0)


def test_in_free_time_the_maps_are_kept_and_nothing_is_concluded() -> None:
    facts = tempo_and_metre(parsed(), END, False)
    assert facts["tempo_map"] == [{"tick": 0, "s": 0.0, "bpm": 120.0}] and len(facts["metre_map"]) == 1
    assert facts["bpm"] is facts["metre"] is facts["pickup_steps"] is None


def test_what_comes_after_the_last_note_is_left_out() -> None:
    facts = tempo_and_metre(parsed(tempos=[(0, 500_000), (END, 400_000)], metres=[(0, 4, 4), (END, 3, 4)]), END, True)
    assert len(facts["tempo_map"]) == len(facts["metre_map"]) == 1
    assert (facts["tempo_changes"], facts["metre_changes"]) == (0, 0)


def test_long_maps_are_cut_and_the_cut_is_counted() -> None:
    tick = np.arange(3000)
    tempos = TempoMap(tick, 500_000 + tick, True)
    metres = MetreMap(tick, 2 + tick % 2, np.full(3000, 4), True)
    facts = tempo_and_metre(replace(parsed(), tempos=tempos, metres=metres), END, True)
    assert len(facts["tempo_map"]) == len(facts["metre_map"]) == MAX_CHANGES
    assert facts["tempos_cut"] == facts["metres_cut"] == 3000 - MAX_CHANGES
    assert facts["tempo_changes"] == 2999
