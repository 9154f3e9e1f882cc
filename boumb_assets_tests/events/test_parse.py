from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.parse import MAX_NAME, MidiRejected, ParsedMidi, parse_midi, seconds_at
from boumb_assets.lake.rejection import Reason
from boumb_assets_tests.events.smf import END, NOTE, Played, meta, smf, written

TEMPO_120 = meta(0x51, (500_000).to_bytes(3, "big"))


def heard(parsed: ParsedMidi) -> list[tuple[int, ...]]:
    columns = (
        parsed.onset_tick, parsed.duration_tick, parsed.pitch, parsed.velocity, parsed.channel, parsed.program,
    )  # fmt: skip
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def refused(data: bytes) -> Reason:
    with pytest.raises(MidiRejected) as refusal:
        parse_midi(data)
    assert refusal.value.detail
    return refusal.value.reason


# What becomes of each file of corpus/odd/handmade: the reason it is refused for, or its notes (onset, duration, pitch,
# velocity) and what was repaired. A new file there fails the test until it is decided on.
C4, OVERLAP = [(0, 40, 60, 64)], [(0, 480, 60, 64), (240, 480, 60, 80)]
HANDMADE: dict[str, Reason | tuple[list[tuple[int, int, int, int]], tuple[str, ...]]] = {
    "9_tick_overflow": Reason.OUT_OF_RANGE,
    "alien_chunk": (C4, ()),
    "badkey": (C4, ()),
    "datagt127": ([(0, 40, 60, 127)], ("data_bytes_clamped",)),
    "hanging": ([(10, 10, 62, 64)], ()),
    "huge_delta": Reason.OUT_OF_RANGE,
    "junk_prefix": (OVERLAP, ("junk_before_header",)),
    "meta_breaks_running": ([(0, 48, 60, 64)], ()),
    "no_eot": (C4, ("missing_end_of_track",)),
    "noteoff_other_track": Reason.NO_NOTES,
    "ntrks_too_many": (OVERLAP, ("track_count",)),
    "overlap": (OVERLAP, ()),
    "ppq0": Reason.BAD_RESOLUTION,
    "rmid": (OVERLAP, ("riff_unwrapped",)),
    "smpte": Reason.SMPTE_TIME,
    "sysex_breaks_running": Reason.MALFORMED,
    "tempo0": Reason.BAD_TEMPO,
    "ts_0_4": Reason.BAD_METRE,
    "ts_den_240": Reason.BAD_METRE,
    "type2": Reason.TYPE_2,
    "zero_len": ([(0, 0, 60, 64)], ()),
}


def test_every_handmade_file_is_decided_on(shared: Path) -> None:
    files = {path.stem: path.read_bytes() for path in (shared / "corpus/odd/handmade").glob("*.mid")}
    assert files.keys() == HANDMADE.keys()
    for name, data in files.items():
        try:
            parsed = parse_midi(data)
        except MidiRejected as refusal:
            assert refusal.reason == HANDMADE[name], name
        else:
            assert ([note[:4] for note in heard(parsed)], parsed.repairs) == HANDMADE[name], name


@st.composite
def scores(draw: st.DrawFn) -> tuple[list[Played], int]:
    """Notes that any pairing of note-offs reads alike: no two of one pitch and channel overlap in a track."""
    notes = []
    for track in range(draw(st.integers(1, 3))):
        channels = draw(st.lists(st.sampled_from([0, 1, 5, 9, 15]), min_size=1, max_size=3, unique=True))
        for channel in channels:
            program = draw(st.integers(0, 127))
            for pitch in draw(st.lists(st.integers(0, 127), min_size=1, max_size=3, unique=True)):
                now = 0
                for gap, length, velocity in draw(
                    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 900), st.integers(1, 127)), max_size=4)
                ):
                    notes.append(Played(now + gap, length, pitch, velocity, channel, track, program))
                    now += gap + length
    return notes, draw(st.sampled_from([1, 24, 96, 480, 960, 32767]))


@given(scores())
def test_notes_that_mido_wrote_are_read_back_exactly(score: tuple[list[Played], int]) -> None:
    notes, ppq = score
    data = written(notes, ppq)
    if not notes:
        assert refused(data) is Reason.NO_NOTES
        return
    parsed = parse_midi(data)
    assert heard(parsed) == sorted(
        (note.onset, note.duration, note.pitch, note.velocity, note.channel, -1 if note.channel == 9 else note.program)
        for note in notes
    )
    keys = np.stack([parsed.onset_tick, parsed.track, parsed.pitch.astype(np.int64)], axis=1)
    assert keys.tolist() == sorted(keys.tolist()), "in the order of onset, part, pitch"
    assert parsed.ppq == ppq and parsed.repairs == ()
    assert len(parsed.track_names) == len({(note.track, note.channel) for note in notes})
    assert np.array_equal(parsed.channel == 9, parsed.is_drum)


