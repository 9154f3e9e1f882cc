"""Fetching a data set from the Hugging Face Hub: the MIDI and metadata files of one commit, or an archive in it."""

import errno
import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from boumb_assets.ingest.archive_members import MAX_MEMBERS, MAX_UNPACKED_BYTES, safe_path
from boumb_assets.ingest.archives import refuse_full_disk
from boumb_assets.ingest.fetching import MAX_ARCHIVE_BYTES
from boumb_assets.ingest.listing import MAX_FILE_BYTES, folded, is_midi, is_wanted
from boumb_assets.ingest.metadata import MAX_METADATA_BYTES
from boumb_assets.ingest.source_errors import HubError, SourceError
from boumb_assets.lake.progress import Progress, silent
from boumb_assets.lake.rejection import Reason, Rejection
from boumb_assets.rights.declaration import HUB, is_archive

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

TIMEOUT_S: Final = 30.0
_THREADS: Final = 8  # as many as the library's own snapshots take
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
# Errors of the system that are no network's.
_OUR_SIDE: Final = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO])
# Where the library keeps its own notes below a folder that it downloads into.
_NOTES: Final = ".cache/huggingface"


@dataclass(frozen=True)
class HubAddress:
    """What hf://datasets/OWNER/NAME[@REVISION][/PATH] names."""

    repository: str
    revision: str | None
    path: str
    """A folder or a file in it; empty for all of it."""


@dataclass(frozen=True)
class HubFiles:
    """What was fetched of one commit."""

    commit: str
    folder: Path
    """Where the files lie; there is more in it than they."""
    files: tuple[str, ...] = ()
    """Paths below ``folder``: only of those that a scan looks at."""
    archive: Path | None = None
    """The archive that the address names, which is still to be unpacked; there are no ``files`` then."""
    rejections: tuple[Rejection, ...] = ()


def read_address(source: str) -> HubAddress:
    """The parts of a source that a declaration has checked."""
    owner, _, rest = source.removeprefix(HUB).partition("/")
    name, _, path = rest.partition("/")
    name, _, revision = name.partition("@")
    return HubAddress(f"{owner}/{name}", revision or None, path)


def fetch_from_hub(source: str, staging: Path, commit: str | None = None, progress: Progress = silent) -> HubFiles:
    """Fetches what ``source`` names into ``staging``, where what came before a break is not fetched again. Of
    ``commit``, where it is given, otherwise of the newest one of the revision.

    Every file is compared with the hash that the commit has of it. Raises HubError in one line; no text of the library
    is in it, which may hold a token.
    """
    address = read_address(source)
    with _explained(address), _without_bars():
        api = _api()
        commit = commit or _resolved(api, address)
        listed = _listed(api, address, commit)
        archive = next((one for one in listed if one.path == address.path and is_archive(one.path)), None)
        chosen, rejections = ([archive], []) if archive is not None else _chosen(listed, address.path)
        if not chosen and not rejections:
            raise HubError(
                f"{source} has no MIDI file at {commit[:12]}; see https://huggingface.co/datasets/"
                f"{address.repository}/tree/{commit}"
            )
        _refuse_too_much(chosen, staging, archive is not None)
        _download(api, address, commit, chosen, staging, progress)
    paths = tuple(one.path for one in chosen)
    if archive is not None:
        return HubFiles(commit, staging, archive=staging / archive.path)
    return HubFiles(commit, staging, files=paths, rejections=tuple(rejections))


def move_files(fetched: HubFiles, folder: Path, below: str) -> None:
    """Moves the files that were fetched into the empty ``folder``, without the folder ``below`` of the repository."""
    for path in fetched.files:
        inside = path.removeprefix(f"{below}/") if below else path
        target = folder / inside.rpartition("/")[2] if path == below else folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        (fetched.folder / path).replace(target)


def _api() -> "HfApi":
    from huggingface_hub import HfApi

    return HfApi(library_name="boumb_assets")


def _resolved(api: "HfApi", address: HubAddress) -> str:
    info = api.dataset_info(address.repository, revision=address.revision, timeout=TIMEOUT_S)
    if info.sha is None or not _COMMIT.fullmatch(info.sha):
        raise HubError(f"the hub names no commit of {address.repository}")
    return str(info.sha)


def _listed(api: "HfApi", address: HubAddress, commit: str) -> list["RepoFile"]:
    """The files of a commit that may be wanted, in the order of paths."""
    from huggingface_hub.hf_api import RepoFile

    found: list[RepoFile] = []
    tree = api.list_repo_tree(address.repository, recursive=True, revision=commit, repo_type="dataset")
    for count, entry in enumerate(tree):
        if count >= MAX_MEMBERS:
            raise HubError(f"{address.repository} has more than {MAX_MEMBERS} files; name a folder of it")
        if isinstance(entry, RepoFile) and _is_below(entry.path, address.path):
            found.append(entry)
    if not found:
        raise HubError(f"there is no {address.path or 'file'} in {address.repository} at {commit[:12]}")
    return sorted(found, key=lambda entry: entry.path.encode("utf-8", "backslashreplace"))


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _chosen(listed: Sequence["RepoFile"], below: str) -> tuple[list["RepoFile"], list[Rejection]]:
    """The files that a scan looks at, and those of them that are set aside before they are fetched."""
    chosen, rejections = [], []
    seen: set[str] = set()
    for entry in listed:
        if not is_wanted(entry.path.rpartition("/")[2]):
            continue
        rejection = _judged(entry, seen)
        if rejection is None:
            chosen.append(entry)
        else:
            rejections.append(rejection)
    return chosen, rejections


