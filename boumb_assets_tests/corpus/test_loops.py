"""Loops from events: everything that is emitted is valid, cut at bars, whole at its ends, and there once."""

import hashlib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence, Note, nearest_duration
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.corpus.loops import (
    EVENT_NAMES,
    EVENTS_READ,
    FILES_READ,
    FILTERS,
    LoopSettings,
    cut_loops,
    studio_style,
)
from boumb_assets.corpus.loops.filters import longest_fitting
from boumb_assets.corpus.loops.filters import nearest_duration as nearest_index
from boumb_assets.corpus.loops.texts import NAMES
from boumb_assets.corpus.schema import LOOPS
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets.events.schema import EVENTS, FILES
from boumb_assets.theory.scales import SCALES
from boumb_assets_tests.corpus.tables import Tone, events_table, files_table

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def melody(bars: int, seed: int = 1, length: float = 2.0) -> list[Tone]:
    """Eighths that never repeat a bar."""
    rng = np.random.default_rng(seed)
    return [Tone(step, int(rng.choice(SCALE)), length) for step in range(0, bars * 16, 2)]


def cut(tones: list[Tone], settings: LoopSettings | None = None, **facts: Any) -> list[dict[str, Any]]:
    table = cut_loops(events_table(tones), files_table(**facts), settings).table
    assert table.schema == LOOPS
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def dropped(tones: list[Tone], **facts: Any) -> dict[str, int]:
    counts = cut_loops(events_table(tones), files_table(**facts)).dropped
    assert tuple(counts) == FILTERS
    return {name: count for name, count in counts.items() if count}


def sequence(row: dict[str, Any]) -> BoumbSequence:
    return BoumbSequence.model_validate_json(row["content"])


def test_music_as_long_as_a_loop_is_one_loop() -> None:
    for bars in (2, 4):
        assert [(row["start_bar"], row["bars"]) for row in cut(melody(bars))] == [(0, bars)]


def test_it_is_all_the_same_how_the_names_of_events_are_kept() -> None:
    pieces = [events_table(melody(5, seed)) for seed in (1, 2)]
    read = [piece.select(EVENTS_READ) for piece in pieces]
    for name in EVENT_NAMES:
        read = [piece.set_column(place, name, piece[name].dictionary_encode()) for piece in read
                for place in [piece.schema.get_field_index(name)]]  # fmt: skip
    files = files_table()
    whole, some = (
        cut_loops(pa.concat_tables(pieces), files),
        cut_loops(pa.concat_tables(read), files.select(FILES_READ)),
    )
    assert some.table.equals(whole.table) and some.table.num_rows


def test_one_bar_is_no_loop_unless_its_collection_says_that_it_is_one_of_two() -> None:
    bar = melody(1)
    assert cut(bar) == [] and dropped(bar) == {"too_short": 1}
    (row,) = cut(bar, loop_bars=2)
    assert (row["start_bar"], row["bars"], sequence(row).bars) == (0, 2, 1)


def test_longer_music_is_cut_side_by_side_into_both_lengths() -> None:
    assert [(row["start_bar"], row["bars"]) for row in cut(melody(9))] == [
        (0, 2), (0, 4), (2, 2), (4, 2), (4, 4), (6, 2),
    ]  # fmt: skip


def test_the_text_is_the_music() -> None:
    tones = [Tone(0, 36, 4, 127), Tone(4, 43, 2, 64), Tone(7, 48, 1, 13), Tone(16, 36, 8, 89), Tone(24, 43, 8, 89)]
    (row,) = cut(tones, title="T", composer="C", style="funk/groove1", official_split="test")
    assert row["content"] == (
        '{"sequence":[{"note":"C2","time":"0:0:0","duration":"4n","velocity":1.0},'
        '{"note":"G2","time":"0:1:0","duration":"8n","velocity":0.5},'
        '{"note":"C3","time":"0:1:3","duration":"16n","velocity":0.1},'
        '{"note":"C2","time":"1:0:0","duration":"2n","velocity":0.7},'
        '{"note":"G2","time":"1:2:0","duration":"2n","velocity":0.7}]}'
    )
    assert row["role"] == "bass" and row["loss"] == 0 and row["notes"] == 5 and row["density"] == 2.5
    assert (row["lowest"], row["highest"], row["bpm"], row["style"]) == (36, 48, 120, "funk")
    assert (row["title"], row["composer"], row["official_split"]) == ("T", "C", "test")
    assert row["key_root"] is None, "two pitch classes say nothing of a key"


