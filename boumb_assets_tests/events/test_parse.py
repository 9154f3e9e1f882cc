from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.parse import MAX_NAME, MidiRejected, ParsedMidi, parse_midi, seconds_at
from boumb_assets.lake.rejection import Reason
from boumb_assets_tests.events.smf import END, NOTE, Played, meta, oracle, smf, written

TEMPO_120 = meta(0x51, (500_000).to_bytes(3, "big"))
SUFFIXES = {".mid", ".midi"}


def heard(parsed: ParsedMidi) -> list[tuple[int, int, int, int, bool, int]]:
    columns = (
        parsed.onset_tick, parsed.duration_tick, parsed.pitch, parsed.velocity, parsed.is_drum, parsed.program,
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
    drum = [note.channel == 9 for note in notes]
    assert heard(parsed) == sorted(
        (note.onset, note.duration, note.pitch, note.velocity, d, -1 if d else note.program)
        for note, d in zip(notes, drum, strict=True)
    )
    keys = np.stack([parsed.onset_tick, parsed.track, parsed.pitch.astype(np.int64)], axis=1)
    assert keys.tolist() == sorted(keys.tolist()), "in the order of onset, part, pitch"
    assert parsed.ppq == ppq and parsed.repairs == ()
    assert len(parsed.track_names) == len({(note.track, note.channel) for note in notes})
    assert parsed.channel.tolist() == [9 if d else -1 for d in parsed.is_drum]


def same_as_mido(files: list[Path]) -> int:
    compared = 0
    for path in files:
        data = path.read_bytes()
        try:
            parsed = parse_midi(data)
            expected = oracle(data)
        except MidiRejected:
            continue
        except Exception:  # mido refuses more than we do, with errors of many kinds
            continue
        if parsed.repairs:
            continue
        assert heard(parsed) == expected, path
        compared += 1
    return compared


def corpus(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "corpus").rglob("*") if path.suffix.lower() in SUFFIXES)


def test_a_sample_of_real_files_reads_as_in_mido(shared: Path) -> None:
    files = [path for path in corpus(shared)[::60] if path.stat().st_size < 30_000]
    assert same_as_mido(files) >= 0.9 * len(files) > 40


@pytest.mark.slow
def test_all_real_files_read_as_in_mido(shared: Path) -> None:
    files = corpus(shared)
    assert same_as_mido(files) >= len(files) - 60


@pytest.mark.parametrize(
    ("track", "reason"),
    [
        (END, Reason.NO_NOTES),
        (meta(0x51, (19_999).to_bytes(3, "big")) + NOTE + END, Reason.BAD_TEMPO),
        (meta(0x58, bytes([4, 7, 24, 8])) + NOTE + END, Reason.BAD_METRE),
        (meta(0x58, bytes([0, 2, 24, 8])) + NOTE + END, Reason.BAD_METRE),
        (b"\x00\x3c\x40" + END, Reason.MALFORMED),
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
    assert parsed.track.tolist() == [0, 2, 1] and parsed.program.tolist() == [5, 0, 7]


def test_names_are_utf_8_or_else_latin_1_and_bounded() -> None:
    tracks = [meta(3, name) + NOTE + END for name in (b"Fl\xf6te", "Flöte 長笛".encode(), b" a\x00b\n", b"x" * 100)]
    assert parse_midi(smf(*tracks)).track_names == ("Flöte", "Flöte 長笛", "a b", "x" * MAX_NAME)


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
