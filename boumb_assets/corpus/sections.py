"""Cutting a piece into sections that start on the tonic and end in a sure cadence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from boumb_assets.contracts.harmony_rules import MAXIMUM_CHORDS, cadence_endings
from boumb_assets.contracts.music_structure import PIECE_MEASURES, SECTION_COUNT, SECTION_MEASURES
from boumb_assets.corpus.cadences import Cadence, Key
from boumb_assets.corpus.piece import EPSILON, Piece
from boumb_assets.corpus.reduction import Reduction

LATEST_START: Final = 4  # measures of introduction that may be left out
SECTION_BONUS: Final = 1.0  # quarters of sound that another sure cadence is worth


@dataclass(frozen=True)
class Span:
    """A section: measures ``start`` to ``stop`` (not included), its key, chords and cadence."""

    start: int
    stop: int
    cadence: Cadence
    progression: tuple[str, ...]
    kept: float
    """Quarters of sound that are notes of its chords."""

    @property
    def key(self) -> Key:
        """The key of its cadence."""
        return self.cadence.key


def cut_sections(piece: Piece, cadences: Sequence[Cadence], reductions: Mapping[Key, Reduction]) -> list[Span]:
    """The chain of sections that keeps the most of the piece, each beginning where the one before ends.

    Empty where no two sections fit. Ties fall to fewer measures left out at the start, then to fewer sections.
    """
    ends = {stop: cadence for cadence in cadences if (stop := _stop(piece, cadence)) is not None}
    most, fewest = SECTION_COUNT[1], SECTION_COUNT[0]
    best: dict[tuple[int, int], tuple[float, tuple[Span, ...]]] = {}
    for start in range(min(LATEST_START, piece.measures) + 1):
        best[(start, 0)] = (0.0, ())
    for stop in sorted(ends):
        for start in range(max(0, stop - MAXIMUM_CHORDS), stop - SECTION_MEASURES[0] + 1):
            counts = [count for count in range(most) if (start, count) in best]
            span = _span(start, stop, ends[stop], reductions) if counts else None
            if span is None:
                continue
            for count in counts:
                value, before = best[(start, count)]
                first = before[0].start if before else start
                if stop - first > PIECE_MEASURES[1]:
                    continue
                candidate = (value + span.kept + SECTION_BONUS, (*before, span))
                known = best.get((stop, count + 1))
                if known is None or round(candidate[0] - known[0], 9) > 0:
                    best[(stop, count + 1)] = candidate
    whole = [(round(value, 9), -count, chain) for (_, count), (value, chain) in best.items() if count >= fewest]
    return list(max(whole, key=lambda entry: entry[:2])[2]) if whole else []


def _stop(piece: Piece, cadence: Cadence) -> int | None:
    """The measure after the one in which the last chord arrives; None where the measures do not show the cadence: the
    chord must come in the first half of its measure, and the dominant must fill the end of the measure before."""
    measure = int((cadence.time + EPSILON) // piece.bar)
    line = measure * piece.bar
    if cadence.time - line > piece.bar / 2 + EPSILON:
        return None
    if cadence.name != "HC" and cadence.dominant_from > line - piece.beat + EPSILON:
        return None
    return measure + 1


def _span(start: int, stop: int, cadence: Cadence, reductions: Mapping[Key, Reduction]) -> Span | None:
    reduction = reductions[cadence.key]
    ending = cadence_endings(cadence.key.minor)[cadence.name]
    if not reduction.starts_on_tonic(start) or not reduction.in_key(start, stop):
        return None
    progression = reduction.progression(start, ending, stop)
    kept = sum(reduction.kept(start + place, numeral) for place, numeral in enumerate(progression))
    return Span(start, stop, cadence, progression, kept)
