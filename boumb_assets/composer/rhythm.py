"""Bars of rhythm as sixteen characters, one a sixteenth: ``.`` rests, ``-`` holds, anything else strikes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Density

HALF_BAR: Final = STEPS_PER_BAR // 2
SILENT: Final = ".-"
GHOSTS: Final = "ox"

# Metrical weight of each sixteenth of 4/4 after Longuet-Higgins and Lee 1984 ("The rhythmic interpretation of
# monophonic music"), shifted so that the weakest is 0.
METRIC_WEIGHT: Final = (4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0)

# Forms of a loop by its bars: A is the idea, V varies it, B answers it. The last bar also gets a fill.
FORMS: Final[dict[int, tuple[str, ...]]] = {
    2: ("AV", "AV", "AB", "AA"),
    4: ("AVAB", "AAAB", "AVBV", "ABAV", "AABV"),
    8: ("AVABAVBV", "AAABAVAB", "ABAVABVB", "AVAVBVAB"),
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One strike of a bar: its step in the bar, the steps it is held, its character."""

    step: int
    length: int
    symbol: str


def strokes(cell: str) -> list[Stroke]:
    """The strikes of a bar. A hold after a rest is a rest."""
    found: list[Stroke] = []
    for step, symbol in enumerate(cell):
        if symbol not in SILENT:
            found.append(Stroke(step, 1, symbol))
        elif symbol == "-" and found and found[-1].step + found[-1].length == step:
            found[-1] = Stroke(found[-1].step, found[-1].length + 1, found[-1].symbol)
    return found


def ringing(struck: list[Stroke], longest: int) -> list[Stroke]:
    """The strikes with each held until the next one, for ``longest`` steps at most."""
    ends = [*(stroke.step for stroke in struck[1:]), STEPS_PER_BAR]
    return [
        Stroke(stroke.step, max(stroke.length, min(longest, end - stroke.step)), stroke.symbol)
        for stroke, end in zip(struck, ends, strict=True)
    ]


def form_of(bars: int, rng: Random) -> str:
    """A letter a bar, for any number of bars."""
    forms = FORMS.get(bars) or FORMS[8]
    form = rng.choice(forms)
    return (form * (bars // len(form) + 1))[:bars]


def crossed(cells: Sequence[str], rng: Random) -> str:
    """A bar of the style: one of ``cells`` as it is, or the first half of one and the second half of another."""
    first = rng.choice(cells)
    return first if rng.random() < 0.4 else first[:HALF_BAR] + rng.choice(cells)[HALF_BAR:]


def at_density(cell: str, density: Density, added: str, rng: Random, grain: int = 1) -> str:
    """The bar with about a third of its strikes less (``low``) or more (``high``, struck as one of ``added`` on
    multiples of ``grain`` steps)."""
    count = len(strokes(cell))
    if density == "low":
        return thinned(cell, max(1, round(count * 0.35)), rng)
    return thickened(cell, max(1, round(count * 0.35)), added, rng, grain) if density == "high" else cell


def thinned(cell: str, count: int, rng: Random) -> str:
    """The bar without up to ``count`` strikes, ghosts and weak places first; the first strike stays."""
    later = strokes(cell)[1:]
    order = sorted(later, key=lambda s: (s.symbol not in GHOSTS, METRIC_WEIGHT[s.step] + 2 * rng.random()))
    bar = list(cell)
    for stroke in order[:count]:
        bar[stroke.step : stroke.step + stroke.length] = "." * stroke.length
    return "".join(bar)


def thickened(cell: str, count: int, added: str, rng: Random, grain: int = 1) -> str:
    """The bar with up to ``count`` more strikes in its rests, then in its holds; places that lead to a strong one
    come first."""
    bar = list(cell)
    free = [step for step, symbol in enumerate(bar) if symbol in SILENT and step % grain == 0]
    order = sorted(free, key=lambda step: (bar[step] == "-", -METRIC_WEIGHT[(step + grain) % 16] + 3 * rng.random()))
    for step in order[:count]:
        bar[step] = rng.choice(added)
        if step + 1 < len(bar) and bar[step + 1] == "-":
            bar[step + 1] = "."
    return "".join(bar)


def varied(cell: str, added: str, rng: Random, grain: int = 1) -> str:
    """The bar with one or two small changes after its first beat: a strike less, one more, or one moved a step."""
    bar = cell
    for _ in range(rng.choice((1, 1, 2))):
        late = [stroke for stroke in strokes(bar) if stroke.step >= 4]
        change = rng.random()
        if late and change < 0.25 and len(strokes(bar)) > 3:
            gone = rng.choice(late)
            bar = bar[: gone.step] + "." * gone.length + bar[gone.step + gone.length :]
        elif late and change < 0.55:
            bar = _moved(bar, rng.choice(late), rng, grain)
        else:
            bar = bar[:4] + _thickened_after(bar, added, rng, grain)
    return bar


def _thickened_after(bar: str, added: str, rng: Random, grain: int) -> str:
    """The bar after its first beat, with one strike more in it if there is room."""
    full = "x" * 4  # the first beat is taken
    return thickened(full + bar[4:], 1, added, rng, grain)[4:]


def _moved(bar: str, stroke: Stroke, rng: Random, grain: int) -> str:
    """A strike pushed early (an anticipation) or late, where there is room; a held one keeps its end."""
    places = [p for p in (stroke.step - 1, stroke.step - 2, stroke.step + 1) if 4 <= p < 16 and p % grain == 0]
    free = [p for p in places if all(bar[q] in SILENT for q in range(min(p, stroke.step + 1), max(p + 1, stroke.step)))]
    if not free:
        return bar
    place = rng.choice(free)
    moved = list(bar)
    moved[place : stroke.step + 1] = (
        "-" * (stroke.step + 1 - place) if stroke.length > 1 else "." * (stroke.step + 1 - place)
    )
    if place > stroke.step:
        moved[stroke.step] = "."
    moved[place] = stroke.symbol
    return "".join(moved)


def bar_cells(
    cells: Sequence[str],
    bars: int,
    density: Density,
    added: str,
    rng: Random,
    fill: Callable[[str], str],
    grain: int = 1,
) -> list[str]:
    """The bars of a loop after one of the forms: an idea, its variation, an answer, and ``fill`` over the last bar."""
    idea = at_density(crossed(cells, rng), density, added, rng, grain)
    answer = at_density(crossed(cells, rng), density, added, rng, grain)
    written = []
    for letter in form_of(bars, rng):
        written.append({"A": idea, "B": answer}.get(letter) or varied(idea, added, rng, grain))
    written[-1] = fill(written[-1])
    return written


def loudness(step: int, base: int, rng: Random) -> int:
    """A velocity around ``base``: strong places a little louder, and no two strokes quite alike."""
    return max(1, min(127, base + 3 * METRIC_WEIGHT[step % 16] - 4 + rng.randint(-5, 5)))
