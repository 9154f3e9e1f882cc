import numpy as np
import pytest

from learned.beats.data import labelled
from learned.beats.performing import perform
from learned.beats.scores import Score, beat_quarters, metrical_beats
from learned.beats.textures import chords_of, florid, textured


def chorale(quarters: int = 128) -> Score:
    """Four parts in quarter notes."""
    at = np.repeat(np.arange(quarters), 4).astype(np.float64)
    moves = (0, 5, 7, 0, 9, 5, 7, 7)
    pitch = np.array(
        [[72 + moves[q % 8] % 5, 67, 60 + moves[(q + 2) % 8] % 5, 48 + moves[q % 8]] for q in range(quarters)]
    )
    beat = np.arange(quarters + 4, dtype=np.float64)
    part = np.tile(np.arange(4), quarters)
    return Score(at, np.ones_like(at), pitch.reshape(-1), part, beat, beat % 4 == 0).sorted()


@pytest.mark.parametrize("seed", range(20))
def test_a_performance_keeps_its_beats(seed: int) -> None:
    random = np.random.default_rng(seed)
    chords = np.concatenate([chords_of(chorale())] * 2)
    made = [textured(chords, random), florid(chorale(), random), chorale()][seed % 3]
    assert made is not None
    played = perform(made, random)
    assert (np.diff(played.onset_s) >= 0).all() and (np.diff(played.beat_s) > 0).all()
    assert (played.duration_s > 0).all() and played.velocity.min() >= 1 and played.velocity.max() <= 127
    assert played.onset_s[0] == pytest.approx(0.5)
    on = played.onset_s[played.beat_of > 0]
    distance = np.abs(on[:, None] - played.beat_s[None]).min(axis=1)
    assert np.quantile(distance, 0.9) < 0.1  # within a chord's spread; a rolled chord takes longer
    example = labelled(played)
    assert (example.downbeat <= example.beat).all() and example.beat.mean() > 0.02


def test_beats_follow_the_metre() -> None:
    assert [beat_quarters(*metre) for metre in ((4, 4), (6, 8), (3, 8), (2, 2), (12, 16))] == [1, 1.5, 0.5, 2, 0.75]
    beat, downbeat = metrical_beats([(0.0, 1, 4), (1.0, 3, 4)], 10.0)
    assert beat[:5].tolist() == [0, 1, 2, 3, 4] and downbeat[:5].tolist() == [False, True, False, False, True]
    beat, downbeat = metrical_beats([(0.0, 3, 4), (6.0, 6, 8)], 12.0)
    assert beat[:9].tolist() == [0, 1, 2, 3, 4, 5, 6, 7.5, 9] and downbeat[:9].tolist() == [True, False, False] * 2 + [
        True,
        False,
        True,
    ]
