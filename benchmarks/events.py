"""The events of MIDI files: the parser and the whole asset, against mido, pretty_midi, miditoolkit and symusic.

    python benchmarks/events.py [--files 1200] [--rounds 5] [--load 180000] [--work DIR] [--workers 2]
                                [--quick] [--json]

The mix: that many files of openscore_lieder, ceol_rince, groove, js_fakes and freedoom below BOUMB_TEST_DATA (default
../shared), drawn with one seed from all of them together, and files of 5,000 notes on average made from these (see
`events_load.py`). All from memory but for the asset, which reads files; all in one process on one core, in the same
run and in turns; figures are of the best round, since other work on a machine only ever adds time. Peers that take
milliseconds a file are measured on every twelfth file, and what they are compared with on the same ones.

Parsing goes to numpy arrays of all notes. The peers: `symusic.Score.from_midi` and the arrays of each track; mido with
its note-offs paired first in, first out; `PrettyMIDI` and `miditoolkit.MidiFile` and lists of their notes. The plain
script is mido, the pairing and the nearest sixteenth, and that alone. The asset is reading, hashing, parsing, the
route, the grid, prints, facts, and the Parquet files of all tables. The load runs it by its own door, with processes.

Prints a table, or one object with `parse_ratio_to_mido`, `parse_ratio_to_symusic`, `parse_ratio_to_pretty_midi`,
`parse_ratio_to_miditoolkit`, `parse_files_per_second`, `parse_notes_per_second`, `asset_files_per_second_per_core`,
`asset_notes_per_second_per_core` (on the large files), `asset_ratio_to_plain_script`, `peak_rss_mib` (of the load: all
processes together), `shares` of the asset's time and `load`.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import events_load
import numpy as np

from boumb_assets.events.bars import positions
from boumb_assets.events.engine_work import TABLES, FileReader, batches_of
from boumb_assets.events.extract import NOTHING_TAKEN, FileTask
from boumb_assets.events.facts import file_facts
from boumb_assets.events.grid import find_grid, seconds_of
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.prints import midi_print
from boumb_assets.lake.parquet import ShardWriter

CORPORA: Final = ("openscore_lieder", "ceol_rince", "groove", "js_fakes", "freedoom")
EVERY: Final = 12  # of the files for slow peers
LARGE: Final = 120  # files of 5,000 notes
QUICK_LOAD: Final = 2000

Notes = list[tuple[int, int, int, int]]


def mido_notes(data: bytes) -> tuple[Notes, int]:
    """Onset, duration, pitch and velocity in ticks, and ticks a quarter, by mido, note-offs first in, first out."""
    import mido

    found: Notes = []
    file = mido.MidiFile(file=io.BytesIO(data))
    for track in file.tracks:
        sounding: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.channel, message.note].append((now, message.velocity))
            elif message.type in ("note_on", "note_off") and sounding[message.channel, message.note]:
                onset, velocity = sounding[message.channel, message.note].popleft()
                found.append((onset, now - onset, message.note, velocity))
    return found, file.ticks_per_beat


def by_mido(data: bytes) -> Any:
    return np.array(mido_notes(data)[0])


def by_plain_script(data: bytes) -> Any:
    """The notes, and the sixteenths that they are nearest to."""
    found, ppq = mido_notes(data)
    notes = np.array(sorted(found))
    return notes, np.round(notes[:, 0] * 4 / ppq)


def by_symusic(data: bytes) -> Any:
    import symusic

    return [track.notes.numpy() for track in symusic.Score.from_midi(data).tracks]


def by_pretty_midi(data: bytes) -> Any:
    import pretty_midi

    parts = pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments
    return np.array([(note.start, note.end, note.pitch, note.velocity) for part in parts for note in part.notes])


def by_miditoolkit(data: bytes) -> Any:
    import miditoolkit

    parts = miditoolkit.MidiFile(file=io.BytesIO(data)).instruments
    return np.array([(note.start, note.end, note.pitch, note.velocity) for part in parts for note in part.notes])


def best_of(rounds: int, work: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The seconds of the best round of each piece of work; they take turns, each round in another order."""
    found = {name: float("inf") for name in work}
    names = list(work)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            start = time.perf_counter()
            work[name]()
            found[name] = min(found[name], time.perf_counter() - start)
    return found


