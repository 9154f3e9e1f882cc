"""From score-aligned pieces to MusicStructures: transposed whole, reduced to a chord a measure, cut at sure cadences.

Whatever is in doubt is left out, with the reason counted: a structure that says more than its piece does teaches a
model to make things up.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import ValidationError

from boumb_assets.contracts.music_structure import TIME_SIGNATURES, MusicStructure
from boumb_assets.corpus.cadences import Key, related_keys, sure_cadences
from boumb_assets.corpus.motifs import motifs_of
from boumb_assets.corpus.piece import Piece, UnsteadyMetreError, in_half_measures, piece_of
from boumb_assets.corpus.plan import Estimates, request_of, structure_of
from boumb_assets.corpus.reduction import Reduction, measure_histograms
from boumb_assets.corpus.sections import Span, cut_sections
from boumb_assets.corpus.structures_schema import STRUCTURES
from boumb_assets.theory.emotion import arousal, valence
from boumb_assets.theory.pitch import NOTE_NAMES

CLEAR_KEY: Final = 0.5  # confidence of the global key, which is right in about that share of the cases
LEAST_KEPT: Final = 0.6  # of the piece's sound: below that the structure is another piece
DURATION_S: Final = (20.0, 420.0)
TEMPO: Final = (40, 220)
SHIFTS: Final = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6)
WHITE: Final = frozenset({0, 2, 4, 5, 7, 9, 11})
COLUMNS: Final = (
    "track",
    "program",
    "is_drum",
    "pitch",
    "velocity",
    "onset_step",
    "duration_step",
    "bar",
    "step",
    "residual",
)


@dataclass(frozen=True)
class Structures:
    """The structures of many files, and why the other files gave none."""

    table: pa.Table
    """Schema STRUCTURES."""
    dropped: dict[str, int]
    """Files by reason, in alphabetical order."""


class _LeftOutError(Exception):
    """A file that gives no structure; the text is the reason."""


def derive_structures(events: pa.Table, files: pa.Table) -> Structures:
    """The structure of each file that shows one surely; at most one a file, sorted by path.

    ``events`` and ``files`` are tables of schema EVENTS and FILES of the same files. Never raises for what is in them.
    """
    rows: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    notes = dict(_notes_by_file(events))
    for facts in sorted(files.to_pylist(), key=lambda row: str(row["path"])):
        try:
            rows.append(_structure_row(facts, notes.get(facts["path"])))
        except _LeftOutError as reason:
            dropped[str(reason)] += 1
    return Structures(pa.Table.from_pylist(rows, schema=STRUCTURES), dict(sorted(dropped.items())))


def _notes_by_file(events: pa.Table) -> Iterator[tuple[str, dict[str, npt.NDArray[np.generic]]]]:
    """The columns of each file's rows, which lie together; files without a grid are left out."""
    if not events.num_rows:
        return
    paths = events.column("path").combine_chunks().dictionary_encode()
    codes = paths.indices.to_numpy(zero_copy_only=False)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]])
    table = events.select(COLUMNS).combine_chunks()
    for start, stop in pairwise(starts.tolist()):
        part = table.slice(start, stop - start)
        if part.column("onset_step").null_count == 0:
            columns = {name: part.column(name).to_numpy() for name in COLUMNS}
            yield paths.dictionary[int(codes[start])].as_py(), columns


def _structure_row(facts: Mapping[str, Any], notes: Mapping[str, npt.NDArray[np.generic]] | None) -> dict[str, Any]:
    _check_facts(facts)
    if notes is None:
        raise _LeftOutError("no_notes")
    try:
        piece = piece_of(notes, facts["metre"], pickup=bool(facts["pickup_steps"]))
    except UnsteadyMetreError:
        raise _LeftOutError("metre_changes") from None
    if piece.measures < 8 or not len(piece.melody.onset):
        raise _LeftOutError("too_short")
    home = Key(int(facts["key_root"]), facts["key_mode"] == "minor")
    piece, spans = _cut(piece, home)
    shift = _shift(home, spans)
    kept = sum(span.kept for span in spans) / float(piece.duration.sum())
    if kept < LEAST_KEPT:
        raise _LeftOutError("too_little_kept")
    estimates = _estimates(piece, facts)
    if not all(motifs_of(piece, span.key, span.start, span.stop) for span in spans):
        raise _LeftOutError("no_motif")
    try:
        structure = structure_of(piece, home, spans, shift, estimates, facts)
        if not DURATION_S[0] <= structure.duration_s <= DURATION_S[1]:
            raise _LeftOutError("duration_out_of_range")
        request = request_of(structure, piece, estimates, facts)
    except ValidationError as error:
        raise _LeftOutError(f"contract_{_code(error)}") from None
    if not structure.fits(request.duration):
        raise _LeftOutError("measures_do_not_fit_duration")
    return {
        "structure_id": _identity(facts),
        "dataset": facts["dataset"],
        "sha256": facts["sha256"],
        "path": facts["path"],
        "contract": "music-structure",
        "content": structure.to_json(),
        "request": request.model_dump_json(exclude_none=True),
        "original_key": f"{NOTE_NAMES[home.root]} {'minor' if home.minor else 'major'}",
        "transposition": shift,
        "kept_share": kept,
        "sections": len(structure.sections),
        "measures": structure.measures,
        "title": facts["title"],
        "composer": facts["composer"],
        "official_split": facts["official_split"],
        "fingerprint": _fingerprint(structure, home, spans),
    }


