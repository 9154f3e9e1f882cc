import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.beats.clusters import CLUSTER_SECONDS, FEATURES, find_clusters

Note = tuple[float, float, int, int]
notes = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0, 8), st.integers(0, 127), st.integers(1, 127)), min_size=1, max_size=60
)


def arrays(played: list[Note]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    onset, duration, pitch, velocity = (np.array(column) for column in zip(*sorted(played), strict=True))
    return onset, duration, pitch, velocity


@given(notes)
def test_each_note_is_in_the_cluster_that_began_at_most_a_chord_before(played: list[Note]) -> None:
    columns = arrays(played)
    found = find_clusters(*columns)
    assert (np.diff(found.time_s) > CLUSTER_SECONDS).all()
    spread = columns[0] - found.time_s[found.index]
    assert (spread >= 0).all() and (spread <= CLUSTER_SECONDS).all()
    assert found.features.shape == (found.time_s.size, FEATURES)
    assert np.isfinite(found.features).all() and np.abs(found.features).max() < 11


@given(notes, st.floats(0, 1000))
def test_features_do_not_know_when_a_piece_begins(played: list[Note], later: float) -> None:
    eighths = [(round(8 * onset) / 8, round(8 * length) / 8, *rest) for onset, length, *rest in played]  # exact sums
    here = find_clusters(*arrays(eighths))  # type: ignore[arg-type]
    there = find_clusters(*arrays([(onset + round(later), *rest) for onset, *rest in eighths]))  # type: ignore[misc]
    assert np.allclose(here.features, there.features, atol=1e-4)


def test_a_chord_is_one_cluster_and_a_run_is_many() -> None:
    chord = [(1 + 0.005 * index, 1.0, 60 + 4 * index, 64) for index in range(4)]
    run = [(3 + 0.06 * index, 0.06, 60 + index, 64) for index in range(8)]
    found = find_clusters(*arrays([*chord, *run]))
    assert np.bincount(found.index).tolist() == [4] + [1] * 8
