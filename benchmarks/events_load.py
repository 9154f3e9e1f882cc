"""A load of the size of the Lakh data set for `benchmarks/events.py`: its files, its lake, and its runs.

Each file is some real pieces of the corpus, one after the other, each moved to another key, so that no two files are
alike and notes, parts, tempos and metres are as real files have them. Files lie in sixteen folders, are made once for
each seed, and are used again where they are there.
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from boumb_assets.events.parse import ParsedMidi, parse_midi

NOTES: Final = 5000  # on average
SPREAD: Final = 0.7  # of the logarithm of the notes of a file
PPQ: Final = 480
FOLDERS: Final = 16
CHUNK: Final = 500  # files that a process makes at a time
PARTITION: Final = "dataset=load"
SAMPLE_S: Final = 0.25

_pieces: list[ParsedMidi] = []


def make_files(folder: Path, sources: Sequence[Path], files: int) -> None:
    """Writes those of ``files`` files below ``folder`` that are not there."""
    chunks = [range(first, min(first + CHUNK, files)) for first in range(0, files, CHUNK)]
    for index in range(FOLDERS):
        (folder / f"{index:x}").mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(initializer=_load, initargs=(sources,)) as pool:
        for done, _ in enumerate(pool.map(partial(_make_chunk, folder), chunks), 1):
            _say(f"files made: {done * CHUNK:,} of {files:,}")


def _load(sources: Sequence[Path]) -> None:
    _pieces.extend(parse_midi(path.read_bytes()) for path in sources)


def _make_chunk(folder: Path, numbers: range) -> None:
    for number in numbers:
        path = folder / f"{number % FOLDERS:x}" / f"{number:06d}.mid"
        if not path.exists():
            path.write_bytes(made_file(_pieces, number))


def made_file(pieces: Sequence[ParsedMidi], seed: int) -> bytes:
    """A file of some of ``pieces``, one after the other."""
    import symusic

    rng = Random(seed)
    wanted = int(rng.lognormvariate(np.log(NOTES) - SPREAD * SPREAD / 2, SPREAD))
    score = symusic.Score(PPQ)
    parts: dict[tuple[int, bool], list[tuple[Any, ...]]] = {}
    held, start = 0, 0
    while held < wanted:
        piece = pieces[rng.randrange(len(pieces))]
        count = min(piece.pitch.size, wanted - held)
        held, start = held + count, start + _append(score, parts, piece, count, start, rng.randrange(-5, 7))
    for (program, is_drum), notes in sorted(parts.items()):
        track = symusic.Track(program=program, is_drum=is_drum)
        time_, duration, pitch, velocity = (np.concatenate(column) for column in zip(*notes, strict=True))
        track.notes = symusic.Note.from_numpy(time=time_, duration=duration, pitch=pitch, velocity=velocity)
        score.tracks.append(track)
    data: bytes = score.dumps_midi()
    return data


def _append(score: Any, parts: dict[Any, list[Any]], piece: ParsedMidi, count: int, start: int, shift: int) -> int:
    """Adds the first ``count`` notes of a piece, ``shift`` semitones up; how many ticks they take, in whole bars."""
    import symusic

    scale = PPQ / piece.ppq
    onset = np.round(piece.onset_tick[:count] * scale).astype(np.int32) + np.int32(start)
    duration = np.maximum(1, np.round(piece.duration_tick[:count] * scale)).astype(np.int32)
    pitch = np.clip(piece.pitch[:count].astype(np.int16) + shift * ~piece.is_drum[:count], 0, 127).astype(np.int8)
    for track in np.unique(piece.track[:count]):
        mine = piece.track[:count] == track
        is_drum = bool(piece.is_drum[:count][mine][0])
        key = (0 if is_drum else int(piece.program[:count][mine][0]), is_drum)
        velocity = piece.velocity[:count][mine].astype(np.int8)
        parts.setdefault(key, []).append((onset[mine], duration[mine], pitch[mine], velocity))
    end = int((onset + duration).max()) - start
    for tick, tempo in zip(piece.tempos.tick * scale, piece.tempos.microseconds, strict=True):
        if tick < end:
            score.tempos.append(symusic.Tempo(start + round(tick), mspq=int(tempo)))
    for tick, top, bottom in zip(
        piece.metres.tick * scale, piece.metres.numerator, piece.metres.denominator, strict=True
    ):
        if tick < end:
            score.time_signatures.append(symusic.TimeSignature(start + round(tick), int(top), int(bottom)))
    return -(-end // (4 * PPQ)) * 4 * PPQ


def find(home: Path, folder: Path) -> None:
    """Commits the scan of ``folder`` to the lake below ``home``, as the asset raw_midi does."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from boumb_assets.ingest.scan import KNOWN_COLUMNS, Scan
    from boumb_assets.ingest.schema import RAW
    from boumb_assets.lake.parquet import ROWS_A_GROUP
    from boumb_assets.lake.store import Lake

    lake = Lake(home)

    def known() -> Iterator[pa.RecordBatch]:
        for path in lake.paths(commit.previous, "raw_midi") if commit.previous else []:
            yield from pq.ParquetFile(path).iter_batches(ROWS_A_GROUP, columns=list(KNOWN_COLUMNS))

    with lake.writing("raw_midi", PARTITION) as commit:
        scan = Scan(folder, "load", known())
        commit.write_batches("raw_midi", RAW, scan.batches())
        commit.write("rejected", scan.rejected())
        commit.commit({}, {"folder": str(folder)})


