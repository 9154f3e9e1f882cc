"""Bass lines: a groove of the style over the chords' roots."""

from random import Random
from typing import Final

from boumb_assets.composer.brief import Brief
from boumb_assets.composer.cells import BASS_CELLS, BASS_FILLS
from boumb_assets.composer.harmony import Chord
from boumb_assets.composer.plan import Tone
from boumb_assets.composer.rhythm import HALF_BAR, bar_cells, loudness, strokes
from boumb_assets.composer.walking import walking_bass
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Style
from boumb_assets.theory.scales import scale_classes

# The lowest root: E1 is the bottom string of a bass guitar; synthesisers and the 808 of trap sit around there too,
# the triangle of a chiptune a little higher.
LOWEST_ROOT: Final[dict[Style, int]] = {
    "funk": 28, "house": 29, "techno": 28, "lo-fi": 28, "dub": 28, "trap": 28, "ambient": 26,
    "chiptune": 32, "bossa": 28,
}  # fmt: skip
GATE: Final[dict[Style, float]] = {
    "funk": 0.72, "house": 0.7, "techno": 0.6, "lo-fi": 0.92, "dub": 0.86, "trap": 0.97, "ambient": 1.0,
    "chiptune": 0.75, "bossa": 0.85,
}  # fmt: skip
# What ``?`` may be, the likelier ones more often.
FREE_TONES: Final[dict[Style, str]] = {
    "funk": "1887755", "house": "188755", "techno": "111817", "lo-fi": "135562", "dub": "113355", "trap": "11185",
    "ambient": "158", "chiptune": "158835", "bossa": "155b3",
}  # fmt: skip
ADDED: Final[dict[Style, str]] = {
    "funk": "xx?", "house": "?1", "techno": "11?", "lo-fi": "x?", "dub": "?1", "trap": "1", "ambient": "5",
    "chiptune": "?8", "bossa": "1?",
}  # fmt: skip
_INTERVALS: Final = {"2": 2, "4": 5, "6": 9}
WIDEST: Final = 19  # semitones above the lowest root: an octave and a fifth
ACCENT, MUTED, NORMAL = 104, 52, 90


def compose_bass(brief: Brief, rng: Random) -> list[Tone]:
    """The bass line of ``brief``, one voice."""
    if brief.style == "jazz":
        return walking_bass(brief, rng)
    fill = rng.choice(BASS_FILLS[brief.style])
    cells = bar_cells(
        BASS_CELLS[brief.style],
        brief.bars,
        brief.density,
        ADDED[brief.style],
        rng,
        lambda cell: cell[:HALF_BAR] + fill if rng.random() < 0.5 else cell[: HALF_BAR + 4] + fill[4:],
        brief.habits.grain,
    )
    free = {letter: rng.choice(FREE_TONES[brief.style]) for letter in cells}  # a repeated bar repeats its free tones
    tones: list[Tone] = []
    for bar, cell in enumerate(cells):
        for stroke in strokes(cell.replace("?", free[cell])):
            tones.append(_stroke(brief, bar * STEPS_PER_BAR + stroke.step, stroke.length, stroke.symbol, tones, rng))
    return _anchored(tones, brief, rng)


def _stroke(brief: Brief, step: int, length: int, symbol: str, before: list[Tone], rng: Random) -> Tone:
    gate = GATE[brief.style]
    if symbol == "x" and before:
        return Tone(step, before[-1].pitch, 1, loudness(step, MUTED, rng), gate=0.4)
    chord = brief.harmony.at(step)
    if symbol == "a":
        pitch = _approach(brief, step, brief.harmony.at(step + length), before, rng)
    else:
        pitch = _tone(brief, chord, symbol)
    base = ACCENT if symbol in "18" and step % 4 == 0 else NORMAL
    return Tone(step, pitch, length, loudness(step, base, rng), gate)


def _root(brief: Brief, chord: Chord) -> int:
    lowest = LOWEST_ROOT[brief.style]
    return lowest + (chord.root - lowest) % 12


def _tone(brief: Brief, chord: Chord, symbol: str) -> int:
    """The pitch of a tone's symbol over ``chord``, within the bass's register."""
    root = _root(brief, chord)
    tones = chord.classes
    if symbol == "8":
        return root + 12
    if symbol == "b":
        pitch = root - (root - tones[min(2, len(tones) - 1)]) % 12
        return pitch if pitch >= LOWEST_ROOT[brief.style] - 2 else pitch + 12
    if symbol in "35":
        pitch = root + (tones[min(int(symbol) // 2, len(tones) - 1)] - root) % 12
    elif symbol == "7":
        pitch = root + (_scale_near(brief, root + 10) - root)
    elif symbol in _INTERVALS:
        pitch = _scale_near(brief, root + _INTERVALS[symbol])
    else:
        pitch = root
    return pitch if pitch <= LOWEST_ROOT[brief.style] + WIDEST else pitch - 12


def _scale_near(brief: Brief, pitch: int) -> int:
    classes = scale_classes(brief.root, brief.scale)
    return min(range(pitch - 3, pitch + 4), key=lambda p: (p % 12 not in classes, abs(p - pitch), p))


def _approach(brief: Brief, step: int, target: Chord, before: list[Tone], rng: Random) -> int:
    """A tone that leads into the root of ``target``: the scale step or, where allowed, the semitone next to it, or
    its dominant. It is never the tone just played."""
    root = _root(brief, target)
    classes = scale_classes(brief.root, brief.scale)
    below = next(p for p in range(root - 1, root - 6, -1) if p % 12 in classes)
    above = next(p for p in range(root + 1, root + 6) if p % 12 in classes)
    choices = [below, below, above, _tone(brief, target, "5")]
    if brief.chromatic:
        choices += [root - 1, root - 1, root + 1]
    last = before[-1].pitch if before else -1
    fresh = [pitch for pitch in choices if pitch != last and pitch >= LOWEST_ROOT[brief.style] - 2]
    return rng.choice(fresh or [above])


def _anchored(tones: list[Tone], brief: Brief, rng: Random) -> list[Tone]:
    """The tones of a line that sounds in every bar: an empty one gets the root of its chord on the first beat."""
    sounding = {tone.step // STEPS_PER_BAR for tone in tones}
    for bar in range(brief.bars):
        if bar not in sounding:
            step = bar * STEPS_PER_BAR
            pitch = _tone(brief, brief.harmony.at(step), "1")
            tones.append(Tone(step, pitch, 4, loudness(step, ACCENT, rng), GATE[brief.style]))
    return sorted(tones, key=lambda tone: tone.step)
