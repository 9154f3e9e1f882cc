"""Which chord sounds when: progressions by style as roots above the tonic, fitted into any of the studio's scales."""

from dataclasses import dataclass
from random import Random
from typing import Final

from boumb_assets.composer.habits import BRIGHT_SCALES
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Style
from boumb_assets.theory.scales import scale_classes

Bar = tuple[int, ...]  # the roots of a bar's chords, in semitones above the tonic: one or two

# Written as bars of roots: "0 5" are two bars, "2,7 0" a bar of two chords and a bar of one.
_MINOR: Final[dict[Style, tuple[str, ...]]] = {
    "funk": ("0 0", "0 5", "0 0,10", "0 0 5 0", "0 0 10 5", "0 3 5 5"),
    "house": ("0,8 3,10", "0 10", "8 0", "0 8 3 10", "0 5 10 3", "8 10 0 0", "0 3 10 5", "5 0 8 10"),
    "techno": ("0 0", "0 0", "0 10", "0 0 0 10", "0 0 3 0", "0 0 8 8"),
    "lo-fi": ("5,10 3,8", "2,7 0", "0 5", "0 5 10 3", "8 7 0 0", "5 10 3 8", "0 8 5 7", "2 7 0 5"),
    "dub": ("0 5", "0 10", "0 0,7", "0 0 5 0", "0 10 0 10", "0 5 0 7", "0 8 10 0"),
    "trap": ("0 8", "0 1", "0 0,10", "0 8 3 10", "0 0 8 7", "0 5 8 7", "0 3 8 10"),
    "jazz": ("2,7 0", "2 7", "0,5 2,7", "2 7 0 0", "0 5 2,7 0", "0,9 2,7 0,5 2,7", "0 0 5 2,7"),
    "ambient": ("0 8", "0 5", "0 10", "0 8 3 10", "0 10 8 10", "8 3 0 0", "0 5 0 8"),
    "chiptune": ("0 8,10", "0,8 3,10", "0 10", "0 8 10 0", "0 10 8 7", "0 5 8 10", "0 3 8 10"),
    "bossa": ("0 2,7", "2,7 0", "0 5 2,7 0", "0 8 2 7", "2 7 0 8", "0 5 10 3"),
}
_MAJOR: Final[dict[Style, tuple[str, ...]]] = {
    "funk": ("0 0", "0 5", "0 10,5", "0 0 5 0", "0 10 5 0", "0 5 0 7"),
    "house": ("5,7 9,0", "9 5", "0 5", "9 5 0 7", "5 7 9 4", "0 7 9 5", "5 4 2 7"),
    "techno": ("0 0", "0 9", "0 0 9 0", "0 5 0 0"),
    "lo-fi": ("2,7 0,9", "5,4 2,0", "0 9 2 7", "5 4 2 0", "2 7 4 9", "0 4 5 2"),
    "dub": ("0 5", "0 7", "0 2", "0 5 0 7", "0 9 5 7", "0 2 5 0"),
    "trap": ("0 9", "9 5", "9 5 0 7", "0 4 9 5"),
    "jazz": ("2,7 0", "0,9 2,7", "2 7", "2 7 0 9", "0 9 2 7", "4,9 2,7 0,9 2,7", "0 5 4,9 2,7"),
    "ambient": ("0 5", "0 9", "5 0", "0 4 5 0", "5 0 9 7", "0 2 5 0", "9 5 0 0"),
    "chiptune": ("0 5,7", "0,7 9,5", "0 5 7 0", "0 9 5 7", "9 5 0 7", "0 7 9 5"),
    "bossa": ("0 2,7", "0,9 2,7", "0 9 2 7", "0 2 2,7 0", "2 7 0 9", "0 4 9 2,7"),
}

# How many chord tones the players of a style use: 3 a triad, 4 a seventh chord, 5 with the ninth.
CHORD_SIZE: Final[dict[Style, int]] = {
    "funk": 5, "house": 4, "techno": 3, "lo-fi": 5, "dub": 3, "trap": 3, "jazz": 5, "ambient": 4, "chiptune": 3,
    "bossa": 5,
}  # fmt: skip

# The intervals that may stand for each chord tone, best first. A scale without a third gives a suspended chord.
_THIRDS: Final = {True: (4, 3, 5, 2), False: (3, 4, 5, 2)}
_FIFTHS: Final = (7, 6, 8)
_SEVENTHS: Final = {True: (11, 10, 9), False: (10, 11, 9)}
_NINTHS: Final = (2, 5, 9)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord as pitch classes: its root first, then third (or what stands for it), fifth, seventh, ninth."""

    classes: tuple[int, ...]

    @property
    def root(self) -> int:
        """The pitch class of the root."""
        return self.classes[0]


@dataclass(frozen=True, slots=True)
class Harmony:
    """The chords of a loop, one for each half bar, over and over."""

    halves: tuple[Chord, ...]

    def at(self, step: int) -> Chord:
        """The chord at ``step``; beyond the end the loop starts again."""
        return self.halves[step * 2 // STEPS_PER_BAR % len(self.halves)]

    def changes(self, bar: int) -> bool:
        """Whether bar ``bar`` has two chords."""
        return self.at(bar * STEPS_PER_BAR) != self.at(bar * STEPS_PER_BAR + STEPS_PER_BAR // 2)


def chord_on(root: int, classes: frozenset[int], size: int) -> Chord:
    """The chord of up to ``size`` tones on pitch class ``root`` out of the pitch classes of a scale."""

    def first(intervals: tuple[int, ...]) -> int | None:
        return next(((root + i) % 12 for i in intervals if (root + i) % 12 in classes), None)

    third = first(_THIRDS[(root + 4) % 12 in classes and (root + 3) % 12 not in classes])
    bright = third == (root + 4) % 12
    tones = [root, third, first(_FIFTHS), first(_SEVENTHS[bright]), first(_NINTHS)]
    return Chord(tuple(dict.fromkeys(tone for tone in tones if tone is not None))[:size])


def harmonise(style: Style, root: int, scale: str, bars: int, rng: Random) -> Harmony:
    """A progression of the style in ``scale`` on pitch class ``root`` over ``bars`` bars. Eight bars repeat four."""
    table = _MAJOR if scale in BRIGHT_SCALES else _MINOR
    parsed = [_bars(text) for text in table[style]]
    wanted = 2 if bars <= 2 else 4
    fitting = [p for p in parsed if len(p) == wanted or (len(p) == 2 and wanted == 4 and len(p[0]) == 1)]
    progression = rng.choice(fitting)
    classes = scale_classes(root, scale)
    halves = []
    for bar in range(bars):
        for half in (0, 1):
            roots = progression[bar % len(progression)]
            halves.append(chord_on(_in_scale(root + roots[half % len(roots)], classes), classes, CHORD_SIZE[style]))
    return Harmony(tuple(halves))


def _bars(text: str) -> tuple[Bar, ...]:
    return tuple(tuple(int(root) for root in bar.split(",")) for bar in text.split())


def _in_scale(root: int, classes: frozenset[int]) -> int:
    """The scale's pitch class nearest to ``root``, one with a perfect fifth rather than one without."""
    return min(
        classes,
        key=lambda pc: (min((pc - root) % 12, (root - pc) % 12) + ((pc + 7) % 12 not in classes), (pc - root) % 12),
    )
