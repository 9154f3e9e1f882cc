"""What the shards of a folder hold: ``index.json`` beside them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

INDEX: Final = "index.json"
MAX_INDEX_BYTES: Final = 1 << 26


class RowsError(ValueError):
    """A folder of rows that cannot be read; the text says where and why."""


class ShardEntry(BaseModel):
    """One shard. One without rows has no file, and is told of for what it left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shard: str = Field(description="The file's name.")
    split: str
    contract: str
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0, description="Of the lines, before compression.")
    sha256: str = Field(description="Of the file; empty where there is none.")
    frames: list[tuple[int, int]] = Field(description="Where each zstd frame begins in the file, and its first line.")
    languages: dict[str, int] = Field(default_factory=dict, description="Rows by language.")
    left_out: dict[str, int] = Field(default_factory=dict, description="Loops and structures without rows, by reason.")


_ENTRIES: Final = TypeAdapter(list[ShardEntry])


def write_index(folder: Path, entries: Iterable[ShardEntry]) -> None:
    """Writes the index; the same shards give the same bytes."""
    known = [entry.model_dump(mode="json") for entry in sorted(entries, key=lambda entry: entry.shard)]
    lines = ",\n".join(json.dumps(entry, sort_keys=True, separators=(",", ":")) for entry in known)
    (folder / INDEX).write_text(f"[\n{lines}\n]\n" if lines else "[]\n", encoding="utf-8")


def read_index(folder: Path) -> list[ShardEntry]:
    """The shards of a folder by name; those without rows too. Raises RowsError."""
    path = folder / INDEX
    try:
        if path.stat().st_size > MAX_INDEX_BYTES:
            raise RowsError(f"{path} is larger than {MAX_INDEX_BYTES} bytes: that is no index")
        return _ENTRIES.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RowsError(f"{path} is no index of rows: {str(error).splitlines()[0]}") from None
