"""Decisions: deny by default, each layer on its own, and what is at hand as it should come out."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.decisions import Decision, Profile, decide
from boumb_assets.rights.declaration import Layer, Statement, Terms
from boumb_assets.rights.licences import LicenceClass
from boumb_assets.rights.options import terms_from_options
from boumb_assets.rights.overrides import Override
from boumb_assets.rights.public_domain import WorkFacts
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
    assert _decide(Terms(composition=free, encoding=free, performance=free, generator=none)).train
    for name in ("composition", "encoding"):
        ungiven = _decide(Terms(**{**dict.fromkeys(("composition", "encoding", "performance"), free), name: none}))
        assert ungiven.rule == f"no_licence_{name}"
        assert "nobody gave a licence" in ungiven.reasons[0]
        assert not (ungiven.train or ungiven.evaluate_only)
        assert getattr(ungiven.layers, name).licence_class is LicenceClass.NONE


@pytest.mark.parametrize(("died", "train"), [(1955, True), (1956, False), (2020, False), (None, False)])
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


LAYER_NAMES = ["composition", "encoding", "performance", "generator"]


def _override(**said: Any) -> Override:
    return Override.model_validate(
        {"override_id": "0" * 12, "date": "2026-02-03", "by": "Ada", "reason": "asked", **said}
    )


def test_a_machine_made_answer_waits_for_the_terms_of_its_model() -> None:
    terms = terms_from_options("own", "machine-made", "none", generator="unknown")
    denied = _decide(terms)
    assert denied.rule == "unknown_generator"
    assert "a model wrote it" in denied.reasons[0]
    assert _decide(terms_from_options("own", "machine-made", "none", generator="Apache-2.0")).train
    research = _decide(terms_from_options("own", "machine-made", "none", generator="LicenseRef-Qwen-Research"))
    assert research.rule == "custom_licence"
    given = _override(dataset="log", layer="generator", licence="CC-BY-4.0")
    allowed = decide(terms, "commercial", WorkFacts(), year=YEAR, overrides=[given])
    assert allowed.train
    assert allowed.obligations.attribution
    assert any("Ada on 2026-02-03" in reason for reason in allowed.reasons)


@pytest.mark.parametrize(
    ("stated", "rule", "text"),
    [
        ("Creative Commons Attribution-ShareAlike 4.0", "cleared", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/licenses/by/3.0/", "cleared", "CC-BY-3.0"),
        ("Public Domain", "cleared", "public-domain"),
        ("CC BY-NC 4.0", "non_commercial", "CC-BY-NC-4.0"),
        ("free for everybody", "unknown_encoding", "unknown"),
        ("per-file", "unknown_encoding", "unknown"),
        ("x" * 300, "unknown_encoding", "unknown"),
        (None, "unknown_encoding", "unknown"),
    ],
)
def test_per_file_is_what_the_metadata_of_the_file_says(stated: str | None, rule: str, text: str) -> None:
    terms = terms_from_options("per-file", "public-domain", "none")
    decision = _decide(terms, facts=WorkFacts("Bach", 1750, encoding_licence=stated))
    assert (decision.rule, decision.layers.encoding.text) == (rule, text)
    assert decision.conflict is None


def test_a_file_that_says_less_than_the_declaration_is_believed() -> None:
    terms = terms_from_options("CC-BY-4.0", "public-domain", "none")
    stricter = _decide(terms, facts=WorkFacts(encoding_licence="CC BY-NC 4.0"))
    assert stricter.rule == "non_commercial"
    assert stricter.conflict == (
        "encoding: CC-BY-4.0 was declared, against CC-BY-NC-4.0 (the file's own metadata); the stricter counts"
    )
    freer = _decide(terms, facts=WorkFacts(encoding_licence="CC0"))
    assert freer.layers.encoding.text == "CC-BY-4.0"
    assert _decide(terms, facts=WorkFacts(encoding_licence="cc by 4.0")).conflict is None


def test_an_arranger_has_a_term_too() -> None:
    terms = terms_from_options("CC0-1.0", "public-domain")
    assert _decide(terms, facts=WorkFacts("Bach", 1750, arranger="Y", arranger_died=1980)).rule == (
        "arrangement_in_term_eu"
    )
    unknown = _decide(terms, facts=WorkFacts("Bach", 1750, arranger="Y"))
    assert unknown.rule == "arranger_unknown"
    assert "arranger Y" in unknown.reasons[0]
    assert _decide(terms, facts=WorkFacts("Bach", 1750, arranger="Y", arranger_died=1924)).train


def test_an_override_replaces_what_was_said_of_its_layer_and_shows_it() -> None:
    terms = terms_from_options("LicenseRef-letter", "traditional", "none")
    said = [Statement(licence="CC-BY-NC-4.0", where="README")]
    given = _override(dataset="songs", layer="encoding", licence="CC-BY-4.0")
    decision = decide(terms, "commercial", WorkFacts(), year=YEAR, statements=said, overrides=[given])
    assert decision.train
    assert decision.layers.encoding.text == "CC-BY-4.0"
    assert decision.conflict is not None
    assert "LicenseRef-letter was declared" in decision.conflict
    assert "override 000000000000" in decision.conflict


def test_an_override_passes_the_other_rules_and_settles_only_what_is_not_known() -> None:
    terms = terms_from_options("CC0-1.0", None, "none")
    given = _override(composer="X", layer="composition", licence="public-domain")

    def rule(facts: WorkFacts) -> str:
        return decide(terms, "commercial", facts, year=YEAR, overrides=[given]).rule

    assert rule(WorkFacts("X")) == "cleared"
    assert rule(WorkFacts("X", 1990)) == "composition_in_term_eu"
    restricted = _override(composer="X", layer="composition", licence="CC-BY-NC-4.0")
    assert decide(terms, "commercial", WorkFacts("X"), year=YEAR, overrides=[restricted]).rule == "non_commercial"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_denial_by_a_person_and_a_takedown_leave_nothing(profile: Profile) -> None:
    terms = terms_from_options("CC-BY-ND-4.0", "public-domain")
    denied = decide(terms, profile, WorkFacts(), year=YEAR, overrides=[_override(dataset="songs", deny=True)])
    assert denied.rule == "denied_by_override"
    given = _override(dataset="songs", layer="encoding", licence="CC0-1.0")
    taken = decide(terms, profile, WorkFacts(), year=YEAR, overrides=[given], takedown="abc")
    assert taken.rule == "taken_down"
    assert "abc" in taken.reasons[0]
    for decision in (denied, taken):
        assert not (decision.train or decision.redistribute or decision.commercial or decision.evaluate_only)


terms_of_anything = st.tuples(singles, singles, singles, singles).map(
    lambda said: Terms(**{name: Layer(licence=text) for name, text in zip(LAYER_NAMES, said, strict=True)})
)
statements_of_anything = st.builds(
    Statement, licence=singles, where=st.just("README"), layer=st.sampled_from(LAYER_NAMES)
)
overrides_of_anything = st.builds(
    lambda layer, licence: _override(dataset="songs", layer=layer, licence=licence),
    st.sampled_from(LAYER_NAMES),
    singles.filter(lambda text: text not in ("unknown", "per-file")),
)
years = st.one_of(st.none(), st.integers(1700, 2030))
stated = st.one_of(st.none(), singles, st.just("free for all"))
facts_of_anything = st.builds(
    WorkFacts,
    composer=st.sampled_from([None, "X", "Traditional"]),
    composer_died=years,
    published=years,
    arranger=st.sampled_from([None, "Y"]),
    arranger_died=years,
    composition_licence=stated,
    encoding_licence=stated,
    performance_licence=stated,
)


def _may(decision: Decision) -> tuple[bool, ...]:
    """What may be done at all: what may be trained on may be measured against too."""
    return decision.train, decision.redistribute, decision.commercial, decision.train or decision.evaluate_only


def _never_more(before: Decision, after: Decision) -> None:
    assert all(was or not now for was, now in zip(_may(before), _may(after), strict=True))
    assert after.obligations.covers(before.obligations)


@given(
    terms_of_anything,
    facts_of_anything,
    st.sampled_from(PROFILES),
    st.lists(statements_of_anything, max_size=3),
    statements_of_anything,
)
def test_a_further_statement_never_allows_more(
    terms: Terms, facts: WorkFacts, profile: Profile, said: list[Statement], further: Statement
) -> None:
    before = decide(terms, profile, facts, year=YEAR, statements=said)
    _never_more(before, decide(terms, profile, facts, year=YEAR, statements=[*said, further]))


@given(terms_of_anything, facts_of_anything, st.sampled_from(PROFILES), overrides_of_anything, overrides_of_anything)
def test_of_two_overrides_of_a_layer_the_stricter_counts(
    terms: Terms, facts: WorkFacts, profile: Profile, first: Override, further: Override
) -> None:
    second = first.model_copy(update={"licence": further.licence})
    before = decide(terms, profile, facts, year=YEAR, overrides=[first])
    _never_more(before, decide(terms, profile, facts, year=YEAR, overrides=[first, second]))


@given(terms_of_anything, facts_of_anything, st.sampled_from(PROFILES), st.sampled_from(["composition", "encoding"]))
def test_what_a_file_says_never_allows_more_than_silence(
    terms: Terms, facts: WorkFacts, profile: Profile, layer: str
) -> None:
    silent = replace(facts, **{f"{layer}_licence": None})
    if getattr(terms, layer).licence != "per-file":
        _never_more(decide(terms, profile, silent, year=YEAR), decide(terms, profile, facts, year=YEAR))


@given(terms_of_anything, facts_of_anything, st.lists(statements_of_anything, max_size=4))
def test_the_order_of_statements_and_their_repetition_do_not_matter(
    terms: Terms, facts: WorkFacts, said: list[Statement]
) -> None:
    def outcome(statements: list[Statement]) -> tuple[Any, ...]:
        decision = decide(terms, "commercial", facts, year=YEAR, statements=statements)
        return decision.rule, decision.layers, decision.obligations, _may(decision)

    assert outcome(said) == outcome(said[::-1]) == outcome(said + said)


@given(terms_of_anything, facts_of_anything, st.sampled_from(PROFILES))
def test_fewer_jurisdictions_or_a_freer_profile_never_allow_less(
    terms: Terms, facts: WorkFacts, profile: Profile
) -> None:
    both = decide(terms, profile, facts, year=YEAR)
    for only in ("EU", "US"):
        assert decide(terms, profile, facts, (only,), year=YEAR).train or not both.train


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
