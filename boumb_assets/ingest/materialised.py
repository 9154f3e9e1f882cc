"""A source that can be scanned, however it came to be a folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from boumb_assets.lake.rejection import Rejection


@dataclass(frozen=True)
class Materialised:
    """A folder to scan."""

    folder: Path
    rejections: tuple[Rejection, ...] = ()
    """What was set aside before there was a folder: members of an archive, answers of a log."""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    """What a person may want to know of how it came here."""