def _identity(facts: Mapping[str, Any]) -> str:
    """One a place: the same bytes in two data sets have two, as they may have two licences."""
    place = f"{facts['dataset']}/{facts['path']}:{facts['sha256']}:music-structure"
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def _check_facts(facts: Mapping[str, Any]) -> None:
    if facts["grid"] != "score":
        raise _LeftOutError("not_score_aligned")
    if facts["key_root"] is None:
        raise _LeftOutError("drums_only")
    if facts["metre"] not in TIME_SIGNATURES:
        raise _LeftOutError("metre_not_in_contract")
    if facts["metre_changes"]:
        raise _LeftOutError("metre_changes")
    if facts["bpm"] is None or not TEMPO[0] <= round(facts["bpm"]) <= TEMPO[1]:
        raise _LeftOutError("tempo_out_of_range")
    if facts["key_confidence"] < CLEAR_KEY:
        raise _LeftOutError("key_unclear")


def _cut(piece: Piece, home: Key) -> tuple[Piece, list[Span]]:
    """The piece and its sections; where harmony moves too fast for a chord a measure (chorales), barred in halves."""
    try:
        return piece, _sections(piece, home)
    except _LeftOutError:
        halved = in_half_measures(piece)
        if halved is None:
            raise
        try:
            return halved, _sections(halved, home)
        except _LeftOutError:
            pass
        raise


def _sections(piece: Piece, home: Key) -> list[Span]:
    cadences = sure_cadences(piece, related_keys(home.root, home.minor))
    if len(cadences) < 2:
        raise _LeftOutError("fewer_than_two_sure_cadences")
    histograms = measure_histograms(piece)
    reductions = {key: Reduction(piece, key, histograms) for key in {cadence.key for cadence in cadences}}
    spans = cut_sections(piece, cadences, reductions)
    if not spans:
        raise _LeftOutError("no_sections_between_cadences")
    if spans[0].key.root != home.root:
        raise _LeftOutError("does_not_open_at_home")
    if spans[-1].key.root != home.root or spans[-1].cadence.name not in ("PAC", "PICARDY"):
        raise _LeftOutError("does_not_close_at_home")
    return spans


def _shift(home: Key, spans: list[Span]) -> int:
    """The fewest semitones that bring all keys to natural letters; down where both ways are as far."""
    roots = {home.root, *(span.key.root for span in spans)}
    for shift in SHIFTS:
        if all((root + shift) % 12 in WHITE for root in roots):
            return shift
    raise _LeftOutError("keys_without_natural_names")


def _estimates(piece: Piece, facts: Mapping[str, Any]) -> Estimates:
    """Valence and arousal of the whole piece."""
    histogram = piece.histogram(float(piece.onset[0]), float(piece.end.max()))
    seconds = 60 / float(facts["bpm"])
    density = float(facts["density"])
    feeling = valence(histogram, float(facts["bpm"]), density, float(piece.pitch.mean()))
    energy = arousal(float(facts["bpm"]), density, float(piece.duration.mean()) * seconds)
    return Estimates(round(max(-1.0, min(1.0, feeling)), 2), round(max(0.0, min(1.0, energy)), 2))


def _code(error: ValidationError) -> str:
    """A short, stable word for what the contract refused."""
    message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    head = message.split(":", 1)[0]
    return head if head.isidentifier() else str(error.errors()[0]["type"])


def _fingerprint(structure: MusicStructure, home: Key, spans: list[Span]) -> str:
    """Of all that does not depend on the key the piece stands in."""
    parts = [structure.timeSignature, str(home.minor)]
    for section, span in zip(structure.sections, spans, strict=True):
        key = f"{(span.key.root - home.root) % 12} {span.key.minor}"
        parts += [key, " ".join(section.chordProgression), section.cadence, section.melody.model_dump_json()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
