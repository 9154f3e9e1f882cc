from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.events.alignment import alignment_log_odds, distinct_onsets, is_exact, steady_log_odds
from boumb_assets.events.beats.tracker import Beats
from boumb_assets.events.grid import Grid, find_grid
from boumb_assets.events.parse import MidiRejected, parse_midi
from boumb_assets.events.performance import LEAST_CONFIDENCE
from boumb_assets_tests.events.smf import Played, written


@pytest.fixture(autouse=True)
def _deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """No beats are heard, so that a route does not depend on the tracker."""
    hear(monkeypatch, None)


def hear(monkeypatch: pytest.MonkeyPatch, beats: Beats | None) -> None:
    monkeypatch.setattr("boumb_assets.events.beats.tracker.track_beats", lambda *notes: beats)


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
    assert grid_of(EIGHTHS).confidence == pytest.approx(1)
    few = np.tile([0.0, 0.25, 0.5], 10)
    assert alignment_log_odds(few + 0.013) == pytest.approx(alignment_log_odds(few))


def reference_log_odds(quarters: np.ndarray) -> float:
    """The mean over subdivisions and concentrations of I0(kappa n R) / I0(kappa) ** n, by numpy's own I0."""
    resultants = [abs(np.exp(2j * np.pi * quarters * k).sum()) for k in (1, 2, 3, 4, 6, 8, 12)]
    logs = [
        np.log(np.i0(kappa * resultant)) - quarters.size * np.log(np.i0(kappa))
        for resultant in resultants
        for kappa in (0.5, 2.0, 8.0, 64.0)
    ]
    return float(np.logaddexp.reduce(logs) - np.log(len(logs)))


@pytest.mark.parametrize("seed", range(5))
def test_the_odds_are_those_of_the_formula(seed: int) -> None:
    random = np.random.default_rng(seed)
    quarters = np.sort(np.round(random.uniform(0, 4, 9) * 4) / 4 + random.normal(0, 0.02, 9))
    assert alignment_log_odds(quarters) == pytest.approx(reference_log_odds(quarters), abs=0.1)


def test_a_steady_player_off_the_clock_has_a_better_grid_of_his_own() -> None:
    onsets = np.random.default_rng(2).normal(0, 0.01, 32) + np.arange(32) * 0.5 * 1.02
    assert steady_log_odds(np.sort(onsets)) > alignment_log_odds(onsets) + 10
    assert steady_log_odds(np.zeros(1)) == pytest.approx(alignment_log_odds(np.zeros(1)))


def test_a_steady_excerpt_without_a_header_is_no_musical_time() -> None:
    random = np.random.default_rng(5)
    found = Counter(
        grid_of(np.abs(np.arange(24) * 0.5 * random.uniform(0.97, 1.03) + random.normal(0, 0.015, 24))).kind
        for _ in range(20)
    )
    assert found["performance"] >= 17


def test_what_was_written_is_told_from_what_was_played() -> None:
    played = np.random.default_rng(1).integers(0, 50_000, 100)
    assert is_exact(np.arange(50) * 160, 480) and is_exact(np.arange(50) * 137 // 137 * 60, 480)
    assert is_exact(np.arange(100) // 2 * 480 + np.arange(100) % 2 * 269, 480)
    assert not is_exact(np.sort(played), 480)
    assert distinct_onsets(np.array([0, 0, 5, 5, 7])).tolist() == [0, 5, 7]


def heard(confidence: float) -> Beats:
    return Beats(np.arange(1, 400, dtype=np.float64) * 0.3, np.arange(399) % 3 == 0, confidence)


def test_a_performance_is_placed_by_its_beats_where_they_are_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    hear(monkeypatch, heard(0.9))
    sure = grid_of(rubato(400, 1))
    assert sure.kind == "performance" and sure.positions is not None and sure.beat_confidence == 0.9
    facts = sure.facts()
    assert facts["metre"] == "3/4" and facts["bpm"] == pytest.approx(200) and facts["triplet_share"] is not None
    hear(monkeypatch, heard(LEAST_CONFIDENCE - 0.01))
    unsure = grid_of(rubato(400, 1))
    assert unsure.positions is None and unsure.performed is None and "bpm" not in unsure.facts()
    assert unsure.facts()["beat_confidence"] == pytest.approx(LEAST_CONFIDENCE - 0.01)


def test_unmetred_music_keeps_seconds_whatever_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    hear(monkeypatch, heard(0.9))
    assert grid_of(rubato(800, 1), tempos=3).positions is None


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
    assert excerpts_in_time([path for path in asap if path.name != "midi_score.mid"], 64) <= 0.12
    assert kinds([path for path in asap if path.name == "midi_score.mid"]) == {"score": 104}
    assert kinds([path for path in asap if path.name != "midi_score.mid"]) == {"performance": 58}


def excerpts_in_time(paths: list[Path], size: int) -> float:
    """The share of excerpts of ``size`` onsets that are taken for musical time."""
    random, found = np.random.default_rng(0), []
    for path in paths:
        parsed = parse_midi(path.read_bytes())
        onsets = distinct_onsets(parsed.onset_tick)
        for first in random.integers(0, onsets.size - size, 4):
            beats = (onsets[first : first + size] - onsets[first]) / parsed.ppq
            found.append(grid_of(beats).kind == "score")
    return sum(found) / len(found)
