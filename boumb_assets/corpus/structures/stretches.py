"""The longest stretch of a file that is barred steadily, in a metre that the contract has.

Songs change their metre in the middle, and files write a last bar that is short by the pickup, or a bar that a repeat
sign divides. The bar lines tell: a stretch goes on as long as they lie on one grid. A metre that the contract lacks is
written anew where another notation says the same, as 3/8 in doubled values as 3/4; nothing sounds different then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.piece import EPSILON, Piece, metre_quarters

MOST_MEASURES: Final = 1_000  # what lies beyond is left out: no piece of 420 seconds has so many

# Of a written metre: the contract's metres that can bar it, how many of their measures make a written one, and by how
# much its note values are multiplied. The natural one first, then those that bar it in halves.
_BARRED_AS: Final[Mapping[str, tuple[tuple[str, int, float], ...]]] = {
    "2/4": (("2/4", 1, 1.0),),
    "3/4": (("3/4", 1, 1.0),),
    "4/4": (("4/4", 1, 1.0), ("2/4", 2, 1.0)),
    "2/2": (("2/2", 1, 1.0), ("2/4", 2, 1.0)),
    "6/8": (("6/8", 1, 1.0),),
    "12/8": (("6/8", 2, 1.0),),
    "3/8": (("3/4", 1, 2.0),),
    "4/8": (("2/4", 1, 1.0),),
    "2/8": (("2/4", 1, 2.0),),
    "6/16": (("6/8", 1, 2.0),),
    "6/4": (("6/8", 1, 0.5), ("3/4", 2, 1.0)),
    "3/2": (("3/4", 1, 0.5),),
    "4/2": (("4/4", 1, 0.5), ("2/2", 2, 1.0)),
}
# Bars of two halves often close in their middle, as if two bars had been written as one: Grave, "Metrical Displacement
# and the Compound Measure in Eighteenth-Century Theory and Practice", Theoria 1 (1985).
_COMPOUND: Final = ("4/4", "2/2", "6/8")


@dataclass(frozen=True)
class Stretch:
    """A part of a file in one metre. Times are quarters of the file, from its start."""

    begin: float
    """The first bar line."""
    end: float
    """Where the steady bars end."""
    pickup: float
    """Quarters before the first bar line that belong to it."""
    metre: str
    """The contract's."""
    written: str
    """The file's, where it begins."""
    scale: float
    """By how much note values are multiplied, and the tempo with them."""
    numbers: tuple[int, ...]
    """The bar of the file in which each measure begins, as scores count: the first whole bar is 1, a pickup is 0."""
    offset: float = 0.0
    """Quarters from the file's bar lines to those of the measures."""


def steady_stretches(facts: Mapping[str, Any], end: float) -> list[Stretch]:
    """The longest stretch for each way to bar a file that ends at ``end`` (quarters): the file's own way before halves,
    then the longer first; at last those of two halves with bar lines in the middle of the file's own. Empty where no
    metre is one that the contract can say.

    ``facts``: ppq, metre_map and pickup_steps of its row of FILES.
    """
    segments = _segments(facts, end)
    found: dict[tuple[str, float], tuple[int, int, Fraction]] = {}  # parts, first segment, end
    reached: dict[tuple[str, float], int] = {}
    for first, segment in enumerate(segments):
        for metre, parts, scale in _BARRED_AS.get(segment.written, ()):
            barring = (metre, scale)
            if first < reached.get(barring, 0):
                continue
            stop, last = _run(segments, first, segment.bar / parts, barring)
            reached[barring] = stop
            known = found.get(barring)
            if known is None or last - segment.begin > known[2] - segments[known[1]].begin:
                found[barring] = parts, first, last
    ranked = sorted(found.items(), key=lambda entry: (entry[1][0], segments[entry[1][1]].begin - entry[1][2]))
    stretches = [_stretch(segments, first, last, barring, parts, facts) for barring, (parts, first, last) in ranked]
    whole = [one for one, (_, (parts, _, _)) in zip(stretches, ranked, strict=True) if parts == 1]
    return [*stretches, *(_displaced(one) for one in whole if one.metre in _COMPOUND and len(one.numbers) > 1)]


