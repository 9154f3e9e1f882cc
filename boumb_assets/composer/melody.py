"""Lead lines: a short idea, repeated, moved along with the harmony, varied, answered, and brought home."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.composer.brief import Brief, is_bright
from boumb_assets.composer.cells import LEAD_CELLS
from boumb_assets.composer.harmony import Chord
from boumb_assets.composer.plan import Tone
from boumb_assets.composer.rhythm import (
    Stroke,
    at_density,
    crossed,
    form_of,
    loudness,
    ringing,
    strokes,
    thickened,
    varied,
)
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Style
from boumb_assets.theory.scales import SCALES, scale_classes


@dataclass(frozen=True, slots=True)
class Manner:
    """How a style's lead moves: its register, the share of leaps and of repeated tones, how legato it is, whether it
    likes the pentatonic core of a seven-tone scale, how often its scale steps become chromatic ones, and whether its
    tones ring on until the next one."""

    lowest: int
    highest: int
    leaps: float
    repeats: float
    gate: float
    pentatonic: float = 0.0
    chromatic: float = 0.0
    rings: bool = False


MANNERS: Final[dict[Style, Manner]] = {
    "funk": Manner(60, 81, 0.25, 0.25, 0.7, 0.7),
    "house": Manner(64, 84, 0.3, 0.2, 0.8, 0.5),
    "techno": Manner(57, 76, 0.3, 0.45, 0.55, 0.3),
    "lo-fi": Manner(62, 82, 0.2, 0.1, 0.92, 0.7),
    "dub": Manner(60, 79, 0.15, 0.2, 0.85, 0.5),
    "trap": Manner(65, 86, 0.3, 0.3, 0.85, 0.3),
    "jazz": Manner(58, 82, 0.25, 0.0, 0.88, 0.0, 0.06),
    "ambient": Manner(64, 86, 0.35, 0.05, 0.98, 0.5, rings=True),
    "chiptune": Manner(67, 91, 0.35, 0.15, 0.75, 0.2),
    "bossa": Manner(60, 81, 0.2, 0.15, 0.88),
}
ADDED: Final = "mo"
LEVELS: Final = {"X": 100, "m": 86, "o": 58}
LONGEST_RING: Final = 8  # steps
_PENTATONIC: Final = {True: SCALES["pentatonic_major"], False: SCALES["pentatonic_minor"]}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The pitches that a line walks on, ascending."""

    rungs: tuple[int, ...]

    def nearest(self, pitch: int, classes: Sequence[int] | frozenset[int] = ()) -> int:
        """The index of the rung nearest to ``pitch``, among those of the pitch classes ``classes`` if there are."""
        fitting = [i for i, rung in enumerate(self.rungs) if rung % 12 in classes] or range(len(self.rungs))
        return min(fitting, key=lambda i: (abs(self.rungs[i] - pitch), i))


def compose_lead(brief: Brief, rng: Random) -> list[Tone]:
    """The lead of ``brief``: one voice, phrases of a bar with rests between them, a close on a tone of the tonic."""
    manner = MANNERS[brief.style]
    ladder = _ladder(brief, manner, rng)
    idea, answer = _phrase(brief, rng), _phrase(brief, rng)
    middle = (manner.lowest + manner.highest) // 2 + rng.randint(-4, 4)
    line: list[tuple[int, Stroke, int]] = []  # bar, stroke, rung
    motif: list[int] = []
    for bar, letter in enumerate(form_of(brief.bars, rng)):
        struck = strokes({"A": idea, "B": answer}.get(letter) or varied(idea, ADDED, rng, brief.habits.grain))
        if bar == brief.bars - 1:
            struck = _ending(struck, brief, rng)
        if manner.rings:
            struck = ringing(struck, LONGEST_RING)
        start = line[-1][2] if line and letter == "B" else ladder.nearest(middle)
        if letter == "B" or not motif:
            rungs = _walk(struck, bar, start, ladder, brief, manner, rng)
            motif = motif or rungs
        else:
            rungs = _moved(motif, struck, bar, ladder, brief, manner, rng)
        line += [(bar, stroke, rung) for stroke, rung in zip(struck, rungs, strict=True)]
    line = _closed(line, ladder, brief)
    return _chromatic([_tone(bar, stroke, ladder.rungs[rung], manner, rng) for bar, stroke, rung in line], brief, rng)


def _ladder(brief: Brief, manner: Manner, rng: Random) -> Ladder:
    steps = SCALES[brief.scale]
    core = _PENTATONIC[is_bright(brief.scale)]
    if set(core) < set(steps) and rng.random() < manner.pentatonic:
        steps = core
    classes = {(brief.root + step) % 12 for step in steps}
    return Ladder(tuple(pitch for pitch in range(manner.lowest, manner.highest + 1) if pitch % 12 in classes))


def _phrase(brief: Brief, rng: Random) -> str:
    """A bar of lead rhythm that says something, three strokes or more (two in sparse ambient), and then rests."""
    least, grain = 2 if brief.style == "ambient" and brief.density == "low" else 3, brief.habits.grain
    cell = at_density(crossed(LEAD_CELLS[brief.style], rng), brief.density, ADDED, rng, grain)
    cell = thickened(cell, max(0, least - len(strokes(cell))), "m", rng, max(2, grain))
    return cell if ".." in cell or len(strokes(cell)) < 5 else cell[:14] + ".."


