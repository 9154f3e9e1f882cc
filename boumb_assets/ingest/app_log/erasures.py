"""Requests that a user wants forgotten: their hashes, for as long as the data set is there."""

import datetime
import hashlib
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from boumb_assets.lake.journal import append_row, read_rows
from boumb_assets.lake.manifest import digest
from boumb_assets.lake.names import check_name

MAX_ID_CHARS: Final = 200


class Erasure(BaseModel):
    """One request that is to be found nowhere. The id itself would be a trace of it, so its hash is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: datetime.date
    dataset: str
    request: str = Field(pattern=r"^[0-9a-f]{64}$", description="The request_hash of its id.")


def request_hash(dataset: str, request_id: str) -> str:
    """The name of a request in everything that is written: sha256 of data set and id, in hexadecimal."""
    return hashlib.sha256(f"{dataset}\0{request_id}".encode("utf-8", "surrogatepass")).hexdigest()


def erasures_path(home: Path) -> Path:
    """The journal of one home."""
    return home / "rights" / "erasures.jsonl"


def erase_request(home: Path, dataset_name: str, request_id: str) -> Erasure:
    """Says that a request of an app's log is to be forgotten: the next run takes it out of everything that it makes.

    An id that no log has is noted too, since its line may come later. Raises ValueError for a name that is none, and
    for an id of no or of too many characters.
    """
    request_id = request_id.strip()
    if not 1 <= len(request_id) <= MAX_ID_CHARS:
        raise ValueError(f"a request id has 1 to {MAX_ID_CHARS} characters, this one has {len(request_id)}")
    name = check_name("data set", dataset_name)
    today = datetime.datetime.now(datetime.UTC).date()
    erasure = Erasure(date=today, dataset=name, request=request_hash(name, request_id))
    if erasure.request not in erased_requests(home, name):
        append_row(erasures_path(home), erasure)
    return erasure


def erased_requests(home: Path, name: str) -> frozenset[str]:
    """The hashes of the erased requests of one data set. Raises JournalError where the journal cannot be read."""
    return frozenset(row.request for row in read_rows(erasures_path(home), Erasure) if row.dataset == name)


def erasures_digest(home: Path) -> str:
    """16 hexadecimal digits over all erasures of one home; empty where there is none. Raises JournalError."""
    requests = sorted(row.request for row in read_rows(erasures_path(home), Erasure))
    return digest(*requests) if requests else ""
