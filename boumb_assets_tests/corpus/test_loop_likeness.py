"""What near duplicates share, and others do not."""

from random import Random

import numpy as np
import pytest

from boumb_assets.corpus.loops.likeness import BANDS, near
from boumb_assets_tests.corpus.loop_notes import Written, heard, loop_notes

BARS = 2


def tune(seed: int, notes: int = 24) -> list[Written]:
    rng = Random(seed)
    return [(step, rng.choice((60, 62, 64, 65, 67, 69, 71)), 1.0) for step in sorted(rng.sample(range(32), notes))]


def shared(one: list[Written], other: list[Written], drum: bool = False) -> int:
    first, second = near(*heard(loop_notes([one, other], BARS, drum)))
    return int(np.count_nonzero(first == second))


@pytest.mark.parametrize("seed", range(5))
def test_the_same_in_any_key_and_from_any_step(seed: int) -> None:
    loop = tune(seed)
    assert shared(loop, [(step, pitch + 5, length) for step, pitch, length in loop]) == BANDS
    assert shared(loop, [((step + 11) % 32, pitch, length) for step, pitch, length in loop]) == BANDS
    assert shared(loop, [(step, pitch, 4.0) for step, pitch, _ in loop]) == BANDS, "however long the notes"


def test_few_changes_leave_bands_and_others_have_none() -> None:
    changed = [[*tune(seed)[:-1], (tune(seed)[-1][0], 50, 1.0)] for seed in range(40)]
    assert np.mean([shared(tune(seed), changed[seed]) for seed in range(40)]) > 4
    assert sum(shared(tune(seed), tune(seed + 100)) for seed in range(40)) == 0


def test_drums_are_their_strokes() -> None:
    beat: list[Written] = [(step, track, 0.5) for step, track in ((0, 0), (8, 1), (16, 0), (24, 1), (30, 2))]
    other = [(step, track + 1, length) for step, track, length in beat]
    assert shared(beat, beat, drum=True) == BANDS and shared(beat, other, drum=True) == 0


def test_one_note_has_a_signature() -> None:
    assert near(*heard(loop_notes([[(0, 60, 1.0)]]))).shape == (1, BANDS)


def test_signatures_do_not_depend_on_the_batch() -> None:
    loops = [tune(seed) for seed in range(6)]
    together = near(*heard(loop_notes(loops)))
    assert all((near(*heard(loop_notes([loop])))[0] == row).all() for loop, row in zip(loops, together, strict=True))