def over(function: Callable[[bytes], object], files: Sequence[bytes]) -> Callable[[], object]:
    def work() -> None:
        for data in files:
            function(data)

    return work


def run_asset(tasks: Sequence[FileTask], folder: Path) -> int:
    """The asset's work over files in this process, as one shard; how many notes it wrote."""
    reader = FileReader("mix", NOTHING_TAKEN)
    writers = {table: ShardWriter(folder / f"{table}.parquet", form) for table, form in TABLES.items()}
    for batch in batches_of(tasks, [Path(task.disk).stat().st_size for task in tasks]):
        tables = reader.read(batch, lambda index: None)
        for table, writer in writers.items():
            writer.add(tables[table])
    rows = {table: writer.finish().rows for table, writer in writers.items()}
    for writer in writers.values():
        writer.close()
    return rows["midi_events"]


def shares(tasks: Sequence[FileTask], whole: float, rounds: int) -> dict[str, float]:
    """The share of each step, done for all files at once, in the seconds that the asset takes. The rest is what gathers
    and writes tables, and that a step finds other data in the processor's caches when files are done one by one."""
    data = [Path(task.disk).read_bytes() for task in tasks]
    parsed = [parse_midi(one) for one in data]
    seconds = [seconds_of(one) for one in parsed]
    grids = [find_grid(*pair) for pair in zip(parsed, seconds, strict=True)]
    steps: dict[str, Callable[[], object]] = {
        "read and hash": lambda: [hashlib.sha256(Path(task.disk).read_bytes()).digest() for task in tasks],
        "parse": lambda: [parse_midi(one) for one in data],
        "prints": lambda: [midi_print(one) for one in parsed],
        "seconds and route": lambda: [find_grid(one, seconds_of(one)) for one in parsed],
        "quantize": lambda: [positions(one) for one in parsed],
        "facts": lambda: [file_facts(one, grid, *s) for one, grid, s in zip(parsed, grids, seconds, strict=True)],
    }
    found = best_of(rounds, steps)
    found["seconds and route"] -= found["quantize"]  # which is part of it
    found["tables, Parquet and the rest"] = max(0.0, whole - sum(found.values()))
    return {name: round(value / whole, 3) for name, value in found.items()}


