"""Where a data set's files lie: a folder of its owner, or one that the project writes itself."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from boumb_assets.ingest.listing import listing_fingerprint
from boumb_assets.lake.code import code_version
from boumb_assets.lake.folders import writing_folder
from boumb_assets.lake.manifest import digest, write_atomically
from boumb_assets.rights.declaration import BUILTIN, Dataset

DEMO_SEED: Final = 0
# All that decides about the bytes of a built-in data set.
GENERATOR_ROOMS: Final = tuple(
    f"boumb_assets.{room}" for room in ("theory", "contracts", "composer", "render", "ingest")
)
GENERATOR_PACKAGES: Final = ("mido", "numpy")


class SourceError(ValueError):
    """A source that cannot be read; the text says which and what to do."""


def materialise_source(dataset: Dataset, home: Path) -> Path:
    """The folder to scan. A built-in source is written below ``home`` first, unless it is there as this code writes it.

    Raises SourceError where the folder does not exist, is none, or may not be read.
    """
    if dataset.source.startswith(BUILTIN):
        return _materialise_builtin(dataset.source.removeprefix(BUILTIN), home)
    folder = Path(dataset.source)
    try:
        next(folder.iterdir(), None)
    except NotADirectoryError:
        raise SourceError(f"{dataset.name}: {folder} is a file; give the folder that it lies in") from None
    except FileNotFoundError:
        raise SourceError(
            f"{dataset.name}: there is no folder {folder}; put it back, or say where it is now with "
            f"`boumb dataset add {dataset.name} FOLDER`"
        ) from None
    except OSError as error:
        raise SourceError(f"{dataset.name}: {folder} cannot be read: {error.strerror}") from None
    return folder


def source_fingerprint(dataset: Dataset, home: Path) -> str:
    """A cheap digest of the state of a source: of a folder, what lies in it by name, size and time ("absent" where it
    is gone); of a built-in one, the code that writes it."""
    if dataset.source.startswith(BUILTIN):
        return generator_fingerprint()
    return listing_fingerprint(Path(dataset.source))


def generator_fingerprint() -> str:
    """The version of the code that writes the built-in sources."""
    return digest(code_version(GENERATOR_ROOMS, GENERATOR_PACKAGES), str(DEMO_SEED))


def _write_demo(folder: Path) -> None:
    from boumb_assets.ingest.demo import write_demo

    write_demo(folder, DEMO_SEED)


_WRITERS: Final[Mapping[str, Callable[[Path], None]]] = {"demo": _write_demo}


def _materialise_builtin(name: str, home: Path) -> Path:
    """Writes a built-in source where the code that wrote it is another now, or where somebody touched its files."""
    folder = home / "sources" / name
    record = folder.with_name(f"{name}.version")
    if folder.is_dir() and record.is_file() and record.read_text(encoding="utf-8") == _state(folder):
        return folder
    with writing_folder(folder) as aside:
        _WRITERS[name](aside)
    write_atomically(record, _state(folder).encode())
    return folder


def _state(folder: Path) -> str:
    return f"{generator_fingerprint()} {listing_fingerprint(folder)}\n"
