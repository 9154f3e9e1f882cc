"""Motifs in scale degrees and quarters that fill a measure exactly: new ones, and those that a request gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from boumb_assets.contracts.music_structure import MOTIF_LENGTH, RHYTHM_VALUES, Motif, bar_quarters

LOWEST, HIGHEST = 1, 14  # degrees; 8 is the octave
OCTAVE: Final = 7  # degrees
FEWEST_DEGREES: Final = 3  # different ones: with fewer there is nothing to remember

_THREE: Final = (
    ((2, 0.5, 0.5), (1, 1, 1), (1, 0.5, 0.5, 1)),
    ((1, 0.5, 0.5, 1), (1, 1, 0.5, 0.5), (0.5, 0.5, 1, 1), (1, 0.5, 0.5, 0.5, 0.5)),
    ((0.5, 0.5, 0.5, 0.5, 1), (0.5, 0.25, 0.25, 1, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5, 0.5, 0.5), (1, 0.5, 0.25, 0.25, 1)),
)
_FOUR: Final = (
    ((2, 1, 1), (1, 1, 2), (2, 0.5, 0.5, 1), (1, 2, 1)),
    ((1, 1, 1, 1), (1, 0.5, 0.5, 2), (2, 0.5, 0.5, 1), (1, 0.5, 0.5, 1, 1), (0.5, 0.5, 1, 2), (0.5, 1, 0.5, 1, 1)),
    ((0.5, 0.5, 1, 0.5, 0.5, 1), (1, 0.5, 0.5, 0.5, 0.5, 1), (0.5, 0.25, 0.25, 0.5, 0.5, 1, 1),
     (1, 0.5, 0.25, 0.25, 0.5, 0.5, 1), (0.5, 1, 0.5, 0.5, 0.5, 1)),
)  # fmt: skip
# Rhythms of one measure, from calm to busy. Six eighths fall into two groups of three.
_RHYTHMS: Final[dict[str, tuple[tuple[tuple[float, ...], ...], ...]]] = {
    "2/4": (
        ((1, 0.5, 0.5), (0.5, 0.5, 1), (0.5, 1, 0.5)),
        ((0.5, 0.5, 1), (1, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
        ((0.5, 0.25, 0.25, 0.5, 0.5), (0.25, 0.25, 0.5, 0.5, 0.5), (0.5, 0.5, 0.25, 0.25, 0.5), (0.5, 0.5, 0.5, 0.5)),
    ),
    "3/4": _THREE,
    "6/8": (
        ((1, 0.5, 1, 0.5), (1, 0.5, 0.5, 1)),
        ((1, 0.5, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 1, 0.5), (1, 0.5, 1, 0.5)),
        ((0.5, 0.5, 0.5, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 1, 0.25, 0.25), (1, 0.25, 0.25, 0.5, 0.5, 0.5)),
    ),
    "4/4": _FOUR,
    "2/2": _FOUR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """Scale degrees (1..14) with a rhythm in quarters, as long as each other."""

    degrees: tuple[int, ...]
    rhythm: tuple[float, ...]

    def motif(self) -> Motif:
        """The contract form."""
        return Motif(degrees=list(self.degrees), rhythm=[float(value) for value in self.rhythm])


def new_figure(time_signature: str, arousal: float, valence: float, rng: Random) -> Figure:
    """A figure for one measure: busier with ``arousal`` (0..1), rising with ``valence`` (-1..1). It moves by step but
    for leaps that are answered the other way, over three degrees or more where it has as many tones."""
    levels = _RHYTHMS[time_signature]
    rhythm = rng.choice(levels[min(2, int(arousal * 3))])
    degrees = _contour(len(rhythm), valence, rng)
    for _ in range(8):
        if _is_memorable(degrees):
            break
        degrees = _contour(len(rhythm), valence, rng)
    return Figure(within_range(degrees), rhythm)


def _is_memorable(degrees: Sequence[int]) -> bool:
    """Whether a contour has degrees enough, stays within a tenth, and is no mere scale."""
    moves = {b - a for a, b in pairwise(degrees)}
    span = max(degrees) - min(degrees)
    return len(set(degrees)) >= min(FEWEST_DEGREES, len(degrees)) and span <= 9 and (len(moves) > 1 or len(degrees) < 4)


def _contour(length: int, valence: float, rng: Random) -> list[int]:
    direction = 1 if rng.random() < 0.5 + valence * 0.35 else -1
    degrees = [rng.choice((1, 1, 3, 5) if direction > 0 else (5, 5, 8, 8))]
    leapt = False
    for _ in range(1, length):
        leap = not leapt and rng.random() < 0.35
        if leapt or rng.random() < 0.2:
            direction = -direction
        degrees.append(degrees[-1] + direction * (rng.choice((2, 2, 3, 4)) if leap else 1))
        leapt = leap
    return degrees


def seeded_figures(
    degrees: Sequence[int], rhythm: Sequence[float], time_signature: str, fallback: Figure
) -> list[Figure]:
    """The one or two figures that a request's seeds give, each made to fill a measure; what they leave open comes from
    ``fallback``. Seeds that need more than a measure go on in a second one."""
    quarters = bar_quarters(time_signature)
    values = filled(rhythm, quarters) if rhythm else fallback.rhythm
    wanted = list(degrees) if degrees else list(fallback.degrees)
    if not rhythm and len(wanted) > len(values):
        values = _split_to(values, len(wanted))
    elif not rhythm:
        values = _joined_to(values, len(wanted))
    if len(values) == 1:
        values = _split_to(values, 2)
    figures = [Figure(within_range(_taken(wanted, len(values))), values)]
    rest = list(wanted[len(values) :])
    if rest:
        after = filled(rhythm[len(values) :] or rhythm, quarters) if rhythm else _split_to(values, len(rest))
        after = _split_to(after, 2)
        figures.append(Figure(within_range(_taken(rest, len(after))), after))
    return figures


def _taken(degrees: Sequence[int], count: int) -> list[int]:
    return [degrees[i % len(degrees)] for i in range(count)]


def filled(rhythm: Sequence[float], quarters: float) -> tuple[float, ...]:
    """``rhythm`` snapped to the contract's values and cut, repeated or completed to ``quarters``."""
    snapped = [min(RHYTHM_VALUES, key=lambda value: (abs(value - wanted), value)) for wanted in rhythm]
    values: list[float] = []
    left = quarters
    while left > 0:
        value = float(snapped[len(values) % len(snapped)])
        if value > left or len(values) >= MOTIF_LENGTH - 4:  # the largest values that remain, four at most
            value = max(float(v) for v in RHYTHM_VALUES if v <= left)
        values.append(value)
        left -= value
    return tuple(values)


