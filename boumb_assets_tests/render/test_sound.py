import wave
from io import BytesIO
from time import process_time
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from boumb_assets.composer.structure import compose_structure
from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.loop_request import Role
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.render.acoustic import Acoustic
from boumb_assets.render.drum_sounds import render_drum
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.oscillators import frequency, from_period, gain_at, one_period
from boumb_assets.render.sound import circular_convolution, render_audio, to_wav_bytes
from boumb_assets.render.synth import Electronic, Timbre, render_note, timbre_of
from boumb_assets_tests.render.pieces import BASS, BEAT, CHORDS, PIECE

RATE = 44_100
TIMBRES = get_args(Electronic) + get_args(Acoustic)
FULL = 10 ** (-1 / 20)  # -1 dBFS


def samples(data: bytes) -> NDArray[np.float64]:
    with wave.open(BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2) / 32768


def spectrum(sound: NDArray[np.float64], rate: int = RATE) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    power: NDArray[np.float64] = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 4 * len(sound)))
    return np.fft.rfftfreq(4 * len(sound), 1 / rate).astype(np.float64), power


def share_between(sound: NDArray[np.float64], low: float, high: float) -> float:
    hz, power = np.fft.rfftfreq(len(sound), 1 / RATE), np.abs(np.fft.rfft(sound))
    return float((power[(hz >= low) & (hz < high)] ** 2).sum() / (power**2).sum())


@pytest.mark.parametrize("content", [BASS, CHORDS, BEAT])
def test_a_loop_repeats_its_samples_without_clipping_or_a_seam(content: Content) -> None:
    audio = samples(to_wav_bytes(content, 100))
    once = round(4.8 * RATE)
    assert len(audio) == 2 * once
    assert np.array_equal(audio[:once], audio[once:])
    assert 0.2 < np.abs(audio).max() <= FULL
    assert np.abs(audio.mean(axis=0)).max() < 0.002
    seam = np.abs(audio[0] - audio[once - 1]).max()
    assert seam <= np.abs(np.diff(audio, axis=0)).max()


def test_what_rings_over_the_end_of_a_loop_sounds_at_its_start() -> None:
    late = BoumbSequence.of([Note.on_grid(30, 48, 8, 0.9)])
    audio = render_audio(perform(late, 120, "pad"), RATE)
    inside = audio[: int(0.2 * RATE)]  # the note lasts until 0.75 s after the seam
    assert np.abs(inside).max() > 0.3 * np.abs(audio).max()


def test_a_piece_ends_in_silence() -> None:
    audio = samples(to_wav_bytes(PIECE, 220, rate=11_025))
    assert np.abs(audio).max() <= FULL
    assert np.abs(audio[-1000:]).max() < 0.01


@pytest.mark.parametrize("pitch", [28, 45, 69, 96])
@pytest.mark.parametrize("timbre", TIMBRES)
def test_the_strongest_partial_is_the_fundamental(timbre: Timbre, pitch: int) -> None:
    sound = render_note(timbre, pitch, 1.0, 0.8, RATE).mean(axis=1)
    hz, power = spectrum(sound)
    strongest = hz[power.argmax()]
    assert abs(1200 * np.log2(strongest / frequency(pitch))) < 10  # cents; the pad's voices lie 7 apart
    assert np.abs(sound).max() <= 1.0
    assert sound[0] == pytest.approx(0, abs=1e-3) and sound[-1] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("rate", [RATE, 11_025])
def test_nothing_folds_back_from_above_the_band(rate: int) -> None:
    f0 = frequency(101)
    hz, power = spectrum(render_note("lead", 101, 1.0, 1.0, rate).mean(axis=1), rate)
    nearest = np.abs(hz - f0 * np.maximum(1, np.rint(hz / f0)))
    between = power[nearest > 0.2 * f0]
    assert 20 * np.log10(between.max() / power.max()) < -60


