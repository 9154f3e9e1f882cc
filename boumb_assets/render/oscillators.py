"""What all timbres are made of: envelopes, and sums of partials that are band-limited by construction."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Stereo = NDArray[np.floating]
Mono = NDArray[np.floating]

TOP_HZ: Final = 16_000.0  # no partial above it, nor near half the rate, so nothing folds back
_SILENT: Final = 1e-4
_TABLE: Final = 4096  # values of one period; with an eighth as many partials linear interpolation stays below -50 dB


def frequency(pitch: float) -> float:
    """The frequency in Hz of a MIDI pitch in equal temperament, A4 (69) at 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))


def envelope(n_hold: int, rate: int, attack_s: float, decay_s: float, sustain: float, release_s: float) -> Mono:
    """Attack (raised cosine), exponential decay to ``sustain`` and exponential release, (n_hold + release,); it ends at
    zero, so that a note never clicks."""
    n, risen = n_hold + int(release_s * rate), int(attack_s * rate)
    t = np.arange(n, dtype=np.float32) / np.float32(rate)
    body = sustain + (1 - sustain) * np.exp((attack_s - np.maximum(t, attack_s)) / np.float32(decay_s))
    body[: risen + 1] *= 0.5 - 0.5 * np.cos(np.pi * np.minimum(t[: risen + 1] / attack_s, 1.0))
    after = t[: n - n_hold] / release_s
    body[n_hold:] *= np.exp(-5 * after) - np.exp(-5.0) * after
    return np.asarray(body, dtype=np.float32)


def top_hz(rate: int) -> float:
    """The highest partial that is made at ``rate`` samples a second."""
    return min(TOP_HZ, 0.45 * rate)


def harmonic_sum(phase: Mono, hz: float, weight: Callable[[int], float], cutoff_hz: Mono, highest_hz: float) -> Mono:
    """The sum over k of weight(k) sin(k phase) under a moving low-pass, for all partials up to ``highest_hz``. The
    sines come from the recurrence sin(kx) = 2 cos(x) sin((k-1)x) - sin((k-2)x), which needs no sine a partial."""
    out = np.zeros_like(phase)
    twice_cosine = 2 * np.cos(phase)
    before, current = np.zeros_like(phase), np.sin(phase)
    highest, steepness = float(cutoff_hz.max()), cutoff_hz**-4.0
    for k in range(1, int(highest_hz / hz) + 1):
        if gain_at(k * hz, highest) / k < _SILENT:
            break
        if weight(k):
            out += weight(k) / np.sqrt(1 + (k * hz) ** 4 * steepness) * current
        before, current = current, twice_cosine * current - before
    return out


def gain_at(hz: float, cutoff_hz: float) -> float:
    """The gain at ``hz`` of a two-pole Butterworth low-pass."""
    return float(1 / np.sqrt(1 + (hz / cutoff_hz) ** 4))


def one_period(hz: float, weight: Callable[[int], float], cutoff_hz: float, highest_hz: float) -> Mono:
    """One period of that sum under a low-pass that stands still, (_TABLE + 1,), the last value equal to the first."""
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    for k in range(1, min(int(highest_hz / hz), _TABLE // 8) + 1):
        spectrum[k] = -0.5j * _TABLE * weight(k) * gain_at(k * hz, cutoff_hz)
    period = np.fft.irfft(spectrum, _TABLE)
    return np.append(period, period[0]).astype(np.float32)


def from_period(period: Mono, hz: float, n: int, rate: int) -> Mono:
    """``n`` samples of ``period`` repeated ``hz`` times a second, interpolated linearly."""
    place = (np.arange(n) * (hz / rate) % 1.0) * _TABLE
    low = place.astype(np.int64)
    share = (place - low).astype(np.float32)
    return np.asarray(period[low] * (1 - share) + period[low + 1] * share)


def wrapped_phase(hz: float, n: int, rate: int) -> Mono:
    """The phase of a tone in radians, 0 to 2 pi, so that single precision is enough."""
    return np.asarray((np.arange(n) * (hz / rate) % 1.0) * (2 * np.pi), dtype=np.float32)


def both_ears(mono: Mono) -> Stereo:
    """The same for both ears, (n, 2)."""
    return np.stack([mono, mono], axis=1)
