"""What lies in a folder: MIDI files and metadata, without opening any of them."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from boumb_assets.lake.manifest import digest
from boumb_assets.lake.rejection import Reason, Rejection

MIDI_SUFFIXES: Final = (".mid", ".midi", ".kar", ".rmi")
METADATA_NAMES: Final = frozenset(["index.tsv", "info.csv"])
MAX_FILE_BYTES: Final = 32 << 20
ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file as the file system lists it."""

    path: str
    """Relative to the folder, POSIX, valid UTF-8."""
    bytes: int
    mtime_ns: int


@dataclass
class Listing:
    """The contents of a folder, each list in the order of paths."""

    files: list[Entry] = field(default_factory=list)
    metadata: list[Entry] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


def list_folder(root: Path) -> Listing:
    """Every MIDI file below ``root`` (by suffix, in any case) and every known metadata file.

    Symbolic links are never followed: what they lead to may lie outside, change under us, or go round. Links, names
    that are not UTF-8, files of no or too many bytes, and names that another system would take for an earlier one's
    (equal but for case or Unicode normalisation) are set aside. Raises NotADirectoryError where ``root`` is no folder.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is no folder")
    listing = Listing()
    for entry in _walk(str(root), listing.rejections):
        if entry.path.rpartition("/")[2].lower() in METADATA_NAMES:
            listing.metadata.append(entry)
        else:
            listing.files.append(entry)
    listing.metadata.sort(key=lambda entry: entry.path)
    listing.files.sort(key=lambda entry: entry.path)
    listing.files = _without_collisions(listing.files, listing.rejections)
    listing.files = [entry for entry in listing.files if _has_fair_size(entry, listing.rejections)]
    listing.rejections.sort(key=lambda rejection: (rejection.path, rejection.reason))
    return listing


def listing_fingerprint(root: Path) -> str:
    """A digest of what a scan of ``root`` would start from: paths, sizes and modification times, no contents; "absent"
    where there is no folder. Equal as long as nothing in it is touched, so a sensor can ask as often as it likes."""
    try:
        listing = list_folder(root)
    except OSError:
        return ABSENT
    entries = (f"{entry.path}\0{entry.bytes}\0{entry.mtime_ns}" for entry in (*listing.files, *listing.metadata))
    aside = (f"{rejection.path}\0{rejection.reason}" for rejection in listing.rejections)
    return digest(*entries, "set aside", *aside)


def shown_name(path: str) -> str:
    """A path as text that can be stored: bytes that are not UTF-8 as backslash escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _walk(root: str, rejections: list[Rejection]) -> Iterator[Entry]:
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(f"{root}/{folder}" if folder else root) as found:
                for item in found:
                    path = f"{folder}/{item.name}" if folder else item.name
                    try:
                        if item.is_dir(follow_symlinks=False):
                            folders.append(path)
                        elif (entry := _entry(item, path, rejections)) is not None:
                            yield entry
                    except OSError as error:
                        rejections.append(_unreadable(path, error))
        except OSError as error:
            rejections.append(_unreadable(f"{folder}/", error))


def _entry(item: os.DirEntry[str], path: str, rejections: list[Rejection]) -> Entry | None:
    """The entry of one file, None where it is of no interest or set aside. Raises OSError where it is gone."""
    name = item.name.lower()
    wanted = name.endswith(MIDI_SUFFIXES) or name in METADATA_NAMES
    if item.is_symlink():
        if wanted or item.is_dir():
            detail = f"a symbolic link to {shown_name(str(Path(item.path).readlink()))}: links are not followed"
            rejections.append(Rejection(shown_name(path), Reason.SYMLINK, detail))
        return None
    if not wanted:
        return None
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        detail = "its name, or that of a folder above it, is not UTF-8: rename it"
        rejections.append(Rejection(shown_name(path), Reason.NAME_NOT_UTF8, detail))
        return None
    found = item.stat(follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode):
        rejections.append(Rejection(path, Reason.UNREADABLE, "not a regular file"))
        return None
    return Entry(path, found.st_size, found.st_mtime_ns)


def _without_collisions(files: list[Entry], rejections: list[Rejection]) -> list[Entry]:
    """The first of each group of names that differ in case or normalisation alone; the later ones are set aside."""
    first: dict[str, str] = {}
    kept = []
    for entry in files:
        earlier = first.setdefault(unicodedata.normalize("NFC", entry.path).casefold(), entry.path)
        if earlier == entry.path:
            kept.append(entry)
        else:
            detail = f"differs from {earlier} in case or accents' encoding alone; on many systems they are one file"
            rejections.append(Rejection(entry.path, Reason.NAME_COLLISION, detail))
    return kept


def _has_fair_size(entry: Entry, rejections: list[Rejection]) -> bool:
    if entry.bytes == 0:
        rejections.append(Rejection(entry.path, Reason.EMPTY_FILE, "has no bytes"))
    elif entry.bytes > MAX_FILE_BYTES:
        detail = f"{entry.bytes} bytes; at most {MAX_FILE_BYTES} are read"
        rejections.append(Rejection(entry.path, Reason.TOO_LARGE, detail))
    return 0 < entry.bytes <= MAX_FILE_BYTES


def _unreadable(path: str, error: OSError) -> Rejection:
    return Rejection(shown_name(path), Reason.UNREADABLE, error.strerror or type(error).__name__)
