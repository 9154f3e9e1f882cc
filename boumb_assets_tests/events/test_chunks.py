import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.chunks import MAX_BYTES, MAX_CHUNKS, MidiRejected, read_chunks
from boumb_assets.lake.rejection import Reason
from boumb_assets_tests.events.smf import END, NOTE, chunk, smf

GOOD = smf(NOTE + END)


def tracks(data: bytes) -> tuple[bytes, ...]:
    return tuple(data[begin:end] for begin, end in read_chunks(data).spans)


def test_a_file_in_standard_form_needs_no_repair() -> None:
    chunks = read_chunks(GOOD)
    assert (chunks.format, chunks.ppq, chunks.repairs) == (1, 480, ())
    assert tracks(GOOD) == (NOTE + END,)


@pytest.mark.parametrize(
    ("data", "repairs"),
    [
        (b"\x00" * 128 + GOOD, ("junk_before_header",)),
        (b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00" + GOOD, ("riff_unwrapped",)),
        (b"MThd" + struct.pack(">IHHH", 8, 1, 1, 480) + b"xx" + chunk(NOTE + END), ("long_header",)),
        (smf(NOTE + END, declared=5), ("track_count",)),
        (smf(NOTE + END, NOTE + END, declared=1), ("track_count",)),
        (GOOD[:18] + struct.pack(">I", 999) + GOOD[22:], ("chunk_length",)),
        (GOOD + b"junk after the last track", ()),
        (GOOD[:14] + b"XFIH\x00\x00\x00\x04abcd" + GOOD[14:], ()),
    ],
)
def test_what_is_put_right_reads_as_the_file_that_was_meant(data: bytes, repairs: tuple[str, ...]) -> None:
    assert read_chunks(data).repairs == repairs
    assert set(tracks(data)) == {NOTE + END}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY_FILE),
        (b"PK\x03\x04 a zip", Reason.NOT_MIDI),
        (b"\x00" * 70_000 + GOOD, Reason.NOT_MIDI),
        (GOOD + bytes(MAX_BYTES), Reason.TOO_LARGE),
        (GOOD[:10], Reason.TRUNCATED),
        (GOOD[:14], Reason.TRUNCATED),
        (GOOD[:-3], Reason.TRUNCATED),
        (smf(NOTE + END, form=3), Reason.MALFORMED),
        (smf(NOTE + END, NOTE + END, declared=3) + b"\x00" * 20, Reason.MALFORMED),
        (smf(NOTE + END, division=0), Reason.BAD_RESOLUTION),
        (smf(NOTE + END, division=0xE728), Reason.SMPTE_TIME),
        (smf(NOTE + END, NOTE + END, form=2), Reason.TYPE_2),
        (smf() + (b"MTrk" + bytes(4)) * (MAX_CHUNKS + 1), Reason.OUT_OF_RANGE),
    ],
)
def test_what_cannot_be_put_right_has_a_reason(data: bytes, reason: Reason) -> None:
    with pytest.raises(MidiRejected) as refusal:
        read_chunks(data)
    assert refusal.value.reason is reason and refusal.value.detail


def test_one_sequence_of_type_2_is_a_track() -> None:
    assert read_chunks(smf(NOTE + END, form=2)).repairs == ()


@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_any_bytes_are_taken_apart_or_refused(junk: bytes, cut: int) -> None:
    for data in (junk, GOOD[:cut] + junk, b"MThd\x00\x00\x00\x06" + junk):
        try:
            chunks = read_chunks(data)
        except MidiRejected as refusal:
            assert isinstance(refusal.reason, Reason)
        else:
            assert chunks.ppq > 0
            assert all(0 <= begin <= end <= len(data) for begin, end in chunks.spans)
