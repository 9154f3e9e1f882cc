"""To import this makes a process ready to read files: two small ones are read, so that the kernels are in memory, and
compiled where they never were. That takes seconds, which no file's time limit should hold; a server that processes are
forked from does it once for all of them."""

import hashlib
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import mido

from boumb_assets.events.extract import FileTask, extract_files

NOTES: Final = 96
PPQ: Final = 480


def warm_up() -> None:
    """Reads a drawn tune with drums, and one that follows no beat."""
    rng = random.Random(0)
    played, drawn, tick = [], [], 0
    for number in range(NOTES):
        drawn.append((number * PPQ // 2, 60 + number % 12, 9 if number % 3 == 0 else 0))
        played.append((tick, 60 + number % 12, 0))
        tick += rng.randrange(PPQ // 8, PPQ)
    with TemporaryDirectory() as folder:
        tasks = []
        for name, notes in {"drawn.mid": drawn, "played.mid": played}.items():
            path = Path(folder, name)
            _song(notes).save(path)
            tasks.append(FileTask(str(path), name, hashlib.sha256(path.read_bytes()).hexdigest()))
        extract_files(tasks, "warm")


def _song(notes: list[tuple[int, int, int]]) -> mido.MidiFile:
    """A file of ``notes``: tick, pitch, channel."""
    events = [(tick, "note_on", pitch, channel) for tick, pitch, channel in notes]
    events += [(tick + PPQ // 4, "note_off", pitch, channel) for tick, pitch, channel in notes]
    track, now = mido.MidiTrack(), 0
    for tick, kind, pitch, channel in sorted(events):
        track.append(mido.Message(kind, note=pitch, velocity=64, channel=channel, time=tick - now))
        now = tick
    song = mido.MidiFile(ticks_per_beat=PPQ)
    song.tracks.append(track)
    return song


warm_up()
