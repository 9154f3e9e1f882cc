"""Timbres of acoustic instruments: a period with many partials that gives way to one with few, as struck and plucked
sounds lose their treble first; what is bowed or blown keeps its partials."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, pi, sin
from typing import Final, Literal

import numpy as np

from boumb_assets.render.oscillators import Mono, Stereo, both_ears, envelope, from_period, one_period, top_hz

Acoustic = Literal["piano", "pluck", "mallet", "organ", "strings", "choir", "brass", "reed", "flute"]
_Weight = Callable[[int, float], float]  # of partial k of a tone of so many Hz
_DETUNED: Final = 2 ** (5 / 1200)  # between the ears, where several players sound
_PEAK: Final = 0.75


@dataclass(frozen=True, slots=True)
class Sound:
    """One timbre: the weights of its partials; the low-pass at the stroke and later, each as Hz and as a multiple of
    the fundamental, and the seconds from one to the other; the envelope in seconds, of which the decay is that of A3
    and shorter above; and whether several play."""

    weight: _Weight
    bright: tuple[float, float]
    dark: tuple[float, float]
    fade_s: float
    attack_s: float
    decay_s: float
    sustain: float
    release_s: float
    several: bool = False


def _bars(k: int, hz: float) -> float:
    """The tuned modes of a marimba's or vibraphone's bar (Fletcher and Rossing, "The Physics of Musical
    Instruments")."""
    return {1: 1.0, 4: 0.45, 10: 0.2}.get(k, 0.0)


def _drawbars(k: int, hz: float) -> float:
    return {1: 1.0, 2: 0.7, 3: 0.4, 4: 0.45, 6: 0.2, 8: 0.25}.get(k, 0.0)


def _sung(k: int, hz: float) -> float:
    """A voice's falling spectrum with the formants of an open vowel at 700, 1150 and 2600 Hz."""
    formants = ((700, 130, 1.4), (1_150, 160, 0.9), (2_600, 250, 0.4))
    resonance = sum(gain * exp(-(((k * hz - centre) / width) ** 2)) for centre, width, gain in formants)
    return float((0.5 + resonance) / k**1.2)


_SOUNDS: Final[dict[Acoustic, Sound]] = {
    "piano": Sound(lambda k, hz: abs(sin(pi * k / 8.5)) / k**1.2, (2_500, 3), (500, 1.2), 0.35, 0.002, 1.4, 0, 0.18),
    "pluck": Sound(lambda k, hz: abs(sin(pi * k / 6.3)) / k**1.1, (3_500, 2), (900, 1), 0.18, 0.002, 0.7, 0, 0.12),
    "mallet": Sound(_bars, (20_000, 12), (0, 1.6), 0.06, 0.001, 0.9, 0, 0.5),
    "organ": Sound(_drawbars, (4_000, 6), (4_000, 6), inf, 0.02, 1, 1, 0.08),
    "strings": Sound(lambda k, hz: 1 / k, (2_200, 2), (2_200, 2), inf, 0.07, 1, 0.9, 0.2, several=True),
    "choir": Sound(_sung, (3_000, 2), (3_000, 2), inf, 0.12, 1, 0.95, 0.3, several=True),
    "brass": Sound(lambda k, hz: 1 / k**0.9, (3_000, 3), (900, 2), 0.25, 0.03, 0.5, 0.75, 0.1),
    "reed": Sound(lambda k, hz: (1 if k % 2 else 0.45) / k, (2_000, 3), (2_000, 3), inf, 0.03, 1, 0.95, 0.1),
    "flute": Sound(lambda k, hz: k**-2.2, (3_000, 3), (3_000, 3), inf, 0.05, 1, 0.95, 0.12),
}


def acoustic_note(timbre: Acoustic, hz: float, hold_s: float, velocity: float, rate: int) -> Stereo:
    """One note with its release, (n, 2), peak about three quarters of ``velocity`` (0..1); the harder it is struck, the
    brighter."""
    sound = _SOUNDS[timbre]
    decay = sound.decay_s * (220 / hz) ** 0.5
    attack = min(sound.attack_s, max(0.001, hold_s / 2))
    amplitude = envelope(max(1, round(hold_s * rate)), rate, attack, decay, sound.sustain, sound.release_s)
    if not sound.several:
        return both_ears(velocity * amplitude * _tone(sound, hz, velocity, len(amplitude), rate))
    ears = [_tone(sound, hz * ratio, velocity, len(amplitude), rate) for ratio in (1 / _DETUNED, _DETUNED)]
    return np.stack([velocity * amplitude * ear for ear in ears], axis=1)


def _tone(sound: Sound, hz: float, velocity: float, n: int, rate: int) -> Mono:
    """``n`` samples of the partials, steady but for what fades."""
    bright = _period(sound, sound.bright, hz, 0.4 + 0.6 * velocity, rate)
    peak = np.abs(bright).max()
    if sound.fade_s == inf:
        return from_period(bright * (_PEAK / peak), hz, n, rate)
    dark = _period(sound, sound.dark, hz, 1.0, rate)
    scale = _PEAK / max(peak, np.abs(dark).max())
    fading = np.exp(-np.arange(n, dtype=np.float32) / np.float32(sound.fade_s * rate))
    treble = fading * from_period((bright - dark) * scale, hz, n, rate)
    return np.asarray(from_period(dark * scale, hz, n, rate) + treble)


def _period(sound: Sound, corner: tuple[float, float], hz: float, openness: float, rate: int) -> Mono:
    return one_period(hz, lambda k: sound.weight(k, hz), corner[0] * openness + corner[1] * hz, top_hz(rate))
