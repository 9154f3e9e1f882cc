"""What an archive of any format holds: members, the names that are safe to write, and the bounds of what is taken."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from boumb_assets.ingest.listing import CONTROL
from boumb_assets.lake.rejection import Reason, Rejection

# Aria-MIDI, the largest collection of the catalogue, has 1,186,253 files; Lakh 178,561.
MAX_MEMBERS: Final = 1_500_000
# Lakh unpacks to about 6 GB, and all that is in a compressed tar has to be unpacked to reach what is wanted.
MAX_UNPACKED_BYTES: Final = 64 << 30
# MIDI packs 3 to 10 times smaller, tables of metadata 20 times; deflate ends at 1,032, bzip2 and xz far beyond.
MAX_RATIO: Final = 100
MAX_MEMBER_RATIO: Final = 400
# What unpacks to less than this does no harm, at whatever ratio.
HARMLESS_BYTES: Final = 64 << 20
# The longest name of Linux, macOS and Windows; a path leaves room for the folders that it is unpacked below.
MAX_NAME_BYTES: Final = 255
MAX_PATH_BYTES: Final = 1024
CHUNK: Final = 1 << 16
# What must stay free on the disk: the lake is written after it, and a system without any space does not run.
RESERVE_BYTES: Final = 256 << 20

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_SHOWN_CHARS: Final = 200


@dataclass(frozen=True)
class Member:
    """One member of an archive that is no folder."""

    name: str
    """As the archive has it; bytes that are not UTF-8 as surrogates."""
    size: int
    """As the archive states it: the bytes are counted when they are read."""
    chunks: Callable[[], Iterator[bytes]]
    """Its bytes, to be asked for before the next member is. Raises ArchiveError where they are not as stated."""
    hindrance: tuple[Reason, str] | None = None
    """Why it cannot be taken, whatever its name is."""


def safe_path(name: str) -> str | Rejection:
    """The relative path that a member is written to: of its name, without empty and `.` steps; or why there is none."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return Rejection(shown(name), Reason.NAME_NOT_UTF8, "its name in the archive is not UTF-8")
    problem = _problem(name)
    if problem is not None:
        return Rejection(shown(name), Reason.UNSAFE_NAME, problem)
    return "/".join(_steps(name))


def shown(name: str) -> str:
    """A member's name as text that can be stored and printed: of bounded length, odd characters as escapes."""
    escaped = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", name[: _SHOWN_CHARS + 1])
    text = re.sub(r"[\ud800-\udfff]", lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", escaped)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 3]}..."


def _steps(name: str) -> list[str]:
    return [step for step in name.split("/") if step not in ("", ".")]


def _problem(name: str) -> str | None:
    """Why a name is not written, None where it is safe on every system."""
    steps = _steps(name)
    if CONTROL.search(name):
        return "its name has control characters in it"
    if "\\" in name:
        return "its name has a backslash in it, which separates folders on some systems"
    if name.startswith("/") or _DRIVE.match(name):
        return "its name is an absolute path"
    if ".." in steps:
        return "its name leads out of the folder (..)"
    if not steps:
        return "it has no name"
    if len(name.encode()) > MAX_PATH_BYTES or any(len(step.encode()) > MAX_NAME_BYTES for step in steps):
        return f"its name is longer than {MAX_PATH_BYTES} bytes, or a part of it than {MAX_NAME_BYTES}"
    return None
