"""release.json: what a release consists of, so that anyone can check that a copy is whole."""

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from boumb_assets.lake.manifest import digest

RELEASE_FILE: Final = "release.json"


class ReleaseRefusedError(ValueError):
    """A release that must not be built; the text says why and what to do."""


class ReleaseFile(BaseModel):
    """One file of a release."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(description="Relative to the release's folder, POSIX.")
    bytes: int
    sha256: str


class ReleaseManifest(BaseModel):
    """What a release is. It holds no time of day: the same inputs give the same bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(description="Digest of the paths and contents of all files but release.json itself.")
    variant: str
    base: str
    licence: str = Field(description="SPDX expression.")
    obligations: tuple[str, ...] = Field(description="What the data and the base model ask for together.")
    publishable: bool = Field(description="Whether the licences allow to give it on.")
    not_publishable_because: str | None = None
    profile: str = Field(description="The use that the rights were decided for.")
    contracts: dict[str, str] = Field(description="Fingerprint by contract.")
    datasets: dict[str, int] = Field(description="Files that were learned from, by data set.")
    files: tuple[ReleaseFile, ...]


def json_text(value: Any) -> str:
    """``value`` as JSON that is the same for equal values: keys sorted, a figure that is no number as null."""
    return json.dumps(_finite(value), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def list_files(folder: Path) -> tuple[ReleaseFile, ...]:
    """The files of a release by path, release.json left out."""
    files = []
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != RELEASE_FILE:
            with path.open("rb") as handle:
                sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            files.append(ReleaseFile(path=name, bytes=path.stat().st_size, sha256=sha256))
    return tuple(files)


def content_version(files: tuple[ReleaseFile, ...]) -> str:
    """16 hex characters over the paths and contents of ``files``."""
    return digest(*(f"{file.path}:{file.sha256}" for file in files))


def release_problems(folder: Path) -> list[str]:
    """What of ``folder`` is not as its release.json says, a sentence each; empty for a release that is whole."""
    try:
        manifest = ReleaseManifest.model_validate_json((folder / RELEASE_FILE).read_bytes())
    except FileNotFoundError:
        return [f"there is no {RELEASE_FILE}"]
    except ValidationError as error:
        return [f"{RELEASE_FILE} cannot be read: {error.errors()[0]['msg']}"]
    stated = {file.path: file for file in manifest.files}
    found = {file.path: file for file in list_files(folder)}
    problems = [f"{path} is missing" for path in stated if path not in found]
    problems += [f"{path} does not belong to the release" for path in found if path not in stated]
    problems += [f"{path} was changed" for path in stated if path in found and stated[path] != found[path]]
    if manifest.version != content_version(manifest.files):
        problems.append(f"the version in {RELEASE_FILE} is not that of its list of files")
    return problems


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
