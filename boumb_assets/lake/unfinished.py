"""What a writer that died had already made: finished shards are written down as they come, and the next writer takes
them over instead of making them again."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from boumb_assets.lake.journal import append_row
from boumb_assets.lake.manifest import LakeFile
from boumb_assets.lake.store import UNFINISHED, Commit, hash_file, told_when_full


class _Finished(BaseModel):
    """One shard that was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    context: str
    files: list[LakeFile]
    tables: dict[str, dict[str, str]]


class Unfinished:
    """The shards that were finished but not committed in a partition. ``context`` names everything that decides what is
    in a shard and is not in its key: what was made in another context is not taken over."""

    def __init__(self, commit: Commit, context: str) -> None:
        self._commit, self._context = commit, context
        self._path = commit.folder / UNFINISHED

    def take_over(self, keys: Mapping[int, str], stale: Sequence[int], tables: Iterable[str]) -> list[int]:
        """Adds to the commit those of the ``stale`` shards that were finished under the same key with all ``tables``,
        and whose files are still what they were. The others, in order."""
        wanted = set(tables)
        taken = set()
        for row in self._rows():
            number = row.files[0].shard if row.files else -1
            fits = number in stale and number not in taken and {file.table for file in row.files} == wanted
            if fits and all(self._is_whole(file, keys[number]) for file in row.files):
                self._commit.restore(row.files, row.tables)
                taken.add(number)
        return [number for number in stale if number not in taken]

    def remember(self, number: int) -> None:
        """Writes down that all files of a shard are in the commit. Raises LakeFullError."""
        files = self._commit.files_of(number)
        tables = {file.table: self._commit.columns_of(file.table) for file in files}
        with told_when_full(self._commit.folder):
            append_row(self._path, _Finished(context=self._context, files=files, tables=tables))

    def _rows(self) -> list[_Finished]:
        """What was written down in this context. The last line may be cut off; a line that cannot be read costs only
        the time to make its shard again."""
        rows = []
        for line in _lines(self._path):
            try:
                row = _Finished.model_validate_json(line)
            except ValidationError:
                continue
            if row.context == self._context:
                rows.append(row)
        return rows

    def _is_whole(self, file: LakeFile, key: str) -> bool:
        path = self._commit.folder / file.path
        try:
            return file.key == key and path.name == file.path and hash_file(path) == (file.sha256, file.bytes)
        except OSError:
            return False


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