def run_door(home: Path, workers: int) -> dict[str, Any]:
    """Makes midi_events of what was found, in this process and those that it starts; what was made, and the seconds."""
    from boumb_assets.events.assets import MIDI_EVENTS
    from boumb_assets.lake.store import Lake
    from boumb_assets.settings import Settings
    from boumb_assets.stages import Stage, run_stage

    raw = Stage("raw_midi", lambda build: None, "", "", dimension="dataset")
    stages = {"raw_midi": raw, "midi_events": MIDI_EVENTS}
    settings = Settings(home=home, workers=workers)
    outcome = run_stage(MIDI_EVENTS, stages, Lake(home), settings, "load", lambda text: None)
    rows = {table: outcome.manifest.rows(table) for table in ("midi_events", "file_facts", "rejected")}
    return {"seconds": outcome.seconds, "shards": outcome.manifest.facts["shards_rebuilt"], **rows}


def watched(script: str, home: Path, workers: int) -> dict[str, Any]:
    """`run_door` in a process of its own, and the most memory that it and its children held together."""
    command = [sys.executable, script, "--door", str(home), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peak, stop = [0.0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, stop))
        watcher.start()
        told, _ = process.communicate()
        stop.set()
        watcher.join()
    if process.returncode:
        raise SystemExit("the asset could not be made")
    return {**json.loads(told), "peak_mib": peak[0]}


def _watch(root: int, peak: list[float], stop: threading.Event) -> None:
    while not stop.wait(SAMPLE_S):
        peak[0] = max(peak[0], sum(map(_held_mib, _family(root))))


def _family(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    family = [root]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def _held_mib(process: int) -> float:
    """Its resident memory; what it shares is counted in parts, so that the sum over processes counts it once."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def measure_load(script: str, work: Path, sources: Sequence[Path], files: int, workers: int) -> dict[str, Any]:
    """The asset over ``files`` files from nothing, and again after one of them has changed."""
    folder, home = work / f"files-{files}", work / f"home-{files}-{time.time_ns()}"
    make_files(folder, sources, files)
    changed = folder / "0" / "000000.mid"
    changed.write_bytes(made_file([parse_midi(path.read_bytes()) for path in sources[:50]], 0))
    find(home, folder)
    _say("the whole load")
    whole = watched(script, home, workers)
    changed.write_bytes(made_file([parse_midi(path.read_bytes()) for path in sources[:50]], files))
    find(home, folder)
    _say("one file changed")
    one = watched(script, home, workers)
    _remove(home)
    return {
        "files": whole["file_facts"],
        "notes": whole["midi_events"],
        "rejected": whole["rejected"],
        "seconds": round(whole["seconds"], 1),
        "workers": workers,
        "peak_rss_mib": round(max(whole["peak_mib"], one["peak_mib"])),
        "one_changed_seconds": round(one["seconds"], 2),
        "one_changed_shards": one["shards"],
    }


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _say(text: str) -> None:
    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
