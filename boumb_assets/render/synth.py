"""The melodic timbres: additive and FM synthesis, band-limited by construction, each note as a stereo array."""

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Stereo = NDArray[np.float64]
Mono = NDArray[np.float64]
Timbre = Literal["bass", "lead", "keys", "pad"]

TOP_HZ: Final = 16_000.0  # no partial above it, nor near half the rate, so nothing folds back
_SILENT: Final = 1e-4


def frequency(pitch: float) -> float:
    """The frequency in Hz of a MIDI pitch in equal temperament, A4 (69) at 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def timbre_of(program: int) -> Timbre:
    """The timbre that stands in for a General MIDI program (0..127), by its family."""
    if 32 <= program < 40:
        return "bass"
    if 40 <= program < 56 or 88 <= program < 104:  # strings, ensemble; synthesizer pads and effects
        return "pad"
    if 16 <= program < 24 or 56 <= program < 88:  # organ, brass, reed, pipe; synthesizer leads
        return "lead"
    return "keys"  # pianos, tuned percussion, guitars and all that is plucked or struck


def render_note(timbre: Timbre, pitch: int, hold_s: float, velocity: float, rate: int) -> Stereo:
    """One note with its release, float64 (n, 2), peak about ``velocity`` (0..1). ``hold_s`` is the time until the key
    is let go; the array is longer by the timbre's release."""
    return _TIMBRES[timbre](frequency(pitch), hold_s, velocity, rate)


def envelope(n_hold: int, rate: int, attack_s: float, decay_s: float, sustain: float, release_s: float) -> Mono:
    """Attack (raised cosine), exponential decay to ``sustain`` and exponential release, (n_hold + release,); it ends at
    zero, so that a note never clicks."""
    n = n_hold + int(release_s * rate)
    t = np.arange(n) / rate
    rise = 0.5 - 0.5 * np.cos(np.pi * np.minimum(t / attack_s, 1.0))
    body = rise * (sustain + (1 - sustain) * np.exp(-np.maximum(t - attack_s, 0) / decay_s))
    after = np.maximum(t - n_hold / rate, 0)
    fade = np.exp(-after / (release_s / 5))
    return np.asarray(body * (fade - np.exp(-5.0) * (after > 0) * after / release_s))


def low_pass(hz: float | Mono, cutoff_hz: Mono) -> Mono:
    """The gain at ``hz`` of a two-pole Butterworth low-pass, (n,) for a cutoff that moves."""
    return np.asarray(1 / np.sqrt(1 + (hz / cutoff_hz) ** 4))


def top_hz(rate: int) -> float:
    """The highest partial that is made at ``rate`` samples a second."""
    return min(TOP_HZ, 0.45 * rate)


def harmonic_sum(phase: Mono, hz: float, weight: Callable[[int], float], cutoff_hz: Mono, highest_hz: float) -> Mono:
    """The sum over k of weight(k) sin(k phase) under a moving low-pass, for all partials up to ``highest_hz``. The
    sines come from the recurrence sin(kx) = 2 cos(x) sin((k-1)x) - sin((k-2)x), which needs no sine a partial."""
    out = np.zeros_like(phase)
    twice_cosine = 2 * np.cos(phase)
    before, current = np.zeros_like(phase), np.sin(phase)
    highest = float(cutoff_hz.max())
    for k in range(1, int(highest_hz / hz) + 1):
        if 1 / np.sqrt(1 + (k * hz / highest) ** 4) / k < _SILENT:
            break
        if weight(k):
            out += weight(k) * low_pass(k * hz, cutoff_hz) * current
        before, current = current, twice_cosine * current - before
    return out


def _saw(k: int) -> float:
    return 0.6 / k


def _square(k: int) -> float:
    return 0.8 / k if k % 2 else 0.0


def _both(mono: Mono) -> Stereo:
    return np.stack([mono, mono], axis=1)


def _bass(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """A filtered saw with a sine under it; the filter opens with the stroke and closes within a tenth of a second."""
    amplitude = envelope(max(1, round(hold_s * rate)), rate, 0.004, 0.25, 0.6, 0.08)
    t = np.arange(len(amplitude)) / rate
    phase = 2 * np.pi * hz * t
    cutoff = 180 + 1.5 * hz + (500 + 1800 * velocity) * np.exp(-t / 0.11)
    return _both(
        velocity * amplitude * (0.75 * harmonic_sum(phase, hz, _saw, cutoff, top_hz(rate)) + 0.45 * np.sin(phase))
    )


def _lead(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """A soft square with a vibrato of 10 cents that sets in after a fifth of a second."""
    amplitude = envelope(max(1, round(hold_s * rate)), rate, 0.008, 0.3, 0.7, 0.12)
    t = np.arange(len(amplitude)) / rate
    depth = (2 ** (10 / 1200) - 1) * np.clip((t - 0.2) / 0.3, 0, 1)
    phase = 2 * np.pi * np.cumsum(hz * (1 + depth * np.sin(2 * np.pi * 5.5 * t))) / rate
    cutoff = np.minimum(1200 + 1.5 * hz + 2500 * velocity * np.exp(-t / 0.3), TOP_HZ)
    return _both(0.8 * velocity * amplitude * harmonic_sum(phase, hz, _square, cutoff, top_hz(rate)))


def _keys(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """An electric piano by frequency modulation (Chowning 1973): a 1:1 pair for the body and a 1:14 pair for the tine,
    both indices falling faster than the tone."""
    amplitude = envelope(max(1, round(hold_s * rate)), rate, 0.003, 1.6 * (220 / hz) ** 0.4, 0.0, 0.15)
    t = np.arange(len(amplitude)) / rate
    phase = 2 * np.pi * hz * t
    index = (0.3 + 0.9 * velocity) * np.exp(-t / 0.5)
    tone = np.sin(phase + index * np.sin(phase))
    if 17 * hz < top_hz(rate):  # the tine's partials reach the 14th + 3
        tone = tone + 0.12 * velocity * np.exp(-t / 0.06) * np.sin(phase + 0.8 * np.sin(14 * phase))
    return _both(0.8 * velocity * amplitude * tone)


def _pad(hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """Three saws, 7 cents apart and spread in the stereo field, under a low filter, that swell and die away slowly."""
    attack = min(0.25, max(0.02, hold_s / 3))
    amplitude = envelope(max(1, round(hold_s * rate)), rate, attack, 2.0, 0.85, 0.6)
    t = np.arange(len(amplitude)) / rate
    cutoff = np.full_like(t, 500 + hz + 900 * velocity)
    left, middle, right = (
        harmonic_sum(2 * np.pi * hz * ratio * t, hz, _saw, cutoff, top_hz(rate))
        for ratio in (2 ** (-7 / 1200), 1.0, 2 ** (7 / 1200))
    )
    shape = 0.5 * velocity * amplitude
    return np.stack([shape * (left + 0.6 * middle), shape * (right + 0.6 * middle)], axis=1)


_TIMBRES: Final[dict[Timbre, Callable[[float, float, float, int], Stereo]]] = {
    "bass": _bass,
    "lead": _lead,
    "keys": _keys,
    "pad": _pad,
}
