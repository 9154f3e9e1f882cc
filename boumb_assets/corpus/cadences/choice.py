"""The choice of cadences that explains a whole piece best, compiled."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AUTHENTIC: Final = 0
HALF: Final = 1
DECEPTIVE: Final = 2
BEGINNING: Final = 3

LEAST_GAP: Final = 1.0  # quarters between two cadences
MOST_BARS: Final = 10.0  # over which a cadence still counts bars from the one before


class Spacing(NamedTuple):
    """Log odds by the distance between two cadences, or of the first from the beginning."""

    within_half_note: float
    within_bar: float
    within_two_bars: float
    four_bars: float
    eight_bars: float
    two_bars: float
    """Or six."""
    half_after_half: float
    """Within four bars and a half."""
    authentic_after_half: float
    """Within a bar and a fifth: what the half cadence would have rested on goes on to the tonic."""


@compiled
def _spaced(quarters: float, bar: float, before: int, kind: int, spacing: Spacing) -> float:
    """The log odds of a cadence of ``kind`` so many ``quarters`` after one of the kind ``before``."""
    bars, odds = quarters / bar, 0.0
    if quarters < 2.0 - 1e-6:
        odds += spacing.within_half_note
    if bars < 1.0 - 1e-6:
        odds += spacing.within_bar
    if bars < 2.0 - 1e-6:
        odds += spacing.within_two_bars
    whole = np.round(bars)
    if abs(bars - whole) < 0.3:
        if whole == 4:
            odds += spacing.four_bars
        elif whole == 8:
            odds += spacing.eight_bars
        elif whole == 2 or whole == 6:
            odds += spacing.two_bars
    if kind == HALF and before == HALF and bars < 4.5:
        odds += spacing.half_after_half
    if kind != HALF and before == HALF and bars < 1.2:
        odds += spacing.authentic_after_half
    return odds


@compiled
def best_chain(
    time: Floats, kind: Ints, score: Floats, bar: Floats, beginning: float, spacing: Spacing
) -> tuple[Ints, Floats]:
    """Which of the candidates make up the chain of the greatest total, and what each adds to it.

    ``time`` (n,) ascending quarters, ``kind``, ``score`` (log odds) and ``bar`` (quarters) of each; ``beginning``: the
    quarters at which the first bar begins. No candidate is chosen where none adds anything. Of chains that are equal
    always the same one.
    """
    count = time.size
    total, source = np.empty(count), np.full(count, -1, dtype=np.int64)
    highest = np.full(count, -1, dtype=np.int64)  # up to each candidate, that whose chain is the best
    for one in range(count):
        # as though a cadence half a bar before the beginning had closed what came before
        best = _spaced(time[one] - beginning + bar[one] / 2, bar[one], BEGINNING, kind[one], spacing)
        for before in range(one - 1, -1, -1):
            quarters = time[one] - time[before]
            if quarters < LEAST_GAP - 1e-6:
                continue
            if quarters > MOST_BARS * bar[one]:
                if total[highest[before]] > best:
                    best, source[one] = total[highest[before]], highest[before]
                break
            value = total[before] + _spaced(quarters, bar[one], kind[before], kind[one], spacing)
            if value > best:
                best, source[one] = value, before
        total[one] = score[one] + best
        highest[one] = one if one == 0 or total[one] > total[highest[one - 1]] else highest[one - 1]
    chain = np.empty(count, dtype=np.int64)
    length, at = 0, highest[count - 1] if count and total[highest[count - 1]] > 0.0 else -1
    while at >= 0:
        chain[length] = at
        length, at = length + 1, source[at]
    chain = chain[:length][::-1].copy()
    added = np.empty(length)
    for link in range(length):
        at = chain[link]
        before, after = chain[link - 1] if link else -1, chain[link + 1] if link + 1 < length else -1
        added[link] = score[at] + _link(time, kind, bar, beginning, before, at, spacing)
        if after >= 0:
            added[link] += _link(time, kind, bar, beginning, at, after, spacing)
            added[link] -= _link(time, kind, bar, beginning, before, after, spacing)
    return chain, added


@compiled
def _link(time: Floats, kind: Ints, bar: Floats, beginning: float, before: int, one: int, spacing: Spacing) -> float:
    """The log odds of candidate ``one`` after ``before``, -1 for the beginning."""
    if before < 0:
        return _spaced(time[one] - beginning + bar[one] / 2, bar[one], BEGINNING, kind[one], spacing)
    quarters = time[one] - time[before]
    if quarters > MOST_BARS * bar[one]:
        return 0.0
    return _spaced(quarters, bar[one], kind[before], kind[one], spacing)
