"""The canonical texts of loops, put together from the pieces that the contract's models write, compiled."""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, LOOP_BARS, VELOCITIES, Duration, Note, time_of
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, DRUM_TRACKS, TRACK_GM, Hit
from boumb_assets.corpus.loops.notes import LoopNotes
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

NAMES: Final[tuple[Duration, ...]] = tuple(sorted(DURATION_STEPS, key=lambda name: DURATION_STEPS[name]))  # type: ignore[arg-type]

_STEPS: Final = max(LOOP_BARS) * STEPS_PER_BAR
_GM: Final = np.array([TRACK_GM[track] for track in DRUM_TRACKS])  # type: ignore[index]
_MOST_A_NOTE: Final = 8  # characters of "63,-107;"
_MINUS, _COMMA, _NEXT, _ZERO = (ord(sign) for sign in "-,;0")
_WIDTH: Final = 48  # bytes of the longest piece, in whole words


def _pieces() -> tuple[Bytes, Ints, Ints]:
    """All pieces that texts are made of: (m, _WIDTH) their bytes, filled up with 0, their lengths (m,), and where each
    kind begins: pitch, time, duration and velocity of a note; time of a hit, and its velocity; tracks; frames. What
    follows another of its kind comes a second time, after a comma."""
    note, hit = Note(note="C4", time="0:0:0", duration="1n", velocity=1.0), Hit.on_grid(0, 1.0)
    pitches = [note.model_copy(update={"note": note_name(pitch)}) for pitch in range(LOWEST, HIGHEST + 1)]
    notes = [note.model_copy(update={"time": time_of(step)}) for step in range(_STEPS)]
    ends = [
        note.model_copy(update={"duration": name, "velocity": velocity}) for name in NAMES for velocity in VELOCITIES
    ]
    names = [one.model_dump_json(include={"note"})[:-1] for one in pitches]
    starts = [Hit.on_grid(step, 1.0).model_dump_json(include={"time"})[:-1] for step in range(DRUM_STEPS)]
    struck = [hit.model_copy(update={"velocity": velocity}) for velocity in VELOCITIES]
    kinds = [
        [*names, *("," + name for name in names)],
        ["," + one.model_dump_json(include={"time"})[1:-1] for one in notes],
        ["," + one.model_dump_json(include={"duration", "velocity"})[1:] for one in ends],
        [*starts, *("," + start for start in starts)],
        ["," + one.model_dump_json(include={"note", "duration", "velocity"})[1:] for one in struck],
        [f'"{track}":[' for track in DRUM_TRACKS] + [f'],"{track}":[' for track in DRUM_TRACKS],
        ['{"sequence":[', "]}", '{"clips":{', "]}}"],
    ]
    texts = [text.encode() for kind in kinds for text in kind]
    rows = np.array([list(text.ljust(_WIDTH, b"\0")) for text in texts], np.uint8)
    return rows, np.array([len(text) for text in texts]), np.cumsum([0, *map(len, kinds)])


# What the models write is handed to the kernels: machine code on the disk would not follow a change of the contract.
_PIECE, _LENGTH, _KINDS = _pieces()
_PITCHES, _TIMES, _ENDS, _HITS, _STRUCK, _TRACKS, _FRAMES = range(7)
_OPEN, _CLOSE, _OPEN_CLIPS, _CLOSE_CLIPS = range(4)


def contents(notes: LoopNotes) -> tuple[Ints, Bytes]:
    """The canonical texts of loops, one after the other: where each begins (n + 1,), and their bytes."""
    starts, pieces = _spell(
        notes.begin, notes.end, notes.is_drum, notes.step, notes.pitch, notes.duration, notes.velocity, _KINDS
    )
    return _join(starts, pieces, _PIECE, _LENGTH, int(_LENGTH[pieces].sum()))


def onset_texts(notes: LoopNotes) -> tuple[Ints, Bytes]:
    """What `theory.fingerprint` hashes after the word: the onsets of each loop, one loop after the other; where each
    begins (n + 1,), and their bytes."""
    return _onset_texts(notes.begin, notes.end, notes.is_drum, notes.step, notes.pitch, _GM)


