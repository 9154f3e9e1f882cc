from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.events.grid import Grid, alignment_log_odds, find_grid
from boumb_assets.events.parse import MidiRejected, parse_midi
from boumb_assets_tests.events.smf import Played, written


def grid_of(beats: Iterable[float], bpm: float = 120.0, channel: int = 0, tempos: int = 1) -> Grid:
    """The grid of a file with notes at ``beats``, in quarters."""
    notes = [Played(round(beat * 480), 60, 60, 64, channel) for beat in sorted(beats)]
    stated = [(480 * index, round(6e7 / bpm) + index) for index in range(tempos)]
    return find_grid(parse_midi(written(notes, tempos=stated)))


EIGHTHS = np.arange(200) / 2


def test_exact_notes_are_a_score_at_the_default_tempo_too() -> None:
    for beats in (EIGHTHS, np.arange(200) / 3, np.arange(20)):
        grid = grid_of(beats)
        assert grid.kind == "score" and grid.confidence > 0.99 and grid.positions is not None
    assert grid_of(EIGHTHS).residual == 0.0


@pytest.mark.parametrize("ratio", [0.5, 0.56, 0.6, 2 / 3, 0.72])
def test_swing_is_musical_time(ratio: float) -> None:
    assert grid_of(np.where(np.arange(200) % 2, np.floor(EIGHTHS) + ratio, EIGHTHS)).kind == "score"


def test_a_drummer_behind_the_beat_with_a_loose_hand_is_in_time() -> None:
    """20 ms late and 20 ms of spread, at 120 BPM: 0.04 beats each."""
    played = EIGHTHS + 0.04 + np.random.default_rng(1).normal(0, 0.04, EIGHTHS.size)
    assert grid_of(np.abs(played), channel=9).kind == "score"


def rubato(onsets: int, seed: int) -> np.ndarray:
    """Eighths at about 97 BPM with a tempo that wanders, on a clock of 120 BPM."""
    random = np.random.default_rng(seed)
    return np.cumsum(0.62 * np.exp(np.cumsum(random.normal(0, 0.05, onsets)) / 3) * random.normal(1, 0.03, onsets))


def test_rubato_over_the_recorders_clock_is_a_performance() -> None:
    for seed in range(5):
        grid = grid_of(rubato(800, seed))
        assert grid.kind == "performance" and grid.confidence > 0.9 and grid.positions is None
        assert abs(grid.residual - 0.25) < 0.03
        assert grid_of(rubato(800, seed), tempos=3).kind == "unmetred"


def test_few_notes_are_not_sure_of_anything() -> None:
    assert grid_of([0.0]).confidence == pytest.approx(0.5)
    assert grid_of([0.1, 0.77, 1.3], bpm=97).kind == "score"


def test_odds_do_not_overflow_and_do_not_move_with_a_constant_delay() -> None:
    phase = np.tile([0.0, 0.5], 100_000)
    odds = alignment_log_odds(phase)
    assert np.isfinite(odds) and odds > 1e5
    few = np.tile([0.0, 0.25, 0.5], 10)
    assert alignment_log_odds(few + 0.013) == pytest.approx(alignment_log_odds(few))


def kinds(files: list[Path]) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in files:
        try:
            found[find_grid(parse_midi(path.read_bytes())).kind] += 1
        except MidiRejected as refusal:
            found[refusal.reason] += 1
    return found


CORPORA = {"openscore_lieder": 1.0, "ceol_rince": 1.0, "js_fakes": 1.0, "freedoom": 0.99, "groove": 0.995}


def shares_of_score(shared: Path, every: int) -> dict[str, float]:
    shares = {}
    for name in CORPORA:
        found = kinds(sorted((shared / "corpus" / name).rglob("*.mid"))[::every])
        shares[name] = found["score"] / found.total()
    return shares


def test_scores_and_performances_are_told_apart_on_a_sample(shared: Path) -> None:
    assert all(share >= 0.95 for share in shares_of_score(shared, 50).values())
    maestro = shared / "corpus/odd/symusic/tests/testcases/One_track_MIDIs"
    assert kinds(sorted(maestro.glob("Maestro_[1-4].mid"))) == {"performance": 4}


@pytest.mark.slow
def test_scores_and_performances_are_told_apart(shared: Path) -> None:
    shares = shares_of_score(shared, 1)
    assert all(shares[name] >= least for name, least in CORPORA.items()), shares
    asap = sorted((shared / "truth/asap").rglob("*.mid"))
    assert kinds([path for path in asap if path.name == "midi_score.mid"]) == {"score": 104}
    assert kinds([path for path in asap if path.name != "midi_score.mid"]) == {"performance": 58}
