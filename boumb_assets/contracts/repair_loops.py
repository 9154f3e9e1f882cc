"""Putting the notes of a loop right, one by one."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from boumb_assets.contracts.base import STEPS_PER_BAR, STEPS_PER_BEAT
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, TIME_PATTERN, BoumbSequence, Note, time_of
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, DRUM_TRACKS, Clips, DrumPattern, Hit
from boumb_assets.contracts.json_text import is_number
from boumb_assets.contracts.repair_values import number, unwrapped
from boumb_assets.contracts.steps import SERVICE_STEPS, StepNote, Steps
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name, pitch_of

_NAME = re.compile(r"\s*([A-Ga-g])\s*([#♯b♭]?)\s*(-?\d{1,2})\s*")
_TIME = re.compile(r"\s*(\d{1,3})\s*:\s*(\d{1,3})(?:\s*:\s*(\d{1,3}(?:\.\d{1,9})?))?\s*")
_DURATION = re.compile(r"\s*(1|2|4|8|16|32|64)([nt])(\.?)\s*")
# What models call the drums, letters alone.
_TRACKS: Final = {
    "kick": "track-kick", "bassdrum": "track-kick", "bd": "track-kick", "snare": "track-snare", "sd": "track-snare",
    "clap": "track-snare", "hhc": "track-hhc", "hihat": "track-hhc", "closedhat": "track-hhc", "hat": "track-hhc",
    "closedhihat": "track-hhc", "hihatclosed": "track-hhc", "ch": "track-hhc", "hho": "track-hho",
    "openhat": "track-hho", "openhihat": "track-hho", "hihatopen": "track-hho", "oh": "track-hho",
    "perc": "track-perc1", "percussion": "track-perc1", "tom": "track-perc1", "rim": "track-perc1",
}  # fmt: skip
_DEFAULT_STEPS: Final = 2.0
_DEFAULT_VELOCITY: Final = 0.8
_LONGEST_STEPS: Final = 1024.0
_LISTS: Final = ("sequence", "notes", "melody")
_Velocity = Callable[[Any, Counter[str]], float]


@dataclass(frozen=True, slots=True)
class _Read:
    """A note as numbers: onset and length in steps, MIDI pitch, velocity 0..1."""

    step: int
    pitch: int
    steps: float
    velocity: float


def repaired_sequence(value: Any, done: Counter[str]) -> BoumbSequence | None:
    """The sequence in ``value`` (any of the shapes that the service reads too), or None. ``done`` counts changes."""
    read = list(_notes(value, done, _velocity))
    written = [note for note in read if re.fullmatch(TIME_PATTERN, time_of(note.step))]
    _count(done, "dropped a note in a bar that has no name", len(read) - len(written))
    if not written:
        return None
    notes = [Note.on_grid(note.step, note.pitch, note.steps, note.velocity) for note in written]
    sequence = BoumbSequence.of(notes)
    if [(note.step, note.pitch) for note in notes] != sorted((note.step, note.pitch) for note in notes):
        done["sorted the notes"] += 1
    _count(done, "dropped a note that sounded twice", len(notes) - len(sequence.sequence))
    return sequence


def repaired_steps(value: Any, done: Counter[str]) -> Steps | None:
    """The step form in ``value``, or None; onsets beyond two bars come round, as they do in the service."""
    notes = list(_notes(value, done, _midi_velocity))
    _count(done, "brought an onset back into two bars", sum(note.step >= SERVICE_STEPS for note in notes))
    if not notes:
        return None
    return Steps(
        notes=[
            StepNote(
                pitch=note_name(note.pitch),
                start=note.step % SERVICE_STEPS,
                duration=max(1, min(SERVICE_STEPS, round(note.steps))),
                velocity=max(1, min(127, round(note.velocity * 127))),
            )
            for note in notes
        ]
    )


def repaired_drums(value: Any, done: Counter[str]) -> DrumPattern | None:
    """The drum pattern in ``value``, or None."""
    value = unwrapped(value, ("clips", *DRUM_TRACKS))
    given = value.get("clips", value) if isinstance(value, dict) else {}
    if not isinstance(given, dict):
        return None
    named: dict[str, Any] = {}
    for name, hits in sorted(given.items(), key=lambda item: item[0] not in DRUM_TRACKS):
        track: str = _TRACKS.get(re.sub(r"[^a-z]", "", name.lower().removeprefix("track"))) or name
        _count(done, "named a track as the drum machine does", track != name and track not in given)
        named.setdefault(track, hits)
    tracks = {track: _hits(named.get(track), done) for track in DRUM_TRACKS}
    _count(done, "dropped a track that the drum machine has not", len(set(named) - set(DRUM_TRACKS)))
    if not any(tracks.values()):
        return None
    return DrumPattern(clips=Clips(**{track: hits for track, hits in tracks.items() if hits}))


def _hits(given: Any, done: Counter[str]) -> list[Hit]:
    by_step: dict[int, Hit] = {}
    listed = given if isinstance(given, list) else []
    for item in listed:
        if not isinstance(item, dict):
            item = {"time": item}  # hits as a list of steps
        step = _step(item.get("time", item.get("start", item.get("step"))))
        if step is None or step >= DRUM_STEPS:
            done["dropped a hit without a time in two bars"] += 1
            continue
        hit = Hit.on_grid(step, _velocity(item.get("velocity"), done))
        fill = item.get("fill")
        if is_number(fill):
            hit = hit.model_copy(update={"fill": round(max(0.0, min(1.0, float(fill))), 2)})
        if step in by_step:
            done["dropped a hit that came twice"] += 1
        if step not in by_step or by_step[step].velocity < hit.velocity:
            by_step[step] = hit
    return [by_step[step] for step in sorted(by_step)]


def _notes(value: Any, done: Counter[str], velocity: _Velocity) -> Iterator[_Read]:
    for item in _listed(value):
        pitch = _pitch(item.get("note", item.get("pitch")), done)
        step = _step(item.get("time", item.get("start")))
        if pitch is None or step is None:
            done["dropped a note without a pitch or a time"] += 1
            continue
        yield _Read(step, pitch, _length(item.get("duration"), done), velocity(item.get("velocity"), done))


def _listed(value: Any) -> list[dict[str, Any]]:
    """The notes of a sequence, of the step form, of a bare list, of a melody, of a dict with numbers for keys; of
    several such in a list the first one's."""
    value = unwrapped(value, _LISTS)
    if isinstance(value, dict):
        named = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
        numbered = [value[key] for key in sorted((key for key in value if key.isdecimal()), key=int)]
        value = named if named is not None else numbered
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _pitch(given: Any, done: Counter[str]) -> int | None:
    if is_number(given) and float(given).is_integer() and 0 <= given <= 127:
        pitch, spelled = int(given), ""
    else:
        match = _NAME.fullmatch(given) if isinstance(given, str) else None
        if match is None:
            return None
        letter, accidental, octave = match.groups()
        sign = {"♯": "#", "♭": "b"}.get(accidental, accidental)
        pitch, spelled = pitch_of(f"{letter.upper()}{sign}{octave}"), given
    moved = pitch
    while moved < LOWEST:
        moved += 12
    while moved > HIGHEST:
        moved -= 12
    if moved != pitch:
        done["moved a note by octaves into the range"] += 1
    elif spelled != note_name(pitch):
        done["spelled a note with sharps"] += 1
    return moved


