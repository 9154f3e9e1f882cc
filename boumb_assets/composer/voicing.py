"""Chords laid on the keyboard, each voice moving as little as it can from the chord before."""

from collections.abc import Sequence
from itertools import pairwise

from boumb_assets.composer.harmony import Chord

LOW_INTERVAL_LIMIT = 52  # below E3 two neighbours closer than a major third sound muddy


def voice(chord: Chord, voices: int, lowest: int, highest: int, before: Sequence[int] = ()) -> tuple[int, ...]:
    """``voices`` pitches of ``chord`` between ``lowest`` and ``highest`` (MIDI numbers at least two octaves apart),
    ascending. Of all close and drop-2 positions it takes the one nearest to ``before``, else to the middle."""
    classes = _chosen(chord, voices)
    positions = []
    for bottom in range(lowest, highest):
        if bottom % 12 not in classes:
            continue
        close = _stacked(classes, bottom, voices)
        positions.append(close)
        if len(close) > 3:  # the second voice from the top, an octave down
            positions.append(tuple(sorted((close[-2] - 12, *close[:-2], close[-1]))))
    fitting = [p for p in positions if p[0] >= lowest and p[-1] <= highest]
    middle = (lowest + highest) / 2
    candidates = fitting or [_stacked(classes, lowest, voices)]
    return min(candidates, key=lambda position: (_cost(position, before, middle), position))


def _chosen(chord: Chord, voices: int) -> tuple[int, ...]:
    """The tones that so many voices play: third and seventh define a chord, so the fifth, then the root go first."""
    tones = list(chord.classes)
    if voices < len(tones) and len(tones) >= 4:
        tones.remove(tones[2])
    if voices < len(tones) and len(tones) >= 4:
        tones.remove(tones[0])
    return tuple(tones[:voices])


def _stacked(classes: tuple[int, ...], bottom: int, voices: int) -> tuple[int, ...]:
    """The first ``voices`` chord tones from ``bottom`` upwards: tones double at the octave when the chord has fewer."""
    return tuple([pitch for pitch in range(bottom, bottom + 12 * voices) if pitch % 12 in classes][:voices])


def _cost(position: tuple[int, ...], before: Sequence[int], middle: float) -> float:
    gaps = [high - low for low, high in pairwise(position)]
    muddy = sum(3 for low, gap in zip(position, gaps, strict=False) if low < LOW_INTERVAL_LIMIT and gap < 4)
    clash = 4 * (gaps[-1] == 1) + sum(gap == 1 for gap in gaps) if gaps else 0
    off_middle = abs(sum(position) / len(position) - middle)
    if not before:
        return off_middle + muddy + clash
    moved = sum(min(abs(pitch - other) for other in before) for pitch in position) / len(position)
    top = abs(position[-1] - before[-1]) / 2
    return 2 * moved + top + 0.4 * off_middle + muddy + clash
