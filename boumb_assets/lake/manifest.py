"""The manifest is the commit: a reader takes the list of files from it, never from a glob."""

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

MANIFEST: Final = "manifest.json"


def digest(*parts: str | bytes) -> str:
    """16 hex characters over ``parts``, each with its length, so that no two lists of parts run together."""
    state = blake2b(digest_size=8)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()


def digest_of(value: Any) -> str:
    """16 hex characters over a JSON-able value, independent of the order of keys."""
    return digest(json.dumps(value, sort_keys=True, separators=(",", ":"), default=str))


class LakeFile(BaseModel):
    """One file of a partition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The view that shows it, or the kind of an artefact.")
    path: str = Field(description="Relative to the manifest's folder.")
    rows: int = 0
    bytes: int
    sha256: str
    shard: int = 0
    key: str = Field(default="", description="Digest of what the shard was made of: inputs and code.")


class Manifest(BaseModel):
    """What one partition of one stage consists of, and what it was made from. It holds no time of day: the same
    inputs give the same bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    partition: str = ""
    inputs: dict[str, str] = Field(default_factory=dict, description="Data version by input; `code` is the code's.")
    tables: dict[str, dict[str, str]] = Field(default_factory=dict, description="Column types, by table.")
    facts: dict[str, Any] = Field(default_factory=dict, description="Figures that the asset reports.")
    files: list[LakeFile] = Field(default_factory=list)

    @property
    def data_version(self) -> str:
        """Digest of the content alone: equal contents have equal versions, whatever they were made from."""
        return digest(*sorted(f"{file.table}:{file.shard}:{file.sha256}" for file in self.files))

    @property
    def bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files)

    def rows(self, table: str) -> int:
        """Rows of one table."""
        return sum(file.rows for file in self.files if file.table == table)

    def of_table(self, table: str) -> list[LakeFile]:
        """The files of one table, in the order of shards."""
        return sorted((file for file in self.files if file.table == table), key=lambda file: (file.shard, file.path))

    def stale_reasons(self, wanted: Mapping[str, str]) -> list[str]:
        """Why this partition is not what ``wanted`` inputs would make; empty when it is."""
        reasons = [f"{name} changed" for name in wanted if name in self.inputs and self.inputs[name] != wanted[name]]
        reasons += [f"{name} is new" for name in wanted if name not in self.inputs]
        reasons += [f"{name} is gone" for name in self.inputs if name not in wanted]
        return reasons


def read_manifest(folder: Path) -> Manifest | None:
    """The committed manifest of ``folder``, None where nothing was committed yet."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Commits ``manifest``: written aside, flushed, then swapped in one step."""
    write_atomically(folder / MANIFEST, manifest.model_dump_json(indent=1).encode() + b"\n")


def write_atomically(path: Path, data: bytes) -> None:
    """Writes ``data`` so that a reader sees the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
