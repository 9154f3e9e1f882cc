"""Fetching over a real connection: resumed after a break, verified, bounded, and by https alone."""

import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from boumb_assets.ingest import fetching
from boumb_assets.ingest.fetching import fetch
from boumb_assets.ingest.source_errors import FetchError
from boumb_assets_tests.ingest.loopback import Server, serving

DATA = random.Random(7).randbytes(1_000_000)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(tmp_path) as (state, trusted):
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        state.data = DATA
        yield state


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "songs.zip"


def no_pause(seconds: float) -> None:
    assert seconds >= 0


def _fetch(server: Server, target: Path, checksum: str | None = None, path: str = "songs.zip") -> str:
    return fetch(server.url(path), target, checksum, pause=no_pause)


def _ranges(server: Server) -> list[str | None]:
    return [asked.get("range") for _, asked in server.asked]


def test_a_file_is_fetched_once(server: Server, target: Path) -> None:
    told: list[tuple[int, int, str]] = []
    found = fetch(
        server.url(), target, f"sha256:{SHA256}", lambda done, total, text="": told.append((done, total, text))
    )
    assert found == SHA256 and target.read_bytes() == DATA
    assert told[-1] == (0, 0, "fetching: MiB")
    assert _fetch(server, target, f"sha256:{SHA256}") == SHA256
    assert _fetch(server, target, f"md5:{hashlib.md5(DATA).hexdigest()}") == SHA256
    assert _fetch(server, target) == SHA256
    assert len(server.asked) == 1
    assert sorted(path.name for path in target.parent.iterdir()) == ["songs.zip", "songs.zip.json"]