def test_the_drums_sound_where_they_should() -> None:
    kick, snare = render_drum("track-kick", 36, RATE), render_drum("track-snare", 38, RATE)
    closed, opened = render_drum("track-hhc", 42, RATE), render_drum("track-hho", 46, RATE)
    assert share_between(kick, 35, 200) > 0.8
    assert share_between(snare, 120, 400) > 0.1 and share_between(snare, 1_000, 12_000) > 0.3
    assert share_between(closed, 5_000, 18_000) > 0.8 and share_between(opened, 5_000, 18_000) > 0.8
    assert len(opened) > 4 * len(closed)
    assert all(np.abs(sound).max() <= 1.3 for sound in (kick, snare, closed, opened))


def test_a_closed_hat_chokes_an_open_one() -> None:
    def tail(tracks: dict[str, dict[int, float]]) -> float:
        audio = render_audio(perform(DrumPattern.of(tracks), 120), RATE)
        after = audio[round(0.28 * RATE) : round(0.3 * RATE)]
        return float(np.sqrt((after**2).mean()) / np.abs(audio).max())

    assert tail({"track-hho": {0: 0.9}, "track-hhc": {1: 0.1}}) < 0.5 * tail({"track-hho": {0: 0.9}})


def test_the_role_chooses_the_timbre() -> None:
    roles: tuple[Role, ...] = ("bass", "lead", "keys", "pad")
    assert [timbre_of(perform(BASS, 100, role).voices[0].program) for role in roles] == list(roles)
    assert len({to_wav_bytes(BASS, 100, 1, role=role) for role in roles}) == 4


def test_the_same_music_gives_the_same_bytes() -> None:
    assert to_wav_bytes(BEAT, 100, 1) == to_wav_bytes(BEAT, 100, 1)


def test_a_pattern_that_never_sounds_is_silence() -> None:
    silent = DrumPattern.model_validate_json(
        '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.5,"fill":0.1}]}}'
    )
    assert not samples(to_wav_bytes(silent, 120, 1)).any()


@pytest.mark.parametrize(("rate", "repeats"), [(100, 1), (10**6, 1), (RATE, 10_000)])
def test_what_would_fill_the_memory_is_refused(rate: int, repeats: int) -> None:
    with pytest.raises(ValueError, match=r"render"):
        to_wav_bytes(BASS, 100, repeats, rate)


@pytest.mark.parametrize("hz", [41.2, 440.0, 3_000.0])
def test_a_repeated_period_is_the_sum_of_its_partials(hz: float) -> None:
    cutoff, n = 900.0, 20_000
    period = one_period(hz, lambda k: 0.6 / k, cutoff, 16_000)
    t = np.arange(n) / RATE
    partials = range(1, min(int(16_000 / hz), 512) + 1)
    expected = sum(0.6 / k * gain_at(k * hz, cutoff) * np.sin(2 * np.pi * k * hz * t) for k in partials)
    assert np.abs(from_period(period, hz, n, RATE) - expected).max() < 2e-3


@pytest.mark.parametrize("length", [1, 700, 40_009, 100_003])
def test_the_room_is_a_circular_convolution_for_every_length(length: int) -> None:
    rng = np.random.default_rng(length)
    signal, response = (rng.standard_normal(n).astype(np.float32) for n in (length, 3_000))
    folded = np.zeros(length)
    np.add.at(folded, np.arange(len(response)) % length, response)
    expected = np.fft.irfft(np.fft.rfft(signal.astype(np.float64)) * np.fft.rfft(folded), length)
    assert np.abs(circular_convolution(signal, response) - expected).max() < 1e-4 * np.abs(expected).max() + 1e-3


def test_a_minute_of_strings_is_made_faster_than_it_sounds() -> None:
    piece = compose_structure(MusicRequest(duration=60, instrumentation=["strings"]), 1)
    start = process_time()
    audio = samples(to_wav_bytes(piece))
    assert process_time() - start < 30
    assert len(audio) / RATE == pytest.approx(piece.duration_s + 2.5, abs=0.01)
    assert np.abs(audio).max() < FULL and np.abs(np.diff(audio, axis=0)).max() < 0.3
