"""A performance as a Standard MIDI File."""

from io import BytesIO
from typing import Any, Final

import mido
import numpy as np

from boumb_assets.contracts.loop_request import Role
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.performance import Performance, Voice

TICKS_PER_BEAT: Final = 480
DRUM_CHANNEL: Final = 9  # General MIDI's channel 10


def to_midi_bytes(content: Content | Performance, bpm: float | None = None, role: Role | None = None) -> bytes:
    """``content`` as a MIDI file of type 1 with exactly its bars: a conductor track (of a piece also the keys and names
    of its sections), then a track a voice, each ended at the bar line. A note is cut at the end of the last bar and
    where its pitch sounds again, since MIDI could not tell the two apart. The bytes depend on the arguments alone.
    Raises ValueError for an impossible tempo."""
    performance = perform(content, bpm, role)
    end = round(performance.bars * performance.metre[0] * 4 / performance.metre[1] * TICKS_PER_BEAT)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.append(_conductor(performance, end))
    channels = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    for index, voice in enumerate(performance.voices):
        channel = DRUM_CHANNEL if voice.is_drum else channels[index % len(channels)]
        file.tracks.append(_track(performance, index, voice, channel, end))
    out = BytesIO()
    file.save(file=out)
    return out.getvalue()


def _conductor(performance: Performance, end: int) -> Any:
    numerator, denominator = performance.metre
    track = mido.MidiTrack([
        mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator),
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(performance.bpm)),
    ])  # fmt: skip
    now, key = 0, None
    for mark in performance.marks:
        tick = end * mark.bar // performance.bars
        if mark.key != key:
            key = mark.key
            track.append(mido.MetaMessage("key_signature", key=key, time=tick - now))
            now = tick
        track.append(mido.MetaMessage("marker", text=mark.name, time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track


def _track(performance: Performance, index: int, voice: Voice, channel: int, end: int) -> Any:
    mine = performance.voice == index
    ticks_per_s = TICKS_PER_BEAT * performance.bpm / 60
    onsets = np.rint(performance.onset_s[mine] * ticks_per_s).astype(np.int64)
    lengths = np.maximum(1, np.rint(performance.duration_s[mine] * ticks_per_s).astype(np.int64))
    events: list[tuple[int, int, int, int]] = []  # tick, 0 for off and 1 for on, pitch, velocity: offs come first
    next_onset: dict[int, int] = {}
    rows = zip(onsets, lengths, performance.pitch[mine], performance.velocity[mine], strict=True)
    for onset, length, pitch, velocity in sorted((tuple(map(int, row)) for row in rows), reverse=True):
        off = min(onset + length, end, next_onset.get(pitch, end))
        if off > onset:
            events += [(onset, 1, pitch, velocity), (off, 0, pitch, 0)]
        next_onset[pitch] = onset
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=voice.name)])
    if not voice.is_drum:
        track.append(mido.Message("program_change", program=voice.program, channel=channel))
    now = 0
    for tick, on, pitch, velocity in sorted(events):
        kind = "note_on" if on else "note_off"
        track.append(mido.Message(kind, note=pitch, velocity=velocity, channel=channel, time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track
