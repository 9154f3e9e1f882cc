"""Why an input was set aside: typed reasons, and the table in which a stage records them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyarrow as pa


class Reason(StrEnum):
    """Everything that can keep a file out of the lake. The values are stable: they are stored and counted."""

    # Found while collecting files.
    UNREADABLE = "unreadable"
    SYMLINK = "symlink"
    NAME_NOT_UTF8 = "name_not_utf8"
    NAME_COLLISION = "name_collision"
    TOO_LARGE = "too_large"
    EMPTY_FILE = "empty_file"
    CHANGED_WHILE_READING = "changed_while_reading"
    # Found while unpacking an archive.
    UNSAFE_NAME = "unsafe_name"
    DUPLICATE_NAME = "duplicate_name"
    SPECIAL_FILE = "special_file"
    ENCRYPTED = "encrypted"
    COMPRESSION_BOMB = "compression_bomb"
    # Found while reading an app's log.
    NO_CONSENT = "no_consent"
    NOT_RATED = "not_rated"
    RATED_BELOW = "rated_below"
    ERASED = "erased"
    INVALID_ANSWER = "invalid_answer"
    # Found while parsing.
    NOT_MIDI = "not_midi"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    BAD_RESOLUTION = "bad_resolution"
    BAD_TEMPO = "bad_tempo"
    BAD_METRE = "bad_metre"
    OUT_OF_RANGE = "out_of_range"
    TYPE_2 = "type_2"
    SMPTE_TIME = "smpte_time"
    NO_NOTES = "no_notes"
    TOO_MANY_NOTES = "too_many_notes"
    # Found by the pool that isolates the parser.
    NATIVE_CRASH = "native_crash"
    TIMEOUT = "timeout"
    # Said by a steward.
    TAKEN_DOWN = "taken_down"


@dataclass(frozen=True)
class Rejection:
    """One file that was set aside."""

    path: str
    """Relative POSIX path inside its data set."""
    reason: Reason
    detail: str
    """One sentence for a person; never needed to tell two cases apart."""
    sha256: str | None = None
    """Of the file's bytes; None where they could not be read."""


REJECTED: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("sha256", pa.string()),
        pa.field("stage", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("detail", pa.string(), nullable=False),
    ]
)


def rejected_table(rejections: Iterable[Rejection], dataset: str, stage: str) -> pa.Table:
    """The rejections of one stage as a table of schema REJECTED, sorted by path, then reason."""
    ordered = sorted(rejections, key=lambda rejection: (rejection.path, rejection.reason, rejection.detail))
    return pa.Table.from_pylist(
        [
            {
                "dataset": dataset,
                "path": rejection.path,
                "sha256": rejection.sha256,
                "stage": stage,
                "reason": str(rejection.reason),
                "detail": rejection.detail,
            }
            for rejection in ordered
        ],
        schema=REJECTED,
    )
