"""Where the notes of a performance lie, by the beats that were heard in it.

Between two beats time is taken to pass evenly; before the first and after the last it goes on at their pace. Bars are
those of the downbeats; before the first and after the last of them they are of the usual length. The first of all may
be part of one, a pickup: its end, as in a score.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.bars import STEPS_PER_QUARTER, Positions
from boumb_assets.events.beats.tracker import Beats
from boumb_assets.events.subdivision import subdivide
from boumb_assets.events.swing import STRAIGHT, swing_ratio

LEAST_CONFIDENCE: Final = 0.7
"""The confidence of beats below which their notes keep seconds only. Of 36 performances of Bach and Haydn (ASAP) those
above it have a mean F-measure of 0.88, those below it of 0.68."""
LEAST_PERIOD: Final = 0.05  # seconds; beats closer than that are not gone on with
SURE_METRE: Final = 0.8  # the share of the bars that must have the most frequent length

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Performed:
    """A performance on the beats that were heard in it."""

    positions: Positions
    """Of its notes, with four steps to a beat."""
    bpm: float
    """The median of the beats' tempo, in beats a minute."""
    metre: str | None
    """Beats a bar, such as ``3/4``; None where bars differ."""
    time_s: Floats
    """(k,) when the beats are."""
    downbeat: npt.NDArray[np.bool_]
    """(k,) whether a bar begins there."""
    bar: Ints
    """(k,) the bar that they are in, as of ``positions``."""


def place_performance(beats: Beats, onset_s: Floats, duration_s: Floats) -> Performed | None:
    """The notes (n,) at ``onset_s``, ascending, placed by ``beats``; None where none of these begins a bar."""
    downbeats = np.flatnonzero(beats.downbeat)
    if not downbeats.size:
        return None
    exact, end = _beats_at(beats.time_s, onset_s), _beats_at(beats.time_s, onset_s + duration_s)
    lengths = np.diff(downbeats)
    usual = int(np.argmax(np.bincount(lengths))) if lengths.size else 4
    origin = min(0, int(np.floor(exact[0] + 0.5 / STEPS_PER_QUARTER)))
    last = max(int(np.floor(exact[-1] + 1)), beats.time_s.size)
    bars = _bar_lines(downbeats, usual, origin, last) - origin
    exact, end = exact - origin, end - origin
    swing = swing_ratio(exact)
    bend = swing if swing is not None and swing > STRAIGHT else 1.0
    divided = subdivide(exact, np.zeros(1), np.ones(1), bend)
    onset_step = np.floor(exact * STEPS_PER_QUARTER + 0.5).astype(np.int64)
    bar = np.searchsorted(bars * STEPS_PER_QUARTER, onset_step, side="right") - 1
    step = onset_step - bars[bar] * STEPS_PER_QUARTER
    placed = Positions(
        onset_step=onset_step.astype(np.int32),
        duration_step=((end - exact) * STEPS_PER_QUARTER).astype(np.float32),
        residual=(exact * STEPS_PER_QUARTER - onset_step).astype(np.float32),
        bar=bar.astype(np.int32),
        beat=(step // STEPS_PER_QUARTER).astype(np.int16),
        step=step.astype(np.int16),
        subdivision=divided.division,
        onset_grid=divided.point,
        pickup_steps=int(bars[1]) * STEPS_PER_QUARTER if bars[0] < 0 else 0,
        grid_error=divided.error * STEPS_PER_QUARTER,
        ternary_share=divided.ternary,
        swing=swing,
    )
    sure = lengths.size > 0 and np.count_nonzero(lengths == usual) >= SURE_METRE * lengths.size
    of_beats = np.searchsorted(bars, np.arange(beats.time_s.size) - origin, side="right") - 1
    bpm = 60 / float(np.median(np.diff(beats.time_s)))
    down = np.isin(np.arange(beats.time_s.size) - origin, bars)
    return Performed(placed, bpm, f"{usual}/4" if sure else None, beats.time_s, down, of_beats)


def _beats_at(time_s: Floats, seconds: Floats) -> Floats:
    """How many beats after the first one ``seconds`` (n,) are, where beats are at ``time_s`` (k,), k >= 2."""
    found = np.interp(seconds, time_s, np.arange(time_s.size, dtype=np.float64))
    before, after = np.minimum(seconds - time_s[0], 0), np.maximum(seconds - time_s[-1], 0)
    first, last = time_s[1] - time_s[0], time_s[-1] - time_s[-2]
    beats: Floats = found + before / max(first, LEAST_PERIOD) + after / max(last, LEAST_PERIOD)
    return beats


def _bar_lines(downbeats: Ints, usual: int, first: int, last: int) -> Ints:
    """The beats at which bars begin, from one at or before beat ``first`` to one beyond ``last``."""
    before = np.arange(-(-(int(downbeats[0]) - first) // usual), 0, -1) * -usual + downbeats[0]
    after = np.arange(1, (max(last - int(downbeats[-1]), 0)) // usual + 2) * usual + downbeats[-1]
    return np.concatenate([before, downbeats, after])
