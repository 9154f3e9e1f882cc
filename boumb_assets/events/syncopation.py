"""How syncopated the rhythm of a file is.

Longuet-Higgins and Lee, "The rhythmic interpretation of monophonic music", Music Perception 1 (1984): an onset that is
held over, or followed by a rest on, a metrically stronger place is syncopated by the difference of the weights. It
foretells the errors that people make in tapping a rhythm (Fitch and Rosenfeld, "Perception and production of syncopated
rhythms", Music Perception 25, 2007), and unlike the distance from the beat (Gómez et al., "Mathematical measures of
syncopation", 2005) it calls straight off-beats unsyncopated.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boumb_assets.events.bars import STEPS_PER_QUARTER, Positions
from boumb_assets.events.parse import ParsedMidi
from boumb_assets.theory.compiled import compiled
from boumb_assets.theory.metre import metrical_weights

POINTS_A_STEP: Final = 6  # of the grid that onsets are assigned to, which knows triplets: those are not counted
LONGEST: Final = 64  # steps of a rest that are looked at
MAX_METRES: Final = 64  # distinct ones that are told apart; a file with more is measured by its first
DRUMS: Final = 128

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_NOTHING: Final = np.zeros(1, dtype=np.int64)


def syncopation(parsed: ParsedMidi, positions: Positions) -> float | None:
    """0 to 1: the mean strength of the onsets of each part, and of each drum, as a share of the most it can be in the
    metre. None where no two onsets of a voice lie on sixteenths."""
    table, rows, starts = _metres(parsed, positions.pickup_steps > 0)
    total, count = _strength(
        positions.onset_grid, positions.onset_step, positions.step, parsed.track, parsed.pitch, parsed.is_drum,
        len(parsed.track_names), table.weights, table.lengths, rows, starts,
    )  # fmt: skip
    return total / count if count else None


class _Table(NamedTuple):
    """The distinct metres of a file, a row each."""

    weights: Floats
    """(k, m): the weight of each step of a bar, and of LONGEST more, as a share of the deepest level."""
    lengths: Ints
    """(k,): steps a bar."""


def _metres(parsed: ParsedMidi, has_pickup: bool) -> tuple[_Table, Ints, Ints]:
    """The distinct metres, and for each of the metre map its row among them (k,) and the step it begins with (k,)."""
    metres = parsed.metres
    pairs = list(zip(metres.numerator.tolist(), metres.denominator.tolist(), strict=True))
    if len(pairs) == 1:
        return _table((pairs[0],)), _NOTHING, _NOTHING
    if has_pickup:
        pairs[0] = pairs[1]
    distinct = tuple(dict.fromkeys(pairs))[:MAX_METRES]
    number = {pair: row for row, pair in enumerate(distinct)}
    starts = np.floor(metres.tick * (STEPS_PER_QUARTER / parsed.ppq) + 0.5).astype(np.int64)
    return _table(distinct), np.array([number.get(pair, 0) for pair in pairs]), starts


@lru_cache(maxsize=32)
def _table(metres: tuple[tuple[int, int], ...]) -> _Table:
    bars = [metrical_weights(*metre) for metre in metres]
    lengths = np.array([bar.size for bar in bars])
    shares = [bar / max(1, -int(bar.min())) for bar in bars]
    return _Table(np.array([np.resize(share, int(lengths.max()) + LONGEST) for share in shares]), lengths)


@compiled
def _strength(
    point: npt.NDArray[np.int32], nearest: npt.NDArray[np.int32], step: npt.NDArray[np.int16],
    track: npt.NDArray[np.int16], pitch: npt.NDArray[np.uint8], is_drum: npt.NDArray[np.bool_], tracks: int,
    weights: Floats, lengths: Ints, rows: Ints, starts: Ints,
) -> tuple[float, int]:  # fmt: skip
    """The strengths of all onsets but the last of each voice, summed, and how many there are.

    Note arrays (n,) are sorted by onset, and ``track`` is below ``tracks``. ``point`` is what an onset means, in 24ths
    of a quarter note, ``nearest`` the sixteenth it is nearest to and ``step`` that one's place in the bar: they differ
    where eighths swing. The rest as `_metres` gives it.
    """
    last = np.full(DRUMS + tracks, -1, dtype=np.int64)  # the step of a voice's last onset
    place = np.zeros(DRUMS + tracks, dtype=np.int64)  # where in its bar that was, and in which metre
    metre = np.zeros(DRUMS + tracks, dtype=np.int64)
    total, count, segment, row = 0.0, 0, 0, 0
    for note in range(point.size):
        while segment + 1 < starts.size and starts[segment + 1] <= nearest[note]:
            segment += 1
            row = rows[segment]
        voice = pitch[note] & 127 if is_drum[note] else DRUMS + track[note]
        onset = point[note] // POINTS_A_STEP
        if last[voice] == onset or point[note] % POINTS_A_STEP:
            continue
        if last[voice] >= 0:
            begin = place[voice]
            own = strongest = weights[metre[voice], begin]
            for later in range(begin + 1, begin + min(onset - last[voice], LONGEST)):
                strongest = max(strongest, weights[metre[voice], later])
            total += strongest - own
            count += 1
        last[voice], metre[voice] = onset, row
        place[voice] = (step[note] + onset - nearest[note]) % lengths[row]
    return total, count
