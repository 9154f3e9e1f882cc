"""Local keys and chords against the annotations of experts.

    BOUMB_TEST_DATA=../shared python benchmarks/harmony.py [--quick] [--json]

Over the 54 movements of `truth/mozart_sonatas` in BOUMB_TEST_DATA (from DCMLab/mozart_piano_sonatas, evaluation only:
nothing is learned from them but the few constants named in `theory/local_keys.py`, `theory/harmony.py` and
`theory/harmony_states.py`). In the order of the files' names the first, the third, ... movement are the odd ones, on
which the constants were chosen; the second, the fourth, ... are the even ones, the test. A figure is a share of quarter
notes: what is named at the time of each is right where the annotation in force then says the same.

`local_key` is tonic and mode; `home_key` is how often the movement's own key would be right. `chords` is root and triad
(major, minor, diminished; anything else counts as wrong), `chord_root` the root alone, in the keys that were found.
`peer_chords` is what `theory.chord_labels`, a chord a quarter note with weights set by hand, names in the same keys.
The figures of cadences are those of `harmony_cadences.py`. --quick takes a third of the movements.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import compress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import harmony_cadences

from boumb_assets.theory.chord_labels import CHORDS, QUALITIES, label_chords
from boumb_assets.theory.harmony import frame_keys, read_harmony
from boumb_assets.theory.metric_levels import FRAME_QUARTERS, metric_levels
from boumb_assets.theory.pitch_windows import lowest_pitches, window_histograms
from boumb_assets_tests.corpus.cadences.mozart_cadences import marked_movements
from boumb_assets_tests.theory.mozart import UNSAID, Movement, movements

Ints = npt.NDArray[np.int64]
FRAMES: Final = round(1 / FRAME_QUARTERS)
HALVES: Final = {"odd": 0, "even": 1}
TRIAD_OF_STEPS: Final[dict[tuple[int, ...], int]] = {(4, 7): 0, (3, 7): 1, (3, 6): 2}
PEER_TRIADS: Final = np.array([TRIAD_OF_STEPS[QUALITIES[chord.quality][1:3]] for chord in CHORDS])


def found_keys(movement: Movement) -> Ints:
    """The local key of each half quarter note."""
    return frame_keys(movement.onset, movement.duration, movement.pitch, FRAMES * movement.keys.size)


def heard_chords(movement: Movement, keys: Ints) -> tuple[Ints, Ints]:
    """Root and triad at each quarter note."""
    levels = metric_levels(movement.bars, movement.metres, keys.size)
    harmony = read_harmony(movement.onset, movement.duration, movement.pitch, levels, keys)
    return harmony.root[::FRAMES], harmony.triad[::FRAMES]


def peer_chords(movement: Movement, keys: Ints) -> tuple[Ints, Ints]:
    """The same as `theory.chord_labels` has them."""
    notes = (movement.onset, movement.duration, movement.pitch, np.zeros(movement.pitch.size, dtype=np.bool_))
    count = movement.keys.size
    histograms, lowest = window_histograms(*notes, count, 1.0), lowest_pitches(*notes, count, 1.0)
    chords = label_chords(histograms, lowest, keys[::FRAMES])
    return chords % 12, PEER_TRIADS[chords]


def figures(pieces: Sequence[Movement]) -> dict[str, float]:
    """The shares and times that the benchmark reports; the first, the third, ... of ``pieces`` are the odd ones."""
    found = [found_keys(piece) for piece in pieces]
    heard, seconds = _timed(heard_chords, pieces, found)
    peer, peer_seconds = _timed(peer_chords, pieces, found)
    result: dict[str, float] = {}
    for half, first in HALVES.items():
        chosen = range(first, len(pieces), 2)
        told = [(pieces[i].keys != UNSAID, pieces[i].roots != UNSAID) for i in chosen]
        same = {
            "local_key": [found[i][::FRAMES] == pieces[i].keys for i in chosen],
            "home_key": [pieces[i].global_key == pieces[i].keys for i in chosen],
            "chords": [_same_chord(pieces[i], heard[i]) for i in chosen],
            "chord_root": [heard[i][0] == pieces[i].roots for i in chosen],
            "peer_chords": [_same_chord(pieces[i], peer[i]) for i in chosen],
            "peer_chord_root": [peer[i][0] == pieces[i].roots for i in chosen],
        }
        for name, right in same.items():
            where = [keys if name.endswith("key") else chords for keys, chords in told]
            result[f"{name}_{half}"] = _share(right, where)
        result[f"quarters_{half}"] = float(sum(chords.sum() for _, chords in told))
    return result | {"seconds_a_movement": seconds, "peer_seconds_a_movement": peer_seconds}


def _timed(
    named: Callable[[Movement, Ints], tuple[Ints, Ints]], pieces: Sequence[Movement], keys: Sequence[Ints]
) -> tuple[list[tuple[Ints, Ints]], float]:
    named(pieces[0], keys[0])  # compiled before the clock runs
    begin = time.perf_counter()
    found = [named(piece, own) for piece, own in zip(pieces, keys, strict=True)]
    return found, (time.perf_counter() - begin) / len(pieces)


def _same_chord(piece: Movement, chords: tuple[Ints, Ints]) -> npt.NDArray[np.bool_]:
    root, triad = chords
    same: npt.NDArray[np.bool_] = (root == piece.roots) & (triad == piece.triads)
    return same


def _share(right: Sequence[npt.NDArray[np.bool_]], where: Sequence[npt.NDArray[np.bool_]]) -> float:
    return float(np.concatenate(right)[np.concatenate(where)].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a third of the movements, odd and even ones")
    parser.add_argument("--json", action="store_true", help="one object instead of the table")
    options = parser.parse_args()
    shared = Path(os.environ.get("BOUMB_TEST_DATA", "../shared"))
    if not (shared / "truth" / "mozart_sonatas").is_dir():
        sys.exit(f"no annotations in {shared}: set BOUMB_TEST_DATA to the folder that holds truth/")
    pieces, marked = list(movements(shared)), list(marked_movements(shared))
    if options.quick:
        third = [place // 2 % 3 == 0 for place in range(len(pieces))]
        pieces, marked = list(compress(pieces, third)), list(compress(marked, third))
    made = {"movements": float(len(pieces))} | figures(pieces) | harmony_cadences.figures(marked)
    if options.json:
        print(json.dumps(made))
        return
    for name, value in made.items():
        print(f"{name:28} {value:10.4f}" if value % 1 else f"{name:28} {value:10.0f}")


if __name__ == "__main__":
    main()
