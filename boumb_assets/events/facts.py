"""What is told about a whole file: tempo, metre, key, density, and the fingerprint that finds its duplicates."""

import hashlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.bars import pickup_steps
from boumb_assets.events.grid import Grid
from boumb_assets.events.parse import ParsedMidi
from boumb_assets.theory.keys import estimate_key, pitch_class_histogram

FINGERPRINT_QUARTER: Final = 12  # time units a quarter note: they tell sixteenths and triplet eighths apart
FINGERPRINT_SECOND: Final = 50  # time units a second where there is no grid

Seconds = npt.NDArray[np.float64]


def file_facts(parsed: ParsedMidi, grid: Grid, onset_s: Seconds, duration_s: Seconds) -> dict[str, Any]:
    """The columns of FILES that follow from the music, by name; ``onset_s`` and ``duration_s`` have shape (n,)."""
    distinct = 1 + int(np.count_nonzero(np.diff(parsed.onset_tick)))
    end = float((onset_s + duration_s).max())
    sounding = end - float(onset_s[0])
    return {
        "status": "repaired" if parsed.repairs else "parsed",
        "repairs": ",".join(parsed.repairs),
        "ppq": parsed.ppq,
        "notes": parsed.pitch.size,
        "tracks": len(parsed.track_names),
        "track_names": list(parsed.track_names),
        "duration_s": end,
        "grid": grid.kind,
        "grid_residual": grid.residual,
        "grid_confidence": grid.confidence,
        "density": distinct / sounding if sounding > 0 else 0.0,
        "fingerprint": file_fingerprint(parsed, grid, onset_s),
        **_tempo_and_metre(parsed, grid.kind == "score"),
        **_pitched(parsed),
    }


def _tempo_and_metre(parsed: ParsedMidi, in_time: bool) -> dict[str, Any]:
    """Tempo and metre. In free time a tempo is the recorder's clock and a metre its default: they are not passed on."""
    last = int((parsed.onset_tick + parsed.duration_tick).max())
    metres = parsed.metres
    first = 1 if pickup_steps(metres, parsed.ppq) else 0
    return {
        "bpm": dominant_bpm(parsed) if in_time else None,
        "tempo_changes": max(0, int(np.searchsorted(parsed.tempos.tick, last)) - 1),
        "metre": f"{metres.numerator[first]}/{metres.denominator[first]}" if in_time else None,
        "metre_changes": max(0, int(np.searchsorted(metres.tick, last)) - 1 - first),
        "pickup_steps": pickup_steps(metres, parsed.ppq) if in_time else None,
    }


def dominant_bpm(parsed: ParsedMidi) -> float:
    """The tempo that holds for most beats up to the last onset, in quarter notes a minute; the slowest of equals."""
    tempos = parsed.tempos
    if tempos.tick.size == 1:
        return 6e7 / float(tempos.microseconds[0])
    end = max(int(parsed.onset_tick[-1]), 1)
    held = np.diff(np.minimum(np.append(tempos.tick, end), end))
    slow_first = np.argsort(-tempos.microseconds, kind="stable")
    values, index = np.unique(-tempos.microseconds[slow_first], return_inverse=True)
    total = np.bincount(index, weights=held[slow_first])
    return 6e7 / float(-values[np.argmax(total)])


def _pitched(parsed: ParsedMidi) -> dict[str, Any]:
    """Key, range and polyphony, of the pitched notes where there are any."""
    pitched = ~parsed.is_drum
    if not pitched.any():
        no_key = dict.fromkeys(("key_root", "key_mode", "key_confidence", "lowest", "highest"))
        return {"polyphony": polyphony(parsed.onset_tick, parsed.duration_tick), **no_key}
    onset, duration, pitch = parsed.onset_tick, parsed.duration_tick, parsed.pitch
    if not pitched.all():
        onset, duration, pitch = onset[pitched], duration[pitched], pitch[pitched]
    key = estimate_key(pitch_class_histogram(pitch, duration if duration.any() else None))
    return {
        "key_root": key.root,
        "key_mode": key.mode,
        "key_confidence": key.confidence,
        "lowest": int(pitch.min()),
        "highest": int(pitch.max()),
        "polyphony": polyphony(onset, duration),
    }


def polyphony(onset: npt.NDArray[np.int64], duration: npt.NDArray[np.int64]) -> float:
    """The mean number of notes that sound while any does; 0 where none has a length.

    ``onset`` (n,) is sorted, ``duration`` (n,) in the same unit, n >= 1.
    """
    end = onset + duration
    latest = np.maximum.accumulate(end)
    covered_until = np.concatenate([onset[:1], latest[:-1]])
    covered = int(np.maximum(end - np.maximum(onset, covered_until), 0).sum())
    return float(duration.sum()) / covered if covered else 0.0


def file_fingerprint(parsed: ParsedMidi, grid: Grid, onset_s: Seconds) -> str:
    """16 hexadecimal digits over the onsets: the same for files whose notes begin at the same places, in any key.

    Time is counted from the first onset in twelfths of a quarter note, or in 20 ms where there is no grid; pitches from
    the lowest pitched note of the first pitched onset, drums as they are. Order, doubles, durations, velocities,
    instruments and tempo do not count.
    """
    if grid.kind == "score":
        time = np.floor(parsed.onset_tick * (FINGERPRINT_QUARTER / parsed.ppq) + 0.5).astype(np.int64)
    else:
        time = np.floor(onset_s * FINGERPRINT_SECOND + 0.5).astype(np.int64)
    drum = parsed.is_drum
    pitch = parsed.pitch.astype(np.int64)
    if not drum.all():
        first = int(np.argmin(drum))
        chord = ~drum & (time == time[first])
        pitch = np.where(drum, pitch + 256, pitch - int(pitch[chord].min()) + 128)
    else:
        pitch += 256
    codes = np.sort((time - time[0]) << 9 | pitch)
    codes = codes[np.append(True, codes[1:] != codes[:-1])]
    return hashlib.blake2b(codes.astype("<i8").tobytes(), digest_size=8).hexdigest()
