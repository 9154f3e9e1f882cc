"""Small MIDI files for tests, written by hand or by mido."""

import io
import struct
from collections.abc import Sequence
from typing import NamedTuple

import mido

END = b"\x00\xff\x2f\x00"
NOTE = bytes.fromhex("00 90 3c 40 28 80 3c 00")  # C4, velocity 64, from tick 0 to 40


class Played(NamedTuple):
    onset: int
    duration: int
    pitch: int
    velocity: int
    channel: int = 0
    track: int = 0
    program: int = 0


def chunk(track: bytes) -> bytes:
    return b"MTrk" + struct.pack(">I", len(track)) + track


def smf(*tracks: bytes, form: int = 1, declared: int | None = None, division: int = 480) -> bytes:
    """A file of tracks as bytes, with whatever header is asked for."""
    header = struct.pack(">IHHH", 6, form, len(tracks) if declared is None else declared, division)
    return b"MThd" + header + b"".join(chunk(track) for track in tracks)


def meta(kind: int, data: bytes) -> bytes:
    """A meta event at the current tick."""
    return bytes([0, 0xFF, kind, len(data)]) + data


def written(
    notes: Sequence[Played],
    ppq: int = 480,
    tempos: Sequence[tuple[int, int]] = (),
    metres: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    """The notes as mido writes them: one track for the maps, one for each ``track`` of the notes."""
    file = mido.MidiFile(type=1, ticks_per_beat=ppq)
    maps = [(tick, mido.MetaMessage("set_tempo", tempo=tempo)) for tick, tempo in tempos]
    maps += [
        (tick, mido.MetaMessage("time_signature", numerator=top, denominator=bottom)) for tick, top, bottom in metres
    ]
    file.tracks.append(_track(maps))
    for index in sorted({note.track for note in notes}):
        members = [note for note in notes if note.track == index]
        programs = {note.channel: note.program for note in members}
        events = [(0, mido.Message("program_change", channel=c, program=p)) for c, p in sorted(programs.items())]
        for note in members:
            key = {"channel": note.channel, "note": note.pitch}
            events.append((note.onset, mido.Message("note_on", velocity=note.velocity, **key)))
            events.append((note.onset + note.duration, mido.Message("note_off", **key)))
        file.tracks.append(_track(events))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _track(events: list[tuple[int, mido.Message]]) -> mido.MidiTrack:
    rank = {"program_change": 0, "note_off": 1}
    track, now = mido.MidiTrack(), 0
    for tick, message in sorted(events, key=lambda event: (event[0], rank.get(event[1].type, 2))):
        track.append(message.copy(time=tick - now))
        now = tick
    return track
