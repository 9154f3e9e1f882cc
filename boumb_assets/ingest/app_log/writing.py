"""From an app's log to a folder that is scanned as any other: a MIDI file an answer, and an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from boumb_assets.ingest.app_log.answers import AnswerError, Music, read_answer
from boumb_assets.ingest.app_log.asked import taught_prompt, tempo_of
from boumb_assets.ingest.app_log.erasures import erased_requests, request_hash
from boumb_assets.ingest.app_log.log_files import LogFiles, list_log
from boumb_assets.ingest.app_log.requests import Request, read_requests, read_traces, refusal
from boumb_assets.ingest.app_log.traces import Trace
from boumb_assets.ingest.listing import ABSENT
from boumb_assets.ingest.metadata import MAX_METADATA_BYTES
from boumb_assets.ingest.sources import SourceError
from boumb_assets.lake.code import code_version
from boumb_assets.lake.journal import JournalError
from boumb_assets.lake.manifest import digest
from boumb_assets.lake.rejection import Reason, Rejection
from boumb_assets.render.midi import to_midi_bytes
from boumb_assets.render.notes import loop_bars
from boumb_assets.rights.declaration import APP_LOG, AppLog, Dataset

COLUMNS: Final = ("file", "title", "asked", "bpm", "loop_bars")
# All that decides about the bytes of the files.
ROOMS: Final = tuple(
    f"boumb_assets.{room}" for room in ("theory", "contracts", "prompts", "render", "ingest.app_log", "lake.journal")
)
PACKAGES: Final = ("mido", "numpy")
SHOWN_DIGITS: Final = 12  # of a request's hash, in what a person reads


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that is taken."""

    name: str
    music: Music
    asked: str
    bpm: int | None

    def line(self) -> str:
        bpm = "" if self.bpm is None else str(self.bpm)
        # The studio loops two bars or four, though a short idea may have its last note in the first.
        return "\t".join((self.name, "", self.asked, bpm, str(loop_bars(self.music))))


def write_app_log(dataset: Dataset, home: Path, folder: Path) -> list[Rejection]:
    """Writes a MIDI file for each answer of the log that may be taken, and ``index.tsv``, into the empty ``folder``;
    what was set aside. The app's own folder is only read.

    Every ``*.jsonl`` below the source is traces, every ``*.csv`` with RequestID and Rating is feedback. An answer is
    taken where its user agreed (a no anywhere wins), the lowest of its ratings is at least
    ``app_log.rating_at_least``, its request is not erased, and it is music. A file is named by the request's hash and
    has the tempo that the context states, else 120, which is the app's own where nobody says one. No rejection tells
    of a request more than its line and its hash. Raises SourceError where the log or the erasures cannot be read.
    """
    root, policy = _root(dataset), dataset.app_log or AppLog()
    try:
        erased = erased_requests(home, dataset.name)
        files = list_log(root)
    except JournalError as error:
        raise SourceError(f"{dataset.name}: {error}") from None
    except OSError as error:
        raise SourceError(f"{dataset.name}: {root} cannot be read: {error.strerror}") from None
    rejections = list(files.rejections)
    requests = read_requests(root, files, dataset.name, rejections)
    taken = _taken(root, files, dataset.name, policy, requests, erased, rejections)
    _write(folder, dataset.name, taken)
    return rejections


def app_log_fingerprint(dataset: Dataset, home: Path) -> str:
    """A digest of what the folder would be written from: the log's files by name, size and time, the erasures, what is
    taken, and the code; "absent" where there is no log. No file is opened but the journal of erasures."""
    try:
        files = list_log(_root(dataset))
    except OSError:
        return ABSENT
    try:
        erased = sorted(erased_requests(home, dataset.name))
    except JournalError as error:
        erased = [str(error)]
    listed = (f"{file.path}\0{file.bytes}\0{file.mtime_ns}" for file in (*files.traces, *files.feedback))
    aside = (f"{rejection.path}\0{rejection.reason}" for rejection in files.rejections)
    policy = (dataset.app_log or AppLog()).model_dump_json()
    return digest(code_version(ROOMS, PACKAGES), policy, *listed, "set aside", *aside, "erased", *erased)


def _root(dataset: Dataset) -> Path:
    return Path(dataset.source.removeprefix(APP_LOG))


def _taken(
    root: Path,
    files: LogFiles,
    dataset: str,
    policy: AppLog,
    requests: dict[str, Request],
    erased: frozenset[str],
    rejections: list[Rejection],
) -> Iterator[_Answer]:
    """The answers that are taken, in the order of the log; each request once."""
    for file in files.traces:
        for trace in read_traces(root, file):
            if isinstance(trace, Rejection):
                rejections.append(trace)
                continue
            key = request_hash(dataset, trace.request_id)
            # A line that came between the two readings has not been heard in full: it is for the next run.
            request = requests.get(key, Request(settled=True))
            if request.settled:
                continue
            request.settled = True
            found = refusal(request, key in erased, policy) or _answer(key, trace)
            if isinstance(found, _Answer):
                yield found
            else:
                rejections.append(_set_aside(trace, key, *found))


def _answer(key: str, trace: Trace) -> _Answer | tuple[Reason, str]:
    try:
        music = read_answer(trace.answer)
    except AnswerError as error:
        return Reason.INVALID_ANSWER, str(error)
    return _Answer(f"{key[:2]}/{key}.mid", music, taught_prompt(trace.prompt), tempo_of(trace.context))


def _set_aside(trace: Trace, key: str, reason: Reason, why: str) -> Rejection:
    return Rejection(trace.where, reason, f"request {key[:SHOWN_DIGITS]}: {why}")


def _write(folder: Path, dataset: str, answers: Iterator[_Answer]) -> None:
    index_bytes = 0
    with (folder / "index.tsv").open("wb") as index:
        index.write(("\t".join(COLUMNS) + "\n").encode())
        for answer in answers:
            path = folder / answer.name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(to_midi_bytes(answer.music, answer.bpm))
            line = (answer.line() + "\n").encode("utf-8", "replace")
            index.write(line)
            index_bytes += len(line)
            if index_bytes > MAX_METADATA_BYTES:
                raise SourceError(f"{dataset}: its index is larger than can be read back; split the log into data sets")
