"""What speaks for a cadence at each place of a piece, in measures that are weighed elsewhere.

The measures put numbers to the usual definitions (Caplin, "The Classical Cadence", JAMS 57, 2004). An authentic cadence
goes from the dominant in root position, before which come a predominant and often the six-four chord, to the tonic in
root position with the tonic on top, on a strong place; a deceptive one is the same to the sixth degree. A half cadence
comes to rest on the dominant triad in root position, without its seventh. Both end something: a wait, a rest, and the
beginning of a passage that is heard once more speak for that.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.cadences.bass import STEP, dominants_before, dominants_held
from boumb_assets.corpus.cadences.phrasing import EARLY, Phrasing, beats_to_tonic, steps_to_tonic
from boumb_assets.corpus.cadences.places import DOWNBEAT, HALF_BAR, OFF_BEAT, Places
from boumb_assets.corpus.cadences.sounds import CELL_QUARTERS, Sounds
from boumb_assets.corpus.cadences.tonality import Tonality
from boumb_assets.corpus.piece import Line
from boumb_assets.theory.pitch_windows import SILENT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AUTHENTIC_STEPS: Final = (0, 0)  # semitones from the tonic to the degree of arrival, in major and in minor
DECEPTIVE_STEPS: Final = (9, 8)
TRIAD: Final = (0, 3, 4, 7)  # of either mode, in semitones above its root
DOMINANT: Final = (2, 7, 11)  # above the tonic
LEAST_SHARE: Final = 0.5  # of the arrival that is notes of its chord: below, it is no arrival
MOST_SEVENTH: Final = 0.2  # of a half cadence's arrival
AUTHENTIC_MARGIN: Final = -0.2  # of mean correlation, by which the tonic's key may lie behind the best one
HALF_MARGIN: Final = -0.12
_ABOVE: Final = np.add.outer(np.arange(12), np.arange(12)) % 12
LEAST_HEARD: Final = 0.02  # of what sounds, from which on a note is heard
# How well a bass leads to the dominant, by semitones above the tonic; the last is for silence.
AUTHENTIC_APPROACH: Final = np.array([-0.3, -0.3, 1.0, 0.3, 0.3, 1.0, 1.0, -0.3, 0.5, 0.5, -0.3, -0.3, -0.3])
HALF_APPROACH: Final = np.array([0.3, -0.5, 0.3, 0.2, 0.2, 1.0, 1.3, -0.5, 1.2, 0.7, -0.5, -0.5, -0.5])
STRENGTHS: Final = np.array([0.0, 0.3, 0.7, 1.0])  # of OFF_BEAT, BEAT, HALF_BAR, DOWNBEAT, for a half cadence's bass


class Spans(NamedTuple):
    """What sounds in stretches of a piece."""

    above: Floats
    """(n, 12): quarters by semitone above the root of each."""
    total: Floats
    """(n,)"""

    def share(self, *steps: int, silent: float = 0.0) -> Floats:
        """(n,): the share of the notes that many semitones above the root; ``silent`` where nothing sounds."""
        inside = self.above[:, steps[0]].copy()
        for step in steps[1:]:
            inside += self.above[:, step]
        shares = np.full(inside.size, silent)
        np.divide(inside, self.total, out=shares, where=self.total > 0.0)
        return shares


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

    def in_cells(self, quarters: Floats) -> Ints:
        """A span in cells."""
        return np.rint(quarters / CELL_QUARTERS).astype(np.int64)

    def metre(self, place: Ints) -> tuple[Ints, Ints, Ints]:
        """The cell of each ``place``, and the cells of a beat and of a bar there."""
        places = self.places
        return (
            self.in_cells(places.time[place] - self.origin),
            self.in_cells(places.beat[place]),
            self.in_cells(places.bar[place]),
        )

    def spans(self, begin: Ints, end: Ints, root: Ints) -> Spans:
        """What sounds in cells ``begin`` to ``end`` (not included), each (n,), above ``root``."""
        sums = self.sounds.sums
        begin = np.minimum(np.maximum(begin, 0), len(sums) - 1)
        sounding = sums[np.minimum(np.maximum(end, begin), len(sums) - 1)] - sums[begin]
        above = sounding.ravel()[12 * np.arange(len(sounding))[:, None] + _ABOVE[root % 12]]
        return Spans(above, sounding.sum(axis=1))

    def bass(self, cell: Ints) -> Ints:
        """(n,): the lowest pitch of the step from ``cell`` on, SILENT for none."""
        lowest = self.sounds.lowest
        parts = [
            np.where((at >= 0) & (at < lowest.size), lowest.take(at, mode="clip"), SILENT)
            for at in (cell + part for part in range(STEP))
        ]
        found: Ints = np.min(parts, axis=0)
        return found

    def melody(self, place: Ints, back: int = 0) -> Ints:
        """(n,): the pitch of the melody at each ``place``, or of the note ``back`` notes before it; -1 for none."""
        note, found = self.phrasing.note[place] - back, np.full(place.size, -1, dtype=np.int64)
        for line, sings in ((self.voice, self.phrasing.is_voice[place]), (self.top, ~self.phrasing.is_voice[place])):
            inside = sings & (note >= 0)
            found[inside] = line.pitch[note[inside]]
        return found


class Evidence(NamedTuple):
    """Of one kind of cadence, by place (n,) at which there can be one."""

    place: Ints
    measures: dict[str, Floats]
    key: Ints
    """12 * minor + root."""
    dominant_from: Floats
    """Quarters."""


def authentic_evidence(heard: Heard) -> tuple[Evidence, Evidence]:
    """For authentic cadences, and for deceptive ones."""
    arrivals = [_authentic_arrivals(heard, *steps) for steps in (AUTHENTIC_STEPS, DECEPTIVE_STEPS)]
    place, key, late = (np.concatenate(columns) for columns in zip(*arrivals, strict=True))
    is_deceptive = np.arange(place.size) >= arrivals[0][0].size
    tonic = key % 12
    cell, beat, bar = heard.metre(place)
    bass = heard.bass(cell)
    arrival, held, basses = dominants_before(heard.sounds.lowest, heard.sounds.sums, cell, beat, bar, tonic, bass % 12)
    share = heard.spans(cell, cell + beat, bass).share(*TRIAD)
    leading, leading_held = (heard.spans(arrival - span, arrival, tonic).share(11) for span in (beat, held))
    six_four = heard.spans(arrival - np.minimum(held, 4 * beat), arrival - STEP, tonic).share(0, 3, 4)
    later = heard.spans(cell + STEP, cell + beat, bass).share(*TRIAD, silent=1.0)
    seventh = heard.spans(cell, cell + 2 * beat, tonic).share(10)
    dominant_seventh = heard.spans(arrival - np.maximum(held, beat), arrival, tonic).share(5)
    last, before = heard.melody(place), heard.melody(place, 1)
    leap = np.where(before >= 0, np.abs(last - before), 0)
    strength = heard.places.strength[place]
    measures = {
        "always": np.ones(place.size),
        "other_key": -1.0 * (heard.tonality.before[place] % 12 != tonic),
        "foreign": (share + later) / 2 - 1.0,
        "no_leading_note": np.where(leading > 0.0, 0.0, np.where(leading_held > 0.0, 0.5, 1.0)),
        "other_bass": basses / 3 - 1.0,
        "dominant_held": np.minimum(held / beat, 2.0) / 2,
        "approach": _approach(heard, arrival - held, tonic, AUTHENTIC_APPROACH),
        "six_four": 1.0 * ((held >= beat) & (six_four > 0.15)),
        "late": late,
        "step": 1.0 * ((leap <= 2) & (before >= 0) & np.isin((before - tonic) % 12, (2, 11))),
        "leap": 1.0 * (leap > 9),
        "strength": np.select([strength == DOWNBEAT, strength == HALF_BAR], [1.0, 0.5], 0.0),
        "wait": (_octaves(heard.phrasing.wait[place]) + _octaves(heard.phrasing.pause[place])) / 2,
        "rest": _rest(heard, place),
        "return": np.minimum(heard.next_returns[place], 4.0) / 4,
        "return_here": np.minimum(heard.returns[place], 4.0) / 4,
        "seventh": 1.0 * ((seventh > LEAST_HEARD) & ~is_deceptive),
        "dominant_seventh": 1.0 * (dominant_seventh > LEAST_HEARD),
        "not_struck": _not_struck(heard, cell, bass),
    }
    dominant: Floats = np.asarray(heard.origin + (arrival - held) * CELL_QUARTERS, dtype=np.float64)
    found = Evidence(place, measures, key, dominant)
    return _only((basses > 0) & ~is_deceptive, found), _only((basses > 0) & is_deceptive, found)


def _only(kept: npt.NDArray[np.bool_], found: Evidence) -> Evidence:
    measures = {name: values[kept] for name, values in found.measures.items()}
    return Evidence(found.place[kept], measures, found.key[kept], found.dominant_from[kept])


def _authentic_arrivals(heard: Heard, major_step: int, minor_step: int) -> tuple[Ints, Ints, Floats]:
    """The places (n,) on a beat at which the chord on the degree so many semitones above the tonic of a likely key, of
    major or of minor, arrives with the tonic in the melody, the key of each, and in how many beats the melody is there.
    The key is the one in force before where it has that bass, else the likelier mode."""
    bass = heard.bass(heard.in_cells(heard.places.time - heard.origin))
    place = np.flatnonzero((bass != SILENT) & (heard.places.strength != OFF_BEAT))
    bass, before, likeness = bass[place], heard.tonality.before[place], heard.tonality.likeness[place]
    rows, major, minor = np.arange(place.size), (bass - major_step) % 12, (bass - minor_step) % 12 + 12
    likelier = np.where(likeness[rows, minor] > likeness[rows, major], minor, major)
    in_force = np.where(before >= 12, minor, major)
    key = np.where(in_force % 12 == before % 12, in_force, likelier)
    kept = likeness[rows, key] - likeness.max(axis=1, initial=-1.0) > AUTHENTIC_MARGIN
    place, key, bass = place[kept], key[kept], bass[kept]
    cell, beat, _ = heard.metre(place)
    times = (heard.places.time[place], heard.places.beat[place])
    late = beats_to_tonic(heard.voice, heard.top, heard.phrasing, place, *times, key % 12)
    kept = (late <= 1.0) & (heard.spans(cell, cell + beat, bass).share(*TRIAD) > LEAST_SHARE)
    return place[kept], key[kept], late[kept]


def half_evidence(heard: Heard) -> Evidence:
    """For a half cadence."""
    place, key, margin = _half_arrivals(heard)
    tonic, time, strength = key % 12, heard.places.time[place], heard.places.strength[place]
    cell, beat, bar = heard.metre(place)
    first, in_beat = (heard.spans(cell, cell + span, tonic) for span in (STEP, beat))
    before, now = (keys[place] % 12 == tonic for keys in (heard.tonality.before, heard.tonality.now))
    back, held = dominants_held(heard.sounds.lowest, heard.sounds.sums, cell, beat, bar, tonic)
    arrival = cell - back
    onwards = heard.spans(cell, cell + np.maximum(STEP, np.minimum(held, bar)), tonic)
    under, before_it = heard.spans(arrival, cell, tonic), heard.spans(arrival - beat, arrival, tonic)
    above = (heard.melody(place) - tonic) % 12
    sung = heard.phrasing.note[place] >= 0
    times = (time + held * CELL_QUARTERS, heard.places.beat[place])
    after = steps_to_tonic(heard.voice, heard.top, heard.phrasing, place, *times, tonic)
    next_bass = heard.bass(cell + held)
    measures = {
        "always": np.ones(place.size),
        "other_key": before - 1.0,
        "other_key_now": now - 1.0,
        "key_margin": np.maximum(10.0 * margin, -3.0),
        "foreign": (first.share(*DOMINANT) + in_beat.share(*DOMINANT)) / 2 - 1.0,
        "no_leading_note": 0.5 * (in_beat.share(11) <= 0.0) + 0.5 * (onwards.share(11) <= 0.0),
        "seventh": 1.0 * (first.share(5) > 0.1) + 1.0 * (in_beat.share(5) > 0.1),
        "seventh_later": np.minimum(np.maximum(5.0 * onwards.share(5) - 0.3, 0.0), 1.0),
        "six_four": 1.0 * (under.share(0, 3, 4) > 0.3),
        "dominant_before": np.minimum(4.0 * under.share(11), 1.0),
        "long_six_four": 1.0 * (back > beat),
        "approach": _approach(heard, arrival, tonic, HALF_APPROACH),
        "raised_fourth": 1.0 * (before_it.share(6) > LEAST_HEARD),
        "leading_note_before": np.minimum(4.0 * before_it.share(11), 1.0),
        "strength": STRENGTHS[_strength_at(heard, place, arrival)],
        "downbeat": 1.0 * (strength == DOWNBEAT),
        "off_beat": 1.0 * ((strength == OFF_BEAT) & (back == 0)),
        "melody": sung * np.select([np.isin(above, (2, 11)), above == 7], [1.0, 0.5], 0.0),
        "rest": _rest(heard, place),
        "rest_in_bar": np.minimum(heard.phrasing.rest_in_bar[place], 1.0),
        "return": np.minimum(heard.next_returns[place], 4.0) / 4,
        "held": np.minimum(held / beat, 4.0) / 4,
        "tonic_on_top_next": 1.0 * (after & (next_bass != SILENT) & (next_bass % 12 == tonic)),
        "not_struck": _not_struck(heard, cell, heard.bass(cell)),
    }
    return Evidence(place, measures, key, time)


def _half_arrivals(heard: Heard) -> tuple[Ints, Ints, Floats]:
    """The places (n,) at which the dominant triad of a likely key arrives, the key of each, and by how much that lies
    behind the best one."""
    bass = heard.bass(heard.in_cells(heard.places.time - heard.origin))
    place = np.flatnonzero(bass != SILENT)
    tonic, likeness = (bass[place] + 5) % 12, heard.tonality.likeness[place]
    before, now = heard.tonality.before[place], heard.tonality.now[place]
    rows = np.arange(place.size)
    likelier = np.where(likeness[rows, tonic + 12] > likeness[rows, tonic], tonic + 12, tonic)
    key = np.where(before % 12 == tonic, before, likelier)
    margin = likeness[rows, key] - likeness.max(axis=1, initial=-1.0)
    cell, _, _ = heard.metre(place)
    first = heard.spans(cell, cell + STEP, tonic)
    kept = (first.share(*DOMINANT) > LEAST_SHARE) & (first.share(5) < MOST_SEVENTH)
    kept &= (before % 12 == tonic) | (now % 12 == tonic) | (margin > HALF_MARGIN)
    return place[kept], key[kept], margin[kept]


def _approach(heard: Heard, arrival: Ints, tonic: Ints, leads: Floats) -> Floats:
    """How well the bass before cell ``arrival`` leads to the dominant."""
    before = heard.bass(arrival - STEP)
    led: Floats = leads[np.where(before == SILENT, 12, (before - tonic) % 12)]
    return led


def _octaves(beats: Floats) -> Floats:
    """How many times longer than a beat, in doublings, two at most."""
    logarithm: Floats = np.log2(np.minimum(np.maximum(beats, 0.25), 4.0))
    return logarithm


def _rest(heard: Heard, place: Ints) -> Floats:
    """Of the melody and of all voices, a beat of each at most."""
    melody, all_voices = heard.phrasing.rest[place], heard.phrasing.silence[place]
    rest: Floats = (np.minimum(melody, 1.0) + np.minimum(all_voices, 1.0)) / 2
    return rest


def _not_struck(heard: Heard, cell: Ints, bass: Ints) -> Floats:
    """-1 where the lowest note that begins is not of the bass's name, in the octave from the bass on, else 0."""
    struck = heard.sounds.struck[cell]
    missing: Floats = -1.0 * ((struck % 12 != bass % 12) | (struck > bass + 12))
    return missing


def _strength_at(heard: Heard, place: Ints, cell: Ints) -> Ints:
    """How strong the place at ``cell``, at ``place`` or before, is."""
    time = heard.origin + cell * CELL_QUARTERS
    at = np.searchsorted(heard.places.time, time + EARLY, side="right") - 1
    strengths: Ints = heard.places.strength[np.minimum(np.maximum(at, 0), place)]
    return strengths
