"""Beats and downbeats of human performances against the annotations of experts.

    BOUMB_TEST_DATA=../shared python benchmarks/beats.py [--quick] [--json] [--pieces]

Over the 58 performances of `truth/asap` in BOUMB_TEST_DATA (from CPJKU/asap-dataset, evaluation only: nothing is
learned from them). The tracker's constants were chosen on Bach and Haydn (`f1_tuned`); Liszt and Schubert are the test
(`f1_test`, `downbeat_f1_test`). F-measure at 70 ms after the first five seconds, as mir_eval has it; a mean over
pieces. `f1_best_third` is the mean over that third of all pieces of which the tracker is surest.

Compared in the same run with the beats that the file itself states (what pretty_midi and every sequencer shows), and
with a constant grid that is told the true number of beats and where the first and the last of them are. --quick takes
every third piece. Prints a table by composer, or one object.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.beats.tracker import Beats, track_beats
from boumb_assets.events.grid import seconds_of
from boumb_assets.events.parse import ParsedMidi, parse_midi, seconds_at

TUNED: Final = ("Bach", "Haydn")
TEST: Final = ("Liszt", "Schubert")
FEWEST_BEATS: Final = 20

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Performance:
    """One performance with the beats and downbeats that an expert heard, in seconds."""

    composer: str
    name: str
    path: Path
    beats: Floats
    downbeats: Floats


@dataclass(frozen=True)
class Scored:
    """The F-measures of one performance, and what the tracker said of itself."""

    composer: str
    name: str
    beat: float
    downbeat: float
    confidence: float
    file_grid: float
    constant: float
    seconds: float


def performances(truth: Path) -> Iterator[Performance]:
    """The annotated performances below ``truth``, in order."""
    for path in sorted(truth.rglob("*.mid")):
        annotations = path.with_name(f"{path.stem}_annotations.txt")
        if path.name == "midi_score.mid" or not annotations.is_file():
            continue
        rows = [line.split("\t") for line in annotations.read_text().splitlines()]
        labelled = [(float(row[0]), row[2].split(",")[0].strip()) for row in rows if len(row) >= 3]
        beats = np.array([at for at, label in labelled if label in ("b", "db", "bR")])
        downbeats = np.array([at for at, label in labelled if label == "db"])
        if beats.size >= FEWEST_BEATS:
            inside = path.relative_to(truth)
            yield Performance(inside.parts[0], inside.with_suffix("").as_posix(), path, beats, downbeats)


def scored(performance: Performance) -> Scored:
    """Tracks one performance."""
    parsed = parse_midi(performance.path.read_bytes())
    notes_s = seconds_of(parsed)
    begin = time.perf_counter()
    found = track_beats(*notes_s, parsed.pitch, parsed.velocity)
    seconds = time.perf_counter() - begin
    beats = found if found is not None else Beats(np.zeros(0), np.zeros(0, np.bool_), 0.0)
    return Scored(
        performance.composer,
        performance.name,
        f_measure(performance.beats, beats.time_s),
        f_measure(performance.downbeats, beats.time_s[beats.downbeat]),
        beats.confidence,
        f_measure(performance.beats, _stated_beats(parsed)),
        f_measure(performance.beats, np.linspace(performance.beats[0], performance.beats[-1], performance.beats.size)),
        seconds,
    )


def f_measure(truth: Floats, found: Floats) -> float:
    """The F-measure at 70 ms, after the first five seconds (Davies, Degara and Plumbley, "Evaluation methods for
    musical audio beat tracking algorithms", 2009)."""
    from mir_eval import beat

    return float(beat.f_measure(beat.trim_beats(truth), beat.trim_beats(found))) if found.size else 0.0


def _stated_beats(parsed: ParsedMidi) -> Floats:
    """The quarter notes of the file's own tempo map."""
    last = int(parsed.onset_tick[-1])
    return seconds_at(np.arange(0, last + parsed.ppq, parsed.ppq), parsed.ppq, parsed.tempos)


def figures(results: Sequence[Scored]) -> dict[str, Any]:
    """The means that the benchmark reports."""

    def mean(name: str, composers: Sequence[str]) -> float:
        values = [getattr(result, name) for result in results if result.composer in composers]
        return float(np.mean(values)) if values else float("nan")

    surest = sorted(results, key=lambda result: -result.confidence)
    third = surest[: max(1, len(surest) // 3)]
    everybody = TUNED + TEST
    return {
        "f1_tuned": mean("beat", TUNED),
        "f1_test": mean("beat", TEST),
        "downbeat_f1_test": mean("downbeat", TEST),
        "downbeat_f1_tuned": mean("downbeat", TUNED),
        "f1_best_third": float(np.mean([result.beat for result in third])),
        "f1_best_third_of_test": _best_third(results, TEST),
        "f1_file_grid": mean("file_grid", everybody),
        "f1_constant_grid": mean("constant", everybody),
        "pieces": len(results),
        "seconds_a_piece": float(np.mean([result.seconds for result in results])),
        "by_composer": {
            name: {"pieces": sum(r.composer == name for r in results), "f1": mean("beat", [name]),
                   "downbeat_f1": mean("downbeat", [name]), "file_grid": mean("file_grid", [name]),
                   "confidence": mean("confidence", [name])}
            for name in everybody
        },
    }  # fmt: skip


def _best_third(results: Sequence[Scored], composers: Sequence[str]) -> float:
    surest = sorted((r for r in results if r.composer in composers), key=lambda result: -result.confidence)
    return float(np.mean([result.beat for result in surest[: max(1, len(surest) // 3)]]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="every third piece")
    parser.add_argument("--json", action="store_true", help="one object instead of the table")
    parser.add_argument("--pieces", action="store_true", help="a line for each piece too")
    options = parser.parse_args()
    truth = Path(os.environ.get("BOUMB_TEST_DATA", "../shared")) / "truth" / "asap"
    if not truth.is_dir():
        sys.exit(f"no annotated performances in {truth}: set BOUMB_TEST_DATA to the folder that holds truth/")
    found = list(performances(truth))[:: 3 if options.quick else 1]
    from rich.console import Console
    from rich.progress import track

    scored(found[0])  # compiled before the clock runs
    results = [scored(one) for one in track(found, "pieces", console=Console(stderr=True), transient=True)]
    made = figures(results)
    if options.json:
        print(json.dumps(made))
        return
    if options.pieces:
        for result in results:
            print(f"{result.name:60} {result.beat:.3f}  downbeats {result.downbeat:.3f}  sure {result.confidence:.2f}")
    print(f"{'composer':10} {'pieces':>6} {'beats':>7} {'downbeats':>10} {'file grid':>10} {'confidence':>11}")
    for name, row in made["by_composer"].items():
        print(
            f"{name:10} {row['pieces']:6} {row['f1']:7.3f} {row['downbeat_f1']:10.3f} {row['file_grid']:10.3f}"
            f" {row['confidence']:11.2f}"
        )
    for name in ("f1_tuned", "f1_test", "downbeat_f1_test", "f1_best_third", "f1_best_third_of_test",
                 "f1_file_grid", "f1_constant_grid", "seconds_a_piece"):  # fmt: skip
        print(f"{name:22} {made[name]:.3f}")


if __name__ == "__main__":
    main()
