"""Cutting a piece into sections that start on the tonic and end in a sure cadence.

Where a section begins in the very measure in which the one before arrives (an elision: the tonic closes the one and
opens the other), that measure belongs to both, as phrases are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from boumb_assets.contracts.harmony_rules import MAXIMUM_CHORDS, cadence_endings
from boumb_assets.contracts.music_structure import PIECE_MEASURES, SECTION_COUNT, SECTION_MEASURES
from boumb_assets.corpus.cadences import AUTHENTIC, Cadence, Key
from boumb_assets.corpus.piece import EPSILON, Piece
from boumb_assets.corpus.structures.reduction import Reduction

SECTION_BONUS: Final = 1.0  # quarters that another sure cadence is worth


@dataclass(frozen=True, eq=False)
class Span:
    """A section: measures ``start`` to ``stop`` (not included), and the cadence that ends it."""

    start: int
    stop: int
    cadence: Cadence
    reduction: Reduction
    """Of the piece in its key."""
    elided: bool = False
    """Whether its first measure is also the last one of the section before."""

    @property
    def key(self) -> Key:
        """The key of its cadence."""
        return self.cadence.key

    @property
    def ending(self) -> tuple[str, ...]:
        """The chords of its cadence, one a measure."""
        return cadence_endings(self.key.minor)[self.cadence.name]

    @cached_property
    def progression(self) -> tuple[str, ...]:
        """Its chords, one a measure."""
        return self.reduction.progression(self.start, self.ending, self.stop)

    @cached_property
    def kept(self) -> float:
        """Quarters in which its chords are heard."""
        return self.reduction.kept(self.start, self.ending, self.stop)


def cut_sections(ends: Mapping[int, Cadence], reductions: Mapping[Key, Reduction], home: Key) -> list[Span]:
    """The chain of sections that keeps the most of the piece, each beginning where the one before ends, or with its
    last measure where only that is the tonic; the first and the last are on the tonic of ``home``, the last with an
    authentic cadence; what lies before the first and after the last is left out. Empty where no two sections fit. Ties
    fall to fewer sections.

    ``ends`` as `section_ends` gives them, ``reductions`` for each of their keys.
    """
    best: dict[int, dict[int, _Chain]] = {}  # by the measure after the last section, and the number of sections
    for stop in sorted(ends):
        cadence = ends[stop]
        reduction = reductions[cadence.key]
        for start in range(max(0, stop - MAXIMUM_CHORDS), stop - SECTION_MEASURES[0] + 1):
            before = _before(best, start, stop)
            if cadence.key.root == home.root:
                before.append((_Chain(0.0, ()), False))
            if not before or not reduction.starts[start] or not reduction.in_key(start, stop):
                continue
            if cadence.name != "HC" and not reduction.leads_on[stop - 2]:
                continue
            span = Span(start, stop, cadence, reduction)
            for chain, elided in before:
                longer = chain.with_section(span, reduction.tonic_kept(start) if elided else None)
                known = best.setdefault(stop, {}).get(len(longer.spans))
                if known is None or round(longer.value - known.value, 9) > 0:
                    best[stop][len(longer.spans)] = longer
    whole = [
        (round(chain.value, 9), -count, chain.spans)
        for chains in best.values()
        for count, chain in chains.items()
        if count >= SECTION_COUNT[0] and closes(chain.spans[-1].cadence, home)
    ]
    return list(max(whole, key=lambda entry: entry[:2])[2]) if whole else []


@dataclass(frozen=True, eq=False)
class _Chain:
    """Sections one after the other, and what they are worth."""

    value: float
    spans: tuple[Span, ...]

    def with_section(self, span: Span, shared: float | None) -> "_Chain":
        """One section more; ``shared``: the quarters kept of the measure that it has in common with the last one."""
        if shared is None:
            return _Chain(self.value + span.kept + SECTION_BONUS, (*self.spans, span))
        return _Chain(self.value + span.kept - shared, (*self.spans, replace(span, elided=True)))


def _before(best: Mapping[int, Mapping[int, _Chain]], start: int, stop: int) -> list[tuple[_Chain, bool]]:
    """The chains that a section of measures ``start`` to ``stop`` (not included) can follow, and whether by elision."""
    found = [
        (chain, elided)
        for at, elided in ((start, False), (start + 1, True))
        for chain in best.get(at, {}).values()
        if not elided or stop - at >= SECTION_MEASURES[0]
    ]
    return [
        (chain, elided)
        for chain, elided in found
        if len(chain.spans) < SECTION_COUNT[1]
        and sum(span.stop - span.start for span in chain.spans) + stop - start <= PIECE_MEASURES[1]
    ]


def closes(cadence: Cadence, home: Key) -> bool:
    """Whether a piece in ``home`` may end with ``cadence``: on its tonic, be it in the other mode."""
    return cadence.key.root == home.root and cadence.name in AUTHENTIC


def section_ends(piece: Piece, cadences: Sequence[Cadence]) -> dict[int, Cadence]:
    """The measure after each cadence with which a section can end; the surer cadence where there are two.

    The measures must show the cadence: its last chord comes in the first half of a measure, and the dominant before it
    fills the end of the measure before.
    """
    ends: dict[int, Cadence] = {}
    for cadence in cadences:
        measure = int((cadence.time + EPSILON) // piece.bar)
        line = measure * piece.bar
        late = cadence.time - line > piece.bar / 2 + EPSILON
        hidden = cadence.name != "HC" and cadence.dominant_from > line - piece.beat + EPSILON
        known = ends.get(measure + 1)
        if not late and not hidden and (known is None or cadence.confidence > known.confidence):
            ends[measure + 1] = cadence
    return ends
