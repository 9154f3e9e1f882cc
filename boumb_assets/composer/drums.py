"""Drums: kick, snare, hats and percussion of the style, each varied on its own, and a fill at the end."""

from random import Random
from typing import Final

from boumb_assets.composer.brief import Brief
from boumb_assets.composer.drum_cells import BOSSA_CLAVE, KICK, KITS, OPEN, PEDAL, RIDE, Kit
from boumb_assets.composer.plan import TICKS_PER_STEP, Tone
from boumb_assets.composer.rhythm import HALF_BAR, form_of, loudness, thickened, thinned, varied
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.contracts.loop_request import Density

LEVELS: Final = {"X": 108, "x": 88, "o": 48, "r": 74, "t": 78}
QUIET: Final = 14  # hats and percussion sit behind kick and snare
SILENCE: Final = "." * STEPS_PER_BAR

Bars = list[dict[int, str]]  # a cell a drum, bar by bar


def compose_drums(brief: Brief, rng: Random) -> list[Tone]:
    """The drums of ``brief`` as General MIDI percussion keys."""
    kit = KITS[brief.style]
    idea = _layers(kit, brief.density, rng, brief.habits.grain)
    bars: Bars = []
    for number, letter in enumerate(form_of(brief.bars, rng)):
        bar = dict(idea)
        if letter in "VB":
            bar |= _changed(kit, bar, letter, brief, rng)
        if brief.style == "bossa":
            bar[kit.snare_key] = _clave(idea, kit)[number % 2]
        bars.append(bar)
    bars[-1] = _filled(bars[-1], rng.choice(kit.fills), rng)
    return [tone for number, bar in enumerate(bars) for tone in _strokes(bar, number * STEPS_PER_BAR, kit, rng)]


def _clave(idea: dict[int, str], kit: Kit) -> tuple[str, str]:
    """The two bars of the rim figure, chosen by the bar that was drawn for the idea."""
    return BOSSA_CLAVE[kit.snare.index(idea[kit.snare_key]) % len(BOSSA_CLAVE)]


def _layers(kit: Kit, density: Density, rng: Random, grain: int) -> dict[int, str]:
    """One bar of every drum. Low density has fewer hats and no percussion, high density more ghosts."""
    hats, open_hats = rng.choice(kit.hats), rng.choice(kit.open_hats)
    percussion = rng.choice(kit.percussion) if density == "high" or rng.random() < 0.4 else SILENCE
    layers = {KICK: rng.choice(kit.kick), kit.snare_key: rng.choice(kit.snare)}
    if density == "low":
        hats, percussion = thinned(hats, sum(symbol != "." for symbol in hats) // 2, rng), SILENCE
    elif density == "high":
        hats = thickened(hats, 4, "o", rng, grain)
        if percussion == SILENCE:
            percussion = max(kit.percussion, key=lambda cell: (len(cell.replace(".", "")), cell))
    layers[kit.hat_key] = hats
    layers[OPEN] = open_hats
    layers[rng.choice(kit.percussion_keys)] = percussion
    if kit.hat_key == RIDE:
        layers[PEDAL] = "....x.......x..."  # the foot on two and four
    return layers


def _changed(kit: Kit, bar: dict[int, str], letter: str, brief: Brief, rng: Random) -> dict[int, str]:
    """What differs in a varied bar: the kick off the beat, ghosts of the snare, or, in an answer, another kick bar."""
    grain = brief.habits.grain
    changed = {KICK: rng.choice(kit.kick)} if letter == "B" else {}
    draw = rng.random()
    if letter == "V" and draw < 0.5:
        changed[KICK] = _beats_kept(bar[KICK], varied(bar[KICK], "xo", rng, grain))
    if draw >= 0.35:
        ghosted = thickened(bar[kit.snare_key], 1, "o", rng, grain)
        changed[kit.snare_key] = ghosted if brief.density != "low" else bar[kit.snare_key]
    if draw > 0.75:
        changed[OPEN] = rng.choice(kit.open_hats)
    return changed


def _beats_kept(cell: str, other: str) -> str:
    """``other`` with every stroke that ``cell`` has on a beat: a four to the floor stays one."""
    return "".join(cell[i] if i % 4 == 0 and cell[i] != "." else other[i] for i in range(STEPS_PER_BAR))


def _filled(bar: dict[int, str], fill: dict[int, str], rng: Random) -> dict[int, str]:
    """The bar with a fill over its second half, or over its last beat."""
    start = HALF_BAR if rng.random() < 0.5 else HALF_BAR + 4
    filled = dict(bar)
    for key, cell in fill.items():
        filled[key] = bar.get(key, SILENCE)[:start] + cell[start - HALF_BAR :]
    return filled


def _strokes(bar: dict[int, str], first: int, kit: Kit, rng: Random) -> list[Tone]:
    tones = []
    for key, cell in bar.items():
        quiet = 0 if key in (KICK, kit.snare_key) else QUIET
        late = kit.late_snare if key == kit.snare_key else 0
        for step, symbol in enumerate(cell):
            if symbol in LEVELS and not (key == kit.hat_key and bar.get(OPEN, SILENCE)[step] != "."):
                level = loudness(step, LEVELS[symbol] - quiet, rng)
                tones += [
                    Tone(first + step, key, 0.5 if symbol in "rt" else 1, level - 6 * i, 0.9, late + offset)
                    for i, offset in enumerate(_rolled(symbol))
                ]
    return tones


def _rolled(symbol: str) -> tuple[int, ...]:
    """The offsets in ticks of a stroke: a roll strikes more than once."""
    if symbol == "r":
        return (0, TICKS_PER_STEP // 2)
    return (0, TICKS_PER_STEP * 2 // 3, TICKS_PER_STEP * 4 // 3) if symbol == "t" else (0,)
