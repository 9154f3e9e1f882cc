from pathlib import Path

import numpy as np
import pytest

from boumb_assets.events.bars import positions
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.swing import swing_ratio
from boumb_assets_tests.events.smf import Played, written


def eighths(ratio: float, beats: int = 32, spread: float = 0.0, lag: float = 0.0) -> np.ndarray:
    """On and off the beat, the second one where ``ratio`` puts it."""
    onsets = np.concatenate([[beat, beat + ratio / (1 + ratio)] for beat in range(1, beats + 1)])
    return np.sort(onsets + lag + np.random.default_rng(0).normal(0, spread, onsets.size))


@pytest.mark.parametrize("ratio", [1.0, 1.2, 1.5, 1.75, 2.0, 2.3])
@pytest.mark.parametrize(("spread", "lag"), [(0.0, 0.0), (0.02, 0.0), (0.02, 0.05)])
def test_a_known_ratio_is_measured(ratio: float, spread: float, lag: float) -> None:
    assert swing_ratio(eighths(ratio, 64, spread, lag)) == pytest.approx(ratio, rel=0.001 if not spread else 0.07)


def test_sixteenths_among_the_eighths_do_not_change_it() -> None:
    sixteenths = np.arange(40, 50, 0.25)
    assert swing_ratio(np.concatenate([eighths(1.6), sixteenths])) == pytest.approx(1.6)


@pytest.mark.parametrize(
    "onsets",
    [
        np.arange(96) / 3,  # triplets
        np.arange(96) / 4,  # sixteenths
        np.arange(32.0),  # nothing off the beat
        eighths(3.0),  # dotted
        eighths(2.0, beats=7),  # too few
        np.sort(np.concatenate([eighths(1.0), eighths(2.0) + 40])),  # both
        np.zeros(0),
    ],
)
def test_what_does_not_tell_has_no_swing(onsets: np.ndarray) -> None:
    assert swing_ratio(onsets) is None


def test_a_shuffle_in_a_file_is_binary_and_its_swing_is_kept() -> None:
    notes = [Played(480 * beat + off, 100, 60, 64) for beat in range(32) for off in (0, 320)]
    placed = positions(parse_midi(written(notes)))
    assert placed.swing == pytest.approx(2, abs=0.01) and placed.ternary_share == 0
    assert placed.onset_grid.tolist() == list(range(0, 64 * 12, 12)) and placed.grid_error < 0.01


def test_an_odd_upbeat_does_not_turn_on_and_off_about() -> None:
    notes = [Played(240 + 480 * beat + off, 100, 60, 64) for beat in range(32) for off in (0, 300)]
    placed = positions(parse_midi(written(notes, metres=[(0, 1, 8), (240, 4, 4)])))
    assert placed.swing == pytest.approx(300 / 180, abs=0.01)


def swings(folder: Path, pattern: str) -> list[float]:
    found = [positions(parse_midi(path.read_bytes())).swing for path in sorted(folder.rglob(pattern))]
    return [ratio for ratio in found if ratio is not None]


def test_hornpipes_swing_and_chorales_do_not(shared: Path) -> None:
    hornpipes = swings(shared / "corpus/ceol_rince", "*[Hh]ornpipe*.mid")
    assert len(hornpipes) >= 40 and np.median(hornpipes) == pytest.approx(2, abs=0.05)
    chorales = swings(shared / "corpus/js_fakes", "*0.mid")
    assert len(chorales) >= 40 and max(chorales) < 1.05


@pytest.mark.slow
def test_played_swing_is_that_of_jazz_and_shuffles(shared: Path) -> None:
    drums = shared / "corpus/groove"
    swung = {path.name for path in drums.rglob("*.mid") if (positions(parse_midi(path.read_bytes())).swing or 1) > 1.5}
    assert len(swung) >= 10
    assert sum("jazz" in name or "shuffle" in name or "swing" in name for name in swung) >= 0.6 * len(swung)
