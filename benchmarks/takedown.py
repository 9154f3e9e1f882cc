"""How surely a work that was taken down is known again by its notes, and how often another is taken for it.

    BOUMB_TEST_DATA=../shared python benchmarks/takedown.py [--quick] [--json]

Over the files of `corpus/` in BOUMB_TEST_DATA. Found again: of FILES files of each collection, each changed as a new
copy of a work may be, the share that the takedown of the file as it was refuses; `digest`, for comparison, is the share
that the digest of all notes alone refuses. Mistaken: each file of each collection is
taken down in turn, and the pairs of files that are found beside those with the very same notes are counted, and with
--pairs named. Prints two tables, or one object with `found`, `mistaken`, `files` and `us_a_file`.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.chunks import MidiRejected
from boumb_assets.events.parse import parse_midi
from boumb_assets.events.prints import midi_print
from boumb_assets.theory.work_print import MAX_HASHES, PrintIndex, Wanted, WorkPrint, work_print

COLLECTIONS: Final = ("groove", "ceol_rince", "js_fakes", "openscore_lieder", "freedoom")
FILES: Final = 100

Notes = tuple[npt.NDArray[np.floating[Any]], npt.NDArray[Any], npt.NDArray[np.bool_]]
Change = Callable[[Notes], Notes]


def _resolution(ticks: int) -> Change:
    def changed(notes: Notes) -> Notes:
        onset, pitch, drum = notes
        rounded = np.floor(onset * ticks / 4 + 0.5) * 4 / ticks
        order = np.lexsort((pitch, rounded))
        return rounded[order], pitch[order], drum[order]

    return changed


def _moved(deviation: float) -> Change:
    def changed(notes: Notes) -> Notes:
        onset, pitch, drum = notes
        moved = onset + np.random.default_rng(3).normal(0, deviation, onset.size)
        order = np.lexsort((pitch, moved))
        return moved[order], pitch[order], drum[order]

    return changed


def _part(first: float, last: float) -> Change:
    def changed(notes: Notes) -> Notes:
        size = notes[0].size
        begin, end = int(first * size), -int(-last * size // 1)
        return notes[0][begin:end], notes[1][begin:end], notes[2][begin:end]

    return changed


CHANGES: Final[Mapping[str, Change]] = {
    "as it was": lambda notes: notes,
    "a fourth higher": lambda notes: (notes[0], notes[1] + 5, notes[2]),
    "a fourth higher, not the drums": lambda notes: (notes[0], np.where(notes[2], notes[1], notes[1] + 5), notes[2]),
    "other channels": lambda notes: (notes[0], notes[1], ~notes[2]),
    "resolution 96": _resolution(96),
    "resolution 24": _resolution(24),
    "the first half alone": _part(0, 0.5),
    "the last quarter alone": _part(0.75, 1),
    "onsets moved, 1/20 sixteenth": _moved(0.05),
    "onsets moved, 1/10 sixteenth": _moved(0.1),
    "note values doubled": lambda notes: (notes[0] * 2, notes[1], notes[2]),
}


def read_notes(root: Path) -> Iterator[tuple[str, Notes, float]]:
    """Name, notes and the seconds that its print took, of each file that can be read."""
    for collection in COLLECTIONS:
        for path in sorted((root / collection).rglob("*.mid")):
            try:
                parsed = parse_midi(path.read_bytes())
            except MidiRejected:
                continue
            start = time.perf_counter()
            midi_print(parsed)
            seconds = time.perf_counter() - start
            onset = parsed.onset_tick * (4 / parsed.ppq)
            yield path.relative_to(root).as_posix(), (onset, parsed.pitch.astype(np.int64), parsed.is_drum), seconds


def index_of(work: WorkPrint) -> PrintIndex:
    """What a takedown keeps of one file."""
    kept = work.hashes[:MAX_HASHES]
    return PrintIndex([Wanted("taken", work.digest, kept, kept.size == work.hashes.size)])


def found_again(notes: Mapping[str, Notes], prints: Mapping[str, WorkPrint], files: int) -> dict[str, dict[str, Any]]:
    """By change and collection, the shares of files that are known again: by prints, and by the digest alone."""
    shares: dict[str, dict[str, Any]] = {}
    for name, change in CHANGES.items():
        shares[name] = {}
        for collection in COLLECTIONS:
            members = [one for one in notes if one.startswith(f"{collection}/")]
            chosen = random.Random(2).sample(members, min(files, len(members)))
            changed = {one: work_print(*change(notes[one])) for one in chosen}
            hits = sum(index_of(prints[one]).match(changed[one]) is not None for one in chosen)
            same = sum(bool(changed[one].digest) and changed[one].digest == prints[one].digest for one in chosen)
            shares[name][collection] = {"prints": hits / len(chosen), "digest": same / len(chosen)}
    return shares


def mistaken(prints: Mapping[str, WorkPrint]) -> dict[str, list[tuple[str, str]]]:
    """By collection, the pairs of files of other notes of which one is refused when the other is taken down."""
    names = list(prints)
    sketches = [prints[name].sketch for name in names]
    starts = np.append(0, np.cumsum([sketch.size for sketch in sketches]))
    flat = np.concatenate(sketches)
    digests = [prints[name].digest for name in names]
    pairs: dict[str, set[tuple[str, str]]] = {collection: set() for collection in (*COLLECTIONS, "across")}
    for place, name in enumerate(names):
        for row in index_of(prints[name]).matches(digests, flat, starts):
            if row != place and (not digests[row] or digests[row] != digests[place]):
                one, other = sorted((name, names[row]))
                collection = one.split("/")[0]
                pairs[collection if other.startswith(f"{collection}/") else "across"].add((one, other))
    return {collection: sorted(found) for collection, found in pairs.items()}


def measure(root: Path, files: int) -> dict[str, Any]:
    """All figures."""
    notes, seconds = {}, []
    for name, read, took in read_notes(root):
        notes[name] = read
        seconds.append(took)
    prints = {name: work_print(*read) for name, read in notes.items()}
    return {
        "files": len(notes),
        "us_a_file": round(1e6 * sum(seconds) / len(seconds), 1),
        "found": found_again(notes, prints, files),
        "mistaken": mistaken(prints),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20 files of each collection")
    parser.add_argument("--pairs", action="store_true", help="name the pairs that were mistaken")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    root = Path(os.environ.get("BOUMB_TEST_DATA", "../shared")) / "corpus"
    if not root.is_dir():
        sys.exit(f"there is no {root}: set BOUMB_TEST_DATA to the folder that holds corpus/")
    figures = measure(root, 20 if options.quick else FILES)
    if options.json:
        counted = {name: len(pairs) for name, pairs in figures["mistaken"].items()}
        print(json.dumps(figures | {"mistaken": counted}))
        return
    print(f"{figures['files']} files, {figures['us_a_file']} us a print\n")
    print(f"{'known again, prints (digest alone)':34}" + "".join(f"{name:>20}" for name in COLLECTIONS))
    for change, shares in figures["found"].items():
        cells = (f"{shares[name]['prints']:.0%} ({shares[name]['digest']:.0%})" for name in COLLECTIONS)
        print(f"{change:34}" + "".join(f"{cell:>20}" for cell in cells))
    print("\npairs of other notes that are taken for one another")
    for name, pairs in figures["mistaken"].items():
        print(f"{name:34}{len(pairs):>20}")
        for one, other in pairs if options.pairs else ():
            print(f"    {one} | {other}")


if __name__ == "__main__":
    main()
