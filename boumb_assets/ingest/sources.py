"""Where a data set's files lie: a folder of its owner, or one that is unpacked, fetched or written below the home."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from boumb_assets.ingest.fetched_sources import (
    drop_fetched,
    fetched_archive,
    fetched_from_hub,
    fetched_state,
    forget_fetched,
    unpacked_archive,
)
from boumb_assets.ingest.listing import ABSENT, listing_fingerprint
from boumb_assets.ingest.materialised import Materialised
from boumb_assets.ingest.source_errors import SourceError
from boumb_assets.ingest.source_state import sources_folder
from boumb_assets.lake.code import code_version
from boumb_assets.lake.folders import writing_folder
from boumb_assets.lake.manifest import digest, write_atomically
from boumb_assets.lake.names import check_name
from boumb_assets.lake.progress import Progress, silent
from boumb_assets.rights.declaration import APP_LOG, BUILTIN, Dataset, SourceKind

__all__ = ["Materialised", "SourceError", "forget_source", "materialise_source", "remove_source", "source_fingerprint"]

DEMO_SEED: Final = 0
# All that decides about the bytes of a built-in data set.
GENERATOR_ROOMS: Final = tuple(
    f"boumb_assets.{room}" for room in ("theory", "contracts", "composer", "render", "ingest")
)
GENERATOR_PACKAGES: Final = ("mido", "numpy")
# Where other data sets lie below the home, under their own terms: what is in there may be removed at any time.
_OURS: Final = ("sources", "downloads", "lake")


def materialise_source(dataset: Dataset, home: Path, progress: Progress = silent) -> Materialised:
    """The folder to scan. What is no folder yet is fetched, unpacked or written below ``home`` first, whole or not at
    all, unless it is there already.

    Raises SourceError in one line where that cannot be.
    """
    try:
        _refuse_ours(dataset, home)
        return _MAKERS[_kind(dataset)](dataset, home, progress)
    except SourceError as error:
        raise SourceError(f"{dataset.name}: {error}", error.temporary) from None


def source_fingerprint(dataset: Dataset, home: Path) -> str:
    """A digest of the state of a source, without asking any network: of a folder, what lies in it by name, size and
    time ("absent" where it is gone); of an archive, its size and time; of what was fetched or unpacked, that it is as
    it came; of a built-in one, the code that writes it. `materialise_source` does not change it, unless it mends what
    was touched; after a failure that may pass it changes by itself, soon at first and then ever later."""
    match _kind(dataset):
        case "builtin":
            return generator_fingerprint()
        case "folder":
            return listing_fingerprint(Path(dataset.source), home)
        case "app-log":
            from boumb_assets.ingest.app_log import app_log_fingerprint

            return app_log_fingerprint(dataset, home)
        case _:
            return fetched_state(dataset, home) or ABSENT


def forget_source(dataset: Dataset, home: Path) -> bool:
    """Removes what was fetched and unpacked for a data set, and which version that was: the next run takes the newest,
    or tries again what failed. False for a source of which nothing is kept; nothing outside ``home`` is touched."""
    if _kind(dataset) not in ("archive", "https", "hub"):
        return False
    forget_fetched(dataset, home)
    return True


def remove_source(name: str, home: Path) -> None:
    """Removes what was fetched, unpacked or written for the data set ``name``, and everything that is remembered of it.
    Nothing outside ``home`` is touched. Raises ValueError for what is no name of a data set."""
    drop_fetched(check_name("data set", name), home)


def generator_fingerprint() -> str:
    """The version of the code that writes the built-in sources."""
    return digest(code_version(GENERATOR_ROOMS, GENERATOR_PACKAGES), str(DEMO_SEED))


def _kind(dataset: Dataset) -> SourceKind:
    """The kind of a source; a folder that is called as an archive is a folder."""
    try:
        return "folder" if dataset.kind == "archive" and Path(dataset.source).is_dir() else dataset.kind
    except OSError:  # it may not be looked at, or cannot be
        return dataset.kind


def _refuse_ours(dataset: Dataset, home: Path) -> None:
    """Raises SourceError for a path that is the home, or lies where the home keeps other data sets."""
    if dataset.kind not in ("folder", "archive", "app-log"):
        return
    path, ours = (Path(os.path.realpath(one)) for one in (dataset.source.removeprefix(APP_LOG), home))
    if path == ours or any(path.is_relative_to(ours / room) for room in _OURS):
        raise SourceError(
            f"{path} is where {ours} keeps other data sets, which come under their own terms: give a folder of yours, "
            "or a copy outside"
        )


def _folder(dataset: Dataset, home: Path, progress: Progress) -> Materialised:
    folder = Path(dataset.source)
    if dataset.checksum is not None:
        raise SourceError(f"{folder} is a folder, which has no checksum: take it out of the declaration")
    _refuse_unreadable(dataset, folder)
    return Materialised(folder)


def _refuse_unreadable(dataset: Dataset, folder: Path) -> None:
    try:
        next(folder.iterdir(), None)
    except NotADirectoryError:
        raise SourceError(f"{folder} is a file; give the folder that it lies in") from None
    except FileNotFoundError:
        prefix = APP_LOG if dataset.kind == "app-log" else ""
        raise SourceError(
            f"there is no folder {folder}; put it back, or say where it is now with "
            f"`boumb dataset add {dataset.name} {prefix}FOLDER`"
        ) from None
    except OSError as error:
        raise SourceError(f"{folder} cannot be read: {error.strerror}") from None


def _write_demo(folder: Path) -> None:
    from boumb_assets.ingest.demo import write_demo

    write_demo(folder, DEMO_SEED)


_WRITERS: Final[Mapping[str, Callable[[Path], None]]] = {"demo": _write_demo}


def _builtin(dataset: Dataset, home: Path, progress: Progress) -> Materialised:
    """Writes a built-in source where the code that wrote it is another now, or where somebody touched its files."""
    folder = sources_folder(home) / dataset.name
    record = folder.with_name(f"{dataset.name}.version")
    if not (folder.is_dir() and record.is_file() and record.read_text(encoding="utf-8") == _written_state(folder)):
        with writing_folder(folder) as aside:
            _WRITERS[dataset.source.removeprefix(BUILTIN)](aside)
        write_atomically(record, _written_state(folder).encode())
    return Materialised(folder)


def _written_state(folder: Path) -> str:
    return f"{generator_fingerprint()} {listing_fingerprint(folder)}\n"


def _app_log(dataset: Dataset, home: Path, progress: Progress) -> Materialised:
    """Writes the answers that a log gives away. They are written anew each time, and without the log there are none, so
    that nothing outlives the consent in it."""
    from boumb_assets.ingest.app_log import write_app_log

    folder = sources_folder(home) / dataset.name
    try:
        _refuse_unreadable(dataset, Path(dataset.source.removeprefix(APP_LOG)))
        with writing_folder(folder) as aside:
            rejections = write_app_log(dataset, home, aside)
    except (OSError, ValueError) as error:
        drop_fetched(dataset.name, home)  # also what a run that was killed had begun to write
        text = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(text or type(error).__name__) from None
    return Materialised(folder, tuple(rejections), {"answers_set_aside": len(rejections)})


_MAKERS: Final[Mapping[SourceKind, Callable[[Dataset, Path, Progress], Materialised]]] = {
    "folder": _folder,
    "archive": unpacked_archive,
    "https": fetched_archive,
    "hub": fetched_from_hub,
    "app-log": _app_log,
    "builtin": _builtin,
}
