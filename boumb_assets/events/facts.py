"""What is told about a whole file: tempo, metre, keys, parts, rhythm, and the fingerprint that finds its duplicates."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.events.expressiveness import expressiveness
from boumb_assets.events.grid import Grid
from boumb_assets.events.note_facts import NoteFacts, file_fingerprint, note_facts
from boumb_assets.events.parse import ParsedMidi, seconds_at
from boumb_assets.events.roles import parts_of
from boumb_assets.events.schema import FILES
from boumb_assets.events.syncopation import syncopation
from boumb_assets.events.tempo_facts import tempo_and_metre
from boumb_assets.theory.keys import estimate_key
from boumb_assets.theory.local_keys import WINDOW_BEATS, local_keys
from boumb_assets.theory.pitch_windows import window_histograms

BEATS_A_SECOND: Final = 2  # where there is no grid, half a second stands for a beat
STEPS_A_BEAT: Final = 4
MAX_WINDOWS: Final = 8192
"""Windows in which keys are looked for. In a file with more a window is twice as long, four times, ..."""

SHORTEST: Final = 1 / STEPS_A_BEAT  # beats that each note counts where none has a length

Floats = npt.NDArray[np.float64]


class _Timing(NamedTuple):
    """When notes sound, in quarter notes, or in half seconds where there is no grid."""

    in_time: bool
    onset: Floats
    duration: Floats
    end: float
    """When the last note ends."""


def file_facts(parsed: ParsedMidi, grid: Grid, onset_s: Floats, duration_s: Floats) -> dict[str, Any]:
    """The columns of FILES that follow from the music, by name; ``onset_s`` and ``duration_s`` have shape (n,)."""
    notes = note_facts(parsed)
    end_s = float((onset_s + duration_s).max())
    sounding = end_s - float(onset_s[0])
    timing = _timing(parsed, grid.kind == "score", onset_s, duration_s, notes.last_tick, end_s)
    parts = parts_of(parsed, timing.onset, timing.duration)
    return {
        "status": "repaired" if parsed.repairs else "parsed",
        "repairs": ",".join(parsed.repairs),
        "ppq": parsed.ppq,
        "notes": parsed.pitch.size,
        "overlapping": parsed.overlapping,
        "hanging": parsed.hanging,
        "ended_elsewhere": parsed.ended_elsewhere,
        "texts_cut": parsed.texts.cut,
        "pedal_share": parsed.pedal_share,
        "tracks": len(parsed.track_names),
        "track_names": list(parsed.track_names),
        "programs": parts.programs,
        "roles": parts.roles,
        "role_confidences": parts.confidences,
        "duration_s": end_s,
        "grid": grid.kind,
        "grid_residual": grid.residual,
        "grid_confidence": grid.confidence,
        "density": notes.onsets / sounding if sounding > 0 else 0.0,
        "polyphony": notes.sounding / notes.covered if notes.covered else 0.0,
        "syncopation": syncopation(parsed, grid.positions) if timing.in_time and grid.positions is not None else None,
        "expressiveness": expressiveness(parsed),
        "fingerprint": file_fingerprint(parsed),
        **tempo_and_metre(parsed, notes.last_tick, timing.in_time),
        **_pitched(parsed, notes, timing),
    }


def facts_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The table of schema FILES of ``rows``, null where they do not have a column. Column by column it is made several
    times faster than row by row, since most of its time goes into lists of structures."""
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in FILES]
    return pa.table(columns, schema=FILES)


def _timing(
    parsed: ParsedMidi, in_time: bool, onset_s: Floats, duration_s: Floats, last_tick: int, end_s: float
) -> _Timing:
    if in_time:
        ppq = parsed.ppq
        return _Timing(True, parsed.onset_tick / ppq, parsed.duration_tick / ppq, last_tick / ppq)
    return _Timing(False, onset_s * BEATS_A_SECOND, duration_s * BEATS_A_SECOND, end_s * BEATS_A_SECOND)


def _pitched(parsed: ParsedMidi, notes: NoteFacts, timing: _Timing) -> dict[str, Any]:
    """Keys and range, of the pitched notes where there are any."""
    if not notes.pitched:
        return dict.fromkeys(("key_root", "key_mode", "key_confidence", "local_keys", "lowest", "highest"))
    key = estimate_key(notes.histogram)
    return {
        "key_root": key.root,
        "key_mode": key.mode,
        "key_confidence": key.confidence,
        "local_keys": _local_keys(parsed, notes, timing),
        "lowest": notes.lowest,
        "highest": notes.highest,
    }


def _local_keys(parsed: ParsedMidi, notes: NoteFacts, timing: _Timing) -> list[dict[str, Any]]:
    """The stretches of a key; see FILES."""
    duration = timing.duration if notes.sounding else np.full(parsed.pitch.size, SHORTEST)
    width = WINDOW_BEATS
    while timing.end > MAX_WINDOWS * width:
        width *= 2
    count = ceil(timing.end / width) or 1
    _, spans = local_keys(window_histograms(timing.onset, duration, parsed.pitch, parsed.is_drum, count, float(width)))
    seconds = _seconds(parsed, [span.begin * width for span in spans], timing.in_time)
    return [
        {
            "begin_s": second,
            "begin_step": span.begin * width * STEPS_A_BEAT if timing.in_time else None,
            "root": span.root,
            "mode": span.mode,
            "confidence": span.confidence,
        }
        for second, span in zip(seconds, spans, strict=True)
    ]


def _seconds(parsed: ParsedMidi, beats: list[int], in_time: bool) -> list[float]:
    """The seconds at which ``beats`` begin, the first of which is 0."""
    if not in_time or len(beats) == 1:
        return [beat / BEATS_A_SECOND for beat in beats]
    seconds: list[float] = seconds_at(np.array(beats) * parsed.ppq, parsed.ppq, parsed.tempos).tolist()
    return seconds
