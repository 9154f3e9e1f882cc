"""Keyboard parts: chords struck in the rhythm of the style, and chords broken into their voices."""

from random import Random
from typing import Final

from boumb_assets.composer.brief import Brief
from boumb_assets.composer.cells import KEYS_CELLS
from boumb_assets.composer.harmony import Chord
from boumb_assets.composer.plan import Tone
from boumb_assets.composer.rhythm import HALF_BAR, bar_cells, loudness, ringing, strokes, thickened
from boumb_assets.composer.voicing import voice
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Style

VOICES: Final[dict[Style, int]] = {
    "funk": 3, "house": 4, "techno": 3, "lo-fi": 4, "dub": 3, "trap": 3, "jazz": 4, "ambient": 4, "chiptune": 3,
    "bossa": 4,
}  # fmt: skip
REGISTER: Final[dict[Style, tuple[int, int]]] = {
    "funk": (55, 79), "house": (52, 77), "techno": (52, 76), "lo-fi": (50, 76), "dub": (55, 79), "trap": (56, 81),
    "jazz": (50, 76), "ambient": (52, 83), "chiptune": (60, 86), "bossa": (50, 76),
}  # fmt: skip
GATE: Final[dict[Style, float]] = {
    "funk": 0.55, "house": 0.75, "techno": 0.6, "lo-fi": 0.95, "dub": 0.5, "trap": 0.9, "jazz": 0.8, "ambient": 1.0,
    "chiptune": 0.7, "bossa": 0.75,
}  # fmt: skip
ADDED: Final[dict[Style, str]] = {
    "funk": "oo", "house": "co", "techno": "co", "lo-fi": "t3c", "dub": "co", "trap": "23t", "jazz": "ct",
    "ambient": "23t", "chiptune": "123t", "bossa": "cto",
}  # fmt: skip
STRUM: Final[dict[Style, int]] = {"lo-fi": 5, "ambient": 14, "jazz": 2, "bossa": 6}  # ticks from voice to voice
# A chord struck on the last eighth already belongs to the bar that comes (the anticipation of dance and Latin styles).
PUSHES: Final = frozenset({"funk", "house", "jazz", "bossa", "lo-fi"})
LEVELS: Final = {"X": 96, "c": 78, "o": 46}


def compose_keys(brief: Brief, rng: Random) -> list[Tone]:
    """The keyboard part of ``brief``: three or four voices, led from chord to chord."""
    style = brief.style
    grain = brief.habits.grain
    turn = rng.choice(KEYS_CELLS[style])
    cells = bar_cells(
        KEYS_CELLS[style],
        brief.bars,
        brief.density,
        ADDED[style],
        rng,
        lambda cell: thickened(cell[:HALF_BAR] + turn[HALF_BAR:], 1, ADDED[style], rng, grain),
        grain,
    )
    tones: list[Tone] = []
    voicing: tuple[int, ...] = ()
    sounding: Chord | None = None
    for bar, cell in enumerate(cells):
        struck = strokes(cell) or strokes("X---" + "." * 12)
        if style == "ambient":
            struck = ringing(struck, STEPS_PER_BAR // 2)
        for stroke in struck:
            step = bar * STEPS_PER_BAR + stroke.step
            pushed = style in PUSHES and stroke.step >= STEPS_PER_BAR - 2
            chord = brief.harmony.at(step + 2 if pushed else step)
            if chord != sounding:
                voicing, sounding = voice(chord, VOICES[style], *REGISTER[style], before=voicing), chord
            tones += _struck(brief, step, stroke.length, stroke.symbol, voicing, rng)
    return tones


def _struck(brief: Brief, step: int, length: int, symbol: str, voicing: tuple[int, ...], rng: Random) -> list[Tone]:
    if symbol not in LEVELS:
        index = len(voicing) - 1 if symbol == "t" else min(int(symbol), len(voicing)) - 1
        ringing = length if brief.style == "chiptune" else max(length, 2)
        return [Tone(step, voicing[index], ringing, loudness(step, 82, rng), GATE[brief.style])]
    gap = STRUM.get(brief.style, 0) if length >= 2 else 0
    gate = 0.35 if symbol == "o" else GATE[brief.style]
    top = len(voicing) - 1
    return [
        Tone(step, pitch, length, loudness(step, LEVELS[symbol] + (4 if index == top else 0), rng), gate, gap * index)
        for index, pitch in enumerate(voicing)
    ]
