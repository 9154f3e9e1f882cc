"""What the bar network sees: a performance beat by beat, with what is struck on each beat and what sounds during it."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.beats.neighbours import mean_around, windows

ON_THE_BEAT: Final = 0.07  # seconds to each side in which a note is on the beat, as in the F-measure of beats
REGISTER: Final = 3  # beats to each side that the lowest note is compared with
NEIGHBOURHOOD: Final = 8  # and those that loudness is compared with
BEAT_FEATURES: Final = 12 * 4 + 14

Floats = npt.NDArray[np.float64]


def beat_features(
    onset_s: npt.NDArray[Any],
    duration_s: npt.NDArray[Any],
    pitch: npt.NDArray[Any],
    velocity: npt.NDArray[Any],
    beat_s: Floats,
    heard: Floats,
) -> npt.NDArray[np.float32]:
    """The features (b, BEAT_FEATURES) of notes in the order of their onsets (n,) at beats (b,), b >= 2; in seconds.

    heard (b, 2): the log odds of a beat and of a downbeat by which each beat was found, 0 for one that was
    interpolated.
    """
    onset, duration = np.asarray(onset_s, np.float64), np.asarray(duration_s, np.float64)
    pitch, velocity = np.asarray(pitch, np.int64), np.asarray(velocity, np.float64)
    count = beat_s.size
    length = np.diff(beat_s, append=2 * beat_s[-1] - beat_s[-2])
    index = np.clip(np.searchsorted(beat_s, onset + ON_THE_BEAT / 2, side="right") - 1, 0, count - 1)
    on = np.abs(onset - beat_s[index]) < np.minimum(ON_THE_BEAT, 0.2 * length[index])
    sounding = _chroma(index, pitch, np.minimum(duration, length[index]) + 0.02, count)
    struck = _chroma(index[on], pitch[on], np.minimum(duration[on], 2.0) + 0.05, count)
    low, low_class = _extreme(index, pitch, count, lowest=True)
    high, _ = _extreme(index[on], pitch[on], count, lowest=False)
    low_on, _ = _extreme(index[on], pitch[on], count, lowest=True)
    notes = np.bincount(index, minlength=count)
    notes_on = np.bincount(index[on], minlength=count)
    longest = np.zeros(count)
    np.maximum.at(longest, index[on], duration[on])
    loud = np.zeros(count)
    np.maximum.at(loud, index[on], velocity[on])
    columns = [
        sounding,
        struck,
        _change(sounding, 1),
        low_class,
        *(column[:, None] for column in (
            np.minimum(notes, 24) / 8,
            np.minimum(notes_on, 8) / 4,
            (low - 45) / 24,
            (low_on - low) / 24,
            (high - 72) / 24,
            (windows(low, REGISTER).mean(axis=1) - low) / 12,
            np.log(np.clip(longest / length, 0.05, 16)) / 2,
            (loud - mean_around(loud, NEIGHBOURHOOD)) / 20,
            np.log(length),
            np.clip(heard[:, 0], -8, 8) / 4,
            np.clip(heard[:, 1], -8, 8) / 4,
            heard[:, 0] == 0,
            np.abs(_change(sounding, 1)).sum(axis=1) / 6,
            np.abs(_change(sounding, 2)).sum(axis=1) / 6,
        )),
    ]  # fmt: skip
    return np.concatenate(columns, axis=1).astype(np.float32)


def _chroma(index: npt.NDArray[np.int64], pitch: npt.NDArray[np.int64], weight: Floats, count: int) -> Floats:
    """(count, 12) weights of the pitch classes, the strongest 1."""
    flat = np.bincount(index * 12 + pitch % 12, weights=weight, minlength=12 * count).reshape(count, 12)
    scaled: Floats = flat / np.maximum(flat.max(axis=1, keepdims=True), 1e-6)
    return scaled


def _extreme(
    index: npt.NDArray[np.int64], pitch: npt.NDArray[np.int64], count: int, lowest: bool
) -> tuple[Floats, Floats]:
    """The lowest or highest pitch of each beat (count,), that of the beat before where it has none; and its class."""
    found = np.full(count, 999 if lowest else -1)
    (np.minimum if lowest else np.maximum).at(found, index, pitch)
    known = np.flatnonzero((found >= 0) & (found < 999))
    if known.size == 0:
        return np.full(count, 60.0), np.zeros((count, 12))
    last = known[np.clip(np.searchsorted(known, np.arange(count), side="right") - 1, 0, None)]
    filled = found[last]
    return filled.astype(np.float64), np.eye(12)[filled % 12]


def _change(chroma: Floats, back: int) -> Floats:
    """(b, 12) how the pitch classes differ from those ``back`` beats before."""
    changed = np.zeros_like(chroma)
    changed[back:] = chroma[back:] - chroma[:-back]
    return changed