def _step(given: Any) -> int | None:
    """The step of a transport time, or of a number of steps; halves of a sixteenth are rounded down."""
    if is_number(given):
        return int(given) if 0 <= given < 89 * STEPS_PER_BAR else None
    match = _TIME.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return None
    bar, beat, sixteenth = match.groups()
    return int(bar) * STEPS_PER_BAR + int(beat) * STEPS_PER_BEAT + int(float(sixteenth or 0))


def _length(given: Any, done: Counter[str]) -> float:
    if isinstance(given, str) and given in DURATION_STEPS:
        return DURATION_STEPS[given]
    if is_number(given) and 0 < given <= _LONGEST_STEPS:
        return float(given)
    match = _DURATION.fullmatch(given) if isinstance(given, str) else None
    done["set a duration that the contract knows"] += 1
    if match is None:
        return _DEFAULT_STEPS
    number, kind, dot = match.groups()
    return STEPS_PER_BAR / int(number) * (2 / 3 if kind == "t" else 1) * (1.5 if dot else 1)


def _velocity(given: Any, done: Counter[str]) -> float:
    """A velocity 0..1; above 1 it is MIDI's."""
    read = number(given)
    if read is None or read < 0:
        done["set a velocity where there was none"] += 1
        return _DEFAULT_VELOCITY
    velocity = min(1.0, read if read <= 1 else read / 127)
    if round(velocity * 10) / 10 != given:
        done["rounded a velocity to tenths"] += 1
    return float(velocity)


def _midi_velocity(given: Any, done: Counter[str]) -> float:
    """A velocity 0..1 from MIDI's 1..127; a fraction up to 1 is read as one."""
    read = number(given)
    if read is None or read <= 0:
        done["set a velocity where there was none"] += 1
        return _DEFAULT_VELOCITY
    velocity = read / 127 if isinstance(given, int) or read > 1 else read
    if not isinstance(given, int) or read > 127:
        done["wrote a velocity as MIDI does"] += 1
    return min(1.0, velocity)


def _count(done: Counter[str], action: str, times: int) -> None:
    if times:
        done[action] += times
