"""The files of an app's log, read line by line while the app goes on writing."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from boumb_assets.ingest.listing import refused_name, shown_name
from boumb_assets.ingest.reading import READ_FLAGS
from boumb_assets.lake.rejection import Reason, Rejection

TRACES: Final = ".jsonl"
FEEDBACK: Final = ".csv"
MAX_FILES: Final = 10_000  # thirty years of one file a day
MAX_FILE_BYTES: Final = 4 << 30  # streamed: a bound on time, not on memory
MAX_LINE_BYTES: Final = 1 << 20  # an answer has some kB
MAX_BROKEN: Final = 1_000  # lines of one file that are told of one by one

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of the log as it was when it was listed; what is appended later is for the next run."""

    path: str
    """Relative to the log's folder, POSIX, valid UTF-8."""
    bytes: int
    mtime_ns: int


@dataclass
class LogFiles:
    """What lies in the folder, in the order of paths."""

    traces: list[LogFile] = field(default_factory=list)
    feedback: list[LogFile] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


def list_log(root: Path) -> LogFiles:
    """The traces and the tables of feedback below ``root``. Links are not followed; names that are not UTF-8 or
    have control characters in them, files that are too large and those beyond MAX_FILES are set aside. Raises OSError
    where ``root`` cannot be listed."""
    listed = LogFiles()
    found = sorted(_walk(str(root), listed.rejections), key=lambda file: file.path)
    for number, file in enumerate(found):
        if number >= MAX_FILES or file.bytes > MAX_FILE_BYTES:
            detail = f"at most {MAX_FILES} files of {MAX_FILE_BYTES >> 30} GiB are read: split the log into data sets"
            listed.rejections.append(Rejection(file.path, Reason.TOO_LARGE, detail))
        else:
            (listed.traces if file.path.lower().endswith(TRACES) else listed.feedback).append(file)
    return listed


def lines_of(root: Path, file: LogFile) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file with their numbers from 1, without their line feeds; None for one beyond MAX_LINE_BYTES.

    No byte is read that was not there when the file was listed. Raises OSError.
    """
    left = file.bytes
    with os.fdopen(os.open(f"{root}/{file.path}", READ_FLAGS), "rb") as handle:
        number = 0
        while left > 0 and (line := handle.readline(min(MAX_LINE_BYTES + 1, left))):
            number += 1
            left -= len(line)
            fits = len(line) <= MAX_LINE_BYTES
            while not line.endswith(b"\n") and left > 0 and (line := handle.readline(min(MAX_LINE_BYTES, left))):
                left -= len(line)
            yield number, line.rstrip(b"\r\n") if fits else None


def few_rejections(file: LogFile, lines: Iterator[Line | Rejection]) -> Iterator[Line | Rejection]:
    """``lines`` with MAX_BROKEN rejections at most, and one that stands for the others: a file of another kind, or one
    that somebody filled with rubbish, has millions."""
    broken = 0
    for line in lines:
        broken += isinstance(line, Rejection)
        if not isinstance(line, Rejection) or broken <= MAX_BROKEN:
            yield line
        elif broken == MAX_BROKEN + 1:
            yield Rejection(file.path, Reason.MALFORMED, f"more than {MAX_BROKEN} lines of it cannot be read")


def unreadable(path: str, error: OSError) -> Rejection:
    """A file that the system does not let us read."""
    return Rejection(path, Reason.UNREADABLE, error.strerror or type(error).__name__)


def _walk(root: str, rejections: list[Rejection]) -> Iterator[LogFile]:
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(f"{root}/{folder}" if folder else root) as found:
                for item in found:
                    path = f"{folder}/{item.name}" if folder else item.name
                    if item.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif item.name.lower().endswith((TRACES, FEEDBACK)):
                        yield from _file(item, path, rejections)
        except OSError as error:
            if not folder:
                raise
            rejections.append(unreadable(f"{shown_name(folder)}/", error))


def _file(item: os.DirEntry[str], path: str, rejections: list[Rejection]) -> Iterator[LogFile]:
    shown = shown_name(path)
    try:
        found = item.stat(follow_symlinks=False)
    except OSError as error:
        rejections.append(unreadable(shown, error))
        return
    if stat.S_ISLNK(found.st_mode):
        rejections.append(Rejection(shown, Reason.SYMLINK, "links are not followed"))
    elif not stat.S_ISREG(found.st_mode):
        rejections.append(Rejection(shown, Reason.UNREADABLE, "not a regular file"))
    elif (refused := refused_name(path)) is not None:
        rejections.append(refused)
    else:
        yield LogFile(path, found.st_size, found.st_mtime_ns)
