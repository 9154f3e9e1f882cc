"""Into what each beat of a file is divided, two ways or three, and the point of that grid which each note means.

A beat is divided into sixteenths, thirty-seconds, triplet eighths or triplet sixteenths: DIVISIONS of the quarter note.
The likeliest sequence over the beats of a file is found (Viterbi): onsets lie about the points of a division with a
spread that is the same throughout, a few anywhere; a division with twice the points is half as likely to have a note
at a given one; two and three are equally fine, but three is rarer, and a change from one to the other costs something.
So a beat that says nothing goes with its neighbours, and what fits both is binary. The spread is the one of SPREADS
under which the whole file is likeliest: exact, well played, loosely played.

The beat is the quarter note, in compound metres the dotted eighth's or sixteenth's triple, each counted from where its
metre begins. Where the eighths swing (`events.swing`), the binary grid is bent to them first: a swung eighth stays one.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]

DIVISIONS: Final = (4, 8, 3, 6)  # of the quarter note; of two that fit alike the one that stands first
FIRST_TERNARY: Final = 2
GRID: Final = 24  # points a quarter note: all divisions are on them
EARLY: Final = 1 / 16  # quarters before a beat from which an onset belongs to it

SPREADS: Final = (0.008, 0.025, 0.06)  # quarters, standard deviation
STRAY: Final = 0.01  # the share of onsets that lie anywhere
TERNARY: Final = 1.0  # log odds of a binary beat where nothing is known
TURN: Final = 2.0  # log cost of a change between two and three
REFINE: Final = 0.7  # log cost of a change to other divisions of the same kind
_DENSITY: Final = 0.9189385332046727  # log sqrt(2 pi)


class Subdivided(NamedTuple):
    """The divisions of a file's beats, and its notes on them."""

    division: npt.NDArray[np.int8]
    """(n,) into how many the quarter note is divided where the note lies."""
    point: npt.NDArray[np.int32]
    """(n,) the point that the note means, in 24ths of a quarter from the start."""
    error: float
    """Mean distance of the distinct onsets from their points, in quarters; that of the bent grid where it swings."""
    ternary: float
    """The share of the beats with an onset that are divided by three, 0..1."""


@compiled
def subdivide(onset: Floats, start: Floats, beat: Floats, swing: float) -> Subdivided:
    """Divides the beats of notes (n,) at ``onset`` in quarters, ascending. Metres begin at ``start`` (k,) quarters, the
    first at 0, with beats of ``beat`` (k,) quarters; ``swing`` is the ratio of eighths to bend the grid by, 1 for none.
    """
    place, first, beats = _places(onset, start, beat)
    bend = swing / (1 + swing)
    best, chosen = -np.inf, np.zeros(beats, np.int8)
    for spread in SPREADS:
        likelihood, strays = _likelihoods(onset, place, first, beats, bend, spread)
        score, path = _likeliest(likelihood)
        if score > best:
            best, chosen = score, path
        if strays == 0:  # a wider spread could only be worse
            break
    found = Subdivided(np.empty(onset.size, np.int8), np.empty(onset.size, np.int32), 0.0, 0.0)
    error, distinct, ternary = 0.0, 0, 0
    for index in range(beats):
        end = first[index + 1] if index + 1 < beats else onset.size
        division = DIVISIONS[chosen[index]]
        ternary += chosen[index] >= FIRST_TERNARY
        for note in range(first[index], end):
            straight = _unbent(place[note], bend) if chosen[index] < FIRST_TERNARY else place[note]
            step = np.floor(straight * division + 0.5)
            found.division[note] = division
            found.point[note] = np.floor((onset[note] - place[note]) * GRID + 0.5) + step * (GRID // division)
            if note == 0 or onset[note] != onset[note - 1]:
                error += abs(straight - step / division)
                distinct += 1
    return Subdivided(found.division, found.point, error / max(1, distinct), ternary / max(1, beats))


@compiled
def _places(onset: Floats, start: Floats, beat: Floats) -> tuple[Floats, npt.NDArray[np.int64], int]:
    """The place (n,) of each note in its beat, in quarters, the first note of each beat that has one, and how many
    beats have one."""
    place, first = np.empty(onset.size), np.empty(onset.size, np.int64)
    beats, metre, before, held = 0, 0, 0.0, -1
    for note in range(onset.size):
        while metre + 1 < start.size and start[metre + 1] <= onset[note] + EARLY:
            metre += 1
        inside = onset[note] - start[metre]
        index = np.floor((inside + EARLY) / beat[metre])
        place[note] = inside - index * beat[metre]
        if note == 0 or index != before or metre != held:
            first[beats] = note
            beats += 1
            before, held = index, metre
    return place, first, beats


@compiled
def _unbent(place: float, bend: float) -> float:
    """Where a place in a quarter note would be if its eighths were even; ``bend`` is where the second one begins."""
    if bend == 0.5 or place <= 0 or place >= 1:
        return place
    return place * 0.5 / bend if place < bend else 0.5 + (place - bend) * 0.5 / (1 - bend)


@compiled
def _likelihoods(
    onset: Floats, place: Floats, first: npt.NDArray[np.int64], beats: int, bend: float, spread: float
) -> tuple[Floats, int]:
    """(beats, len(DIVISIONS)) the log likelihood of each beat's distinct onsets under each division, and how many
    onsets are further than a spread from the points of all of them."""
    found, strays = np.zeros((beats, len(DIVISIONS))), 0
    stray = np.log(STRAY)
    coarse_peak = -np.log(spread * DIVISIONS[0]) - _DENSITY
    fine_peak = -np.log(spread * DIVISIONS[1]) - _DENSITY
    for index in range(beats):
        end = first[index + 1] if index + 1 < beats else onset.size
        for note in range(first[index], end):
            if note > 0 and onset[note] == onset[note - 1]:
                continue
            straight, nearest = _unbent(place[note], bend), np.inf
            for kind in range(len(DIVISIONS)):
                division = DIVISIONS[kind]
                at = straight if kind < FIRST_TERNARY else place[note]
                miss = (at - np.floor(at * division + 0.5) / division) / spread
                nearest = min(nearest, abs(miss))
                # Three points count as four, and six as eight.
                found[index, kind] += max((fine_peak if kind % 2 else coarse_peak) - 0.5 * miss * miss, stray)
            strays += nearest > 1
    return found, strays


@compiled
def _likeliest(likelihood: Floats) -> tuple[float, npt.NDArray[np.int8]]:
    """The log likelihood of the likeliest sequence of divisions, and the sequence (beats,), as indices."""
    beats, kinds = likelihood.shape
    came, score, before = np.zeros((beats, kinds), np.int8), np.zeros(kinds), np.zeros(kinds)
    for index in range(beats):
        before[:] = score
        for kind in range(kinds):
            best, source = -np.inf, 0
            for other in range(kinds):
                cost = 0.0
                if index > 0 and other != kind:
                    cost = REFINE if other // FIRST_TERNARY == kind // FIRST_TERNARY else TURN
                if before[other] - cost > best:
                    best, source = before[other] - cost, other
            came[index, kind] = source
            score[kind] = best + likelihood[index, kind] - (TERNARY if kind >= FIRST_TERNARY else 0.0)
    path = np.zeros(beats, np.int8)
    last = 0
    for kind in range(1, kinds):
        if score[kind] > score[last]:
            last = kind
    best_score = score[last]
    for index in range(beats - 1, -1, -1):
        path[index] = last
        last = came[index, last]
    return best_score, path
