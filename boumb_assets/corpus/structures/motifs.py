"""Motifs: what the top voice does in the first measures of a section, in scale degrees and plain note values."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from boumb_assets.contracts.music_structure import MOTIF_LENGTH, RHYTHM_VALUES
from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.piece import EPSILON, Line, Piece

MOST_MOTIFS: Final = 4
SHORTEST: Final = 2  # notes
TOLERANCE: Final = 0.06  # quarters by which a span may miss a note value: staccato and legato are written into MIDI
ROUGH: Final = 0.5  # the same where nothing fits better: a dotted quarter may be written as a quarter or a half

# Degree by semitones above the tonic. Minor has its leading note and the raised sixth before it as well.
_MAJOR: Final = {0: 1, 2: 2, 4: 3, 5: 4, 7: 5, 9: 6, 11: 7}
_MINOR: Final = {0: 1, 2: 2, 3: 3, 5: 4, 7: 5, 8: 6, 9: 6, 10: 7, 11: 7}


@dataclass(frozen=True)
class Figure:
    """Scale degrees 1..14 and quarters."""

    degrees: tuple[int, ...]
    rhythm: tuple[float, ...]


@dataclass(frozen=True)
class Motifs:
    """The motifs of a section, and whether their rhythm is the melody's own or only near to it."""

    figures: tuple[Figure, ...]
    exact: bool


def motifs_of(piece: Piece, key: Key, start: int, stop: int) -> Motifs:
    """The first measures of a section (``start`` to ``stop``, not included) that the contract can write as they are,
    each once, four at most; those whose rhythm is only near to plain note values where no measure has one that is. Of
    the melody, or, where that rests or cannot be written, of the highest notes. Empty where neither is found."""
    for line in (piece.melody, piece.skyline):
        for exact in (True, False):
            found: list[_Measure] = []
            for number in range(start, stop):
                measure = _measure(line, piece.bar, key, number, exact)
                if measure is not None and measure not in found:
                    found.append(measure)
                if len(found) == MOST_MOTIFS:
                    break
            if found:
                return Motifs(tuple(_in_degrees(found, key)), exact)
    return Motifs((), False)


@dataclass(frozen=True)
class _Measure:
    """A measure of the melody: MIDI numbers and quarters."""

    pitches: tuple[int, ...]
    rhythm: tuple[float, ...]


def _measure(melody: Line, bar: float, key: Key, number: int, exact: bool) -> _Measure | None:
    """One measure of ``bar`` quarters of the melody, or None: a rest or a tied note at its start, a rest that is longer
    than the note before it, a chromatic note, too few or too many notes, a range of more than two octaves."""
    line = number * bar
    first, last = np.searchsorted(melody.onset, [line - EPSILON, line + bar - EPSILON])
    if not SHORTEST <= last - first <= MOTIF_LENGTH or abs(melody.onset[first] - line) > TOLERANCE:
        return None
    onset = melody.onset[first:last]
    spans = np.diff(np.append(onset, line + bar))
    sounding = np.minimum(melody.end[first:last], line + bar) - onset
    if (spans <= EPSILON).any() or (sounding < spans / 2 - EPSILON).any():
        return None
    rhythm = [min(RHYTHM_VALUES, key=lambda value: (abs(np.log2(value / span)), value)) for span in spans]
    error = TOLERANCE if exact else ROUGH
    if any(abs(value - span) > error for value, span in zip(rhythm, spans, strict=True)):
        return None
    if abs(sum(rhythm) - bar) > bar / 8:
        return None
    pitches = tuple(int(pitch) for pitch in melody.pitch[first:last])
    if _degrees(pitches, key, min(pitches)) is None:
        return None
    return _Measure(pitches, tuple(float(value) for value in rhythm))


def _in_degrees(measures: list[_Measure], key: Key) -> list[Figure]:
    """Degrees above one tonic for all ``measures``, at or below their lowest note; each above its own where they lie
    more than two octaves apart."""
    lowest = min(min(measure.pitches) for measure in measures)
    together = [_degrees(measure.pitches, key, lowest) for measure in measures]
    figures = []
    for measure, degrees in zip(measures, together, strict=True):
        own = degrees if None not in together else _degrees(measure.pitches, key, min(measure.pitches))
        if own is not None:
            figures.append(Figure(own, measure.rhythm))
    return figures


def _degrees(pitches: tuple[int, ...], key: Key, lowest: int) -> tuple[int, ...] | None:
    """Degrees above the tonic that is at or below ``lowest``; None for a note outside the scale or above 14."""
    scale = _MINOR if key.minor else _MAJOR
    tonic = lowest - (lowest - key.root) % 12
    degrees = []
    for pitch in pitches:
        octave, step = divmod(pitch - tonic, 12)
        if step not in scale or octave > 1:
            return None
        degrees.append(scale[step] + 7 * octave)
    return tuple(degrees)
