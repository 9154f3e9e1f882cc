"""Archives: what is in them is unpacked or told of, what they try is refused, and nothing leaves the folder."""

import bz2
import gzip
import io
import lzma
import random
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boumb_assets.ingest import archives, tar_members, zip_members
from boumb_assets.ingest.archives import unpack
from boumb_assets.ingest.listing import MAX_FILE_BYTES
from boumb_assets.ingest.source_errors import ArchiveError
from boumb_assets.lake.rejection import Reason
from boumb_assets_tests.ingest.hand_made import (
    MIDI,
    Entry,
    deflated,
    overlapping_zip,
    pax_tar,
    quoted_zip,
    tar_bytes,
    tar_header,
    tar_member,
    written,
    zip_bytes,
)

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": gzip.compress,
    "tgz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
}


def _unpack(tmp_path: Path, data: bytes, suffix: str = "zip") -> tuple[dict[str, bytes], dict[str, Reason]]:
    """What is written, and the reasons by path."""
    archive, folder = tmp_path / f"songs.{suffix}", tmp_path / "unpacked"
    archive.write_bytes(data)
    folder.mkdir()
    rejections = unpack(archive, folder)
    return written(folder), {one.path: one.reason for one in rejections}


def _refused(tmp_path: Path, data: bytes, suffix: str = "zip") -> str:
    with pytest.raises(ArchiveError) as caught:
        _unpack(tmp_path, data, suffix)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What is in them.


def test_a_zip_gives_what_a_scan_looks_at(tmp_path: Path) -> None:
    inner = zip_bytes([Entry(b"hidden.mid")])
    found, rejected = _unpack(
        tmp_path,
        zip_bytes(
            [
                Entry(b"songs/", b""),
                deflated(b"songs/a.mid", MIDI * 100),
                Entry(b"./songs//B.MIDI"),
                Entry(b"index.tsv", b"path\n"),
                Entry(b"readme.txt", b"hello"),
                Entry(b"more.zip", inner),
            ]
        ),
    )
    assert found == {"songs/a.mid": MIDI * 100, "songs/B.MIDI": MIDI, "index.tsv": b"path\n"}
    assert rejected == {}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_tar_gives_what_a_scan_looks_at(tmp_path: Path, suffix: str) -> None:
    data = tar_bytes(
        tar_header("songs", 0, tarfile.DIRTYPE),
        tar_member("./songs/a.mid", MIDI * 100),
        tar_member("songs/info.csv", b"path\n"),
        tar_member("songs/readme.txt"),
        tar_member("empty.mid", b""),
    )
    found, rejected = _unpack(tmp_path, PACKERS[suffix](data), suffix)
    assert found == {"songs/a.mid": MIDI * 100, "songs/info.csv": b"path\n", "empty.mid": b""}
    assert rejected == {}


def test_long_names_of_every_format_are_read(tmp_path: Path) -> None:
    name = "/".join(["a rather long name of a folder"] * 6) + "/é.mid"
    for number, form in enumerate((tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=form) as archive:
            info = tarfile.TarInfo(name)
            info.size = len(MIDI)
            archive.addfile(info, io.BytesIO(MIDI))
        (tmp_path / str(number)).mkdir()
        assert _unpack(tmp_path / str(number), out.getvalue(), "tar") == ({name: MIDI}, {})


def test_what_is_written_is_a_plain_file_of_ours(tmp_path: Path) -> None:
    _unpack(tmp_path, zip_bytes([Entry(b"a.mid", mode=stat.S_IFREG | 0o4777)]))
    assert stat.S_IMODE((tmp_path / "unpacked" / "a.mid").stat().st_mode) & ~0o644 == 0


def test_progress_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_bytes([Entry(b"a.mid"), Entry(b"b.mid")]))
    (tmp_path / "folder").mkdir()
    told: list[tuple[int, int, str]] = []
    unpack(tmp_path / "a.zip", tmp_path / "folder", lambda done, total, text="": told.append((done, total, text)))
    assert told == [(1, 2, "unpacking"), (2, 2, "unpacking")]


