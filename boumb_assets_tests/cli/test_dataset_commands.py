"""`boumb dataset`: what is declared, what is asked, what is refused, each in one line that says what to do."""

import errno
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from boumb_assets.ingest.demo import write_demo
from boumb_assets.rights.catalogue import known_datasets
from boumb_assets.rights.declaration import load_declaration
from boumb_assets_tests.cli.calling import as_json, call, refused, told

CLEARED = ("--licence", "CC0-1.0", "--composition", "public-domain", "--performance", "none")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home beside a folder of songs and one of an app's log, in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "songs").mkdir()
    (tmp_path / "log").mkdir()
    (tmp_path / "notes.txt").write_text("no music")
    (tmp_path / "songs.zip").write_bytes(b"PK")
    return tmp_path / "home"


def test_a_folder_without_terms_says_what_stays_denied_and_how_to_say_it(home: Path) -> None:
    said = told(home, "dataset", "add", "mine", "songs").splitlines()
    assert said[0] == "mine: declared; `boumb run` takes it through the line"
    assert [line.split(":")[0] for line in said[1:-1]] == ["open composition", "open encoding", "open performance"]
    assert "`boumb dataset add mine SOURCE ...` once more, with all options" in said[-1]
    again = told(home, "dataset", "add", "mine", "songs", *CLEARED).splitlines()
    assert len(again) == 1 and "declared again, in the place of what was declared before" in again[0]