def _split_to(rhythm: Sequence[float], count: int) -> tuple[float, ...]:
    """The rhythm with its longest values halved until it has ``count`` of them, or none can be halved."""
    values = [float(value) for value in rhythm]
    while len(values) < min(count, MOTIF_LENGTH):
        longest = max(values)
        if longest <= min(RHYTHM_VALUES):
            break
        place = len(values) - 1 - values[::-1].index(longest)
        values[place : place + 1] = [longest / 2, longest / 2]
    return tuple(values)


def _joined_to(rhythm: Sequence[float], count: int) -> tuple[float, ...]:
    """The rhythm with neighbours of equal length joined, the shortest first, until it has ``count`` values (two at
    least), or none can be joined."""
    values = [float(value) for value in rhythm]
    while len(values) > max(2, count):
        equal = [i for i in range(len(values) - 1) if values[i] == values[i + 1] and 2 * values[i] in RHYTHM_VALUES]
        if not equal:
            break
        place = min(equal, key=lambda i: (values[i], -i))
        values[place : place + 2] = [2 * values[place]]
    return tuple(values)


def within_range(degrees: Sequence[int]) -> tuple[int, ...]:
    """The degrees moved together into 1..14: by octaves (7 degrees), else by as few steps as it takes; a span of more
    than 14 degrees is folded tone by tone."""
    low, high = min(degrees), max(degrees)
    if high - low > HIGHEST - LOWEST:
        return tuple((degree - LOWEST) % OCTAVE + LOWEST for degree in degrees)
    shifts = range(LOWEST - low, HIGHEST - high + 1)
    shift = min(shifts, key=lambda by: (by % OCTAVE != 0, abs(by), by))
    return tuple(degree + shift for degree in degrees)
