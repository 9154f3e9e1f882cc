"""What a file turns out to be: a stretch of it, its home key, its sections."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.music_structure import PIECE_MEASURES
from boumb_assets.corpus.cadences import Key
from boumb_assets.corpus.piece import Piece
from boumb_assets.corpus.structures.hearing import LIKELY_KEY, BarredHearing, Hearing
from boumb_assets.corpus.structures.left_out import LeftOutError
from boumb_assets.corpus.structures.likeness import Letters, section_letters
from boumb_assets.corpus.structures.manner import SIMPLE_BELOW, voices_of
from boumb_assets.corpus.structures.motifs import Motifs, motifs_of
from boumb_assets.corpus.structures.reduction import Reduction
from boumb_assets.corpus.structures.sections import Span, closes, cut_sections, section_ends
from boumb_assets.corpus.structures.stretches import Stretch, piece_of

TEMPO: Final = (40, 220)  # once rounded
MOST_QUARTERS: Final = 3000  # 420 s at 220 quarters a minute are 1,540, and have to be 0.6 of what sounds
MOST_NOTES: Final = 50_000  # a hundred a second for 420 s
SHIFTS: Final = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6)
WHITE: Final = frozenset({0, 2, 4, 5, 7, 9, 11})


@dataclass(frozen=True)
class Tempo:
    """The tempo of a piece."""

    bpm: float
    """Quarters of the piece a minute, of the tempo that holds the longest."""
    share: float
    """Of the piece that has that tempo."""
    changes: int
    """How often it changes."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A piece that has been cut into sections."""

    stretch: Stretch
    piece: Piece
    home: Key
    home_confidence: float
    spans: tuple[Span, ...]
    key_confidence: float
    """That of the least sure key of a section."""
    tempo: Tempo
    shift: int
    """Semitones that bring all keys to those of the contract."""

    @property
    def measures(self) -> int:
        """Of all sections; one that two of them share counts twice."""
        return sum(span.stop - span.start for span in self.spans)

    @property
    def kept(self) -> float:
        """The share of the sections' time in which the chord that is written is heard."""
        return sum(span.kept for span in self.spans) / (self.measures * self.piece.bar)

    @property
    def sound(self) -> float:
        """What sounds in the sections: notes times duration, in quarters of the file."""
        start, stop = (bars * self.piece.bar for bars in (self.spans[0].start, self.spans[-1].stop))
        return float(self.piece.histogram(start, stop).sum()) / self.stretch.scale

    @cached_property
    def letters(self) -> Letters:
        """The sections' names."""
        return section_letters(self.piece, self.spans)

    @cached_property
    def motifs(self) -> tuple[Motifs, ...]:
        """Of each section."""
        return tuple(motifs_of(self.piece, span.key, span.start + span.elided, span.stop) for span in self.spans)


def readings(
    stretches: Iterable[Stretch], notes: Mapping[str, npt.NDArray[np.generic]], facts: Mapping[str, Any]
) -> Iterator[Reading | LeftOutError]:
    """For each way to bar one file's notes (columns of EVENTS) its reading, or why there is none that is sure."""
    heard: dict[tuple[float, float, float], Hearing] = {}
    for stretch in stretches:
        try:
            piece = piece_of(notes, stretch)
            if piece.measures < PIECE_MEASURES[0]:
                reason = "metre_changes" if facts["metre_changes"] else "too_short"
                raise LeftOutError(reason, f"it has {piece.measures} measures of {stretch.metre} on end, not 8")
            if piece.measures * piece.bar > MOST_QUARTERS:
                raise LeftOutError("too_long", f"it has {piece.measures} measures of {stretch.metre} on end")
            if len(piece.onset) > MOST_NOTES:
                raise LeftOutError("too_many_notes", f"it has {len(piece.onset):,} notes, more than {MOST_NOTES:,}")
            voices = voices_of(piece, 0.0, np.inf)
            if voices < SIMPLE_BELOW:
                raise LeftOutError("one_voice", f"with {voices:.1f} notes at a time its harmony is not heard")
            place = (stretch.begin - stretch.offset, stretch.end, stretch.scale)
            hearing = heard.setdefault(place, Hearing(piece))
            yield _reading(stretch, BarredHearing(hearing, piece, stretch.offset * stretch.scale), facts)
        except LeftOutError as left_out:
            yield left_out


