"""Notes in seconds on a grid of bars: the one form that MIDI, picture and sound read."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

BPM_RANGE: Final = (10.0, 999.0)  # a tempo below 3.6 does not fit into MIDI's 24 bits of microseconds
MAX_BARS: Final = 1_000  # of what is rendered


def checked_bpm(bpm: float) -> float:
    """``bpm``. Raises ValueError outside ``BPM_RANGE``."""
    if not BPM_RANGE[0] <= bpm <= BPM_RANGE[1]:
        raise ValueError(f"a tempo of {bpm} bpm cannot be rendered: {BPM_RANGE[0]:g} to {BPM_RANGE[1]:g} can")
    return bpm


@dataclass(frozen=True)
class Voice:
    """One player: a name, a General MIDI program 0..127, and whether it is the drum kit."""

    name: str
    program: int
    is_drum: bool = False


@dataclass(frozen=True)
class Mark:
    """Where a part of a piece begins: its bar (from 0), its name, and its key as MIDI files write it (``Dm``)."""

    bar: int
    name: str
    key: str


@dataclass(frozen=True)
class Performance:
    """``n`` notes in order of onset, and the grid they stand on.

    ``onset_s``, ``duration_s``: float64 (n,), seconds. ``pitch``: int64 (n,), MIDI numbers, General MIDI percussion
    keys for drums. ``velocity``: int64 (n,), 1..127. ``voice``: int64 (n,), index into ``voices``. ``bpm`` counts
    quarters; ``loops`` says that the end leads back to the start.
    """

    onset_s: NDArray[np.float64]
    duration_s: NDArray[np.float64]
    pitch: NDArray[np.int64]
    velocity: NDArray[np.int64]
    voice: NDArray[np.int64]
    voices: tuple[Voice, ...]
    bpm: float
    bars: int
    metre: tuple[int, int] = (4, 4)
    loops: bool = True
    marks: tuple[Mark, ...] = ()

    @property
    def bar_s(self) -> float:
        """Seconds of a bar."""
        return self.metre[0] * 4 / self.metre[1] * 60 / self.bpm

    @property
    def length_s(self) -> float:
        """Seconds of all bars; a last note may ring beyond."""
        return self.bars * self.bar_s

    def at(self, bpm: float) -> "Performance":
        """The same notes at another tempo. Raises ValueError for one outside ``BPM_RANGE``."""
        slower = self.bpm / checked_bpm(bpm)
        return replace(self, onset_s=self.onset_s * slower, duration_s=self.duration_s * slower, bpm=float(bpm))

    def played_by(self, program: int) -> "Performance":
        """The same notes with all voices but the drums on a General MIDI program 0..127."""
        voices = tuple(voice if voice.is_drum else replace(voice, program=program) for voice in self.voices)
        return replace(self, voices=voices)

    @property
    def is_drum(self) -> NDArray[np.bool_]:
        """Whether each note is played on the drum kit, (n,)."""
        return np.array([voice.is_drum for voice in self.voices], dtype=bool)[self.voice]

    @property
    def program(self) -> NDArray[np.int64]:
        """The General MIDI program of each note, (n,)."""
        return np.array([voice.program for voice in self.voices], dtype=np.int64)[self.voice]


@dataclass
class Score:
    """A growing list of notes with times in quarters, from which a ``Performance`` is made."""

    voices: tuple[Voice, ...]
    rows: list[tuple[float, int, int, float, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, onset: float, duration: float, pitch: int, velocity: float, voice: int = 0) -> None:
        """One note: onset and duration in quarters, MIDI pitch, velocity 0..1."""
        self.rows.append((onset, voice, pitch, duration, max(1, min(127, round(velocity * 127)))))

    def perform(self, bpm: float, bars: int, metre: tuple[int, int] = (4, 4), loops: bool = True) -> Performance:
        """The notes in seconds at ``bpm`` quarters a minute, sorted by onset, voice, pitch. Raises ValueError for a
        tempo outside ``BPM_RANGE``."""
        checked_bpm(bpm)
        self.rows.sort()
        table = np.array(self.rows, dtype=np.float64).reshape(-1, 5)
        whole = table[:, [2, 4, 1]].astype(np.int64)
        return Performance(
            onset_s=table[:, 0] * 60 / bpm,
            duration_s=table[:, 3] * 60 / bpm,
            pitch=whole[:, 0],
            velocity=whole[:, 1],
            voice=whole[:, 2],
            voices=self.voices,
            bpm=float(bpm),
            bars=bars,
            metre=metre,
            loops=loops,
            marks=tuple(self.marks),
        )
