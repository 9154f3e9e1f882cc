import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.beat_table import BeatTable
from boumb_assets.events.beats.tracker import Beats
from boumb_assets.events.performance import Performed, place_performance
from boumb_assets.events.schema import FILE_BEATS


def beats(time_s: np.ndarray, first_down: int = 0, bar: int = 4) -> Beats:
    return Beats(time_s, (np.arange(time_s.size) - first_down) % bar == 0, 1.0)


def placed(heard: Beats, onset_s: list[float] | np.ndarray, duration_s: float = 0.1) -> Performed:
    onset = np.sort(np.asarray(onset_s, np.float64))
    found = place_performance(heard, onset, np.full(onset.size, duration_s))
    assert found is not None
    return found


def test_notes_are_between_the_beats_that_were_heard() -> None:
    slowing = np.cumsum([1.0, *np.linspace(0.4, 0.8, 15)])
    on, half = slowing, (slowing[:-1] + slowing[1:]) / 2
    found = placed(beats(slowing), np.concatenate([on, half]))
    where = found.positions
    assert where.onset_step.tolist() == list(range(0, 62, 2))
    assert where.bar.tolist() == [step // 16 for step in range(0, 62, 2)]
    assert where.beat.tolist() == [step % 16 // 4 for step in range(0, 62, 2)]
    assert where.step.tolist() == [step % 16 for step in range(0, 62, 2)]
    assert np.abs(where.residual).max() < 1e-5 and where.pickup_steps == 0
    assert where.onset_grid.tolist() == list(range(0, 31 * 12, 12))
    assert found.metre == "4/4" and found.bpm == pytest.approx(60 / np.median(np.diff(slowing)))


def test_lengths_are_in_steps_of_the_beats_that_they_span() -> None:
    found = placed(Beats(np.array([0.0, 1.0, 1.5]), np.array([True, False, False]), 1.0), [0.5], 0.75)
    assert found.positions.duration_step.tolist() == pytest.approx([0.5 * 4 + 0.5 * 4])


def test_what_is_before_the_first_downbeat_ends_bar_0() -> None:
    found = placed(beats(np.arange(1.0, 20.0), first_down=2, bar=3), [0.0, 1.0, 2.0, 3.0, 6.0])
    assert found.metre == "3/4"
    where = found.positions
    # A beat before the first one heard there is a note: bar 0 is whole, and the downbeats are those of bars 1, 2 ..
    assert where.bar.tolist() == [0, 0, 0, 1, 2] and where.beat.tolist() == [0, 1, 2, 0, 0]
    upbeat = placed(beats(np.arange(1.0, 20.0), first_down=2, bar=3), [1.0, 2.0, 3.0])
    assert upbeat.positions.bar.tolist() == [0, 0, 1] and upbeat.positions.step.tolist() == [4, 8, 0]
    assert upbeat.positions.pickup_steps == 8 and upbeat.bar[:4].tolist() == [0, 0, 1, 1]


def test_beats_go_on_before_and_after() -> None:
    found = placed(beats(np.arange(10.0, 18.0) * 0.5), [0.0, 5.0, 20.0])
    assert found.positions.onset_step.tolist() == [0, 40, 160]
    assert found.positions.bar.tolist() == [0, 3, 10] and found.positions.step.tolist() == [8, 0, 8]
    assert found.positions.pickup_steps == 8


def test_a_bar_begins_at_a_downbeat_before_and_after_those_that_were_heard() -> None:
    time = np.arange(16.0)
    found = placed(Beats(time, np.isin(np.arange(16), [3, 5, 7, 9, 11]), 1.0), time)
    assert np.flatnonzero(found.downbeat).tolist() == [1, 3, 5, 7, 9, 11, 13, 15]
    assert found.bar.tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8]
    assert found.positions.bar.tolist() == found.bar.tolist()


def test_bars_that_differ_have_no_metre_and_none_no_positions() -> None:
    time = np.arange(20.0)
    changing = Beats(time, np.isin(np.arange(20), [0, 3, 7, 10, 14, 17]), 1.0)
    assert placed(changing, time).metre is None
    assert place_performance(Beats(time, np.zeros(20, np.bool_), 1.0), time, time) is None


@settings(deadline=None)  # the first call compiles
@given(
    st.lists(st.floats(0.01, 3), min_size=1, max_size=40),
    st.lists(st.floats(0, 200), min_size=1, max_size=40),
    st.sets(st.integers(0, 40), min_size=1),
    st.floats(0, 5),
)
def test_positions_hold_together(gaps: list[float], onsets: list[float], downs: set[int], start: float) -> None:
    time = np.cumsum([start, *gaps])
    down = np.isin(np.arange(time.size), list(downs))
    down[min(downs) % time.size] = True
    found = placed(Beats(time, down, 1.0), onsets, 0.5)
    where = found.positions
    assert where.onset_step.min() >= 0 and where.bar.min() >= 0 and where.step.min() >= 0
    assert (np.diff(where.onset_step) >= 0).all() and (np.diff(where.bar) >= 0).all()
    assert (where.beat == where.step // 4).all() and (where.duration_step >= 0).all()
    assert (np.abs(where.residual) <= 0.51).all() and found.bar.size == time.size
    first, *_, last = [*np.flatnonzero(down), *np.flatnonzero(down)]
    assert (found.downbeat[first : last + 1] == down[first : last + 1]).all()
    assert (np.diff(found.bar) == found.downbeat[1:]).all()


def test_the_table_has_a_row_a_beat() -> None:
    table = BeatTable()
    table.add("a.mid", "0" * 64, placed(beats(np.arange(1.0, 6.0)), [1.0, 2.0]))
    table.add("b.mid", "1" * 64, placed(beats(np.arange(1.0, 4.0), first_down=1), [1.0, 2.0]))
    rows = table.table("d")
    rows.validate(full=True)
    assert rows.schema == FILE_BEATS and rows["path"].to_pylist() == ["a.mid"] * 5 + ["b.mid"] * 3
    assert rows["beat"].to_pylist() == [0, 1, 2, 3, 4, 0, 1, 2]
    assert rows["is_downbeat"].to_pylist() == [True, False, False, False, True, False, True, False]
    assert rows["bar"].to_pylist() == [0, 0, 0, 0, 1, 0, 1, 1]
    assert BeatTable().table("d").schema == FILE_BEATS