def _reading(stretch: Stretch, sounds: BarredHearing, facts: Mapping[str, Any]) -> Reading:
    """The reading in the likeliest home key that gives one."""
    tempo = _tempo(stretch, facts)
    first: LeftOutError | None = None
    for home, confidence in sounds.hearing.homes:
        try:
            spans = sections_of(sounds, home)
            sure = min(span.reduction.key_confidence(span.start, span.stop) for span in spans)
            reading = Reading(stretch, sounds.piece, home, confidence, spans, sure, tempo, _shift(home, spans))
            if not all(motifs.figures for motifs in reading.motifs):
                raise LeftOutError("no_motif", "a section has no measure of melody that the contract can write")
        except LeftOutError as left_out:
            first = first or left_out
        else:
            return reading
    raise first or LeftOutError("key_unclear", f"no key has a probability of {LIKELY_KEY}")


def sections_of(sounds: BarredHearing, home: Key) -> tuple[Span, ...]:
    """The sections of a piece in ``home``. Raises LeftOutError where no two are sure.

    In the 12 movements of Mozart's sonatas in one metre that give any, all 29 sections start on the tonic, close and
    are in the key as experts (DCMLab) have it, and their chords keep 0.583 of the time where those of the experts keep
    0.587.
    """
    cadences = sounds.cadences(home)
    if len(cadences) < 2:
        raise LeftOutError("fewer_than_two_sure_cadences", f"{len(cadences)} of its cadences are sure, two are needed")
    reductions = {key: Reduction(sounds, key) for key in {cadence.key for cadence in cadences}}
    ends = section_ends(sounds.piece, cadences)
    if not any(closes(cadence, home) for cadence in ends.values()):
        raise LeftOutError("does_not_close_at_home", "no sure cadence to its tonic falls where a measure shows it")
    spans = cut_sections(ends, reductions, home)
    if not spans:
        raise LeftOutError(
            "no_sections_between_cadences",
            f"{len(ends)} sure cadences leave no two sections of 4 to 32 measures that begin on their tonic",
        )
    return tuple(spans)


def _tempo(stretch: Stretch, facts: Mapping[str, Any]) -> Tempo:
    """The tempo of a stretch, as its scale writes it."""
    stated = [(one["tick"] / facts["ppq"], float(one["bpm"])) for one in facts["tempo_map"]]
    holds: dict[float, float] = {}
    changes = -1
    for (begin, bpm), (end, _) in pairwise([*stated, (np.inf, 0.0)]):
        inside = min(end, stretch.end) - max(begin, stretch.begin)
        if inside > 0:
            holds[bpm] = holds.get(bpm, 0.0) + inside
            changes += 1
    bpm = max(holds, key=lambda one: holds[one], default=0.0)
    written = bpm * stretch.scale
    if not TEMPO[0] - 0.5 < written < TEMPO[1] + 0.5:
        raise LeftOutError("tempo_out_of_range", f"{written:.0f} quarters a minute, not 40 to 220")
    return Tempo(written, holds[bpm] / sum(holds.values()), changes)


def _shift(home: Key, spans: Sequence[Span]) -> int:
    """The fewest semitones that bring all keys to natural letters; down where both ways are as far."""
    roots = {home.root, *(span.key.root for span in spans)}
    for shift in SHIFTS:
        if all((root + shift) % 12 in WHITE for root in roots):
            return shift
    raise LeftOutError("keys_without_natural_names", "no transposition brings all its keys to natural letters")
