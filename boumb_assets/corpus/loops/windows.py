"""Where a part is cut, and what makes two windows the same."""

from boumb_assets.contracts.boumb_sequence import LOOP_BARS
from boumb_assets.corpus.loops.texts import Ints

DRUM_BARS = 2
Span = tuple[int, int]  # the first bar, from that of the source, and the number of bars


def spans(bars: int, is_drum: bool) -> list[Span]:
    """The windows of a part of ``bars`` bars, in order: side by side, of four and of two bars; for drums of two.

    Music that is two or four bars long is a loop as it is, and is not cut into halves.
    """
    if is_drum:
        return [(start, DRUM_BARS) for start in range(0, bars - DRUM_BARS + 1, DRUM_BARS)]
    if bars in LOOP_BARS:
        return [(0, bars)]
    return sorted((start, length) for length in LOOP_BARS for start in range(0, bars - length + 1, length))


def identity(steps: Ints, pitches: Ints) -> bytes:
    """Equal for windows with the same notes at the same steps, however long and loud."""
    return (steps * 256 + pitches).tobytes()


def repeats_its_half(steps: Ints, pitches: Ints, length: int) -> bool:
    """Whether the second half of a window of ``length`` steps is its first half again."""
    half, odd = divmod(len(steps), 2)
    if odd or half == 0:
        return False
    again = steps[half:] - length // 2 == steps[:half]
    return bool(again.all() and (pitches[half:] == pitches[:half]).all())
