"""The chunks of a Standard MIDI File: found, checked and put back into a standard form before native code sees them.

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
    tracks: tuple[bytes, ...]
    """The data of each track chunk, without its eight bytes of header."""
    data: bytes
    """The file in standard form: the very bytes where nothing had to be repaired."""
    repairs: tuple[str, ...]
    """What had to be put right, by name: riff_unwrapped, junk_before_header, long_header, track_count, chunk_length,
    missing_end_of_track."""


def read_chunks(data: bytes) -> Chunks:
    """Takes a file's bytes apart.

    A foreign chunk is skipped. A wrong number of tracks in the header is corrected. A last track that claims more bytes
    than there are is accepted where those that are there end with an end-of-track event, else the file is truncated.

    Raises:
        MidiRejected: empty_file, too_large, not_midi, truncated, malformed, smpte_time, bad_resolution or type_2.
    """
    repairs: list[str] = []
    start = _header_start(data, repairs)
    file_format, declared, ppq, position = _read_header(data, start, repairs)
    spans, foreign, clean = _track_spans(data, position)
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
    tracks = tuple(data[begin:end] for begin, end in spans)
    if any(not track.endswith(END_OF_TRACK) for track in tracks):
        repairs.append("missing_end_of_track")
    as_it_is = not foreign and not {*repairs} - {"missing_end_of_track"}
    standard = data if as_it_is else _standard_form(file_format, ppq, tracks)
    return Chunks(file_format, ppq, tracks, standard, tuple(repairs))


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


def _track_spans(data: bytes, position: int) -> tuple[list[tuple[int, int]], bool, bool]:
    """The spans of the track chunks' data (the last may end beyond the file), whether foreign chunks lie between them,
    and whether the chunks reach to the end of the file without junk."""
    spans: list[tuple[int, int]] = []
    foreign = False
    while position + 8 <= len(data):
        name = data[position : position + 4]
        end = position + 8 + int.from_bytes(data[position + 4 : position + 8], "big")
        if name == b"MTrk":
            spans.append((position + 8, end))
        elif name.isascii() and name.decode("ascii").isprintable() and end <= len(data):
            foreign = True
        else:
            return spans, foreign, False
        position = end
    return spans, foreign, True


def _standard_form(file_format: int, ppq: int, tracks: tuple[bytes, ...]) -> bytes:
    header = b"MThd" + struct.pack(">IHHH", _HEADER_BYTES, file_format, len(tracks), ppq)
    return header + b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)


def track_names_at_start(track: bytes) -> list[bytes]:
    """The raw texts of the track-name events (meta 0x03) at tick 0, where the standard asks for them."""
    names: list[bytes] = []
    position, status = 0, 0
    while position < len(track):
        delta, position = _after_number(track, position)
        if delta > 0:
            break
        if track[position : position + 1] >= b"\x80":
            status = track[position]
            position += 1
        if status < 0x80:
            break
        if status < 0xF0:  # a channel message: one data byte for program and pressure, else two
            position += 1 if 0xC0 <= status < 0xE0 else 2
            continue
        kind = track[position : position + 1] if status == 0xFF else b""
        length, begin = _after_number(track, position + len(kind))
        if kind == b"\x03":
            names.append(track[begin : begin + length])
        position = begin + length
    return names


def _after_number(track: bytes, position: int) -> tuple[int, int]:
    """The variable-length number at ``position`` (at most four bytes of seven bits), and where it ends."""
    value = 0
    for offset, byte in enumerate(track[position : position + 4]):
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + offset + 1
    return value, position + 4