@pytest.mark.parametrize(
    ("track", "reason"),
    [
        (END, Reason.NO_NOTES),
        (meta(0x51, (19_999).to_bytes(3, "big")) + NOTE + END, Reason.BAD_TEMPO),
        (meta(0x58, bytes([4, 7, 24, 8])) + NOTE + END, Reason.BAD_METRE),
        (meta(0x58, bytes([0, 2, 24, 8])) + NOTE + END, Reason.BAD_METRE),
        (b"\x00\x3c\x40" + END, Reason.MALFORMED),
        (meta(0x51, b"\x07\xa1") + NOTE + END, Reason.MALFORMED),
        (meta(0x58, b"\x04") + NOTE + END, Reason.MALFORMED),
        (NOTE + b"\x00\xf4" + END, Reason.MALFORMED),
        (NOTE + b"\x80\x80\x80\x80\x00" + END, Reason.MALFORMED),
        (NOTE + b"\x00\xff\x01\x09a", Reason.MALFORMED),
        (NOTE + b"\x00\x90\x3c", Reason.MALFORMED),
        (b"\xff\xff\xff\x7f\x90\x3c\x40" * 9 + END, Reason.OUT_OF_RANGE),
        (NOTE[:4] + b"\xd0\x80\x00\x80\x3c\x00" + END, Reason.OUT_OF_RANGE),  # 2**24 quarters at 120 BPM
    ],
)
def test_what_the_parser_lets_by_is_refused(track: bytes, reason: Reason) -> None:
    assert refused(smf(track, division=1 if reason is Reason.OUT_OF_RANGE else 480)) is reason


def test_a_restruck_note_ends_with_the_first_note_off() -> None:
    on, again, off = b"\x00\x90\x3c\x40", b"\x0a\x90\x3c\x50", b"\x0a\x80\x3c\x00"
    parsed = parse_midi(smf(on + again + off + off + END))
    assert [note[:4] for note in heard(parsed)] == [(0, 20, 60, 64), (10, 20, 60, 80)]


def test_a_part_is_a_channel_and_program_of_a_track() -> None:
    change = b"\x00\xc0\x07"
    parsed = parse_midi(smf(b"\x00\xc0\x05" + NOTE + change + NOTE + END, NOTE + END))
    assert parsed.track.tolist() == [0, 2, 1] and parsed.program.tolist() == [5, 5, 7]


def test_names_are_decoded_bounded_and_in_one_line() -> None:
    tracks = [meta(3, name) + NOTE + END for name in (b"Fl\xf6te", "Flöte 長笛".encode(), b" a\x00b\n", b"x" * 100)]
    assert parse_midi(smf(*tracks)).track_names == ("Flöte", "Flöte 長笛", "a b", "x" * MAX_NAME)


def test_the_name_of_a_track_is_the_first_that_says_something() -> None:
    named = meta(3, b"") + meta(3, b"Bass") + NOTE + meta(3, b"Copyright 1997") + END
    assert parse_midi(smf(named, NOTE + END)).track_names == ("Bass", "")


def test_all_metres_and_tempos_of_all_tracks_hold_for_all() -> None:
    slow, fast = meta(0x51, b"\x0f\x42\x40"), meta(0x51, b"\x03\xd0\x90")
    parsed = parse_midi(smf(slow + meta(0x58, b"\x03\x02") + END, NOTE + fast + END, b"\x0a" + slow[1:] + END))
    assert parsed.tempos.tick.tolist() == [0, 40]
    assert parsed.tempos.microseconds.tolist() == [1_000_000, 250_000]
    assert parsed.metres.numerator.tolist() == [3]


def test_a_pickup_and_changes_of_metre_are_told_as_they_are_stated() -> None:
    stated = [(0, 1, 4), (480, 4, 4), (2400, 6, 8), (2400, 7, 8), (4080, 7, 8)]
    metres = parse_midi(written([Played(0, 100, 60, 64), Played(5000, 10, 60, 64)], metres=stated)).metres
    found = list(zip(metres.tick.tolist(), metres.numerator.tolist(), metres.denominator.tolist(), strict=True))
    assert found == [(0, 1, 4), (480, 4, 4), (2400, 7, 8)]


def test_a_program_set_in_another_track_of_the_port_counts_where_the_own_track_sets_none() -> None:
    late = b"\x0a\xc0\x07"  # at tick 10, where nothing in the second track was set yet
    first, second = b"\x00\xc0\x06" + late + NOTE + END, NOTE + b"\x00\xc0\x05" + NOTE + END
    elsewhere = meta(0x21, b"\x01") + NOTE + END
    parsed = parse_midi(smf(first, second, elsewhere))
    by_note = sorted(zip(parsed.onset_tick.tolist(), parsed.channel.tolist(), parsed.program.tolist(), strict=True))
    assert by_note == [(0, 0, 0), (0, 0, 6), (10, 0, 7), (40, 0, 5)]


