import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.events.arrangement import in_force, sort_stably
from boumb_assets.events.scan import BAD_NUMBER, CUT_EVENT, LEFT_OUT, MAX_TEXTS, NO_STATUS, Scanned, scan_tracks
from boumb_assets_tests.events.smf import END, NOTE, meta


def scanned(*tracks: bytes) -> Scanned:
    ends = np.cumsum([len(track) for track in tracks])
    spans = np.stack([ends - [len(track) for track in tracks], ends], axis=1)
    return scan_tracks(np.frombuffer(b"".join(tracks), np.uint8), spans)


@given(st.lists(st.tuples(st.integers(-5, 5) | st.integers(0, 2**50), st.booleans()), max_size=400))
def test_sorting_is_stable_and_complete(values: list[tuple[int, bool]]) -> None:
    keys = np.array([key for key, _ in values], np.int64)
    if sum(rising for _, rising in values) % 2:
        keys.sort()
    expected = np.argsort(keys, kind="stable")
    sorted_keys, order = keys.copy(), np.arange(keys.size)
    sort_stably(sorted_keys, order)
    assert order.tolist() == expected.tolist() and sorted_keys.tolist() == keys[expected].tolist()


@pytest.mark.parametrize("shape", ["falling", "two runs", "shuffled", "equal", "organ pipes"])
def test_many_notes_in_any_order_are_sorted(shape: str) -> None:
    size = 50_000
    keys = {
        "falling": np.arange(size)[::-1],
        "two runs": np.concatenate([np.arange(0, size, 2), np.arange(1, size, 2)]),
        "shuffled": np.random.default_rng(0).integers(0, size, size),
        "equal": np.zeros(size, np.int64),
        "organ pipes": np.arange(size) % 100,
    }[shape].astype(np.int64)
    sorted_keys, order = keys.copy(), np.arange(size)
    sort_stably(sorted_keys, order)
    assert np.array_equal(order, np.argsort(keys, kind="stable")) and np.array_equal(sorted_keys, keys[order])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3), st.integers(1, 2)), max_size=12))
def test_what_is_in_force_at_each_tick_is_what_was_said_last(statements: list[tuple[int, int, int]]) -> None:
    map_ = in_force(np.array(statements, np.int64).reshape(-1, 3), np.array([1, 1]))
    assert map_[0, 0] == 0 and (np.diff(map_[0]) > 0).all()
    assert (np.diff(map_[1:], axis=1) != 0).any(axis=0).all(), "only what changes"
    for tick in range(8):
        said = sorted((row for row in statements if row[0] <= tick), key=lambda row: row[0])
        found = map_[1:, np.searchsorted(map_[0], tick, side="right") - 1]
        assert found.tolist() == (list(said[-1][1:]) if said else [1, 1])


def test_running_status_outlives_a_meta_event_and_no_system_message() -> None:
    assert scanned(NOTE + meta(1, b"x") + b"\x00\x3c\x00" + END).messages.size == 3
    for system in (b"\x00\xf0\x01\xf7", b"\x00\xf7\x00", b"\x00\xf3\x01", b"\x00\xf6"):
        assert scanned(NOTE + system + b"\x00\x3c\x00" + END).problem == NO_STATUS
    assert scanned(NOTE + b"\x00\xf8" + b"\x00\x3c\x00" + END).problem == 0, "a real-time message is no message"


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=3))
def test_any_bytes_are_scanned_inside_their_bounds(tracks: list[bytes]) -> None:
    found = scanned(*tracks)
    size = sum(len(track) for track in tracks)
    assert 0 <= found.position <= size and 0 <= found.track < len(tracks)
    assert (found.texts[:, 3] + found.texts[:, 4] <= size).all()
    if not found.problem:
        assert found.ticks.size == found.messages.size <= size / 2


@given(st.integers(0, 2**28 - 1), st.integers(0, 3))
def test_numbers_are_read_as_they_are_written(value: int, cut: int) -> None:
    written = bytes([0x80 | value >> 21, 0x80 | value >> 14 & 0x7F, 0x80 | value >> 7 & 0x7F, value & 0x7F])
    assert scanned(written + b"\x90\x3c\x40" + END).ticks.tolist() == [value]
    assert scanned(written[:cut]).problem == (CUT_EVENT if cut else 0)
    assert scanned(b"\x80" + written + END).problem == BAD_NUMBER


def test_texts_beyond_the_bound_are_counted() -> None:
    found = scanned(meta(1, b"x") * (MAX_TEXTS + 3) + END)
    assert found.texts.shape == (MAX_TEXTS, 5) and found.counts[LEFT_OUT] == 3
