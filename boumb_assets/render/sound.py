"""A performance as a stereo WAV file: a small synthesizer, a room, a limiter. A loop joins its own start."""

import wave
from bisect import bisect
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boumb_assets.contracts.loop_request import Role
from boumb_assets.render.drum_sounds import drum_track_of, render_drum
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.performance import Performance
from boumb_assets.render.synth import render_note, timbre_of

MAX_SECONDS: Final = 600.0
RATES: Final = (8_000, 96_000)
CEILING: Final = 10 ** (-1.2 / 20)  # the limiter's; with interpolation and rounding the peak stays below -1 dBFS
LOUDNESS: Final = 10 ** (-17 / 20)  # RMS aimed at, full scale 1
_MOST_GAIN: Final = 2.5  # above the ceiling: the limiter takes 8 dB at most
_ROOM_S, _ROOM_SEED, _WET = 0.9, 7, 0.16
_DRUM_LEVELS: Final = {
    "track-kick": 1.0, "track-snare": 0.75, "track-hhc": 0.4, "track-hho": 0.4, "track-perc1": 0.7,
}  # fmt: skip

Audio = NDArray[np.float32]


def to_wav_bytes(
    content: Content | Performance,
    bpm: float | None = None,
    repeats: int = 2,
    rate: int = 44_100,
    role: Role | None = None,
) -> bytes:
    """``content`` as a 16-bit stereo WAV at ``rate`` Hz, peak at most -1 dBFS. A loop is played ``repeats`` times: what
    rings over its end sounds at its start, so all repeats are the same samples and the file itself loops without a
    seam. A piece that does not loop is played once, with its last notes dying away. The bytes depend on the arguments
    alone. Raises ValueError for an impossible tempo or rate, or more than ``MAX_SECONDS``."""
    if not RATES[0] <= rate <= RATES[1]:
        raise ValueError(f"a rate of {rate} Hz cannot be rendered: {RATES[0]} to {RATES[1]} can")
    performance = perform(content, bpm, role)
    times = max(1, repeats) if performance.loops else 1
    if performance.length_s * times > MAX_SECONDS:
        raise ValueError(f"{performance.length_s * times:.0f} s of sound: at most {MAX_SECONDS:.0f} s are rendered")
    audio = render_audio(performance, rate)
    return _wav(np.tile(audio, (times, 1)), rate)


def render_audio(performance: Performance, rate: int) -> Audio:
    """One pass of the performance, float32 (n, 2) within the ceiling; circular when it loops, else with its tail."""
    tail = 0 if performance.loops else int(2.5 * rate)
    mix = np.zeros((max(1, round(performance.length_s * rate)) + tail, 2), dtype=np.float32)
    _play_melodic(performance, rate, mix)
    _play_drums(performance, rate, mix)
    return limited(_in_a_room(mix, rate), rate)


def _play_melodic(performance: Performance, rate: int, mix: Audio) -> None:
    cache: dict[tuple[str, int, int, int], Audio] = {}  # a loop says the same note many times
    drum, program = performance.is_drum, performance.program
    for index in np.flatnonzero(~drum):
        timbre = timbre_of(int(program[index]))
        pitch, velocity = int(performance.pitch[index]), int(performance.velocity[index])
        hold_s = min(float(performance.duration_s[index]), MAX_SECONDS / 10)
        key = (timbre, pitch, round(hold_s * rate), velocity)
        if key not in cache:
            if len(cache) > 256:
                cache.clear()
            cache[key] = render_note(timbre, pitch, hold_s, _loudness(velocity), rate).astype(np.float32)
        _place(mix, cache[key], round(float(performance.onset_s[index]) * rate), performance.loops)


def _play_drums(performance: Performance, rate: int, mix: Audio) -> None:
    """The strokes; a closed hat or the next open one chokes an open hat, as one pair of cymbals would."""
    drums = np.flatnonzero(performance.is_drum)
    strokes = [
        (round(float(performance.onset_s[i]) * rate), drum_track_of(int(performance.pitch[i])), int(i)) for i in drums
    ]
    hats = sorted({at for at, track, _ in strokes if track in ("track-hhc", "track-hho")})
    sounds: dict[int, NDArray[np.float64]] = {}
    for at, track, index in strokes:
        pitch = int(performance.pitch[index])
        if pitch not in sounds:
            sounds[pitch] = render_drum(track, pitch, rate)
        sound = sounds[pitch] * (_loudness(int(performance.velocity[index])) * _DRUM_LEVELS[track])
        if track == "track-hho":
            later = bisect(hats, at)
            after_the_seam = hats[0] + len(mix) if performance.loops else at + len(mix)
            sound = _choked(sound, (hats[later] if later < len(hats) else after_the_seam) - at, rate)
        _place(mix, np.stack([sound, sound], axis=1).astype(np.float32), at, performance.loops)


