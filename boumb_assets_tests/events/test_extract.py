import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from boumb_assets.events import extract
from boumb_assets.events.beats.tracker import Beats
from boumb_assets.events.chunks import MAX_BYTES
from boumb_assets.events.extract import Extracted, FileTask, extract_files
from boumb_assets.events.facts import file_facts
from boumb_assets.events.note_table import HELD
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.schema import FILE_BEATS, FILES
from boumb_assets.events.texts import FILE_TEXTS
from boumb_assets.lake.rejection import REJECTED
from boumb_assets_tests.events.smf import END, NOTE, Played, meta, smf, written
from boumb_assets_tests.events.test_grid import rubato

ON_GRID = ("onset_step", "duration_step", "bar", "beat", "step", "residual", "subdivision", "onset_grid")
NOTES = [Played(480 * index, 240, 60 + index, 64) for index in range(8)]


def task(folder: Path, name: str, data: bytes, **metadata: object) -> FileTask:
    (folder / name).write_bytes(data)
    return FileTask(str(folder / name), name, hashlib.sha256(data).hexdigest(), metadata)


@pytest.fixture(autouse=True)
def _deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    hear(monkeypatch, None)


def hear(monkeypatch: pytest.MonkeyPatch, beats: Beats | None) -> None:
    monkeypatch.setattr("boumb_assets.events.beats.tracker.track_beats", lambda *notes: beats)


@pytest.fixture
def tasks(tmp_path: Path) -> list[FileTask]:
    """Good and bad files, not in order."""
    free = [Played(round(beat * 480), 60, 60, 64) for beat in rubato(500, 1)]
    changed = task(tmp_path, "changed.mid", written(NOTES))
    (tmp_path / "changed.mid").write_bytes(written(NOTES[:3]))
    return [
        task(tmp_path, "z.mid", written(NOTES), title="Z", composer_died=1828, bpm=99.0, style="lied"),
        task(tmp_path, "a.mid", written([note._replace(channel=9) for note in NOTES], metres=[(0, 3, 4)])),
        task(tmp_path, "free.mid", written(free)),
        task(tmp_path, "text.mid", b"no music"),
        task(tmp_path, "cut.mid", written(NOTES)[:-9]),
        task(tmp_path, "junk.mid", b"\x00" * 9 + written(NOTES)),
        FileTask(str(tmp_path / "gone.mid"), "gone.mid", "0" * 64),
        changed,
    ]


def rows(table: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))


def test_each_file_is_described_or_set_aside_with_its_reason(tasks: list[FileTask]) -> None:
    found = extract_files(tasks, "demo")
    assert (found.events.schema, found.files.schema, found.rejected.schema) == (HELD, FILES, REJECTED)
    assert rows(found.files, "path", "status", "repairs", "grid") == [
        ("a.mid", "parsed", "", "score"),
        ("free.mid", "parsed", "", "performance"),
        ("junk.mid", "repaired", "junk_before_header", "score"),
        ("z.mid", "parsed", "", "score"),
    ]
    assert rows(found.rejected, "path", "reason", "stage") == [
        ("changed.mid", "changed_while_reading", "midi_events"),
        ("cut.mid", "truncated", "midi_events"),
        ("gone.mid", "unreadable", "midi_events"),
        ("text.mid", "not_midi", "midi_events"),
    ]
    assert ("gone.mid", None) in rows(found.rejected, "path", "sha256")
    assert set(found.events.column("dataset").to_pylist()) == {"demo"}
    for table in (found.events, found.files, found.rejected):
        table.validate(full=True)


def test_the_metadata_that_is_known_is_carried_along(tasks: list[FileTask]) -> None:
    files = extract_files(tasks, "demo").files
    told = {row["path"]: row for row in files.to_pylist()}
    assert told["z.mid"]["title"] == "Z" and told["z.mid"]["composer_died"] == 1828 and told["z.mid"]["style"] == "lied"
    assert told["a.mid"]["title"] is told["z.mid"]["composer"] is None


def test_events_are_in_order_and_on_the_grid_where_there_is_one(tasks: list[FileTask]) -> None:
    events = extract_files(tasks, "demo").events
    keys = rows(events, "path", "onset_tick", "track", "pitch")
    assert keys == sorted(keys)
    waltz = events.filter(pa.compute.equal(events["path"], "a.mid"))
    assert rows(waltz, "bar", "beat", "step", "onset_step", "duration_step")[:4] == [
        (0, 0, 0, 0, 2.0), (0, 1, 4, 4, 2.0), (0, 2, 8, 8, 2.0), (1, 0, 0, 12, 2.0),
    ]  # fmt: skip
    assert rows(waltz, "program", "channel", "is_drum")[0] == (-1, 9, True)
    assert rows(waltz, "onset_s", "duration_s")[1] == (0.5, 0.25)
    free = events.filter(pa.compute.equal(events["path"], "free.mid"))
    for name in ON_GRID:
        assert free.column(name).null_count == len(free) == 500
        assert waltz.column(name).null_count == 0