def test_who_asks_says_so_and_nothing_more(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = target.parent.parent / "netrc"
    netrc.write_text("machine localhost login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.headers["Set-Cookie"] = "who=me; Path=/"
    server.overrides["/moved.zip"] = lambda asked: (302, {"Location": "/songs.zip"}, b"")
    _fetch(server, target, path="moved.zip")
    assert [path for path, _ in server.asked] == ["/moved.zip", "/songs.zip"]
    for _, asked in server.asked:
        assert asked["user-agent"].startswith("boumb_assets/")
        assert not {"cookie", "authorization", "referer"} & set(asked)


def test_a_broken_transfer_goes_on_where_it_was(server: Server, target: Path) -> None:
    server.breaks_after = [300_000, 0, 200_000]
    assert _fetch(server, target, f"sha256:{SHA256}") == SHA256
    assert target.read_bytes() == DATA
    assert _ranges(server) == [None, "bytes=300000-", "bytes=300000-", "bytes=500000-"]
    assert server.asked[1][1]["if-range"] == '"one"'


def test_a_later_run_goes_on_where_the_first_gave_up(server: Server, target: Path) -> None:
    server.breaks_after = [300_000, *[0] * 10]
    with pytest.raises(FetchError, match="the next run goes on") as caught:
        _fetch(server, target)
    assert caught.value.temporary and not target.exists()
    assert len(server.asked) == 5
    server.breaks_after = []
    server.asked.clear()
    assert _fetch(server, target) == SHA256
    assert _ranges(server) == ["bytes=300000-"]


def test_a_whole_file_that_was_not_yet_named_is_not_fetched_again(server: Server, target: Path) -> None:
    server.breaks_after = [300_000, *[0] * 10]
    with pytest.raises(FetchError):
        _fetch(server, target)
    target.with_name("songs.zip.part").write_bytes(DATA)
    server.asked.clear()
    assert _fetch(server, target) == SHA256
    assert _ranges(server) == ["bytes=1000000-"]


def test_a_server_without_ranges_sends_all_again(server: Server, target: Path) -> None:
    server.ranges = False
    server.breaks_after = [300_000]
    assert _fetch(server, target) == SHA256
    assert _ranges(server) == [None, "bytes=300000-"]


def test_another_version_is_begun_anew(server: Server, target: Path) -> None:
    server.breaks_after = [300_000, *[0] * 10]
    with pytest.raises(FetchError):
        _fetch(server, target)
    server.breaks_after, server.tag, server.data = [], '"two"', DATA[::-1]
    _fetch(server, target)
    assert target.read_bytes() == DATA[::-1]


@pytest.mark.parametrize("tag", ["", 'W/"weak"', '"\xff"', '"\x1b[2J"', f'"{"a" * 9000}"'])
def test_nothing_is_resumed_that_may_be_another_version(server: Server, target: Path, tag: str) -> None:
    server.tag = tag
    server.breaks_after = [300_000]
    assert _fetch(server, target) == SHA256
    assert _ranges(server) == [None, None]


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("bytes 0-999999/1000000", "answers with 0 to"),
        ("bytes 300001-999999/1000000", "answers with 300001 to"),
        ("bytes 300000-400000/1000000", "answers with 300000 to 400000"),
        ("bytes 300000-999999/*", "does not say with which"),
        ("", "does not say with which"),
    ],
)
def test_a_wrong_range_is_refused(server: Server, target: Path, stated: str, text: str) -> None:
    def answer(asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if "range" not in asked:
            return 200, {"ETag": '"one"'}, DATA
        return 206, {"ETag": '"one"', **({"Content-Range": stated} if stated else {})}, DATA[300_000:]

    server.overrides["/songs.zip"] = answer
    server.breaks_after = [300_000]
    with pytest.raises(FetchError, match=text) as caught:
        _fetch(server, target)
    assert not caught.value.temporary and not target.exists()


def test_a_range_of_another_file_is_refused(server: Server, target: Path) -> None:
    server.breaks_after = [300_000]
    part = 206, {"ETag": '"two"', "Content-Range": "bytes 300000-999999/1000000"}, DATA[300_000:]
    whole = 200, {"ETag": '"one"'}, DATA
    server.overrides["/songs.zip"] = lambda asked: part if "range" in asked else whole
    with pytest.raises(FetchError, match="another file than it began with"):
        _fetch(server, target)


def test_a_range_that_nobody_asked_for_is_refused(server: Server, target: Path) -> None:
    server.overrides["/songs.zip"] = lambda asked: (206, {"Content-Range": "bytes 0-999999/1000000"}, DATA)
    with pytest.raises(FetchError, match="was asked for the bytes from 0"):
        _fetch(server, target)


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_a_wrong_checksum_deletes_the_file_and_says_both(server: Server, target: Path, algorithm: str) -> None:
    wanted = hashlib.new(algorithm, b"other").hexdigest()
    found = hashlib.new(algorithm, DATA).hexdigest()
    with pytest.raises(FetchError, match=f"{found}.*{wanted}"):
        _fetch(server, target, f"{algorithm}:{wanted}")
    assert list(target.parent.iterdir()) == []


def test_what_lies_there_under_another_checksum_or_address_is_fetched_again(server: Server, target: Path) -> None:
    _fetch(server, target)
    server.data = DATA[::-1]
    assert _fetch(server, target, f"sha256:{hashlib.sha256(DATA[::-1]).hexdigest()}") != SHA256
    server.data = DATA
    assert _fetch(server, target, path="moved.zip") == SHA256
    assert len(server.asked) == 3


def test_what_came_from_an_earlier_address_is_not_taken_for_the_new_one_after_a_break(
    server: Server, target: Path
) -> None:
    _fetch(server, target)
    server.data, server.breaks_after = DATA[::-1], [300_000, *[0] * 10]
    with pytest.raises(FetchError, match="the next run goes on"):
        _fetch(server, target, path="moved.zip")
    server.breaks_after = []
    assert _fetch(server, target, path="moved.zip") == hashlib.sha256(DATA[::-1]).hexdigest()


def test_what_nothing_is_known_of_is_fetched_again(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"left by a run that was killed, or put here by somebody")
    assert _fetch(server, target) == SHA256


@pytest.mark.parametrize(
    "location", ["http://localhost/songs.zip", "ftp://localhost/x", "file:///etc/passwd", "//u:p@h/"]
)
def test_it_is_not_led_away_from_https(server: Server, target: Path, location: str) -> None:
    server.overrides["/songs.zip"] = lambda asked: (301, {"Location": location}, b"")
    with pytest.raises(FetchError, match="leads away from https") as caught:
        _fetch(server, target)
    assert "u:p" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("location", ["https://[::1", "https://xn--a/songs.zip", "https://a:99999999/", "?" * 70_000])
def test_an_address_that_is_none_is_refused(server: Server, target: Path, location: str) -> None:
    server.overrides["/songs.zip"] = lambda asked: (301, {"Location": location}, b"")
    with pytest.raises(FetchError) as caught:
        _fetch(server, target)
    assert len(str(caught.value)) < 500


def test_it_is_not_led_round_and_round(server: Server, target: Path) -> None:
    server.overrides["/songs.zip"] = lambda asked: (302, {"Location": "/songs.zip"}, b"")
    with pytest.raises(FetchError, match="leads on and on"):
        _fetch(server, target)
    assert len(server.asked) == fetching.MAX_REDIRECTS


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (403, 1), (401, 1), (503, 4), (429, 4)])
def test_a_busy_server_is_asked_again_and_a_refusal_is_not(
    server: Server, target: Path, status: int, asked: int
) -> None:
    server.overrides["/songs.zip"] = lambda headers: (status, {}, b"")
    with pytest.raises(FetchError, match=str(status)) as caught:
        _fetch(server, target)
    assert len(server.asked) == asked
    assert caught.value.temporary == (asked > 1)


