"""Standard MIDI files out of parts in ticks: a conductor track, then a track a part. The same parts, the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import mido

TICKS_PER_BEAT: Final = 480
DRUM_CHANNEL: Final = 9  # General MIDI's channel 10

# Key signatures as MIDI files name them, by pitch class of the root.
MAJOR_KEYS: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_KEYS: Final = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")

PartNote = tuple[int, int, int, int]  # onset and duration in ticks, MIDI pitch, velocity


@dataclass(frozen=True, slots=True)
class Part:
    """One track: its name, its General MIDI program (0..127; not used by drums), its notes."""

    name: str
    program: int
    notes: tuple[PartNote, ...]
    is_drum: bool = False


@dataclass(frozen=True, slots=True)
class Conductor:
    """What holds for all tracks: quarters a minute, the metre, the length in ticks, a MIDI key name where there is a
    key signature, and the metre of a first bar that is a pickup."""

    bpm: int
    length: int
    metre: tuple[int, int] = (4, 4)
    key: str | None = None
    pickup: tuple[int, int] | None = None


def key_signature(root: int, scale: str) -> str | None:
    """The key signature of a major or natural minor scale on pitch class ``root``; None for any other."""
    return {"major": MAJOR_KEYS, "minor": MINOR_KEYS}.get(scale, (None,) * 12)[root]


def midi_file_bytes(parts: Sequence[Part], conductor: Conductor) -> bytes:
    """A type 1 file of ``parts`` (at most 15, one of drums apart), every track ended at the conductor's length."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT)
    file.tracks.append(_conductor_track(conductor))
    channels = iter(channel for channel in range(16) if channel != DRUM_CHANNEL)
    for part in parts:
        file.tracks.append(_track(part, DRUM_CHANNEL if part.is_drum else next(channels), conductor.length))
    out = BytesIO()
    file.save(file=out)
    return out.getvalue()


def _conductor_track(conductor: Conductor) -> mido.MidiTrack:
    track = mido.MidiTrack()
    upbeat = 0
    if conductor.pickup is not None:
        numerator, denominator = conductor.pickup
        track.append(mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, time=0))
        upbeat = TICKS_PER_BEAT * 4 * numerator // denominator
    if conductor.key is not None:
        track.append(mido.MetaMessage("key_signature", key=conductor.key, time=0))
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(conductor.bpm), time=0))
    numerator, denominator = conductor.metre
    track.append(mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, time=upbeat))
    track.append(mido.MetaMessage("end_of_track", time=conductor.length - upbeat))
    return track


def _track(part: Part, channel: int, length: int) -> mido.MidiTrack:
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=part.name, time=0)])
    if not part.is_drum:
        track.append(mido.Message("program_change", program=part.program, channel=channel, time=0))
    events = [(onset, 1, pitch, velocity) for onset, _, pitch, velocity in part.notes]
    events += [(onset + duration, 0, pitch, 0) for onset, duration, pitch, _ in part.notes]
    now = 0
    for tick, on, pitch, velocity in sorted(events):  # at one tick the note-offs come first
        kind = "note_on" if on else "note_off"
        # The values come from our own composers and parsers; mido's checks would take a third of the time.
        track.append(
            mido.Message(kind, skip_checks=True, note=pitch, velocity=velocity, channel=channel, time=tick - now)
        )
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=length - now))
    return track
