"""Prints of files, and takedowns that are resolved by them."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from boumb_assets.events.assets import MIDI_EVENTS
from boumb_assets.events.engine_work import TABLES
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.prints import midi_print, resolve_takedown
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.manifest import Manifest
from boumb_assets.lake.store import Lake
from boumb_assets.rights.takedowns import (
    FILE_PRINTS,
    TakedownError,
    TakenPrint,
    active_takedowns,
    print_index,
    take_down,
    withdraw_takedown,
)
from boumb_assets.settings import Settings
from boumb_assets.stages import Stage, run_stage
from boumb_assets.theory.work_print import PrintIndex, Wanted
from boumb_assets_tests.events.smf import Played, written

SAID: dict[str, Any] = {"by": "A. Composer", "reason": "mine"}


def tune(seed: int, shift: int = 0, ppq: int = 480, channel: int = 0, track: int = 0, velocity: int = 64) -> bytes:
    """A melody in eighths and quarters, from a seed."""
    random = np.random.default_rng(seed)
    onset = np.cumsum(random.choice([1, 2], 60)) * ppq // 2
    pitches = random.integers(45, 75, 60) + shift
    notes = [
        Played(int(at), ppq // 4, int(pitch), velocity, channel, track)
        for at, pitch in zip(onset, pitches, strict=True)
    ]
    return written(notes, ppq=ppq, tempos=[(0, 400_000 + 1000 * velocity)])


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("other", [{"shift": 5}, {"ppq": 96}, {"channel": 9}, {"track": 3}, {"velocity": 1}])
def test_files_with_the_same_notes_have_the_same_print(other: dict[str, int]) -> None:
    one, two = midi_print(parse_midi(tune(1))), midi_print(parse_midi(tune(1, **other)))
    assert one.digest == two.digest and np.array_equal(one.hashes, two.hashes)
    assert one.digest != midi_print(parse_midi(tune(2))).digest


class Collection:
    """A data set in a lake: files, found as raw_midi would have them, and read as midi_events."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lake = folder / "files", Lake(folder / "home")
        self.folder.mkdir()
        self.settings = Settings(home=self.lake.home, workers=1)

    def holds(self, **files: bytes) -> None:
        """Finds the files, whose names are given without suffix."""
        for path in self.folder.iterdir():
            path.unlink()
        rows = []
        for name, data in sorted(files.items()):
            (self.folder / f"{name}.mid").write_bytes(data)
            known = {"dataset": "d", "path": f"{name}.mid", "bytes": len(data), "mtime_ns": 0, "sha256": sha(data)}
            rows.append({**known, "source": str(self.folder), "title": f"Title {name}", "composer": "Bach, J. S."})
        with self.lake.writing("raw_midi", "dataset=d") as commit:
            commit.write("raw_midi", pa.Table.from_pylist(rows, RAW))
            commit.commit({"files": sha(repr(sorted(files)).encode())}, {"folder": str(self.folder)})

    def read(self) -> Manifest:
        """Makes midi_events what its inputs say."""
        raw = Stage("raw_midi", lambda build: None, "", "", dimension="dataset")
        stages = {"raw_midi": raw, "midi_events": MIDI_EVENTS}
        return run_stage(MIDI_EVENTS, stages, self.lake, self.settings, "d", lambda text: None).manifest

    def column(self, table: str, name: str) -> list[str]:
        return list(dict.fromkeys(self.lake.read("midi_events", table, "dataset=d")[name].to_pylist()))

    def outcome(self) -> tuple[list[str], list[str], list[str]]:
        """The files that gave events, those that were set aside, those that have a print."""
        return tuple(  # type: ignore[return-value]
            [path.removesuffix(".mid") for path in self.column(table, "path")]
            for table in ("midi_events", "rejected", "file_prints")
        )


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def test_a_file_that_was_taken_down_gives_nothing_but_a_print(collection: Collection) -> None:
    collection.holds(a=tune(1), b=tune(2), c=tune(3))
    collection.read()
    assert collection.outcome() == (["a", "b", "c"], [], ["a", "b", "c"])
    row = resolve_takedown(collection.lake, sha256=[sha(tune(2))], **SAID)
    assert [one.sha256 for one in row.prints] == [sha(tune(2))]
    collection.read()
    assert collection.outcome() == (["a", "c"], ["b"], ["a", "b", "c"])
    assert collection.column("file_facts", "path") == ["a.mid", "c.mid"]
    assert collection.column("rejected", "reason") == ["taken_down"]
    assert collection.column("rejected", "detail") == [f"takedown {row.takedown_id}"]
    withdraw_takedown(collection.lake.home, row.takedown_id, **SAID)
    collection.read()
    assert collection.outcome() == (["a", "b", "c"], [], ["a", "b", "c"])