def test_hanging_notes_are_left_out_and_counted() -> None:
    hanging, off = b"\x00\x90\x40\x40", b"\x05\x80\x40\x00"
    parsed = parse_midi(smf(hanging + b"\x00\x91\x40\x40" + NOTE + END, off + END))
    assert parsed.pitch.tolist() == [60]
    assert (parsed.hanging, parsed.ended_elsewhere) == (2, 1)


def test_overlapping_and_empty_notes_are_kept_and_counted() -> None:
    on, off = b"\x00\x90\x3c\x40", b"\x00\x80\x3c\x00"
    parsed = parse_midi(smf(on + off + on + on + b"\x05" + off[1:] + off + END))
    assert [note[:2] for note in heard(parsed)] == [(0, 0), (0, 5), (0, 5)] and parsed.overlapping == 1


def test_the_pedal_lengthens_no_note_and_its_share_of_time_is_told() -> None:
    down, up, reset = b"\x00\xb0\x40\x7f", b"\x0a\xb0\x40\x3f", b"\x14\xb0\x79\x00"
    plain = parse_midi(smf(NOTE + END))
    half = parse_midi(smf(down + b"\x14" + up[1:] + NOTE[:4] + b"\x14" + NOTE[5:] + END))
    assert (plain.pedal_share, half.pedal_share) == (0.0, 0.5)
    assert parse_midi(smf(down + NOTE + up + END)).pedal_share == 1.0
    assert parse_midi(smf(down + up + reset + NOTE + END)).pedal_share == pytest.approx(10 / 70)
    assert parse_midi(smf(down + reset + NOTE + END)).pedal_share == pytest.approx(20 / 60)
    with_pedal = parse_midi(smf(down + NOTE + up + END))
    assert with_pedal.duration_tick.tolist() == [40]
    other_channel = parse_midi(smf(b"\x00\xb1\x40\x7f" + NOTE + END))
    assert other_channel.pedal_share == 0.0


def test_what_was_put_right_is_named() -> None:
    assert parse_midi(smf(NOTE)).repairs == ("missing_end_of_track",)
    assert parse_midi(smf(NOTE + END + NOTE + END)).repairs == ("bytes_after_end_of_track",)
    clamped = parse_midi(smf(b"\x00\x90\x3c\xff\x28\x80\x3c\x00" + END))
    assert (clamped.repairs, clamped.velocity.tolist()) == (("data_bytes_clamped",), [127])
    assert parse_midi(b"x" + smf(NOTE, declared=3)).repairs == (
        "junk_before_header", "track_count", "missing_end_of_track",
    )  # fmt: skip


def test_a_damaged_track_is_refused_with_its_place() -> None:
    with pytest.raises(MidiRejected, match="in track 1 at byte 43"):
        parse_midi(smf(NOTE + END, b"\x00\x3c\x40" + END))


def test_more_parts_than_the_columns_hold_are_refused() -> None:
    track = b"".join(
        bytes([0, 0xC0 | channel, program, 0, 0x90 | channel, 60, 64, 40, 0x80 | channel, 60, 0])
        for channel in range(16)
        for program in range(128)
    )
    assert len(parse_midi(smf(track + END, track + END)).track_names) == 4096
    assert refused(smf(track + END, track + END, NOTE + END)) is Reason.OUT_OF_RANGE


def test_maps_have_defaults_and_hold_changes_only() -> None:
    bare = parse_midi(smf(NOTE + END))
    assert bare.tempos.microseconds.tolist() == [500_000] and not bare.tempos.stated
    assert (bare.metres.numerator.tolist(), bare.metres.denominator.tolist()) == ([4], [4]) and not bare.metres.stated
    notes = [Played(0, 100, 60, 64)]
    parsed = parse_midi(
        written(notes, tempos=[(960, 400_000), (960, 300_000), (1920, 300_000)], metres=[(0, 3, 4), (1440, 3, 4)])
    )
    assert parsed.tempos.tick.tolist() == [0, 960]
    assert parsed.tempos.microseconds.tolist() == [500_000, 300_000] and parsed.tempos.stated
    assert parsed.metres.tick.tolist() == [0] and parsed.metres.numerator.tolist() == [3] and parsed.metres.stated


def test_seconds_follow_the_tempo_map() -> None:
    parsed = parse_midi(written([Played(0, 2000, 60, 64)], tempos=[(0, 500_000), (480, 1_000_000), (960, 250_000)]))
    ticks = np.array([0, 240, 480, 720, 960, 1440])
    expected = [0.0, 0.25, 0.5, 1.0, 1.5, 1.75]
    assert seconds_at(ticks, 480, parsed.tempos).tolist() == pytest.approx(expected)


@given(st.binary(max_size=60))
def test_any_bytes_in_a_track_are_read_or_refused(track: bytes) -> None:
    try:
        parsed = parse_midi(smf(track, NOTE + END))
    except MidiRejected as refusal:
        assert isinstance(refusal.reason, Reason)
    else:
        assert parsed.pitch.size >= 1
