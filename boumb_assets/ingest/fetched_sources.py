"""Sources that become a folder below the home: an archive, one at an address, a data set of the hub. Each is fetched
and unpacked once, and again only when it is another, when its folder was touched, or when somebody asks."""

import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from boumb_assets.ingest.archives import unpack
from boumb_assets.ingest.fetching import fetch, refuse_other
from boumb_assets.ingest.hub import fetch_from_hub, move_files, read_address
from boumb_assets.ingest.listing import listing_fingerprint
from boumb_assets.ingest.materialised import Materialised
from boumb_assets.ingest.source_errors import ArchiveError, SourceError
from boumb_assets.ingest.source_state import (
    SourceState,
    Unpacked,
    begun,
    failed,
    is_as_unpacked,
    read_state,
    sources_folder,
    stored,
    told,
    write_state,
)
from boumb_assets.lake.code import code_version
from boumb_assets.lake.folders import writing_folder
from boumb_assets.lake.manifest import digest
from boumb_assets.lake.progress import Progress
from boumb_assets.lake.rejection import Rejection
from boumb_assets.rights.declaration import ARCHIVE_SUFFIXES, Dataset

# All that decides which files are taken.
_ROOMS: Final = tuple(
    f"boumb_assets.ingest.{room}"
    for room in ("archives", "archive_members", "zip_members", "tar_members", "hub", "listing")
)


def unpacked_archive(dataset: Dataset, home: Path, progress: Progress) -> Materialised:
    """An archive of the owner's, unpacked below ``home``. Raises SourceError."""
    archive = Path(dataset.source)
    if (place := _place(archive)) is None:
        raise SourceError(
            f"there is no archive {archive}; put it back, or say where it is now with "
            f"`boumb dataset add {dataset.name} ARCHIVE`"
        )
    known = _state(dataset, home).unpacked
    if known is not None and known.archive == place and _is_there(dataset, home, known):
        return _materialised(dataset, home, known)
    with _attempt(dataset, home) as state:
        try:
            sha256 = refuse_other(archive, dataset.checksum, str(archive))
        except OSError as error:
            raise SourceError(f"{archive} cannot be read: {error.strerror}") from None
        facts: dict[str, str | int] = {"archive_sha256": sha256}
        if known is not None and known.facts.get("archive_sha256") == sha256 and _is_there(dataset, home, known):
            return _remember(dataset, home, state, known.model_copy(update={"archive": place}))
        return _unpack(dataset, home, state, archive, facts, progress)


def fetched_archive(dataset: Dataset, home: Path, progress: Progress) -> Materialised:
    """An archive at an address, fetched and unpacked below ``home``. Raises SourceError."""
    known = _state(dataset, home).unpacked
    if known is not None and _is_there(dataset, home, known):
        return _materialised(dataset, home, known)
    with _attempt(dataset, home) as state:
        archive = _downloads(home) / f"{dataset.name}{_suffix(dataset.source)}"
        sha256 = fetch(dataset.source, archive, dataset.checksum or state.pin, progress)
        state = _pinned(dataset, home, state, f"sha256:{sha256}")
        facts: dict[str, str | int] = {
            "archive_sha256": sha256,
            "checked_against": dataset.checksum or "the first download: no checksum is declared",
        }
        return _unpack(dataset, home, state, archive, facts, progress)


def fetched_from_hub(dataset: Dataset, home: Path, progress: Progress) -> Materialised:
    """A data set of the hub at one commit, below ``home``. Raises SourceError."""
    known = _state(dataset, home).unpacked
    if known is not None and _is_there(dataset, home, known):
        return _materialised(dataset, home, known)
    with _attempt(dataset, home) as state:
        staging = _downloads(home) / dataset.name
        found = fetch_from_hub(dataset.source, staging, state.pin, progress)
        state = _pinned(dataset, home, state, found.commit)
        facts: dict[str, str | int] = {"commit": found.commit}
        if found.archive is not None:
            facts["archive_sha256"] = refuse_other(found.archive, None, dataset.source)
            return _unpack(dataset, home, state, found.archive, facts, progress)
        with _writing(dataset, home) as folder:
            move_files(found, folder, read_address(dataset.source).path)
        remove(staging)
        return _remember(dataset, home, state, _as_it_is(dataset, home, found.rejections, facts))


def fetched_state(dataset: Dataset, home: Path) -> str | None:
    """A digest of what decides whether a source of this kind is to be made again; None for an archive that is gone.
    No network is asked, and nothing is read but the names in its folder."""
    place = _place(Path(dataset.source)) if dataset.kind == "archive" else None
    if dataset.kind == "archive" and place is None:
        return None
    state = _state(dataset, home)
    touched = ""
    if state.unpacked is not None and (now := listing_fingerprint(_folder(dataset, home))) != state.unpacked.listing:
        touched = now
    turn = state.current_turn(time.time())
    return digest(dataset.source, str(dataset.checksum), str(place), str(turn), touched)


