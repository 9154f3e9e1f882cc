import numpy as np
import pytest

from boumb_assets.theory.harmony_states import KINDS, STATES, TRIAD_OF_KIND, TRIADS, harmony_tables

PLACES = {kind: place for place, kind in enumerate(KINDS)}


def state(kind: str, root: int) -> int:
    return 12 * PLACES[kind] + root


def test_every_kind_has_a_triad() -> None:
    assert len(TRIAD_OF_KIND) == len(KINDS) and set(TRIAD_OF_KIND) == set(range(len(TRIADS)))
    for kind, steps in list(KINDS.items())[:8]:  # the others are no stacks of thirds
        third, fifth = steps[1:3]
        assert (
            TRIADS[TRIAD_OF_KIND[PLACES[kind]]]
            == {(4, 7): "major", (3, 7): "minor", (3, 6): "diminished"}[third, fifth]
        )


def test_moves_are_probabilities_of_another_chord() -> None:
    moves = harmony_tables().moves
    assert moves.shape == (24, STATES, STATES) and moves.min() >= 0
    assert moves.sum(axis=2) == pytest.approx(1.0)
    assert not np.diagonal(moves, axis1=1, axis2=2).any()


@pytest.mark.parametrize("shift", range(12))
def test_every_key_is_c_transposed(shift: int) -> None:
    tables = harmony_tables()
    kind, root = np.divmod(np.arange(STATES), 12)
    moved = 12 * kind + (root + shift) % 12
    for tonic in (0, 12):
        assert np.array_equal(tables.in_key[tonic + shift][moved], tables.in_key[tonic])
        assert np.array_equal(tables.moves[tonic + shift][np.ix_(moved, moved)], tables.moves[tonic])
    assert np.array_equal(np.roll(tables.notes, -shift, axis=0)[:, moved], tables.notes)
    assert np.array_equal(np.roll(tables.bass, -shift, axis=0)[:, moved], tables.bass)


@pytest.mark.parametrize(("key", "tonic", "six_four"), [(0, "major", "cadential six-four"),
                                                        (12, "minor", "minor cadential six-four")])  # fmt: skip
def test_what_leads_where(key: int, tonic: str, six_four: str) -> None:
    moves = harmony_tables().moves[key]
    assert moves[state("dominant seventh", 7)].argmax() == state(tonic, 0)
    assert moves[state("diminished seventh", 11)].argmax() == state(tonic, 0)
    assert moves[state("augmented sixth", 6)].argmax() % 12 == 7
    assert moves[state(six_four, 7), [state("major", 7), state("dominant seventh", 7)]].sum() > 0.9


def test_a_chord_is_its_own_notes() -> None:
    notes = harmony_tables().notes
    for kind, steps in KINDS.items():
        for root in range(12):
            weights, own = notes[:, state(kind, root)], {(root + step) % 12 for step in steps}
            assert min(weights[list(own)]) > max(weights[list({*range(12)} - own)])