def test_xz_streams_may_follow_each_other(tmp_path: Path) -> None:
    data = tar_bytes(tar_member("a.mid", MIDI * 1000))
    packed = lzma.compress(data[:700]) + bytes(8) + lzma.compress(data[700:]) + bytes(4)
    assert _unpack(tmp_path, packed, "tar.xz")[0] == {"a.mid": MIDI * 1000}


# Members that are set aside.

UNSAFE = (
    "../a.mid",
    "songs/../../a.mid",
    "/a.mid",
    "//a.mid",
    "C:/a.mid",
    "c:a.mid",
    "..\\a.mid",
    "songs\\a.mid",
    "a\nb.mid",
    "a\x1b[2Jb.mid",
    "a" * 252 + ".mid",
    "/".join(["abcdefghi"] * 110) + "/a.mid",
)


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_a_name_that_leads_out_is_not_written(tmp_path: Path, name: str, suffix: str) -> None:
    data = zip_bytes([Entry(name.encode()), Entry(b"b.mid")]) if suffix == "zip" else pax_tar([name, "b.mid"])
    found, rejected = _unpack(tmp_path, data, suffix)
    assert found == {"b.mid": MIDI}
    assert list(rejected.values()) == [Reason.UNSAFE_NAME]
    assert len(next(iter(rejected))) <= 200 and next(iter(rejected)).isprintable()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"songs.{suffix}", "unpacked"]


def test_a_name_that_is_cut_at_a_nul_is_not_written(tmp_path: Path) -> None:
    found, rejected = _unpack(tmp_path, zip_bytes([Entry(b"a.mid\0.txt"), Entry(b"b.txt\0.mid")]))
    assert found == {}
    assert rejected == {"a.mid\\x00.txt": Reason.UNSAFE_NAME, "b.txt\\x00.mid": Reason.UNSAFE_NAME}


def test_names_that_are_not_utf8_are_set_aside(tmp_path: Path) -> None:
    found, rejected = _unpack(tmp_path, zip_bytes([Entry(b"\xff.mid"), Entry("é.mid".encode())]))
    assert found == {"é.mid": MIDI}  # without the flag for UTF-8, as many programs write it
    assert rejected == {"\\xff.mid": Reason.NAME_NOT_UTF8}
    (tmp_path / "tar").mkdir()
    data = tar_bytes(tar_member("\udcff.mid"), tar_member("é.mid"))
    assert _unpack(tmp_path / "tar", data, "tar") == (found, rejected)
    (tmp_path / "flagged").mkdir()
    assert "no whole .zip" in _refused(tmp_path / "flagged", zip_bytes([Entry(b"\xff.mid", flags=0x800)]))


def test_links_and_devices_are_set_aside(tmp_path: Path) -> None:
    found, rejected = _unpack(
        tmp_path,
        tar_bytes(
            tar_header("a.mid", 0, tarfile.SYMTYPE, "/etc/passwd"),
            tar_header("songs", 0, tarfile.SYMTYPE, ".."),
            tar_member("songs/b.mid"),  # is written into a folder, not through the link
            tar_header("c.mid", 0, tarfile.LNKTYPE, "songs/b.mid"),
            tar_header("d.mid", 0, tarfile.FIFOTYPE),
            tar_header("e.mid", 0, tarfile.CHRTYPE),
            tar_header("f.mid", 0, tarfile.BLKTYPE),
            tar_header("g.mid", 0, b"Z"),
        ),
        "tar",
    )
    assert found == {"songs/b.mid": MIDI}
    special = dict.fromkeys(["c.mid", "d.mid", "e.mid", "f.mid", "g.mid"], Reason.SPECIAL_FILE)
    assert rejected == {"a.mid": Reason.SYMLINK, "songs": Reason.SYMLINK, **special}
    (tmp_path / "zip").mkdir()
    found, rejected = _unpack(
        tmp_path / "zip",
        zip_bytes(
            [
                Entry(b"a.mid", b"/etc/passwd", mode=stat.S_IFLNK | 0o777),
                Entry(b"b.mid", b"", mode=stat.S_IFIFO | 0o644),
                Entry(b"c.mid", b"", mode=stat.S_IFCHR | 0o644),
            ]
        ),
    )
    assert found == {}
    assert rejected == {"a.mid": Reason.SYMLINK, "b.mid": Reason.SPECIAL_FILE, "c.mid": Reason.SPECIAL_FILE}


