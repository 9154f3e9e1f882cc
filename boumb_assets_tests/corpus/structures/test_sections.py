"""Cutting into sections: the best chain of all that there are."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.music_structure import SECTION_MEASURES
from boumb_assets.corpus.cadences import Cadence, Key
from boumb_assets.corpus.structures.hearing import BarredHearing
from boumb_assets.corpus.structures.reduction import Reduction
from boumb_assets.corpus.structures.sections import SECTION_BONUS, Span, closes, cut_sections, section_ends
from boumb_assets_tests.corpus.pieces import Notes, piece

C_MAJOR, G_MAJOR = Key(0, False), Key(7, False)
CHORDS = {"I": (48, 64, 67), "IV": (53, 65, 69), "V": (55, 62, 71), "vi": (57, 64, 72)}


def chorale(chords: str) -> Reduction:
    """A chord a measure."""
    notes: Notes = [(4.0 * at, 4.0, pitch, 0) for at, chord in enumerate(chords.split()) for pitch in CHORDS[chord]]
    return Reduction(BarredHearing.of(piece(notes)), C_MAJOR)


def cadence(measure: int, name: str = "PAC", key: Key = C_MAJOR, confidence: float = 0.9) -> Cadence:
    """One whose last chord arrives with a measure."""
    return Cadence(4.0 * measure, name, key, 4.0 * measure - 4, confidence)  # type: ignore[arg-type]


def places(spans: list[Span]) -> list[tuple[int, int, bool]]:
    return [(span.start, span.stop, span.elided) for span in spans]


def test_a_section_begins_where_the_one_before_ends() -> None:
    reduction = chorale("I IV V I I vi IV V I")
    ends = section_ends(reduction.piece, [cadence(3), cadence(8)])
    assert places(cut_sections(ends, {C_MAJOR: reduction}, C_MAJOR)) == [(0, 4, False), (4, 9, False)]


def test_where_only_the_arrival_is_the_tonic_it_belongs_to_both() -> None:
    reduction = chorale("I IV V I vi IV vi V I")
    ends = section_ends(reduction.piece, [cadence(3), cadence(8)])
    assert places(cut_sections(ends, {C_MAJOR: reduction}, C_MAJOR)) == [(0, 4, False), (3, 9, True)]


def test_an_introduction_and_what_follows_the_last_cadence_are_left_out() -> None:
    reduction = chorale("V IV I IV V I I vi V I V vi")
    ends = section_ends(reduction.piece, [cadence(5), cadence(9)])
    assert places(cut_sections(ends, {C_MAJOR: reduction}, C_MAJOR)) == [(2, 6, False), (6, 10, False)]


def test_a_piece_has_to_close_at_home() -> None:
    reduction = chorale("I IV V I I IV I V")
    ends = section_ends(reduction.piece, [cadence(3), cadence(7, "HC")])
    assert cut_sections(ends, {C_MAJOR: reduction}, C_MAJOR) == []
    assert closes(cadence(3), C_MAJOR) and not closes(cadence(3), G_MAJOR) and not closes(cadence(3, "HC"), C_MAJOR)


def test_a_cadence_that_measures_do_not_show_ends_nothing() -> None:
    reduction = chorale("I " * 8)
    late = Cadence(15.0, "PAC", C_MAJOR, 12.0, 0.9)
    within = Cadence(14.0, "PAC", C_MAJOR, 12.0, 0.9)
    shown = Cadence(14.0, "PAC", C_MAJOR, 8.0, 0.9)
    assert section_ends(reduction.piece, [late]) == section_ends(reduction.piece, [within]) == {}
    assert section_ends(reduction.piece, [shown]) == {4: shown}
    surer = cadence(3, "HC", confidence=0.95)
    assert section_ends(reduction.piece, [shown, surer])[4].name == "HC"


def chains(
    ends: Mapping[int, Cadence], reduction: Reduction, before: tuple[Span, ...] = ()
) -> Iterator[tuple[Span, ...]]:
    """Every chain there is, by trying."""
    yield before
    for stop, closing in ends.items():
        for start in range(stop - SECTION_MEASURES[0] + 1):
            elided = bool(before) and start == before[-1].stop - 1
            follows = not before or start == before[-1].stop or (elided and stop - start > SECTION_MEASURES[0])
            if follows and reduction.starts[start] and reduction.leads_on[stop - 2] and reduction.in_key(start, stop):
                yield from chains(ends, reduction, (*before, Span(start, stop, closing, reduction, elided)))


def worth(chain: tuple[Span, ...]) -> float:
    shared = [span.reduction.tonic_kept(span.start) if span.elided else -SECTION_BONUS for span in chain]
    return sum(span.kept for span in chain) - sum(shared)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(CHORDS)), min_size=8, max_size=18), st.sets(st.integers(3, 17), max_size=5))
def test_no_chain_is_worth_more(chords: list[str], arrivals: set[int]) -> None:
    reduction = chorale(" ".join(["I", *chords[1:]]))
    closing = [cadence(at) for at in sorted(arrivals) if at < len(chords)]
    ends = section_ends(reduction.piece, closing)
    found = cut_sections(ends, {C_MAJOR: reduction}, C_MAJOR)
    known = [chain for chain in chains(ends, reduction) if len(chain) >= 2]
    assert bool(found) == bool(known)
    if found:
        assert worth(tuple(found)) == pytest.approx(max(map(worth, known)))
        assert sum(span.stop - span.start for span in found) <= 160
