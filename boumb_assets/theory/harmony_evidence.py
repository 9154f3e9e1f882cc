"""What the notes of each half quarter note say for the chords of `harmony_states`, compiled where it is slow."""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.harmony_states import HarmonyTables
from boumb_assets.theory.metric_levels import BEAT, FRAME_QUARTERS, HALF_BAR
from boumb_assets.theory.pitch_windows import SILENT, lowest_pitches, window_histograms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

SHARE_POWER: Final = (
    0.38  # of the share of a frame that a pitch class sounds: that it sounds matters more than how long
)
BASS_SHARES: Final = np.array([0.53, 0.62, 0.73])  # weight of the lowest note of the frame, the beat and the half bar
KEY_SHARE: Final = 0.5  # of what speaks for a chord in its key, in each frame
CHANGE_LOG_ODDS: Final = np.array([-0.19, -0.95, -2.53, -4.87])  # of a new chord, by metric level
NEW_BASS_LOG_ODDS: Final = 0.53  # more
GRID: Final = 32  # parts of a quarter that notes are put on: what is left of a note in the next frame is no note


def frame_evidence(
    onset: Floats, duration: Floats, pitch: Bytes, levels: Ints, keys: Ints, tables: HarmonyTables
) -> tuple[Floats, Floats]:
    """(n, states) the log likelihood of each chord in each frame, and (n,) how likely a new one begins there; arguments
    as `harmony.read_harmony`."""
    begin, end = (np.rint(times * GRID) / GRID for times in (onset, onset + duration))
    notes = (begin, np.maximum(end - begin, 1 / GRID), pitch, np.zeros(pitch.size, dtype=np.bool_))
    histograms = window_histograms(*notes, levels.size, FRAME_QUARTERS)
    lowest = lowest_pitches(*notes, levels.size, FRAME_QUARTERS)
    of_beat = _lowest_since(lowest, levels <= BEAT)
    basses = np.stack([lowest, of_beat, _lowest_since(lowest, levels <= HALF_BAR)])
    sounding = np.maximum(histograms, 0.0) ** SHARE_POWER
    evidence = chord_evidence(
        sounding, basses, keys, tables.notes, tables.bass, tables.in_key, BASS_SHARES, KEY_SHARE
    )  # fmt: skip
    log_odds = CHANGE_LOG_ODDS[levels] + NEW_BASS_LOG_ODDS * _bass_begins(begin, pitch, lowest)
    return evidence, np.where(of_beat == SILENT, 0.0, 1 / (1 + np.exp(-log_odds)))


@compiled
def chord_evidence(
    sounding: Floats, basses: Bytes, keys: Ints,
    notes: Floats, bass: Floats, in_key: Floats, bass_shares: Floats, key_share: float,
) -> Floats:  # fmt: skip
    """(n, states) from how much each pitch class sounds (n, 12), the lowest pitches (3, n) of the frame, the beat and
    the half bar in which each frame lies, with the weight of each (3,), and the key of each frame (n,); the tables are
    those of `HarmonyTables`. In a silent beat the key says nothing."""
    count, states = sounding.shape[0], notes.shape[1]
    evidence = np.zeros((count, states))
    for frame in range(count):
        row = evidence[frame]
        for degree in range(12):
            if sounding[frame, degree] > 0.0:
                for state in range(states):
                    row[state] += sounding[frame, degree] * notes[degree, state]
        for stretch in range(bass_shares.size):
            lowest = np.int64(basses[stretch, frame])
            if lowest != SILENT:
                for state in range(states):
                    row[state] += bass_shares[stretch] * bass[lowest % 12, state]
        if basses[1, frame] != SILENT:
            for state in range(states):
                row[state] += key_share * in_key[keys[frame], state]
    return evidence


def _lowest_since(lowest: Bytes, begins: npt.NDArray[np.bool_]) -> Bytes:
    """(n,) the lowest pitch of the stretch of frames in which each lies; a stretch ``begins`` (n,) with the first."""
    starts = np.unique(np.append(0, np.flatnonzero(begins)))
    return np.repeat(np.minimum.reduceat(lowest, starts), np.diff(starts, append=lowest.size))


def _bass_begins(begin: Floats, pitch: Bytes, lowest: Bytes) -> npt.NDArray[np.bool_]:
    """(n,) whether the lowest pitch of each frame begins in it."""
    frame = (begin / FRAME_QUARTERS).astype(np.int64)
    inside = frame < lowest.size
    found = np.zeros(lowest.size, dtype=np.bool_)
    frame, pitch = frame[inside], pitch[inside]
    found[frame[pitch == lowest[frame]]] = True
    return found
