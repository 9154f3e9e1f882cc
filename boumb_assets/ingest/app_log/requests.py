"""What the whole log says of each request, and whether its answer may be taken."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from boumb_assets.ingest.app_log.consent import join_consent
from boumb_assets.ingest.app_log.erasures import request_hash
from boumb_assets.ingest.app_log.feedback import Feedback, read_feedback
from boumb_assets.ingest.app_log.log_files import (
    MAX_LINE_BYTES,
    LogFile,
    LogFiles,
    few_rejections,
    lines_of,
    unreadable,
)
from boumb_assets.ingest.app_log.traces import Trace, TraceError, read_trace
from boumb_assets.ingest.sources import SourceError
from boumb_assets.lake.rejection import Reason, Rejection
from boumb_assets.rights.declaration import AppLog

MAX_REQUESTS: Final = 300_000  # some 300 bytes each are held while a log is read


@dataclass(slots=True)
class Request:
    """What is known of one request when all files have been read."""

    rating: int | None = None
    """The lowest that it got: of two ratings one may be a slip, and what is taught should please both times."""
    consent: bool | None = None
    traced: bytes | None = None
    """A hash of its prompt and answer; None before a trace was seen."""
    ambiguous: bool = False
    """Whether there are different traces under its id."""
    settled: bool = False
    """Whether its answer was taken or set aside already: a log that was copied has lines twice."""

    def rated(self, rating: int | None, consent: bool | None) -> None:
        """Adds a line of feedback."""
        if rating is not None:
            self.rating = rating if self.rating is None else min(self.rating, rating)
        self.consent = join_consent(self.consent, consent)

    def seen(self, trace: Trace) -> None:
        """Adds a trace."""
        content = hashlib.sha256(f"{trace.prompt}\0{trace.answer}".encode("utf-8", "surrogatepass")).digest()
        self.ambiguous |= self.traced not in (None, content)
        self.traced = content
        self.consent = join_consent(self.consent, trace.consent)


def read_requests(root: Path, files: LogFiles, dataset: str, rejections: list[Rejection]) -> dict[str, Request]:
    """All requests of the log by request_hash. What is wrong with the feedback goes into ``rejections``; what is wrong
    with the traces is said by whoever reads them for the answers. Raises SourceError beyond MAX_REQUESTS."""
    requests: dict[str, Request] = {}
    for file in files.traces:
        for trace in read_traces(root, file):
            if isinstance(trace, Trace):
                _request(requests, dataset, trace.request_id).seen(trace)
    for file in files.feedback:
        for line in few_rejections(file, read_feedback(root, file)):
            if isinstance(line, Feedback):
                _request(requests, dataset, line.request_id).rated(line.rating, line.consent)
            else:
                rejections.append(line)
    return requests


def read_traces(root: Path, file: LogFile) -> Iterator[Trace | Rejection]:
    """The traces of one file; a line that is none is a rejection at ``path:line``."""
    return few_rejections(file, _traces(root, file))


def refusal(request: Request, erased: bool, policy: AppLog) -> tuple[Reason, str] | None:
    """Why the answer to a request is not taken, for good reasons first; None where it is."""
    if erased:
        return Reason.ERASED, "its user wants it forgotten"
    if request.consent is False:
        return Reason.NO_CONSENT, "its user said no"
    if request.consent is None and policy.consent == "each":
        return Reason.NO_CONSENT, "nothing says that its user agreed"
    if request.rating is None:
        return Reason.NOT_RATED, "nobody rated it"
    if request.rating < policy.rating_at_least:
        return Reason.RATED_BELOW, f"rated {request.rating}, taken from {policy.rating_at_least}"
    if request.ambiguous:
        return Reason.INVALID_ANSWER, "its traces differ: which of the answers was rated is not known"
    return None


def _traces(root: Path, file: LogFile) -> Iterator[Trace | Rejection]:
    try:
        for number, line in lines_of(root, file):
            where = f"{file.path}:{number}"
            if line is None:
                yield Rejection(where, Reason.TOO_LARGE, f"a line beyond {MAX_LINE_BYTES} bytes")
            elif line.strip():
                try:
                    yield read_trace(line, where)
                except TraceError as error:
                    yield Rejection(where, Reason.MALFORMED, f"no trace: {error}")
    except OSError as error:
        yield unreadable(file.path, error)


def _request(requests: dict[str, Request], dataset: str, request_id: str) -> Request:
    key = request_hash(dataset, request_id)
    if key not in requests and len(requests) >= MAX_REQUESTS:
        raise SourceError(
            f"{dataset}: the log has more than {MAX_REQUESTS} requests; split it into folders, a data set each"
        )
    return requests.setdefault(key, Request())
