"""The melodic timbres: electronic ones by additive and FM synthesis, and those of acoustic instruments; each note as a
stereo array."""

from bisect import bisect
from collections.abc import Callable
from typing import Final, Literal, cast

import numpy as np

from boumb_assets.render.acoustic import Acoustic, acoustic_note
from boumb_assets.render.oscillators import (
    TOP_HZ,
    Stereo,
    both_ears,
    envelope,
    frequency,
    from_period,
    harmonic_sum,
    one_period,
    top_hz,
    wrapped_phase,
)

Electronic = Literal["bass", "lead", "keys", "pad"]
Timbre = Electronic | Acoustic

# The first General MIDI program (from 0) of each stretch that one timbre stands in for.
_STRETCHES: Final[tuple[tuple[int, Timbre], ...]] = (
    (0, "piano"), (4, "keys"), (6, "pluck"), (8, "mallet"), (16, "organ"), (24, "pluck"), (32, "bass"), (40, "strings"),
    (45, "pluck"), (47, "mallet"), (48, "strings"), (52, "choir"), (55, "strings"), (56, "brass"), (64, "reed"),
    (72, "flute"), (80, "lead"), (88, "pad"), (104, "pluck"), (108, "mallet"), (109, "reed"), (110, "strings"),
    (111, "reed"), (112, "mallet"), (120, "pad"),
)  # fmt: skip
_FIRST: Final = [first for first, _ in _STRETCHES]


def timbre_of(program: int) -> Timbre:
    """The timbre that stands in for a General MIDI program (0..127)."""
    return _STRETCHES[bisect(_FIRST, program) - 1][1]


def render_note(timbre: Timbre, pitch: int, hold_s: float, velocity: float, rate: int) -> Stereo:
    """One note with its release, (n, 2), peak about ``velocity`` (0..1). ``hold_s`` is the time until the key
    is let go; the array is longer by the timbre's release."""
    hz = frequency(pitch)
    electronic = _ELECTRONIC.get(timbre)
    if electronic is None:
        return acoustic_note(cast(Acoustic, timbre), hz, hold_s, velocity, rate)
    return electronic(hz, hold_s, velocity, rate)


def _saw(k: int) -> float:
    return 0.6 / k


def _square(k: int) -> float:
    return 0.8 / k if k % 2 else 0.0


def _bass(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """A filtered saw with a sine under it; the filter opens with the stroke and closes within a tenth of a second."""
    amplitude = envelope(max(1, round(hold_s * rate)), rate, 0.004, 0.25, 0.6, 0.08)
    t = np.arange(len(amplitude)) / rate
    phase = 2 * np.pi * hz * t
    cutoff = 180 + 1.5 * hz + (500 + 1800 * velocity) * np.exp(-t / 0.11)
    return both_ears(
        velocity * amplitude * (0.75 * harmonic_sum(phase, hz, _saw, cutoff, top_hz(rate)) + 0.45 * np.sin(phase))
    )


def _lead(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """A soft square with a vibrato of 10 cents that sets in after a fifth of a second."""
    amplitude = envelope(max(1, round(hold_s * rate)), rate, 0.008, 0.3, 0.7, 0.12)
    t = np.arange(len(amplitude)) / rate
    depth = (2 ** (10 / 1200) - 1) * np.clip((t - 0.2) / 0.3, 0, 1)
    phase = 2 * np.pi * np.cumsum(hz * (1 + depth * np.sin(2 * np.pi * 5.5 * t))) / rate
    cutoff = np.minimum(1200 + 1.5 * hz + 2500 * velocity * np.exp(-t / 0.3), TOP_HZ)
    return both_ears(0.8 * velocity * amplitude * harmonic_sum(phase, hz, _square, cutoff, top_hz(rate)))


def _keys(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """An electric piano by frequency modulation (Chowning 1973): a 1:1 pair for the body and a 1:14 pair for the tine,
    both indices falling faster than the tone."""
    amplitude = envelope(max(1, round(hold_s * rate)), rate, 0.003, 1.6 * (220 / hz) ** 0.4, 0.0, 0.15)
    t = np.arange(len(amplitude), dtype=np.float32) / np.float32(rate)
    phase = wrapped_phase(hz, len(amplitude), rate)
    index = np.float32(0.3 + 0.9 * velocity) * np.exp(-2 * t)
    tone = np.sin(phase + index * np.sin(phase))
    if 17 * hz < top_hz(rate):  # the tine's partials reach the 14th + 3; after half a second it is silent
        struck = slice(0, rate // 2)
        tine = np.sin(phase[struck] + np.float32(0.8) * np.sin(14 * phase[struck]))
        tone[struck] += np.float32(0.12 * velocity) * np.exp(-t[struck] / np.float32(0.06)) * tine
    return both_ears(np.float32(0.8 * velocity) * amplitude * tone)


def _pad(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """Three saws, 7 cents apart and spread in the stereo field, under a low filter, that swell and die away slowly."""
    attack = min(0.25, max(0.02, hold_s / 3))
    amplitude = envelope(max(1, round(hold_s * rate)), rate, attack, 2.0, 0.85, 0.6)
    period = one_period(hz, _saw, 500 + hz + 900 * velocity, top_hz(rate))
    left, middle, right = (
        from_period(period, hz * ratio, len(amplitude), rate) for ratio in (2 ** (-7 / 1200), 1.0, 2 ** (7 / 1200))
    )
    shape = np.float32(0.5 * velocity) * amplitude
    return np.stack([shape * (left + 0.6 * middle), shape * (right + 0.6 * middle)], axis=1)


_ELECTRONIC: Final[dict[Timbre, Callable[[float, float, float, int], Stereo]]] = {
    "bass": _bass,
    "lead": _lead,
    "keys": _keys,
    "pad": _pad,
}
