"""What speaks for a cadence at each place of a piece, compiled: one row of measures a place, weighed elsewhere.

The measures put numbers to the usual definitions (Caplin, "The Classical Cadence", JAMS 57, 2004). An authentic cadence
goes from the dominant in root position, before which come a predominant and often the six-four chord, to the tonic in
root position with the tonic on top, on a strong place; a deceptive one is the same to the sixth degree. A half cadence
comes to rest on the dominant triad in root position, without its seventh. Both end something: a wait, a rest, and the
beginning of a passage that is heard once more speak for that.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.cadences.phrasing import EARLY, Line, Phrasing
from boumb_assets.corpus.cadences.places import DOWNBEAT, HALF_BAR, OFF_BEAT, Places
from boumb_assets.corpus.cadences.sounds import CELL_QUARTERS, SILENT, Sounds
from boumb_assets.corpus.cadences.tonality import Tonality
from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

AUTHENTIC_MEASURES: Final = (
    "always", "other_key", "foreign", "no_leading_note", "other_bass", "dominant_held", "approach", "six_four", "late",
    "step", "leap", "strength", "wait", "rest", "return", "return_here", "seventh", "dominant_seventh", "not_struck",
)  # fmt: skip
HALF_MEASURES: Final = (
    "always", "other_key", "other_key_now", "key_margin", "foreign", "no_leading_note", "seventh", "seventh_later",
    "six_four", "dominant_before", "long_six_four", "approach", "raised_fourth", "leading_note_before", "strength",
    "downbeat", "off_beat", "melody", "rest", "rest_in_bar", "return", "held", "tonic_on_top_next", "not_struck",
)  # fmt: skip

STEP: Final = 2  # cells, half a quarter: the pace at which the bass is followed
LEAST_SHARE: Final = 0.5  # of the arrival that is notes of its chord: below, it is no arrival
AUTHENTIC_MARGIN: Final = -0.2  # of mean correlation, by which the tonic's key may lie behind the best one
HALF_MARGIN: Final = -0.12
NEVER: Final = 9.0
# How well a bass leads to the dominant, by semitones above the tonic; the last is for silence.
AUTHENTIC_APPROACH: Final = (-0.3, -0.3, 1.0, 0.3, 0.3, 1.0, 1.0, -0.3, 0.5, 0.5, -0.3, -0.3, -0.3)
HALF_APPROACH: Final = (0.3, -0.5, 0.3, 0.2, 0.2, 1.0, 1.3, -0.5, 1.2, 0.7, -0.5, -0.5, -0.5)
STRENGTHS: Final = (0.0, 0.3, 0.7, 1.0)  # of OFF_BEAT, BEAT, HALF_BAR, DOWNBEAT, for the bass of a half cadence


class Heard(NamedTuple):
    """All that the measures are taken from."""

    origin: float
    """The quarters at which the first cell of ``sounds`` begins."""
    sounds: Sounds
    voice: Line
    top: Line
    places: Places
    phrasing: Phrasing
    tonality: Tonality
    returns: Floats
    """(places,): bars of the longest passage heard once more that begins with the place,"""
    next_returns: Floats
    """and of that which begins with the next bar or up to half a bar before."""


class Evidence(NamedTuple):
    """Of one kind of cadence, arrays of (places,)."""

    measures: Floats
    """(places, measures)."""
    possible: Flags
    """Whether it can be a cadence at all; the rest of a row means nothing where not."""
    key: Ints
    """12 * minor + root."""
    dominant_from: Floats
    """Quarters."""


@compiled
def authentic_evidence(heard: Heard, major_step: int, minor_step: int) -> Evidence:
    """For a cadence to the chord on the degree ``major_step`` semitones above the tonic of a major key, or
    ``minor_step`` above that of a minor one: 0 and 0 for an authentic, 9 and 8 for a deceptive cadence."""
    places, keys, phrasing = heard.places, heard.tonality, heard.phrasing
    histograms, lowest, struck = heard.sounds.histograms, heard.sounds.lowest, heard.sounds.struck
    count = places.time.size
    found = _nothing(count, len(AUTHENTIC_MEASURES))
    notes = np.empty(12)
    for place in range(count):
        time = places.time[place]
        cell, beat, bar = _cells(time - heard.origin), _cells(places.beat[place]), _cells(places.bar[place])
        bass = _lowest(lowest, cell, cell + STEP)
        if bass == SILENT or places.strength[place] == OFF_BEAT:
            continue
        likeness, before = keys.likeness[place], keys.before[place]
        minor = likeness[(bass - minor_step) % 12 + 12] > likeness[(bass - major_step) % 12]
        if (bass - (minor_step if before >= 12 else major_step) - before) % 12 == 0:
            minor = before >= 12
        step = minor_step if minor else major_step
        tonic = (bass - step) % 12
        dominant, key = (tonic + 7) % 12, tonic + (12 if minor else 0)
        share = _share(histograms, cell, cell + beat, notes, bass, (0, 3, 4, 7), 0.0)
        line = heard.voice if phrasing.is_voice[place] else heard.top
        late = _late(line, phrasing.note[place], time, places.beat[place], tonic)
        if late > 1.0 or share <= LEAST_SHARE or likeness[key] - likeness.max() <= AUTHENTIC_MARGIN:
            continue
        arrival = _arrival_of_bass(histograms, lowest, cell, beat, tonic, bass % 12, notes)
        basses = 0.0
        for back in (1, STEP, beat):
            under = _lowest(lowest, arrival - back, arrival)
            basses += 1.0 if under != SILENT and under % 12 == dominant else 0.0
        held = _held_before(lowest, arrival, beat, dominant, 2 * bar)
        if basses == 0.0:
            continue
        later = _share(histograms, cell + STEP, cell + beat, notes, bass, (0, 3, 4, 7), 1.0)
        leading = _share(histograms, arrival - beat, arrival, notes, tonic, (11,), 0.0)
        leading_held = _share(histograms, arrival - held, arrival, notes, tonic, (11,), 0.0)
        start = max(arrival - held, arrival - 4 * beat)
        six_four = _share(histograms, start, arrival - STEP, notes, tonic, (0, 3, 4), 0.0) if held >= beat else 0.0
        seventh = _share(histograms, cell, cell + 2 * beat, notes, tonic, (10,), 0.0) if step == 0 else 0.0
        start = arrival - max(held, beat)
        dominant_seventh = _share(histograms, start, arrival, notes, tonic, (5,), 0.0)
        moved, from_step = _moved(line, phrasing.note[place], tonic)
        strength = places.strength[place]
        measures = (
            1.0,
            0.0 if before % 12 == tonic else -1.0,
            (share + later) / 2 - 1.0,
            0.0 if leading > 0.0 else 0.5 if leading_held > 0.0 else 1.0,
            basses / 3 - 1.0,
            min(held / beat, 2.0) / 2,
            _approach(lowest, arrival - held, tonic, AUTHENTIC_APPROACH),
            1.0 if six_four > 0.15 else 0.0,
            late,
            1.0 if moved <= 2 and from_step else 0.0,
            1.0 if moved > 9 else 0.0,
            1.0 if strength == DOWNBEAT else 0.5 if strength == HALF_BAR else 0.0,
            (_log(phrasing.wait[place]) + _log(phrasing.pause[place])) / 2,
            (min(phrasing.rest[place], 1.0) + min(phrasing.silence[place], 1.0)) / 2,
            min(heard.next_returns[place], 4.0) / 4,
            min(heard.returns[place], 4.0) / 4,
            1.0 if seventh > 0.02 else 0.0,
            1.0 if dominant_seventh > 0.02 else 0.0,
            _not_struck(struck[cell], bass),
        )
        _fill(found.measures[place], measures)
        found.possible[place], found.key[place] = True, key
        found.dominant_from[place] = heard.origin + (arrival - held) * CELL_QUARTERS
    return found


@compiled
def half_evidence(heard: Heard) -> Evidence:
    """For a half cadence."""
    places, keys, phrasing = heard.places, heard.tonality, heard.phrasing
    histograms, lowest, struck = heard.sounds.histograms, heard.sounds.lowest, heard.sounds.struck
    count = places.time.size
    found = _nothing(count, len(HALF_MEASURES))
    notes = np.empty(12)
    for place in range(count):
        time = places.time[place]
        cell, beat, bar = _cells(time - heard.origin), _cells(places.beat[place]), _cells(places.bar[place])
        bass = _lowest(lowest, cell, cell + STEP)
        if bass == SILENT:
            continue
        dominant, tonic = bass % 12, (bass + 5) % 12
        likeness, before, now = keys.likeness[place], keys.before[place], keys.now[place]
        key = tonic + (12 if likeness[tonic + 12] > likeness[tonic] else 0)
        key = before if before % 12 == tonic else key
        margin = likeness[key] - likeness.max()
        share = _share(histograms, cell, cell + STEP, notes, tonic, (2, 7, 11), 0.0)
        seventh = _share(histograms, cell, cell + STEP, notes, tonic, (5,), 0.0)
        in_key = before % 12 == tonic or now % 12 == tonic or margin > HALF_MARGIN
        if share <= LEAST_SHARE or seventh >= 0.2 or not in_key:
            continue
        back = _held_before(lowest, cell, beat, dominant, 2 * bar)
        arrival, held = cell - back, _held_after(histograms, lowest, cell, beat, tonic, notes)
        later = _share(histograms, cell, cell + beat, notes, tonic, (2, 7, 11), 0.0)
        later_seventh = _share(histograms, cell, cell + beat, notes, tonic, (5,), 0.0)
        leading = _share(histograms, cell, cell + beat, notes, tonic, (11,), 0.0)
        until = cell + max(STEP, min(held, bar))
        leading_held = _share(histograms, cell, until, notes, tonic, (11,), 0.0)
        seventh_held = _share(histograms, cell, until, notes, tonic, (5,), 0.0)
        six_four = _share(histograms, arrival, cell, notes, tonic, (0, 3, 4), 0.0)
        leading_before = _share(histograms, arrival, cell, notes, tonic, (11,), 0.0)
        raised_fourth = _share(histograms, arrival - beat, arrival, notes, tonic, (6,), 0.0)
        leading_first = _share(histograms, arrival - beat, arrival, notes, tonic, (11,), 0.0)
        line = heard.voice if phrasing.is_voice[place] else heard.top
        note = phrasing.note[place]
        above = (line.pitch[note] - tonic) % 12 if note >= 0 else -1
        measures = (
            1.0,
            0.0 if before % 12 == tonic else -1.0,
            0.0 if now % 12 == tonic else -1.0,
            max(10.0 * margin, -3.0),
            (share + later) / 2 - 1.0,
            (0.0 if leading > 0.0 else 0.5) + (0.0 if leading_held > 0.0 else 0.5),
            (1.0 if seventh > 0.1 else 0.0) + (1.0 if later_seventh > 0.1 else 0.0),
            min(max(5.0 * seventh_held - 0.3, 0.0), 1.0),
            1.0 if six_four > 0.3 else 0.0,
            min(4.0 * leading_before, 1.0),
            1.0 if back > beat else 0.0,
            _approach(lowest, arrival, tonic, HALF_APPROACH),
            1.0 if raised_fourth > 0.02 else 0.0,
            min(4.0 * leading_first, 1.0),
            STRENGTHS[_strength_at(places.time, places.strength, place, heard.origin + arrival * CELL_QUARTERS)],
            1.0 if places.strength[place] == DOWNBEAT else 0.0,
            1.0 if places.strength[place] == OFF_BEAT and back == 0 else 0.0,
            1.0 if above == 2 or above == 11 else 0.5 if above == 7 else 0.0,
            (min(phrasing.rest[place], 1.0) + min(phrasing.silence[place], 1.0)) / 2,
            min(phrasing.rest_in_bar[place], 1.0),
            min(heard.next_returns[place], 4.0) / 4,
            min(held / beat, 4.0) / 4,
            _tonic_on_top(lowest, cell + held, line, time + held * CELL_QUARTERS, places.beat[place], tonic),
            _not_struck(struck[cell], bass),
        )
        _fill(found.measures[place], measures)
        found.possible[place], found.key[place], found.dominant_from[place] = True, key, time
    return found


@compiled
def _nothing(count: int, measures: int) -> Evidence:
    possible, keys = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.int64)
    return Evidence(np.zeros((count, measures)), possible, keys, np.zeros(count))


@compiled
def _fill(row: Floats, measures: tuple[float, ...]) -> None:
    for column, measure in enumerate(measures):
        row[column] = measure


@compiled
def _cells(quarters: float) -> int:
    return int(np.round(quarters / CELL_QUARTERS))


@compiled
def _share(
    histograms: Floats, begin: int, end: int, notes: Floats, tonic: int, steps: tuple[int, ...], silent: float
) -> float:
    """The share of the pitch classes ``steps`` above ``tonic`` in what sounds in cells ``begin`` to ``end`` (not
    included); ``silent`` where nothing does. ``notes`` (12,) is room to count in."""
    notes[:] = 0.0
    total, inside = 0.0, 0.0
    for cell in range(max(0, begin), min(end, histograms.shape[0])):
        for degree in range(12):
            notes[degree] += histograms[cell, degree]
            total += histograms[cell, degree]
    for step in steps:
        inside += notes[(tonic + step) % 12]
    return inside / total if total > 1e-9 else silent


@compiled
def _lowest(lowest: Ints, begin: int, end: int) -> int:
    found = SILENT
    for cell in range(max(0, begin), min(end, lowest.size)):
        found = min(found, lowest[cell])
    return found


@compiled
def _is_bass(lowest: Ints, at: int, beat: int, degree: int) -> bool:
    """Whether pitch class ``degree`` is the bass of the step from cell ``at`` on: its lowest note, or, up to two beats
    before, the beginning of a broken chord that stays above it."""
    here = _lowest(lowest, at, at + STEP)
    if here != SILENT and here % 12 == degree:
        return True
    for back in range(STEP, 2 * beat, STEP):
        before = _lowest(lowest, at - back, at - back + STEP)
        stays_below = before <= here - 3 or (back < beat and before < here)
        if before % 12 == degree and stays_below and _lowest(lowest, at - back, at + STEP) == before:
            return True
    return False


@compiled
def _held_before(lowest: Ints, at: int, beat: int, degree: int, most: int) -> int:
    """For how many cells before ``at``, ``most`` at most, pitch class ``degree`` is the bass."""
    held = 0
    while held + STEP <= most and at - held - STEP >= 0 and _is_bass(lowest, at - held - STEP, beat, degree):
        held += STEP
    return held


@compiled
def _held_after(histograms: Floats, lowest: Ints, cell: int, beat: int, tonic: int, notes: Floats) -> int:
    """For how many cells from ``cell`` on, eight beats at most, the dominant is the bass of its own chord."""
    dominant, held = (tonic + 7) % 12, 0
    while held < 8 * beat and cell + held < lowest.size:
        at = cell + held
        under = _lowest(lowest, at, at + STEP)
        if under != SILENT and under % 12 != dominant:
            own = _share(histograms, at, at + STEP, notes, tonic, (2, 5, 7, 11), 1.0)
            if own < 0.5 or not _is_bass(lowest, at, beat, dominant):
                break
        held += STEP
    return held


@compiled
def _arrival_of_bass(
    histograms: Floats, lowest: Ints, cell: int, beat: int, tonic: int, bass: int, notes: Floats
) -> int:
    """The cell in which the bass came to ``bass``, where notes of the dominant were held over it up to two beats."""
    at = cell
    while cell - at < 2 * beat and at - STEP >= 0:
        under = _lowest(lowest, at - STEP, at)
        if under == SILENT or under % 12 != bass:
            break
        if _share(histograms, at - STEP, at, notes, tonic, (2, 5, 11), 0.0) < 0.3:
            break
        at -= STEP
    return at


@compiled
def _approach(lowest: Ints, arrival: int, tonic: int, leads: tuple[float, ...]) -> float:
    """How well the bass before cell ``arrival`` leads to the dominant."""
    before = _lowest(lowest, arrival - STEP, arrival)
    return leads[12] if before == SILENT else leads[(before - tonic) % 12]


@compiled
def _late(line: Line, note: int, time: float, beat: float, tonic: int) -> float:
    """In how many beats from ``time`` on ``line`` is on the tonic, from its ``note`` on; NEVER for more than one."""
    at = max(note, 0)
    while at < line.onset.size and line.onset[at] <= time + beat + EARLY:
        if line.pitch[at] % 12 == tonic and line.end[at] > time:
            return float(min(max(0.0, line.onset[at] - time - EARLY) / beat, 1.0))
        at += 1
    return NEVER


@compiled
def _moved(line: Line, note: int, tonic: int) -> tuple[int, bool]:
    """How many semitones ``line`` has moved to its ``note``, and whether from the second degree or the leading note."""
    if note < 1:
        return 0, False
    above = (line.pitch[note - 1] - tonic) % 12
    return abs(line.pitch[note] - line.pitch[note - 1]), above == 2 or above == 11


@compiled
def _log(beats: float) -> float:
    return float(np.log2(min(max(beats, 0.25), 4.0)))


@compiled
def _not_struck(struck: int, bass: int) -> float:
    """-1 where the lowest note that begins is not of the bass's name, in the octave from the bass on, else 0."""
    return 0.0 if struck % 12 == bass % 12 and struck <= bass + 12 else -1.0


@compiled
def _strength_at(times: Floats, strength: Ints, place: int, time: float) -> int:
    """How strong the place at ``time``, at ``place`` or before, is."""
    while place > 0 and times[place] > time + EARLY:
        place -= 1
    return int(strength[place])


@compiled
def _tonic_on_top(lowest: Ints, cell: int, line: Line, time: float, beat: float, tonic: int) -> float:
    """Whether the tonic follows in the bass at ``cell``, which begins at ``time``, with a melody that goes by step to
    the tonic within half a beat: then what came before is the dominant of an authentic cadence."""
    under = _lowest(lowest, cell, cell + STEP)
    if under == SILENT or under % 12 != tonic:
        return 0.0
    at = max(int(np.searchsorted(line.onset, time - EARLY)), 1)
    while at < line.onset.size and line.onset[at] <= time + beat / 2 + EARLY:
        if line.pitch[at] % 12 == tonic and abs(line.pitch[at] - line.pitch[at - 1]) <= 2:
            return 1.0
        at += 1
    return 0.0
