"""Where notes lie in bars, beats and sixteenths, by a file's metre map.

A metre begins a bar where it is stated, as notation programs write it. A first bar that is shorter than those of the
next metre (1/4, then 4/4) is a pickup: it is bar 0, and its steps are counted as the end of a whole bar, so that the
step of an upbeat is the same in any bar. Without a pickup bar 0 is the first whole bar.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from boumb_assets.events.parse import MetreMap, ParsedMidi

STEPS_PER_QUARTER = 4
STEPS_PER_WHOLE = 16


@dataclass(frozen=True)
class Positions:
    """Where notes lie. Arrays have shape (n,), one entry a note in the file's order."""

    onset_step: npt.NDArray[np.int32]
    """The nearest sixteenth from the start of the file."""
    duration_step: npt.NDArray[np.float32]
    """The exact length in sixteenths."""
    residual: npt.NDArray[np.float32]
    """Onset minus ``onset_step``, in steps, -0.5..0.5."""
    bar: npt.NDArray[np.int32]
    beat: npt.NDArray[np.int16]
    """In the bar, in units of the metre's denominator."""
    step: npt.NDArray[np.int16]
    """In the bar, in sixteenths."""
    pickup_steps: int
    """The length of the pickup in sixteenths, 0 for none."""


def positions(parsed: ParsedMidi) -> Positions:
    """The positions of a file's notes on the grid of sixteenths and in its bars."""
    exact = parsed.onset_tick * (STEPS_PER_QUARTER / parsed.ppq)
    onset = np.floor(exact + 0.5)
    bar, step, beat_steps, pickup = _in_bars(onset, parsed.metres, parsed.ppq)
    return Positions(
        onset_step=onset.astype(np.int32),
        duration_step=(parsed.duration_tick * (STEPS_PER_QUARTER / parsed.ppq)).astype(np.float32),
        residual=(exact - onset).astype(np.float32),
        bar=bar.astype(np.int32),
        beat=np.floor(step / beat_steps).astype(np.int16),
        step=step.astype(np.int16),
        pickup_steps=pickup,
    )


Floats = npt.NDArray[np.floating[Any]]


def _in_bars(onset: Floats, metres: MetreMap, ppq: int) -> tuple[Floats, Floats, Floats | float, int]:
    """Bar, step in the bar and steps a beat of each note (n,), and the pickup's length. ``onset`` is in whole steps, so
    a note just before a bar line that rounds onto it belongs to the bar that begins there."""
    bar_steps = metres.numerator * (STEPS_PER_WHOLE / metres.denominator)
    beat_steps = STEPS_PER_WHOLE / metres.denominator
    if metres.tick.size == 1:
        bar = np.floor(onset / bar_steps[0])
        return bar, np.floor(onset - bar * bar_steps[0]), float(beat_steps[0]), 0
    exact_start = metres.tick * (STEPS_PER_QUARTER / ppq)
    start = np.floor(exact_start + 0.5)
    bars = np.append(_bars_between(exact_start, bar_steps), np.inf)
    first_bar = np.concatenate([[0.0], np.cumsum(bars[:-1])])
    segment = np.searchsorted(start, onset, side="right") - 1
    inside = onset - start[segment]
    local = np.minimum(np.floor(inside / bar_steps[segment]), bars[segment] - 1)
    step = np.floor(inside - local * bar_steps[segment])
    pickup = pickup_steps(metres, ppq)
    if pickup:
        step = np.where(segment == 0, step + np.floor(bar_steps[1] - pickup), step)
        beat_steps[0] = beat_steps[1]
    return first_bar[segment] + local, step, beat_steps[segment], pickup


def _bars_between(exact_start: Floats, bar_steps: Floats) -> Floats:
    """The bars (k - 1,) of each metre but the last, at least one. A last bar that is cut short counts; less than half a
    step is no bar but the rounding of whoever wrote the file."""
    length = np.diff(exact_start)
    return np.maximum(1.0, np.ceil((length - 0.5) / bar_steps[:-1]))


def pickup_steps(metres: MetreMap, ppq: int) -> int:
    """The length of the pickup in sixteenths (rounded, at least 1), 0 where there is none: the first metre lasts
    exactly one bar, and that is shorter than a bar of the second."""
    if metres.tick.size == 1:
        return 0
    bar_ticks = metres.numerator[:2] * (4 * ppq) / metres.denominator[:2]
    if metres.tick[1] != bar_ticks[0] or bar_ticks[0] >= bar_ticks[1]:
        return 0
    return max(1, int(bar_ticks[0] * STEPS_PER_QUARTER / ppq + 0.5))
