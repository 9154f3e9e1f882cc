"""The table of feedback: how a request was rated, and whether its user agreed."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from boumb_assets.ingest.app_log.consent import read_consent
from boumb_assets.ingest.app_log.erasures import MAX_ID_CHARS
from boumb_assets.ingest.app_log.log_files import LogFile, lines_of, unreadable
from boumb_assets.lake.rejection import Reason, Rejection

REQUEST: Final = "requestid"
RATING: Final = "rating"
CONSENT: Final = "consent"
RATINGS: Final = frozenset(str(rating) for rating in range(1, 11))


@dataclass(frozen=True, slots=True)
class Feedback:
    """One line: None where it says nothing of that."""

    request_id: str
    rating: int | None
    consent: bool | None


def read_feedback(root: Path, file: LogFile) -> Iterator[Feedback | Rejection]:
    """The lines of one table, by the names in its header (RequestID and Rating, in any case; Consent where there is
    one); a table without the two is none of ours and gives nothing. A line that cannot be read is a rejection at
    ``path:line``; what it does say, as a refusal beside a rating that is no number, counts all the same."""
    rows = csv.reader(_text_lines(root, file))
    try:
        columns = {name.strip().lower(): place for place, name in enumerate(next(rows, []))}
        if not {REQUEST, RATING} <= columns.keys():
            return
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield _broken(file, rows.line_num, "not a line of CSV")
                continue
            if row:
                yield from _read(file, rows.line_num, columns, row)
    except OSError as error:
        yield unreadable(file.path, error)
    except csv.Error:
        yield _broken(file, 1, "not a line of CSV")


def _read(file: LogFile, number: int, columns: dict[str, int], row: list[str]) -> Iterator[Feedback | Rejection]:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
    request_id, rating = cells[REQUEST], cells[RATING]
    if not 1 <= len(request_id) <= MAX_ID_CHARS:
        yield _broken(file, number, f"RequestID has not 1 to {MAX_ID_CHARS} characters")
        return
    if rating and rating not in RATINGS:
        yield _broken(file, number, "Rating is no whole number of 1 to 10")
    consent = read_consent(cells.get(CONSENT))
    if columns.get(CONSENT, 0) >= len(row):
        # The app is writing it, or a quotation mark that nobody closed took it away: it may have been a no.
        yield _broken(file, number, "the line ends before its Consent: that counts as a no")
        consent = False
    yield Feedback(request_id, int(rating) if rating in RATINGS else None, consent)


def _text_lines(root: Path, file: LogFile) -> Iterator[str]:
    """The lines as text; one that is too long as an empty one, so that the numbers hold."""
    for number, line in lines_of(root, file):
        text = (line or b"").decode("utf-8-sig" if number == 1 else "utf-8", "replace")
        yield text.replace("\0", "�") + "\n"


def _broken(file: LogFile, number: int, detail: str) -> Rejection:
    return Rejection(f"{file.path}:{number}", Reason.MALFORMED, detail)