def test_notes_that_hang_over_are_clipped() -> None:
    (row,) = cut([*melody(2)[:-1], Tone(30, 60, 40)])
    last = sequence(row).sequence[-1]
    assert (last.step, last.duration) == (30, "8n")
    for row in cut([*melody(8), Tone(27, 48, 30), Tone(90, 48, 12)]):
        assert all(note.step + DURATION_STEPS[note.duration] <= row["bars"] * 16 for note in sequence(row).sequence)


def test_a_dotted_note_is_not_lengthened_into_the_next() -> None:
    dotted = [Tone(at, 60 + at % 5, length) for bar in (0, 16) for at, length in ((bar, 6), (bar + 6, 2), (bar + 8, 8))]
    (row,) = cut(dotted, LoopSettings())
    notes = sequence(row).sequence
    assert nearest_duration(6) == "2n" and notes[0].duration == "4n"
    assert row["loss"] == pytest.approx(2 / 3)
    held = [Tone(at, pitch, 6) for bar in (0, 16) for at, pitch in ((bar, 60), (bar + 2, 64), (bar + 7, 67))]
    assert sequence(cut(held, LoopSettings(max_loss=4))[0]).sequence[0].duration == "4n", (
        "it ends before the third note"
    )


def test_loss_is_measured_and_bounded() -> None:
    late = [Tone(tone.at + 0.25, tone.pitch, 2.0) for tone in melody(2)]
    (row,) = cut(late)
    assert row["loss"] == pytest.approx(0.25 + 0.25 / 16)  # the last note is clipped by a quarter of a step
    assert dropped([Tone(tone.at + 0.25, tone.pitch, 2.8) for tone in melody(2)]) == {"loss": 1}
    uneven = [Tone(tone.at + 0.45 * (-1) ** index + 1, tone.pitch, 1.0) for index, tone in enumerate(melody(2)[:-1])]
    assert dropped(uneven) == {"off_grid": 1}
    steady = [Tone(step + 0.4, (36, 42)[step % 8 == 4], drum=True) for step in range(0, 32, 4)]
    assert len(cut(steady)) == 1, "a lag is no unevenness"


def test_only_unchanging_four_four_on_a_grid() -> None:
    for facts, name in (
        ({"grid": "performance"}, "file_grid"),
        ({"grid": "unmetred"}, "file_grid"),
        ({"metre": "3/4"}, "file_metre"),
        ({"metre": None}, "file_metre"),
        ({"metre_changes": 1}, "file_metre_changes"),
        ({"bpm": None}, "file_tempo"),
    ):
        assert cut(melody(4), **facts) == []
        assert dropped(melody(4), **facts) == {name: 1}


def test_columns_without_a_grid_may_be_null() -> None:
    events = events_table(melody(4))
    nulls = {name: pa.nulls(len(events), EVENTS.field(name).type) for name in ("onset_step", "bar", "step", "residual")}
    for name, values in nulls.items():
        events = events.set_column(events.schema.get_field_index(name), EVENTS.field(name), values)
    both = pa.concat_tables([events, events_table(melody(4), path="b.mid")])
    files = pa.concat_tables([files_table(grid="performance", bpm=None), files_table("b.mid")])
    made = cut_loops(both, files)
    assert made.table.column("path").to_pylist() == ["b.mid"]
    assert made.dropped["file_grid"] == 1


def test_a_pickup_comes_before_the_first_loop() -> None:
    upbeat = [Tone(14, 67), *(Tone(tone.at + 16, tone.pitch, 2.0) for tone in melody(2))]
    (row,) = cut(upbeat, pickup_steps=2)
    assert (row["start_bar"], row["bars"]) == (1, 2)
    assert sequence(row).sequence[0].time == "0:0:0"
    unmarked = [Tone(14, 67), *(Tone(tone.at + 16, tone.pitch, 2.0) for tone in melody(8))]
    assert cut(unmarked)[0]["start_bar"] == 1


