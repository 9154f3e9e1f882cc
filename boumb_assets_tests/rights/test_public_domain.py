"""Terms of protection: three values, by jurisdiction, for composer and arranger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.rights.public_domain import JURISDICTIONS, WorkFacts, in_public_domain, public_domain_bars

YEAR = 2026


@pytest.mark.parametrize(
    ("facts", "eu", "us"),
    [
        (WorkFacts(), None, None),
        (WorkFacts("Traditional"), None, None),
        (WorkFacts("X"), None, None),
        (WorkFacts("X", 1955), True, None),
        (WorkFacts("X", 1956), False, None),
        (WorkFacts("X", 1930), True, True),
        (WorkFacts("X", 1931), True, None),
        (WorkFacts("X", 1950, published=1930), True, True),
        (WorkFacts("X", 1950, published=1931), True, False),
        (WorkFacts("X", 1990, published=1920), False, True),
        (WorkFacts("X", 1800, arranger="Y"), None, None),
        (WorkFacts("X", 1800, arranger="Y", arranger_died=1990), False, None),
        (WorkFacts("X", 1990, arranger="Y"), False, None),
        (WorkFacts("X", 1800, arranger="Y", arranger_died=1900), True, True),
        (WorkFacts("X", 1800, arranger="Trad."), True, True),
        (WorkFacts("X", 1800, published=1790, arranger="Y", arranger_died=1940), True, None),
    ],
)
def test_life_and_seventy_or_publication_and_ninety_five(facts: WorkFacts, eu: bool | None, us: bool | None) -> None:
    assert in_public_domain(facts, "EU", YEAR) is eu
    assert in_public_domain(facts, "US", YEAR) is us


@pytest.mark.parametrize(
    ("facts", "places", "rules"),
    [
        (WorkFacts(), JURISDICTIONS, []),
        (WorkFacts("Traditional"), JURISDICTIONS, []),
        (WorkFacts("X"), JURISDICTIONS, ["composer_unknown"]),
        (WorkFacts("X", 1990), ("EU",), ["composition_in_term_eu"]),
        (WorkFacts("X", 1990), ("US",), ["composition_in_term_us"]),
        (WorkFacts("X", 1990, published=1920), ("US",), []),
        (WorkFacts("X", 1990, published=1920), ("EU",), ["composition_in_term_eu"]),
        (WorkFacts("X", 1940, published=1939), JURISDICTIONS, ["composition_in_term_us"]),
        (WorkFacts(published=2000), ("US",), ["composition_in_term_us"]),
        (WorkFacts(published=2000), ("EU",), []),
        (WorkFacts("X", 1800, arranger="Y"), ("US",), ["arranger_unknown"]),
        (WorkFacts("X", 1800, arranger="Y", arranger_died=1990), ("EU",), ["arrangement_in_term_eu"]),
        (WorkFacts("X", 1800, arranger="Y", arranger_died=1990), ("US",), ["arrangement_in_term_us"]),
    ],
)
def test_what_bars_a_composition_from_the_public_domain(
    facts: WorkFacts, places: tuple[str, ...], rules: list[str]
) -> None:
    assert [bar.rule for bar in public_domain_bars(facts, places, YEAR)] == rules


years = st.one_of(st.none(), st.integers(1500, 2100))
facts_of_anything = st.builds(
    WorkFacts,
    composer=st.sampled_from([None, "X", "Anonymous"]),
    composer_died=years,
    published=years,
    arranger=st.sampled_from([None, "Y", "Trad."]),
    arranger_died=years,
)


@given(facts_of_anything, st.sampled_from(JURISDICTIONS), st.integers(1900, 2200))
def test_what_is_in_term_is_barred_and_what_is_free_is_not(facts: WorkFacts, place: str, year: int) -> None:
    free = in_public_domain(facts, place, year)
    bars = public_domain_bars(facts, (place,), year)
    if free is False:
        assert bars
    if free is True:
        assert not bars


@given(facts_of_anything, st.sampled_from(JURISDICTIONS), st.integers(1900, 2200))
def test_the_public_domain_is_never_left(facts: WorkFacts, place: str, year: int) -> None:
    if in_public_domain(facts, place, year) is True:
        assert in_public_domain(facts, place, year + 1) is True
    if in_public_domain(facts, place, year + 1) is False:
        assert in_public_domain(facts, place, year) is False