def piece_of(notes: Mapping[str, npt.NDArray[np.generic]], stretch: Stretch) -> Piece:
    """The pitched notes of a ``stretch`` out of one file's rows of the EVENTS table, as columns; what is held beyond
    its end is cut there."""
    steps = notes["onset_step"].astype(np.float64) + notes["residual"].astype(np.float64)
    onset, length = (steps / 4 - stretch.begin) * stretch.scale, (stretch.end - stretch.begin) * stretch.scale
    inside = ~notes["is_drum"].astype(bool) & (onset < length - EPSILON)
    inside &= onset > -stretch.pickup * stretch.scale - EPSILON
    onset, pitch = onset[inside], notes["pitch"].astype(np.int64)[inside]
    duration = notes["duration_step"].astype(np.float64)[inside] / 4 * stretch.scale
    order = np.lexsort((pitch, onset))
    return Piece(
        onset=onset[order],
        duration=np.maximum(np.minimum(duration, length - onset), EPSILON * 2)[order],
        pitch=pitch[order],
        velocity=notes["velocity"].astype(np.int64)[inside][order],
        track=notes["track"].astype(np.int64)[inside][order],
        program=notes["program"].astype(np.int64)[inside][order],
        metre=stretch.metre,
    )


@dataclass(frozen=True)
class _Segment:
    """What one statement of a metre holds for, in quarters."""

    begin: Fraction
    end: Fraction
    written: str
    bar: Fraction


def _segments(facts: Mapping[str, Any], end: float) -> list[_Segment]:
    stated = [one for one in facts["metre_map"] if one["numerator"] > 0 and one["denominator"] > 0]
    begins = [Fraction(one["tick"], int(facts["ppq"])) for one in stated]
    spans = pairwise([*begins, max(Fraction(end), *begins)]) if begins else ()
    return [
        _Segment(*span, f"{one['numerator']}/{one['denominator']}", Fraction(4 * one["numerator"], one["denominator"]))
        for one, span in zip(stated, spans, strict=True)
        if span[0] < span[1]
    ]


def _run(
    segments: Sequence[_Segment], first: int, measure: Fraction, barring: tuple[str, float]
) -> tuple[int, Fraction]:
    """The segment before which a stretch from ``first`` on stops, and the time of that."""
    origin, place = segments[first].begin, first + 1
    while place < len(segments):
        joined = _joined(segments, place, origin, measure, barring)
        if joined is None:
            break
        place = joined + 1
    end = segments[place - 1].end
    if place == len(segments) - 1 and (end - origin) % measure == 0 and segments[place].end - end < measure:
        return place + 1, segments[place].end  # a last bar that is short by the pickup
    return place, end


def _joined(
    segments: Sequence[_Segment], place: int, origin: Fraction, measure: Fraction, barring: tuple[str, float]
) -> int | None:
    """The segment with which a stretch goes on at ``place``: that one if its bar lines are the stretch's, or the next
    one whose are if what lies before it makes up one measure. None where the stretch ends."""
    line = origin + (segments[place].begin - origin) // measure * measure
    for later in range(place, len(segments)):
        segment = segments[later]
        ways = _BARRED_AS.get(segment.written, ())
        if segment.begin - line in (0, measure) and any((metre, scale) == barring for metre, _, scale in ways):
            return later
        if segment.begin - line > measure:
            break
    return None


def _stretch(
    segments: Sequence[_Segment],
    first: int,
    end: Fraction,
    barring: tuple[str, float],
    parts: int,
    facts: Mapping[str, Any],
) -> Stretch:
    own, measure = segments[first], segments[first].bar / parts
    pickup = Fraction(int(facts["pickup_steps"] or 0), 4)
    end = min(end, own.begin + MOST_MEASURES * measure)
    count = -((own.begin - end) // measure)
    return Stretch(
        begin=float(own.begin),
        end=float(end),
        pickup=float(pickup) if first == 1 else 0.0,
        metre=barring[0],
        written=own.written,
        scale=barring[1],
        numbers=_numbers(segments, first, measure, count, pickup == 0),
    )


def _displaced(stretch: Stretch) -> Stretch:
    half = metre_quarters(stretch.metre) / stretch.scale / 2
    return replace(stretch, begin=stretch.begin + half, pickup=stretch.pickup + half, offset=half)


def _numbers(
    segments: Sequence[_Segment], first: int, measure: Fraction, count: int, from_one: bool
) -> tuple[int, ...]:
    """The bar in which each of ``count`` measures from the segment ``first`` on begins, counted from 0 or from 1; what
    goes on with a bar that a repeat sign divides is none."""
    times = [time for one in segments for time in (one.begin, one.end, one.bar)]
    parts = lcm(measure.denominator, *(time.denominator for time in times))  # of a quarter: all times are whole then
    begins, ends, bars = ([int(getattr(one, name) * parts) for one in segments] for name in ("begin", "end", "bar"))
    step, numbers, segment, before = int(measure * parts), list[int](), 0, int(from_one)
    for line in range(begins[first], begins[first] + count * step, step):
        while segment + 1 < len(segments) and line >= begins[segment + 1]:
            if segment <= first or (begins[segment] - begins[first]) % step == 0:
                before += -((begins[segment] - ends[segment]) // bars[segment])
            segment += 1
        numbers.append(before + (line - begins[segment]) // bars[segment])
    return tuple(numbers)
