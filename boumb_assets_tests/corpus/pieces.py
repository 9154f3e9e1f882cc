"""Small hand-made pieces as tables of events and facts, or as the arrays that are made of them."""

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from boumb_assets.corpus.piece import Piece
from boumb_assets.events.schema import EVENTS, FILES

Notes = list[tuple[float, float, int, int]]  # onset and length in quarters, MIDI number, track

# Two phrases of a hymn in C: soprano, tenor and bass in one chord a measure, the last note of each phrase held.
PHRASES = (
    (((60, 67, 76), (53, 69, 77), (55, 71, 74), (48, 64, 72)), "I IV V I"),
    (((48, 67, 76), (57, 64, 72), (50, 65, 77), (53, 72, 77), (55, 71, 74), (48, 64, 72)), "I vi ii IV V I"),
)


def hymn(shift: int = 0, bar: float = 4.0) -> Notes:
    """The hymn, ``shift`` semitones from C, in measures of ``bar`` quarters; the top voice has a motif of its own."""
    notes: Notes = []
    line = 0.0
    for chords, _ in PHRASES:
        for place, (bass, tenor, top) in enumerate(chords):
            notes.append((line, bar, bass + shift, 2))
            notes.append((line, bar, tenor + shift, 1))
            last = place == len(chords) - 1
            step = bar if last else bar / 4
            melody = [top] if last else [top, top, top - 2 if top in (74, 76) else top, top]
            notes += [(line + beat * step, step, pitch + shift, 0) for beat, pitch in enumerate(melody)]
            line += bar
    return notes


def tables(notes: Notes, path: str = "hymn.mid", **facts: Any) -> tuple[pa.Table, pa.Table]:
    """Events and facts of one file in 4/4, C major at 60 BPM unless ``facts`` say otherwise."""
    metre = facts.get("metre", "4/4")
    numerator, denominator = (int(part) for part in metre.split("/"))
    bar_steps = 16 * numerator // denominator
    rows = []
    for onset, length, pitch, track in sorted(notes):
        step = round(onset * 4)
        rows.append({
            "dataset": "made", "sha256": path, "path": path, "track": track, "program": 0, "channel": 0,
            "is_drum": False, "pitch": pitch, "velocity": 80, "onset_tick": step * 120,
            "duration_tick": round(length * 480), "onset_s": onset, "duration_s": length, "onset_step": step,
            "duration_step": length * 4, "bar": step // bar_steps, "beat": 0, "step": step % bar_steps, "residual": 0.0,
        })  # fmt: skip
    known: dict[str, Any] = {
        "dataset": "made", "sha256": path, "path": path, "status": "parsed", "repairs": "", "title": "Hymn",
        "composer": None, "composer_died": 1847, "style": None, "official_split": None, "loop_bars": None, "ppq": 480,
        "notes": len(rows), "tracks": 3, "track_names": ["", "", ""], "duration_s": 40.0, "bpm": 60.0,
        "tempo_changes": 0, "tempo_map": [{"tick": 0, "s": 0.0, "bpm": facts.get("bpm", 60.0)}], "metre": metre,
        "metre_map": [{"tick": 0, "numerator": numerator, "denominator": denominator}], "metre_changes": 0,
        "pickup_steps": 0, "grid": "score",
        "grid_residual": 0.0, "grid_confidence": 1.0, "key_root": 0, "key_mode": "major", "key_confidence": 0.9,
        "density": 1.0, "polyphony": 3.0, "lowest": 48, "highest": 77, "fingerprint": "0" * 16,
    }  # fmt: skip
    return pa.Table.from_pylist(rows, EVENTS), pa.Table.from_pylist([{**known, **facts}], FILES)


def piece(notes: Notes, metre: str = "4/4", velocity: int = 80) -> Piece:
    """The notes as a piece of one instrument."""
    onset, length, pitch, track = (np.array(column) for column in zip(*sorted(notes), strict=True))
    same = np.ones(len(onset), dtype=np.int64)
    return Piece(
        onset=onset.astype(np.float64),
        duration=length.astype(np.float64),
        pitch=pitch.astype(np.int64),
        velocity=same * velocity,
        track=track.astype(np.int64),
        program=same * 0,
        metre=metre,
    )


some_notes = st.lists(
    st.tuples(
        st.integers(0, 400).map(lambda step: step / 4),
        st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0, 4.0]),
        st.integers(0, 127),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=120,
)
"""Any notes within 26 measures of 4/4."""
