"""Decisions: deny by default, each layer on its own, and what is at hand as it should come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.decisions import Decision, Profile, WorkFacts, decide
from boumb_assets.rights.declaration import Layer, Statement, Terms
from boumb_assets.rights.options import terms_from_options
from boumb_assets_tests.rights.test_licences import singles

YEAR = 2026
PROFILES: list[Profile] = ["commercial", "non-commercial", "evaluation"]


def _decide(terms: Terms, profile: Profile = "commercial", facts: WorkFacts | None = None) -> Decision:
    return decide(terms, profile, facts or WorkFacts(), year=YEAR)


@pytest.mark.parametrize(
    ("licence", "composition", "facts", "words"),
    [
        ("CC0-1.0", "public-domain", WorkFacts("Clara Wieck", 1896), ()),
        ("CC-BY-4.0", "traditional", WorkFacts(), ("attribution",)),
        ("CC-BY-4.0", "same", WorkFacts(), ("attribution",)),
        ("CC-BY-4.0", "machine-made", WorkFacts(), ("attribution",)),
        ("BSD-3-Clause", "same", WorkFacts(), ("attribution",)),
    ],
    ids=["openscore_lieder", "ceol_rince", "groove", "js_fakes", "freedoom"],
)
def test_what_is_at_hand_may_be_trained_on(
    licence: str, composition: str, facts: WorkFacts, words: tuple[str, ...]
) -> None:
    decision = _decide(terms_from_options(licence, composition), facts=facts)
    assert (decision.train, decision.redistribute, decision.commercial, decision.evaluate_only) == (True,) * 3 + (
        False,
    )
    assert decision.rule == "cleared"
    assert decision.obligations.words() == words


@pytest.mark.parametrize("facts", [WorkFacts(), WorkFacts("J. S. Bach", 1750), WorkFacts("Traditional")])
def test_the_demo_may_be_trained_on(facts: WorkFacts) -> None:
    assert _decide(DEMO.terms, facts=facts).train


def test_a_dead_composer_makes_an_own_work_a_public_domain_one() -> None:
    assert _decide(DEMO.terms, facts=WorkFacts("Bach", 1750)).layers.composition.text == "public-domain"
    assert _decide(DEMO.terms, facts=WorkFacts("Poulenc", 1963)).rule == "composition_in_term_eu"


def test_a_licence_of_the_files_does_not_clear_the_song() -> None:
    decision = _decide(terms_from_options("MIT"))
    assert (decision.train, decision.redistribute, decision.commercial, decision.evaluate_only) == (False,) * 4
    assert decision.rule == "unknown_composition"
    assert "composition" in decision.reasons[0]


@pytest.mark.parametrize("layer", ["composition", "encoding", "performance"])
@pytest.mark.parametrize("profile", PROFILES)
def test_each_unknown_layer_denies_everything(layer: str, profile: Profile) -> None:
    terms = Terms(
        **{name: Layer(licence="CC0-1.0") for name in ("composition", "encoding", "performance") if name != layer}
    )
    decision = _decide(terms, profile)
    assert decision.rule == f"unknown_{layer}"
    assert not (decision.train or decision.redistribute or decision.commercial or decision.evaluate_only)


def test_only_the_playing_can_be_nobodys() -> None:
    none, free = Layer(licence="none"), Layer(licence="CC0-1.0")
    assert _decide(Terms(composition=free, encoding=free, performance=none)).train
    assert _decide(Terms(composition=none, encoding=free, performance=free)).rule == "unknown_composition"
    assert _decide(Terms(composition=free, encoding=none, performance=free)).rule == "unknown_encoding"


@pytest.mark.parametrize(("died", "train"), [(1955, True), (1956, False), (2020, False), (None, True)])
def test_the_term_runs_to_the_end_of_the_seventieth_year(died: int | None, train: bool) -> None:
    facts = WorkFacts("X", died)
    assert _decide(terms_from_options("CC0-1.0", "public-domain"), facts=facts).train is train


def test_the_us_counts_from_publication() -> None:
    terms = terms_from_options("CC0-1.0", "public-domain")
    late = WorkFacts("X", 1949, published=1948)
    assert _decide(terms, facts=late).rule == "composition_in_term_us"
    assert decide(terms, "commercial", late, ("EU",), year=YEAR).train
    assert _decide(terms, facts=WorkFacts("X", 1949, published=1930)).train
    unknown = _decide(terms, facts=WorkFacts("X", 1949))
    assert unknown.train
    assert any("publication" in reason for reason in unknown.reasons)
    assert not any("publication" in reason for reason in _decide(terms, facts=WorkFacts("X", 1900)).reasons)


def test_non_commercial_data_waits_for_its_profile() -> None:
    terms = terms_from_options("CC-BY-NC-SA-4.0", "public-domain")
    assert _decide(terms).rule == "non_commercial"
    allowed = _decide(terms, "non-commercial")
    assert (allowed.train, allowed.redistribute, allowed.commercial) == (True, True, False)
    assert allowed.obligations.words() == ("attribution", "share_alike", "non_commercial")


def test_no_derivatives_may_be_measured_against_only() -> None:
    decision = _decide(terms_from_options("CC-BY-ND-4.0", "public-domain"))
    assert (decision.train, decision.redistribute, decision.evaluate_only) == (False, False, True)


def test_two_share_alike_layers_conflict() -> None:
    decision = _decide(terms_from_options("CC-BY-SA-4.0", "CC-BY-SA-3.0"))
    assert decision.rule == "licence_conflict"
    assert decision.conflict is not None


def test_of_two_statements_the_stricter_counts_and_the_conflict_is_shown() -> None:
    terms = terms_from_options("Unlicense", "traditional")
    by = [Statement(licence="CC-BY-4.0", where="README")]
    decision = decide(terms, "commercial", WorkFacts(), year=YEAR, statements=by)
    assert decision.layers.encoding.text == "CC-BY-4.0"
    assert decision.conflict is not None
    assert "README" in decision.conflict
    assert "Unlicense" in decision.conflict
    agreeing = [Statement(licence="Unlicense", where="LICENSE.md")]
    assert decide(terms, "commercial", WorkFacts(), year=YEAR, statements=agreeing).conflict is None


terms_of_anything = st.tuples(singles, singles, singles).map(
    lambda said: Terms(
        composition=Layer(licence=said[0]), encoding=Layer(licence=said[1]), performance=Layer(licence=said[2])
    )
)
statements_of_anything = st.builds(
    Statement,
    licence=singles,
    where=st.just("README"),
    layer=st.sampled_from(["composition", "encoding", "performance"]),
)
facts_of_anything = st.builds(
    WorkFacts,
    composer=st.sampled_from([None, "X", "Traditional"]),
    composer_died=st.one_of(st.none(), st.integers(1700, 2030)),
    published=st.one_of(st.none(), st.integers(1700, 2030)),
)


@given(terms_of_anything, facts_of_anything, st.sampled_from(PROFILES), statements_of_anything)
def test_a_further_statement_never_allows_more(
    terms: Terms, facts: WorkFacts, profile: Profile, further: Statement
) -> None:
    before = decide(terms, profile, facts, year=YEAR)
    after = decide(terms, profile, facts, year=YEAR, statements=[further])
    for name in ("train", "redistribute", "commercial"):
        assert getattr(before, name) or not getattr(after, name)


@given(terms_of_anything, facts_of_anything)
def test_the_profiles_are_ordered_and_a_denial_has_words(terms: Terms, facts: WorkFacts) -> None:
    by_profile = {profile: decide(terms, profile, facts, year=YEAR) for profile in PROFILES}
    assert by_profile["non-commercial"].train or not by_profile["commercial"].train
    assert not by_profile["evaluation"].train
    for decision in by_profile.values():
        assert decision.reasons
        assert (decision.rule == "cleared") is decision.train
        assert not (decision.train and decision.evaluate_only)
        assert not (decision.train and (decision.obligations.denied or decision.obligations.no_derivatives))
    assert not (by_profile["commercial"].train and not by_profile["commercial"].commercial)


@given(terms_of_anything, facts_of_anything, st.integers(1990, 2100))
def test_a_later_year_never_takes_a_work_back(terms: Terms, facts: WorkFacts, year: int) -> None:
    now = decide(terms, "commercial", facts, year=year)
    later = decide(terms, "commercial", facts, year=year + 1)
    assert later.train or not now.train
