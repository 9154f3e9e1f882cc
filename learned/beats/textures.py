"""Keyboard textures over the harmony of chorales: broken chords, runs, oom-pah, florid counterpoint.

Songs teach the tracker little of preludes, sonatas and fugues. These make what such pieces have in common: a steady
subdivision, figures that repeat with the bar, harmony that changes on strong beats, voices that move by turns.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from learned.beats.scores import Score

Random = np.random.Generator
Notes = list[tuple[float, float, int, int]]  # onset, duration (beats), pitch, part

_QUARTERS, _EIGHTHS = [0.0, 0.25, 0.5, 0.75], [eighth / 8 for eighth in range(8)]
_THIRDS, _SIXTHS = [0.0, 1 / 3, 2 / 3], [sixth / 6 for sixth in range(6)]
Cell = list[float]
CELLS: Final[dict[int, list[Cell]]] = {
    2: [[0.0], [0.0, 0.5], [0.0, 0.5], [0.0, 0.75], _QUARTERS, [0.0, 0.5, 0.75], [0.0, 0.25, 0.5], [0.5], []],
    3: [[0.0], _THIRDS, [0.0, 2 / 3], [0.0, 1 / 3], [0.0, 0.5, 2 / 3], _SIXTHS, [1 / 3, 2 / 3], []],
    4: [[0.0], _QUARTERS, [0.0, 0.5], [0.0, 0.75], [0.0, 0.5, 0.75], [0.0, 0.25, 0.5], [0.25, 0.5, 0.75], _EIGHTHS],
}
"""Rhythms of one beat, by its division: onsets as fractions of the beat."""
FAST: Final = {2: (2, 4, 4, 4, 8), 3: (3, 6, 6), 4: (4, 4, 4, 4, 6, 8)}
"""Notes a beat of quick figures, by the division of the beat. Four are by far the most usual."""


def chords_of(chorale: Score) -> npt.NDArray[np.int64]:
    """(m, 4) what the four voices sing at each quarter of a chorale, from the top."""
    slots = np.arange(0, chorale.onset.max(), 1.0)
    rows = []
    for slot in slots:
        sounding = (chorale.onset <= slot + 1e-6) & (chorale.onset + chorale.duration > slot + 1e-6)
        pitches = np.sort(chorale.pitch[sounding])[::-1]
        if pitches.size >= 3:
            rows.append([pitches[0], pitches[1], pitches[-2], pitches[-1]])
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def textured(chords: npt.NDArray[np.int64], random: Random) -> Score | None:
    """A keyboard piece over ``chords`` (m, 4); None where there are too few."""
    virtuoso = random.random() < 0.5
    beats_a_bar = int(random.choice([2, 3, 4, 2, 3, 4, 4 if virtuoso else 8]))
    division = int(random.choice([2, 3, 4, 4]))
    per_bar = int(random.choice([1, 1, 2, 1 if virtuoso else beats_a_bar]))
    if beats_a_bar % per_bar:
        per_bar = 1
    changed = np.append(True, np.any(chords[1:] != chords[:-1], axis=1))
    chords = chords[changed]
    bars = min(len(chords) // per_bar, 320 // beats_a_bar)
    if bars < 8:
        return None
    notes: Notes = []
    bar = 0
    while bar < bars:
        span = min(int(random.choice([4, 8, 8, 16, 32])), bars - bar)
        if virtuoso and random.random() < 0.4:
            division = int(random.choice([2, 3, 4]))
        _phrase(notes, chords, range(bar, bar + span), beats_a_bar, per_bar, division, virtuoso, random)
        bar += span
    return _score(notes, beats_a_bar, bars * beats_a_bar, random)


def _score(notes: Notes, beats_a_bar: int, beats: int, random: Random) -> Score | None:
    if len(notes) < 40:
        return None
    table = np.array(notes)
    count = beats + 4
    drop = int(random.integers(0, beats_a_bar)) if random.random() < 0.3 else 0  # a piece that begins with an upbeat
    keep = table[:, 0] >= drop - (0.5 if drop else 0) - 1e-9
    table = table[keep]
    beat = np.arange(count, dtype=np.float64)
    downbeat = np.arange(count) % beats_a_bar == 0
    score = Score(table[:, 0], table[:, 1], table[:, 2].astype(np.int64), table[:, 3].astype(np.int64), beat, downbeat)
    return score.sorted()


def _phrase(
    notes: Notes, chords: npt.NDArray[np.int64], bars: range, beats_a_bar: int, per_bar: int, division: int,
    virtuoso: bool, random: Random,
) -> None:  # fmt: skip
    """Some bars in one texture: a figure below (or above) and a line."""
    length = beats_a_bar / per_bar
    figures = ["broken", "broken", "broken", "bass_chord", "block", "repeated", "line"]
    if virtuoso:
        figures = ["broken", "sweep", "sweep", "scale", "tremolo", "bass_chord", "block", "repeated"]
    figure = random.choice(figures)
    fast = int(random.choice(FAST[division])) if virtuoso else division * (1 + (random.random() < 0.05))
    shape = _figure_shape(fast, beats_a_bar, random)
    line = bool(random.random() < 0.8) or figure in ("block", "bass_chord")
    swapped = random.random() < 0.2
    octaves, thick = (random.random() < share for share in ((0.5, 0.4) if virtuoso else (0.08, 0.08)))
    cells = CELLS[division]
    favourite = [cells[int(i)] for i in random.integers(0, len(cells), 4)]
    for bar in bars:
        motif = [favourite[int(i)] for i in random.integers(0, 4, beats_a_bar)]
        for slot in range(per_bar):
            chord = chords[bar * per_bar + slot]
            at = bar * beats_a_bar + slot * length
            _figure(notes, figure, chord, at, length, fast, shape, swapped, random)
            if line:
                inside = motif[int(slot * length) : int((slot + 1) * length)]
                before = len(notes)
                _line(notes, chord, at, inside, swapped, random)
                if octaves:
                    notes.extend((on, held, pitch + 12, part) for on, held, pitch, part in notes[before:])
                if thick:
                    notes.extend(
                        (on, held, int(random.choice(chord[:3])), part) for on, held, _, part in notes[before:]
                    )


def _figure_shape(division: int, beats_a_bar: int, random: Random) -> list[int]:
    """Which chord note comes when, over one, two or all beats of a bar: up, up and down, Alberti, or any."""
    count = division * int(random.choice([1, 1, 2, beats_a_bar]))
    kind = random.integers(0, 5)
    if kind == 0:
        return [index % max(3, min(count, 5)) for index in range(count)]
    if kind == 1:
        half = max(2, count // 2)
        return [half - abs(index % (2 * half) - half) for index in range(count)]
    if kind == 2:
        return [(0, 2, 1, 2)[index % 4] for index in range(count)]
    if kind == 3:
        top = max(3, count)
        return [max(0, top - 1 - index) % 6 for index in range(count)]
    return [0, *random.integers(0, 6, max(count - 1, 0)).tolist()]


def _figure(
    notes: Notes, kind: str, chord: npt.NDArray[np.int64], at: float, length: float, division: int,
    shape: list[int], swapped: bool, random: Random,
) -> None:  # fmt: skip
    up = np.sort(chord[1:])
    ladder = np.concatenate([up, up + 12]) if not swapped else np.sort(np.concatenate([chord, chord[:2] + 12]))
    part = 0 if swapped else 1
    if kind == "broken":
        count = round(length * division)
        for index in range(count):
            pitch = int(ladder[shape[index % len(shape)] % ladder.size])
            notes.append((at + index / division, 1 / division, pitch, part))
        if random.random() < 0.5:
            notes.append((at, length, int(chord[3]) - (12 if random.random() < 0.5 else 0), 1))
    elif kind == "bass_chord":
        for beat in range(round(length)):
            if beat == 0 or (length > 3 and beat == 2):
                notes.append((at + beat, 1, int(chord[3]) - 12, 1))
            else:
                notes.extend((at + beat, 0.5, int(pitch), 1) for pitch in up)
            if length <= 2:
                notes.extend((at + beat + 0.5, 0.5, int(pitch), 1) for pitch in up)
    elif kind == "repeated":
        count = round(length * division)
        notes.append((at, length, int(chord[3]) - 12, 1))
        for index in range(count):
            notes.extend((at + index / division, 1 / division, int(pitch), part) for pitch in up[-2:])
    elif kind in ("sweep", "scale", "tremolo"):
        _brilliant(notes, kind, chord, at, length, division, random)
    elif kind == "block":
        step = float(random.choice([1, length, length]))
        for place in np.arange(0, length, step).tolist():
            notes.extend((at + place, step, int(pitch), 1) for pitch in up)
    else:  # a running bass
        low = int(chord[3])
        for index in range(round(length * division)):
            notes.append((at + index / division, 1 / division, low + (0, 2, 4, 5, 7, 5, 4, 2)[index % 8], 1))


def _brilliant(
    notes: Notes, kind: str, chord: npt.NDArray[np.int64], at: float, length: float, division: int, random: Random
) -> None:
    """Arpeggios over the keyboard, scales, tremolos, above a bass note."""
    count = round(length * division)
    if random.random() < 0.3:  # a run of so many notes as there are, in the time that there is
        count = max(2, count + int(random.integers(-2, 6)))
    classes = np.unique(chord % 12)
    keys = np.array([pitch for pitch in range(33, 97) if pitch % 12 in classes])
    if kind == "scale":
        diatonic = np.array([pitch for pitch in range(36, 97) if pitch % 12 not in (classes + 1) % 12])
        keys = np.arange(40, 97) if random.random() < 0.4 else diatonic
    begin = int(random.integers(0, max(1, keys.size // 2)))
    octaves = random.random() < 0.5
    turn = max(2, count // int(random.choice([1, 1, 2])))
    for index in range(count):
        if kind == "tremolo":
            wide = int(chord[3 * (index % 2)]) + 12 * (index % 2 == 0)
            pitches = [wide if octaves else int(chord[index % 2 + 1])]
        else:
            place = begin + (index % (2 * turn) if index % (2 * turn) < turn else 2 * turn - index % (2 * turn))
            pitches = [int(keys[min(place, keys.size - 1)])]
        notes.extend((at + index * length / count, length / count, pitch, 1) for pitch in pitches)
    notes.append((at, length, int(chord[3]) - 12, 1))
    if random.random() < 0.3:
        notes.append((at, length, int(chord[3]) - 24, 1))


def _line(
    notes: Notes, chord: npt.NDArray[np.int64], at: float, cells: list[list[float]], swapped: bool, random: Random
) -> None:
    """A melody: chord notes on what is strong, neighbours between."""
    base = int(chord[0]) if not swapped else int(chord[3])
    part = 1 if swapped else 0
    for beat, cell in enumerate(cells):
        pitch = base if beat == 0 or random.random() < 0.4 else int(random.choice(chord[:3]))
        for index, place in enumerate(cell):
            until = cell[index + 1] if index + 1 < len(cell) else 1.0
            notes.append((at + beat + place, until - place, pitch, part))
            pitch += int(random.choice([-2, -1, 1, 2, 2, -2, 3, -3]))


def florid(chorale: Score, random: Random) -> Score | None:
    """A chorale whose voices take turns at running: ties, suspensions, dotted and quick notes, some voices silent."""
    notes: Notes = []
    for part in np.unique(chorale.part):
        mine = chorale.part == part
        onset, duration, pitch = chorale.onset[mine], chorale.duration[mine], chorale.pitch[mine]
        _voice(notes, onset, duration, pitch, int(part), random)
    if len(notes) < 40:
        return None
    table = np.array(notes)
    beat, downbeat = chorale.beat, chorale.downbeat
    if random.random() < 0.08:  # alla breve
        half = np.arange(beat.size) - int(np.argmax(downbeat))
        beat, downbeat = beat[half % 2 == 0], downbeat[half % 2 == 0]
    return Score(
        table[:, 0], table[:, 1], table[:, 2].astype(np.int64), table[:, 3].astype(np.int64), beat, downbeat
    ).sorted()


def _voice(
    notes: Notes, onset: npt.NDArray[np.float64], duration: npt.NDArray[np.float64], pitch: npt.NDArray[np.int64],
    part: int, random: Random,
) -> None:  # fmt: skip
    busy, rest_until = float(random.uniform(0.1, 0.9)), -1.0
    for index in range(onset.size):
        at, length, here = float(onset[index]), float(duration[index]), int(pitch[index])
        there = int(pitch[index + 1]) if index + 1 < onset.size else here
        if random.random() < 0.05:
            busy = float(random.uniform(0, 1))
        if random.random() < 0.01:
            rest_until = at + float(random.choice([8, 16, 24]))
        if at < rest_until:
            continue
        roll = random.random()
        if roll > busy or length < 0.5:
            notes.append((at, length, here, part))
        elif roll < busy * 0.12 and notes and notes[-1][3] == part and length >= 1:  # a suspension
            last = notes.pop()
            notes.append((last[0], last[1] + length / 2, last[2], part))
            notes.append((at + length / 2, length / 2, here, part))
        elif roll < busy * 0.24 and length >= 1:
            notes.append((at, length * 0.75, here, part))
            notes.append((at + length * 0.75, length * 0.25, there + int(random.choice([-1, 1, 2])), part))
        else:
            count = int(random.choice([2, 2, 4])) if length <= 1 else int(length * random.choice([2, 4]))
            run = np.round(np.linspace(here, there, count + 1))[:-1].astype(int)
            wiggle = random.choice([0, 0, -2, -1, 1, 2], count)
            wiggle[0] = 0
            for step in range(count):
                notes.append((at + step * length / count, length / count, int(run[step] + wiggle[step]), part))
