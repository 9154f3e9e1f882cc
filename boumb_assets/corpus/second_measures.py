"""What the second reading hears in an answer: plain measures of the notes of its contract's object, one loop at a
time, written without the loops' own measures."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median
from typing import Final

from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.theory.emotion import arousal, valence
from boumb_assets.theory.keys import pitch_class_histogram

_MIDDLE_C: Final = 60.0  # a loop's register comes from its role and says nothing of its mood
_HALF_BAR: Final = 8
_THIRDS: Final = (3, 4)
_BEAT: Final = ("track-kick", "track-snare")


@dataclass(frozen=True)
class Tone:
    """A note of an answer; a drum has no pitch and no length."""

    step: int
    pitch: int = 0
    length: float = 0.0
    track: str = ""


@dataclass(frozen=True)
class Answer:
    """The notes of an answer, in the order of their steps."""

    tones: tuple[Tone, ...]
    is_drums: bool

    @property
    def onsets(self) -> list[int]:
        """The steps on which something begins, ascending."""
        return sorted({tone.step for tone in self.tones})

    @property
    def bars(self) -> int:
        """2, or 4 where something begins after the second bar."""
        return 4 if self.tones[-1].step >= 32 else 2

    @property
    def middle(self) -> float:
        """The pitch halfway between the lowest and the highest."""
        pitches = [tone.pitch for tone in self.tones]
        return (min(pitches) + max(pitches)) / 2

    def notes_at_once(self) -> float:
        """How many notes begin together, on average."""
        return len(self.tones) / len(self.onsets)

    def mean_pitch(self) -> float:
        """The average of the MIDI numbers."""
        return mean(tone.pitch for tone in self.tones)

    def share_of_chords(self) -> float:
        """The share of the steps with a sound on which three pitch classes or more sound."""
        sounding: dict[int, set[int]] = {}
        for tone in self.tones:
            for step in range(tone.step, min(16 * self.bars, tone.step + max(1, int(tone.length)))):
                sounding.setdefault(step, set()).add(tone.pitch % 12)
        return mean(len(classes) > 2 for classes in sounding.values())

    def share_inside(self, classes: frozenset[int]) -> float:
        """The share of the sounding time that lies in ``classes``."""
        inside = sum(tone.length for tone in self.tones if tone.pitch % 12 in classes)
        return inside / sum(tone.length for tone in self.tones)

    def articulation(self) -> float:
        """The median of the notes' lengths as a share of the time to the next onset, or to the end."""
        until = dict(pairwise([*self.onsets, 16 * self.bars]))
        return median(tone.length / (until[tone.step] - tone.step) for tone in self.tones)

    def feeling(self, bpm: float) -> tuple[float, float]:
        """Valence and arousal at a tempo."""
        lengths = [tone.length for tone in self.tones]
        histogram = pitch_class_histogram([tone.pitch for tone in self.tones], lengths)
        step_s = 15 / bpm
        rate = len(self.onsets) / (16 * self.bars * step_s)
        return valence(histogram, bpm, rate, _MIDDLE_C), arousal(bpm, rate, step_s * mean(lengths))

    def held_over(self) -> int:
        """How many onsets sound on, or leave a rest, where the next stronger place is; of drums kick's and snare's."""
        if not self.is_drums:
            return _held_over(self.onsets, 16 * self.bars)
        return sum(_held_over([tone.step for tone in self.tones if tone.track == track], 32) for track in _BEAT)

    def chord_changes(self) -> float:
        """How often the triad that fits best is another one than half a bar before, a bar; silence changes nothing."""
        heard = [chord for chord in self._chords() if chord is not None]
        return sum(one != other for one, other in pairwise(heard)) / self.bars

    def _chords(self) -> Iterator[tuple[int, int] | None]:
        for begin in range(0, 16 * self.bars, _HALF_BAR):
            weights = [0.0] * 12
            for tone in self.tones:
                together = min(tone.step + tone.length, begin + _HALF_BAR) - max(tone.step, begin)
                weights[tone.pitch % 12] += max(0.0, together)
            yield _triad(weights) if sum(weight > 0 for weight in weights) > 1 else None


def answer(contract: str, content: str) -> Answer:
    """The notes of a canonical text. Raises ValueError for what is none of the two contracts of loops."""
    read = contract_of(contract).parse(content)
    if isinstance(read, BoumbSequence):
        tones = [Tone(note.step, note.pitch, DURATION_STEPS[note.duration]) for note in read.sequence]
        return Answer(tuple(tones), is_drums=False)
    if isinstance(read, DrumPattern):
        hits = [Tone(hit.step, track=track) for track, part in read.clips.tracks().items() for hit in part]
        return Answer(tuple(sorted(hits, key=lambda hit: hit.step)), is_drums=True)
    raise ValueError(f"{contract} is no contract of loops")


def _held_over(onsets: list[int], length: int) -> int:
    """Onsets on a weak step (the second or fourth sixteenth of a beat, the half of one, or the second or fourth beat)
    after which the next stronger step has none; the loop closes on itself."""
    begun = set(onsets)
    return sum(
        (step + away) % length not in begun
        for step in onsets
        for away in (1, 2, 4)
        if step % (2 * away) == away  # on a place of that level
    )


def _triad(weights: list[float]) -> tuple[int, int]:
    """Root and third (in semitones) of the triad that covers most, its root counted twice."""
    triads = [(root, third) for root in range(12) for third in _THIRDS]
    return max(triads, key=lambda triad: sum(weights[(triad[0] + up) % 12] for up in (0, 0, triad[1], 7)))
