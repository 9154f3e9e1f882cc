"""The melodic timbres: additive and FM synthesis, band-limited by construction, each note as a stereo array."""

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Stereo = NDArray[np.floating]
Mono = NDArray[np.floating]
Timbre = Literal["bass", "lead", "keys", "pad"]

TOP_HZ: Final = 16_000.0  # no partial above it, nor near half the rate, so nothing folds back
_SILENT: Final = 1e-4
_TABLE: Final = 4096  # values of one period; with an eighth as many partials linear interpolation stays below -50 dB


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
    """One note with its release, (n, 2), peak about ``velocity`` (0..1). ``hold_s`` is the time until the key
    is let go; the array is longer by the timbre's release."""
    return _TIMBRES[timbre](frequency(pitch), hold_s, velocity, rate)


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
    t = np.arange(len(amplitude), dtype=np.float32) / np.float32(rate)
    phase = wrapped_phase(hz, len(amplitude), rate)
    index = np.float32(0.3 + 0.9 * velocity) * np.exp(-2 * t)
    tone = np.sin(phase + index * np.sin(phase))
    if 17 * hz < top_hz(rate):  # the tine's partials reach the 14th + 3; after half a second it is silent
        struck = slice(0, rate // 2)
        tine = np.sin(phase[struck] + np.float32(0.8) * np.sin(14 * phase[struck]))
        tone[struck] += np.float32(0.12 * velocity) * np.exp(-t[struck] / np.float32(0.06)) * tine
    return _both(np.float32(0.8 * velocity) * amplitude * tone)


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


_TIMBRES: Final[dict[Timbre, Callable[[float, float, float, int], Stereo]]] = {
    "bass": _bass,
    "lead": _lead,
    "keys": _keys,
    "pad": _pad,
}
