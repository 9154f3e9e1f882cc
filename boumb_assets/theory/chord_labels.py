"""The chord of each beat: eight qualities on twelve roots, the likeliest sequence.

A hidden Markov model as Raphael and Stoddard's ("Functional harmonic analysis using probabilistic models", Computer
Music Journal 28, 2004), with weights set by hand: each beat speaks for the chords whose notes sound, more so over their
root or third in the bass and in the key in force, and a change of chord has its price.

Measured on the 54 movements of Mozart's sonatas with experts' chords (DCMLab), local keys as `local_keys` finds them:
root and triad right in 0.710 of the quarter notes, the root alone in 0.721. The weights were chosen on the same
movements; weights searched on one half of them gave 0.696 and 0.714 on the other. `harmony` names more chords right,
for ten times the time, where metre is known.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.decoding import best_path_of_equal_changes
from boumb_assets.theory.pitch_windows import SILENT
from boumb_assets.theory.scales import SCALES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

QUALITIES: Final[dict[str, tuple[int, ...]]] = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "dominant seventh": (0, 4, 7, 10),
    "minor seventh": (0, 3, 7, 10),
    "major seventh": (0, 4, 7, 11),
    "half-diminished seventh": (0, 3, 6, 10),
    "diminished seventh": (0, 3, 6, 9),
}
"""Semitones above the root, root first."""

NOTE_WEIGHTS: Final = (0.40, 0.30, 0.30, 0.18)  # how often root, third, fifth and seventh sound, before scaling
FOREIGN_WEIGHT: Final = 0.01  # and each note that is not of the chord
PRIORS: Final = (0.0, 0.0, -0.6, -0.1, -0.5, -0.8, -0.6, -0.5)  # log weight by quality, as QUALITIES
BASS_WEIGHTS: Final = (0.78, 0.52, 0.0, 0.26)  # log weight where root, third, fifth or seventh is the lowest note
IN_KEY: Final = 0.5  # log weight of a chord all of whose notes are in the key, minor's leading note among them
CHANGE_COST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord: pitch class of the root 0..11, and one of QUALITIES."""

    root: int
    quality: str


CHORDS: Final = tuple(Chord(root, quality) for quality in QUALITIES for root in range(12))
"""The 96 chords that `label_chords` tells apart."""


def label_chords(histograms: Floats, lowest: npt.NDArray[np.uint8], keys: Ints) -> Ints:
    """The index in CHORDS of each beat's chord (n,); a silent beat goes on with the chord before it.

    ``histograms`` (n, 12), n >= 1: how long each pitch class sounds in each beat, in beats. ``lowest`` (n,): the lowest
    pitch of each, `pitch_windows.SILENT` for none. ``keys`` (n,): the key in force, as 12 * minor + root.
    """
    evidence = np.zeros((len(histograms), len(CHORDS)))
    for degree in range(12):  # not a matrix product, whose rounding depends on the machine
        evidence += histograms[:, degree, None] * _LOG_NOTES[degree]
    heard = lowest != SILENT
    evidence[heard] += _PRIOR + _IN_KEY[keys[heard]] + _BASS[lowest[heard] % 12]
    return best_path_of_equal_changes(evidence, CHANGE_COST)


def _chord_table(weights: tuple[float, ...], foreign: float) -> Floats:
    """(12, 96): by pitch class and chord, the weight of that note of the chord."""
    table = np.full((12, len(CHORDS)), foreign)
    for index, chord in enumerate(CHORDS):
        for step, weight in zip(QUALITIES[chord.quality], weights, strict=False):
            table[(chord.root + step) % 12, index] = weight
    return table


def _in_key_table() -> Floats:
    """(24, 96): by key and chord, what speaks for the chord in that key."""
    table = np.zeros((24, len(CHORDS)))
    for key in range(24):
        steps = {*SCALES["minor"], 11} if key >= 12 else {*SCALES["major"]}
        classes = {(key + step) % 12 for step in steps}
        for index, chord in enumerate(CHORDS):
            if all((chord.root + step) % 12 in classes for step in QUALITIES[chord.quality]):
                table[key, index] = IN_KEY
    return table


_NOTES: Final = _chord_table(NOTE_WEIGHTS, FOREIGN_WEIGHT)
_LOG_NOTES: Final = np.log(_NOTES / _NOTES.sum(axis=0))
_BASS: Final = _chord_table(BASS_WEIGHTS, 0.0)
_PRIOR: Final = np.repeat(PRIORS, 12)
_IN_KEY: Final = _in_key_table()
