from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.events.expressiveness import _equal_pairs, expressiveness
from boumb_assets.events.parse import parse_midi
from boumb_assets_tests.events.smf import Played, written

EIGHTHS = [Played(240 * index, 220, 60 + index % 5, 80 - 10 * (index % 2)) for index in range(64)]
DRAWN = ("ceol_rince", "js_fakes", "openscore_lieder", "freedoom")


def played(notes: list[Played], seed: int = 0) -> list[Played]:
    """As a hand would play them."""
    random = np.random.default_rng(seed)

    def by_hand(note: Played) -> Played:
        late, longer, louder = random.normal(0, (12, 30, 10)).astype(int).tolist()
        return note._replace(
            onset=max(0, note.onset + late), duration=max(20, note.duration + longer), velocity=note.velocity + louder
        )

    return [by_hand(note) for note in notes]


def found(notes: list[Played], tempos: Sequence[tuple[int, int]] = ()) -> float:
    return expressiveness(parse_midi(written(notes, tempos=tempos)))


def test_what_is_drawn_and_what_is_played() -> None:
    assert found(EIGHTHS) < 0.05 < 0.95 < found(played(EIGHTHS))


def test_a_lag_does_not_make_a_player() -> None:
    assert found([note._replace(onset=note.onset + 7) for note in EIGHTHS]) == found(EIGHTHS)


def test_length_does_not_make_a_player() -> None:
    again = [note._replace(onset=note.onset + 240 * 64 * times) for times in range(20) for note in EIGHTHS]
    assert found(again) == pytest.approx(found(EIGHTHS), abs=0.02)


def test_a_tempo_map_speaks_against_a_player() -> None:
    notes = played(EIGHTHS)[:12]
    assert found(notes, tempos=[(0, 500_000), (960, 520_000)]) < found(notes)


def test_a_few_notes_say_little() -> None:
    assert 0.01 < found(EIGHTHS[:1]) < 0.9 and found(played(EIGHTHS[:3])) < found(played(EIGHTHS))


def test_pairs_are_counted() -> None:
    parsed = parse_midi(written([*played(EIGHTHS), *(note._replace(channel=9, track=1) for note in EIGHTHS)]))
    counted = _equal_pairs(parsed.onset_tick, parsed.duration_tick, parsed.velocity, parsed.is_drum, parsed.ppq)
    lengths = np.minimum(parsed.duration_tick[~parsed.is_drum], 960)
    features: list[np.ndarray] = [np.unique(parsed.onset_tick) % 480, parsed.velocity, lengths]
    for values, (equal, pairs) in zip(features, counted, strict=True):
        assert pairs == len(values) * (len(values) - 1) // 2
        assert equal == (values[:, None] == values).sum() // 2 - len(values) / 2 + (len(values) % 2) / 2


def test_real_players_and_real_scores(shared: Path) -> None:
    """Each 16th file; what was drawn lies below what was played in all but 1 % of the pairs."""
    by_folder = {
        name: [
            expressiveness(parse_midi(path.read_bytes()))
            for path in sorted((shared / "corpus" / name).rglob("*.mid"))[::16]
        ]
        for name in ("groove", *DRAWN)
    }
    hands = np.array(by_folder.pop("groove"))
    drawn = np.array([value for values in by_folder.values() for value in values])
    assert hands.size > 50 and drawn.size > 100
    assert (hands[:, None] > drawn).mean() > 0.99
    assert (hands > 0.5).mean() > 0.97 and (drawn < 0.5).mean() > 0.97
