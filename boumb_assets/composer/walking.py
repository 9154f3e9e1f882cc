"""Walking bass: a quarter a beat from one chord's root to the next."""

from random import Random
from typing import Final

from boumb_assets.composer.brief import Brief
from boumb_assets.composer.harmony import Chord
from boumb_assets.composer.plan import Tone
from boumb_assets.composer.rhythm import loudness
from boumb_assets.contracts.base import STEPS_PER_BAR
from boumb_assets.theory.scales import scale_classes

REGISTER: Final = range(28, 53)  # E1 to E3, the double bass below thumb position
TURN_LOW, TURN_HIGH = 31, 47  # beyond these the line turns round
GATE: Final = 0.9
BEAT, BACKBEAT, SKIP = 88, 94, 58  # two and four lean a little


def walking_bass(brief: Brief, rng: Random) -> list[Tone]:
    """A walking line: a chord's root where it enters, chord and scale tones towards the next one, an approach before
    it. A low density plays in two, a high one adds skipped eighths."""
    unit = 8 if brief.density == "low" else 4
    total = brief.bars * STEPS_PER_BAR
    line: list[Tone] = []
    for step in range(0, total, unit):
        chord, following = brief.harmony.at(step), brief.harmony.at(step + unit)
        enters = step % STEPS_PER_BAR == 0 or chord != brief.harmony.at(step - 1)
        if enters:
            pitch = _near(chord.root, line, rng)
        elif following != chord or (step + unit) % STEPS_PER_BAR == 0:
            pitch = _walk_approach(brief, following, line, rng)
        else:
            pitch = _between(brief, chord, line, rng)
        line.append(Tone(step, pitch, unit, loudness(1, BACKBEAT if step % 8 else BEAT, rng), GATE))
    return _with_skips(line, brief, rng)


def _with_skips(line: list[Tone], brief: Brief, rng: Random) -> list[Tone]:
    """Some quarters are followed by a muted skip on the swung eighth, most at high density."""
    chance = {"low": 0.12, "medium": 0.14, "high": 0.45}[brief.density]
    skips = []
    for tone in line:
        if rng.random() < chance:
            step = tone.step + round(tone.length) - 2
            skips.append(Tone(step, tone.pitch, 2, loudness(1, SKIP, rng), gate=0.5))
    if brief.density == "high" and not skips:
        last = line[-1]
        skips.append(Tone(last.step + 2, last.pitch, 2, loudness(1, SKIP, rng), gate=0.5))
    starts = {skip.step for skip in skips}
    shortened = [
        Tone(t.step, t.pitch, t.length - 2 if t.step + round(t.length) - 2 in starts else t.length, t.velocity, t.gate)
        for t in line
    ]
    return sorted(shortened + skips, key=lambda tone: tone.step)


def _near(pitch_class: int, line: list[Tone], rng: Random) -> int:
    """The pitch of a class nearest to the last tone (but not that tone), leaning to the middle of the register."""
    last = line[-1].pitch if line else rng.choice((33, 36, 38, 41))
    places = [p for p in REGISTER if p % 12 == pitch_class and not (line and p == last)]
    return min(places, key=lambda p: (abs(p - last) + 0.3 * abs(p - 39), p))


def _walk_approach(brief: Brief, target: Chord, line: list[Tone], rng: Random) -> int:
    last = line[-1].pitch
    roots = [p for p in REGISTER if p % 12 == target.root]
    root = min(roots, key=lambda p: abs(p - last))
    classes = scale_classes(brief.root, brief.scale)
    steps = [p for p in range(root - 2, root + 3) if p != root and p % 12 in classes]
    if brief.chromatic:
        steps += [root - 1, root + 1]
    places = [p for p in steps if p != last and p in REGISTER]
    return rng.choice(places or [p for p in (root + 7, root - 5) if p in REGISTER and p % 12 in classes] or [root])


def _between(brief: Brief, chord: Chord, line: list[Tone], rng: Random) -> int:
    """A tone in the middle of a bar: a step on in the same direction, or a chord tone; it turns round at the edges."""
    last = line[-1].pitch
    rising = (len(line) < 2 or last >= line[-2].pitch) == (rng.random() < 0.8)
    if not TURN_LOW < last < TURN_HIGH:
        rising = last <= TURN_LOW
    classes = scale_classes(brief.root, brief.scale)
    ahead = [p for p in (range(last + 1, last + 8) if rising else range(last - 1, last - 8, -1)) if p in REGISTER]
    scale_steps = [p for p in ahead if p % 12 in classes][:1]
    chordal = [p for p in ahead if p % 12 in chord.classes[:4]]
    return rng.choice((scale_steps + chordal[:2] + chordal[:1]) or [last + (1 if rising else -1)])
