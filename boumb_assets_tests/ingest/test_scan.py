"""Scanning a folder: everything in it is either a row or a reason, whatever it is."""

import hashlib
import os
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boumb_assets.ingest.listing import ABSENT, MAX_FILE_BYTES, Entry, list_folder, listing_fingerprint
from boumb_assets.ingest.reading import hash_file
from boumb_assets.ingest.scan import scan_folder
from boumb_assets.ingest.schema import RAW
from boumb_assets.lake.rejection import REJECTED, Reason, Rejection

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes and case-sensitive paths")


def _files(root: Path, **contents: bytes) -> None:
    for name, data in contents.items():
        (root / f"{name}.mid").write_bytes(data)


def _reasons(rejected: pa.Table) -> dict[str, str]:
    return dict(zip(rejected["path"].to_pylist(), rejected["reason"].to_pylist(), strict=True))


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
    assert told == [(0, 2), (1, 2), (2, 2)]


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
    assert _reasons(scanned.rejected) == dict.fromkeys(
        ["inside.mid", "escape.mid", "broken.mid", "folder", "loop"], "symlink"
    )


@linux
def test_names_that_are_not_utf8_are_set_aside_and_shown(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    Path(os.fsdecode(root + b"/\xff\xe9.mid")).write_bytes(b"1")
    Path(os.fsdecode(root + b"/\xff")).mkdir()
    Path(os.fsdecode(root + b"/\xff/inner.mid")).write_bytes(b"1")
    (tmp_path / "été.mid").write_bytes(b"1")
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["été.mid"]
    assert _reasons(scanned.rejected) == {"\\xff/inner.mid": "name_not_utf8", "\\xff\\xe9.mid": "name_not_utf8"}


@linux
def test_of_names_that_differ_in_case_the_later_is_set_aside(tmp_path: Path) -> None:
    _files(tmp_path, Song=b"1", song=b"2", other=b"3")
    (tmp_path / "e\u0301.mid").write_bytes(b"4")
    (tmp_path / "\u00e9.mid").write_bytes(b"5")
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["Song.mid", "e\u0301.mid", "other.mid"]
    assert _reasons(scanned.rejected) == {"song.mid": "name_collision", "\u00e9.mid": "name_collision"}


def test_files_of_no_or_too_many_bytes_are_set_aside(tmp_path: Path) -> None:
    _files(tmp_path, empty=b"", fair=b"1")
    with (tmp_path / "huge.mid").open("wb") as handle:
        handle.truncate(MAX_FILE_BYTES + 1)
    scanned = scan_folder(tmp_path, "songs")
    assert scanned.raw["path"].to_pylist() == ["fair.mid"]
    assert _reasons(scanned.rejected) == {"empty.mid": "empty_file", "huge.mid": "too_large"}


@linux
def test_a_pipe_is_no_file_and_blocks_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mid")
    scanned = scan_folder(tmp_path, "songs")
    assert _reasons(scanned.rejected) == {"pipe.mid": "unreadable"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_set_aside(tmp_path: Path) -> None:
    _files(tmp_path, a=b"1", b=b"2")
    (tmp_path / "a.mid").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    scanned = scan_folder(tmp_path, "songs")
    assert _reasons(scanned.rejected) == {"a.mid": "unreadable", "closed/": "unreadable"}


@pytest.mark.parametrize("change", [b"longer than before", b"x", b"ONE"])
def test_a_file_that_changed_since_it_was_listed_is_set_aside(tmp_path: Path, change: bytes) -> None:
    _files(tmp_path, a=b"one")
    entry = list_folder(tmp_path).files[0]
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
