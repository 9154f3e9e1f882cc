"""What is remembered of a source that is fetched or unpacked, beside the folder that it is unpacked to."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from boumb_assets.ingest.listing import listing_fingerprint
from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.rejection import Reason, Rejection

# After a failure that may pass, the source counts as changed again: soon at first, then ever later.
FIRST_WAIT_S: Final = 30.0
LONGEST_WAIT_S: Final = 3600.0


class SetAside(BaseModel):
    """A rejection, as it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    reason: Reason
    detail: str


class Unpacked(BaseModel):
    """What the folder was made from, and what it was like then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    """Version of the code that unpacked it."""
    listing: str
    """Fingerprint of the folder."""
    rejections: tuple[SetAside, ...] = ()
    facts: dict[str, str | int] = {}
    archive: tuple[str, int, int] | None = None
    """Path, bytes and modification time of a local archive."""


class SourceState(BaseModel):
    """Everything that is remembered of one data set's source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    checksum: str | None = None
    turn: int = 0
    """Grows when the source is to be looked at again though it did not change."""
    failures: int = 0
    """In a row, of those that may pass."""
    failed_at: float = 0.0
    """Seconds since the epoch."""
    pin: str | None = None
    """What was fetched first: sha256:... of an archive, the commit of a hub's data set."""
    unpacked: Unpacked | None = None

    def current_turn(self, now: float) -> int:
        """The turn that it is: one more than the last, when the wait after a failure is over."""
        wait = min(FIRST_WAIT_S * 2.0 ** min(self.failures - 1, 20), LONGEST_WAIT_S)
        return self.turn + (self.failures > 0 and not 0 <= now - self.failed_at < wait)


def sources_folder(home: Path) -> Path:
    """Where what was fetched, unpacked or written for data sets lies, a folder each."""
    return home / "sources"


def state_path(home: Path, name: str) -> Path:
    """The file of one data set's state."""
    return sources_folder(home) / f"{name}.json"


def read_state(home: Path, name: str, source: str, checksum: str | None) -> SourceState:
    """What is remembered; of another source, or of another checksum, only the turn. A file that cannot be read is no
    memory."""
    try:
        state = SourceState.model_validate_json(state_path(home, name).read_bytes())
    except (OSError, ValidationError):
        return SourceState(source=source, checksum=checksum)
    if (state.source, state.checksum) != (source, checksum):
        return SourceState(source=source, checksum=checksum, turn=state.turn)
    return state


def write_state(home: Path, name: str, state: SourceState) -> None:
    """Remembers ``state``."""
    write_atomically(state_path(home, name), state.model_dump_json().encode())


def begun(state: SourceState) -> SourceState:
    """The state when a run begins: a wait that is over is not over again."""
    return state.model_copy(update={"turn": state.current_turn(time.time())})


def failed(state: SourceState) -> SourceState:
    """The state after a failure that may pass."""
    return state.model_copy(update={"failures": state.failures + 1, "failed_at": time.time()})


def is_as_unpacked(folder: Path, unpacked: Unpacked | None, code: str) -> bool:
    """Whether the folder is still what was unpacked, by this code."""
    return unpacked is not None and unpacked.code == code and listing_fingerprint(folder) == unpacked.listing


def stored(rejections: Iterable[Rejection]) -> tuple[SetAside, ...]:
    """Rejections as they are stored."""
    return tuple(SetAside(path=one.path, reason=one.reason, detail=one.detail) for one in rejections)


def told(unpacked: Unpacked) -> tuple[Rejection, ...]:
    """The stored rejections again."""
    return tuple(Rejection(one.path, one.reason, one.detail) for one in unpacked.rejections)