def _ending(struck: list[Stroke], brief: Brief, rng: Random) -> list[Stroke]:
    """The last bar's strokes: mostly without a pickup, so that the line closes before the loop starts again."""
    kept = [stroke for stroke in struck if stroke.step <= 12]
    return kept if len(kept) >= 2 and brief.style != "techno" and rng.random() < 0.75 else struck


def _walk(
    struck: list[Stroke], bar: int, start: int, ladder: Ladder, brief: Brief, manner: Manner, rng: Random
) -> list[int]:
    """A new contour, of at least three pitches or all of its own where it has fewer strokes, if that can be."""
    for _ in range(6):
        rungs = _contour(struck, bar, start, ladder, brief, manner, rng)
        if len(set(rungs)) >= min(3, len(struck)):
            break
    return rungs


def _contour(
    struck: list[Stroke], bar: int, start: int, ladder: Ladder, brief: Brief, manner: Manner, rng: Random
) -> list[int]:
    """Steps mostly, a leap is answered by a step back (gap fill, Meyer 1973), accents on chord tones."""
    here = min(max(start, 1), len(ladder.rungs) - 2)
    direction = rng.choice((-1, 1))
    rungs: list[int] = []
    leapt = False
    for stroke in struck:
        if rungs:
            here, direction, leapt = _next_rung(here, direction, leapt, len(ladder.rungs), manner, rng)
        if _is_structural(stroke):
            chord = brief.harmony.at(bar * STEPS_PER_BAR + stroke.step)
            here = ladder.nearest(ladder.rungs[here] + direction * rng.choice((1, 2, 3)), chord.classes[:4])
        rungs.append(here)
    return rungs


def _next_rung(
    here: int, direction: int, leapt: bool, rungs: int, manner: Manner, rng: Random
) -> tuple[int, int, bool]:
    draw = rng.random()
    if leapt:
        direction, size = -direction, 1
    elif draw < manner.repeats:
        size = 0
    elif draw < manner.repeats + manner.leaps:
        size = rng.choice((2, 2, 3, 4))
    else:
        size = 1
        direction = direction if rng.random() < 0.7 else -direction
    if not 0 <= here + direction * size < rungs:
        direction = -direction
    return min(max(here + direction * size, 0), rungs - 1), direction, size > 2


def _is_structural(stroke: Stroke) -> bool:
    return stroke.symbol == "X" or stroke.length >= 4


def _moved(
    motif: list[int], struck: list[Stroke], bar: int, ladder: Ladder, brief: Brief, manner: Manner, rng: Random
) -> list[int]:
    """The motif again over this bar's chord: kept where it fits, moved as a whole where the first accent does not (a
    sequence), new tones for strokes that the motif did not have."""
    chord = brief.harmony.at(bar * STEPS_PER_BAR)
    first = next((i for i, stroke in enumerate(struck) if _is_structural(stroke)), 0)
    anchor = motif[min(first, len(motif) - 1)]
    shift = ladder.nearest(ladder.rungs[anchor], chord.classes[:4]) - anchor
    rungs = [min(max(rung + shift, 0), len(ladder.rungs) - 1) for rung in motif[: len(struck)]]
    direction, leapt = rng.choice((-1, 1)), False
    while len(rungs) < len(struck):
        here, direction, leapt = _next_rung(rungs[-1], direction, leapt, len(ladder.rungs), manner, rng)
        rungs.append(here)
    return [
        ladder.nearest(ladder.rungs[rung], _chord_at(brief, bar, stroke).classes[:4])
        if _is_structural(stroke)
        else rung
        for rung, stroke in zip(rungs, struck, strict=True)
    ]


def _chord_at(brief: Brief, bar: int, stroke: Stroke) -> Chord:
    return brief.harmony.at(bar * STEPS_PER_BAR + stroke.step)


def _closed(line: list[tuple[int, Stroke, int]], ladder: Ladder, brief: Brief) -> list[tuple[int, Stroke, int]]:
    """The line with its last tone on the tonic or the fifth of the key where the chord has it, else on the chord."""
    bar, stroke, rung = line[-1]
    chord = set(_chord_at(brief, bar, stroke).classes)
    home = [pc for pc in (brief.root, (brief.root + 7) % 12) if pc in chord]
    closing = ladder.nearest(ladder.rungs[rung], tuple(home or chord))
    return [*line[:-1], (bar, Stroke(stroke.step, max(stroke.length, 2), "X"), closing)]


def _tone(bar: int, stroke: Stroke, pitch: int, manner: Manner, rng: Random) -> Tone:
    step = bar * STEPS_PER_BAR + stroke.step
    return Tone(step, pitch, stroke.length, loudness(step, LEVELS[stroke.symbol], rng), manner.gate)


def _chromatic(tones: list[Tone], brief: Brief, rng: Random) -> list[Tone]:
    """Jazz lines approach some tones from a semitone below, where the scale was left open."""
    chance = MANNERS[brief.style].chromatic if brief.chromatic else 0.0
    classes = scale_classes(brief.root, brief.scale)
    changed = list(tones)
    for i in range(1, len(tones) - 1):
        target = tones[i + 1].pitch
        weak = tones[i].step % 4 != 0 and tones[i].pitch != target
        if weak and (target - 1) % 12 not in classes and rng.random() < 4 * chance:
            changed[i] = Tone(tones[i].step, target - 1, tones[i].length, tones[i].velocity, tones[i].gate)
    return changed
