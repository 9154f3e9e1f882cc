"""Motifs in scale degrees and quarters that fill a measure exactly, and what a composer does with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.contracts.music_structure import MOTIF_LENGTH, RHYTHM_VALUES, Motif, bar_quarters

LOWEST, HIGHEST = 1, 14  # degrees; 8 is the octave

# Rhythms of one measure by its length in quarters, from calm to busy.
_RHYTHMS: Final[dict[float, tuple[tuple[tuple[float, ...], ...], ...]]] = {
    2.0: (
        ((1, 0.5, 0.5), (0.5, 0.5, 1)),
        ((0.5, 0.5, 1), (1, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
        ((0.5, 0.25, 0.25, 0.5, 0.5), (0.25, 0.25, 0.5, 0.5, 0.5), (0.5, 0.5, 0.25, 0.25, 0.5)),
    ),
    3.0: (
        ((2, 0.5, 0.5), (1, 1, 1), (1, 0.5, 0.5, 1)),
        ((1, 0.5, 0.5, 1), (1, 1, 0.5, 0.5), (0.5, 0.5, 1, 1)),
        ((0.5, 0.5, 0.5, 0.5, 1), (0.5, 0.25, 0.25, 1, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5, 0.5, 0.5)),
    ),
    4.0: (
        ((2, 1, 1), (1, 1, 2), (2, 0.5, 0.5, 1)),
        ((1, 1, 1, 1), (1, 0.5, 0.5, 2), (2, 0.5, 0.5, 1), (1, 0.5, 0.5, 1, 1)),
        ((0.5, 0.5, 1, 0.5, 0.5, 1), (1, 0.5, 0.5, 0.5, 0.5, 1), (0.5, 0.25, 0.25, 0.5, 0.5, 1, 1)),
    ),
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
    for leaps that are answered the other way, over three degrees or more."""
    levels = _RHYTHMS[bar_quarters(time_signature)]
    rhythm = rng.choice(levels[min(2, int(arousal * 3))])
    degrees = _contour(len(rhythm), valence, rng)
    for _ in range(8):
        if len(set(degrees)) >= 3:
            break
        degrees = _contour(len(rhythm), valence, rng)
    return Figure(within_range(degrees), rhythm)


def _contour(length: int, valence: float, rng: Random) -> list[int]:
    degrees = [rng.choice((1, 3, 5, 5, 8) if valence < 0 else (1, 1, 3, 5))]
    direction = 1 if rng.random() < 0.5 + valence * 0.35 else -1
    leapt = False
    for _ in range(1, length):
        leap = not leapt and rng.random() < 0.35
        if leapt or rng.random() < 0.2:
            direction = -direction
        degrees.append(degrees[-1] + direction * (rng.choice((2, 3)) if leap else 1))
        leapt = leap
    return degrees


def seeded_figure(degrees: Sequence[int], rhythm: Sequence[float], time_signature: str, fallback: Figure) -> Figure:
    """The figure that a request's seeds give, made to fill a measure; what they leave open comes from ``fallback``."""
    values = filled(rhythm, bar_quarters(time_signature)) if rhythm else fallback.rhythm
    wanted = list(degrees) if degrees else list(fallback.degrees)
    if not rhythm and degrees and len(degrees) != len(values):
        values = _split_to(values, len(degrees))
    if len(values) == 1:
        values = _split_to(values, 2)
    repeated = [wanted[i % len(wanted)] for i in range(len(values))]
    return Figure(within_range(repeated), values)


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


def within_range(degrees: Sequence[int]) -> tuple[int, ...]:
    """The degrees moved together by octaves (7 degrees) into 1..14, then each one that still is outside."""
    lift = 0
    while min(degrees) + lift < LOWEST:
        lift += 7
    while max(degrees) + lift > HIGHEST and min(degrees) + lift - 7 >= LOWEST:
        lift -= 7
    return tuple(_folded(degree + lift) for degree in degrees)


def _folded(degree: int) -> int:
    while degree > HIGHEST:
        degree -= 7
    while degree < LOWEST:
        degree += 7
    return degree


def sequence(figure: Figure, steps: int) -> Figure:
    """The figure ``steps`` degrees higher."""
    return Figure(within_range([degree + steps for degree in figure.degrees]), figure.rhythm)


def inversion(figure: Figure) -> Figure:
    """The figure upside down around its first tone."""
    first = figure.degrees[0]
    return Figure(within_range([2 * first - degree for degree in figure.degrees]), figure.rhythm)


def retrograde(figure: Figure) -> Figure:
    """The figure from its end to its beginning."""
    return Figure(figure.degrees[::-1], figure.rhythm[::-1])


def augmentation(figure: Figure) -> Figure:
    """The first half of the figure in doubled values: as much of it as fills the measure."""
    quarters = sum(figure.rhythm)
    degrees: list[int] = []
    rhythm: list[float] = []
    for degree, value in zip(figure.degrees, figure.rhythm, strict=True):
        left = quarters - sum(rhythm)
        doubled = max((v for v in RHYTHM_VALUES if v <= min(2 * value, left)), default=0.0)
        if doubled:
            degrees.append(degree)
            rhythm.append(float(doubled))
    left = quarters - sum(rhythm)
    while left > 0:  # a dotted rest of the measure
        value = max(float(v) for v in RHYTHM_VALUES if v <= left)
        degrees.append(degrees[-1])
        rhythm.append(value)
        left -= value
    return Figure(tuple(degrees), tuple(rhythm)) if 2 <= len(degrees) <= MOTIF_LENGTH else figure


def ornamented(figure: Figure) -> Figure:
    """The figure with its longest tone divided in two, the second half the neighbour above."""
    longest = max(figure.rhythm)
    place = figure.rhythm.index(longest)
    if longest <= min(RHYTHM_VALUES) or len(figure.degrees) >= MOTIF_LENGTH:
        return figure
    degree = figure.degrees[place]
    neighbour = degree + 1 if degree < HIGHEST else degree - 1
    return Figure(
        (*figure.degrees[: place + 1], neighbour, *figure.degrees[place + 1 :]),
        (*figure.rhythm[:place], longest / 2, longest / 2, *figure.rhythm[place + 1 :]),
    )


def closing(figure: Figure) -> Figure:
    """The figure brought home: its last tone is the tonic that lies nearest."""
    last = figure.degrees[-1]
    home = min((1, 8), key=lambda degree: (abs(degree - last), degree))
    return Figure((*figure.degrees[:-1], home), figure.rhythm)
