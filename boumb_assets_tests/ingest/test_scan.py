"""Scanning a folder: everything in it is either a row or a reason, whatever it is."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boumb_assets.ingest import hashing, scan
from boumb_assets.ingest.hashing import Hashing
from boumb_assets.ingest.listing import ABSENT, MAX_FILE_BYTES, Entry, listing_fingerprint, survey, walk
from boumb_assets.ingest.reading import hash_file
from boumb_assets.ingest.schema import RAW
from boumb_assets.ingest.sorted_rows import SortedRows
from boumb_assets.lake.rejection import REJECTED, Reason, Rejection
from boumb_assets_tests.ingest.scanning import entries_of, reasons, scan_folder

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes and case-sensitive paths")


def _files(root: Path, **contents: bytes) -> None:
    for name, data in contents.items():
        (root / f"{name}.mid").write_bytes(data)


def test_files_are_listed_hashed_and_left_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("z.mid", "b/A.MIDI", "b/c/song.Kar", "b/c/x.rmi", "b/readme.txt", "B.mid.txt"):
        (tmp_path / name).write_bytes(name.encode())
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw.schema == RAW
    assert scanned.rejected.schema == REJECTED
    assert scanned.rejected.num_rows == 0
    assert scanned.raw["path"].to_pylist() == ["b/A.MIDI", "b/c/song.Kar", "b/c/x.rmi", "z.mid"]
    assert scanned.raw["sha256"].to_pylist()[3] == hashlib.sha256(b"z.mid").hexdigest()
    assert scanned.raw["source"].to_pylist() == [str(tmp_path.resolve())] * 4
    assert scanned.raw["bytes"].to_pylist()[0] == len("b/A.MIDI")


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    _files(tmp_path, a=b"one", b=b"two", c=b"three")
    first = scan_folder(tmp_path, "songs")
    (tmp_path / "b.mid").write_bytes(b"TWO")
    os.utime(tmp_path / "b.mid", ns=(1, 1))
    (tmp_path / "c.mid").unlink()
    # A wrong hash under the right size and time shows that the file was not opened.
    marked = first.raw.set_column(4, RAW.field("sha256"), pa.array(["known"] * 3))
    second = scan_folder(tmp_path, "songs", marked)
    assert (first.hashed, second.hashed) == (3, 1)
    assert second.raw["sha256"].to_pylist() == ["known", hashlib.sha256(b"TWO").hexdigest()]


def test_what_is_known_of_another_folder_is_not_believed(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mid").write_bytes(name.encode())
        os.utime(tmp_path / name / "a.mid", ns=(5, 5))
    moved = scan_folder(tmp_path / "y", "songs", scan_folder(tmp_path / "x", "songs").raw)
    assert moved.raw["sha256"].to_pylist() == [hashlib.sha256(b"y").hexdigest()]


def test_two_scans_give_the_same_table(tmp_path: Path) -> None:
    _files(tmp_path, **{f"n{number}": bytes([number + 1]) for number in range(30)})
    first = scan_folder(tmp_path, "songs")
    assert scan_folder(tmp_path, "songs").raw.equals(first.raw)
    assert scan_folder(tmp_path, "songs", first.raw).raw.equals(first.raw)


def test_progress_ends_with_all_files(tmp_path: Path) -> None:
    _files(tmp_path, a=b"1", b=b"2")
    told: list[tuple[int, int]] = []
    scan_folder(tmp_path, "songs", None, lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 2), (2, 2))
    assert told == sorted(told)


@linux
def test_links_are_set_aside_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.mid").write_bytes(b"x")
    root = tmp_path / "root"
    root.mkdir()
    _files(root, a=b"1")
    (root / "inside.mid").symlink_to(root / "a.mid")
    (root / "escape.mid").symlink_to(outside / "secret.mid")
    (root / "broken.mid").symlink_to(root / "nothing")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "note.txt").symlink_to(outside / "secret.mid")
    scanned = scan_folder(root, "songs")
    assert scanned.raw["path"].to_pylist() == ["a.mid"]
    assert reasons(scanned.rejected) == dict.fromkeys(
        ["inside.mid", "escape.mid", "broken.mid", "folder", "loop"], "symlink"
    )


@linux
def test_names_with_control_characters_are_set_aside_and_shown(tmp_path: Path) -> None:
    (tmp_path / "\x1b[2J").mkdir()
    for name in ("\x1b[2J/inner.mid", "two\nlines.mid", "\x9b31m.mid", "fair\u3000\u00e9.mid"):
        (tmp_path / name).write_bytes(b"bytes")
    (tmp_path / "link.mid").symlink_to("\x1b[31m")
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["fair\u3000\u00e9.mid"]
    assert reasons(scanned.rejected) == {
        "\\x1b[2J/inner.mid": "unsafe_name",
        "link.mid": "symlink",
        "two\\x0alines.mid": "unsafe_name",
        "\\x9b31m.mid": "unsafe_name",
    }
    assert all(detail.isprintable() for detail in scanned.rejected["detail"].to_pylist())


def test_the_home_is_passed_over(tmp_path: Path) -> None:
    home = tmp_path / "deep" / ".boumb"
    (home / "sources").mkdir(parents=True)
    (tmp_path / "deep" / ".boumb.mid").write_bytes(b"bytes")
    for name in ("fetched.mid", "index.tsv"):
        (home / "sources" / name).write_bytes(b"bytes")
    told: list[tuple[int, int]] = []
    mine = scan.Scan(tmp_path, "mine", progress=lambda done, total: told.append((done, total)), home=home)
    assert [path for batch in mine.batches() for path in batch["path"].to_pylist()] == ["deep/.boumb.mid"]
    assert mine.rejected().num_rows == 0 and told[-1] == (1, 1)


def test_names_that_are_not_utf8_are_set_aside_and_shown(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    Path(os.fsdecode(root + b"/\xff\xe9.mid")).write_bytes(b"1")
    Path(os.fsdecode(root + b"/\xff")).mkdir()
    Path(os.fsdecode(root + b"/\xff/inner.mid")).write_bytes(b"1")
    (tmp_path / "été.mid").write_bytes(b"1")
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["été.mid"]
    assert reasons(scanned.rejected) == {"\\xff/inner.mid": "name_not_utf8", "\\xff\\xe9.mid": "name_not_utf8"}


@linux
def test_of_names_that_differ_in_case_the_later_is_set_aside(tmp_path: Path) -> None:
    _files(tmp_path, Song=b"1", song=b"2", other=b"3")
    (tmp_path / "e\u0301.mid").write_bytes(b"4")
    (tmp_path / "\u00e9.mid").write_bytes(b"5")
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["Song.mid", "e\u0301.mid", "other.mid"]
    assert reasons(scanned.rejected) == {"song.mid": "name_collision", "\u00e9.mid": "name_collision"}


def test_files_of_no_or_too_many_bytes_are_set_aside(tmp_path: Path) -> None:
    _files(tmp_path, empty=b"", fair=b"1")
    with (tmp_path / "huge.mid").open("wb") as handle:
        handle.truncate(MAX_FILE_BYTES + 1)
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["fair.mid"]
    assert reasons(scanned.rejected) == {"empty.mid": "empty_file", "huge.mid": "too_large"}


@linux
def test_a_pipe_is_no_file_and_blocks_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mid")
    scanned = scan_folder(tmp_path, "songs")
    assert reasons(scanned.rejected) == {"pipe.mid": "unreadable"}


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_what_may_not_be_read_is_set_aside() -> None:
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        _files(root, a=b"1", b=b"2")
        (root / "a.mid").chmod(0)
        (root / "closed").mkdir(mode=0)
        if user == 0:
            os.seteuid(65534)  # root may read everything
        try:
            scanned = scan_folder(root, "songs")
        finally:
            os.seteuid(user)
    assert scanned.raw["path"].to_pylist() == ["b.mid"]
    assert reasons(scanned.rejected) == {"a.mid": "unreadable", "closed/": "unreadable"}


@pytest.mark.parametrize("change", [b"longer than before", b"x", b"ONE"])
def test_a_file_that_changed_since_it_was_listed_is_set_aside(tmp_path: Path, change: bytes) -> None:
    _files(tmp_path, a=b"one")
    entry = entries_of(tmp_path)[0]
    (tmp_path / "a.mid").write_bytes(change)
    os.utime(tmp_path / "a.mid", ns=(7, 7))
    outcome = hash_file(tmp_path, entry)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.CHANGED_WHILE_READING


@linux
def test_a_file_that_became_a_link_or_went_away_is_set_aside(tmp_path: Path) -> None:
    _files(tmp_path, target=b"one")
    found = (tmp_path / "target.mid").stat()
    (tmp_path / "a.mid").symlink_to(tmp_path / "target.mid")
    for name in ("a.mid", "gone.mid"):
        outcome = hash_file(tmp_path, Entry(name, found.st_size, found.st_mtime_ns))
        assert isinstance(outcome, Rejection)
        assert outcome.reason is Reason.UNREADABLE


def test_a_file_that_goes_while_the_scan_is_under_way_is_no_row(tmp_path: Path) -> None:
    _files(tmp_path, a=b"1", b=b"2")
    told: list[tuple[int, int]] = []

    def removing(done: int, total: int) -> None:
        (tmp_path / "a.mid").unlink(missing_ok=True)
        told.append((done, total))

    assert scan_folder(tmp_path, "songs", None, removing).raw["path"].to_pylist() == ["b.mid"]
    assert told[-1] == (2, 2)


def test_two_changes_within_a_tick_of_the_clock_are_told_apart(tmp_path: Path) -> None:
    for _ in range(10):
        states = set()
        for content in (b"one", b"two"):
            _files(tmp_path, a=content)
            entry = entries_of(tmp_path)[0]
            assert hash_file(tmp_path, entry) == hashlib.sha256(content).hexdigest()
            states.add(entry)
        assert len(states) == 2


@pytest.mark.parametrize("size", [100, 3 << 20])
def test_a_file_that_grows_while_it_is_read_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    _files(tmp_path, a=b"x" * size)
    entry = entries_of(tmp_path)[0]
    read = os.read

    def growing(descriptor: int, count: int) -> bytes:
        with (tmp_path / "a.mid").open("ab") as handle:
            handle.write(b"more")
        return read(descriptor, count)

    monkeypatch.setattr(os, "read", growing)
    outcome = hash_file(tmp_path, entry)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.CHANGED_WHILE_READING


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        scan_folder(tmp_path / "nothing", "songs")


def test_the_fingerprint_changes_with_names_sizes_and_times_only(tmp_path: Path) -> None:
    root = tmp_path / "root"
    assert listing_fingerprint(root) == ABSENT
    root.mkdir()
    seen = [listing_fingerprint(root)]
    _files(root, a=b"1")
    seen.append(listing_fingerprint(root))
    os.utime(root / "a.mid", ns=(9, 9))
    seen.append(listing_fingerprint(root))
    (root / "a.mid").rename(root / "b.mid")
    seen.append(listing_fingerprint(root))
    (root / "index.tsv").write_text("file\ttitle\n")
    seen.append(listing_fingerprint(root))
    assert len(set(seen)) == 5
    (root / "readme.txt").write_text("of no interest")
    assert listing_fingerprint(root) == seen[-1]


@linux
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.binary(min_size=1, max_size=6).filter(lambda name: b"/" not in name and b"\0" not in name),
            st.sampled_from(["file", "empty", "link", "folder"]),
        ),
        max_size=8,
        unique_by=lambda item: item[0],
    )
)
def test_every_name_is_a_row_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[bytes, str]]
) -> None:
    root = tmp_path_factory.mktemp("any")
    for name, kind in items:
        path = Path(os.fsdecode(os.fsencode(root) + b"/" + name + b".mid"))
        if kind == "link":
            path.symlink_to(root)
        elif kind == "folder":
            path.mkdir()
        else:
            path.write_bytes(b"x" if kind == "file" else b"")
    scanned = scan_folder(root, "songs")
    expected = sum(kind != "folder" for _, kind in items)
    assert scanned.raw.num_rows + scanned.rejected.num_rows == expected
    assert scanned.raw["path"].to_pylist() == sorted(scanned.raw["path"].to_pylist())


def _walked(root: Path) -> tuple[list[str], list[str]]:
    """What a walk of ``root`` keeps, and what it sets aside as a collision: by remembering everything."""
    kept: dict[str, str] = {}
    aside = []
    for path in sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()):
        folded = unicodedata.normalize("NFC", path).casefold()
        if kept.setdefault(folded, path) != path:
            aside.append(path)
    return sorted(kept.values()), aside


@linux
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.sampled_from(["a", "A", "a-", "a.", "a0", "\u00e9", "e\u0301", "\ue000", "\U0001f3b5"]), min_size=1
        ),
        max_size=8,
    )
)
def test_a_walk_is_in_the_order_of_paths_and_finds_every_collision(
    tmp_path_factory: pytest.TempPathFactory, paths: list[list[str]]
) -> None:
    root = tmp_path_factory.mktemp("any")
    for parts in paths:
        path = root.joinpath(*parts[:5])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.mid").write_bytes(b"x")
    kept, aside = _walked(root)
    found = list(walk(root))
    assert [one.path for one in found] == sorted(one.path for one in found)
    assert [one.path for one in found if isinstance(one, Entry)] == kept
    assert [one.path for one in found if isinstance(one, Rejection)] == aside


@linux
def test_a_tree_deeper_than_paths_may_be_long_is_walked_as_far_as_they_reach(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for depth in range(2500):
        if depth in (0, 1000, 2499):
            os.close(os.open("a.mid", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    try:
        found = list(walk(tmp_path))
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)
    assert [(one.path[-9:], one.reason) for one in found if isinstance(one, Rejection)] == [
        ("a.mid", Reason.EMPTY_FILE),
        ("d/d/a.mid", Reason.EMPTY_FILE),
        ("/d/d/d/d/", Reason.UNREADABLE),
    ]


def test_a_survey_finds_the_metadata_and_counts_the_rest(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    _files(tmp_path, a=b"1", b=b"2")
    for name in ("INDEX.TSV", "sub/maestro-v3.0.0.csv", "metadata.csv", "maestro.csv", "sub/a.mid"):
        (tmp_path / name).write_text("x")
    metadata, files = survey(tmp_path)
    assert [entry.path for entry in metadata] == ["INDEX.TSV", "metadata.csv", "sub/maestro-v3.0.0.csv"]
    assert files == 3


def test_batches_are_joined_across_their_edges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_BATCH", 3)
    names = [f"n{number:02d}" for number in range(20)]
    _files(tmp_path, **{name: name.encode() for name in names})
    (tmp_path / "index.tsv").write_text("file\ttitle\n" + "".join(f"{name}.mid\t{name}\n" for name in names[::2]))
    first = scan_folder(tmp_path, "songs")
    assert first.raw["title"].to_pylist() == [name if number % 2 == 0 else None for number, name in enumerate(names)]
    for number in (3, 4, 11):
        (tmp_path / f"n{number:02d}.mid").unlink()
    _files(tmp_path, n07a=b"new", zz=b"new")
    again = scan_folder(tmp_path, "songs", first.raw)
    assert again.hashed == 2
    assert again.raw.equals(scan_folder(tmp_path, "songs").raw)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)), st.integers(1, 7), st.integers(1, 7))
def test_sorted_rows_are_joined_as_by_a_dictionary(
    stated: set[int], asked: set[int], rows_at_once: int, asked_at_once: int
) -> None:
    table = pa.table({"path": pa.array([f"{number:02d}" for number in sorted(stated)], pa.string())})
    rows = SortedRows(table.append_column("value", table["path"]).to_batches(rows_at_once))
    paths = [f"{number:02d}" for number in sorted(asked)]
    found: list[str | None] = []
    for start in range(0, len(paths), asked_at_once):
        part = paths[start : start + asked_at_once]
        joined = rows.at(pa.array(part))
        found += [None] * len(part) if joined is None else joined["value"].to_pylist()
    assert found == [path if int(path) in stated else None for path in paths]


def test_processes_find_what_one_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_HANDED", 7)
    _files(tmp_path, **{f"n{number}": bytes([number + 1]) for number in range(60)})
    entries = [*entries_of(tmp_path), Entry("gone.mid", 1, 1), Entry("n0.mid", 5, 5)]
    alone = hashing.hash_all(str(tmp_path), entries)
    assert [outcome.reason for outcome in alone[-2:] if isinstance(outcome, Rejection)] == [
        Reason.UNREADABLE,
        Reason.CHANGED_WHILE_READING,
    ]
    monkeypatch.setattr(hashing, "FEW", 0)
    with Hashing(tmp_path, processes=2) as started:
        together = [outcome for future in started.start(entries) for outcome in future.result()]
        # A process that is killed takes nothing with it.
        for process in started._processes:
            process.kill()
        after = [outcome for future in started.start(entries) for outcome in future.result()]
    assert together == after == alone
    assert all(process.returncode is not None for process in started._processes)


@linux
def test_processes_end_with_a_scan_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import time; from pathlib import Path; from boumb_assets.ingest import hashing; hashing.FEW = 0\n"
        "started = hashing.Hashing(Path('/'), 2); started.start([])\n"
        "print(*(process.pid for process in started._processes), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        started = [Path(f"/proc/{pid}/cmdline") for pid in parent.stdout.readline().split()]
        assert len(started) == 2
        parent.kill()
    deadline = time.monotonic() + 20
    while any(path.exists() and b"hashing" in path.read_bytes() for path in started):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _peak(root: Path, files: int) -> int:
    """The most bytes that Python's objects took during a scan of ``root``."""
    tracemalloc.start()
    try:
        assert sum(batch.num_rows for batch in scan.Scan(root, "songs").batches()) == files
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_BATCH", 256)
    for folder in range(64):
        (tmp_path / "many" / str(folder)).mkdir(parents=True)
        for number in range(128):
            (tmp_path / "many" / str(folder) / f"{number}.mid").write_bytes(b"x")
    few = tmp_path / "few"
    few.mkdir()
    for folder in range(8):
        (tmp_path / "many" / str(folder)).rename(few / str(folder))
    _peak(few, 8 * 128)  # what is made once
    assert _peak(tmp_path / "many", 56 * 128) < 1.25 * _peak(few, 8 * 128)


def test_the_real_collections(shared: Path) -> None:
    songs = scan_folder(shared / "corpus" / "openscore_lieder", "songs")
    assert (songs.raw.num_rows, songs.rejected.num_rows) == (1108, 0)
    assert songs.raw["composer"].null_count == 0
    assert max(songs.raw["composer_died"].to_pylist()) < 1956
    stated = (shared / "corpus" / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]
    hashes = {row.split("\t")[0]: row.split("\t")[4] for row in stated}
    found = zip(songs.raw["path"].to_pylist(), songs.raw["sha256"].to_pylist(), strict=True)
    assert all(hashes[f"openscore_lieder/{path}"] == sha256 for path, sha256 in found)
    groove = scan_folder(shared / "corpus" / "groove", "groove")
    assert (groove.raw.num_rows, groove.rejected.num_rows) == (1150, 0)
    assert set(groove.raw["official_split"].to_pylist()) == {"train", "validation", "test"}
    assert groove.raw["bpm"].null_count == 0