def test_it_is_known_under_another_name_in_another_key_later(collection: Collection) -> None:
    collection.holds(a=tune(1), b=tune(2))
    collection.read()
    resolve_takedown(collection.lake, sha256=[sha(tune(2))], **SAID)
    collection.holds(a=tune(1), new=tune(2, shift=5, ppq=960), other=tune(4))
    collection.read()
    assert collection.outcome() == (["a", "other"], ["new"], ["a", "new", "other"])


def test_a_file_that_was_there_already_is_known_by_the_notes_of_another(collection: Collection) -> None:
    collection.holds(a=tune(1), b=tune(2), copy=tune(2, shift=-3))
    collection.read()
    resolve_takedown(collection.lake, sha256=[sha(tune(2))], **SAID)
    collection.read()
    assert collection.outcome() == (["a"], ["b", "copy"], ["a", "b", "copy"])


def test_only_shards_with_a_hit_are_made_again(collection: Collection) -> None:
    names = {f"t{number:03d}": tune(number) for number in range(410)}  # two shards
    collection.holds(**names)
    before = collection.read()
    assert before.facts["shards"] == 2
    row = resolve_takedown(collection.lake, sha256=[sha(tune(7))], **SAID)
    after = collection.read()
    assert (after.facts["shards_rebuilt"], after.facts["shards_kept"]) == (1, 1)
    assert after.rows("file_facts") == 409 and after.rows("file_prints") == 410
    assert after.rows("midi_events") == before.rows("midi_events") - 60
    withdraw_takedown(collection.lake.home, row.takedown_id, **SAID)
    again = collection.read()
    assert again.facts["shards_rebuilt"] == 1
    assert [again.of_table(name) for name in TABLES] == [before.of_table(name) for name in TABLES]


def test_a_takedown_of_somebody_else_moves_nothing(collection: Collection) -> None:
    collection.holds(a=tune(1))
    before = collection.read()
    take_down(collection.lake.home, sha256=["0" * 64], **SAID)
    after = collection.read()
    assert after.facts["shards_kept"] == 1 and after.data_version == before.data_version


def test_works_are_taken_by_title_and_composer(collection: Collection) -> None:
    collection.holds(a=tune(1), b=tune(2))
    collection.read()
    by_title = resolve_takedown(collection.lake, work="TITLE  b", composer="J. S. Bach", **SAID)
    assert by_title.sha256 == (sha(tune(2)),) and len(by_title.prints) == 1
    by_name = resolve_takedown(collection.lake, composer="j s bach", **SAID)
    assert set(by_name.sha256) == {sha(tune(1)), sha(tune(2))} == {one.sha256 for one in by_name.prints}


def test_a_file_that_was_found_but_not_read_is_read_for_its_print(collection: Collection) -> None:
    collection.holds(a=tune(1))
    row = resolve_takedown(collection.lake, sha256=[sha(tune(1))], **SAID)
    assert row.prints == (TakenPrint.of(sha(tune(1)), midi_print(parse_midi(tune(1)))),)


def test_the_print_of_notes_in_the_lake_is_that_of_the_file(collection: Collection) -> None:
    collection.holds(a=tune(1), b=tune(1, shift=1))
    collection.read()
    for path in collection.folder.iterdir():
        path.unlink()
    row = resolve_takedown(collection.lake, sha256=[sha(tune(1))], **SAID)
    assert row.prints == (TakenPrint.of(sha(tune(1)), midi_print(parse_midi(tune(1)))),)


