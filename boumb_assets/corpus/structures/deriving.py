"""From score-aligned pieces to MusicStructures: transposed whole, reduced to a chord a measure, cut at sure cadences.

Whatever is in doubt is left out, with the reason told: a structure that says more than its piece does teaches a model
to make things up.
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

from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.corpus.structures.left_out import LeftOutError
from boumb_assets.corpus.structures.plan import estimates_of, request_of, structure_of
from boumb_assets.corpus.structures.reading import Reading, readings
from boumb_assets.corpus.structures.schema import STRUCTURES, STRUCTURES_DROPPED
from boumb_assets.corpus.structures.stretches import steady_stretches
from boumb_assets.corpus.structures.sureness import sureness_of

LEAST_COVERED: Final = 0.6  # of the file's sound lies in the sections: less is another piece
LEAST_KEPT: Final = 0.55  # of their time has the chord that is written: less is another harmony
DURATION_S: Final = (20.0, 420.0)
MAJOR_NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_NAMES: Final = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
COLUMNS: Final = (
    "track", "program", "is_drum", "pitch", "velocity", "onset_step", "duration_step", "residual",
)  # fmt: skip

Notes = Mapping[str, npt.NDArray[np.generic]]


@dataclass(frozen=True)
class Structures:
    """The structures of many files, and why the other files gave none."""

    table: pa.Table
    """Schema STRUCTURES."""
    dropped: pa.Table
    """Schema STRUCTURES_DROPPED."""

    @property
    def reasons(self) -> dict[str, int]:
        """Files without a structure by reason, in alphabetical order."""
        return dict(sorted(Counter(self.dropped.column("reason").to_pylist()).items()))


def derive_structures(events: pa.Table, files: pa.Table) -> Structures:
    """The structure of each file that shows one surely; at most one a file, sorted by path.

    ``events`` and ``files`` are tables of schema EVENTS and FILES of the same files. Never raises for what is in them.
    """
    rows: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    notes = dict(_notes_by_file(events))
    for facts in sorted(files.to_pylist(), key=lambda row: str(row["path"])):
        origin = {name: facts[name] for name in ("dataset", "sha256", "path")}
        try:
            rows.append({**origin, **_structure_row(facts, notes.get(facts["path"]))})
        except LeftOutError as left_out:
            dropped.append({**origin, "reason": left_out.reason, "why": left_out.why})
    return Structures(
        pa.Table.from_pylist(rows, schema=STRUCTURES), pa.Table.from_pylist(dropped, schema=STRUCTURES_DROPPED)
    )


def _notes_by_file(events: pa.Table) -> Iterator[tuple[str, Notes]]:
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


def _structure_row(facts: Mapping[str, Any], notes: Notes | None) -> dict[str, Any]:
    """The row of the first way to bar the file that gives one. Raises LeftOutError for the file's own way."""
    if facts["grid"] != "score":
        raise LeftOutError("not_score_aligned", f"its notes do not follow the file's beats ({facts['grid']})")
    if facts["key_root"] is None or notes is None:
        raise LeftOutError("no_pitched_notes", "it has no notes of a pitch")
    pitched = ~notes["is_drum"].astype(bool)
    length = notes["duration_step"].astype(np.float64)
    onset = notes["onset_step"].astype(np.float64) + notes["residual"].astype(np.float64)
    end = float((onset + length).max()) / 4
    sound = float(length[pitched].sum()) / 4
    first: LeftOutError | None = None
    for reading in readings(steady_stretches(facts, end), notes, facts):
        try:
            return _row_of(facts, reading, sound)
        except LeftOutError as left_out:
            first = first or left_out
    raise first or LeftOutError("metre_not_in_contract", f"the contract has no {facts['metre']}")


def _row_of(facts: Mapping[str, Any], reading: Reading | LeftOutError, sound: float) -> dict[str, Any]:
    """The row of a reading; ``sound``: of the whole file, in its quarters."""
    if isinstance(reading, LeftOutError):
        raise reading
    covered = reading.sound / sound
    if covered < LEAST_COVERED:
        raise LeftOutError("too_little_covered", f"its sections have {covered:.0%} of what sounds")
    if reading.kept < LEAST_KEPT:
        raise LeftOutError("too_little_kept", f"one diatonic triad a measure keeps {reading.kept:.0%} of the harmony")
    estimates = estimates_of(reading)
    try:
        structure = structure_of(reading, estimates, facts)
        if not DURATION_S[0] <= structure.duration_s <= DURATION_S[1]:
            raise LeftOutError("duration_out_of_range", f"it lasts {structure.duration_s:.0f} s, not 20 to 420")
        request = request_of(structure, reading, estimates, facts)
    except ValidationError as error:
        raise LeftOutError(f"contract_{_code(error)}", str(error.errors()[0]["msg"])) from None
    if not structure.fits(request.duration):
        raise LeftOutError(
            "measures_do_not_fit_duration", f"no whole number of seconds gives {structure.measures} bars"
        )
    home = reading.home
    return {
        "structure_id": _identity(facts),
        "contract": "music-structure",
        "content": structure.to_json(),
        "request": request.model_dump_json(exclude_unset=True),
        "original_key": original_name(home.root, home.minor),
        "transposition": reading.shift,
        "original_metre": reading.stretch.written,
        "bar_offset": reading.stretch.offset,
        "places": _places(reading),
        "covered_share": covered,
        "kept_share": reading.kept,
        "confidence": list(sureness_of(structure, reading, facts).items()),
        "sections": len(structure.sections),
        "measures": structure.measures,
        "title": facts["title"],
        "composer": facts["composer"],
        "official_split": facts["official_split"],
        "fingerprint": _fingerprint(structure, reading),
    }


def original_name(root: int, minor: bool) -> str:
    """A key as scores call it, with the fewer accidentals: ``Eb major``, ``C# minor``."""
    return f"{(MINOR_NAMES if minor else MAJOR_NAMES)[root]} {'minor' if minor else 'major'}"


def _places(reading: Reading) -> list[dict[str, Any]]:
    numbers = reading.stretch.numbers
    return [
        {
            "name": name,
            "first": numbers[span.start],
            "last": numbers[span.stop - 1],
            "key": original_name(span.key.root, span.key.minor),
            "cadence": span.cadence.name,
        }
        for span, name in zip(reading.spans, reading.letters.names, strict=True)
    ]


def _identity(facts: Mapping[str, Any]) -> str:
    """One a place: the same bytes in two data sets have two, as they may have two licences."""
    place = f"{facts['dataset']}/{facts['path']}:{facts['sha256']}:music-structure"
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def _code(error: ValidationError) -> str:
    """A short, stable word for what the contract refused."""
    message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    head = message.split(":", 1)[0]
    return head if head.isidentifier() else str(error.errors()[0]["type"])


def _fingerprint(structure: MusicStructure, reading: Reading) -> str:
    """Of all that does not depend on the key the piece stands in."""
    home = reading.home
    parts = [structure.timeSignature, str(home.minor)]
    for section, span in zip(structure.sections, reading.spans, strict=True):
        key = f"{(span.key.root - home.root) % 12} {span.key.minor}"
        parts += [key, " ".join(section.chordProgression), section.cadence, section.melody.model_dump_json()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
