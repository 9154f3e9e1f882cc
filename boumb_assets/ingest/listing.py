"""What lies in a folder: MIDI files and metadata, without opening any of them, and without remembering them."""

import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from boumb_assets.lake.manifest import digest
from boumb_assets.lake.rejection import Reason, Rejection

MIDI_SUFFIXES: Final = (".mid", ".midi", ".kar", ".rmi")
METADATA_NAMES: Final = frozenset(["index.tsv", "info.csv", "metadata.csv"])
MAX_FILE_BYTES: Final = 32 << 20
ABSENT: Final = "absent"
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_MAESTRO: Final = re.compile(r"maestro-v[0-9.]{1,16}\.csv")
_DIGESTED_AT_ONCE: Final = 1024


class Entry(NamedTuple):
    """A regular file as the file system lists it."""

    path: str
    """Relative to the folder, POSIX, valid UTF-8."""
    bytes: int
    mtime_ns: int


def is_midi(name: str) -> bool:
    """Whether a file of this name is taken for MIDI: by its suffix, in any case."""
    return name.lower().endswith(MIDI_SUFFIXES)


def is_metadata(name: str) -> bool:
    """Whether a file of this name is one that states facts of the files around it."""
    lowered = name.lower()
    return lowered in METADATA_NAMES or _MAESTRO.fullmatch(lowered) is not None


def is_wanted(name: str) -> bool:
    """Whether a scan looks at a file of this name at all."""
    return is_midi(name) or is_metadata(name)


def walk(
    root: Path, wanted: Callable[[str], bool] = is_wanted, home: Path | None = None
) -> Iterator[Entry | Rejection]:
    """Every file below ``root`` whose name is ``wanted``, or why it is set aside, in the byte order of paths. What it
    holds meanwhile is the names of the folders that it is in, however many files there are.

    Where ``home`` lies below ``root``, as it does by default where one works in the folder of one's music, it is passed
    over: what was fetched for other data sets is in it, and comes under their terms.

    Symbolic links are never followed: what they lead to may lie outside, change under us, or go round. Links, names
    that are not UTF-8 or have control characters in them, MIDI files of no or too many bytes, and names that another
    system would take for an earlier one's (equal but for case or Unicode normalisation) are set aside. Raises
    NotADirectoryError where ``root`` is no folder, and OSError where it may not be read.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is no folder")
    return _walk(str(root), _open_level(str(root), "", wanted, False), wanted, _place_below(root, home))


def survey(root: Path, home: Path | None = None) -> tuple[list[Entry], int]:
    """The metadata files below ``root``, and how many names of MIDI files there are. Raises OSError as `walk` does."""
    files = 0

    def wanted(name: str) -> bool:
        nonlocal files
        files += is_midi(name)
        return is_metadata(name)

    return [entry for entry in walk(root, wanted, home) if isinstance(entry, Entry)], files


def listing_fingerprint(root: Path, home: Path | None = None) -> str:
    """A digest of what a scan of ``root`` would start from: paths, sizes and modification times, no contents; "absent"
    where there is no folder. Equal as long as nothing in it is touched, so a sensor can ask as often as it likes."""
    try:
        found = walk(root, home=home)
    except OSError:
        return ABSENT
    state = digest()
    while some := [_state_of(one) for one in islice(found, _DIGESTED_AT_ONCE)]:
        state = digest(state, *some)
    return state


def shown_name(path: str) -> str:
    """A path as text that can be stored and printed: bytes that are not UTF-8, and control characters, as backslash
    escapes."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def refused_name(path: str) -> Rejection | None:
    """Why a path is not taken, whatever lies there; None where its name is one that can be stored and printed."""
    if path.isprintable() or (text := shown_name(path)) == path:
        return None
    if CONTROL.search(path):
        detail = "its name, or that of a folder above it, has control characters in it: rename it"
        return Rejection(text, Reason.UNSAFE_NAME, detail)
    return Rejection(text, Reason.NAME_NOT_UTF8, "its name, or that of a folder above it, is not UTF-8: rename it")


def _place_below(root: Path, home: Path | None) -> str:
    """Where ``home`` lies below ``root``, as the walk has the paths of folders; empty where it does not."""
    if home is None or not home.resolve().is_relative_to(root.resolve()):
        return ""
    return f"{home.resolve().relative_to(root.resolve()).as_posix()}/"