def test_a_sparse_file_is_set_aside(tmp_path: Path) -> None:
    header = bytearray(tar_header("a.mid", 512, tarfile.GNUTYPE_SPARSE))
    header[386:410] = b"%011o\0%011o\0" % (0, 512)
    header[483:495] = b"%011o\0" % (4 << 30)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    found, rejected = _unpack(tmp_path, tar_bytes(bytes(header) + bytes(512), tar_member("b.mid")), "tar")
    assert found == {"b.mid": MIDI}
    assert rejected == {"a.mid": Reason.SPECIAL_FILE}


@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_of_two_members_with_one_name_neither_is_kept(tmp_path: Path, suffix: str) -> None:
    names = ["a.mid", "b.mid", "./a.mid", "a.mid"]
    contents = [b"good", b"b", b"bad", b"worse"]
    entries = [Entry(name.encode(), data) for name, data in zip(names, contents, strict=True)]
    members = (tar_member(name, data) for name, data in zip(names, contents, strict=True))
    found, rejected = _unpack(tmp_path, zip_bytes(entries) if suffix == "zip" else tar_bytes(*members), suffix)
    assert found == {"b.mid": b"b"}
    assert rejected == {"a.mid": Reason.DUPLICATE_NAME}


def test_a_link_and_a_file_with_one_name_are_both_set_aside(tmp_path: Path) -> None:
    data = tar_bytes(tar_header("a.mid", 0, tarfile.SYMTYPE, "/etc/passwd"), tar_member("a.mid"))
    archive, folder = tmp_path / "songs.tar", tmp_path / "unpacked"
    archive.write_bytes(data)
    folder.mkdir()
    rejections = unpack(archive, folder)
    assert written(folder) == {}
    assert [one.reason for one in rejections] == [Reason.SYMLINK, Reason.DUPLICATE_NAME]


@pytest.mark.parametrize("second", ["SONG.MID", "songs/É.mid", "songs/É.mid"])
def test_of_names_that_some_systems_take_for_one_the_first_is_kept(tmp_path: Path, second: str) -> None:
    first = "song.mid" if second == "SONG.MID" else "songs/é.mid"
    data = pax_tar([first, second])
    found, rejected = _unpack(tmp_path, data, "tar")
    assert list(found) == [first]
    assert rejected == {second: Reason.DUPLICATE_NAME}


def test_a_file_where_a_folder_is_wanted_is_no_way_out(tmp_path: Path) -> None:
    found, rejected = _unpack(
        tmp_path, zip_bytes([Entry(b"a.mid"), Entry(b"a.mid/b.mid"), Entry(b"c.mid/d.mid"), Entry(b"c.mid")])
    )
    assert found == {"a.mid": MIDI, "c.mid/d.mid": MIDI}
    assert rejected == {"a.mid/b.mid": Reason.DUPLICATE_NAME, "c.mid": Reason.DUPLICATE_NAME}


def test_what_is_encrypted_or_oddly_packed_is_set_aside(tmp_path: Path) -> None:
    found, rejected = _unpack(
        tmp_path,
        zip_bytes(
            [
                Entry(b"a.mid", flags=0x1),
                Entry(b"b.mid", flags=0x41),
                Entry(b"c.mid", method=zipfile.ZIP_LZMA),
                Entry(b"d.mid", method=97),
                Entry(b"e.mid"),
            ]
        ),
    )
    assert found == {"e.mid": MIDI}
    assert rejected == {
        "a.mid": Reason.ENCRYPTED,
        "b.mid": Reason.ENCRYPTED,
        "c.mid": Reason.UNREADABLE,
        "d.mid": Reason.UNREADABLE,
    }