def test_an_app_log_brings_its_threshold_and_its_consent(home: Path) -> None:
    terms = ("--licence", "own", "--composition", "machine-made", "--performance", "none")
    assert "open generator" in told(home, "dataset", "add", "studio", "app-log:log", *terms)
    said = told(home, "dataset", "add", "studio", "app-log:log", *terms, "--generator", "Apache-2.0", "--rating", "9")
    assert "open" not in said
    declared = load_declaration(home, "studio")
    assert declared.app_log is not None and (declared.app_log.rating_at_least, declared.app_log.consent) == (9, "each")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Mine", "songs"], "'Mine' is no name for a data set"),
        (["mine", "nowhere"], "there is no folder nowhere"),
        (["mine", "nowhere.zip"], "there is no archive nowhere.zip"),
        (["mine", "notes.txt"], "notes.txt is no archive that is read, nor a folder"),
        (["mine", ""], "SOURCE is empty"),
        (["mine", "app-log:"], "SOURCE is empty"),
        (["mine", "http://example.org/songs.zip"], "only https:// and hf://datasets/ are read from a network"),
        (["mine", "ftp://example.org/songs.zip"], "only https:// and hf://datasets/ are read from a network"),
        (["mine", "songs", "--rating", "8"], "give it as app-log:FOLDER"),
        (["mine", "songs", "--consent-evidence", "page 4"], "give it as app-log:FOLDER"),
        (["mine", "app-log:log", "--consent", "all"], "--consent all needs --consent-evidence"),
        (["mine", "songs.zip", "--checksum", "abc"], "--checksum is sha256: and 64 digits"),
        (["mine", "songs", "--checksum", "md5:" + "0" * 32], "checksum is of an archive"),
        (["mine", "songs", "--licence", "CC BY"], "--licence: 'CC BY' is no SPDX identifier"),
        (["mine", "songs", "--composition", "same"], "give it with --licence"),
        (["maestr"], "did you mean maestro?"),
        (["mine"], "say where it lies: `boumb dataset add mine FOLDER"),
        (["giantmidi_piano"], "`boumb dataset add giantmidi_piano FOLDER` says where your copy lies"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(home: Path, arguments: list[str], words: str) -> None:
    assert words in refused(home, "dataset", "add", *arguments)
    assert not list(home.rglob("*.yaml"))


def test_a_checksum_may_be_in_capitals(home: Path) -> None:
    told(home, "dataset", "add", "mine", "songs.zip", *CLEARED, "--checksum", "SHA256:" + "AB" * 32)
    assert load_declaration(home, "mine").checksum == "sha256:" + "ab" * 32


def test_a_known_one_brings_its_terms_with_and_without_a_copy(home: Path) -> None:
    assert "Cleared, with credit." in told(home, "dataset", "add", "groove", "songs")
    groove = load_declaration(home, "groove")
    assert groove.source.endswith("/songs") and groove.checksum is None
    assert "Not in the profile commercial" in told(home, "dataset", "add", "maestro")
    maestro = load_declaration(home, "maestro")
    assert maestro.source.startswith("https://") and maestro.checksum is not None


def test_what_the_catalogue_leaves_open_is_closed_by_an_override_and_never_by_an_option(home: Path) -> None:
    for options in ((), ("--composition", "traditional")):
        said = told(home, "dataset", "add", "nottingham", "songs", *options)
        (line,) = [line for line in said.splitlines() if line.startswith("open")]
        assert "the catalogue of boumb_assets knows of no licence" in line and "`boumb rights override" in line
        assert "Add --composition" not in said and "once more" not in said
    (row,) = as_json(home, "dataset", "list")
    assert (row["composition"], row["encoding"]) == ("traditional, against unknown", "GPL-3.0-only")


def test_the_catalogue_fits_a_screen_and_one_of_it_is_told_whole(home: Path) -> None:
    listed = call(home, "dataset", "known")
    assert listed.exit_code == 0 and max(map(len, listed.stdout.splitlines())) <= 100
    assert all(name in listed.stdout for name in known_datasets())
    assert len(listed.stdout.splitlines()) < 4 * len(known_datasets())
    one = call(home, "dataset", "known", "ceol_rince")
    for words in ("traditional", "CC-BY-4.0", "also: Unlicense", "FOLDER` says where your copy lies"):
        assert words in " ".join(one.stdout.replace("│", " ").split())
    assert [entry["name"] for entry in as_json(home, "dataset", "known")] == list(known_datasets())
    assert "it has aria_midi" in refused(home, "dataset", "known", "nope")


def test_the_list_has_every_layer_and_shows_what_cannot_be_read(home: Path) -> None:
    assert "No data set is declared" in told(home, "dataset", "list")
    told(home, "dataset", "add", "studio", "app-log:log", "--licence", "own", "--generator", "Apache-2.0")
    (row,) = as_json(home, "dataset", "list")
    assert list(row) == ["name", "files", "composition", "encoding", "performance", "generator", "source"]
    assert (row["files"], row["composition"], row["generator"]) == (None, "unknown", "Apache-2.0")
    (home / "datasets" / "bad.yaml").write_text("name: [")
    listed = call(home, "dataset", "list")
    assert "studio" in listed.stdout and "left out" in listed.stderr and "bad.yaml" in listed.stderr
    assert json.loads(call(home, "dataset", "show", "studio").stdout)["name"] == "studio"


def test_update_erase_and_remove_say_what_the_next_run_does(home: Path) -> None:
    told(home, "dataset", "add", "mine", "songs", *CLEARED)
    told(home, "dataset", "add", "maestro")
    told(home, "dataset", "add", "studio", "app-log:log")
    assert "the next `boumb run` fetches it again" in told(home, "dataset", "update", "maestro")
    assert "nothing was fetched" in told(home, "dataset", "update", "mine")
    assert "the request is marked" in told(home, "dataset", "erase", "studio", "b7e1-0003")
    assert "b7e1-0003" not in "".join(path.read_text() for path in home.rglob("*") if path.is_file())
    assert "mine is no app's log" in refused(home, "dataset", "erase", "mine", "b7e1-0003")
    assert "1 to 200 characters" in refused(home, "dataset", "erase", "studio", "")
    assert "removed" in told(home, "dataset", "remove", "mine")
    for command in (["show", "mine"], ["remove", "mine"], ["update", "mine"], ["erase", "mine", "x"]):
        assert "known: maestro, studio" in refused(home, "dataset", *command)


def at_a_terminal(home: Path, answers: Sequence[bytes], *arguments: str) -> tuple[int, str]:
    """The exit code and the screen of ``boumb ARGUMENTS`` where a person answers each question in turn."""
    child, screen = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs the tests in the background has it ignored
        os.environ.update({"BOUMB_HOME": str(home), "TERM": "dumb"})
        os.execv(sys.executable, [sys.executable, "-m", "boumb_assets", *arguments])
    shown, left, asked = "", list(answers), 0
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([screen], [], [], 2.0)[0]:
            heard = "stopped" in shown or not asked or answers[asked - 1] != b"\x03"
            if not heard:  # it came just before the program waited
                os.write(screen, b"\x03")
            continue
        try:
            data = os.read(screen, 4096)
        except OSError as error:  # how Linux says that the other side has gone
            assert error.errno == errno.EIO
            break
        if not data:
            break
        shown += data.decode("utf-8", "replace")
        while shown.count("): ") > asked and left:
            asked += 1
            os.write(screen, left.pop(0))
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.replace("\r", "")


def test_at_a_terminal_each_layer_that_is_missing_is_asked_for(home: Path) -> None:
    code, shown = at_a_terminal(
        home, [b"traditional\n", b"CC-BY-4.0\n", b"none\n"], "dataset", "add", "mine", "songs", "--attribution", "Me"
    )
    assert code == 0 and "By what right?" in shown and "open" not in shown, shown
    terms = load_declaration(home, "mine").terms
    found = (terms.composition.licence, terms.encoding.licence, terms.performance.licence, terms.encoding.holder)
    assert found == ("traditional", "CC-BY-4.0", "none", "Me")


def test_at_a_terminal_an_answer_that_cannot_be_read_is_asked_for_again(home: Path) -> None:
    code, shown = at_a_terminal(
        home, [b"CC BY\n", b"CC-BY-4.0\n"], "dataset", "add", "mine", "songs",
        "--composition", "traditional", "--performance", "none",
    )  # fmt: skip
    assert code == 0 and shown.count("'CC BY' is no SPDX identifier") == 1, shown
    assert load_declaration(home, "mine").terms.encoding.licence == "CC-BY-4.0"


def test_at_a_terminal_whoever_stops_has_declared_nothing(home: Path) -> None:
    code, shown = at_a_terminal(home, [b"\x03"], "dataset", "add", "mine", "songs")
    assert code == 130 and shown.rstrip().endswith("boumb: stopped"), shown
    assert not list(home.rglob("*.yaml"))


@pytest.mark.slow
def test_an_address_that_cannot_be_fetched_is_told_and_stops_no_other(home: Path) -> None:
    write_demo(home.parent / "tunes", 0)
    files = sorted((home.parent / "tunes").rglob("*.mid"))
    for file in files[::20]:
        file.rename(home.parent / "songs" / file.name)
    told(home, "dataset", "add", "tunes", "tunes", "--licence", "CC0-1.0", "--composition", "own")
    told(home, "dataset", "add", "open", "songs", "--licence", "CC0-1.0")
    told(home, "dataset", "add", "far", "https://127.0.0.1:9/far.zip", *CLEARED)
    command = [sys.executable, "-m", "boumb_assets", "run", "--select", "mix", "--json"]
    environment = {"BOUMB_HOME": str(home), "PATH": "/usr/bin:/bin", "HOME": str(home.parent)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    done = json.loads(result.stdout)
    assert done["failed"] == [] and {"mix", "rights_ledger"} <= {line["stage"] for line in done["assets"]}
    (line,) = [text for text in done["checks"] if "raw_midi.has_files" in text]
    assert "dataset far" in line and "https://127.0.0.1:9/far.zip" in line
    told_of = [text for text in result.stderr.splitlines() if "far.zip" in text]
    assert len(told_of) == 1 and told_of[0].startswith("check failed dataset far"), "one line, whatever its length"
    blocked = f"{len(files[::20])} of {len(files)} files may not be trained on: `boumb rights audit` says why"
    assert blocked in result.stderr
    (mixed,) = as_json(home, "sql", "select count(*) as loops, count(distinct dataset) as sets from mix")
    assert mixed["loops"] > 0 and mixed["sets"] == 1
    audit = told(home, "rights", "audit")
    assert "empty far: no file of it was found yet" in audit and "open open: composition" in audit
