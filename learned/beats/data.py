"""Labelled performances without end, made of cleared scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.beats.beat_features import beat_features
from boumb_assets.events.beats.clusters import Clusters, find_clusters
from boumb_assets.events.beats.tracker import likeliest_beats, listen
from learned.beats.performing import Performance, perform
from learned.beats.scores import Score, read_score
from learned.beats.textures import chords_of, florid, textured

TOLERANCE: Final = 0.07  # seconds by which a beat may be off and still be that beat


@dataclass(frozen=True)
class Example:
    """One performance as the network sees it; all (k,) or (k, FEATURES)."""

    features: npt.NDArray[np.float32]
    beat: npt.NDArray[np.float32]
    downbeat: npt.NDArray[np.float32]
    period: npt.NDArray[np.float32]
    """log of the seconds from the beat before to the beat after it."""


def labelled(performance: Performance) -> Example:
    """The clusters of a performance, and which of them are beats."""
    clusters = find_clusters(performance.onset_s, performance.duration_s, performance.pitch, performance.velocity)
    return Example(clusters.features, *_labels(performance, clusters))


def _labels(performance: Performance, clusters: Clusters) -> tuple[Any, Any, Any]:
    kind = np.zeros(clusters.time_s.size, dtype=np.int64)
    np.maximum.at(kind, clusters.index, performance.beat_of)
    after = np.clip(np.searchsorted(performance.beat_s, clusters.time_s, side="right"), 1, performance.beat_s.size - 1)
    period = np.log(np.maximum(performance.beat_s[after] - performance.beat_s[after - 1], 0.05))
    return (kind >= 1).astype(np.float32), (kind == 2).astype(np.float32), period.astype(np.float32)


@dataclass(frozen=True)
class BarExample:
    """The beats that were tracked in one performance, as the bar network sees them."""

    features: npt.NDArray[np.float32]
    """(b, BEAT_FEATURES)"""
    downbeat: npt.NDArray[np.float32]
    """(b,)"""


def barred(performance: Performance, arrays: Mapping[str, npt.NDArray[np.float32]]) -> BarExample | None:
    """The beats that the cluster network with the weights ``arrays`` finds, and which of them begin bars; None where it
    finds none. It is these beats, wrong ones too, that the bar network will have to work with."""
    notes = (performance.onset_s, performance.duration_s, performance.pitch, performance.velocity)
    path = likeliest_beats(*listen(*notes, arrays))
    if path is None:
        return None
    bars = performance.beat_s[performance.downbeat]
    nearest = np.clip(np.searchsorted(bars, path.time_s), 1, bars.size - 1)
    distance = np.minimum(np.abs(bars[nearest] - path.time_s), np.abs(bars[nearest - 1] - path.time_s))
    features = beat_features(*notes, path.time_s, path.heard)
    return BarExample(features, (distance < TOLERANCE).astype(np.float32))


class Source:
    """Scores to draw performances from."""

    def __init__(self, songs: Sequence[Path], chorales: Sequence[Path]) -> None:
        self.songs = [score for path in songs if (score := read_score(path)) is not None]
        self.chorales = [score for path in chorales if (score := read_score(path)) is not None]
        self.chords = [chords_of(chorale) for chorale in self.chorales]

    def draw(self, random: np.random.Generator) -> Score:
        """One score: half of the time a song, else a texture over a chorale."""
        while True:
            roll = random.random()
            if roll < 0.48 or not self.chorales:
                made: Score | None = self.songs[int(random.integers(0, len(self.songs)))]
            elif roll < 0.8:
                rows = [self.chords[int(i)] for i in random.integers(0, len(self.chords), 6)]
                made = textured(np.concatenate(rows), random)
            else:
                made = florid(self.chorales[int(random.integers(0, len(self.chorales)))], random)
            if made is not None and made.onset.size >= 40:
                return made

    def examples(self, random: np.random.Generator) -> Iterator[Example]:
        """Performances without end."""
        while True:
            yield labelled(perform(self.draw(random), random))