@pytest.mark.parametrize("length", [True, False])
def test_what_is_too_large_is_refused(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch, length: bool
) -> None:
    monkeypatch.setattr(fetching, "MAX_ARCHIVE_BYTES", 999_999)
    server.length = length
    with pytest.raises(FetchError, match="999999"):
        _fetch(server, target)
    assert not target.exists()
    assert sum(path.stat().st_size for path in target.parent.iterdir() if path.suffix == ".part") == 0


def test_what_does_not_fit_is_refused(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "RESERVE_BYTES", 1 << 60)
    with pytest.raises(FetchError, match="make room"):
        _fetch(server, target)
    assert list(target.parent.iterdir()) == []


def test_a_body_of_unknown_length_leaves_room_on_the_disk(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.parent.mkdir()
    free = shutil.disk_usage(target.parent).free
    monkeypatch.setattr(fetching, "RESERVE_BYTES", free - 500_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    server.length = False
    with pytest.raises(FetchError, match="more than the 500000 bytes"):
        _fetch(server, target)
    assert sum(path.stat().st_size for path in target.parent.glob("*.part")) == 0


def test_a_server_that_drips_does_not_keep_us(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SLOW_S", 0.0)
    with pytest.raises(FetchError, match="too slowly") as caught:
        _fetch(server, target)
    assert caught.value.temporary and not target.exists()


def test_what_a_server_says_is_told_in_short_and_without_control_characters(server: Server, target: Path) -> None:
    location = f"http://{'x' * 9000}/songs.zip"
    server.overrides["/songs.zip"] = lambda asked: (301, {"Location": location}, b"")
    with pytest.raises(FetchError) as caught:
        _fetch(server, target)
    assert len(str(caught.value)) < 500


def test_what_is_packed_unasked_is_refused(server: Server, target: Path) -> None:
    server.headers["Content-Encoding"] = "gzip"
    with pytest.raises(FetchError, match="asked not to"):
        _fetch(server, target)
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_a_server_that_nobody_vouches_for_is_refused(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchError, match="certificate"):
        _fetch(server, target)
    assert server.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(target))
    with pytest.raises(FetchError, match="SSL_CERT_FILE"):
        _fetch(server, target)


def test_nobody_at_the_address_is_one_line(server: Server, target: Path) -> None:
    with pytest.raises(FetchError, match="the next run goes on") as caught:
        fetch("https://localhost:1/songs.zip", target, pause=no_pause)
    assert caught.value.temporary and "\n" not in str(caught.value)
    with pytest.raises(FetchError):
        fetch("https://localhost:99999/songs.zip", target, pause=no_pause)
