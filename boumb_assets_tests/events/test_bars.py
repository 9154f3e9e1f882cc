from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.events.bars import Positions, pickup_steps, positions
from boumb_assets.events.parse import parse_midi
from boumb_assets_tests.events.smf import Played, written

Metre = tuple[int, int, int]


def placed(onsets: list[int], metres: list[Metre], ppq: int = 480) -> Positions:
    return positions(parse_midi(written([Played(onset, 120, 60, 64) for onset in onsets], ppq, metres=metres)))


def where(found: Positions) -> list[tuple[int, int, int]]:
    return list(zip(found.bar.tolist(), found.beat.tolist(), found.step.tolist(), strict=True))


def test_common_time() -> None:
    found = placed([0, 120, 480, 1800, 1920, 3840], [(0, 4, 4)])
    assert where(found) == [(0, 0, 0), (0, 0, 1), (0, 1, 4), (0, 3, 15), (1, 0, 0), (2, 0, 0)]
    assert found.onset_step.tolist() == [0, 1, 4, 15, 16, 32]
    assert found.pickup_steps == 0 and found.duration_step.tolist() == [1.0] * 6


def test_beats_count_the_unit_of_the_metre() -> None:
    assert where(placed([0, 240, 720, 1440], [(0, 6, 8)])) == [(0, 0, 0), (0, 1, 2), (0, 3, 6), (1, 0, 0)]
    assert where(placed([0, 960, 1920], [(0, 2, 2)])) == [(0, 0, 0), (0, 1, 8), (1, 0, 0)]


def test_an_upbeat_is_the_end_of_bar_0_and_bar_1_is_whole() -> None:
    found = placed([0, 240, 480, 2400], [(0, 1, 4), (480, 4, 4)])
    assert found.pickup_steps == 4
    assert where(found) == [(0, 3, 12), (0, 3, 14), (1, 0, 0), (2, 0, 0)]
    eighth = placed([0, 240, 1680], [(0, 1, 8), (240, 6, 8)])
    assert eighth.pickup_steps == 2 and where(eighth) == [(0, 5, 10), (1, 0, 0), (2, 0, 0)]


def test_only_one_short_first_bar_is_a_pickup() -> None:
    two_bars = parse_midi(written([Played(0, 1, 60, 64)], metres=[(0, 1, 4), (960, 4, 4)]))
    longer = parse_midi(written([Played(0, 1, 60, 64)], metres=[(0, 4, 4), (1920, 3, 4)]))
    assert pickup_steps(two_bars.metres, 480) == pickup_steps(longer.metres, 480) == 0


def test_a_change_of_metre_begins_a_bar_and_cuts_the_one_before() -> None:
    found = placed([0, 1920, 2400, 2880, 3360, 4320], [(0, 4, 4), (2880, 3, 4)])
    assert where(found) == [(0, 0, 0), (1, 0, 0), (1, 1, 4), (2, 0, 0), (2, 1, 4), (3, 0, 0)]


def test_a_note_just_before_the_bar_line_belongs_to_the_bar_it_means() -> None:
    found = placed([1919, 1861, 1859], [(0, 4, 4)])
    assert sorted(where(found)) == [(0, 3, 15), (1, 0, 0), (1, 0, 0)]
    across = placed([2879], [(0, 4, 4), (2880, 3, 4)])
    assert where(across) == [(2, 0, 0)] and abs(float(across.residual[0]) + 1 / 120) < 1e-6


def test_bars_shorter_than_a_step_do_not_make_many() -> None:
    found = placed([0, 2**20], [(0, 1, 64)])
    assert found.bar.tolist() == [0, round(2**20 / 30 / 4) * 4] and found.step.tolist() == [0, 0]


@settings(deadline=None)  # the first call compiles
@given(
    st.lists(st.integers(0, 20_000), min_size=1, max_size=30),
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from([1, 2, 4, 8, 16]), st.integers(1, 3)), min_size=1, max_size=5
    ),
    st.sampled_from([24, 96, 480]),
)
def test_bar_and_step_say_where_a_note_is(onsets: list[int], metres: list[Metre], ppq: int) -> None:
    """Whole bars of metres whose bar is a whole number of steps: bar line plus step is the onset's step."""
    stated, lines, tick = [], [0], 0
    for top, bottom, bars in metres:
        stated.append((tick, top, bottom))
        for _ in range(bars):
            tick += top * 4 * ppq // bottom
            lines.append(tick * 4 // ppq)
    found = placed(sorted(onsets), stated, ppq)
    last = metres[-1][0] * 16 // metres[-1][1]
    while lines[-1] <= found.onset_step.max():
        lines.append(lines[-1] + last)
    for bar, step, onset in zip(found.bar, found.step, found.onset_step, strict=True):
        whole = int(onset) - lines[bar]
        assert step == whole or (found.pickup_steps and bar == 0 and step > whole)
        assert lines[bar] <= onset < lines[bar + 1]
    assert (abs(found.residual) <= 0.5).all()
    exact = [onset * 4 / ppq for onset in sorted(onsets)]
    assert all(abs(s + r - e) < 1e-3 for s, r, e in zip(found.onset_step, found.residual, exact, strict=True))
