"""The ledger, the second look at it, and the credits written from it."""

from typing import Any

import pyarrow as pa
import pytest

from boumb_assets.rights.attribution import attribution_text, credits_of, notice_text
from boumb_assets.rights.decisions import Profile
from boumb_assets.rights.declaration import Statement
from boumb_assets.rights.ledger import LEDGER
from boumb_assets.rights.verify import offending_rows
from boumb_assets_tests.rights.ledgers import YEAR, by_dataset, ledger, sha

LIEDER = by_dataset("lieder", "CC0-1.0", "public-domain")
GROOVE = by_dataset("groove", "CC-BY-4.0", "same", "Gillick et al., Groove MIDI Dataset")
BRAHMS = {"sha256": sha(1), "path": "a.mid", "composer": "Johannes Brahms", "composer_died": 1897}
POULENC = {"sha256": sha(2), "path": "b.mid", "composer": "Francis Poulenc", "composer_died": 1963}


def _used(*rows: tuple[str, str]) -> pa.Table:
    return pa.table({"sha256": [row[1] for row in rows], "dataset": [row[0] for row in rows]})


def test_one_row_a_file_each_decided_by_its_own_facts() -> None:
    rows = ledger(LIEDER, BRAHMS, POULENC)
    assert rows.schema == LEDGER
    assert rows["train"].to_pylist() == [True, False]
    assert rows["rule"].to_pylist() == ["cleared", "composition_in_term_eu"]
    assert rows["composition_class"].to_pylist() == ["public_domain"] * 2
    assert rows["obligations"].to_pylist() == ["", ""]
    assert "1963" in rows["reason"].to_pylist()[1]


def test_an_empty_data_set_has_an_empty_ledger() -> None:
    assert ledger(LIEDER).schema == LEDGER
    assert ledger(LIEDER).num_rows == 0


def test_what_is_cleared_passes_the_second_look() -> None:
    rows = [ledger(LIEDER, BRAHMS), ledger(GROOVE, {"sha256": sha(3), "path": "c.mid"})]
    used = _used(("lieder", sha(1)), ("groove", sha(3)), ("groove", sha(3)))
    assert offending_rows(used, rows, "commercial", YEAR) == []
    assert offending_rows(used, pa.concat_tables(rows), "non-commercial", YEAR) == []


def test_what_is_denied_or_not_known_is_found() -> None:
    found = offending_rows(
        _used(("lieder", sha(2)), ("lieder", sha(9)), ("groove", sha(1)), ("lieder", sha(1))),
        ledger(LIEDER, BRAHMS, POULENC),
        "commercial",
        YEAR,
    )
    assert [(offence.dataset, offence.sha256) for offence in found] == [
        ("groove", sha(1)),
        ("lieder", sha(2)),
        ("lieder", sha(9)),
    ]


@pytest.mark.parametrize(
    ("change", "profile"),
    [
        ({"composition_class": "unknown"}, "commercial"),
        ({"encoding_class": "nd"}, "commercial"),
        ({"encoding_class": "nc"}, "commercial"),
        ({"performance_class": "custom"}, "non-commercial"),
        ({"composition_class": "none"}, "commercial"),
        ({"obligations": "attribution,no_derivatives"}, "non-commercial"),
        ({"obligations": "non_commercial"}, "commercial"),
        ({"composer_died": 1990}, "commercial"),
        ({}, "evaluation"),
    ],
)
def test_the_second_look_does_not_trust_the_first(change: dict[str, Any], profile: Profile) -> None:
    row = ledger(LIEDER, BRAHMS).to_pylist()[0] | change
    rows = pa.Table.from_pylist([row], schema=LEDGER)
    assert row["train"] is True
    assert len(offending_rows(_used(("lieder", sha(1))), rows, profile, YEAR)) == 1


def test_a_file_under_two_paths_has_to_be_cleared_under_both() -> None:
    twice = ledger(LIEDER, BRAHMS, {**POULENC, "sha256": sha(1)})
    assert len(offending_rows(_used(("lieder", sha(1))), twice, "commercial", YEAR)) == 1


def test_credits_name_terms_credit_and_conflict() -> None:
    dataset = by_dataset("ceol", "CC-BY-4.0", "traditional", "Polifonia <b>folk</b>\n# tunes").model_copy(
        update={"statements": (Statement(licence="Unlicense", where="LICENSE.md"),)}
    )
    rows = ledger(dataset, {"sha256": sha(1), "path": "a.mid"}, {"sha256": sha(1), "path": "copy.mid"})
    assert [credit.files for credit in credits_of(rows)] == [1]
    text = attribution_text(rows)
    assert "credit: Polifonia \\<b\\>folk\\</b\\> \\# tunes" in text
    assert "encoding: CC-BY-4.0" in text
    assert "asks for: attribution" in text
    assert "Unlicense (LICENSE.md)" in text
    assert "Polifonia <b>folk</b> # tunes" in notice_text(rows)


def test_credits_are_the_same_in_any_order() -> None:
    tables = [ledger(LIEDER, BRAHMS), ledger(GROOVE, {"sha256": sha(3), "path": "c.mid"})]
    texts = {attribution_text(pa.concat_tables(order)) for order in (tables, tables[::-1])}
    assert len(texts) == 1


def test_a_missing_credit_is_said() -> None:
    rows = ledger(by_dataset("groove", "CC-BY-4.0", "same"), {"sha256": sha(1), "path": "a.mid"})
    assert "not named in its declaration" in attribution_text(rows)
    assert attribution_text(rows.slice(0, 0)).endswith("No data set was used.\n")