def test_a_member_that_is_too_large_is_set_aside(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(1 << 20) * 33
    assert len(data) > MAX_FILE_BYTES
    members = tar_bytes(tar_member("a.mid", data), tar_member("b.mid"))
    assert _unpack(tmp_path, members, "tar") == ({"b.mid": MIDI}, {"a.mid": Reason.TOO_LARGE})
    (tmp_path / "zip").mkdir()
    assert _unpack(tmp_path / "zip", zip_bytes([Entry(b"a.mid", data), Entry(b"b.mid")])) == (
        {"b.mid": MIDI},
        {"a.mid": Reason.TOO_LARGE},
    )


def test_a_member_of_an_absurd_ratio_is_set_aside(tmp_path: Path) -> None:
    entries = [deflated(b"a.mid", bytes(8 << 20)), deflated(b"b.mid", MIDI * 500)]
    found, rejected = _unpack(tmp_path, zip_bytes(entries))
    assert found == {"b.mid": MIDI * 500}
    assert rejected == {"a.mid": Reason.COMPRESSION_BOMB}


# Archives that are refused as a whole.


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    assert "overlap" in _refused(tmp_path, overlapping_zip(100, MIDI * 1000))
    (tmp_path / "quoted").mkdir()
    assert "overlap" in _refused(tmp_path / "quoted", quoted_zip(MIDI))


def test_a_member_that_runs_into_the_table_is_refused(tmp_path: Path) -> None:
    data = bytearray(zip_bytes([Entry(b"a.mid"), Entry(b"b.mid")]))
    table = data.index(b"PK\1\2", data.index(b"PK\1\2") + 1)
    data[table + 20 : table + 24] = (len(MIDI) + 10).to_bytes(4, "little")
    assert "overlap" in _refused(tmp_path, bytes(data))


def test_sizes_that_lie_are_refused(tmp_path: Path) -> None:
    honest = deflated(b"a.mid", bytes(range(256)) * 1000)
    assert "not of the 100 bytes" in _refused(tmp_path, zip_bytes([replace(honest, size=100)]))
    (tmp_path / "smuggled").mkdir()
    smuggled = replace(honest, data=MIDI)  # the checksum is that of the first bytes alone
    assert "a.mid" in _refused(tmp_path / "smuggled", zip_bytes([smuggled]))
    (tmp_path / "more").mkdir()
    assert "states" in _refused(tmp_path / "more", zip_bytes([replace(honest, size=256_001)]))


def test_a_name_of_which_table_and_header_differ_is_refused(tmp_path: Path) -> None:
    assert "no whole .zip" in _refused(tmp_path, zip_bytes([Entry(b"a.mid", local_name=b"b.mid")]))


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    data = zip_bytes([Entry(b"a.mid", b"x" * 100)]).replace(b"x" * 50, b"x" * 49 + b"y", 1)
    assert "no whole .zip" in _refused(tmp_path, data)
    (tmp_path / "gz").mkdir()
    # Of a whole number of the blocks that the library reads, so that it sees no reason to read the checksum.
    packed = bytearray(gzip.compress(tar_bytes(tar_member("a.mid", bytes(tarfile.RECORDSIZE - 1536)))))
    packed[-8] ^= 1
    assert "no whole .tar" in _refused(tmp_path / "gz", bytes(packed), "tar.gz")


@pytest.mark.parametrize("suffix", ["tar.gz", "tar.bz2", "tar.xz"])
def test_a_stream_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(tar_members, "HARMLESS_BYTES", 1 << 20)
    data = tar_bytes(tar_member("a.bin", bytes(24 << 20)), tar_member("b.mid"))
    assert "times its size" in _refused(tmp_path, PACKERS[suffix](data), suffix)


def test_a_zip_that_unpacks_to_absurdly_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_members, "HARMLESS_BYTES", 1 << 20)
    many = [deflated(f"{number}.mid".encode(), MIDI * 10 + bytes(60_000)) for number in range(40)]
    assert "times its size" in _refused(tmp_path, zip_bytes(many))


