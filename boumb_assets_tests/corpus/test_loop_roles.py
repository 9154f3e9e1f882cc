"""The roles of loops in real music, by what their programs say."""

import hashlib
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from boumb_assets.corpus.loops import cut_loops
from boumb_assets.events.extract import FileTask, extract_files

TOLD = {
    "bass": range(32, 40),
    "lead": (*range(64, 80), *range(80, 88)),  # reeds, pipes, synth leads
    "keys": (*range(1, 8), *range(16, 20)),  # pianos but the first, which says little, and organs
    "pad": (*range(48, 56), *range(88, 96)),  # ensembles, voices, synth pads
}
# The shares of loops that have the role of their program, with everything known and with notes alone. Most of the lead
# sounds that have another role play a bass line or chords.
SHARES = {"bass": (0.98, 0.92), "lead": (0.6, 0.45), "keys": (0.8, 0.4), "pad": (0.8, 0.7)}


def extracted(paths: list[Path]) -> tuple[pa.Table, pa.Table]:
    tasks = [FileTask(str(path), path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    read = extract_files(tasks, "real")
    return read.events, read.files


def roles(events: pa.Table, files: pa.Table) -> dict[tuple[str, int, int, int], tuple[int, str]]:
    """Program and role of each melodic loop, by where it is."""
    rows = cut_loops(events, files).table.to_pylist()
    return {
        (row["path"], row["track"], row["start_bar"], row["bars"]): (row["program"], row["role"])
        for row in rows
        if row["contract"] == "boumb-sequence"
    }


@pytest.mark.slow
def test_freedoom(shared: Path) -> None:
    events, files = extracted(sorted((shared / "corpus/freedoom").rglob("*.mid")))
    known = roles(events, files)
    column = events.schema.get_field_index("program")
    untold = pc.if_else(events["is_drum"], events["program"], pa.scalar(0, pa.int16()))
    names = files.schema.get_field_index("track_names")
    blank = pa.array([[]] * files.num_rows, files.schema.field(names).type)
    hidden = roles(
        events.set_column(column, events.schema.field(column), untold),
        files.set_column(names, files.schema.field(names), blank),
    )
    right, all_of = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for place, (program, role) in known.items():
        for expected in (name for name, programs in TOLD.items() if program in programs):
            for is_hidden, found in ((False, role), (True, hidden.get(place, (0, role))[1])):
                right[expected, is_hidden] += found == expected
                all_of[expected, is_hidden] += 1
    for role, shares in SHARES.items():
        for is_hidden, share in zip((False, True), shares, strict=True):
            key = (role, is_hidden)
            assert right[key] / all_of[key] >= share, (key, right[key] / all_of[key], all_of[key])
    assert not any(role == "pad" and 1 <= program < 8 for program, role in known.values()), "pianos are no pads"


@pytest.mark.slow
def test_groove_is_drums(shared: Path) -> None:
    rows = cut_loops(*extracted(sorted((shared / "corpus/groove").rglob("*.mid"))[:100])).table.to_pylist()
    assert len(rows) > 300 and {row["role"] for row in rows} == {"drums"}
    assert {row["program"] for row in rows} == {-1}


@pytest.mark.slow
def test_slow_piano_is_no_pad(shared: Path) -> None:
    events, files = extracted(sorted((shared / "corpus/openscore_lieder").rglob("*.mid"))[:150])
    found = Counter(roles(events, files).values())
    pianos = sum(count for (program, _), count in found.items() if program == 0)
    assert pianos > 200 and found[0, "pad"] <= 0.02 * pianos and found[0, "keys"] > 0.8 * pianos
