"""Fetching an archive from its address: to the end, once, and the one that was declared."""

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from boumb_assets.ingest.archive_members import RESERVE_BYTES, shown
from boumb_assets.ingest.source_errors import FetchError
from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.progress import Progress, silent

if TYPE_CHECKING:
    import httpx

# The largest archive of the catalogue has 2 GB; MAESTRO with its audio has 103 GB, and is not what is wanted here.
MAX_ARCHIVE_BYTES: Final = 16 << 30
CONNECT_S: Final = 15.0
# Without a byte for so long a transfer counts as broken.
SILENCE_S: Final = 60.0
# Slower than 7 kB a second nobody sends but to keep us: a byte a minute would break no silence.
SLOW_BYTES: Final = 4 << 20
SLOW_S: Final = 600.0
# How long to wait before each further attempt; one that brought something on starts from the first again.
WAITS_S: Final = (0.5, 2.0, 8.0)
MAX_ATTEMPTS: Final = 100
MAX_REDIRECTS: Final = 10
_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_VALIDATOR: Final = re.compile(r"[ -~]{1,200}")
_AGAIN: Final = frozenset([408, 425, 429])
_REDIRECTS: Final = frozenset([301, 302, 303, 307, 308])


class _Transfer(BaseModel):
    """What is known of a file, or of the part of one that came, beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    validator: str = ""
    """The server's name for this very version of the file (RFC 9110, 13.1.5); empty where it gives none."""


class _BrokenError(Exception):
    """The transfer ended before the file did, or the server is busy: it is tried again."""


