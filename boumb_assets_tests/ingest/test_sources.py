"""Sources: a folder of the owner, one that is unpacked or fetched, and one that the project writes."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from boumb_assets.ingest import archives, fetching, sources
from boumb_assets.ingest.listing import ABSENT
from boumb_assets.ingest.sources import (
    SourceError,
    forget_source,
    materialise_source,
    remove_source,
    source_fingerprint,
)
from boumb_assets.lake.rejection import Reason, Rejection
from boumb_assets.rights.builtin import DEMO
from boumb_assets.rights.declaration import AppLog, Dataset
from boumb_assets_tests.ingest.hand_made import MIDI, Entry, tar_bytes, tar_member, written, zip_bytes
from boumb_assets_tests.ingest.loopback import Server, serving

TWO = zip_bytes([Entry(b"a.mid"), Entry(b"../b.mid")])
OUTSIDE = (Rejection("../b.mid", Reason.UNSAFE_NAME, "its name leads out of the folder (..)"),)


class Writer:
    """Writes one file, and counts how often."""

    def __init__(self) -> None:
        self.text, self.calls, self.fails = "one", 0, False

    def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "a.mid").write_text(self.text)
        if self.fails:
            raise RuntimeError("broken")


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    made = Writer()
    monkeypatch.setattr(sources, "_WRITERS", {"demo": made})
    return made


def _version(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(sources, "generator_fingerprint", lambda: version)


def test_what_the_home_keeps_for_other_data_sets_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    """The home lies in the working directory by default, which may be the folder of one's music."""
    home = tmp_path / ".boumb"
    fetched = home / "sources" / "groove"
    fetched.mkdir(parents=True)
    (home / "datasets").mkdir()
    mine = Dataset(name="mine", source=str(tmp_path))
    before = source_fingerprint(mine, home)
    (fetched / "a.mid").write_bytes(MIDI)
    (home / "datasets" / "b.mid").write_bytes(MIDI)
    assert source_fingerprint(mine, home) == before
    assert materialise_source(mine, home).folder == tmp_path
    (tmp_path / "elsewhere").symlink_to(fetched)
    archive = home / "downloads" / "groove.zip"
    for source in (home, fetched, tmp_path / "elsewhere", archive, f"app-log:{fetched}"):
        log = AppLog() if str(source).startswith("app-log:") else None
        with pytest.raises(SourceError, match="other data sets"):
            materialise_source(Dataset(name="mine", source=str(source), app_log=log), home)


def test_a_data_set_that_is_removed_leaves_nothing_that_a_killed_run_had_begun(tmp_path: Path) -> None:
    begun = [tmp_path / "sources" / ".studio.4194305.tmp" / "a.mid", tmp_path / "downloads" / "studio.zip.part"]
    other = tmp_path / "sources" / ".studio-two.4194305.tmp" / "a.mid"
    for path in (*begun, other):
        path.parent.mkdir(parents=True)
        path.write_bytes(MIDI)
    remove_source("studio", tmp_path)
    assert set(written(tmp_path)) == {"sources/.studio-two.4194305.tmp/a.mid"}


def test_a_folder_is_used_where_it_lies(tmp_path: Path) -> None:
    dataset = Dataset(name="songs", source=str(tmp_path))
    assert materialise_source(dataset, tmp_path / "home").folder == tmp_path
    assert not (tmp_path / "home").exists()


def test_a_source_that_is_gone_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    gone = Dataset(name="songs", source=str(tmp_path / "nothing"))
    with pytest.raises(SourceError, match="boumb dataset add songs"):
        materialise_source(gone, tmp_path)
    with pytest.raises(SourceError, match="is a file"):
        materialise_source(Dataset(name="songs", source=str(tmp_path / "file")), tmp_path)
    assert source_fingerprint(gone, tmp_path) == ABSENT


def test_a_built_in_source_is_written_once(tmp_path: Path, writer: Writer) -> None:
    before = source_fingerprint(DEMO, tmp_path)
    folder = materialise_source(DEMO, tmp_path).folder
    assert folder == tmp_path / "sources" / "demo"
    assert materialise_source(DEMO, tmp_path).folder == folder
    assert writer.calls == 1
    # What the source is made of does not change by making it.
    assert source_fingerprint(DEMO, tmp_path) == before