def _choked(sound: NDArray[np.float64], at: int, rate: int) -> NDArray[np.float64]:
    fade = int(0.008 * rate)
    if at + fade >= len(sound):
        return sound
    return np.asarray(sound[: at + fade] * np.concatenate([np.ones(at), np.linspace(1, 0, fade)]))


def _loudness(velocity: int) -> float:
    return float((velocity / 127) ** 1.4)


def _place(mix: Audio, sound: Audio, start: int, loops: bool) -> None:
    """Adds ``sound`` at sample ``start``; what does not fit wraps round a loop, and is dropped from what does not."""
    position, done = (start % len(mix) if loops else start), 0
    while done < len(sound) and position < len(mix):
        count = min(len(sound) - done, len(mix) - position)
        mix[position : position + count] += sound[done : done + count]
        done += count
        position = 0 if loops else len(mix)


def _in_a_room(mix: Audio, rate: int) -> Audio:
    """The mix with a little reverberation: circular convolution with 0.9 s of noise that dies away, another noise for
    each ear. Circular is right for a loop, and what does not loop ends in silence longer than the room."""
    t = np.arange(int(_ROOM_S * rate)) / rate
    out = mix.copy()
    for ear in range(2):
        noise = np.random.default_rng(_ROOM_SEED + ear).standard_normal(len(t))
        noise = np.convolve(noise, np.ones(6) / 6, mode="same")  # air and walls take the treble
        response = noise * np.exp(-6.9 * t / _ROOM_S) * (t > 0.012)  # -60 dB at the end; 12 ms before the first wall
        response *= _WET / np.sqrt((response**2).sum())
        out[:, ear] += circular_convolution(mix[:, ear], response.astype(np.float32))
    return out


def circular_convolution(signal: NDArray[np.float32], response: NDArray[np.float32]) -> NDArray[np.float32]:
    """The circular convolution, as long as ``signal``, in blocks that are transformed one by one (overlap-add): quick
    for every length, also one with large prime factors."""
    size = 1 << (2 * len(response) - 1).bit_length()
    hop = size - len(response) + 1
    spectrum = np.fft.rfft(response, size)
    out = np.zeros(-(-(len(signal) + size) // len(signal)) * len(signal), dtype=np.float32)
    for start in range(0, len(signal), hop):
        block = signal[start : start + hop]
        echo = np.fft.irfft(np.fft.rfft(block, size) * spectrum, size)
        out[start : start + size] += echo[: len(out) - start]
    folded: NDArray[np.float32] = out.reshape(-1, len(signal)).sum(axis=0)
    return folded


def limited(audio: Audio, rate: int) -> Audio:
    """The audio at the loudness aimed at, its peaks below the ceiling by a gain that looks 5 ms ahead and moves
    smoothly; circular, so a loop stays one. Silence stays silence."""
    peak = float(np.abs(audio).max(initial=0.0))
    if peak < 1e-9:
        return audio
    rms = float(np.sqrt(np.mean(audio.astype(np.float64) ** 2)))
    audio = audio * np.float32(min(LOUDNESS / rms, _MOST_GAIN * CEILING / peak))
    block = max(1, rate // 1000)
    blocks = -(-len(audio) // block)
    padded = np.zeros(blocks * block, dtype=np.float32)
    padded[: len(audio)] = np.abs(audio).max(axis=1)
    need = np.minimum(1.0, CEILING / np.maximum(padded.reshape(blocks, block).max(axis=1), 1e-9))
    reach, smooth = min(6, blocks), np.hanning(2 * min(5, blocks) + 3)[1:-1]
    lowest = np.min([np.roll(need, shift) for shift in range(-reach, reach + 1)], axis=0)
    half = len(smooth) // 2
    wrapped = np.concatenate([lowest[-half:], lowest, lowest[:half]])
    gain = np.convolve(wrapped, smooth / smooth.sum(), mode="valid")
    centres = (np.arange(blocks) + 0.5) * block
    each = np.interp(np.arange(len(audio)), centres, gain, period=len(audio)).astype(np.float32)
    return np.asarray(np.clip(audio * each[:, None], -CEILING, CEILING), dtype=np.float32)


def _wav(audio: Audio, rate: int) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(audio * 32767).astype("<i2").tobytes())
    return out.getvalue()
