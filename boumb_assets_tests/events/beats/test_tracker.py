import numpy as np
import pytest

from boumb_assets.events.beats.tracker import MIN_CLUSTERS, track_beats


def waltz(beat_s: float, bars: int = 24, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """An oom-pah-pah with a tune, its tempo swaying by ``drift``."""
    rows = []
    at = 0.5
    for bar in range(bars):
        root = (48, 53, 55, 48)[bar % 4]
        for beat in range(3):
            length = beat_s * (1 + drift * np.sin(bar / 3 + beat / 9))
            if beat == 0:
                rows.append((at, length * 0.9, root - 12, 70))
                rows.append((at, length * 1.8, root + 24 + (0, 4, 7, 5)[bar % 4], 80))
            else:
                rows += [(at, length * 0.5, root + step, 55) for step in (4, 7)]
            if beat == 2:
                rows.append((at + length / 2, length * 0.5, root + 26, 72))
            at += length
    onset, duration, pitch, velocity = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return onset, duration, pitch.astype(np.uint8), velocity.astype(np.uint8)


@pytest.mark.parametrize("drift", [0.0, 0.15])
def test_a_waltz_is_heard_in_three(drift: float) -> None:
    notes = waltz(0.5, drift=drift)
    found = track_beats(*notes)
    assert found is not None
    bass = notes[0][notes[2] < 48]
    assert (np.diff(found.time_s) > 0).all()
    near = [np.abs(found.time_s[found.downbeat] - at).min() < 0.05 for at in bass[2:-2]]
    assert np.mean(near) > 0.9
    assert np.median(np.diff(found.time_s)) == pytest.approx(0.5, rel=0.2)
    assert 0 <= found.confidence <= 1


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
    waltz_found = track_beats(*waltz(0.5))
    assert waltz_found is not None
    if found is not None:
        assert (np.diff(found.time_s) > 0).all() and np.isfinite(found.time_s).all()
        assert found.confidence < waltz_found.confidence
    long_rest = np.concatenate([np.arange(20) * 0.4, 5000 + np.arange(20) * 0.4])
    again = track_beats(long_rest, np.full(40, 0.3), np.full(40, 60), np.full(40, 64))
    assert again is None or (np.diff(again.time_s) > 0).all()
