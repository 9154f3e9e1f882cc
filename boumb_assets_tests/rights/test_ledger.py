"""The ledger, the second look at it, and the credits written from it."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from boumb_assets.rights.attribution import attribution_text, credits_of, notice_text
from boumb_assets.rights.decisions import Profile
from boumb_assets.rights.declaration import Dataset, Layer, Statement, Terms
from boumb_assets.rights.ledger import LEDGER, ledger_rows
from boumb_assets.rights.options import dataset_from_options
from boumb_assets.rights.overrides import active_overrides, add_override
from boumb_assets.rights.verify import offending_rows
from boumb_assets_tests.rights.ledgers import YEAR, by_dataset, ledger, raw, sha

LIEDER = by_dataset("lieder", "CC0-1.0", "public-domain")
GROOVE = by_dataset("groove", "CC-BY-4.0", "same", "Gillick et al., Groove MIDI Dataset")
PROFILES: list[Profile] = ["commercial", "non-commercial", "evaluation"]
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
        ({"arranger": "Y", "arranger_died": 1990}, "commercial"),
        ({"arranger": "Y"}, "commercial"),
        ({"composer_died": None}, "commercial"),
        ({"published": 2000}, "commercial"),
        ({"jurisdictions": ""}, "commercial"),
        ({"generator_class": "unknown"}, "commercial"),
        ({"generator_class": "nc"}, "commercial"),
        ({"takedown": "abc"}, "commercial"),
        ({}, "evaluation"),
    ],
)
def test_the_second_look_does_not_trust_the_first(change: dict[str, Any], profile: Profile) -> None:
    row = ledger(LIEDER, BRAHMS).to_pylist()[0] | change
    rows = pa.Table.from_pylist([row], schema=LEDGER)
    assert row["train"] is True
    assert len(offending_rows(_used(("lieder", sha(1))), rows, profile, YEAR)) == 1


def test_the_same_bytes_have_to_be_cleared_in_every_data_set_that_holds_them() -> None:
    pop = by_dataset("pop", "MIT", "none")
    rows = [ledger(GROOVE, {"sha256": sha(3), "path": "mine.mid"}), ledger(pop, {"sha256": sha(3), "path": "001.mid"})]
    (found,) = offending_rows(_used(("groove", sha(3))), rows, "commercial", YEAR)
    assert (found.dataset, found.sha256) == ("groove", sha(3))
    assert found.why.startswith("the same file lies in pop: the ledger denies it: nobody gave a licence")


def test_what_was_taken_down_offends_whatever_the_ledger_says() -> None:
    rows, used = ledger(LIEDER, BRAHMS), _used(("lieder", sha(1)))
    assert offending_rows(used, rows, "commercial", YEAR, frozenset([sha(9)])) == []
    found = offending_rows(used, rows, "commercial", YEAR, frozenset([sha(1)]))
    assert [offence.why for offence in found] == ["it was taken down"]


def test_what_the_second_look_lets_pass_is_what_the_first_did() -> None:
    facts: list[dict[str, Any]] = [
        {"composer": composer, "composer_died": died, "published": published, "arranger": arranger,
         "encoding_licence": licence}
        for composer in (None, "Bach", "X", "Traditional")
        for died in (None, 1750, 1950, 1990)
        for published in (None, 1900, 1950)
        for arranger in (None, "Y", "Anonymous")
        for licence in (None, "CC BY-NC 4.0", "nothing that is known")
    ]  # fmt: skip
    files = [{"sha256": sha(place), "path": f"{place}.mid", **fact} for place, fact in enumerate(facts)]
    for profile in PROFILES:
        rows = ledger(LIEDER, *files, profile=profile)
        offending = {
            offence.sha256 for offence in offending_rows(rows.select(["dataset", "sha256"]), rows, profile, YEAR)
        }
        denied = {row["sha256"] for row in rows.to_pylist() if not row["train"]}
        assert offending == denied
        # The second look by itself, were the first to clear everything.
        place = rows.schema.get_field_index("train")
        blind = rows.set_column(place, rows.schema.field(place), pa.array([True] * rows.num_rows))
        alone = {offence.sha256 for offence in offending_rows(rows.select(["dataset", "sha256"]), blind, profile, YEAR)}
        assert alone == denied


@pytest.mark.parametrize("jurisdictions", [("EU",), ("US",)])
def test_the_second_look_counts_the_terms_of_each_jurisdiction(jurisdictions: tuple[str, ...]) -> None:
    facts = [
        {"composer": "X", "composer_died": died, "published": published, "arranger_died": arranger_died}
        for died in (None, 1850, 1950, 1990)
        for published in (None, 1900, 1950)
        for arranger_died in (None, 1940, 1990)
        if died is not None or arranger_died != 1940  # where the first look is the stricter: of nobody is enough known
    ]
    files = [{"sha256": sha(place), "path": f"{place}.mid", **fact} for place, fact in enumerate(facts)]
    rows = ledger(LIEDER, *files, jurisdictions=jurisdictions)
    place = rows.schema.get_field_index("train")
    blind = rows.set_column(place, rows.schema.field(place), pa.array([True] * rows.num_rows))
    alone = {one.sha256 for one in offending_rows(rows.select(["dataset", "sha256"]), blind, "commercial", YEAR)}
    assert alone == {row["sha256"] for row in rows.to_pylist() if not row["train"]}


def test_metadata_that_bury_a_composer_early_do_not_free_the_work() -> None:
    rows = ledger(LIEDER, {"sha256": sha(1), "path": "a.mid", "composer": "Igor Stravinsky", "composer_died": 1901})
    assert rows["rule"].to_pylist() == ["composition_in_term_eu"]
    assert rows["composer_died"].to_pylist() == [1971]
    assert "composers.tsv" in rows["composition_evidence"].to_pylist()[0]


def test_every_layer_has_its_holder_and_its_evidence() -> None:
    dataset = Dataset(
        name="songs",
        source="/songs",
        terms=Terms(
            composition=Layer(licence="CC-BY-4.0", holder="Ada", evidence="letter 1"),
            encoding=Layer(licence="CC0-1.0", holder="Ben", evidence="page 2"),
            performance=Layer(licence="none", evidence="typeset"),
            generator=Layer(licence="Apache-2.0", holder="Lab", evidence="card"),
        ),
        statements=(Statement(licence="CC-BY-4.0", where="README", layer="encoding"),),
    )
    row = ledger(dataset, {"sha256": sha(1), "path": "a.mid", "title": "A", "encoding_licence": "CC0"}).to_pylist()[0]
    assert (row["composition_holder"], row["composition_evidence"]) == ("Ada", "letter 1")
    assert (row["encoding_holder"], row["encoding_evidence"]) == ("Ben", "page 2; README; the file's own metadata")
    assert (row["performance_class"], row["performance_holder"]) == ("none", None)
    assert (row["generator_class"], row["generator_licence"], row["generator_holder"]) == (
        "permissive",
        "Apache-2.0",
        "Lab",
    )
    assert row["attribution"] == "Ada; Ben; Lab"
    assert (row["title"], row["profile"], row["jurisdictions"]) == ("A", "commercial", "EU,US")
    assert (row["overrides"], row["takedown"]) == (None, None)


def test_a_year_that_the_metadata_lacks_is_looked_up_and_said_to_be() -> None:
    files = [
        {"sha256": sha(place), "path": f"{place}.mid", "composer": name}
        for place, name in enumerate(["Brahms, Johannes", "Francis Poulenc", "Nobody Known", None])
    ]
    rows = ledger(LIEDER, *files).to_pylist()
    assert [row["composer_died"] for row in rows] == [1897, 1963, None, None]
    assert [row["rule"] for row in rows] == ["cleared", "composition_in_term_eu", "composer_unknown", "cleared"]
    assert [row["public_domain_eu"] for row in rows] == [True, False, None, None]
    assert [row["public_domain_us"] for row in rows] == [True, None, None, None]
    assert "composers.tsv" in rows[0]["composition_evidence"]
    assert "composers.tsv" not in rows[2]["composition_evidence"]


def test_the_jurisdictions_that_are_set_are_those_that_count() -> None:
    late = BRAHMS | {"composer_died": 1949, "published": 1940}
    assert ledger(LIEDER, late).to_pylist()[0]["rule"] == "composition_in_term_us"
    only = ledger(LIEDER, late, jurisdictions=("EU",)).to_pylist()[0]
    assert (only["rule"], only["jurisdictions"]) == ("cleared", "EU")
    assert (
        offending_rows(_used(("lieder", sha(1))), ledger(LIEDER, late, jurisdictions=("EU",)), "commercial", YEAR) == []
    )


def test_overrides_count_for_what_they_name_and_for_nothing_else(tmp_path: Path) -> None:
    said: dict[str, Any] = {"by": "Ada", "reason": "a letter", "date": dt.date(2026, 2, 3)}
    denied = add_override(tmp_path, title="  ERLKÖNIG ", deny=True, **said)
    cleared = add_override(
        tmp_path, composer="Poulenc, Francis", layer="composition", licence="CC-BY-4.0", holder="heirs", **said
    )
    elsewhere = add_override(tmp_path, dataset="groove", deny=True, **said)
    hashed = add_override(tmp_path, sha256=[sha(3), sha(4)], layer="encoding", licence="CC-BY-NC-4.0", **said)
    both = add_override(tmp_path, title="Erlkonig", composer="Poulenc", deny=True, **said)
    files = [
        BRAHMS | {"title": "Erlkönig"},
        POULENC | {"title": "Hôtel"},
        BRAHMS | {"sha256": sha(3), "title": None},
        BRAHMS | {"sha256": sha(5), "title": "Lerchengesang"},
    ]
    rows = ledger(LIEDER, *files, overrides=active_overrides(tmp_path)).to_pylist()
    assert [row["rule"] for row in rows] == ["denied_by_override", "cleared", "non_commercial", "cleared"]
    assert [row["overrides"] for row in rows] == [
        denied.override_id,
        cleared.override_id,
        hashed.override_id,
        None,
    ]
    assert "Ada on 2026-02-03" in rows[1]["reason"]
    assert rows[1]["composition_holder"] == "heirs"
    assert "heirs" in rows[1]["attribution"]
    assert "public-domain was declared" in rows[1]["conflict"]
    assert {elsewhere.override_id, both.override_id}.isdisjoint({row["overrides"] for row in rows})


def test_a_taken_file_is_denied_by_its_takedown() -> None:
    rows = ledger(LIEDER, BRAHMS, POULENC, taken={sha(1): "t1"}).to_pylist()
    assert [(row["rule"], row["takedown"]) for row in rows] == [
        ("taken_down", "t1"),
        ("composition_in_term_eu", None),
    ]


def test_the_log_of_an_app_waits_for_the_terms_of_its_model() -> None:
    said = {
        "name": "log",
        "source": "app-log:/logs",
        "app_log": {},
        "terms": {"composition": {"licence": "machine-made"}, "encoding": {"licence": "own"},
                  "performance": {"licence": "none"}},
    }  # fmt: skip
    file = {"sha256": sha(1), "path": "a.mid"}
    assert ledger(Dataset.model_validate(said), file).to_pylist()[0]["rule"] == "unknown_generator"


def test_a_table_of_before_the_further_columns_is_read() -> None:
    old = raw("lieder", BRAHMS).select(["dataset", "sha256", "path", "composer", "composer_died"])
    assert ledger_rows(old, LIEDER, "commercial", YEAR).equals(ledger(LIEDER, BRAHMS))


def test_180_000_files_take_seconds() -> None:
    count = 180_000
    many = pa.table({
        "dataset": ["lieder"] * count,
        "sha256": [sha(place) for place in range(count)],
        "path": [f"{place}.mid" for place in range(count)],
        "composer": [f"Composer {place % 2000}" for place in range(count)],
        "composer_died": [1700 + place % 300 for place in range(count)],
    })  # fmt: skip
    start = time.perf_counter()
    rows = ledger_rows(many, LIEDER, "commercial", YEAR)
    assert time.perf_counter() - start < 10
    assert rows.num_rows == count
    for place in (0, 123_456, count - 1):
        alone = ledger_rows(many.slice(place, 1), LIEDER, "commercial", YEAR)
        assert rows.slice(place, 1).to_pylist() == alone.to_pylist()


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


def test_a_credit_names_the_model_and_the_person_who_decided(tmp_path: Path) -> None:
    made = add_override(
        tmp_path, dataset="log", layer="generator", licence="CC-BY-4.0", holder="Lab", by="Ada", reason="their terms"
    )
    log = dataset_from_options("log", "app-log:/logs", "own", "machine-made", "none")
    rows = ledger(log, {"sha256": sha(1), "path": "a.mid"}, overrides=[made])
    text = attribution_text(rows)
    assert "- generator: CC-BY-4.0" in text
    assert f"decided by a person, in the overrides {made.override_id}" in text
    assert "credit: Lab" in text
    assert "generator CC-BY-4.0" in notice_text(rows)
    assert "generator" not in attribution_text(ledger(LIEDER, BRAHMS))
