"""What mido hears in a file, with the decisions of ``boumb_assets.events.parse`` made again in plain Python."""

import io
from bisect import bisect_right
from collections import defaultdict, deque
from operator import itemgetter
from typing import NamedTuple, TypeVar

import mido

Programs = dict[tuple[int, int], list[tuple[int, int]]]  # by port and channel: tick, program
Statement = TypeVar("Statement", bound=tuple[int, ...])


class Heard(NamedTuple):
    notes: list[tuple[int, int, int, int, int, int, bool]]
    """(onset, duration, pitch, velocity, channel, program, drum), sorted; ticks; program -1 for drums."""
    tempos: list[tuple[int, int]]
    """(tick, microseconds a quarter), what changes only, from tick 0."""
    metres: list[tuple[int, int, int]]
    """(tick, numerator, denominator), likewise."""
    hanging: int
    """Notes that no note-off of their track ends."""


def oracle(data: bytes) -> Heard:
    """Raises what mido raises."""
    file = mido.MidiFile(file=io.BytesIO(data))
    tracks = [_timed(track) for track in file.tracks]
    merged = sorted((event for track in tracks for event in track), key=lambda event: event[0])
    programs: Programs = defaultdict(list)
    for tick, port, message in merged:
        if message.type == "program_change":
            programs[port, message.channel].append((tick, message.program))
    notes, hanging = [], 0
    for track in tracks:
        found, left = _notes(track, programs)
        notes += found
        hanging += left
    tempos = [(tick, message.tempo) for tick, _, message in merged if message.type == "set_tempo"]
    metres = [(t, m.numerator, m.denominator) for t, _, m in merged if m.type == "time_signature"]
    return Heard(sorted(notes), _changes([(0, 500_000), *tempos]), _changes([(0, 4, 4), *metres]), hanging)


def _timed(track: mido.MidiTrack) -> list[tuple[int, int, mido.Message]]:
    """(tick, port, message) up to the end of the track."""
    found, now, port = [], 0, 0
    for message in track:
        now += message.time
        if message.type == "end_of_track":
            break
        if message.type == "midi_port":
            port = message.port
        found.append((now, port, message))
    return found


def _notes(
    track: list[tuple[int, int, mido.Message]], programs: Programs
) -> tuple[list[tuple[int, int, int, int, int, int, bool]], int]:
    found, own = [], {}
    sounding: dict[tuple[int, int], deque[tuple[int, int, int]]] = defaultdict(deque)
    for now, port, message in track:
        if message.type == "program_change":
            own[message.channel] = message.program
        elif message.type == "note_on" and message.velocity:
            program = own.get(message.channel)
            if program is None:
                changes = programs.get((port, message.channel), [])
                earlier = bisect_right(changes, now, key=itemgetter(0))
                program = changes[earlier - 1][1] if earlier else 0
            sounding[message.channel, message.note].append((now, message.velocity, program))
        elif message.type in ("note_on", "note_off") and sounding[message.channel, message.note]:
            onset, velocity, program = sounding[message.channel, message.note].popleft()
            drum = message.channel == 9
            found.append(
                (onset, now - onset, message.note, velocity, message.channel, -1 if drum else program, drum)
            )  # fmt: skip
    return found, sum(len(left) for left in sounding.values())


def _changes(statements: list[Statement]) -> list[Statement]:
    """The last statement of each tick, without those that repeat what holds."""
    last = {statement[0]: statement for statement in statements}
    kept: list[Statement] = []
    for statement in last.values():
        if not kept or kept[-1][1:] != statement[1:]:
            kept.append(statement)
    return kept
