"""Where notes lie in bars, beats and sixteenths, by a file's metre map.

A metre begins a bar where it is stated, as notation programs write it. A first bar that is shorter than those of the
next metre (1/4, then 4/4) is a pickup: it is bar 0, and its steps are counted as the end of a whole bar, so that the
step of an upbeat is the same in any bar. Without a pickup bar 0 is the first whole bar.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.kernels import STEPS_PER_QUARTER, place_in_bars
from boumb_assets.events.parse import MetreMap, ParsedMidi
from boumb_assets.events.subdivision import subdivide
from boumb_assets.events.swing import STRAIGHT, swing_ratio

__all__ = ["STEPS_PER_QUARTER", "Positions", "beat_quarters", "pickup_steps", "positions"]

COMPOUND_UNITS: Final = (8, 16)  # denominators of which three make a beat

Floats = npt.NDArray[np.float64]


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
    subdivision: npt.NDArray[np.int8]
    """Into how many the quarter note is divided there: 4, 8, 3 or 6."""
    onset_grid: npt.NDArray[np.int32]
    """The point of that division which the onset means, in 24ths of a quarter note from the start of the file."""
    pickup_steps: int
    """The length of the pickup in sixteenths, 0 for none."""
    grid_error: float
    """Mean distance of the distinct onsets from ``onset_grid``, in steps; from the bent grid where eighths swing."""
    ternary_share: float
    """The share of the beats with an onset that are divided by three."""
    swing: float | None
    """Long to short eighths, 1 where they are even; None where that cannot be measured."""


def positions(parsed: ParsedMidi) -> Positions:
    """The positions of a file's notes on the grid and in its bars."""
    metres = parsed.metres
    pickup = pickup_steps(metres, parsed.ppq)
    onset, duration = parsed.onset_tick, parsed.duration_tick
    placed = place_in_bars(
        onset, duration, parsed.ppq, metres.tick, metres.numerator, metres.denominator, pickup
    )  # fmt: skip
    quarters, start = onset / parsed.ppq, metres.tick / parsed.ppq
    beats = beat_quarters(metres)
    swing = _swing(quarters, start, beats)
    found = subdivide(quarters, start, beats, swing if swing is not None and swing > STRAIGHT else 1.0)
    return Positions(
        *placed,
        subdivision=found.division,
        onset_grid=found.point,
        pickup_steps=pickup,
        grid_error=found.error * STEPS_PER_QUARTER,
        ternary_share=found.ternary,
        swing=swing,
    )


def beat_quarters(metres: MetreMap) -> Floats:
    """The length (k,) of each metre's beat in quarter notes: one, or three eighths or sixteenths in compound metres."""
    beats = [
        12 / bottom if top % 3 == 0 and bottom in COMPOUND_UNITS else 1.0
        for top, bottom in zip(metres.numerator.tolist(), metres.denominator.tolist(), strict=True)
    ]
    return np.array(beats)


def _swing(quarters: Floats, start: Floats, beats: Floats) -> float | None:
    """The swing of the eighths, counted from where the metre begins that holds the longest; none in compound time."""
    if start.size == 1:
        return swing_ratio(quarters) if beats[0] == 1 else None
    held = np.diff(np.append(start, max(float(quarters[-1]), float(start[-1]))))
    longest = int(np.argmax(held))
    return swing_ratio(quarters - start[longest]) if beats[longest] == 1 else None


def pickup_steps(metres: MetreMap, ppq: int) -> int:
    """The length of the pickup in sixteenths (rounded, at least 1), 0 where there is none: the first metre lasts
    exactly one bar, and that is shorter than a bar of the second."""
    if metres.tick.size == 1:
        return 0
    bar_ticks = metres.numerator[:2] * (4 * ppq) / metres.denominator[:2]
    if metres.tick[1] != bar_ticks[0] or bar_ticks[0] >= bar_ticks[1]:
        return 0
    return max(1, int(bar_ticks[0] * STEPS_PER_QUARTER / ppq + 0.5))
