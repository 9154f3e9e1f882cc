"""Broken MIDI files by the hundred thousand, read in processes of their own: none may crash, hang or come out wrong.

    python benchmarks/fuzz.py [--inputs 200000] [--processes 2] [--first 0] [--save FOLDER] [--beats] [--quick]
                              [--json]

The inputs are mutations that know the format: chunk lengths, variable-length numbers, status bytes, running status,
meta events, header fields, events repeated, deleted and moved, tracks of other files, truncations and flipped bytes; of
real files where BOUMB_TEST_DATA has them (by default ../shared), else of files that the project composes. What is read
also goes through the grid, the facts and the tables. The n-th input is the same each time for the same files. Each
input that crashes its process, takes over a second or raises what is no typed refusal is saved, and the exit status is
1.

--json prints inputs, seconds, inputs_per_second, slowest_ms, outcomes, crashes, hangs, failures, saved.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from boumb_assets_tests.events.mutations import Seed, mutated, seeds_in  # noqa: E402
from boumb_assets_tests.events.outcomes import compile_all, outcome  # noqa: E402

SEEDS: Final = 300
QUICK: Final = 10_000
TOO_LONG: Final = 1.0  # seconds of computing for one input
HANGS: Final = 20.0  # seconds after which a process that says nothing is ended
TOLD_EVERY: Final = 200


@dataclass
class Found:
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    bad: list[tuple[str, int, str]] = field(default_factory=list)
    """What happened (crash, hang, failure), the number of the input, and the words."""


def read_range(pipe: Connection, current: Any, first: int, last: int, hear_beats: bool) -> None:
    """Reads the inputs from ``first`` to before ``last``, in a process of its own; ``current`` tells which one."""
    seeds = corpus_seeds()
    compile_all(seeds)
    found = Found()
    for number in range(first, last):
        current.value = number
        data = mutated(seeds, number)
        start = time.thread_time()
        try:
            found.outcomes[outcome(data, hear_beats)] += 1
        except Exception as error:
            found.bad.append(("failure", number, f"{type(error).__name__}: {error}"))
        took = time.thread_time() - start
        found.slowest = max(found.slowest, took)
        if took > TOO_LONG:
            found.bad.append(("hang", number, f"{took:.1f} s"))
        if (number + 1 - first) % TOLD_EVERY == 0 or number + 1 == last:
            try:
                pipe.send((number + 1, found))
            except BrokenPipeError:  # nobody listens any more
                return
            found = Found(slowest=found.slowest)


def corpus_seeds() -> list[Seed]:
    return seeds_in(Path(os.environ.get("BOUMB_TEST_DATA", REPOSITORY.parent / "shared")) / "corpus", SEEDS)


class Reader:
    """A process that reads a range of inputs, and another one from the next input on when one ends it."""

    def __init__(self, first: int, last: int, hear_beats: bool) -> None:
        self.next, self.last, self.hear_beats = first, last, hear_beats
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe(duplex=False)
        self.current = context.Value("q", self.next, lock=False)
        work = (theirs, self.current, self.next, self.last, self.hear_beats)
        self.process = context.Process(target=read_range, args=work, daemon=True)
        self.process.start()
        theirs.close()
        self.heard = time.monotonic()

    def listen(self, found: Found) -> None:
        """Takes what the process has to say, or finds out what ended it."""
        try:
            if self.pipe.poll():
                self.next, part = self.pipe.recv()
                self.heard = time.monotonic()
                found.outcomes += part.outcomes
                found.slowest = max(found.slowest, part.slowest)
                found.bad += part.bad
                return
        except (EOFError, OSError):
            self.process.join()
            self._culprit(found, "crash", f"exit code {self.process.exitcode}")
            return
        if time.monotonic() - self.heard > HANGS + TOLD_EVERY * TOO_LONG:
            self.process.kill()
            self.process.join()
            self._culprit(found, "hang", "killed")

    def _culprit(self, found: Found, what: str, words: str) -> None:
        if self.next >= self.last:
            return
        found.bad.append((what, int(self.current.value), words))
        self.next = int(self.current.value) + 1
        if self.next < self.last:
            self._start()


def fuzz(first: int, inputs: int, processes: int, hear_beats: bool) -> Found:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    found = Found()
    cuts = [first + inputs * index // processes for index in range(processes + 1)]
    readers = [Reader(begin, end, hear_beats) for begin, end in pairwise(cuts)]
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=inputs)
        while any(reader.next < reader.last for reader in readers):
            busy = [reader for reader in readers if reader.next < reader.last]
            wait([reader.pipe for reader in busy], timeout=1.0)
            for reader in busy:
                reader.listen(found)
            left = sum(reader.last - reader.next for reader in readers)
            progress.update(task, completed=inputs - left)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--save", type=Path, help="the folder for inputs that were not read as they should be")
    parser.add_argument("--beats", action="store_true", help="hear the beats of performances, which is slow")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} inputs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    inputs = QUICK if options.quick else options.inputs
    start = time.perf_counter()
    found = fuzz(options.first, inputs, max(1, options.processes), options.beats)
    seconds = time.perf_counter() - start
    saved = []
    if found.bad:
        seeds, folder = corpus_seeds(), options.save or Path(tempfile.mkdtemp(prefix="fuzz-"))
        folder.mkdir(parents=True, exist_ok=True)
        for what, number, _ in found.bad:
            path = folder / f"{what}-{number}.mid"
            path.write_bytes(mutated(seeds, number))
            saved.append(str(path))
    counts = Counter(what for what, _, _ in found.bad)
    result = {
        "inputs": inputs, "seconds": round(seconds, 1), "inputs_per_second": round(inputs / seconds),
        "slowest_ms": round(1000 * found.slowest, 1), "outcomes": dict(found.outcomes.most_common()),
        "crashes": counts["crash"], "hangs": counts["hang"], "failures": counts["failure"], "saved": saved,
    }  # fmt: skip
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:18} {value}")
        for what, number, words in found.bad[:20]:
            print(f"{what} of input {number}: {words}")
    return 1 if found.bad else 0


if __name__ == "__main__":
    sys.exit(main())
