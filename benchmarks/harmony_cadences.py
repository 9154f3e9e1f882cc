"""Cadences against the annotations of experts: what `harmony.py` tells of them.

Evaluation only: nothing is learned from the annotations but the few dozen weights in `corpus/cadences/weights.py`,
which were chosen on the odd movements.

`pac_f1` and `hc_f1`: perfect authentic and half cadences, found once each within a quarter note. `pac_type` and
`hc_type`: of those found where a cadence of any kind is marked, how many are of the kind that is marked there.
`cadence_key`: of those of both kinds that are marked, in how many of what is found there the local key is the marked
one, tonic and mode. `peer`: the plain rule in the same run, the bass goes from the dominant to the tonic of the key in
force on a strong place (and for half cadences comes from elsewhere to the dominant, where a beat without a new note
follows).
"""

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from boumb_assets.corpus.cadences.places import HALF_BAR
from boumb_assets.theory.local_keys import WINDOW_BEATS, local_keys
from boumb_assets.theory.pitch_windows import window_histograms
from boumb_assets_tests.corpus.cadences.mozart_cadences import Movement, near

HALVES: Final = {"odd": 0, "even": 1}
KINDS: Final = {"pac": "PAC", "hc": "HC"}

Found = tuple[float, str]


def figures(movements: Sequence[Movement]) -> dict[str, float]:
    """What the benchmark reports; the first, the third, ... of ``movements`` are the odd ones."""
    movements[0].found()  # compiled before the clock runs
    begin = time.perf_counter()
    cadences = [one.found() for one in movements]
    seconds = (time.perf_counter() - begin) / len(movements)
    named = [[(c.time, "PAC" if c.name == "PICARDY" else c.name) for c in found] for found in cadences]
    peers = [plain_rule(one) for one in movements]
    result: dict[str, float] = {}
    for half, first in HALVES.items():
        part = slice(first, None, 2)
        for name, kind in KINDS.items():
            result[f"{name}_f1_{half}"], result[f"{name}_type_{half}"] = _scores(movements[part], named[part], kind)
            result[f"peer_{name}_f1_{half}"], _ = _scores(movements[part], peers[part], kind)
        keys = [
            mark.key == cadence.key
            for one, found in zip(movements[part], cadences[part], strict=True)
            for cadence in found
            for mark in near(one.marked, cadence.time)[:1]
            if mark.kind in KINDS.values()
        ]
        result[f"cadence_key_{half}"] = float(np.mean(keys))
    return result | {"cadence_seconds_a_movement": seconds}


def plain_rule(movement: Movement) -> list[Found]:
    """What the bass alone tells."""
    none = np.zeros(movement.pitch.size, dtype=np.bool_)
    count = int(np.ceil((movement.onset + movement.duration).max() / WINDOW_BEATS))
    pitch = movement.pitch.astype(np.uint8)
    windows = window_histograms(movement.onset, movement.duration, pitch, none, count, float(WINDOW_BEATS))
    keys, _ = local_keys(windows)
    found: list[Found] = []
    places = movement.places
    for begin, strength, beat in zip(places.time, places.strength, places.beat, strict=True):
        if strength < HALF_BAR:
            continue
        tonic = int(keys[min(int(begin // WINDOW_BEATS), count - 1)]) % 12
        before, here = _bass(movement, begin - beat, begin), _bass(movement, begin, begin + beat / 2)
        new = (movement.onset > begin + 1e-3) & (movement.onset < begin + beat - 1e-3)
        if (before, here) == ((tonic + 7) % 12, tonic):
            found.append((float(begin), "PAC"))
        elif here == (tonic + 7) % 12 and before not in (here, None) and not new.any():
            found.append((float(begin), "HC"))
    return found


def _bass(movement: Movement, begin: float, end: float) -> int | None:
    inside = (movement.onset < end - 1e-3) & (movement.onset + movement.duration > begin + 1e-3)
    return int(movement.pitch[inside].min()) % 12 if inside.any() else None


def _scores(movements: Sequence[Movement], found: Sequence[Sequence[Found]], kind: str) -> tuple[float, float]:
    """F1, each mark found once at most, and the share of right kinds where something is marked."""
    hits = said = told = right = marked = 0
    for movement, cadences in zip(movements, found, strict=True):
        free = [mark for mark in movement.marked if mark.kind == kind]
        marked += len(free)
        for begin in (at for at, name in cadences if name == kind):
            said += 1
            for mark in near(free, begin)[:1]:
                free.remove(mark)
                hits += 1
            for mark in near(movement.marked, begin)[:1]:
                told += 1
                right += mark.kind == kind
    return 2 * hits / max(1, said + marked), right / max(1, told)