def measure(corpus: Path, files: int, rounds: int, work: Path) -> dict[str, Any]:
    """All figures but those of the load."""
    paths = mix(corpus, files)
    data = [path.read_bytes() for path in paths]
    few = data[::EVERY]
    pieces = [parse_midi(one) for one in data]
    large = [work / f"large-{number}.mid" for number in range(LARGE)]
    for number, path in enumerate(large):
        path.write_bytes(events_load.made_file(pieces, number))
    tasks, large_tasks = _tasks(paths), _tasks(large)
    few_tasks = _tasks(paths[::EVERY] * EVERY)  # so that they bear no more of what a shard costs than the mix does
    notes = sum(piece.pitch.size for piece in pieces)
    large_notes = run_asset(large_tasks, work)  # this and the next warm everything up
    run_asset(tasks, work)
    peers = best_of(
        max(2, rounds // 2),
        {
            "mido": over(by_mido, few),
            "pretty_midi": over(by_pretty_midi, few),
            "miditoolkit": over(by_miditoolkit, few),
            "plain script": over(by_plain_script, few),
        },
    )
    ours = best_of(
        rounds,
        {
            "few": over(parse_midi, few),
            "parse": over(parse_midi, data),
            "symusic": over(by_symusic, data),
            "few asset": lambda: run_asset(few_tasks, work),
            "asset": lambda: run_asset(tasks, work),
            "large": lambda: run_asset(large_tasks, work),
        },
    )
    return {
        "mix": {"files": len(paths), "notes": notes, "large_files": LARGE, "large_notes": large_notes},
        "parse_ratio_to_mido": round(peers["mido"] / ours["few"], 1),
        "parse_ratio_to_symusic": round(ours["symusic"] / ours["parse"], 2),
        "parse_ratio_to_pretty_midi": round(peers["pretty_midi"] / ours["few"], 1),
        "parse_ratio_to_miditoolkit": round(peers["miditoolkit"] / ours["few"], 1),
        "parse_files_per_second": round(len(paths) / ours["parse"]),
        "parse_notes_per_second": round(notes / ours["parse"]),
        "asset_files_per_second_per_core": round(len(paths) / ours["asset"]),
        "asset_notes_per_second_per_core": round(large_notes / ours["large"]),
        "asset_ratio_to_plain_script": round(EVERY * peers["plain script"] / ours["few asset"], 1),
        "shares": shares(tasks, ours["asset"], rounds),
        "shares_large": shares(large_tasks, ours["large"], rounds),
    }


def mix(corpus: Path, files: int) -> list[Path]:
    """``files`` paths drawn from the collections together; the same for each call."""
    paths = [path for name in CORPORA for path in sorted((corpus / name).rglob("*.mid"))]
    if not paths:
        raise SystemExit(f"no files below {corpus}: set BOUMB_TEST_DATA")
    Random(1).shuffle(paths)
    return paths[:files]


def _tasks(paths: Sequence[Path]) -> list[FileTask]:
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    # By number, as names repeat; in order, as a shard's are.
    numbered = enumerate(zip(paths, hashes, strict=True))
    return [FileTask(str(path), f"{number:06d}-{path.name}", sha256) for number, (path, sha256) in numbered]


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    mixed = figures["mix"]
    table = Table("", "", title=f"{mixed['files']:,} files, {mixed['notes']:,} notes")
    for name, value in figures.items():
        if not isinstance(value, dict):
            table.add_row(name.replace("_", " "), f"{value:,}")
    console = Console()
    console.print(table)
    for name, title in (("shares", "the mix"), ("shares_large", "large files")):
        told = ", ".join(f"{step} {share:.0%}" for step, share in figures[name].items())
        console.print(f"where the time goes, {title}: {told}")
    if "load" in figures:
        console.print(
            "the load: " + ", ".join(f"{key.replace('_', ' ')} {value:,}" for key, value in figures["load"].items())
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--load", type=int, help="files of the load; 0: none (default 180000, with --quick 2000)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the load")
    parser.add_argument("--work", type=Path, help="where the load's files are made and kept; default: removed after")
    parser.add_argument("--quick", action="store_true", help="400 files, 2 rounds, a small load")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--door", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.door:
        print(json.dumps(events_load.run_door(Path(options.door[0]), int(options.door[1]))))
        return
    corpus = Path(os.environ.get("BOUMB_TEST_DATA", "../shared")) / "corpus"
    files, rounds = (400, 2) if options.quick else (options.files, options.rounds)
    load = options.load if options.load is not None else QUICK_LOAD if options.quick else 180_000
    with tempfile.TemporaryDirectory() as name:
        figures = measure(corpus, files, rounds, Path(name))
        if load:
            work = options.work.resolve() if options.work else Path(name)
            sources = mix(corpus, 1200)
            figures["load"] = events_load.measure_load(__file__, work, sources, load, options.workers)
            figures["peak_rss_mib"] = figures["load"]["peak_rss_mib"]
            print(file=sys.stderr)
    if options.json:
        print(json.dumps(figures))
    else:
        _show(figures)


if __name__ == "__main__":
    main()