def test_repetitions_are_emitted_once() -> None:
    bars = melody(2)
    song = [Tone(tone.at + 32 * time, tone.pitch, 2.0, 80 + time) for time in range(4) for tone in bars]
    assert [(row["start_bar"], row["bars"]) for row in cut(song)] == [(0, 2)]
    assert dropped(song) == {"repeated": 3, "halves_equal": 2}
    once, again = cut(bars)[0], cut(song)[0]
    assert again["score"] > once["score"] and again["fingerprint"] == once["fingerprint"]


def test_a_loop_of_equal_halves_is_its_half() -> None:
    bars = melody(2)
    assert [row["bars"] for row in cut(bars + [Tone(tone.at + 32, tone.pitch, 2.0) for tone in bars])] == [2]


def test_what_is_no_loop() -> None:
    assert dropped([Tone(0, 60, 32), Tone(31, 60)]).keys() == {"loss"}, "a note of two bars cannot be written"
    assert dropped([Tone(0, 60, 16), Tone(0, 64, 32), Tone(16, 30, 1, drum=True)]) == {"few_onsets": 1, "few_notes": 1}
    assert dropped([Tone(0, 60, 10)]) == {"too_short": 1}
    assert dropped([Tone(0, 60, 30)]) == {"few_notes": 1}
    assert dropped([Tone(0, 60, 2), Tone(2, 62, 2), Tone(4, 64, 2), Tone(31, 60)]) == {"long_rest": 1}
    assert dropped([Tone(step / 1, pitch) for step in range(0, 32, 8) for pitch in range(50, 57)]) == {
        "chord_too_big": 1
    }
    assert dropped([Tone(step, pitch) for step in range(32) for pitch in (60, 64, 67)]) == {"too_many_notes": 1}
    assert dropped([*melody(2), Tone(4, 5)]) == {"pitch_range": 1}
    assert dropped([*melody(2), Tone(4, 120)]) == {"pitch_range": 1}
    assert (
        cut([Tone(0, 60, 16), Tone(0, 64, 16), Tone(0, 67, 16), Tone(16, 65, 16), Tone(16, 69, 16)])[0]["role"] == "pad"
    )


def test_a_loop_stands_alone_or_is_dropped() -> None:
    pulse = [Tone(step, 36, 2.0) for step in range(0, 32, 2)]
    assert dropped(pulse) == {"interest": 1}
    assert [row["interest"] for row in cut(pulse, loop_bars=2)] == [0], "its collection says that it is a loop"
    cut_off = [Tone(step, pitch, 32.0 - step) for step, pitch in ((16, 60), (20, 64), (24, 67), (28, 71))]
    broken = [*melody(2), *(Tone(tone.at + 32, tone.pitch + 24, 40) for tone in cut_off), Tone(96, 60), Tone(120, 60)]
    strict = LoopSettings(min_loopability=0.9, max_loss=16, min_interest=0)
    assert cut_loops(events_table(broken), files_table(), strict).dropped["loopability"] > 0


def test_the_same_loops_from_one_file_and_from_many() -> None:
    music = {f"{seed}.mid": melody(8, seed) + [Tone(at, 36, drum=True) for at in range(0, 64, 3)] for seed in range(4)}
    apart = [cut_loops(events_table(tones, path=path), files_table(path)).table for path, tones in music.items()]
    together = cut_loops(
        pa.concat_tables([events_table(tones, path=path) for path, tones in music.items()]),
        pa.concat_tables([files_table(path) for path in music]),
    ).table
    assert together.equals(pa.concat_tables(apart)) and together.num_rows > 20


def test_program_articulation_and_mood() -> None:
    short = [Tone(tone.at, tone.pitch, 0.5, program=33) for tone in melody(2)]
    drums = [Tone(step, (36, 42, 38)[step % 3], drum=True, track=1) for step in range(0, 32, 2)]
    tune, beat = cut([*short, *drums])
    assert (tune["program"], tune["articulation"], beat["program"], beat["articulation"]) == (33, 0.25, -1, None)
    assert beat["valence"] is None and -1 <= tune["valence"] <= 1 and 0 <= tune["arousal"] <= 1
    assert tune["chord_changes"] is None
    chords = [Tone(at, pitch, 8) for at, root in ((0, 60), (8, 65), (16, 67), (24, 60)) for pitch in (root, root + 4)]
    fifths = [Tone(tone.at, tone.pitch + 3, 8) for tone in chords if tone.pitch in (64, 69, 71)]
    assert cut([*chords, *fifths])[0]["chord_changes"] == 1.5


