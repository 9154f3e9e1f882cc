"""`boumb rights`: the table, the way both ways, and what a steward says, over a small lake written by hand."""

from collections import Counter
from pathlib import Path

import pytest

from boumb_assets.rights.takedowns import active_takedowns
from boumb_assets_tests.cli.calling import as_json, call, refused, told
from boumb_assets_tests.release.lakes import APP, GROOVE, LAKH, OURS, small_lake
from boumb_assets_tests.rights.ledgers import sha

SAID = ("--by", "J. Steward", "--reason", "letter [of 3 May]")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A lake of four data sets with three files each: APP from sha(0), GROOVE from sha(100), LAKH, OURS."""
    small_lake(tmp_path / "home", (APP, GROOVE, LAKH, OURS))
    return tmp_path / "home"


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path) -> None:
    for command in (["audit"], ["trace", "4f0c2a"], ["cards"]):
        assert "was not made yet; `boumb run` makes it" in refused(tmp_path, "rights", *command)


def test_the_audit_is_a_table_by_data_set_and_the_rest_is_talk(home: Path) -> None:
    shown = call(home, "rights", "audit")
    assert shown.exit_code == 0
    assert max(map(len, shown.stdout.splitlines())) <= 100
    for words in ("groove", "encoding BY", "by a model:", "unknown_composition"):
        assert words in shown.stdout
    assert "may be trained on" in shown.stderr and "open lakh: composition" in shown.stderr
    assert "may be trained on" not in shown.stdout


def test_the_audit_as_json_is_whole(home: Path) -> None:
    told(home, "rights", "override", "--dataset", "groove", "--deny", *SAID)
    told(home, "rights", "takedown", sha(0), *SAID)
    found = as_json(home, "rights", "audit")
    files = Counter[str]()
    for group in found["groups"]:
        files[group["dataset"]] += group["files"]
    assert files == {"app": 3, "groove": 3, "lakh": 3, "ours": 3}
    assert [one["by"] for one in found["overrides"]] == ["J. Steward"]
    assert [one["sha256"] for one in found["takedowns"]] == [[sha(0)]]
    assert (found["profile"], found["jurisdictions"]) == ("commercial", ["EU", "US"])


def test_the_audit_says_what_is_empty_what_is_stale_and_what_an_override_closed(home: Path) -> None:
    assert "stale" not in told(home, "rights", "audit")
    (home / "warehouse.duckdb").touch()  # as every run ends
    assert "stale" not in told(home, "rights", "audit")
    told(home, "dataset", "add", "maestro")
    shown = told(home, "rights", "audit")
    assert "empty maestro: no file of it was found yet" in shown and "`boumb run` decides again" in shown
    clear = ("--layer", "composition", "--licence", "CC-BY-4.0")
    told(home, "rights", "override", "--dataset", "lakh", *clear, *SAID)
    shown = told(home, "rights", "audit")
    assert "open lakh: composition" not in shown and "open lakh: encoding" in shown
    assert "letter [of 3 May]" in shown


def test_a_trace_says_on_stdout_what_was_found(home: Path) -> None:
    result = call(home, "rights", "trace", sha(100))
    assert result.exit_code == 0 and result.stderr == ""
    assert result.stdout.splitlines()[0] == f"{sha(100)}: file"
    assert "files: 1" in result.stdout and "folder/0.mid" in result.stdout and "yes" in result.stdout
    assert "True" not in result.stdout and "composer" not in result.stdout, "a column of nothing is not shown"
    found = as_json(home, "rights", "trace", sha(100))
    assert found["found_as"] == ["file"] and found["files"][0]["dataset"] == "groove" and len(found["rows"]) == 2
    assert "at least the first 6" in refused(home, "rights", "trace", "abc")
    assert "nothing in the lake begins with" in refused(home, "rights", "trace", "f" * 12)


def test_a_trace_of_much_is_bounded_and_json_is_not(tmp_path: Path) -> None:
    home = tmp_path / "home"
    small_lake(home, (GROOVE,), files=60)
    beginning = sha(0)[:40]
    assert "files: 60; the first 20 (--json gives all)" in call(home, "rights", "trace", beginning).stdout
    assert len(as_json(home, "rights", "trace", beginning)["files"]) == 60


def test_an_override_says_how_many_files_it_means(home: Path) -> None:
    deny = ("--deny", *SAID)
    assert "3 files are meant by it now" in told(home, "rights", "override", "--dataset", "groove", *deny)
    assert "1 file is meant by it now" in told(home, "rights", "override", sha(0), *deny)
    assert "4 files are meant" in told(home, "rights", "override", "--composer", "Brahms, Johannes", *deny)
    assert "4 files are meant" in told(home, "rights", "override", "--title", "PIECE 1", *deny)
    narrow = ("--composer", "Johannes Brahms", "--dataset", "ours")
    assert "1 file is meant" in told(home, "rights", "override", *narrow, *deny)
    assert "no file in the lake is meant by it" in told(home, "rights", "override", "--title", "Nothing", *deny)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["override", "abc", "--deny", *SAID], "'abc' is no whole sha256"),
        (["override", "--dataset", "groov", "--deny", *SAID], "no data set 'groov' is declared; known: app, groove"),
        (["override", "--dataset", "groove", *SAID], "gives a licence to one layer, or denies"),
        (["override", "--deny", *SAID], "an override names files, a title, a composer or a data set"),
        (["override", "--dataset", "ours", "--deny", "--by", " ", "--reason", "r"], "--by is empty"),
        (["override", "--dataset", "ours", "--deny", "--by", "J", "--reason", ""], "--reason is empty"),
        (["override", "--withdraw", "nope", *SAID], "no override 'nope' holds; those that do: none"),
        (["override", "--withdraw", "nope", "--deny", *SAID], "goes with --by and --reason alone"),
        (["takedown", *SAID], "say what to take down"),
        (["takedown", "abc", *SAID], "'abc' is neither a file nor a whole sha256"),
        (["takedown", sha(0), "--by", "", "--reason", "r"], "--by is empty"),
        (["takedown", "--withdraw", "nope", *SAID], "no takedown 'nope' holds; those that do: none"),
        (["takedown", "--withdraw", "nope", sha(0), *SAID], "goes with --by and --reason alone"),
        (["takedown", "--composer", "?!", *SAID], "'?!' names nothing"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(home: Path, arguments: list[str], words: str) -> None:
    assert words in refused(home, "rights", *arguments)
    assert not list((home / "rights").glob("*.jsonl"))


def test_who_speaks_may_be_a_variable_and_an_override_can_be_taken_back(home: Path) -> None:
    said = ("rights", "override", "--dataset", "ours", "--deny", "--reason", "r")
    result = call(home, *said, BOUMB_STEWARD="A. Keeper")
    assert result.exit_code == 0 and "A. Keeper on" in result.stderr and result.stdout == ""
    (row,) = as_json(home, "rights", "audit")["overrides"]
    assert "is withdrawn" in told(home, "rights", "override", "--withdraw", row["override_id"], *SAID)
    assert as_json(home, "rights", "audit")["overrides"] == []


def test_a_takedown_by_hash_title_and_composer_says_what_it_marked(home: Path) -> None:
    assert "1 file; by J. Steward" in told(home, "rights", "takedown", sha(0), *SAID)
    one = told(home, "rights", "takedown", "e" * 64, *SAID)
    assert "1 of the files is not in the lake: it is known by the bytes alone" in one
    two = told(home, "rights", "takedown", sha(1), "d" * 64, "f" * 64, *SAID)
    assert "2 of the files are not in the lake: they are known" in two
    made = as_json(home, "rights", "takedown", "--composer", "Brahms, Johannes", "--work", "Piece 1", *SAID)
    assert made["sha256"] == [sha(1), sha(101), sha(201), sha(301)] and "prints" not in made
    assert "no file in the lake is meant" in told(home, "rights", "takedown", "--composer", "Nobody Known", *SAID)
    assert len(active_takedowns(home)) == 5
    back = as_json(home, "rights", "takedown", "--withdraw", made["takedown_id"], *SAID)
    assert back["withdraws"] == made["takedown_id"] and len(active_takedowns(home)) == 4


def test_cards_are_listed_and_copied_and_nothing_else_is(home: Path, tmp_path: Path) -> None:
    from boumb_assets.lake.store import Lake

    with Lake(home).writing("data_cards", "") as made:
        folder = made.workspace() / "cards"
        folder.mkdir()
        (folder / "NOTICE").write_text("by us")
        made.adopt(folder, "cards")
        made.commit({"code": "1"})
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("was here before")
    assert call(home, "rights", "cards").stdout.rstrip().endswith("NOTICE")
    assert call(home, "rights", "cards", "-o", str(out)).stdout == f"{out / 'NOTICE'}\n"
    assert (out / "NOTICE").read_text() == "by us" and (out / "mine.txt").exists()


def test_sql_says_what_the_model_is_made_of(home: Path) -> None:
    (row,) = as_json(home, "sql", "select count(distinct sha256) as files from training_rows where dataset = 'groove'")
    assert row == {"files": 3}
