"""A piece reduced to one diatonic triad a measure, and how much of the time that keeps."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.piece import EPSILON, Floats, Ints, Piece
from boumb_assets.corpus.structures.hearing import BarredHearing
from boumb_assets.theory.chord_labels import QUALITIES
from boumb_assets.theory.chords import MAJOR_NUMERALS, MINOR_NUMERALS, chord_pitch_classes
from boumb_assets.theory.harmony_states import TRIADS
from boumb_assets.theory.keys import CONFIDENCE_SLOPE, key_scores
from boumb_assets.theory.pitch_windows import SILENT

KEY_MARGIN: Final = 0.1  # of correlation with the key profiles: neighbouring keys are told apart by no less
OTHER_MODE: Final = 0.5  # of a tonic's time, that of the other mode's: with more, a section is in both
PLAIN: Final = 0.5  # how likely a chord is heard in the beat that is said to be it
# The root says most about which triad it is (after the chord templates of Pardo and Birmingham, Computer Music Journal
# 26, 2002, with the root favoured): C and E together are C major rather than A minor.
ROOT_WEIGHT: Final = 0.4
OTHER_WEIGHT: Final = 0.3
HEARD_WEIGHT: Final = 0.5
"""What a chord that is heard through a whole measure counts beside the notes of the measure. Of the measures of
Mozart's sonatas in which an expert's chords (DCMLab) are one diatonic triad for half the time at least, the two
together name it in 0.905 on the 27 movements of even number, the notes alone in 0.736; chosen on the others, where they
do in 0.896."""


@dataclass(frozen=True, eq=False)
class Reduction:
    """The measures of a piece in one key."""

    sounds: BarredHearing
    key: Key

    @property
    def piece(self) -> Piece:
        """What is reduced."""
        return self.sounds.piece

    @property
    def choice(self) -> tuple[str, ...]:
        """The numerals that can be heard; in minor also the dominant with its leading note, and the tonic of a Picardy
        third, which comes last: no measure but the last is written so."""
        return _choice(self.key)

    @cached_property
    def heard(self) -> Floats:
        """(measures, numerals): the share of each measure in which each of ``choice`` is heard, its seventh and its
        inversion apart, each frame weighed by how likely that is."""
        triads, roots = _triads(self.key)
        return self.sounds.triads[:, triads, roots]

    @cached_property
    def numerals(self) -> tuple[str, ...]:
        """The triad of each measure: the one whose notes and whose chords last longest in it. A measure of silence is
        the tonic."""
        weights = np.zeros((12, len(self.choice)))
        for place, numeral in enumerate(self.choice):
            classes = chord_pitch_classes(numeral, self.key.root, self.key.minor)
            weights[list(classes), place] = ROOT_WEIGHT, OTHER_WEIGHT, OTHER_WEIGHT
        totals = np.maximum(self.sounds.measures.sum(axis=1), EPSILON)
        told = (self.sounds.measures[:, :, None] * weights).sum(axis=1) / totals[:, None]
        told = told + HEARD_WEIGHT * self.heard
        best: Ints = (told[:, :-1] if self.key.minor else told).round(9).argmax(axis=1)
        return tuple(self.choice[place] for place in best.tolist())

    @property
    def tonic(self) -> str:
        """The numeral of the first degree."""
        return "i" if self.key.minor else "I"

    @cached_property
    def starts(self) -> tuple[bool, ...]:
        """Whether a section may start with each measure: it begins as the tonic, and is the tonic or at least begins
        over its root."""
        begins = self._of(self.tonic, self.sounds.first_triads) >= PLAIN
        lowest = self.sounds.lowest[:, 0]
        over_root = (lowest != SILENT) & (lowest % 12 == self.key.root)
        whole = np.array([numeral == self.tonic for numeral in self.numerals])
        return tuple((begins & (whole | over_root)).tolist())

    @cached_property
    def leads_on(self) -> tuple[bool, ...]:
        """Whether each measure ends as the dominant."""
        return tuple((self._of("V", self.sounds.last_triads) >= PLAIN).tolist())

    def _of(self, numeral: str, triads: Floats) -> Floats:
        """(measures,) how much of ``triads`` (measures, TRIADS, 12) is ``numeral``."""
        kinds, roots = _triads(self.key)
        place = self.choice.index(numeral)
        share: Floats = triads[:, kinds[place], roots[place]]
        return share

    def in_key(self, start: int, stop: int) -> bool:
        """Whether no other key fits the notes of measures ``start`` to ``stop`` (not included) clearly better, and the
        tonic of the other mode is not heard for more than a part of the time that its own is: see OTHER_MODE."""
        if self._own_mode[stop] < self._own_mode[start]:
            return False
        scores = key_scores(self.sounds.measures[start:stop].sum(axis=0))
        return bool(scores[self.key.root + 12 * self.key.minor] >= scores.max() - KEY_MARGIN)

    @cached_property
    def _own_mode(self) -> Floats:
        """(measures + 1,): of all measures before each, in how many the tonic is heard, less that of the other mode
        over OTHER_MODE."""
        own, other = (TRIADS.index("minor" if minor else "major") for minor in (self.key.minor, not self.key.minor))
        tonics = self.sounds.triads[:, :, self.key.root]
        return np.concatenate([[0.0], np.cumsum(tonics[:, own] - tonics[:, other] / OTHER_MODE)])

    def key_confidence(self, start: int, stop: int) -> float:
        """How sure the key is from the notes of measures ``start`` to ``stop`` (not included), as `theory.keys`."""
        scores = key_scores(self.sounds.measures[start:stop].sum(axis=0))
        own = scores[self.key.root + 12 * self.key.minor]
        return 1 / float(np.exp(CONFIDENCE_SLOPE * (scores - own)).sum())

    def kept(self, start: int, ending: tuple[str, ...], stop: int) -> float:
        """The quarters in which the chords of `progression` are heard."""
        close = stop - len(ending)
        ends = sum(float(self.heard[close + place, self.choice.index(one)]) for place, one in enumerate(ending))
        body = float(self._body_heard[close] - self._body_heard[start + 1])
        return self.tonic_kept(start) + self.piece.bar * (body + ends)

    def tonic_kept(self, measure: int) -> float:
        """The quarters of ``measure`` in which the tonic is heard."""
        return self.piece.bar * float(self.heard[measure, self.choice.index(self.tonic)])

    @cached_property
    def _body_heard(self) -> Floats:
        """(measures + 1,): of all measures before each, the share in which the chord that a section's body would have
        there is heard, summed."""
        places = [self.choice.index(self._in_body(numeral)) for numeral in self.numerals]
        return np.concatenate([[0.0], np.cumsum(self.heard[np.arange(len(places)), places])])

    def _in_body(self, numeral: str) -> str:
        """A dominant of minor before the ending loses its leading note, since the app would render it wrong."""
        return "v" if self.key.minor and numeral == "V" else numeral

    def progression(self, start: int, ending: tuple[str, ...], stop: int) -> tuple[str, ...]:
        """The numerals of measures ``start`` to ``stop`` (not included): the tonic first, ``ending`` last."""
        return (self.tonic, *map(self._in_body, self.numerals[start + 1 : stop - len(ending)]), *ending)


def _choice(key: Key) -> tuple[str, ...]:
    return (*MINOR_NUMERALS, "V", "I") if key.minor else MAJOR_NUMERALS


@lru_cache(maxsize=24)
def _triads(key: Key) -> tuple[list[int], list[int]]:
    """The place in TRIADS, and the root, of each numeral of a key."""
    steps = {QUALITIES[name]: place for place, name in enumerate(TRIADS) if name in QUALITIES}
    chords = [chord_pitch_classes(numeral, key.root, key.minor) for numeral in _choice(key)]
    return [steps[tuple((note - chord[0]) % 12 for note in chord)] for chord in chords], [chord[0] for chord in chords]
