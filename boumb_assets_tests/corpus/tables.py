"""Small tables of events and files, written by hand in steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from boumb_assets.events.schema import EVENTS, FILES

STEP_SECONDS = 0.125  # 120 quarters a minute


@dataclass(frozen=True)
class Tone:
    """A note: onset and length in steps (either may lie off the grid), MIDI pitch and velocity, track."""

    at: float
    pitch: int
    length: float = 1.0
    velocity: int = 89
    track: int = 0
    drum: bool = False
    program: int = 0


def events_table(tones: Iterable[Tone], path: str = "a.mid", dataset: str = "test", pickup: bool = False) -> pa.Table:
    """EVENTS of one file in 4/4 at 120 BPM. With ``pickup``, step 0 is the first of bar 0, which is not whole."""
    rows = []
    for tone in sorted(tones, key=lambda tone: (tone.at, tone.track, tone.pitch)):
        step = int(tone.at + 0.5)
        rows.append(
            {
                "dataset": dataset, "sha256": "0" * 64, "path": path, "track": tone.track,
                "program": -1 if tone.drum else tone.program, "channel": 9 if tone.drum else -1, "is_drum": tone.drum,
                "pitch": tone.pitch, "velocity": tone.velocity, "onset_tick": round(tone.at * 120),
                "duration_tick": round(tone.length * 120), "onset_s": tone.at * STEP_SECONDS,
                "duration_s": tone.length * STEP_SECONDS, "onset_step": step, "duration_step": tone.length,
                "bar": step // 16, "beat": step % 16 // 4, "step": step % 16, "residual": tone.at - step,
            }
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=EVENTS)


def files_table(path: str = "a.mid", dataset: str = "test", **facts: Any) -> pa.Table:
    """FILES of one file; ``facts`` replace the values of a plain score."""
    row = {
        "dataset": dataset, "sha256": "0" * 64, "path": path, "status": "parsed", "repairs": "", "title": None,
        "composer": None, "composer_died": None, "style": None, "official_split": None, "loop_bars": None,
        "ppq": 480, "notes": 1,
        "tracks": 1, "track_names": [""], "duration_s": 8.0, "bpm": 120.0, "tempo_changes": 0, "metre": "4/4",
        "metre_changes": 0, "pickup_steps": 0, "grid": "score", "grid_residual": 0.0, "grid_confidence": 1.0,
        "key_root": None, "key_mode": None, "key_confidence": None, "density": 1.0, "polyphony": 1.0, "lowest": None,
        "highest": None, "fingerprint": "0" * 16,
    }  # fmt: skip
    return pa.Table.from_pylist([row | facts], schema=FILES)
