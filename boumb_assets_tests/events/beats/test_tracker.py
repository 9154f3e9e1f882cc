import numpy as np
import pytest

from boumb_assets.events.beats.tracker import MIN_CLUSTERS, track_beats


def minuet(beat_s: float, bars: int = 24, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A tune in three over broken chords in sixteenths, its tempo swaying by ``drift``."""
    chords = ((48, 52, 55), (53, 57, 60), (50, 55, 59), (48, 52, 55))
    tune = (72, 76, 79, 77, 76, 74, 71, 72, 74, 77, 76, 74)
    rows = []
    at = 0.5
    for bar in range(bars):
        for beat in range(3):
            length = beat_s * (1 + drift * np.sin(bar / 3 + beat / 9))
            for place, degree in enumerate((0, 2, 1, 2)):
                loud = 58 if beat == place == 0 else 50
                rows.append((at + place * length / 4, length / 4, chords[bar % 4][degree], loud))
            late, held = ((0.0, 1.5), (0.5, 0.5), (0.0, 0.9))[beat]
            rows.append((at + late * length, held * length, tune[(bar + beat) % 12], (75, 66, 70)[beat]))
            at += length
    onset, duration, pitch, velocity = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return onset, duration, pitch.astype(np.uint8), velocity.astype(np.uint8)


@pytest.mark.parametrize("drift", [0.0, 0.15])
def test_a_minuet_is_heard_in_three(drift: float) -> None:
    onset, *notes = minuet(0.6, drift=drift)
    found = track_beats(onset, *notes)
    assert found is not None
    assert (np.diff(found.time_s) > 0).all()
    bars = onset[np.isin(onset, onset[::15])]  # five notes a beat
    near = [np.abs(found.time_s[found.downbeat] - at).min() < 0.05 for at in bars[2:-2]]
    assert np.mean(near) > 0.9
    assert np.median(np.diff(found.time_s)) == pytest.approx(0.6, rel=0.2)
    assert 0 <= found.confidence <= 1


def test_what_a_long_pause_parts_is_heard_on_both_sides() -> None:
    onset, duration, pitch, velocity = minuet(0.6)
    later = onset + onset[-1] + 20
    found = track_beats(np.concatenate([onset, later]), np.tile(duration, 2), np.tile(pitch, 2), np.tile(velocity, 2))
    assert found is not None
    assert found.time_s[0] < onset[0] + 2 and found.time_s[-1] > later[-1] - 2
    paused = np.count_nonzero((found.time_s > onset[-1] + 1) & (found.time_s < later[0] - 1))
    assert paused < 4


def test_too_little_to_tell_is_said() -> None:
    few = MIN_CLUSTERS - 1
    onset = np.arange(few) * 0.5
    assert track_beats(onset, onset * 0 + 0.4, np.full(few, 60, np.uint8), np.full(few, 64, np.uint8)) is None
    empty = np.zeros(0)
    assert track_beats(empty, empty, empty.astype(np.uint8), empty.astype(np.uint8)) is None


def test_it_ends_well_on_what_is_no_music() -> None:
    random = np.random.default_rng(5)
    onset = np.sort(random.exponential(0.2, 500).cumsum() % 60)
    found = track_beats(onset, random.exponential(0.3, 500), random.integers(0, 128, 500), random.integers(1, 128, 500))
    minuet_found = track_beats(*minuet(0.6))
    assert minuet_found is not None
    if found is not None:
        assert (np.diff(found.time_s) > 0).all() and np.isfinite(found.time_s).all()
        assert found.confidence < minuet_found.confidence
    long_rest = np.concatenate([np.arange(20) * 0.4, 5000 + np.arange(20) * 0.4])
    again = track_beats(long_rest, np.full(40, 0.3), np.full(40, 60), np.full(40, 64))
    assert again is None or (np.diff(again.time_s) > 0).all()