def forget_fetched(dataset: Dataset, home: Path) -> None:
    """Removes what was fetched and unpacked, and the memory of which version that was."""
    state = _state(dataset, home)
    for path in (_folder(dataset, home), _downloads(home) / dataset.name, *_downloads(home).glob(f"{dataset.name}.*")):
        remove(path)
    write_state(home, dataset.name, SourceState(source=state.source, checksum=state.checksum, turn=state.turn + 1))


def drop_fetched(name: str, home: Path) -> None:
    """Removes all that lies below ``home`` for a data set's source, also what a run that was killed had begun."""
    for folder in (sources_folder(home), _downloads(home)):
        for path in (folder / name, *folder.glob(f"{name}.*"), *folder.glob(f".{name}.*")):
            remove(path)


def remove(path: Path) -> None:
    """Removes a file, a link or a folder with all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _code() -> str:
    return code_version(_ROOMS)


def _folder(dataset: Dataset, home: Path) -> Path:
    return sources_folder(home) / dataset.name


def _downloads(home: Path) -> Path:
    return home / "downloads"


def _suffix(source: str) -> str:
    return max((suffix for suffix in ARCHIVE_SUFFIXES if source.lower().endswith(suffix)), key=len)


def _state(dataset: Dataset, home: Path) -> SourceState:
    return read_state(home, dataset.name, dataset.source, dataset.checksum)


def _place(archive: Path) -> tuple[str, int, int] | None:
    """Path, size and time of an archive, None where no regular file is to be seen."""
    try:
        found = archive.stat()
    except OSError:
        return None
    return (str(archive), found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _is_there(dataset: Dataset, home: Path, known: Unpacked) -> bool:
    return is_as_unpacked(_folder(dataset, home), known, _code())


@contextmanager
def _attempt(dataset: Dataset, home: Path) -> Iterator[SourceState]:
    """The state to go on from; a failure that may pass is remembered, so that it is tried again."""
    state = begun(_state(dataset, home))
    try:
        yield state
    except SourceError as error:
        if error.temporary:
            pinned = _state(dataset, home)
            write_state(home, dataset.name, failed(state.model_copy(update={"pin": pinned.pin})))
        raise


def _pinned(dataset: Dataset, home: Path, state: SourceState, version: str) -> SourceState:
    """The state that knows which version was fetched first."""
    pinned = state.model_copy(update={"pin": version})
    write_state(home, dataset.name, pinned)
    return pinned


@contextmanager
def _writing(dataset: Dataset, home: Path) -> Iterator[Path]:
    """`writing_folder`, with the system's errors as one line."""
    folder = _folder(dataset, home)
    try:
        with writing_folder(folder) as aside:
            yield aside
    except OSError as error:
        raise SourceError(f"{folder} cannot be written: {error.strerror}", temporary=True) from None


def _unpack(
    dataset: Dataset,
    home: Path,
    state: SourceState,
    archive: Path,
    facts: dict[str, str | int],
    progress: Progress,
) -> Materialised:
    place = _place(archive)
    with _writing(dataset, home) as folder:
        try:
            rejections = tuple(unpack(archive, folder, progress))
            if _place(archive) != place:
                raise ArchiveError("it was written to while it was unpacked", temporary=True)
        except ArchiveError as error:
            if not error.temporary and archive.is_relative_to(_downloads(home)):
                remove(archive)
            raise ArchiveError(f"{dataset.source} is refused: {error}", error.temporary) from None
    unpacked = _as_it_is(dataset, home, rejections, facts)
    return _remember(dataset, home, state, unpacked.model_copy(update={"archive": place}))


def _as_it_is(dataset: Dataset, home: Path, rejections: tuple[Rejection, ...], facts: dict[str, str | int]) -> Unpacked:
    facts = {**facts, "members_set_aside": len(rejections)}
    listing = listing_fingerprint(_folder(dataset, home))
    return Unpacked(code=_code(), listing=listing, rejections=stored(rejections), facts=facts)


def _remember(dataset: Dataset, home: Path, state: SourceState, unpacked: Unpacked) -> Materialised:
    done = state.model_copy(update={"unpacked": unpacked, "failures": 0, "failed_at": 0.0})
    write_state(home, dataset.name, done)
    return _materialised(dataset, home, unpacked)


def _materialised(dataset: Dataset, home: Path, unpacked: Unpacked) -> Materialised:
    return Materialised(_folder(dataset, home), told(unpacked), dict(unpacked.facts))
