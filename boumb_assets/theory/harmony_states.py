"""What a chord of functional harmony sounds like, where in a key it stands, and what it goes on to.

Eleven kinds on twelve roots: those of `chord_labels`, the six-four chord of a cadence, which is heard as the dominant
that it delays (Aldwell and Schachter, Harmony and Voice Leading, chapter 11; so do the annotations that it is measured
on), and the augmented sixth chord, on the raised fourth degree. The form of the tables follows Temperley, "A unified
probabilistic model for polyphonic music analysis" (Journal of New Music Research 38, 2009), and Raphael and Stoddard,
"Functional harmonic analysis using probabilistic models" (Computer Music Journal 28, 2004). The numbers are those with
which `harmony` names most chords of every other movement of Mozart's sonatas; see there.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.chord_labels import QUALITIES
from boumb_assets.theory.scales import SCALES

Floats = npt.NDArray[np.float64]

SIX_FOURS: Final[dict[str, tuple[int, ...]]] = {
    "cadential six-four": (0, 5, 9),
    "minor cadential six-four": (0, 5, 8),
}
AUGMENTED_SIXTH: Final = "augmented sixth"
KINDS: Final[dict[str, tuple[int, ...]]] = {**QUALITIES, **SIX_FOURS, AUGMENTED_SIXTH: (0, 2, 6, 9)}
"""Semitones above the root. That of a six-four chord is the dominant, its bass; that of an augmented sixth chord is the
raised fourth degree, a diminished third above which its bass lies."""

DOMINANTS: Final = ("major", "dominant seventh")
"""The kinds that lead a fifth down,"""
LEADING: Final = ("diminished", "half-diminished seventh", "diminished seventh")
"""and those that lead a semitone up."""

TRIADS: Final = ("major", "minor", "diminished", AUGMENTED_SIXTH)
TRIAD_OF_KIND: Final = (0, 1, 2, 0, 1, 0, 2, 2, 0, 0, 3)
"""By kind, which of TRIADS it is with its seventh left out, or once it is resolved."""

NOTE_WEIGHTS: Final = (0.40, 0.30, 0.30, 0.25)  # how often root, third, fifth and seventh sound, before scaling
SIX_FOUR_WEIGHTS: Final = (0.40, 0.68, 0.30)
AUGMENTED_SIXTH_WEIGHTS: Final = (0.25, 0.40, 0.40, 0.12)
FOREIGN_WEIGHT: Final = 0.0086  # and each note that is not of the chord
NOTE_SCALE: Final = 1.47  # of their logarithms

# Log weights of the lowest note, as KINDS: root, third, fifth and seventh, and what is none of the chord counts 0.
BASS_WEIGHTS: Final = (0.46, 0.41, 0.0, 0.16)
SIX_FOUR_BASS: Final = 0.81
SIX_FOUR_OTHER_BASS: Final = -1.08
AUGMENTED_SIXTH_BASS: Final = 0.50

# Log weights by kind, in any key.
PRIORS: Final = (0.0, 0.0, -0.30, 0.0, -1.51, -1.96, -1.97, -0.23, 0.0, 0.0, -1.07)
# Log weights by what a chord is in its key.
IN_KEY: Final = 1.25  # all of its notes are of the key, minor's leading note among them
TONIC: Final = 0.90  # more
DOMINANT: Final = 0.36  # more
SECONDARY: Final = 0.85  # a dominant or leading-note chord of another degree than the tonic
SIX_FOUR_IN_KEY: Final = 1.80
AUGMENTED_SIXTH_IN_KEY: Final = 2.08

# Log weights of a chord after another.
FIFTH_DOWN: Final = 2.03
LEADING_NOTE_UP: Final = 5.73  # a diminished chord goes up a semitone
SIX_FOUR_RESOLVED: Final = 4.83
SIX_FOUR_LEFT: Final = -3.32  # to anything else
TO_SIX_FOUR: Final = 0.18
AUGMENTED_SIXTH_RESOLVED: Final = 1.5

_KINDS: Final = tuple(KINDS)
STATES: Final = 12 * len(KINDS)
"""A state is 12 times the place of the kind in KINDS, plus the root."""


class HarmonyTables(NamedTuple):
    """Log weights and probabilities by key (12 * minor + root), pitch class and state."""

    notes: Floats
    """(12, states): what each pitch class that sounds says for a state."""
    bass: Floats
    """(12, states): what the lowest says."""
    in_key: Floats
    """(24, states)"""
    moves: Floats
    """(24, states, states): how likely each chord is after each other one in that key, rows by the chord before."""


@cache
def harmony_tables() -> HarmonyTables:
    """The tables; they are not to be written to."""
    in_key = np.array([[_in_key(minor, state) for state in range(STATES)] for minor in (False, True)])
    moves = np.array([_moves(row) for row in in_key])
    kind, root = np.divmod(np.arange(STATES), 12)
    degrees = [12 * kind + (root - tonic) % 12 for tonic in range(12)]
    return HarmonyTables(
        notes=_by_pitch_class(_note_weights),
        bass=_by_pitch_class(_bass_weights),
        in_key=np.array([row[degree] for row in in_key for degree in degrees]),
        moves=np.array([table[np.ix_(degree, degree)] for table in moves for degree in degrees]),
    )


def _note_weights(kind: str) -> Floats:
    """(12,): log weights by semitone above the root."""
    weights = np.full(12, FOREIGN_WEIGHT)
    steps = KINDS[kind]
    own = (
        SIX_FOUR_WEIGHTS if kind in SIX_FOURS
        else AUGMENTED_SIXTH_WEIGHTS if kind == AUGMENTED_SIXTH
        else NOTE_WEIGHTS
    )  # fmt: skip
    weights[list(steps)] = own[: len(steps)]
    scaled: Floats = NOTE_SCALE * np.log(weights / weights.sum())
    return scaled


def _bass_weights(kind: str) -> Floats:
    """(12,): log weights by semitone of the lowest note above the root."""
    weights = np.zeros(12)
    if kind in SIX_FOURS:
        weights[:] = SIX_FOUR_OTHER_BASS
        weights[0] = SIX_FOUR_BASS
    elif kind == AUGMENTED_SIXTH:
        weights[2] = AUGMENTED_SIXTH_BASS
    else:
        steps = KINDS[kind]
        weights[list(steps)] = BASS_WEIGHTS[: len(steps)]
    return weights


def _by_pitch_class(weights: Callable[[str], Floats]) -> Floats:
    """(12, states): the weights by semitone above the root of each kind, on every root."""
    return np.array([np.roll(weights(kind), root) for kind in KINDS for root in range(12)]).T.copy()


def _in_key(minor: bool, state: int) -> float:
    """The log weight of a chord in C major or C minor."""
    kind, root = _KINDS[state // 12], state % 12
    scale = {*SCALES["minor"], 11} if minor else {*SCALES["major"]}
    weight = PRIORS[state // 12]
    if kind in SIX_FOURS:
        return weight + SIX_FOUR_IN_KEY * (root == 7 and (kind == "minor cadential six-four") == minor)
    if kind == AUGMENTED_SIXTH:
        return weight + AUGMENTED_SIXTH_IN_KEY * (root == 6)
    if all((root + step) % 12 in scale for step in KINDS[kind]):
        tonic = root == 0 and kind == ("minor" if minor else "major")
        return weight + IN_KEY + TONIC * tonic + DOMINANT * (root == 7 and kind in DOMINANTS)
    targets = {3, 5, 7, 8, 10} if minor else {2, 4, 5, 7, 9}  # degrees whose triad is major or minor, but for the tonic
    leads_to = (root + 5) % 12 if kind in DOMINANTS else (root + 1) % 12 if kind in LEADING else -1
    return weight + SECONDARY * (leads_to in targets)


def _moves(in_key: Floats) -> Floats:
    """(states, states): the probabilities of the chords after each chord, itself left out, in C major or C minor."""
    kind, root = np.divmod(np.arange(STATES), 12)
    up = (root[None, :] - root[:, None]) % 12
    six_four, dominant, leading = (
        np.isin(kind, [_KINDS.index(name) for name in names]) for names in (SIX_FOURS, DOMINANTS, LEADING)
    )
    resolved = (up == 0) & dominant
    weights = in_key + FIFTH_DOWN * (up == 5) + LEADING_NOTE_UP * (leading[:, None] & (up == 1))
    weights += np.where(six_four[:, None], np.where(resolved, SIX_FOUR_RESOLVED, SIX_FOUR_LEFT), TO_SIX_FOUR * six_four)
    weights += AUGMENTED_SIXTH_RESOLVED * ((kind == _KINDS.index(AUGMENTED_SIXTH))[:, None] & (up == 1))
    np.fill_diagonal(weights, -np.inf)
    chances = np.exp(weights - weights.max(axis=1, keepdims=True))
    shares: Floats = chances / chances.sum(axis=1, keepdims=True)
    return shares