def fetch(
    url: str,
    target: Path,
    checksum: str | None = None,
    progress: Progress = silent,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """The sha256 of the file at ``url``, which lies at ``target`` afterwards.

    ``checksum`` is `sha256:...` or `md5:...`; a target that has it already is not fetched again, and one without a
    checksum not where it came from the same address. A transfer that breaks goes on from where it was, here or when
    this is called again, if the server still has the same file.

    Raises FetchError in one line: an address that answers with an error or leads away from https, a file that is too
    large for the bound or the disk, one that is not what ``checksum`` says (it is deleted).
    """
    part = target.with_name(f"{target.name}.part")
    try:
        if target.is_file() and (found := _cached(target, url, checksum)):
            return found
        target.parent.mkdir(parents=True, exist_ok=True)
        with _client() as client:
            _fetch_whole(client, url, part, progress, pause)
        found = _expected(part, url, checksum)
        # What is there without a record is not trusted, so the order holds wherever it ends.
        _record(target).unlink(missing_ok=True)
        part.replace(target)
        _record(part).replace(_record(target))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            part.unlink(missing_ok=True)
        raise FetchError(f"{url} cannot be written to {target.parent}: {error.strerror}", temporary=True) from None
    return found


def file_digest(path: Path, algorithm: str) -> str:
    """The hexadecimal digest of a file, by sha256 or md5. Raises OSError."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def refuse_other(path: Path, checksum: str | None, what: str) -> str:
    """The sha256 of a file. Raises FetchError, saying both, where ``checksum`` is another."""
    sha256 = file_digest(path, "sha256")
    if checksum is not None:
        algorithm, _, wanted = checksum.partition(":")
        found = sha256 if algorithm == "sha256" else file_digest(path, algorithm)
        if found != wanted:
            raise FetchError(f"{what} has the {algorithm} {found}, and {wanted} is expected")
    return sha256


def _cached(target: Path, url: str, checksum: str | None) -> str | None:
    if checksum is None and ((known := _read(target)) is None or known.url != url):
        return None
    try:
        return refuse_other(target, checksum, "")
    except FetchError:
        return None


def _expected(part: Path, url: str, checksum: str | None) -> str:
    try:
        return refuse_other(part, checksum, url)
    except FetchError as error:
        part.unlink()
        _record(part).unlink(missing_ok=True)
        raise FetchError(
            f"{error}; it was deleted. Compare the declared checksum with what its makers publish; if they changed the "
            "file, `boumb dataset update` takes the new one"
        ) from None


@contextmanager
def _client() -> Iterator["httpx.Client"]:
    import httpx

    nobody = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
    headers = {"User-Agent": f"boumb_assets/{_version()}", "Accept-Encoding": "identity"}
    try:
        client = httpx.Client(timeout=timeout, headers=headers, cookies=nobody, follow_redirects=False)
    except OSError as error:
        raise FetchError(f"no certificates to trust: {error.strerror}; see SSL_CERT_FILE") from None
    with client:
        yield client


def _version() -> str:
    try:
        return version("boumb_assets")
    except PackageNotFoundError:
        return "0"


def _fetch_whole(
    client: "httpx.Client", url: str, part: Path, progress: Progress, pause: Callable[[float], None]
) -> None:
    """Fetches until the file is whole, or until it breaks too often without coming on."""
    failures = 0
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = _size(part)
        try:
            return _fetch_on(client, url, part, progress)
        except _BrokenError as error:
            failures = 0 if _size(part) > before else failures + 1
            if failures > len(WAITS_S) or attempt == MAX_ATTEMPTS:
                raise FetchError(
                    f"{url}: {error}; what came is kept, and the next run goes on from there", temporary=True
                ) from None
            pause(WAITS_S[max(failures - 1, 0)])


def _fetch_on(client: "httpx.Client", url: str, part: Path, progress: Progress) -> None:
    """One attempt, from where the last one ended. Raises _BrokenError where another may do better."""
    import httpx

    known = _read(part)
    have = _size(part) if known is not None and known.url == url and known.validator else 0
    asked = {"Range": f"bytes={have}-", "If-Range": known.validator} if known is not None and have else {}
    try:
        with _following(client, url, asked) as answer:
            if answer.status_code == 416:
                if have and answer.headers.get("Content-Range") == f"bytes */{have}":
                    return
                part.unlink(missing_ok=True)
                raise _BrokenError("it has no bytes after those that came; the file is begun anew")
            start, total = _place(answer, have, url)
            most = _most(part, url, start, total)
            if start == 0:
                state = _Transfer(url=url, validator=_validator(answer))
                part.unlink(missing_ok=True)
                write_atomically(_record(part), state.model_dump_json().encode())
            elif known is not None and _validator(answer) not in ("", known.validator):
                raise FetchError(f"{url} went on with another file than it began with")
            _write(answer, part, url, start, total, most, progress)
            if total is not None and (size := _size(part)) < total:
                raise _BrokenError(f"{size} of {total} bytes came")
    except (httpx.InvalidURL, UnicodeError):  # the latter where a host is no international name
        raise FetchError(f"{url} leads to an address that is none") from None
    except httpx.HTTPError as error:
        why = shown(str(error))  # of the server's bytes, some of which it may repeat
        if "CERTIFICATE_VERIFY_FAILED" in why:
            raise FetchError(f"{url}: its certificate is not to be trusted ({why})") from None
        raise _BrokenError(why or type(error).__name__) from None


@contextmanager
def _following(client: "httpx.Client", url: str, headers: dict[str, str]) -> Iterator["httpx.Response"]:
    """The answer of the last address that ``url`` leads to, whose status is one of success or 416."""
    import httpx

    at = _next_address(httpx.URL(), url, url)
    for _ in range(MAX_REDIRECTS):
        with client.stream("GET", at, headers=headers) as answer:
            if answer.status_code not in _REDIRECTS:
                _refuse_status(answer, url)
                yield answer
                return
            at = _next_address(at, answer.headers.get("Location", ""), url)
    raise FetchError(f"{url} leads on and on: more than {MAX_REDIRECTS} redirects")


def _next_address(at: "httpx.URL", location: str, url: str) -> "httpx.URL":
    following = at.join(location)
    if following.scheme != "https" or following.userinfo:
        where = shown(f"{following.scheme}://{following.host}")
        raise FetchError(f"{url} leads away from https (to {where}): refused")
    return following


def _refuse_status(answer: "httpx.Response", url: str) -> None:
    status, phrase = answer.status_code, shown(answer.reason_phrase)
    if status >= 500 or status in _AGAIN:
        raise _BrokenError(f"the server answers {status} {phrase}")
    if status not in (200, 206, 416):
        raise FetchError(f"{url}: the server answers {status} {phrase}; look for its new address")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchError(f"{url}: the server packs what it sends, though it was asked not to")


def _place(answer: "httpx.Response", have: int, url: str) -> tuple[int, int | None]:
    """Where the bytes of an answer begin, and how many the file has in all, None where the server does not say."""
    if answer.status_code == 200:
        length = answer.headers.get("Content-Length", "")
        return 0, int(length) if re.fullmatch(r"\d{1,18}", length) else None
    stated = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if stated is None:
        raise FetchError(f"{url} answers with a part of the file, and does not say with which")
    first, last, total = (int(number) for number in stated.groups())
    if not have or first != have or last != total - 1:
        raise FetchError(f"{url} was asked for the bytes from {have}, and answers with {first} to {last} of {total}")
    return have, total


def _most(part: Path, url: str, start: int, total: int | None) -> int:
    """The bytes that the file may have, all in all: what it says, or as many as are fetched and as fit."""
    free = shutil.disk_usage(part.parent).free
    if total is None:
        return min(MAX_ARCHIVE_BYTES, max(start + free - RESERVE_BYTES, 0))
    if total > MAX_ARCHIVE_BYTES:
        raise FetchError(f"{url} has {total} bytes; at most {MAX_ARCHIVE_BYTES} are fetched")
    if free < total - start + RESERVE_BYTES:
        raise FetchError(
            f"{url} needs {(total - start) >> 20} MiB in {part.parent}, and {free >> 20} are free, of which "
            f"{RESERVE_BYTES >> 20} are kept: make room",
            temporary=True,
        )
    return total


def _validator(answer: "httpx.Response") -> str:
    """What names this very version of the file, if it can be sent back. A weak tag does not say that the bytes are the
    same."""
    tag = answer.headers.get("ETag", "")
    name: str = tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")
    return name if _VALIDATOR.fullmatch(name) else ""


def _write(
    answer: "httpx.Response", part: Path, url: str, start: int, total: int | None, most: int, progress: Progress
) -> None:
    """Appends what comes to ``part``, and flushes it when there is no more. ``most`` bytes may be in it then."""
    done = mark = start
    since = time.monotonic()
    with part.open("ab") as handle:
        for chunk in answer.iter_raw():  # with a size it would keep the last piece of a break to itself
            done += len(chunk)
            if done > most:
                handle.truncate(0)
                raise FetchError(f"{url} sends more than the {most} bytes that it states, or that there is room for")
            handle.write(chunk)
            progress(done >> 20, max(total or done, done) >> 20, "fetching: MiB")
            now = time.monotonic()
            if done - mark >= SLOW_BYTES:
                mark, since = done, now
            elif now - since > SLOW_S:
                raise FetchError(f"{url} comes too slowly: {(done - mark) >> 10} KiB in {SLOW_S:.0f} s", temporary=True)
        handle.flush()
        os.fsync(handle.fileno())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _record(path: Path) -> Path:
    """What is known of a file, beside it."""
    return path.with_name(f"{path.name}.json")


def _read(path: Path) -> _Transfer | None:
    try:
        return _Transfer.model_validate_json(_record(path).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
