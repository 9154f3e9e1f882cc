"""MIDI files broken on purpose, where the format can break."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Final

from boumb_assets.events.chunks import MidiRejected, read_chunks
from boumb_assets.ingest.demo import demo_bands, demo_loops, demo_tunes
from boumb_assets.lake.rejection import Reason

MAX_SEED_BYTES: Final = 20_000
NUMBERS: Final = (b"\x00", b"\x7f", b"\x81\x00", b"\xff\x7f", b"\xff\xff\xff\x7f", b"\x80\x80\x80\x00", b"\xff" * 5)
LENGTHS: Final = (0, 1, 7, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


@dataclass(frozen=True)
class Seed:
    """A sound file taken apart."""

    division: int
    tracks: tuple[bytes, ...]
    events: tuple[tuple[tuple[int, int, int], ...], ...]
    """Of each track, where each event begins, where what follows its delta time does, and where it ends."""


def seed_of(data: bytes) -> Seed:
    """Raises MidiRejected for a file that has no tracks to break."""
    chunks = read_chunks(data)
    tracks = tuple(data[begin:end] for begin, end in chunks.spans)
    if not tracks:
        raise MidiRejected(Reason.NO_NOTES, "no track")
    return Seed(chunks.ppq, tracks, tuple(_events(track) for track in tracks))


def seeds_in(corpus: Path, count: int) -> list[Seed]:
    """``count`` small files of a folder, the same each time, spread over it; files that the project composes itself
    where there is no such folder."""
    if corpus.is_dir():
        paths = sorted(path for path in corpus.rglob("*.mid") if path.stat().st_size <= MAX_SEED_BYTES)
        files = [path.read_bytes() for path in Random(0).sample(paths, min(len(paths), 2 * count))]
    else:
        files = [file.content for file in islice(chain(demo_tunes(), demo_bands(0), demo_loops(0)), 2 * count)]
    found = []
    for data in files:
        try:
            found.append(seed_of(data))
        except MidiRejected:
            continue
    return found[:count]


def _events(track: bytes) -> tuple[tuple[int, int, int], ...]:
    found, position, running = [], 0, 0
    while position < len(track):
        begin = position
        position = _after_number(track, position)
        body, status = position, track[position] if position < len(track) else 0xFF
        if status < 0x80:
            status = running
        else:
            position += 1
        if status < 0xF0:
            running = status
            position += 1 if 0xC0 <= status < 0xE0 else 2
        else:
            position += status == 0xFF
            start = position
            position = _after_number(track, position)
            position += _number(track[start:position])
        found.append((begin, body, min(position, len(track))))
    return tuple(found)


def _after_number(track: bytes, position: int) -> int:
    while position < len(track) and track[position] >= 0x80:
        position += 1
    return position + 1


def _number(number: bytes) -> int:
    value = 0
    for byte in number:
        value = value << 7 | byte & 0x7F
    return value


def mutated(seeds: Sequence[Seed], number: int) -> bytes:
    """The ``number``-th broken file: the same bytes each time for the same seeds."""
    random = Random(number)
    seed = random.choice(seeds)
    tracks = list(seed.tracks)
    for _ in range(random.choice((0, 1, 1, 1, 2, 4))):
        index = random.randrange(len(tracks))
        if index < len(seed.events) and tracks[index] is seed.tracks[index] and seed.events[index]:
            tracks[index] = random.choice(IN_A_TRACK)(tracks[index], seed.events[index], random)
        else:
            tracks[index] = _flip(tracks[index], random)
    if random.random() < 0.15:
        other = random.choice(seeds)
        tracks.insert(random.randrange(len(tracks) + 1), random.choice(other.tracks))
    data = rewritten(1 if len(tracks) > 1 else 0, seed.division, tracks)
    if random.random() < 0.05:
        tail = b"".join(random.choice(seeds).tracks)
        data = data[: random.randrange(len(data))] + tail[random.randrange(len(tail) + 1) :]
    return random.choice(IN_A_FILE)(data, random)


Events = Sequence[tuple[int, int, int]]


def _delta(track: bytes, events: Events, random: Random) -> bytes:
    begin, body, _ = random.choice(events)
    return track[:begin] + random.choice(NUMBERS) + track[body:]


def _status(track: bytes, events: Events, random: Random) -> bytes:
    _, body, _ = random.choice(events)
    return track[:body] + bytes([random.randrange(0x80, 0x100)]) + track[body + 1 :]


def _no_status(track: bytes, events: Events, random: Random) -> bytes:
    _, body, _ = random.choice(events)
    return track[:body] + track[body + 1 :]


def _data(track: bytes, events: Events, random: Random) -> bytes:
    _, body, end = random.choice(events)
    return track[: body + 1] + random.randbytes(max(0, end - body - 1)) + track[end:]


def _repeat(track: bytes, events: Events, random: Random) -> bytes:
    begin, _, end = random.choice(events)
    return track[:end] + track[begin:end] * random.choice((1, 2, 50, 2000)) + track[end:]


def _delete(track: bytes, events: Events, random: Random) -> bytes:
    first = random.randrange(len(events))
    last = min(len(events) - 1, first + random.choice((0, 0, 1, 10)))
    return track[: events[first][0]] + track[events[last][2] :]


def _move(track: bytes, events: Events, random: Random) -> bytes:
    begin, _, end = random.choice(events)
    place = random.choice(events)[0]
    moved = track[begin:end]
    if place <= begin:
        return track[:place] + moved + track[place:begin] + track[end:]
    return track[:begin] + track[end:place] + moved + track[place:]


def _insert_meta(track: bytes, events: Events, random: Random) -> bytes:
    begin, _, _ = random.choice(events)
    kind = random.choice((0x01, 0x02, 0x03, 0x05, 0x21, 0x2F, 0x51, 0x51, 0x58, 0x58, 0x59, 0x7F))
    size = random.choice((0, 1, 2, 3, 4, 5, 200))
    claimed = random.choice((size, size, size, 127, 0))
    length = bytes([claimed]) if claimed < 128 else b"\x81\x48"
    return track[:begin] + bytes([0, 0xFF, kind]) + length + random.randbytes(size) + track[begin:]


def _insert_message(track: bytes, events: Events, random: Random) -> bytes:
    begin, _, _ = random.choice(events)
    channel = random.choice((0, 1, 9, 15))
    message = random.choice((
        bytes([0xC0 | channel, random.randrange(128)]), bytes([0xB0 | channel, 64, random.randrange(128)]),
        bytes([0x90 | channel, random.randrange(128), random.randrange(128)]), b"\xf0\x03\x01\x02\xf7", b"\xf7\x00",
        bytes([random.randrange(0xF1, 0xFF)]), bytes([0xB0 | channel, 121, 0]),
    ))  # fmt: skip
    return track[:begin] + random.choice(NUMBERS[:5]) + message + track[begin:]


def _flip(track: bytes, random: Random) -> bytes:
    flipped = bytearray(track)
    for _ in range(random.choice((1, 1, 3, 20)) if flipped else 0):
        flipped[random.randrange(len(flipped))] = random.randrange(256)
    return bytes(flipped)


IN_A_TRACK: Final[tuple[Callable[[bytes, Events, Random], bytes], ...]] = (
    _delta, _status, _no_status, _data, _repeat, _delete, _move, _insert_meta, _insert_meta, _insert_message,
    lambda track, events, random: _flip(track, random),
)  # fmt: skip


def rewritten(form: int, division: int, tracks: Sequence[bytes]) -> bytes:
    """A file of tracks, with a header that says what is true."""
    header = b"MThd" + struct.pack(">IHHH", 6, form, len(tracks), division)
    return header + b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)


def _as_it_is(data: bytes, random: Random) -> bytes:
    return data


def _header(data: bytes, random: Random) -> bytes:
    place = random.choice((8, 10, 12))
    value = random.choice((0, 1, 2, 3, 7, 0x7FFF, 0x8000, 0xE250, 0xFFFF))
    return data[:place] + struct.pack(">H", value) + data[place + 2 :]


def _chunk_length(data: bytes, random: Random) -> bytes:
    places = [place for place in range(len(data) - 8) if data[place : place + 4] in (b"MThd", b"MTrk")]
    place = random.choice(places or [4]) + 4
    right = int.from_bytes(data[place : place + 4], "big")
    value = random.choice((*LENGTHS, max(0, right - 1), right + 1, max(0, right + random.randrange(-50, 50))))
    return data[:place] + struct.pack(">I", value) + data[place + 4 :]


def _truncated(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _wrapped(data: bytes, random: Random) -> bytes:
    return random.choice((b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00", random.randbytes(128), b"")) + data + b"\x00"


def _foreign_chunk(data: bytes, random: Random) -> bytes:
    return data[:14] + b"XFIH" + struct.pack(">I", random.choice((0, 4, 5, 0xFFFFFFF0))) + b"abcd" + data[14:]


IN_A_FILE: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    *(_as_it_is,) * 10, _header, _chunk_length, _truncated, _wrapped, _foreign_chunk, _flip,
)  # fmt: skip
