"""The chunks of a Standard MIDI File: found and checked before compiled code reads what is in them.

The form (RP-001, "Standard MIDI Files 1.0"): a chunk ``MThd`` with format, number of tracks and division, then chunks
``MTrk``; a chunk is four letters, its length as four bytes, big end first, and its data. Files in the wild come wrapped
(RIFF/RMID), after junk (MacBinary, mail headers), with a wrong number of tracks or a last chunk that claims too much.
"""

import struct
from dataclasses import dataclass
from typing import Final

from boumb_assets.lake.rejection import Reason

MAX_BYTES: Final = 32 * 2**20
MAX_JUNK_BYTES: Final = 64 * 1024  # how far into a file its header is sought
MAX_CHUNKS: Final = 65_535  # tracks as many as a header can announce
END_OF_TRACK: Final = b"\xff\x2f\x00"

_HEADER_BYTES = 6
_SMPTE_BIT = 0x8000


class MidiRejected(Exception):
    """A file that cannot become events, with the reason that is recorded for it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Chunks:
    """A MIDI file taken apart."""

    format: int
    """0 (one track), 1 (tracks that sound together) or 2 (sequences, one track each)."""
    ppq: int
    """Ticks a quarter note, at least 1."""
    spans: tuple[tuple[int, int], ...]
    """Where the data of each track chunk, without its eight bytes of header, begins and ends in the file."""
    repairs: tuple[str, ...]
    """What had to be put right, by name: riff_unwrapped, junk_before_header, long_header, track_count, chunk_length."""


def read_chunks(data: bytes) -> Chunks:
    """Takes a file's bytes apart.

    A foreign chunk is skipped. A wrong number of tracks in the header is corrected. A last track that claims more bytes
    than there are is accepted where those that are there end with an end-of-track event, else the file is truncated.

    Raises:
        MidiRejected: empty_file, too_large, not_midi, truncated, malformed, smpte_time, bad_resolution, type_2 or
            out_of_range (more than 65,535 chunks).
    """
    repairs: list[str] = []
    start = _header_start(data, repairs)
    file_format, declared, ppq, position = _read_header(data, start, repairs)
    spans, clean = _track_spans(data, position)
    if not spans and declared:
        raise MidiRejected(Reason.TRUNCATED, f"{declared} tracks announced, none there")
    if len(spans) < declared and not clean:
        raise MidiRejected(Reason.MALFORMED, f"after {len(spans)} of {declared} tracks comes no chunk")
    if len(spans) != declared:
        repairs.append("track_count")
    if file_format == 2 and len(spans) > 1:
        raise MidiRejected(Reason.TYPE_2, f"{len(spans)} independent sequences, which do not sound together")
    if spans and spans[-1][1] > len(data):
        if not data.endswith(END_OF_TRACK):
            raise MidiRejected(Reason.TRUNCATED, f"{spans[-1][1] - len(data)} bytes of the last track are missing")
        repairs.append("chunk_length")
    inside = tuple((begin, min(end, len(data))) for begin, end in spans)
    return Chunks(file_format, ppq, inside, tuple(repairs))


def _header_start(data: bytes, repairs: list[str]) -> int:
    """Where ``MThd`` begins."""
    if not data:
        raise MidiRejected(Reason.EMPTY_FILE, "no bytes")
    if len(data) > MAX_BYTES:
        raise MidiRejected(Reason.TOO_LARGE, f"{len(data)} bytes, at most {MAX_BYTES} are read")
    start = data.find(b"MThd", 0, MAX_JUNK_BYTES)
    if start < 0:
        raise MidiRejected(Reason.NOT_MIDI, f"no MThd in the first {min(len(data), MAX_JUNK_BYTES)} bytes")
    if start > 0:
        repairs.append("riff_unwrapped" if data.startswith(b"RIFF") else "junk_before_header")
    return start


def _read_header(data: bytes, start: int, repairs: list[str]) -> tuple[int, int, int, int]:
    """Format, announced number of tracks, ticks a quarter, and where the chunks after the header begin."""
    if len(data) < start + 8 + _HEADER_BYTES:
        raise MidiRejected(Reason.TRUNCATED, "the file ends inside its header")
    length, file_format, declared, division = struct.unpack_from(">IHHH", data, start + 4)
    if length < _HEADER_BYTES or file_format > 2:
        raise MidiRejected(Reason.MALFORMED, f"a header of {length} bytes and format {file_format}")
    if length > _HEADER_BYTES:  # later versions of the standard may add fields; a reader skips them
        repairs.append("long_header")
    if division & _SMPTE_BIT:
        raise MidiRejected(Reason.SMPTE_TIME, "time counts film frames, so there are no beats")
    if division == 0:
        raise MidiRejected(Reason.BAD_RESOLUTION, "0 ticks a quarter note")
    return file_format, declared, division, start + 8 + length


def _track_spans(data: bytes, position: int) -> tuple[list[tuple[int, int]], bool]:
    """The spans of the track chunks' data (the last may end beyond the file), and whether the chunks reach to the end
    of the file without junk."""
    spans: list[tuple[int, int]] = []
    for _ in range(MAX_CHUNKS):
        if position + 8 > len(data):
            return spans, True
        name = data[position : position + 4]
        end = position + 8 + int.from_bytes(data[position + 4 : position + 8], "big")
        if name == b"MTrk":
            spans.append((position + 8, end))
        elif not (name.isascii() and name.decode("ascii").isprintable() and end <= len(data)):
            return spans, False
        position = end
    raise MidiRejected(Reason.OUT_OF_RANGE, f"more than {MAX_CHUNKS} chunks")
