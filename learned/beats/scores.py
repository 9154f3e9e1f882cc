"""Scores with known beats: notes and metre of score-aligned MIDI, in quarter notes."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.parse import MidiRejected, parse_midi

FEWEST_NOTES: Final = 40

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """Notes in the order of onset, pitch, and the beats under them; all times in quarter notes from the start."""

    onset: Floats
    """(n,)"""
    duration: Floats
    """(n,)"""
    pitch: npt.NDArray[np.int64]
    """(n,)"""
    part: npt.NDArray[np.int64]
    """(n,) 0 is the highest staff."""
    beat: Floats
    """(k,) strictly increasing; covers all onsets."""
    downbeat: npt.NDArray[np.bool_]
    """(k,)"""

    def sorted(self) -> "Score":
        """The same notes in order."""
        order = np.lexsort((self.pitch, self.onset))
        return replace(
            self,
            onset=self.onset[order],
            duration=self.duration[order],
            pitch=self.pitch[order],
            part=self.part[order],
        )


def beat_quarters(numerator: int, denominator: int) -> float:
    """The beat of a metre in quarter notes: three of its units in compound time (6/8, 9/8, 12/16 ...), else one."""
    compound = numerator % 3 == 0 and numerator > 3
    return (3 if compound else 1) * 4 / denominator


def metrical_beats(metres: list[tuple[float, int, int]], end: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Beats and downbeats from metres ``(start in quarters, numerator, denominator)``. A first bar that is shorter than
    those of the second metre is a pickup, whose beats are counted back from the first bar line."""
    beats: list[float] = []
    downs: list[bool] = []
    for index, (start, numerator, denominator) in enumerate(metres):
        until = metres[index + 1][0] if index + 1 < len(metres) else end + 8
        bar = float(Fraction(4 * numerator, denominator))
        unit = beat_quarters(numerator, denominator)
        if index == 0 and len(metres) > 1 and until - start <= bar + 1e-6:
            _, next_numerator, next_denominator = metres[1]
            if 4 * next_numerator / next_denominator > bar + 1e-6:
                unit = beat_quarters(next_numerator, next_denominator)
                back = until - unit * np.arange(int((until - start) / unit + 1e-6), 0, -1)
                beats += back.tolist()
                downs += [False] * back.size
                continue
        inside = start + unit * np.arange(int(np.ceil((until - start) / unit - 1e-6)))
        beats += inside.tolist()
        downs += [bool(abs((time - start) % bar) < 1e-6 or abs((time - start) % bar - bar) < 1e-6) for time in inside]
    return np.array(beats), np.array(downs, dtype=np.bool_)


def read_score(path: Path) -> Score | None:
    """A score-aligned MIDI file; None where it cannot be read or has hardly any notes."""
    try:
        parsed = parse_midi(path.read_bytes())
    except MidiRejected:
        return None
    pitched = ~parsed.is_drum
    if np.count_nonzero(pitched) < FEWEST_NOTES:
        return None
    onset, duration = parsed.onset_tick[pitched] / parsed.ppq, parsed.duration_tick[pitched] / parsed.ppq
    pitch, part = parsed.pitch[pitched].astype(np.int64), parsed.track[pitched].astype(np.int64)
    metres = parsed.metres
    starts = (metres.tick / parsed.ppq).tolist()
    stated = list(zip(starts, metres.numerator.tolist(), metres.denominator.tolist(), strict=True))
    beat, downbeat = metrical_beats(stated, float((onset + duration).max()))
    return Score(onset, duration, pitch, part, beat, downbeat).sorted()