def test_of_two_equal_notes_the_louder_stays() -> None:
    (row,) = cut([*melody(2), Tone(4, melody(2)[2].pitch, 1, 120)])
    assert [note.velocity for note in sequence(row).sequence if note.step == 4] == [0.9]
    assert row["notes"] == 16


def test_keys() -> None:
    rows = cut([Tone(tone.at, tone.pitch, 2.0) for tone in melody(8)] + [Tone(0, 60, 16), Tone(112, 60, 16)])
    assert {(row["key_root"], row["scale"]) for row in rows} == {(0, "major")}
    assert all(row["scale_coverage"] == 1 for row in rows)
    elsewhere = melody(8) + [Tone(step, 61 + step % 3, 8.0, track=1) for step in range(64, 96, 8)]
    strange = [row for row in cut(elsewhere) if row["track"] == 1]
    assert strange and all(row["scale_coverage"] < 0.85 and row["scale"] is None for row in strange)


def test_tempo_of_the_loop_where_it_changes() -> None:
    assert {row["bpm"] for row in cut(melody(8), bpm=90.0)} == {90.0}
    assert all(row["bpm"] == pytest.approx(120) for row in cut(melody(8), bpm=90.0, tempo_changes=3))


def test_drums_onto_the_studios_tracks() -> None:
    kit = {36: (0, 8, 16, 24), 38: (4, 12, 20, 28), 42: range(0, 32, 2), 46: (30,), 45: (31,), 3: (5,)}
    tones = [Tone(step + 0.1, key, 0, drum=True) for key, steps in kit.items() for step in steps]
    (row,) = cut(tones)
    clips = DrumPattern.model_validate_json(row["content"]).clips.tracks()
    assert {track: [hit.step for hit in hits] for track, hits in clips.items()} == {
        "track-kick": [0, 8, 16, 24], "track-snare": [4, 12, 20, 28], "track-hhc": list(range(0, 32, 2)),
        "track-hho": [30], "track-perc1": [31],
    }  # fmt: skip
    assert (row["role"], row["contract"], row["bars"], row["notes"]) == ("drums", "drum-pattern", 2, 26)
    assert row["key_root"] is None and row["scale"] is None and row["scale_coverage"] is None
    assert row["loss"] == pytest.approx(0.1, abs=1e-6)
    assert DrumPattern.model_validate_json(row["content"]).to_json() == row["content"]
    assert dropped(
        [Tone(step, 3, 1, drum=True) for step in range(32)] + [Tone(0, 36, drum=True), Tone(8, 36, drum=True)]
    )


def test_drum_and_pitched_notes_of_one_track_are_parts_of_their_own() -> None:
    both = melody(2) + [Tone(step, 36 + 2 * (step % 8 == 4), drum=True) for step in range(0, 32, 4)]
    assert {row["contract"] for row in cut(both)} == {"boumb-sequence", "drum-pattern"}
    assert len({row["loop_id"] for row in cut(both)}) == 2


def test_no_music_gives_no_loops() -> None:
    made = cut_loops(EVENTS.empty_table(), FILES.empty_table())
    assert made.table.num_rows == 0 and not any(made.dropped.values())
    assert cut_loops(EVENTS.empty_table(), files_table()).table.num_rows == 0
    assert cut_loops(events_table(melody(4)), FILES.empty_table()).table.num_rows == 0


def test_the_order_of_the_rows_does_not_matter() -> None:
    tables = [events_table(melody(8, seed), path=f"{seed}.mid") for seed in range(3)]
    files = [files_table(f"{seed}.mid") for seed in range(3)]
    made = cut_loops(pa.concat_tables(tables), pa.concat_tables(files)).table
    again = cut_loops(pa.concat_tables(tables[::-1]), pa.concat_tables(files[::-1])).table
    assert made.equals(again)
    places = [tuple(row.values()) for row in made.select(["path", "track", "start_bar", "bars"]).to_pylist()]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_loss": 0},
        {"min_interest": 2},
        {"min_loopability": -1},
        {"max_onset_error": 0},
        {"min_notes": 0},
        {"max_notes": 201},
        {"min_onsets": {"bass": 1}},
    ],
)
def test_settings_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        LoopSettings(**wrong)


