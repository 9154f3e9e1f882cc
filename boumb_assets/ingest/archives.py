"""Unpacking an archive: what a scan looks at, and nothing outside the folder, whatever the archive says."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from boumb_assets.ingest.archive_members import RESERVE_BYTES, Member, safe_path
from boumb_assets.ingest.listing import MAX_FILE_BYTES, folded, is_midi, is_wanted
from boumb_assets.ingest.metadata import MAX_METADATA_BYTES
from boumb_assets.ingest.source_errors import ArchiveError
from boumb_assets.ingest.tar_members import open_tar
from boumb_assets.ingest.zip_members import open_zip
from boumb_assets.lake.progress import Progress, silent
from boumb_assets.lake.rejection import Reason, Rejection

# All of a collection whose names are wrong, as Lakh's with backslashes; each is kept in memory, and told.
MAX_SET_ASIDE: Final = 250_000
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_ALWAYS_TOLD: Final = (Reason.SYMLINK, Reason.SPECIAL_FILE)


def unpack(archive: Path, folder: Path, progress: Progress = silent) -> list[Rejection]:
    """Writes the MIDI and metadata members of ``archive`` into the empty ``folder``, which is nobody else's; the
    members that were set aside. Other members are passed over, archives in the archive too.

    Raises ArchiveError for an archive that is refused as a whole; what was written by then is for the caller to remove,
    as `lake.folders.writing_folder` does.
    """
    opened: AbstractContextManager[tuple[int, Iterator[Member]]] = (
        open_zip(archive, progress) if archive.name.lower().endswith(".zip") else open_tar(archive, progress)
    )
    with opened as (least_bytes, members):
        refuse_full_disk(folder, least_bytes)
        return _Unpacking(folder).take(members)


def refuse_full_disk(folder: Path, wanted: int) -> None:
    """Raises ArchiveError where ``wanted`` bytes more would leave less than the reserve."""
    free = shutil.disk_usage(folder).free
    if free < wanted + RESERVE_BYTES:
        raise ArchiveError(
            f"{wanted >> 20} MiB are wanted in {folder.parent}, and {free >> 20} are free, of which "
            f"{RESERVE_BYTES >> 20} are kept: make room",
            temporary=True,
        )


class _Unpacking:
    """Writes members below a folder, and remembers what it set aside.

    Of members with the same name none is kept: of two programs one shows the first and one the last, so nobody can say
    which of them a statement about the file was about. Of names that differ in case or accents' encoding alone the
    first is kept, as when a folder is scanned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._rejections: list[Rejection] = []
        self._names: dict[str, str] = {}  # by what a system that ignores case takes them for
        self._doubled: set[str] = set()
        self._made: set[str] = {""}

    def take(self, members: Iterable[Member]) -> list[Rejection]:
        """Takes every member; the rejections."""
        for member in members:
            rejection = self._take(member)
            if rejection is None:
                continue
            self._rejections.append(rejection)
            if len(self._rejections) > MAX_SET_ASIDE:
                why = f"{rejection.path}: {rejection.detail}"
                raise ArchiveError(f"more than {MAX_SET_ASIDE} of its members cannot be taken, as {why}")
        for path in sorted(self._doubled):
            written = Path(self._folder, path)
            if written.is_file():
                written.unlink()
                self._rejections.append(_double(path))
        return self._rejections

    def _take(self, member: Member) -> Rejection | None:
        path = safe_path(member.name)
        if isinstance(path, Rejection):
            return path
        folder, _, name = path.rpartition("/")
        reason, why = member.hindrance or (None, "")
        if not is_wanted(name):
            return Rejection(path, reason, why) if reason in _ALWAYS_TOLD else None
        first = self._names.setdefault(folded(path), path)
        if first is not path:
            if first == path:
                self._doubled.add(path)
                return _double(path)
            return Rejection(path, Reason.DUPLICATE_NAME, f"differs from {first} in case or accents' encoding alone")
        if reason is not None:
            return Rejection(path, reason, why)
        limit = MAX_FILE_BYTES if is_midi(name) else MAX_METADATA_BYTES
        if member.size > limit:
            return Rejection(path, Reason.TOO_LARGE, f"{member.size} bytes; at most {limit} are read")
        return self._write(member, folder, path)

    def _write(self, member: Member, folder: str, path: str) -> Rejection | None:
        try:
            if folder not in self._made:
                Path(self._folder, folder).mkdir(parents=True, exist_ok=True)
                self._made.add(folder)
            descriptor = os.open(f"{self._folder}/{path}", _CREATE, 0o644)
        except (FileExistsError, NotADirectoryError):
            return Rejection(path, Reason.DUPLICATE_NAME, "its name, or its folder's, is that of an earlier member")
        except OSError as error:
            raise _not_written(error) from None
        try:
            for chunk in member.chunks():
                _write_all(descriptor, chunk)
        finally:
            os.close(descriptor)
        return None


def _double(path: str) -> Rejection:
    return Rejection(
        path, Reason.DUPLICATE_NAME, "more than one member has this name, and programs differ in which counts"
    )


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        raise _not_written(error) from None


def _not_written(error: OSError) -> ArchiveError:
    return ArchiveError(f"it cannot be unpacked: {error.strerror}; make room, or mend the folder", temporary=True)