def test_a_hash_that_nobody_knows_is_a_mark_without_notes(collection: Collection) -> None:
    row = resolve_takedown(collection.lake, sha256=["0" * 64], **SAID)
    assert (row.sha256, row.prints) == (("0" * 64,), ())
    assert active_takedowns(collection.lake.home) == (row,)


def test_a_file_from_anywhere_is_taken_down_by_its_notes(collection: Collection, tmp_path: Path) -> None:
    collection.holds(a=tune(1), b=tune(2))
    (tmp_path / "mine.mid").write_bytes(tune(1, shift=2))
    row = resolve_takedown(collection.lake, files=[tmp_path / "mine.mid"], **SAID)
    assert row.sha256 == (sha(tune(1, shift=2)),)
    collection.read()
    assert collection.outcome() == (["b"], ["a"], ["a", "b"])


@pytest.mark.parametrize("data", [b"no music", b"", None])
def test_a_file_that_cannot_be_read_is_refused(collection: Collection, tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "mine.mid"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(TakedownError, match=r"mine\.mid cannot be read: .*sha256"):
        resolve_takedown(collection.lake, files=[path], **SAID)
    assert active_takedowns(collection.lake.home) == ()


def test_files_that_cannot_be_read_have_no_print_and_keep_their_reason(tmp_path: Path) -> None:
    tasks = []
    for name, data in (("bad.mid", b"no music"), ("good.mid", tune(1)), ("taken.mid", tune(2))):
        (tmp_path / name).write_bytes(data)
        tasks.append(FileTask(str(tmp_path / name), name, sha(data), takedown="abc" if name != "good.mid" else None))
    found = extract_files(tasks, "d")
    assert found.prints.schema == FILE_PRINTS
    assert found.prints["path"].to_pylist() == ["good.mid", "taken.mid"]
    assert found.rejected["reason"].to_pylist() == ["not_midi", "taken_down"]


def test_notes_that_were_taken_down_are_known(tmp_path: Path) -> None:
    row = take_down(
        tmp_path, sha256=["0" * 64], prints=[TakenPrint.of("0" * 64, midi_print(parse_midi(tune(2))))], **SAID
    )
    tasks = []
    for seed in range(4):
        (tmp_path / f"{seed}.mid").write_bytes(tune(seed, shift=1))
        tasks.append(FileTask(str(tmp_path / f"{seed}.mid"), f"{seed}.mid", sha(tune(seed, shift=1))))
    found = extract_files(tasks, "d", taken=print_index([row]))
    assert found.rejected["path"].to_pylist() == ["2.mid"]
    assert found.files["path"].to_pylist() == ["0.mid", "1.mid", "3.mid"]


# Files found beside copies with the same notes, of 25 that are taken down: takes of a beat, a tune under two titles.
SAME_MUSIC = {"groove": 1, "ceol_rince": 1, "js_fakes": 0, "openscore_lieder": 0}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SAME_MUSIC))
def test_real_works_are_found_in_another_key_and_others_are_not(shared: Path, name: str) -> None:
    paths = sorted((shared / "corpus" / name).rglob("*.mid"))
    parsed = [parse_midi(path.read_bytes()) for path in paths]
    prints = [midi_print(one) for one in parsed]
    beside: list[str] = []
    for index in range(0, len(paths), len(paths) // 25):
        one = prints[index]
        if one.digest:
            taken = PrintIndex([Wanted("it", one.digest, one.hashes, True)])
            assert taken.match(midi_print(replace(parsed[index], pitch=parsed[index].pitch + 5))) == "it"
            found = {place for place, other in enumerate(prints) if taken.match(other)}
            assert index in found
            beside += [paths[place].name for place in found if prints[place].digest != one.digest]
    assert len(beside) <= SAME_MUSIC[name], beside
