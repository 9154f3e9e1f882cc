"""The summary of training content: the template's sections in their order, filled from the ledger, and what it cannot
know left to the provider in so many words."""

import json
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from boumb_assets.lake.manifest import digest
from boumb_assets.release.cards import release_cards
from boumb_assets.release.data_facts import TrainingFacts, training_facts, with_kept_out
from boumb_assets.release.summary_document import LEFT, Summary
from boumb_assets.release.training_content import ModelFacts, section_of, size_range, summary_of
from boumb_assets.rights.declaration import Layer
from boumb_assets_tests.release.lakes import (
    APP,
    GROOVE,
    HUB,
    LAKH,
    OURS,
    PRIVATE,
    SmallLake,
    small_lake,
    training_table,
)

SECTIONS = [
    ("1", "General information"),
    ("1.1", "Provider identification"),
    ("1.2", "Model identification"),
    ("1.3", "Modalities, overall training data size and other characteristics"),
    ("2", "List of data sources"),
    ("2.1", "Publicly available datasets"),
    ("2.2", "Private non-publicly available datasets obtained from third parties"),
    ("2.2.1", "Datasets commercially licensed by rightsholders or their representatives"),
    ("2.2.2", "Private datasets obtained from other third parties"),
    ("2.3", "Data crawled and scraped from online sources"),
    ("2.4", "User data"),
    ("2.5", "Synthetic data"),
    ("2.6", "Other sources of data"),
    ("3", "Data processing aspects"),
    ("3.1", "Respect of reservation of rights from text and data mining exception or limitation"),
    ("3.2", "Removal of illegal content"),
    ("3.3", "Other information (optional)"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    return small_lake(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def facts(made: SmallLake) -> TrainingFacts:
    return training_facts(training_table(made), made.ledger, made.declared, "abc")


@pytest.fixture(scope="module")
def summary(facts: TrainingFacts) -> Summary:
    return summary_of(facts)


def _text(summary: Summary, number: str) -> str:
    section = next(section for section in summary.sections if section.number == number)
    return "\n".join(line for one in section.answers for line in (one.question, one.text, *one.items))


def _only(made: SmallLake, names: Iterable[str]) -> Summary:
    """The summary of some of the data sets."""
    rows = training_table(made)
    wanted = pa.array([name in set(names) for name in rows["dataset"].to_pylist()])
    return summary_of(training_facts(rows.filter(wanted), made.ledger, made.declared, "abc"))


def test_the_sections_are_those_of_the_template_in_its_order(summary: Summary) -> None:
    assert [(section.number, section.title) for section in summary.sections] == SECTIONS
    for section in summary.sections:
        assert bool(section.answers) is (section.number not in {"1", "2", "2.2", "3"})
    headings = [line.lstrip("# ") for line in summary.markdown().splitlines() if line.startswith("##")]
    assert headings == [f"{number}. {title}" for number, title in SECTIONS]


def test_what_only_the_provider_can_say_is_left_and_listed(summary: Summary) -> None:
    assert len(summary.left) == summary.markdown().count(f"*{LEFT}*") == 8
    assert summary.left[0] == "1.1: Provider name and contact details"
    assert {line.split(":")[0] for line in summary.left} == {"1.1", "1.2", "1.3", "2.2.1", "2.4", "3.1"}
    values = json.loads(json.dumps(summary.values()))
    left = [one for section in values["sections"] for one in section["answers"] if one["left_to_provider"]]
    assert len(left) == len(values["left_to_provider"]) == len(summary.left)


def test_each_kind_of_source_has_its_section(facts: TrainingFacts) -> None:
    assert {use.name: section_of(use) for use in facts.uses} == {
        "app": "2.4",
        "demo": "2.5",
        "groove": "2.1",
        "hub": "2.1",
        "ours": "2.6",
        "private": "2.2.2",
    }


def test_data_that_was_not_learned_from_is_not_listed(summary: Summary) -> None:
    assert LAKH.name not in summary.markdown()


def test_public_data_sets_are_listed_with_page_makers_licence_and_size(summary: Summary) -> None:
    text = _text(summary, "2.1")
    page = "https://magenta.tensorflow.org/datasets/groove"
    assert f"Groove MIDI Dataset, {page}, by Google; the drummers, CC-BY-4.0, 3 files, 6 rows" in text
    assert "hub, https://huggingface.co/datasets/someone/tunes" in text
    assert "Machine-made, and listed in 2.1 as publicly available: hub." in _text(summary, "2.5")


def test_private_data_sets_ask_the_provider_about_contracts(made: SmallLake) -> None:
    assert LEFT in _text(_only(made, [PRIVATE.name]), "2.2.1")
    assert "A. Friend" in _text(_only(made, [PRIVATE.name]), "2.2.2")
    assert LEFT not in _text(_only(made, [GROOVE.name]), "2.2.1")
    assert "The Band" in _text(_only(made, [OURS.name]), "2.6")


def test_an_apps_log_is_user_data_and_its_answers_are_synthetic(made: SmallLake) -> None:
    summary = _only(made, [APP.name])
    users = _text(summary, "2.4")
    assert "3 rows hold what users asked for" in users
    assert "all users agreed: terms of use, paragraph 4; only answers rated 9 of 10 or higher" in users
    assert "app: Qwen2.5 (Apache-2.0; its card)" in _text(summary, "2.5")
    assert _text(summary, "2.5").splitlines()[1] == "Yes."
    without = _only(made, [GROOVE.name])
    assert _text(without, "2.4").count("\nNo.") == 2
    assert _text(without, "2.5").endswith("\nNo.")


def test_what_rules_made_is_told_from_what_a_model_wrote(made: SmallLake) -> None:
    assert "No AI model wrote any of it" in _text(_only(made, ["demo"]), "2.5")


def test_what_a_model_of_others_wrote_is_not_said_to_be_the_providers(tmp_path: Path) -> None:
    terms = HUB.terms.model_copy(update={"generator": Layer(licence="CC-BY-4.0", holder="O. Maker")})
    text = _text(_only(small_lake(tmp_path, [HUB.model_copy(update={"terms": terms})]), ["hub"]), "2.5")
    assert text.splitlines()[1] == "No."
    assert "AI model(s) used" not in text
    assert text.endswith("Models of others wrote data that are listed above, by data set, with their terms:\n"
                         "hub: O. Maker (CC-BY-4.0)")  # fmt: skip


def test_figures_are_those_of_the_rows(summary: Summary, facts: TrainingFacts, made: SmallLake) -> None:
    rows = training_table(made)
    assert facts.rows == rows.num_rows > 0
    assert facts.tokens == sum(rows["tokens"].to_pylist())
    assert sum(use.rows for use in facts.uses) == facts.rows
    text = _text(summary, "1.3")
    assert f"Less than 1 billion tokens: {rows.num_rows} rows with {10 * rows.num_rows} tokens of answers" in text
    assert f"en {rows.num_rows // 2}, fr {rows.num_rows // 2} rows" in text


def test_what_was_kept_out_is_told_where_the_whole_ledger_is_known(made: SmallLake, facts: TrainingFacts) -> None:
    denied = made.ledger["train"].to_pylist().count(False)
    assert denied >= 3
    assert f"{denied} files were kept out" in _text(summary_of(with_kept_out(facts, made.ledger, 2)), "3.1")
    assert "2 takedowns hold" in _text(summary_of(with_kept_out(facts, made.ledger, 2)), "3.2")
    assert "kept out" not in _text(summary_of(facts), "3.1")


def test_takedowns_are_counted_with_their_files(tmp_path: Path) -> None:
    made = small_lake(tmp_path, [GROOVE])
    ledger = made.ledger
    at = ledger.schema.get_field_index("takedown")
    taken = ledger.set_column(at, "takedown", pa.array([digest("x")[:12], None, None], pa.string()))
    found = with_kept_out(training_facts(training_table(made), taken, made.declared, "v"), taken, 1)
    assert (found.takedowns, found.taken_files) == (1, 1)


def test_a_model_is_named_with_what_it_was_tuned_from(facts: TrainingFacts) -> None:
    tuned = summary_of(facts, ModelFacts("qwen2.5-0.5b", "Qwen/Qwen2.5-0.5B-Instruct", "Apache-2.0"))
    assert "Tuned from Qwen/Qwen2.5-0.5B-Instruct (Apache-2.0)" in _text(tuned, "1.2")
    assert "made from scratch" in _text(summary_of(facts, ModelFacts("nano", None, "Apache-2.0")), "1.2")


def test_text_from_outside_is_shown_and_not_rendered(made: SmallLake) -> None:
    title = "# <script>alert(1)</script>\n[x](javascript:y) | *z*"
    declared = {"groove": GROOVE.model_copy(update={"title": title})}
    rows = training_table(made).filter(
        pa.array([name == "groove" for name in training_table(made)["dataset"].to_pylist()])
    )
    text = summary_of(training_facts(rows, made.ledger, declared, "v")).markdown()
    assert "<script>" not in text
    assert "\\# \\<script\\>alert(1)\\</script\\> \\[x\\](javascript:y) \\| \\*z\\*" in text


def test_a_data_set_without_a_declaration_is_told_as_that(made: SmallLake) -> None:
    rows = training_table(made).filter(
        pa.array([name == "groove" for name in training_table(made)["dataset"].to_pylist()])
    )
    assert "its declaration is gone" in _text(summary_of(training_facts(rows, made.ledger, {}, "v")), "2.6")


def test_no_data_at_all_is_a_summary_too(made: SmallLake) -> None:
    empty = summary_of(training_facts(training_table(made).slice(0, 0), made.ledger, made.declared, "v"))
    assert [section.number for section in empty.sections] == [number for number, _ in SECTIONS]
    assert "0 rows" in _text(empty, "1.3")


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (0, "Less than 1 billion tokens"),
        (10**9 - 1, "Less than 1 billion tokens"),
        (10**9, "1 billion to 10 trillion tokens"),
        (10**13, "More than 10 trillion tokens"),
    ],
)
def test_sizes_are_the_ranges_of_the_template(tokens: int, text: str) -> None:
    assert size_range(tokens) == text


def test_a_release_does_not_change_with_what_was_not_learned_from(tmp_path: Path) -> None:
    model = ModelFacts("nano", None, "Apache-2.0")
    listing = '{"files": []}'
    texts = []
    for number, datasets in enumerate(([GROOVE, HUB], [GROOVE, HUB, LAKH])):
        made = small_lake(tmp_path / str(number), datasets)
        used = made.ledger.filter(made.ledger["train"])
        texts.append(release_cards(training_table(made), used, made.declared, model, listing))
    assert texts[0] == texts[1]


def test_a_generator_that_is_not_known_trains_nothing_and_is_not_listed(tmp_path: Path) -> None:
    unknown = APP.model_copy(update={"terms": APP.terms.model_copy(update={"generator": Layer()})})
    made = small_lake(tmp_path, [unknown, GROOVE])
    summary = summary_of(training_facts(training_table(made), made.ledger, made.declared, "v"))
    assert _text(summary, "2.4").count("\nNo.") == 2
    assert "Qwen" not in summary.markdown()
