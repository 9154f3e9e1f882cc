"""The figures in the forms that others read."""

import json
from pathlib import Path

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.evaluation.compare import Answer, EvalItem, table
from boumb_assets.evaluation.copies import find_copies
from boumb_assets.evaluation.results import (
    EVALUATION,
    card_results,
    evaluation_table,
    reading_aid,
    with_copies,
    write_artefact,
)
from boumb_assets.release.card import MAX_FIGURES, figures_of
from boumb_assets.rights.attribution import Credit
from boumb_assets_tests.evaluation.loops import drums, sequence

BASS = EvalItem("Basse", request=LoopRequest(role="bass"))
BEAT = EvalItem("Beat", "drum-pattern", LoopRequest(role="drums"))
LINE, KICKS = sequence((0, 36, 4), (8, 39, 4)), drums(kick=(0, 8))
ANSWERS = [
    answer
    for name in ("base", "few-shot", "ft", "rules")
    for answer in (Answer(name, BASS, 0, LINE, None), Answer(name, BEAT, 0, KICKS, None))
] + [Answer("ft-unconstrained", BASS, 0, "la la", "not_json"), Answer("ft-unconstrained", BEAT, 0, KICKS, None)]
ROWS = with_copies(table(ANSWERS), find_copies(ANSWERS, [("boumb-sequence", LINE)]))
CREDIT = Credit("demo", "CC0-1.0", "CC0-1.0", "none", "", None, None, 3)


def test_the_table_has_a_row_a_figure() -> None:
    found = evaluation_table("nano", ROWS)
    assert found.schema == EVALUATION
    rows = {(row["provider"], row["contract"], row["metric"]): row for row in found.to_pylist()}
    assert len(rows) == found.num_rows
    assert rows["ft", "boumb-sequence", "valid"]["value"] == 1
    assert rows["ft-unconstrained", "boumb-sequence", "valid"]["value"] == 0
    assert rows["ft-unconstrained", "boumb-sequence", "problem: not_json"]["value"] == 1
    assert rows["ft", "boumb-sequence", "copied_whole"]["value"] == 1
    assert rows["ft", "drum-pattern", "copied_whole"]["value"] == 0
    assert rows["ft", "boumb-sequence", "valid"]["items"] == 1
    assert ("ft", "drum-pattern", "polyphony") not in rows


def test_nothing_asked_is_an_empty_table() -> None:
    assert evaluation_table("nano", []).num_rows == 0
    assert "nothing" in reading_aid("nano", True, "", 0, {"train": 3}, [], [])["asked"]


def test_a_card_tells_of_the_fine_tuned_model() -> None:
    figures = dict(figures_of(card_results(ROWS, "test")))
    assert len(figures) <= MAX_FIGURES
    assert figures["ft.boumb-sequence.valid"] == 1
    assert figures["ft-unconstrained.boumb-sequence.valid"] == 0
    assert not any(name.startswith(("base", "rules", "everybody")) for name in figures)


def test_a_smoke_model_is_called_one() -> None:
    assert "smoke" in reading_aid("nano", True, "test", 2, {}, ROWS, [CREDIT])["caution"]
    other = reading_aid("hub/model", False, "test", 2, {"test": 2}, ROWS, [CREDIT, CREDIT])
    assert "caution" not in other
    assert other["learned from demo"].count("CC0-1.0") == 4
    assert "ft 100 % of boumb-sequence" in other["whole copies"]


def test_the_files_are_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_artefact(tmp_path / name, card_results(ROWS, "test"), ANSWERS, "<html>")
    for name in ("results.json", "answers.jsonl", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    lines = (tmp_path / "a" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [answer.text for answer in ANSWERS]
