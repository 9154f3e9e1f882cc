"""Licences: what each asks for, and the lattice of what several ask for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.rights.licences import (
    Licence,
    LicenceClass,
    Obligations,
    join_licences,
    join_obligations,
    read_licence,
)

SINGLE = [
    "MIT",
    "BSD-3-Clause",
    "Apache-2.0",
    "CC0-1.0",
    "Unlicense",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "GPL-3.0-only",
    "ODbL-1.0",
    "LicenseRef-lakh",
    "public-domain",
    "own",
    "machine-made",
    "none",
    "per-file",
    "unknown",
]
singles = st.sampled_from(SINGLE)
expressions = st.recursive(
    st.sampled_from([text for text in SINGLE if text != "per-file"]),
    lambda part: st.tuples(part, st.sampled_from(["AND", "OR"]), part).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
    max_leaves=5,
)
obligations = expressions.map(lambda text: read_licence(text).obligations)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("MIT", LicenceClass.PERMISSIVE, ("attribution",)),
        ("BSD-3-Clause", LicenceClass.PERMISSIVE, ("attribution",)),
        ("CC0-1.0", LicenceClass.CC0, ()),
        ("Unlicense", LicenceClass.CC0, ()),
        ("CC-BY-4.0", LicenceClass.BY, ("attribution",)),
        ("CC-BY-SA-4.0", LicenceClass.SA, ("attribution", "share_alike")),
        ("CC-BY-NC-SA-4.0", LicenceClass.NC, ("attribution", "share_alike", "non_commercial")),
        ("CC-BY-NC-ND-3.0", LicenceClass.ND, ("attribution", "non_commercial", "no_derivatives")),
        ("GPL-2.0-or-later", LicenceClass.COPYLEFT, ("attribution", "copyleft")),
        ("GPL-2.0-only WITH Classpath-exception-2.0", LicenceClass.COPYLEFT, ("attribution", "copyleft")),
        ("MIT OR GPL-3.0-only", LicenceClass.PERMISSIVE, ("attribution",)),
        ("MIT AND GPL-3.0-only", LicenceClass.COPYLEFT, ("attribution", "copyleft")),
        ("public-domain", LicenceClass.PUBLIC_DOMAIN, ()),
        ("own", LicenceClass.OWN, ()),
        ("machine-made", LicenceClass.MACHINE_MADE, ()),
        ("none", LicenceClass.NONE, ()),
        ("per-file", LicenceClass.PER_FILE, ("denied",)),
        ("unknown", LicenceClass.UNKNOWN, ("denied",)),
        ("LicenseRef-lakh", LicenceClass.CUSTOM, ("denied",)),
        ("Ruby", LicenceClass.CUSTOM, ("denied",)),
    ],
)
def test_what_a_licence_asks_for(text: str, kind: LicenceClass, words: tuple[str, ...]) -> None:
    licence = read_licence(text)
    assert (licence.licence_class, licence.obligations.words()) == (kind, words)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mit", "MIT"),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-by-nc-sa 4.0", "CC-BY-NC-SA-4.0"),
        ("CC0", "CC0-1.0"),
        ("Public Domain", "public-domain"),
        ("machine_made", "machine-made"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("Per file", "per-file"),
        ("Creative Commons Attribution 4.0", "CC-BY-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0", "CC-BY-SA-3.0"),
        ("Creative Commons Attribution Non-Commercial Share-Alike 4.0", "CC-BY-NC-SA-4.0"),
        ("creative commons attribution-noderivs 2.5", "CC-BY-ND-2.5"),
        ("Creative Commons Attribution 4.0 International License", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC-BY-NC-SA-4.0"),
        ("http://creativecommons.org/licenses/by/2.5/", "CC-BY-2.5"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.fr", "CC-BY-SA-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
    ],
)
def test_usual_spellings_become_canonical(text: str, canonical: str) -> None:
    assert read_licence(text).text == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "free",
        "https://creativecommons.org/licenses/by/3.0/us/",
        "CC-BY",
        "MIT AND",
        "((((",
        "MIT; own",
        "per-file AND MIT",
        "x" * 201,
        "(" * 100,
    ],
)
def test_what_is_no_licence_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"SPDX|characters|alone"):
        read_licence(text)


@given(obligations, obligations, obligations)
def test_joining_is_a_semilattice(a: Obligations, b: Obligations, c: Obligations) -> None:
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(a) == a
    assert a.join(Obligations()) == a


@given(st.lists(obligations, min_size=1, max_size=4))
def test_a_join_is_never_freer_than_a_part(parts: list[Obligations]) -> None:
    whole = join_obligations(parts)
    assert all(whole.covers(part) for part in parts)
    assert all(set(part.words()) <= set(whole.words()) for part in parts)


@given(expressions, expressions)
def test_and_covers_both_sides_and_or_is_one_of_them(left: str, right: str) -> None:
    a, b = read_licence(left).obligations, read_licence(right).obligations
    assert read_licence(f"({left}) AND ({right})").obligations == a.join(b)
    assert read_licence(f"({left}) OR ({right})").obligations in (a, b)


@given(expressions)
def test_the_canonical_text_reads_back_the_same(text: str) -> None:
    licence = read_licence(text)
    assert read_licence(licence.text) == licence


@given(singles, singles, singles)
def test_joining_licences_is_a_semilattice_too(a: str, b: str, c: str) -> None:
    one, two, three = read_licence(a), read_licence(b), read_licence(c)

    def meaning(licences: list[Licence]) -> tuple[LicenceClass, Obligations]:
        joined = join_licences(licences)
        return joined.licence_class, joined.obligations

    assert meaning([one, two]) == meaning([two, one])
    assert meaning([join_licences([one, two]), three]) == meaning([one, join_licences([two, three])])
    assert join_licences([one, one]) == one
    joined = join_licences([one, two])
    assert joined.obligations.covers(one.obligations)
    assert joined.strictness >= max(one.strictness, two.strictness)


@given(st.lists(singles.filter(lambda text: text != "per-file"), min_size=1, max_size=4))
def test_a_joined_text_names_all_that_is_asked(texts: list[str]) -> None:
    joined = join_licences(read_licence(text) for text in texts)
    assert replace(read_licence(joined.text), text="") == replace(
        joined, text="", licence_class=_strictest(joined.text)
    )
    assert joined.licence_class.strictness == max(read_licence(text).licence_class.strictness for text in texts)


def _strictest(text: str) -> LicenceClass:
    return read_licence(text).licence_class


def test_two_share_alike_licences_conflict() -> None:
    both = read_licence("CC-BY-SA-4.0 AND GPL-3.0-only").obligations
    assert both.conflict is not None
    assert "CC-BY-SA-4.0" in both.conflict
    assert read_licence("CC-BY-SA-4.0 AND CC-BY-4.0").obligations.conflict is None


def test_share_alike_that_allows_commerce_cannot_be_met_together_with_non_commercial() -> None:
    both = read_licence("CC-BY-SA-4.0 AND CC-BY-NC-4.0").obligations
    assert str(both.conflict).startswith("CC-BY-SA-4.0 asks that what is made from it be free for commercial use too")
    assert read_licence("GPL-3.0-only AND CC-BY-NC-4.0").obligations.conflict is not None
    assert read_licence("CC-BY-NC-SA-4.0 AND CC-BY-NC-4.0").obligations.conflict is None


@pytest.mark.parametrize(
    "text",
    [
        "CC-BY-4.0 WITH LicenseRef-no-training",
        "MIT WITH CC-BY-NC-4.0",
        "MIT WITH own",
        "BSD-3-Clause-No-Military-License",
    ],
)
def test_a_condition_that_is_no_exception_is_not_left_out_of_account(text: str) -> None:
    licence = read_licence(text)
    assert licence.licence_class is LicenceClass.CUSTOM
    assert licence.obligations.denied
    assert read_licence(licence.text) == licence


def test_the_stricter_of_two_statements_names_the_whole() -> None:
    assert join_licences([read_licence("Unlicense"), read_licence("CC-BY-4.0")]).text == "CC-BY-4.0"
