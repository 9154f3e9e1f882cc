"""Which windows are loops: judged, heard alone, and each kept once."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import ROLES
from boumb_assets.corpus.loops.filters import (
    FEW_ONSETS,
    INTEREST,
    LOOPABILITY,
    PASSED,
    judge_drums,
    judge_melodic,
    limits_of,
)
from boumb_assets.corpus.loops.notes import TENTHS, LoopNotes, gather
from boumb_assets.corpus.loops.parts import Parts
from boumb_assets.corpus.loops.settings import WINDOW_FILTERS, LoopSettings
from boumb_assets.corpus.loops.sources import Sources
from boumb_assets.corpus.loops.standing import interest, loopability, repetition_inside
from boumb_assets.corpus.loops.windows import Windows
from boumb_assets.events.roles import PITCHED, leaning, likeliest

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_DRUMS: Final = ROLES.index("drums")


@dataclass(frozen=True, eq=False)
class Selection:
    """Loops, sorted by file, track, first bar and bars; arrays are of shape (n,)."""

    window: Ints
    """Index of each among the windows."""
    notes: LoopNotes
    role: Ints
    """Index in ROLES."""
    confidence: Floats
    loss: Floats
    loopability: Floats
    repetition: Floats
    interest: Floats


class _Judged:
    """What is known of all windows, each of shape (w,)."""

    def __init__(self, windows: int) -> None:
        self.reason = np.full(windows, PASSED)
        self.role, self.confidence = np.full(windows, _DRUMS), np.ones(windows)
        self.loss, self.clipped = np.zeros(windows), np.zeros(windows, np.int64)
        self.written_from, self.written = np.zeros(windows, np.int64), np.zeros(0, np.uint8)

    def write(self, chosen: Ints, early: Ints, late: Ints, few: npt.NDArray[np.bool_], loss: Floats) -> None:
        self.reason[chosen] = np.where(early != PASSED, early, np.where(few, FEW_ONSETS, late))
        self.loss[chosen] = loss


def select(
    parts: Parts, windows: Windows, sources: Sources, settings: LoopSettings
) -> tuple[Selection, dict[str, int]]:
    """The windows that are loops, and how many windows ``repeated`` and each of WINDOW_FILTERS removed."""
    file = parts.file[windows.part]
    stated = (sources.stated_bars[file] == parts.bars[file]) & (windows.bars == parts.bars[file])
    judged = _Judged(windows.part.size)
    _judge_melodic(judged, parts, windows, stated, sources, settings)
    _judge_drums(judged, parts, windows, stated, settings)
    passed = np.flatnonzero(judged.reason == PASSED)
    notes = _notes(judged, parts, windows, passed)
    loops_well = loopability(
        notes.begin, notes.end, notes.bars, notes.is_drum, notes.step, notes.pitch, judged.clipped[passed],
        _rings_in(parts, windows)[passed],
    )  # fmt: skip
    interests = interest(notes.begin, notes.end, notes.bars, notes.is_drum, notes.step, notes.pitch)
    dull, broken = interests < settings.min_interest, loops_well < settings.min_loopability
    reason = np.where(broken, LOOPABILITY, np.where(dull, INTEREST, PASSED))
    judged.reason[passed] = np.where(stated[passed], PASSED, reason)
    kept, dropped = _once(judged.reason, windows.same)
    kept = kept[_order(parts, windows, kept)]
    chosen = np.searchsorted(passed, kept)
    notes = notes.of(chosen)
    inside = repetition_inside(notes.begin, notes.end, notes.bars, notes.step, notes.pitch)
    selection = Selection(
        window=kept,
        notes=notes,
        role=judged.role[kept],
        confidence=judged.confidence[kept],
        loss=judged.loss[kept],
        loopability=loops_well[chosen],
        repetition=1 - (1 - inside) / windows.times[kept],
        interest=interests[chosen],
    )
    return selection, dropped


def _judge_melodic(
    judged: _Judged, parts: Parts, windows: Windows, stated: npt.NDArray[np.bool_], sources: Sources,
    settings: LoopSettings,
) -> None:  # fmt: skip
    chosen = np.flatnonzero(~parts.is_drum[windows.part])
    begin, end, bars = windows.begin[chosen], windows.end[chosen], windows.bars[chosen]
    early, late, features, loss, clipped, judged.written = judge_melodic(
        begin, end, windows.start[chosen], bars, stated[chosen], parts.position, parts.pitch, parts.residual,
        parts.length, parts.reach, limits_of(settings),
    )  # fmt: skip
    weights = _leanings(parts, sources)
    judged.role[chosen], judged.confidence[chosen] = likeliest(features, weights[windows.part[chosen]])
    fewest = np.array([settings.min_onsets[role] for role in ROLES])[judged.role[chosen]]
    judged.write(chosen, early, late, ~stated[chosen] & (features[:, 3] * bars < fewest), loss)
    judged.clipped[chosen] = clipped
    judged.written_from[chosen] = np.cumsum(end - begin) - (end - begin)


def _judge_drums(
    judged: _Judged, parts: Parts, windows: Windows, stated: npt.NDArray[np.bool_], settings: LoopSettings
) -> None:
    chosen = np.flatnonzero(parts.is_drum[windows.part])
    early, late, onsets, loss = judge_drums(
        windows.begin[chosen], windows.end[chosen], windows.start[chosen], windows.bars[chosen], stated[chosen],
        parts.position, parts.pitch, parts.residual, limits_of(settings),
    )  # fmt: skip
    judged.write(chosen, early, late, ~stated[chosen] & (onsets < settings.min_onsets["drums"]), loss)


def _leanings(parts: Parts, sources: Sources) -> Floats:
    """(p, 4) what program and name of each part say of its role."""
    has_programs = np.zeros(len(sources), dtype=np.bool_)
    has_programs[parts.file[parts.program > 0]] = True
    told = [
        leaning(program, names[track] or "" if track < len(names) else "", has)
        for program, track, has, names in zip(
            parts.program.tolist(), parts.track.tolist(), has_programs[parts.file].tolist(),
            map(sources.track_names.__getitem__, parts.file.tolist()), strict=True,
        )
    ]  # fmt: skip
    return np.array(told).reshape(-1, len(PITCHED))


def _rings_in(parts: Parts, windows: Windows) -> npt.NDArray[np.bool_]:
    """(w,) whether a note from before sounds on into the window, by more than a step."""
    earlier = windows.begin > parts.starts[windows.part]
    reached = parts.reached[np.maximum(windows.begin - 1, 0)]
    rings: npt.NDArray[np.bool_] = earlier & (reached > windows.start * STEPS_PER_BAR + 1)
    return rings


def _notes(judged: _Judged, parts: Parts, windows: Windows, chosen: Ints) -> LoopNotes:
    bars, is_drum = windows.bars[chosen], parts.is_drum[windows.part[chosen]]
    begin, end, step, pitch, duration, velocity, residual, length = gather(
        windows.begin[chosen], windows.end[chosen], windows.start[chosen], bars, is_drum, judged.written_from[chosen],
        parts.position, parts.pitch, parts.velocity, parts.residual, parts.length, judged.written, TENTHS,
    )  # fmt: skip
    return LoopNotes(begin, end, bars, is_drum, step, pitch, duration, velocity, residual, length)


def _once(reason: Ints, same: Ints) -> tuple[Ints, dict[str, int]]:
    """The first of each set of equal windows that passed (n,), and what removed the others: an equal one before, or a
    filter."""
    passed = np.flatnonzero(reason == PASSED)
    first = np.full(reason.size, reason.size)
    first[same[passed][::-1]] = passed[::-1]  # of equal windows the first is written last
    place = np.arange(reason.size)
    removed = Counter(reason[place < first[same]].tolist())
    counts = {name: removed[number] for number, name in enumerate(WINDOW_FILTERS)}
    return np.flatnonzero(place == first[same]), {"repeated": int((place > first[same]).sum()), **counts}


def _order(parts: Parts, windows: Windows, kept: Ints) -> Ints:
    part = windows.part[kept]
    return np.lexsort(
        (parts.is_drum[part], windows.bars[kept], windows.start[kept], parts.track[part], parts.file[part])
    )
