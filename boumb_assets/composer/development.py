"""What a composer does with a figure: moves, mirrors, stretches, shortens and adorns it, and brings it to a close."""

from typing import Final

from boumb_assets.composer.figures import HIGHEST, LOWEST, Figure, within_range
from boumb_assets.contracts.harmony_rules import Cadence
from boumb_assets.contracts.music_structure import MOTIF_LENGTH, RHYTHM_VALUES

# The degrees that a melody may rest on over the last chord: the tonic's root, the dominant's tones, the tonic's own
# third or root over the submediant.
_RESTS: Final[dict[Cadence, tuple[int, ...]]] = {
    "PAC": (1, 8), "PICARDY": (1, 8), "HC": (2, 5, 7, 9, 12, 14), "DC": (1, 3, 8, 10)
}  # fmt: skip
_WIDEST_CLOSE: Final = 2  # degrees: a third
_KNOWN_BY: Final = 3  # tones
_SHORTEST: Final = min(RHYTHM_VALUES)


def sequence(figure: Figure, steps: int) -> Figure:
    """The figure ``steps`` degrees higher; where that leaves the range, as many lower, and else by octaves into it."""
    low, high = min(figure.degrees), max(figure.degrees)
    by = next((by for by in (steps, -steps) if low + by >= LOWEST and high + by <= HIGHEST), steps)
    return Figure(within_range([degree + by for degree in figure.degrees]), figure.rhythm)


def inversion(figure: Figure) -> Figure:
    """The figure upside down around its first tone."""
    first = figure.degrees[0]
    return Figure(within_range([2 * first - degree for degree in figure.degrees]), figure.rhythm)


def retrograde(figure: Figure) -> Figure:
    """The figure from its end to its beginning."""
    return Figure(figure.degrees[::-1], figure.rhythm[::-1])


def augmentation(figure: Figure) -> list[Figure]:
    """The figure in doubled values, over two measures; a tone across the bar line is struck again after it."""
    quarters = sum(figure.rhythm)
    measures: list[Figure] = []
    degrees: list[int] = []
    rhythm: list[float] = []
    for degree, value in zip(figure.degrees, figure.rhythm, strict=True):
        left = 2.0 * value
        while left > 0:
            room = quarters - sum(rhythm)
            part = max(float(known) for known in RHYTHM_VALUES if known <= min(left, room))
            degrees.append(degree)
            rhythm.append(part)
            left -= part
            if sum(rhythm) == quarters:
                measures.append(Figure(tuple(degrees), tuple(rhythm)))
                degrees, rhythm = [], []
    return measures


def diminution(figure: Figure, steps: int = 0) -> Figure:
    """The figure in halved values, twice in a measure, the second time ``steps`` degrees higher. A figure that is too
    short or too many-toned for that is left as it is."""
    if min(figure.rhythm) <= _SHORTEST or 2 * len(figure.degrees) > MOTIF_LENGTH:
        return figure
    halved = tuple(value / 2 for value in figure.rhythm)
    again = [degree + steps for degree in figure.degrees]
    return Figure(within_range([*figure.degrees, *again]), halved * 2)


def ornamented(figure: Figure, below: bool = False) -> Figure:
    """The figure with its longest tone divided in two, the second half its neighbour above (or ``below``)."""
    longest = max(figure.rhythm)
    place = figure.rhythm.index(longest)
    if longest <= _SHORTEST or len(figure.degrees) >= MOTIF_LENGTH:
        return figure
    degree = figure.degrees[place]
    neighbour = degree - 1 if (below and degree > LOWEST) or degree >= HIGHEST else degree + 1
    return Figure(
        (*figure.degrees[: place + 1], neighbour, *figure.degrees[place + 1 :]),
        (*figure.rhythm[:place], longest / 2, longest / 2, *figure.rhythm[place + 1 :]),
    )


def closing(figure: Figure, cadence: Cadence) -> Figure:
    """The figure with its last tone on the nearest degree that the melody may rest on at ``cadence``; a tone before it
    that would leap there moves next to it, where three others are left by which the figure is known."""
    last = figure.degrees[-1]
    rest = min(_RESTS[cadence], key=lambda degree: (abs(degree - last), degree))
    before = figure.degrees[:-1]
    if len(before) > _KNOWN_BY and abs(before[-1] - rest) > _WIDEST_CLOSE:
        beside = rest + 1 if before[-1] > rest else rest - 1
        before = (*before[:-1], beside)
    return Figure((*before, rest), figure.rhythm)
