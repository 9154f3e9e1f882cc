from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.facts import dominant_bpm, file_facts, polyphony
from boumb_assets.events.grid import find_grid
from boumb_assets.events.parse import parse_midi, seconds_at
from boumb_assets_tests.events.smf import Played, written

SCALE = [Played(480 * index, 480, 60 + step, 64) for index, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0))]


def facts(data: bytes) -> dict[str, Any]:
    parsed = parse_midi(data)
    onset = seconds_at(parsed.onset_tick, parsed.ppq, parsed.tempos)
    end = seconds_at(parsed.onset_tick + parsed.duration_tick, parsed.ppq, parsed.tempos)
    return file_facts(parsed, find_grid(parsed), onset, end - onset)


def test_a_scale() -> None:
    found = facts(written(SCALE, tempos=[(0, 600_000)], metres=[(0, 3, 4)]))
    assert (found["key_root"], found["key_mode"]) == (0, "major")
    assert (found["lowest"], found["highest"], found["notes"], found["tracks"]) == (60, 72, 11, 1)
    assert (found["bpm"], found["metre"], found["grid"], found["status"]) == (
        pytest.approx(100),
        "3/4",
        "score",
        "parsed",
    )
    assert found["duration_s"] == pytest.approx(6.6) and found["density"] == pytest.approx(11 / 6.6)
    assert found["polyphony"] == 1.0 and (found["tempo_changes"], found["metre_changes"]) == (0, 0)


def test_drums_have_no_key_and_no_range() -> None:
    found = facts(written([note._replace(channel=9) for note in SCALE]))
    assert [found[name] for name in ("key_root", "key_mode", "key_confidence", "lowest", "highest")] == [None] * 5


def test_drums_do_not_count_towards_the_key_and_the_range() -> None:
    kit = [Played(240 * index, 60, 37, 90, channel=9, track=1) for index in range(60)]
    found, alone = facts(written([*SCALE, *kit])), facts(written(SCALE))
    assert all(found[name] == alone[name] for name in ("key_root", "key_confidence", "lowest", "highest", "polyphony"))


def test_a_pickup_is_no_change_of_metre() -> None:
    found = facts(written(SCALE, metres=[(0, 1, 4), (480, 4, 4)]))
    assert (found["metre"], found["metre_changes"], found["pickup_steps"]) == ("4/4", 0, 4)


def test_changes_after_the_last_note_do_not_count() -> None:
    late = 480 * 100
    found = facts(
        written(SCALE, tempos=[(0, 500_000), (960, 400_000), (late, 300_000)], metres=[(0, 4, 4), (late, 3, 4)])
    )
    assert (found["tempo_changes"], found["metre_changes"]) == (1, 0)


def test_free_time_has_neither_tempo_nor_metre() -> None:
    clock = np.cumsum(np.random.default_rng(3).uniform(50, 400, 900)).astype(int).tolist()
    found = facts(written([Played(tick, 100, 60, 64) for tick in clock]))
    assert found["grid"] == "performance"
    assert found["bpm"] is found["metre"] is found["pickup_steps"] is None


def test_the_dominant_tempo_holds_for_most_beats() -> None:
    notes = [Played(0, 10, 60, 64), Played(480 * 20, 10, 60, 64)]
    assert dominant_bpm(parse_midi(written(notes, tempos=[(0, 1_000_000), (480, 500_000)]))) == pytest.approx(120)
    back = [(0, 1_000_000), (480 * 6, 500_000), (480 * 14, 1_000_000)]
    assert dominant_bpm(parse_midi(written(notes, tempos=back))) == pytest.approx(60), "12 beats in two stretches"


def test_polyphony_is_measured_where_something_sounds() -> None:
    onset, duration = np.array([0, 0, 100, 1000]), np.array([100, 100, 100, 100])
    assert polyphony(onset, duration) == pytest.approx(400 / 300)
    assert polyphony(np.array([0]), np.array([0])) == 0.0
    assert polyphony(np.array([0, 10]), np.array([100, 10])) == pytest.approx(1.1)


@given(st.integers(-30, 30), st.sampled_from([96, 240, 960]), st.integers(1, 8), st.integers(1, 127))
def test_the_fingerprint_is_that_of_the_music(shift: int, ppq: int, beats: int, velocity: int) -> None:
    other = [
        Played((note.onset + 480 * beats) * ppq // 480, ppq // 4, note.pitch + shift, velocity, program=40)
        for note in SCALE
    ]
    expected = facts(written(SCALE))["fingerprint"]
    assert facts(written(other, ppq, tempos=[(0, 300_000)]))["fingerprint"] == expected and len(expected) == 16


def test_other_music_has_another_fingerprint() -> None:
    kit = Played(0, 60, 36, 90, channel=9, track=1)
    variants = [
        SCALE,
        SCALE[:-1],
        [SCALE[0]._replace(pitch=61), *SCALE[1:]],
        [*SCALE[:-1], SCALE[-1]._replace(onset=SCALE[-1].onset + 120)],
        [*SCALE, kit],
        [*SCALE, kit._replace(pitch=38)],
        [note._replace(channel=9) for note in SCALE],
        [note._replace(channel=9, pitch=note.pitch + 1) for note in SCALE],
    ]
    assert len({facts(written(notes))["fingerprint"] for notes in variants}) == len(variants)
