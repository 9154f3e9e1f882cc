"""What a file says of its tempo and its metre."""

from typing import Any, Final

import numpy as np

from boumb_assets.events.bars import pickup_steps
from boumb_assets.events.parse import ParsedMidi, seconds_at

MAX_CHANGES: Final = 1024
"""Tempos and metres that are kept of a file; what is cut is counted."""


def tempo_and_metre(parsed: ParsedMidi, last_tick: int, in_time: bool) -> dict[str, Any]:
    """Tempo and metre up to ``last_tick``, where the last note ends. In free time (not ``in_time``) a tempo is the
    recorder's clock and a metre its default: the file's maps are kept, but neither is passed on as a fact."""
    tempos, metres = parsed.tempos, parsed.metres
    tempo_count, metre_count = _begun(tempos.tick, last_tick), _begun(metres.tick, last_tick)
    pickup = pickup_steps(metres, parsed.ppq)
    first = 1 if pickup else 0
    return {
        "bpm": dominant_bpm(parsed) if in_time else None,
        "tempo_changes": tempo_count - 1,
        "tempo_map": _tempo_map(parsed, min(tempo_count, MAX_CHANGES)),
        "tempos_cut": max(0, tempo_count - MAX_CHANGES),
        "metre": f"{metres.numerator[first]}/{metres.denominator[first]}" if in_time else None,
        "metre_changes": max(0, metre_count - 1 - first),
        "metre_map": _metre_map(parsed, min(metre_count, MAX_CHANGES)),
        "metres_cut": max(0, metre_count - MAX_CHANGES),
        "pickup_steps": pickup if in_time else None,
    }


def dominant_bpm(parsed: ParsedMidi) -> float:
    """The tempo that holds for most beats up to the last onset, in quarter notes a minute; the slowest of equals."""
    tempos = parsed.tempos
    if tempos.tick.size == 1:
        return 6e7 / float(tempos.microseconds[0])
    end = max(int(parsed.onset_tick[-1]), 1)
    held = np.diff(np.minimum(np.append(tempos.tick, end), end))
    total: dict[int, int] = {}
    for microseconds, ticks in zip(tempos.microseconds.tolist(), held.tolist(), strict=True):
        total[microseconds] = total.get(microseconds, 0) + ticks
    return 6e7 / max(total, key=lambda microseconds: (total[microseconds], microseconds))


def _begun(tick: Any, last_tick: int) -> int:
    """How many of the statements at ``tick`` (k,), ascending from 0, begin before ``last_tick``; the first always."""
    return 1 if tick.size == 1 else max(1, int(np.searchsorted(tick, last_tick)))


def _tempo_map(parsed: ParsedMidi, count: int) -> list[dict[str, Any]]:
    tempos = parsed.tempos
    if count == 1:
        return [{"tick": 0, "s": 0.0, "bpm": 6e7 / float(tempos.microseconds[0])}]
    tick = tempos.tick[:count]
    rows = zip(tick.tolist(), seconds_at(tick, parsed.ppq, tempos).tolist(), tempos.microseconds.tolist(), strict=False)
    return [{"tick": at, "s": second, "bpm": 6e7 / microseconds} for at, second, microseconds in rows]


def _metre_map(parsed: ParsedMidi, count: int) -> list[dict[str, Any]]:
    metres = parsed.metres
    rows = zip(
        metres.tick[:count].tolist(),
        metres.numerator[:count].tolist(),
        metres.denominator[:count].tolist(),
        strict=True,
    )
    return [{"tick": at, "numerator": numerator, "denominator": denominator} for at, numerator, denominator in rows]
