"""What must hold of whatever is read from a MIDI file, however broken."""

from collections.abc import Sequence
from contextlib import nullcontext
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boumb_assets.events.beats import tracker
from boumb_assets.events.beats.tracker import Beats
from boumb_assets.events.chunks import MidiRejected
from boumb_assets.events.facts import file_facts
from boumb_assets.events.grid import find_grid
from boumb_assets.events.note_table import NoteTable
from boumb_assets.events.parse import MAX_NAME, ParsedMidi, parse_midi, seconds_at
from boumb_assets.events.schema import FILES
from boumb_assets.events.texts import TextTable
from boumb_assets.lake.rejection import Reason
from boumb_assets_tests.events.mutations import Seed, rewritten

Floats = npt.NDArray[np.float64]


def compile_all(seeds: Sequence[Seed]) -> None:
    """Reads a few sound files, so that what is compiled at its first use is compiled."""
    for seed in seeds[:5]:
        outcome(rewritten(1, seed.division, seed.tracks))


def outcome(data: bytes, hear_beats: bool = False) -> str:
    """What becomes of a file: ``parsed``, ``repaired``, or the reason that it is refused for. Raises AssertionError, or
    whatever else the reading of it should never raise. The beats of a performance are steady ones unless they are to be
    heard, which takes a hundred times as long as all the rest."""
    try:
        parsed = parse_midi(data)
    except MidiRejected as refusal:
        assert isinstance(refusal.reason, Reason) and refusal.detail
        return str(refusal.reason)
    _check(parsed)
    with nullcontext() if hear_beats else patch.object(tracker, "track_beats", _steady_beats):
        _check_on_the_way(parsed)
    return "repaired" if parsed.repairs else "parsed"


def _steady_beats(onset_s: Floats, duration_s: Floats, pitch: object, velocity: object) -> Beats:
    """A beat every half second, or 5,000 of them over a longer file; a bar of four."""
    end = float((onset_s + duration_s).max())
    times: Floats = np.arange(2.0 + min(5000, int(2 * end))) * np.float64(max(0.5, end / 5000))
    return Beats(times, np.arange(times.size) % 4 == 0, 1.0)


def _check(parsed: ParsedMidi) -> None:
    """No value out of range, all arrays of one length, all in order."""
    count = parsed.onset_tick.size
    columns = (
        parsed.duration_tick, parsed.pitch, parsed.velocity, parsed.track, parsed.program, parsed.channel,
        parsed.is_drum,
    )  # fmt: skip
    assert count > 0 and all(column.shape == (count,) for column in columns)
    assert 0 < parsed.ppq < 0x8000
    assert parsed.onset_tick.min() >= 0 and parsed.duration_tick.min() >= 0
    assert (parsed.onset_tick + parsed.duration_tick).max() < 2**31
    assert parsed.pitch.max() <= 127 and parsed.velocity.min() >= 1 and parsed.velocity.max() <= 127
    assert parsed.channel.min() >= 0 and parsed.channel.max() <= 15
    assert parsed.program.max() <= 127 and np.array_equal(parsed.program == -1, parsed.is_drum)
    assert np.array_equal(parsed.channel == 9, parsed.is_drum)
    assert set(parsed.track.tolist()) == set(range(len(parsed.track_names)))
    assert all(len(name) <= MAX_NAME and name.isprintable() for name in parsed.track_names)
    keys = np.stack([parsed.onset_tick, parsed.track, parsed.pitch.astype(np.int64)])
    order = np.lexsort(keys[::-1])
    assert np.array_equal(keys[:, order], keys), "not in the order of onset, part, pitch"
    for tick in (parsed.tempos.tick, parsed.metres.tick):
        assert tick[0] == 0 and (np.diff(tick) > 0).all()
    assert parsed.tempos.microseconds.min() >= 20_000 and parsed.tempos.microseconds.max() < 2**24
    assert parsed.metres.numerator.min() >= 1 and parsed.metres.numerator.max() <= 255
    assert set(parsed.metres.denominator.tolist()) <= {1, 2, 4, 8, 16, 32, 64}
    assert 0 <= parsed.pedal_share <= 1 and 0 <= parsed.ended_elsewhere <= parsed.hanging
    assert (np.diff(parsed.texts.ends, prepend=0) >= 0).all()


def _check_on_the_way(parsed: ParsedMidi) -> None:
    """What is made of the notes fits the tables that it goes to."""
    onset_s = seconds_at(parsed.onset_tick, parsed.ppq, parsed.tempos)
    duration_s = seconds_at(parsed.onset_tick + parsed.duration_tick, parsed.ppq, parsed.tempos) - onset_s
    assert np.isfinite(onset_s).all() and (np.diff(onset_s) >= 0).all() and duration_s.min() >= -1e-9
    assert (onset_s + duration_s).max() <= 24 * 3600 + 1
    grid = find_grid(parsed)
    notes, texts = NoteTable(), TextTable()
    notes.add("a.mid", "0" * 64, parsed, (onset_s, duration_s), grid.positions)
    texts.add("a.mid", "0" * 64, parsed.texts)
    assert notes.table("fuzz").num_rows == parsed.pitch.size
    table = texts.table("fuzz")
    table.validate(full=True)
    assert table.num_rows == parsed.texts.ends.size
    facts = file_facts(parsed, grid, onset_s, duration_s)
    row = {name: facts.get(name) for name in FILES.names} | {"dataset": "fuzz", "sha256": "0" * 64, "path": "a.mid"}
    pa.Table.from_pylist([row], schema=FILES)
