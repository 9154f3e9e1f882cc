"""The drum kit: sine sweeps for skins, shaped noise for wires and metal; the same bytes every time."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boumb_assets.contracts.drum_pattern import GM_TRACKS, DrumTrack

Mono = NDArray[np.float64]
_SEED: Final = 1979  # of every noise, so that two renderings are equal


def drum_track_of(pitch: int) -> DrumTrack:
    """The studio's track of a General MIDI percussion key; keys that it does not name sound as percussion."""
    return GM_TRACKS.get(pitch, "track-perc1")


def render_drum(track: DrumTrack, pitch: int, rate: int) -> Mono:
    """One full stroke, float64 (n,), peak about 1. ``pitch``, a General MIDI key, tunes the percussion."""
    if track == "track-perc1":
        return _tom(rate, 90.0 + 12.0 * (pitch % 12))
    return _SOUNDS[track](rate)


def shaped_noise(n: int, rate: int, low_hz: float, high_hz: float, seed: int) -> Mono:
    """White noise of ``n`` samples between two corners (12 dB an octave outside), peak 1. The spectrum is shaped at
    once, so the filter has no state and no delay."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    hz = np.maximum(np.fft.rfftfreq(n, 1 / rate), 1e-3)
    spectrum *= 1 / np.sqrt(1 + (low_hz / hz) ** 4) / np.sqrt(1 + (hz / high_hz) ** 4)
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise / np.abs(noise).max())


def _sweep(t: Mono, start_hz: float, end_hz: float, fall_s: float) -> Mono:
    """A sine whose frequency falls exponentially, its phase the exact integral."""
    phase = end_hz * t + (start_hz - end_hz) * fall_s * (1 - np.exp(-t / fall_s))
    return np.asarray(np.sin(2 * np.pi * phase))


def _time(seconds: float, rate: int) -> Mono:
    return np.arange(int(seconds * rate)) / rate


def _to_zero(sound: Mono, rate: int) -> Mono:
    """The sound with its last 5 ms faded out, so that its end never clicks."""
    n = min(len(sound), int(0.005 * rate))
    sound[len(sound) - n :] *= np.linspace(1, 0, n)
    return sound


def _kick(rate: int) -> Mono:
    t = _time(0.45, rate)
    click = 0.25 * np.exp(-t / 0.004) * shaped_noise(len(t), rate, 800, 5_000, _SEED)
    return _to_zero(_sweep(t, 170, 50, 0.028) * np.exp(-t / 0.16) + click, rate)


def _snare(rate: int) -> Mono:
    t = _time(0.3, rate)
    body = 0.4 * _sweep(t, 230, 185, 0.02) * np.exp(-t / 0.07)
    return _to_zero(body + np.exp(-t / 0.1) * shaped_noise(len(t), rate, 1_400, 9_000, _SEED + 1), rate)


def _hat(seconds: float, fall_s: float, seed: int) -> Callable[[int], Mono]:
    def sound(rate: int) -> Mono:
        t = _time(seconds, rate)
        return _to_zero(0.6 * np.exp(-t / fall_s) * shaped_noise(len(t), rate, 7_000, 15_000, seed), rate)

    return sound


def _tom(rate: int, hz: float) -> Mono:
    t = _time(0.35, rate)
    skin = 0.85 * _sweep(t, 1.5 * hz, hz, 0.05) * np.exp(-t / 0.12)
    return _to_zero(skin + 0.15 * np.exp(-t / 0.02) * shaped_noise(len(t), rate, 500, 4_000, _SEED + 4), rate)


_SOUNDS: Final[dict[DrumTrack, Callable[[int], Mono]]] = {
    "track-kick": _kick,
    "track-snare": _snare,
    "track-hhc": _hat(0.09, 0.022, _SEED + 2),
    "track-hho": _hat(0.5, 0.16, _SEED + 3),
}
