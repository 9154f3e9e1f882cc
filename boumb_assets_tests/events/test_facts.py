from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.facts import MAX_WINDOWS, facts_table, file_facts
from boumb_assets.events.grid import Grid, find_grid
from boumb_assets.events.parse import parse_midi, seconds_at
from boumb_assets.events.schema import FILES
from boumb_assets_tests.events.smf import Played, written

SCALE = [Played(480 * index, 480, 60 + step, 64) for index, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0))]
FREE_TIME = Grid("performance", 0.9, 0.25, None)


def facts(data: bytes, grid: Grid | None = None) -> dict[str, Any]:
    parsed = parse_midi(data)
    onset = seconds_at(parsed.onset_tick, parsed.ppq, parsed.tempos)
    end = seconds_at(parsed.onset_tick + parsed.duration_tick, parsed.ppq, parsed.tempos)
    return file_facts(parsed, grid or find_grid(parsed), onset, end - onset)


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
    found = facts(written(SCALE), FREE_TIME)
    assert found["grid"] == "performance"
    assert found["bpm"] is found["metre"] is found["pickup_steps"] is found["syncopation"] is None
    assert found["tempo_map"] == [{"tick": 0, "s": 0.0, "bpm": 120.0}]


def test_polyphony_is_measured_where_something_sounds() -> None:
    chord = [Played(0, 100, 60, 64), Played(0, 100, 64, 64), Played(100, 100, 60, 64), Played(1000, 100, 60, 64)]
    assert facts(written(chord))["polyphony"] == pytest.approx(400 / 300)
    inside = [Played(0, 100, 60, 64), Played(10, 10, 64, 64)]
    assert facts(written(inside))["polyphony"] == pytest.approx(1.1)


def test_the_keys_of_a_piece_that_goes_to_the_dominant() -> None:
    home, away = (0, 4, 7, 5, 9, 2, 7, 11), (7, 11, 2, 6, 9, 0, 2, 7)
    pitches = [60 + step for bars in (home, away, home) for _ in range(8) for step in bars]
    notes = [Played(480 * beat, 480, pitch, 64) for beat, pitch in enumerate(pitches)]
    found = facts(written(notes, tempos=[(0, 500_000), (480 * 32, 1_000_000)]))["local_keys"]
    assert [(span["root"], span["mode"]) for span in found] == [(0, "major"), (7, "major"), (0, "major")]
    begins = [span["begin_step"] for span in found]
    assert begins[0] == 0 and abs(begins[1] - 256) <= 16 and abs(begins[2] - 512) <= 16
    seconds = [min(step, 128) / 8 + max(0, step - 128) / 4 for step in begins]
    assert [span["begin_s"] for span in found] == pytest.approx(seconds)
    assert all(1 / 24 < span["confidence"] < 1 for span in found)


def test_free_time_has_keys_by_the_second() -> None:
    random = np.random.default_rng(5)
    clock = np.cumsum(random.uniform(50, 400, 900)).astype(int)
    steps = [0, 4, 7, 5, 9, 2, 7, 11]
    notes = [Played(tick, 100, 60 + steps[index % 8], 64) for index, tick in enumerate(clock.tolist())]
    (found,) = facts(written(notes), FREE_TIME)["local_keys"]
    assert (found["root"], found["mode"], found["begin_s"], found["begin_step"]) == (0, "major", 0.0, None)


def test_a_very_long_file_has_longer_windows() -> None:
    last = 480 * 2 * (3 * MAX_WINDOWS)
    found = facts(written([Played(0, 480, 60, 64), Played(last, 480, 61, 64)], tempos=[(0, 20_000)]))["local_keys"]
    assert len(found) <= 2 and all(span["begin_step"] % 32 == 0 for span in found)


def test_notes_without_length_have_keys() -> None:
    bare = [note._replace(duration=1) for note in SCALE]
    parsed = parse_midi(written(bare))
    parsed = replace(parsed, duration_tick=np.zeros(len(bare), dtype=np.int64))
    seconds = seconds_at(parsed.onset_tick, parsed.ppq, parsed.tempos)
    found = file_facts(parsed, find_grid(parsed), seconds, np.zeros(len(bare)))
    assert (found["key_root"], found["key_mode"], found["polyphony"]) == (0, "major", 0.0)
    assert [(span["root"], span["mode"]) for span in found["local_keys"]] == [(0, "major")]


def test_no_files_have_no_facts() -> None:
    assert facts_table([]) == FILES.empty_table()


def test_the_facts_have_the_types_of_their_columns() -> None:
    kit = [Played(240 * index, 60, 37, 90, channel=9, track=1) for index in range(60)]
    for notes in (SCALE, kit, [*SCALE, *kit], SCALE[:1]):
        parsed = parse_midi(written(notes))
        row = facts(written(notes)) | find_grid(parsed).facts()
        named = {"dataset": "test", "sha256": "0" * 64, "path": "a.mid"}
        table = facts_table([row | named])
        assert table == pa.Table.from_pylist([row | named], schema=FILES)
        table.validate(full=True)
        told = table.to_pylist()[0]
        said = ("title", "composer", "composer_died", "style", "official_split", "loop_bars")
        assert set(row | named) | set(said) == set(FILES.names)
        missing = [field.name for field in FILES if not field.nullable and told[field.name] is None]
        assert not missing
        assert len(told["programs"]) == len(told["roles"]) == len(told["role_confidences"]) == told["tracks"]


@settings(deadline=None)  # the first example compiles
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
