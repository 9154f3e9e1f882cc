"""Note for note what mido and symusic read, on real files."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from symusic.core import ScoreTick

from boumb_assets.events.parse import MidiRejected, ParsedMidi, parse_midi
from boumb_assets_tests.events.oracle import Heard, oracle

SUFFIXES = {".mid", ".midi", ".rmi"}

# The files of corpus/odd that one of us and mido refuses, with the reason; on all others both agree in everything.
ONLY_MIDO_READS = {
    "9_tick_overflow": "a note beyond 2**31 ticks",
    "huge_delta": "a note after 233 hours",
    "negative-ticks-per-beat": "film frames a second: no beats",
    "noteoff_other_track": "its one note is ended in another track than it begins in",
    "ppq0": "0 ticks a quarter",
    "zero-ticks-per-beat": "0 ticks a quarter",
    "smpte": "film frames a second: no beats",
    "sysex_breaks_running": "a data byte after a system exclusive message, which ends running status",
    "tempo0": "0 microseconds a quarter",
    "ts_0_4": "a metre of 0/4",
    "ts_den_240": "a metre of 4/2**40",
    "type2": "two sequences that do not sound together (handmade), or no note (muspy)",
    "SysExTest": "no note",
    "empty": "no note",
    "multiple-copyrights": "no note",
    "ticks-per-beat-480": "no note",
}
ONLY_WE_READ = {
    "alien_chunk": "a chunk of another kind between the tracks",
    "badkey": "a key of nine sharps, which notes do not depend on",
    "datagt127": "a velocity above 127, read as 127",
    "junk_prefix": "bytes before the header",
    "Levels": "a key signature without its data, which notes do not depend on",
    "ntrks_too_many": "more tracks announced than there are",
    "rmid": "wrapped in RIFF",
    "Beethoven": "wrapped in RIFF",
    "ValueError_Control168": "a controller above 127, read as 127",
}


def heard(parsed: ParsedMidi) -> Heard:
    notes = (
        parsed.onset_tick, parsed.duration_tick, parsed.pitch, parsed.velocity, parsed.channel, parsed.program,
        parsed.is_drum,
    )  # fmt: skip
    tempos = (parsed.tempos.tick, parsed.tempos.microseconds)
    metres = (parsed.metres.tick, parsed.metres.numerator, parsed.metres.denominator)
    rows = [list(zip(*(column.tolist() for column in columns), strict=True)) for columns in (notes, tempos, metres)]
    return Heard(sorted(rows[0]), rows[1], rows[2], parsed.hanging)


def corpus(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "corpus").rglob("*") if path.suffix.lower() in SUFFIXES)


def compare_with_mido(files: list[Path]) -> int:
    """How many files both read, all of them alike."""
    both = 0
    for path in files:
        data = path.read_bytes()
        ours, theirs = None, None
        try:
            ours = parse_midi(data)
        except MidiRejected as refusal:
            assert refusal.detail
        try:
            theirs = oracle(data)
        except Exception:  # mido refuses with errors of many kinds
            theirs = None
        if ours is not None and theirs is not None:
            assert heard(ours) == theirs, path
            both += 1
        elif theirs is not None:
            assert path.stem in ONLY_MIDO_READS, path
        elif ours is not None:
            assert path.stem in ONLY_WE_READ, path
    return both


def test_a_sample_of_real_files_reads_as_in_mido(shared: Path) -> None:
    files = [path for path in corpus(shared)[::8] if path.stat().st_size < 15_000]
    assert compare_with_mido(files) >= 0.95 * len(files) > 400


@pytest.mark.slow
def test_all_real_files_read_as_in_mido(shared: Path) -> None:
    files = corpus(shared)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        both = sum(pool.map(compare_with_mido, [files[::2], files[1::2]]))
    assert both >= len(files) - len(ONLY_MIDO_READS) - len(ONLY_WE_READ) - 5


def in_symusic(data: bytes) -> Iterator[tuple[int, int, int, int, int, bool]]:
    for part in ScoreTick.from_midi(data).tracks:
        notes = part.notes.numpy()
        columns = (notes[name].tolist() for name in ("time", "duration", "pitch", "velocity"))
        program = -1 if part.is_drum else part.program
        yield from ((*note, program, part.is_drum) for note in zip(*columns, strict=True))


# Files with a track that sets no program for a channel of which another track does: symusic gives it the piano, here it
# has the program of its channel, as both staves of a harpsichord should.
INHERITED = {"d_e4m1", "d_e4m4", "d_e4m8", "d_e4m9", "lc5991473", "lc6248305", "lc6486038", "lc6604420"}


def test_real_files_read_as_in_symusic(shared: Path) -> None:
    folders = ("ceol_rince", "freedoom", "groove", "js_fakes", "openscore_lieder")
    files = [path for path in corpus(shared) if path.relative_to(shared / "corpus").parts[0] in folders][::3]
    inherited = set()
    for path in files:
        data = path.read_bytes()
        ours = sorted((*note[:4], *note[5:]) for note in heard(parse_midi(data)).notes)
        theirs = sorted(in_symusic(data))
        if ours != theirs:
            assert [note[:4] for note in ours] == [note[:4] for note in theirs], path
            inherited.add(path.stem)
    assert inherited <= INHERITED and len(files) > 1000