def _judged(entry: "RepoFile", seen: set[str]) -> Rejection | None:
    path = safe_path(entry.path)
    if isinstance(path, Rejection):
        return path
    if path != entry.path or f"{path}/".startswith(f"{_NOTES}/"):
        return Rejection(path, Reason.UNSAFE_NAME, "its path is not one that is written")
    if folded(path) in seen:
        return Rejection(path, Reason.DUPLICATE_NAME, "differs from an earlier one in case or accents' encoding alone")
    seen.add(folded(path))
    limit = MAX_FILE_BYTES if is_midi(path) else MAX_METADATA_BYTES
    if entry.size > limit:
        return Rejection(path, Reason.TOO_LARGE, f"{entry.size} bytes; at most {limit} are read")
    return None


def _refuse_too_much(chosen: Sequence["RepoFile"], staging: Path, archive: bool) -> None:
    total = sum(entry.size for entry in chosen)
    limit = MAX_ARCHIVE_BYTES if archive else MAX_UNPACKED_BYTES
    if total > limit:
        raise HubError(f"it has {total} bytes; at most {limit} are fetched")
    staging.mkdir(parents=True, exist_ok=True)
    refuse_full_disk(staging, total)


def _download(
    api: "HfApi", address: HubAddress, commit: str, chosen: Sequence["RepoFile"], staging: Path, progress: Progress
) -> None:
    progress(0, len(chosen), "fetching")
    with ThreadPoolExecutor(_THREADS) as pool:
        done = pool.map(partial(_download_one, api, address, commit, staging), chosen)
        try:
            for count, _ in enumerate(done, 1):
                progress(count, len(chosen), "fetching")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _download_one(api: "HfApi", address: HubAddress, commit: str, staging: Path, entry: "RepoFile") -> None:
    path = staging / entry.path
    if _is_as_committed(path, entry):
        return
    api.hf_hub_download(
        address.repository,
        entry.path,
        repo_type="dataset",
        revision=commit,
        local_dir=staging,
        etag_timeout=TIMEOUT_S,
    )
    if not _is_as_committed(path, entry):
        path.unlink(missing_ok=True)
        raise HubError(
            f"{entry.path} of {address.repository} is not what its commit says; it was deleted", temporary=True
        )


def _is_as_committed(path: Path, entry: "RepoFile") -> bool:
    """Whether a file is there, no link, and has the hash that the commit has of it: git's, or that of large files."""
    if path.is_symlink() or not path.is_file():
        return False
    if entry.lfs is not None:
        state, wanted = hashlib.sha256(), entry.lfs.sha256
    else:
        state, wanted = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False), entry.blob_id
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            state.update(chunk)
    return bool(state.hexdigest() == wanted)


@contextmanager
def _without_bars() -> Iterator[None]:
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    quiet = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if not quiet:
            enable_progress_bars()


@contextmanager
def _explained(address: HubAddress) -> Iterator[None]:
    """Every error of the library as one line of ours: theirs may repeat the headers that were sent."""
    try:
        from huggingface_hub import errors
    except ImportError:
        raise HubError("reading from the hub needs huggingface_hub: `pip install 'boumb_assets[hub]'`") from None
    name = address.repository
    try:
        yield
    except SourceError:
        raise
    except errors.HFValidationError:
        raise HubError(f"{name!r} is no name of a data set of the hub") from None
    except errors.GatedRepoError:
        page = f"https://huggingface.co/datasets/{name}"
        raise HubError(f"{name} is gated: accept its terms at {page}, and set HF_TOKEN") from None
    except errors.RepositoryNotFoundError:
        raise HubError(f"the hub has no data set {name}; if it is private, set HF_TOKEN") from None
    except errors.RevisionNotFoundError:
        raise HubError(f"{name} has no revision {address.revision}") from None
    except errors.OfflineModeIsEnabled:
        raise HubError(f"{name} is not fetched while HF_HUB_OFFLINE is set", temporary=True) from None
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        raise HubError(f"{name}: the hub answers {status}", temporary=status >= 500 or status == 429) from None
    except OSError as error:
        if error.errno not in _OUR_SIDE:
            raise HubError(_no_answer(name, error), temporary=True) from None
        raise HubError(f"{name} cannot be written: {error.strerror}", temporary=True) from None
    except Exception as error:  # of the library's HTTP client, which is another one in each of its versions
        raise HubError(_no_answer(name, error), temporary=True) from None


def _no_answer(name: str, error: Exception) -> str:
    return f"no answer from the hub for {name} ({type(error).__name__}): try again"