def test_a_performance_whose_beats_are_sure_is_placed_by_them(
    tasks: list[FileTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(monkeypatch, Beats(np.arange(800, dtype=np.float64) * 0.5, np.arange(800) % 3 == 0, 0.8))
    found = extract_files(tasks, "demo")
    free = found.events.filter(pa.compute.equal(found.events["path"], "free.mid"))
    assert all(free.column(name).null_count == 0 for name in ON_GRID)
    facts = {row["path"]: row for row in found.files.to_pylist()}
    assert (facts["free.mid"]["grid"], facts["free.mid"]["metre"], facts["free.mid"]["bpm"]) == (
        "performance",
        "3/4",
        120,
    )
    assert facts["free.mid"]["beat_confidence"] == pytest.approx(0.8)
    assert facts["z.mid"]["beat_confidence"] is None and facts["z.mid"]["triplet_share"] == 0
    assert found.beats.schema == FILE_BEATS and set(found.beats["path"].to_pylist()) == {"free.mid"}
    assert rows(found.beats, "beat", "time_s", "bar")[3] == (3, 1.5, 1)


def test_texts_are_kept_by_file(tmp_path: Path) -> None:
    said = smf(meta(2, b"(c) me") + NOTE + END)
    found = extract_files([task(tmp_path, "b.mid", said), task(tmp_path, "a.mid", written(NOTES))], "demo")
    assert found.texts.schema == FILE_TEXTS and rows(found.texts, "path", "kind", "text") == [
        ("b.mid", "copyright", "(c) me")
    ]


def same(one: Extracted, other: Extracted) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in ("events", "files", "rejected", "texts"))


def test_the_result_does_not_depend_on_the_order(tasks: list[FileTask]) -> None:
    assert same(extract_files(tasks, "demo"), extract_files(tasks[::-1], "demo"))


def test_no_files_are_three_empty_tables() -> None:
    found = extract_files([], "demo")
    assert (found.events.schema, found.files.schema, found.rejected.schema) == (HELD, FILES, REJECTED)
    assert len(found.events) == len(found.files) == len(found.rejected) == 0


def test_a_fault_of_ours_costs_one_file(tasks: list[FileTask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "parse_midi", lambda data: 1 / 0 if data[:9] == bytes(9) else parse_midi(data))
    found = extract_files(tasks, "demo")
    assert ("junk.mid", "malformed", "ZeroDivisionError: division by zero") in rows(
        found.rejected, "path", "reason", "detail"
    )
    assert len(found.files) == 3


def test_a_fault_in_a_later_step_costs_one_file_and_which_one_is_at_work_is_told(
    tasks: list[FileTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    def faulty(*notes: Any) -> dict[str, Any]:
        if tasks[told[-1]].path == "junk.mid":
            raise ZeroDivisionError
        return file_facts(*notes)

    monkeypatch.setattr(extract, "file_facts", faulty)
    found = extract_files(tasks, "demo", told.append)
    assert ("junk.mid", "malformed") in rows(found.rejected, "path", "reason")
    kept = ["a.mid", "free.mid", "z.mid"]
    assert found.files["path"].to_pylist() == found.prints["path"].to_pylist() == kept
    assert pa.compute.unique(found.events["path"]).to_pylist() == kept


def test_a_file_that_comes_in_pieces_is_read_to_its_end(tasks: list[FileTask], monkeypatch: pytest.MonkeyPatch) -> None:
    whole, read = extract_files(tasks, "demo"), os.read
    monkeypatch.setattr(os, "read", lambda handle, size: read(handle, min(size, 7)))
    assert same(extract_files(tasks, "demo"), whole)


def test_of_a_file_that_is_too_large_no_more_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large.mid").open("wb") as file:
        file.truncate(MAX_BYTES + 5)
    found = extract_files([FileTask(str(tmp_path / "large.mid"), "large.mid", "0" * 64)], "demo")
    assert rows(found.rejected, "path", "reason") == [("large.mid", "too_large")]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["openscore_lieder", "ceol_rince", "js_fakes", "freedoom", "groove", "odd"])
def test_every_real_file_has_an_outcome(shared: Path, name: str) -> None:
    root = shared / "corpus" / name
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in {".mid", ".midi", ".rmi"})
    tasks = [
        FileTask(str(path), path.relative_to(root).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in paths
    ]
    found = extract_files(tasks, name)
    outcomes = found.files.column("path").to_pylist() + found.rejected.column("path").to_pylist()
    assert sorted(outcomes) == sorted(task.path for task in tasks)
    assert len(found.events) == sum(found.files.column("notes").to_pylist())
    assert name == "odd" or len(found.rejected) == 0