@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_the_bounds_on_members_and_bytes_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    names = [f"{number}.mid" for number in range(30)]
    data = zip_bytes([Entry(name.encode()) for name in names]) if suffix == "zip" else pax_tar(names)
    module = zip_members if suffix == "zip" else tar_members
    with monkeypatch.context() as patch:
        patch.setattr(module, "MAX_MEMBERS", 29)
        assert "members" in _refused(tmp_path, data, suffix)
    monkeypatch.setattr(module, "MAX_UNPACKED_BYTES", 500)
    (tmp_path / "bytes").mkdir()
    assert "500" in _refused(tmp_path / "bytes", data, suffix)


def test_not_too_much_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_SET_ASIDE", 9)
    data = zip_bytes([Entry(f"a\\{number}.mid".encode()) for number in range(10)])
    assert "more than 9 of its members" in _refused(tmp_path, data)


def test_a_table_of_contents_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_members, "MAX_TABLE_BYTES", 1 << 10)
    many = [Entry(f"{number}.txt".encode(), b"") for number in range(100)]
    assert "table of contents" in _refused(tmp_path, zip_bytes(many))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_header_that_fills_the_memory_is_refused(tmp_path: Path, kind: bytes) -> None:
    size = 8 << 20
    data = tar_bytes(tar_header("x", size, kind) + b"a" * size, tar_member("b.mid"))
    assert "describes one of its members" in _refused(tmp_path, gzip.compress(data), "tar.gz")


def test_a_negative_size_does_not_go_round(tmp_path: Path) -> None:
    header = bytearray(tar_header("a.mid"))
    header[124:136] = b"\xff" * 10 + b"\xfc\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert "no whole .tar" in _refused(tmp_path, tar_bytes(tar_member("b.mid"), bytes(header)), "tar")


def test_a_size_that_is_made_up_does_not_keep_us(tmp_path: Path) -> None:
    """The library reads on behind the end of the file, for as long as the header says."""
    header = bytearray(tar_header("a.txt"))
    header[124:136] = b"\x80" + bytes(3) + b"\x0f" + bytes(7)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert "ends before its end mark" in _refused(tmp_path, tar_bytes(tar_member("b.mid"), bytes(header)), "tar")


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_headers_that_describe_each_other_are_refused(tmp_path: Path, kind: bytes) -> None:
    chain = tar_header("x", 0, kind) * 1500
    assert "no whole .tar" in _refused(tmp_path, tar_bytes(chain, tar_member("b.mid")), "tar")


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_attributes_that_take_quadratic_time_are_refused(tmp_path: Path, kind: bytes) -> None:
    size = 1 << 18
    data = tar_bytes(tar_header("x", size, kind) + b"1" * size, tar_member("b.mid"))
    assert "all digits" in _refused(tmp_path, data, "tar")


def test_xz_that_asks_for_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_members, "MAX_XZ_BYTES", 1 << 20)
    assert "no whole .tar" in _refused(tmp_path, lzma.compress(tar_bytes(tar_member("a.mid"))), "tar.xz")


