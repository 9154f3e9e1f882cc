"""How far the eighths of a file swing: the length of those on the beat against those off it.

A file in binary notation may be played, or written, with every second eighth late: at two thirds of the beat or
anywhere between there and the middle. Quantised, that would be lost or read as triplets, so it is measured first, and
the grid of the file is bent to it (`events.subdivision`).

Only beats tell that have one attack between their eighths' earliest and latest place and none where the middle of a
triplet or an early sixteenth would be: a beat with all three triplets is no swing, and one with four sixteenths says
nothing of its eighths. The ratio is the median of those beats; it stands if there are MIN_BEATS of them and most of
them agree. A dotted eighth with a sixteenth (3:1) is a rhythm, and no swing.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]

MIN_BEATS: Final = 8
ON_BEAT: Final = 0.10  # quarters from the beat that its own attack may lie
EARLIEST, LATEST = 0.42, 0.78  # of the beat, where its second eighth may begin
MOST_RATIO: Final = 2.6  # long to short; of more the place is a dotted rhythm's
NEAR: Final = 0.07  # of the beat: places that agree
AGREEING: Final = 0.7  # the share of them that must
TRIPLETS: Final = 0.5  # with more full triplets than this for each pair of eighths, thirds are the beat's division
STRAIGHT: Final = 1.1  # a ratio up to which eighths are straight, if not even


def swing_ratio(onset: Floats) -> float | None:
    """The ratio of long to short eighths, 1 where they are even, None where it cannot be measured; ``onset`` (n,) in
    quarters, ascending."""
    places, triplets = off_beats(onset)
    if places.size < MIN_BEATS or triplets > TRIPLETS * places.size:
        return None
    places.sort()
    middle = float(places[(places.size - 1) // 2] + places[places.size // 2]) / 2
    ratio = middle / (1 - middle)
    low, high = np.searchsorted(places, (middle - NEAR, middle + NEAR))
    near = high - low
    return ratio if near >= AGREEING * places.size and ratio <= MOST_RATIO else None


@compiled
def off_beats(onset: Floats) -> tuple[Floats, int]:
    """Where in their beat the second eighths begin, (k,), of the beats that tell, counted from where its first ones do
    on average; and how many beats have all three triplets."""
    places, count, triplets, lag = np.empty(onset.size), 0, 0, 0.0
    first = 0
    while first < onset.size:
        beat = np.floor(onset[first] + ON_BEAT)
        after, inside, early, off, on = first, 0, 0, 0.0, np.inf
        while after < onset.size and onset[after] < beat + 1 - ON_BEAT:
            place = onset[after] - beat
            if place < ON_BEAT:
                on = min(on, place)
            elif place < EARLIEST:
                early += 1
            elif inside == 0 or place - off > ON_BEAT:  # notes closer than that are one attack
                inside += 1
                off = place
            after += 1
        if on < ON_BEAT and inside == 1 and off <= LATEST:
            if early == 0:
                places[count] = off
                lag += on
                count += 1
            elif early == 1:
                triplets += 1
        first = max(after, first + 1)
    return places[:count] - lag / max(1, count), triplets
