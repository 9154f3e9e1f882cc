"""The letters of a form."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.cadences import Cadence, Key
from boumb_assets.corpus.structures.hearing import BarredHearing
from boumb_assets.corpus.structures.likeness import section_letters
from boumb_assets.corpus.structures.reduction import Reduction
from boumb_assets.corpus.structures.sections import Span
from boumb_assets_tests.corpus.pieces import Notes, piece, some_notes

C_MAJOR = Key(0, False)
ONE = ([60, 64, 67, 64, 65, 69, 67, 65, 64, 62, 60, 62, 60, 60, 60, 60], [48, 53, 55, 48])
TWO = ([67, 67, 66, 67, 71, 69, 67, 62, 74, 72, 71, 69, 67, 67, 72, 72], [55, 50, 55, 48])


def sections(*parts: tuple[list[int], list[int]]) -> tuple[list[Span], Notes]:
    """Sections of four measures: a melody in quarters over a bass in whole notes."""
    notes: Notes = []
    for place, (melody, bass) in enumerate(parts):
        notes += [(16.0 * place + at, 1.0, pitch, 0) for at, pitch in enumerate(melody)]
        notes += [(16.0 * place + 4 * at, 4.0, pitch, 1) for at, pitch in enumerate(bass)]
    reduction = Reduction(BarredHearing.of(piece(notes)), C_MAJOR)
    return [
        Span(4 * place, 4 * place + 4, Cadence(16.0 * place + 12, "PAC", C_MAJOR, 0.0, 0.9), reduction)
        for place in range(len(parts))
    ], notes


def named(*parts: tuple[list[int], list[int]]) -> tuple[str, ...]:
    spans, notes = sections(*parts)
    return section_letters(piece(notes), spans).names


def test_what_comes_back_has_its_letter_again() -> None:
    assert named(ONE, ONE, TWO, ONE) == ("A", "A", "B", "A")


def test_what_comes_back_varied_has_a_prime() -> None:
    varied = ([*ONE[0][:10], 67, 65, *ONE[0][12:]], ONE[1])
    assert named(ONE, TWO, varied) == ("A", "B", "A'")


def test_a_section_with_a_measure_more_before_it_is_like_it() -> None:
    spans, notes = sections(ONE, TWO, ONE)
    longer = replace(spans[2], start=spans[2].start - 1)
    letters = section_letters(piece(notes), [spans[0], replace(spans[1], stop=spans[1].stop - 1), longer])
    assert letters.form == "ABA"


def test_the_form_is_the_letters_without_primes() -> None:
    varied = ([*ONE[0][:10], 67, 65, *ONE[0][12:]], ONE[1])
    spans, notes = sections(ONE, TWO, varied)
    letters = section_letters(piece(notes), spans)
    assert letters.form == "ABA" and 0.5 <= letters.confidence <= 1


@settings(deadline=None, max_examples=30)
@given(some_notes, st.lists(st.integers(1, 8), min_size=2, max_size=12))
def test_any_sections_have_letters_in_order(notes: Notes, lengths: list[int]) -> None:
    made = piece([*notes, (200.0, 1.0, 60, 0)])
    reduction, start, spans = Reduction(BarredHearing.of(made), C_MAJOR), 0, []
    for length in lengths:
        length = min(length + 3, made.measures - start)
        if length >= 4:
            spans.append(Span(start, start + length, Cadence(0.0, "PAC", C_MAJOR, 0.0, 0.9), reduction))
            start += length
    letters = section_letters(made, spans)
    assert letters.names[0] == "A" and len(letters.names) == len(spans)
    firsts = list(dict.fromkeys(letters.form))
    assert firsts == [chr(ord("A") + at) for at in range(len(firsts))]
    assert 0.5 <= letters.confidence <= 1