def _state_of(found: Entry | Rejection) -> str:
    if isinstance(found, Entry):
        return f"{found.path}\0{found.bytes}\0{found.mtime_ns}"
    return f"{found.path}\0{found.reason}"


@dataclass
class _Level:
    """A folder that the walk is in."""

    path: str
    """Relative to the root, with a slash at its end; empty for the root."""
    names: list[str]
    """What is still to be visited, the next one last; a folder's name ends with a slash."""
    doubles: frozenset[str]
    """The folded names that occur more than once in it."""
    doubtful: bool
    """Whether it, or a folder above it, shares its folded name with another: all that is in it may collide."""

    def may_collide(self, name: str) -> bool:
        """Whether there may be another path that is equal to that of ``name`` when folded."""
        return self.doubtful or (bool(self.doubles) and folded(name) in self.doubles)


def _walk(root: str, top: _Level, wanted: Callable[[str], bool], without: str) -> Iterator[Entry | Rejection]:
    levels = [top]
    seen: dict[str, str] = {}  # by the folded path; only those that may collide
    while levels:
        level = levels[-1]
        if not level.names:
            levels.pop()
            continue
        name = level.names.pop()
        path = level.path + name
        doubtful = level.may_collide(name)
        if not name.endswith("/"):
            yield _judged(_look(root, path), seen if doubtful else None)
            continue
        if path == without:
            continue
        try:
            levels.append(_open_level(root, path, wanted, doubtful))
        except OSError as error:
            yield _unreadable(path, error)


def _open_level(root: str, path: str, wanted: Callable[[str], bool], doubtful: bool) -> _Level:
    names = []
    with os.scandir(f"{root}/{path}") as found:
        for item in found:
            if _is_folder(item):
                names.append(f"{item.name}/")
            elif wanted(item.name) or (item.is_symlink() and _leads_to_a_folder(item)):
                names.append(item.name)
    # A folder sorts as its name with the slash, so that whole paths come in the order of their bytes.
    names.sort(key=os.fsencode, reverse=True)
    return _Level(path, names, _doubles(names), doubtful)


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _leads_to_a_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:
        return False


def folded(name: str) -> str:
    """What a file system that ignores case and the encoding of accents would take the name for."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def _doubles(names: list[str]) -> frozenset[str]:
    """The folded names that more than one of ``names`` has. Hashes first: a folder may hold 180,000 names."""
    hashes = [hash(folded(name)) for name in names]
    if len(set(hashes)) == len(hashes):
        return frozenset()
    counts = Counter(map(folded, names))
    return frozenset(name for name, count in counts.items() if count > 1)


def _look(root: str, path: str) -> Entry | Rejection:
    try:
        found = os.lstat(f"{root}/{path}")
        if stat.S_ISLNK(found.st_mode):
            target = shown_name(str(Path(f"{root}/{path}").readlink()))
            detail = f"a symbolic link to {target}: links are not followed"
            return Rejection(shown_name(path), Reason.SYMLINK, detail)
    except OSError as error:
        return _unreadable(path, error)
    if (refused := refused_name(path)) is not None:
        return refused
    if not stat.S_ISREG(found.st_mode):
        return Rejection(path, Reason.UNREADABLE, "not a regular file")
    return Entry(path, found.st_size, found.st_mtime_ns)


def _judged(found: Entry | Rejection, seen: dict[str, str] | None) -> Entry | Rejection:
    """The entry, or why it is set aside after all: an earlier one has its name, or its size is not fair."""
    if isinstance(found, Rejection):
        return found
    path, size, _ = found
    earlier = path if seen is None else seen.setdefault(folded(path), path)
    if earlier != path:
        detail = f"differs from {earlier} in case or accents' encoding alone; on many systems they are one file"
        return Rejection(path, Reason.NAME_COLLISION, detail)
    if 0 < size <= MAX_FILE_BYTES or is_metadata(path.rpartition("/")[2]):
        return found
    if size == 0:
        return Rejection(path, Reason.EMPTY_FILE, "has no bytes")
    return Rejection(path, Reason.TOO_LARGE, f"{size} bytes; at most {MAX_FILE_BYTES} are read")


def _unreadable(path: str, error: OSError) -> Rejection:
    return Rejection(shown_name(path), Reason.UNREADABLE, error.strerror or type(error).__name__)
