"""How the melody goes on at each place of a piece: what it waits for, and what is new after it, compiled."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.cadences.places import Places
from boumb_assets.corpus.cadences.sounds import CELL_QUARTERS, Sounds
from boumb_assets.corpus.piece import Line
from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EARLY: Final = 0.03  # quarters that a note may begin before its place
NEVER: Final = 9.0  # beats
PAUSE_BEATS: Final = 8  # that a pause counts at most


class Phrasing(NamedTuple):
    """Arrays (places,); spans in beats."""

    is_voice: npt.NDArray[np.bool_]
    """Whether the melody is the voice; where the voice is silent the top line stands in."""
    note: Ints
    """The melody's note that sounds there or sounded last; -1 before the first."""
    wait: Floats
    """The longest span between two of the melody's notes, from the place on, that begins within the beat."""
    rest: Floats
    """The longest silence between two of the melody's notes that begins within the beat."""
    rest_in_bar: Floats
    """The same within the bar."""
    pause: Floats
    """The longest span without a new note in any voice that begins within half a quarter."""
    silence: Floats
    """How long all voices are silent in the bar from there on."""


@compiled
def phrasing(voice: Line, top: Line, places: Places, sounds: Sounds, origin: float, end: float) -> Phrasing:
    """The phrasing at ``places``; cells of ``sounds`` from ``origin`` (quarters) on, the last note ends at ``end``."""
    count = places.time.size
    is_voice, notes = np.zeros(count, dtype=np.bool_), np.empty(count, dtype=np.int64)
    waits, rests, rests_in_bar = np.empty(count), np.empty(count), np.empty(count)
    pauses, silences = np.empty(count), np.empty(count)
    for place in range(count):
        time, beat, bar = places.time[place], places.beat[place], places.bar[place]
        is_voice[place] = _sings(voice, time, beat)
        line = voice if is_voice[place] else top
        note = np.searchsorted(line.onset, time + EARLY) - 1
        wait, rest = _wait(line, max(note, 0), time, time + beat, end + 2 * bar)
        _, rest_in_bar = _wait(line, max(note, 0), time, time + bar, end + 2 * bar)
        pause, silence = _pause(
            sounds.begins, sounds.sounding, int(np.round((time - origin) / CELL_QUARTERS)), beat, bar
        )
        notes[place], waits[place], rests[place], rests_in_bar[place] = (
            note,
            wait / beat,
            rest / beat,
            rest_in_bar / beat,
        )
        pauses[place], silences[place] = pause / beat, silence / beat
    return Phrasing(is_voice, notes, waits, rests, rests_in_bar, pauses, silences)


@compiled
def _sings(voice: Line, time: float, beat: float) -> bool:
    """Whether ``voice`` sounds at ``time`` or sets in within the beat."""
    note = np.searchsorted(voice.onset, time + EARLY) - 1
    if note >= 0 and voice.end[note] > time + EARLY:
        return True
    return bool(note + 1 < voice.onset.size and voice.onset[note + 1] < time + beat - EARLY)


@compiled
def _wait(line: Line, note: int, time: float, until: float, end: float) -> tuple[float, float]:
    """The longest wait between two notes of ``line`` from ``note`` on, and the longest rest, in quarters, of those that
    begin before ``until``; after the last note both last until ``end``."""
    wait, rest = 0.0, 0.0
    while note < line.onset.size and line.onset[note] < until - EARLY:
        following = line.onset[note + 1] if note + 1 < line.onset.size else end
        wait = max(wait, following - max(line.onset[note], time))
        rest = max(rest, following - line.end[note])
        note += 1
    return wait, rest


@compiled
def _pause(begins: Ints, sounding: Floats, cell: int, beat: float, bar: float) -> tuple[float, float]:
    """In quarters, the longest span without a new note that begins in the two cells from ``cell`` on, and the silence
    in the bar, or two beats if they are longer, from it on."""
    longest, last, silence = 0, cell, 0.0
    for at in range(cell + 1, cell + int(np.round(PAUSE_BEATS * beat / CELL_QUARTERS))):
        if at >= begins.size or begins[at] > 0:
            longest, last = max(longest, at - last), at
            if at >= begins.size or at > cell + 2:
                break
    for at in range(cell, cell + int(np.round(max(bar, 2 * beat) / CELL_QUARTERS))):
        silence += 1.0 - sounding[at] if at < begins.size else 1.0
    return longest * CELL_QUARTERS, silence * CELL_QUARTERS


@compiled
def beats_to_tonic(
    voice: Line, top: Line, phrasing: Phrasing, place: Ints, time: Floats, beat: Floats, tonic: Ints
) -> Floats:
    """(n,): in how many beats from ``time`` on the melody at each ``place`` is on ``tonic``; NEVER for more than one.
    ``beat`` in quarters."""
    found = np.full(place.size, NEVER)
    for row in range(place.size):
        line, at = voice if phrasing.is_voice[place[row]] else top, max(phrasing.note[place[row]], 0)
        while at < line.onset.size and line.onset[at] <= time[row] + beat[row] + EARLY:
            if line.pitch[at] % 12 == tonic[row] and line.end[at] > time[row]:
                found[row] = min(max(0.0, line.onset[at] - time[row] - EARLY) / beat[row], 1.0)
                break
            at += 1
    return found


@compiled
def steps_to_tonic(
    voice: Line, top: Line, phrasing: Phrasing, place: Ints, time: Floats, beat: Floats, tonic: Ints
) -> npt.NDArray[np.bool_]:
    """(n,): whether the melody at each ``place`` goes by step to ``tonic`` within half a beat from ``time`` on."""
    found = np.zeros(place.size, dtype=np.bool_)
    for row in range(place.size):
        line = voice if phrasing.is_voice[place[row]] else top
        at = max(np.searchsorted(line.onset, time[row] - EARLY), 1)
        while at < line.onset.size and line.onset[at] <= time[row] + beat[row] / 2 + EARLY:
            if line.pitch[at] % 12 == tonic[row] and abs(line.pitch[at] - line.pitch[at - 1]) <= 2:
                found[row] = True
                break
            at += 1
    return found
