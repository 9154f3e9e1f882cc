"""An archive and an app's log go through the real line; one request is erased, and nothing of it is left."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from boumb_assets.api import generate
from boumb_assets.cli.core import prepare_home
from boumb_assets.ingest.app_log import erase_request
from boumb_assets.ingest.demo import write_demo
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import connect
from boumb_assets.line import materialise
from boumb_assets.rebuild import Report
from boumb_assets.rights.declaration import AppLog, save_declaration
from boumb_assets.rights.options import dataset_from_options
from boumb_assets.settings import Settings, load_settings
from boumb_assets.terminal import Bars
from boumb_assets_tests.end_to_end.contents import traces
from boumb_assets_tests.end_to_end.homes import at_home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sources")]

PROMPTS = {
    f"request-{number}": f"une basse {word}, pour la fête de Zoé" for number, word in enumerate(
        ["funky", "techno", "house", "jazz", "reggae", "disco"]
    )
}  # fmt: skip
ERASED = "request-2"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home with an archive of our own loops, in which one name leads out, and an app's log."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("sources")
    _write_archive(folder / "loops.zip", tmp_path_factory.mktemp("demo"))
    _write_log(folder / "log")
    with at_home(home):
        settings = load_settings()
        prepare_home(settings)
        save_declaration(home, dataset_from_options("packed", str(folder / "loops.zip"), "CC0-1.0", "own", "none"))
        log = dataset_from_options(
            "studio", f"app-log:{folder / 'log'}", "own", "machine-made", "none", generator="Apache-2.0",
            app_log=AppLog(rating_at_least=7),
        )  # fmt: skip
        save_declaration(home, log)
        yield settings


def _write_archive(path: Path, folder: Path) -> None:
    write_demo(folder, 0)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "index.tsv", "index.tsv")
        for file in sorted(folder.rglob("*.mid"))[:60]:
            archive.write(file, file.relative_to(folder).as_posix())
        archive.writestr("../evil.mid", b"MThd")


def _write_log(folder: Path) -> None:
    folder.mkdir()
    lines = [
        {"timestamp": "2026-11-01T10:00:00", "request_id": name, "prompt": prompt, "consent": True,
         "context": "C minor 110BPM", "llm_response_raw": generate(prompt, provider="rules", seed=seed, bars=2).text}
        for seed, (name, prompt) in enumerate(PROMPTS.items())
    ]  # fmt: skip
    (folder / "traces.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    rows = [f"2026-11-01,{name},{6 if name == 'request-5' else 9}," for name in PROMPTS]
    (folder / "feedback.csv").write_text("\n".join(["Timestamp,RequestID,Rating,Comment", *rows]), encoding="utf-8")


def run(settings: Settings) -> Report:
    with Bars().shown() as bars:
        return materialise(settings, [], [], "training_data", bars)


def test_both_become_rows_and_what_was_refused_is_said(settings: Settings) -> None:
    report = run(settings)
    assert (report.failed, report.failed_checks) == ([], [])
    with connect(Lake(settings.home)) as connection:

        def count(statement: str) -> list[tuple[str, int]]:
            return [(str(row[0]), int(row[1])) for row in connection.execute(statement).fetchall()]

        assert count("select dataset, count(*) from raw_midi group by all order by all") == [
            ("packed", 60),
            ("studio", 5),
        ]
        aside = count("select reason, count(*) from rejected where stage = 'raw_midi' group by all order by all")
        assert aside == [("rated_below", 1), ("unsafe_name", 1)]
        rows = dict(count("select dataset, count(*) from training_rows group by all"))
        assert rows["packed"] > 60 and rows["studio"] > 0
        asked = {
            row[0] for row in connection.execute("select prompt from training_rows where kind = 'user'").fetchall()
        }
    assert asked and asked < set(PROMPTS.values()) and PROMPTS["request-5"] not in asked


def test_an_erased_request_is_gone_from_everything(settings: Settings) -> None:
    run(settings)
    prompt = PROMPTS[ERASED]
    assert traces(settings.home, [prompt]), "a search that finds nothing before proves nothing after"
    erase_request(settings.home, "studio", ERASED)
    report = run(settings)
    assert (report.failed, report.failed_checks) == ([], [])
    assert traces(settings.home, [prompt, ERASED]) == []
    assert Lake(settings.home).read("raw_midi", "raw_midi", "dataset=studio").num_rows == 4


def test_a_second_run_finds_nothing_stale(settings: Settings) -> None:
    run(settings)
    assert run(settings).lines == []
