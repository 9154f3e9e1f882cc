"""The users' ratings, kept as CSV in the home: their own data, and one day a data set."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import Final

from boumb_assets.serving.requests import FeedbackBody

COLUMNS: Final = ("Timestamp", "RequestID", "Rating", "Comment")
MAX_BYTES: Final = 16 * 1024 * 1024


class FeedbackFullError(RuntimeError):
    """The file has reached its bound; nothing was written."""


class FeedbackFile:
    """A CSV file that only grows, up to ``max_bytes``."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self.path: Final = path
        self._max_bytes, self._lock = max_bytes, Lock()

    def append(self, feedback: FeedbackBody) -> None:
        """One row more, the header before the first. Raises FeedbackFullError."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (now, _cell(feedback.request_id), feedback.rating, _cell(feedback.comment))
        with self._lock:
            size = self.path.stat().st_size if self.path.exists() else 0
            text = StringIO()
            writer = csv.writer(text, lineterminator="\n")
            if not size:
                writer.writerow(COLUMNS)
            writer.writerow(row)
            data = text.getvalue().encode("utf-8", "replace")
            if size + len(data) > self._max_bytes:
                raise FeedbackFullError(f"{self.path.name} has reached {self._max_bytes} bytes: move it away")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(data)


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