def test_studio_styles() -> None:
    texts = ("funk/groove1", "latin/brazilian-bossa", "LoFi beats", "jazzy", "rock", None)
    assert [studio_style(text) for text in texts] == ["funk", "bossa", "lo-fi", "jazz", None, None]
    assert studio_style("dubstep") is None


@given(st.floats(0.0, 100))
def test_durations_as_the_contract_has_them(length: float) -> None:
    assert NAMES[nearest_index(length)] == nearest_duration(max(0.5, length))
    fitting = [name for name in NAMES if DURATION_STEPS[name] <= max(0.5, length)]
    assert NAMES[longest_fitting(length)] == fitting[-1]


tones = st.builds(
    Tone,
    at=st.floats(0, 127).map(lambda at: round(at * 12) / 12),
    pitch=st.integers(0, 127),
    length=st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.9, 4.0, 16.0, 70.0]),
    velocity=st.integers(1, 127),
    track=st.integers(0, 2),
    drum=st.booleans(),
    program=st.sampled_from([0, 33, 89]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(tones, max_size=120))
def test_whatever_is_emitted_is_valid(music: list[Tone]) -> None:
    anything = LoopSettings(
        max_loss=100, max_onset_error=1, max_silence=64, max_chord=99, max_unmapped=1, min_notes=1,
        max_notes=200, max_drum_notes=200, min_onsets=dict.fromkeys(("bass", "lead", "keys", "pad", "drums"), 1),
        min_loopability=0, min_interest=0,
    )  # fmt: skip
    for row in cut(music, anything):
        model = BoumbSequence if row["contract"] == "boumb-sequence" else DrumPattern
        parsed = model.model_validate_json(row["content"])
        assert parsed.to_json() == row["content"]
        assert row["bars"] in ((2, 4) if model is BoumbSequence else (2,))
        assert (
            row["notes"] <= 200 and 0 <= row["syncopation"] <= 1 and 0 <= row["swing"] <= 1 and 0 <= row["score"] <= 1
        )
        assert row["loss"] >= 0 and 0 < row["role_confidence"] <= 1
        assert all(0 <= row[name] <= 1 for name in ("loopability", "repetition", "interest")) and len(row["near"]) == 16
        assert (row["scale"] is None) == (row["key_root"] is None) and row["scale"] in (None, *SCALES)
        if isinstance(parsed, BoumbSequence):
            assert parsed.bars <= row["bars"]
            assert all(note.step + DURATION_STEPS[note.duration] <= row["bars"] * 16 for note in parsed.sequence)


@st.composite
def loops(draw: st.DrawFn) -> BoumbSequence:
    """Two bars of one voice, every note within its place."""
    onsets = sorted(draw(st.sets(st.integers(0, 31), min_size=6, max_size=20)) | {0, 8, 16, 24})
    notes = []
    for onset, following in itertools.pairwise([*onsets, 32]):
        fitting = [steps for steps in DURATION_STEPS.values() if steps <= following - onset]
        velocity = draw(st.integers(1, 10)) / 10
        notes.append(Note.on_grid(onset, draw(st.integers(12, 119)), draw(st.sampled_from(fitting)), velocity))
    return BoumbSequence.of(notes)


@given(loops())
def test_a_loop_of_the_contract_comes_back_as_it_was(loop: BoumbSequence) -> None:
    played = [
        Tone(note.step, note.pitch, DURATION_STEPS[note.duration], round(note.velocity * 127)) for note in loop.sequence
    ]
    (row,) = cut(played)
    assert row["content"] == loop.to_json() and row["loss"] == 0


def test_real_files(shared: Path) -> None:
    paths = [
        *sorted((shared / "corpus/openscore_lieder").glob("*.mid"))[:30],
        *sorted((shared / "corpus/groove").rglob("*.mid"))[:20],
    ]
    tasks = [FileTask(str(path), path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    read = extract_files(tasks, "real")
    rows = cut_loops(read.events, read.files).table.to_pylist()
    assert len(rows) > 100
    assert len({row["loop_id"] for row in rows}) == len(rows)
    assert {row["contract"] for row in rows} == {"boumb-sequence", "drum-pattern"}
    for row in rows:
        model = BoumbSequence if row["contract"] == "boumb-sequence" else DrumPattern
        assert model.model_validate_json(row["content"]).to_json() == row["content"]
        assert row["loss"] <= 1