@pytest.mark.parametrize("suffix", ["zip", *PACKERS])
def test_what_is_cut_anywhere_is_refused(tmp_path: Path, suffix: str) -> None:
    """The library takes a .tar that ends between members, or at a broken header, for a whole one."""
    noise = [random.Random(seed).randbytes(900) for seed in range(4)]
    if suffix == "zip":
        whole = zip_bytes([deflated(f"{number}.mid".encode(), data) for number, data in enumerate(noise)])
    else:
        whole = PACKERS[suffix](tar_bytes(*(tar_member(f"{n}.mid", data) for n, data in enumerate(noise))))
    end = len(whole) - (1024 if suffix == "tar" else 0)
    for number, cut in enumerate([0, 1, 100, 512, end // 4 * 3, end - 512, end - 100, end]):
        if cut == len(whole):
            continue
        (tmp_path / str(number)).mkdir()
        _refused(tmp_path / str(number), whole[:cut], suffix)


def test_a_tar_with_a_broken_header_is_no_shorter_one(tmp_path: Path) -> None:
    data = bytearray(tar_bytes(tar_member("a.mid"), tar_member("b.mid"), tar_member("c.mid")))
    data[1024 + 3] ^= 1
    assert "no whole .tar" in _refused(tmp_path, bytes(data), "tar")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for number, (suffix, data) in enumerate(
        [("zip", b"<html>"), ("tar", b"<html>" * 200), ("tgz", b"x"), ("txz", b"x")]
    ):
        (tmp_path / str(number)).mkdir()
        assert "no whole" in _refused(tmp_path / str(number), data, suffix)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), suffix=st.sampled_from(["zip", "tar", "tar.gz", "tar.xz"]))
def test_broken_bytes_are_refused_or_read_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, suffix: str
) -> None:
    tmp_path = tmp_path_factory.mktemp("broken")
    plain = tar_bytes(tar_member("a.mid"), tar_header("b.mid", 0, tarfile.SYMTYPE, "x"), tar_member("c/d.mid"))
    whole = bytearray(
        zip_bytes([deflated(b"a.mid", MIDI * 9), Entry(b"c/d.mid")]) if suffix == "zip" else PACKERS[suffix](plain)
    )
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        _unpack(tmp_path, bytes(whole), suffix)
    except ArchiveError as error:
        assert "\n" not in str(error)
    assert {path.name for path in tmp_path.iterdir()} == {f"songs.{suffix}", "unpacked"}


NAMES = st.lists(
    st.text(st.sampled_from("ab./\\:\0\n~é\u0301A") | st.characters(codec="utf-8"), min_size=1, max_size=12).map(
        lambda name: f"{name}.mid"
    )
    | st.sampled_from(UNSAFE),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=NAMES, suffix=st.sampled_from(["zip", "tar"]))
def test_whatever_the_names_are_nothing_is_written_outside(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], suffix: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    tmp_path = outside / "deep" / "er"
    tmp_path.mkdir(parents=True)
    data = zip_bytes([Entry(name.encode(), flags=0x800) for name in names]) if suffix == "zip" else pax_tar(names)
    found, rejected = _unpack(tmp_path, data, suffix)
    assert set(written(outside)) == {f"deep/er/songs.{suffix}", *(f"deep/er/unpacked/{path}" for path in found)}
    assert len(found) + len(rejected) > 0
    for path in found:
        assert path.isprintable() or "\n" not in path
        assert not {"..", "."} & set(path.split("/"))


# The disk.


def test_an_archive_that_does_not_fit_is_refused_before_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "RESERVE_BYTES", 1 << 60)
    for suffix, data in (("zip", zip_bytes([Entry(b"a.mid")])), ("tar", tar_bytes(tar_member("a.mid")))):
        (tmp_path / suffix).mkdir()
        assert "make room" in _refused(tmp_path / suffix, data, suffix)
        assert written(tmp_path / suffix / "unpacked") == {}


_FULL = """
import resource, signal, sys
from pathlib import Path
from boumb_assets.ingest.archives import unpack
from boumb_assets.ingest.source_errors import ArchiveError
from boumb_assets.lake.folders import writing_folder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with writing_folder(Path(sys.argv[2])) as folder:
        unpack(Path(sys.argv[1]), folder)
except ArchiveError as error:
    print(error.temporary, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_a_disk_that_is_full_half_way_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_bytes([Entry(b"a.mid"), Entry(b"b.mid", bytes(range(256)) * 40)]))
    command = [sys.executable, "-c", _FULL, str(tmp_path / "a.zip"), str(tmp_path / "home" / "songs")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("True it cannot be unpacked: ")
    assert list((tmp_path / "home").iterdir()) == []