@compiled
def _spell(
    begin: Ints, end: Ints, is_drum: Flags, step: Bytes, pitch: Bytes, duration: Bytes, velocity: Bytes, kinds: Ints
) -> tuple[Ints, npt.NDArray[np.uint16]]:
    """Where the pieces of each loop begin (n + 1,), and those of all in their order; loops as in `LoopNotes`, ``kinds``
    as `_pieces` gives them."""
    pitches, tracks = (kinds[_TIMES] - kinds[_PITCHES]) // 2, (kinds[_FRAMES] - kinds[_TRACKS]) // 2
    hit_steps, tenths = (kinds[_STRUCK] - kinds[_HITS]) // 2, kinds[_TRACKS] - kinds[_STRUCK]
    room = 0
    for loop in range(begin.size):
        room += 3 * (end[loop] - begin[loop]) + tracks + 2
    pieces, starts = np.empty(room, np.uint16), np.zeros(begin.size + 1, np.int64)
    at = 0
    for loop in range(begin.size):
        pieces[at] = kinds[_FRAMES] + (_OPEN_CLIPS if is_drum[loop] else _OPEN)
        at += 1
        if is_drum[loop]:
            opened = 0
            for track in range(tracks):
                hits = 0
                for note in range(begin[loop], end[loop]):
                    if pitch[note] != track:
                        continue
                    if hits == 0:
                        pieces[at] = kinds[_TRACKS] + track + (tracks if opened else 0)
                        at, opened = at + 1, opened + 1
                    pieces[at] = kinds[_HITS] + step[note] + (hit_steps if hits else 0)
                    pieces[at + 1] = kinds[_STRUCK] + velocity[note] - 1
                    at, hits = at + 2, hits + 1
        else:
            for note in range(begin[loop], end[loop]):
                pieces[at] = kinds[_PITCHES] + pitch[note] - LOWEST + (pitches if note > begin[loop] else 0)
                pieces[at + 1] = kinds[_TIMES] + step[note]
                pieces[at + 2] = kinds[_ENDS] + duration[note] * tenths + velocity[note] - 1
                at += 3
        pieces[at] = kinds[_FRAMES] + (_CLOSE_CLIPS if is_drum[loop] else _CLOSE)
        at += 1
        starts[loop + 1] = at
    return starts, pieces[:at]


@compiled
def _join(starts: Ints, pieces: npt.NDArray[np.uint16], table: Bytes, lengths: Ints, length: int) -> tuple[Ints, Bytes]:
    """As `contents`, of what `_spell` gives; ``table`` (m, _WIDTH) and ``lengths`` (m,) are the pieces, ``length`` the
    bytes of all that are written."""
    text, begins = np.empty(length, np.uint8), np.zeros(starts.size, np.int64)
    at = 0
    for loop in range(starts.size - 1):
        for place in range(starts[loop], starts[loop + 1]):
            piece = pieces[place]
            for byte in range(lengths[piece]):
                text[at + byte] = table[piece, byte]
            at += lengths[piece]
        begins[loop + 1] = at
    return begins, text


@compiled
def _onset_texts(begin: Ints, end: Ints, is_drum: Flags, step: Bytes, pitch: Bytes, keys: Ints) -> tuple[Ints, Bytes]:
    """As `onset_texts`; ``keys`` are those of General MIDI for the tracks of drums."""
    room = 0
    for loop in range(begin.size):
        room += (end[loop] - begin[loop]) * _MOST_A_NOTE
    text, starts = np.empty(room, np.uint8), np.zeros(begin.size + 1, np.int64)
    at = 0
    for loop in range(begin.size):
        origin = 0 if is_drum[loop] else int(pitch[begin[loop]])
        for note in range(begin[loop], end[loop]):
            at = _put_number(text, at, int(step[note]))
            text[at] = _COMMA
            tone = int(keys[pitch[note]]) if is_drum[loop] else int(pitch[note]) - origin
            at = _put_number(text, at + 1, tone)
            text[at] = _NEXT
            at += 1
        at -= 1
        starts[loop + 1] = at
    return starts, text[:at]


@compiled
def _put_number(text: Bytes, at: int, number: int) -> int:
    """Writes a number between -999 and 999."""
    if number < 0:
        text[at], at, number = _MINUS, at + 1, -number
    if number >= 100:
        text[at], at = _ZERO + number // 100, at + 1
    if number >= 10:
        text[at], at = _ZERO + number // 10 % 10, at + 1
    text[at] = _ZERO + number % 10
    return at + 1