def test_it_is_written_again_when_touched_or_when_its_code_changes(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _version(monkeypatch, "1")
    folder = materialise_source(DEMO, tmp_path).folder
    (folder / "a.mid").write_text("vandalised")
    materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").read_text() == "one"
    _version(monkeypatch, "2")
    writer.text = "two"
    materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").read_text() == "two"
    assert writer.calls == 3


def test_new_code_that_writes_the_same_touches_no_file(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _version(monkeypatch, "1")
    folder = materialise_source(DEMO, tmp_path).folder
    before = (folder / "a.mid").stat().st_mtime_ns
    _version(monkeypatch, "2")
    materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").stat().st_mtime_ns == before
    materialise_source(DEMO, tmp_path)
    assert writer.calls == 2


def test_a_failed_writing_leaves_what_was_there(
    tmp_path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _version(monkeypatch, "1")
    folder = materialise_source(DEMO, tmp_path).folder
    _version(monkeypatch, "2")
    writer.text, writer.fails = "half", True
    with pytest.raises(RuntimeError, match="broken"):
        materialise_source(DEMO, tmp_path)
    assert (folder / "a.mid").read_text() == "one"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["demo", "demo.version"]


# Archives.


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "songs.zip"
    path.write_bytes(TWO)
    return path


def _songs(source: object, checksum: str | None = None) -> Dataset:
    return Dataset(name="songs", source=str(source), checksum=checksum)


def _refused(dataset: Dataset, home: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        materialise_source(dataset, home)
    assert str(caught.value).startswith("songs: ") and "\n" not in str(caught.value)
    return caught.value


def test_an_archive_is_unpacked_once_and_tells_the_same_again(archive: Path, home: Path) -> None:
    dataset = _songs(archive)
    before = source_fingerprint(dataset, home)
    first = materialise_source(dataset, home)
    assert first.folder == home / "sources" / "songs" and written(first.folder) == {"a.mid": MIDI}
    assert first.rejections == OUTSIDE
    assert first.facts == {"archive_sha256": hashlib.sha256(TWO).hexdigest(), "members_set_aside": 1}
    inode = (first.folder / "a.mid").stat().st_ino
    assert materialise_source(dataset, home) == first
    assert (first.folder / "a.mid").stat().st_ino == inode
    assert source_fingerprint(dataset, home) == before
    assert sorted(path.name for path in home.rglob("*")) == ["a.mid", "songs", "songs.json", "sources"]


def test_a_tar_is_one_too_and_a_folder_called_so_is_a_folder(tmp_path: Path, home: Path) -> None:
    (tmp_path / "songs.tar").write_bytes(tar_bytes(tar_member("x/a.mid")))
    assert written(materialise_source(_songs(tmp_path / "songs.tar"), home).folder) == {"x/a.mid": MIDI}
    (tmp_path / "folder.zip").mkdir()
    folder = _songs(tmp_path / "folder.zip")
    assert materialise_source(folder, home).folder == tmp_path / "folder.zip"
    before = source_fingerprint(folder, home)
    (tmp_path / "folder.zip" / "a.mid").write_bytes(MIDI)
    assert source_fingerprint(folder, home) != before
    assert "has no checksum" in str(_refused(_songs(tmp_path / "folder.zip", f"md5:{'0' * 32}"), home))
    assert not forget_source(folder, home) and (tmp_path / "folder.zip" / "a.mid").exists()


def test_an_archive_that_only_looks_newer_is_not_unpacked_again(
    archive: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = _songs(archive)
    first = materialise_source(dataset, home)
    before = source_fingerprint(dataset, home)
    os.utime(archive, ns=(1, 1))
    assert source_fingerprint(dataset, home) != before
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 0)  # whatever is unpacked now is set aside
    assert materialise_source(dataset, home) == first
    assert materialise_source(dataset, home) == first


def test_another_archive_or_a_touched_folder_is_unpacked_again(archive: Path, home: Path) -> None:
    dataset = _songs(archive)
    folder = materialise_source(dataset, home).folder
    before = source_fingerprint(dataset, home)
    (folder / "a.mid").write_bytes(b"vandalised")
    assert source_fingerprint(dataset, home) != before
    materialise_source(dataset, home)
    assert written(folder) == {"a.mid": MIDI} and source_fingerprint(dataset, home) == before
    archive.write_bytes(zip_bytes([Entry(b"c.mid")]))
    assert source_fingerprint(dataset, home) != before
    assert materialise_source(dataset, home).rejections == ()
    assert written(folder) == {"c.mid": MIDI}


def test_a_refused_archive_leaves_nothing(tmp_path: Path, home: Path) -> None:
    (tmp_path / "songs.zip").write_bytes(TWO[:-4])
    error = _refused(_songs(tmp_path / "songs.zip"), home)
    assert "is refused: it is no whole .zip" in str(error) and not error.temporary
    assert list((home / "sources").iterdir()) == []


def test_a_checksum_of_an_archive_is_compared(archive: Path, home: Path) -> None:
    digest = hashlib.md5(TWO).hexdigest()
    assert materialise_source(_songs(archive, f"md5:{digest}"), home).rejections == OUTSIDE
    wrong = _refused(_songs(archive, f"md5:{'0' * 32}"), home)
    assert digest in str(wrong) and "0" * 32 in str(wrong)
    assert archive.read_bytes() == TWO  # it is the owner's


def test_an_archive_that_is_gone_says_what_to_do(tmp_path: Path, home: Path) -> None:
    dataset = _songs(tmp_path / "songs.zip")
    assert "boumb dataset add songs ARCHIVE" in str(_refused(dataset, home))
    assert source_fingerprint(dataset, home) == ABSENT
    os.mkfifo(tmp_path / "songs.zip")
    _refused(dataset, home)  # and does not wait for a writer
    long = _songs(tmp_path / f"{'x' * 300}.zip")  # asking for it is an error of the system
    _refused(long, home)
    assert source_fingerprint(long, home) == ABSENT


def test_forgetting_removes_what_was_unpacked_and_nothing_else(archive: Path, home: Path) -> None:
    dataset = _songs(archive)
    folder = materialise_source(dataset, home).folder
    before = source_fingerprint(dataset, home)
    assert forget_source(dataset, home)
    assert not folder.exists() and archive.exists()
    assert source_fingerprint(dataset, home) != before
    after = source_fingerprint(dataset, home)
    materialise_source(dataset, home)
    assert source_fingerprint(dataset, home) == after
    assert not forget_source(DEMO, home)


def test_removing_leaves_nothing_of_it_and_all_of_the_others(archive: Path, home: Path, server: Server) -> None:
    materialise_source(_songs(archive), home)
    materialise_source(_songs(server.url()), home)
    materialise_source(Dataset(name="songs-2", source=server.url()), home)
    remove_source("songs", home)
    left = {path.name for folder in ("sources", "downloads") for path in (home / folder).iterdir()}
    assert left == {"songs-2", "songs-2.json", "songs-2.zip", "songs-2.zip.json"}
    with pytest.raises(ValueError, match="no name"):
        remove_source("../songs", home)


def test_a_state_that_cannot_be_read_is_none(archive: Path, home: Path) -> None:
    first = materialise_source(_songs(archive), home)
    for text in ("", "{", json.dumps({"source": 1}), json.dumps([1])):
        (home / "sources" / "songs.json").write_text(text)
        assert materialise_source(_songs(archive), home) == first


def test_a_full_disk_is_tried_again_later(archive: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, clock = _songs(archive), [1e9]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    with monkeypatch.context() as patch:
        patch.setattr(archives, "RESERVE_BYTES", 1 << 60)
        seen = [source_fingerprint(dataset, home)]
        for wait in (30, 60, 120):
            assert _refused(dataset, home).temporary
            assert source_fingerprint(dataset, home) == seen[-1]
            clock[0] += wait - 1
            assert source_fingerprint(dataset, home) == seen[-1]
            clock[0] += 1
            seen.append(source_fingerprint(dataset, home))
        assert len(set(seen)) == 4
    materialise_source(dataset, home)
    clock[0] += 1e6
    assert source_fingerprint(dataset, home) == seen[-1]


# Archives at an address.


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(tmp_path) as (state, trusted):
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        monkeypatch.setattr(fetching, "WAITS_S", (0.0,))
        state.data = TWO
        yield state


def _answer(status: int, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    return status, {}, b""


@pytest.mark.parametrize("declared", [True, False])
def test_an_address_is_asked_once(server: Server, home: Path, declared: bool) -> None:
    sha256 = hashlib.sha256(TWO).hexdigest()
    dataset = _songs(server.url(), f"sha256:{sha256}" if declared else None)
    before = source_fingerprint(dataset, home)
    assert server.asked == []
    found = materialise_source(dataset, home)
    assert written(found.folder) == {"a.mid": MIDI} and found.rejections == OUTSIDE
    against = f"sha256:{sha256}" if declared else "the first download: no checksum is declared"
    assert found.facts == {"archive_sha256": sha256, "checked_against": against, "members_set_aside": 1}
    server.data = b"another"
    assert materialise_source(dataset, home) == found
    assert source_fingerprint(dataset, home) == before
    (found.folder / "a.mid").unlink()  # what was fetched is unpacked again
    assert materialise_source(dataset, home).folder == found.folder
    assert written(found.folder) == {"a.mid": MIDI}
    assert len(server.asked) == 1


def test_without_a_checksum_later_downloads_must_be_the_first(server: Server, home: Path) -> None:
    dataset = _songs(server.url())
    folder = materialise_source(dataset, home).folder
    (home / "downloads" / "songs.zip").unlink()
    (folder / "a.mid").unlink()
    server.data = zip_bytes([Entry(b"c.mid")])
    error = _refused(dataset, home)
    assert hashlib.sha256(TWO).hexdigest() in str(error) and "boumb dataset update" in str(error)
    assert forget_source(dataset, home)
    assert not (home / "downloads" / "songs.zip").exists()
    assert written(materialise_source(dataset, home).folder) == {"c.mid": MIDI}


def test_a_bomb_at_an_address_leaves_nothing_unpacked(server: Server, home: Path) -> None:
    server.data = TWO[:-4]
    error = _refused(_songs(server.url()), home)
    assert f"{server.url()} is refused" in str(error)
    assert [path.name for path in (home / "sources").iterdir()] == ["songs.json"]
    assert [path.name for path in (home / "downloads").iterdir()] == ["songs.zip.json"]


def test_an_address_that_does_not_answer_is_tried_again_and_one_that_refuses_is_not(
    server: Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = _songs(server.url())
    clock = [1e9]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    for status, again in ((404, False), (503, True)):
        before = source_fingerprint(dataset, home)
        server.overrides["/songs.zip"] = partial(_answer, status)
        assert _refused(dataset, home).temporary == again
        clock[0] += 31
        assert (source_fingerprint(dataset, home) != before) == again
    server.overrides.clear()
    seen = source_fingerprint(dataset, home)
    materialise_source(dataset, home)
    assert source_fingerprint(dataset, home) == seen
    # What refused is asked again when somebody says so.
    assert forget_source(dataset, home) and source_fingerprint(dataset, home) != seen


def test_another_address_is_another_source(server: Server, home: Path) -> None:
    folder = materialise_source(_songs(server.url()), home).folder
    server.overrides["/more.tar"] = lambda asked: (200, {}, tar_bytes(tar_member("c.mid")))
    materialise_source(_songs(server.url("more.tar")), home)
    assert written(folder) == {"c.mid": MIDI}


# An app's log.


def test_a_log_that_is_gone_leaves_no_answer_behind(tmp_path: Path, home: Path) -> None:
    log = tmp_path / "log"
    log.mkdir()
    dataset = Dataset(name="songs", source=f"app-log:{log}", app_log=AppLog())
    found = materialise_source(dataset, home)
    assert found.folder == home / "sources" / "songs" and found.facts == {"answers_set_aside": 0}
    (found.folder / "answer.mid").write_bytes(MIDI)
    log.rmdir()
    assert "app-log:FOLDER`" in str(_refused(dataset, home))
    assert not found.folder.exists()
    assert not forget_source(dataset, home)
