"""Where the notes of a file lie in seconds and in bars, compiled: one pass over them."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

STEPS_PER_QUARTER: Final = 4
STEPS_PER_WHOLE: Final = 16


class Placed(NamedTuple):
    """Where notes lie, as in ``bars.Positions``; arrays (n,)."""

    onset_step: npt.NDArray[np.int32]
    duration_step: npt.NDArray[np.float32]
    residual: npt.NDArray[np.float32]
    bar: npt.NDArray[np.int32]
    beat: npt.NDArray[np.int16]
    step: npt.NDArray[np.int16]


@compiled
def note_seconds(onset: Ints, duration: Ints, ppq: int, tick: Ints, microseconds: Ints) -> tuple[Floats, Floats]:
    """The onsets and durations in seconds of notes (n,) in ticks, ``onset`` ascending, under the tempo map ``tick`` and
    ``microseconds`` (k,), the first tick 0."""
    onset_s, duration_s = np.empty(onset.size), np.empty(onset.size)
    start_s = np.zeros(tick.size)
    for change in range(1, tick.size):
        passed = tick[change] - tick[change - 1]
        start_s[change] = start_s[change - 1] + passed * (microseconds[change - 1] / (ppq * 1e6))
    here = 0
    for note in range(onset.size):
        while here + 1 < tick.size and tick[here + 1] <= onset[note]:
            here += 1
        end, there = onset[note] + duration[note], here
        # Tempo maps may have thousands of entries, and long notes may span them: far ends are sought by halves.
        if there + 8 < tick.size and tick[there + 8] <= end:
            there = np.searchsorted(tick, end, side="right") - 1
        while there + 1 < tick.size and tick[there + 1] <= end:
            there += 1
        onset_s[note] = start_s[here] + (onset[note] - tick[here]) * (microseconds[here] / (ppq * 1e6))
        end_s = start_s[there] + (end - tick[there]) * (microseconds[there] / (ppq * 1e6))
        duration_s[note] = end_s - onset_s[note]
    return onset_s, duration_s


@compiled
def place_in_bars(
    onset: Ints, duration: Ints, ppq: int, tick: Ints, numerator: Ints, denominator: Ints, pickup: int
) -> Placed:
    """The places of notes (n,) in ticks, ``onset`` ascending, under the metre map ``tick``, ``numerator`` and
    ``denominator`` (k,), the first tick 0; ``pickup`` as of ``bars.pickup_steps``.

    A note just before a bar line that rounds onto it belongs to the bar that begins there. A metre lasts at least one
    bar; a last bar that is cut short counts, but less than half a step is no bar but the rounding of whoever wrote the
    file.
    """
    count = onset.size
    places = Placed(
        np.empty(count, np.int32), np.empty(count, np.float32), np.empty(count, np.float32),
        np.empty(count, np.int32), np.empty(count, np.int16), np.empty(count, np.int16),
    )  # fmt: skip
    steps_a_tick = STEPS_PER_QUARTER / ppq
    here, first_bar, start = 0, 0.0, 0.0
    bar_steps, beat_steps, bars, shift = _metre(0, tick, numerator, denominator, steps_a_tick, pickup)
    for note in range(count):
        exact = onset[note] * steps_a_tick
        nearest = np.floor(exact + 0.5)
        while here + 1 < tick.size and np.floor(tick[here + 1] * steps_a_tick + 0.5) <= nearest:
            first_bar += bars
            here += 1
            start = np.floor(tick[here] * steps_a_tick + 0.5)
            bar_steps, beat_steps, bars, shift = _metre(here, tick, numerator, denominator, steps_a_tick, pickup)
        inside = nearest - start
        local = min(np.floor(inside / bar_steps), bars - 1)
        step = np.floor(inside - local * bar_steps) + shift
        places.onset_step[note], places.duration_step[note] = nearest, duration[note] * steps_a_tick
        places.residual[note] = exact - nearest
        places.bar[note], places.beat[note], places.step[note] = first_bar + local, np.floor(step / beat_steps), step
    return places


@compiled
def _metre(
    index: int, tick: Ints, numerator: Ints, denominator: Ints, steps_a_tick: float, pickup: int
) -> tuple[float, float, float, float]:
    """Steps a bar, steps a beat, bars (infinite for the last metre) and the steps that a pickup is counted later."""
    bar_steps = numerator[index] * (STEPS_PER_WHOLE / denominator[index])
    beat_steps = STEPS_PER_WHOLE / denominator[index]
    bars, shift = np.inf, 0.0
    if index + 1 < tick.size:
        length = (tick[index + 1] - tick[index]) * steps_a_tick
        bars = max(1.0, np.ceil((length - 0.5) / bar_steps))
    if index == 0 and pickup > 0:
        shift = np.floor(numerator[1] * (STEPS_PER_WHOLE / denominator[1]) - pickup)
        beat_steps = STEPS_PER_WHOLE / denominator[1]
    return bar_steps, beat_steps, bars, shift
