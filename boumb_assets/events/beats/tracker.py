"""The beats of a performance.

Three steps: a network says of each cluster of notes how likely a beat begins there and how long the beat is
(`clusters`, `network`); the likeliest path through these opinions gives the beats (`decoding`); a second network looks
at the music beat by beat and says which of them begin bars (`beat_features`), and the likeliest metres follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MIN_CLUSTERS: Final = 16
MAX_CLUSTERS: Final = 30_000  # an hour of music, which takes ten seconds
LONGEST_REST: Final = 7.0  # seconds; a longer pause, as between movements, is taken for one that long
LEAST_LOG_ODDS: Final = -4.6  # a cluster less likely than 1 % is no candidate for a beat
STRETCHES: Final = (-3, 0, 3)  # how much slower the network hears a performance too, in bins of the beat's length
UNHEARD: Final = -12.0  # the log probability of a length for which a stretched performance has no bin
INERTIA: Final = 5.0
MOST_CHANGE: Final = 4.0
PERIOD_WEIGHT: Final = 0.2
RESONANCE_S: Final = 0.5
"""The length of the beats that listeners tap to most readily (van Noorden and Moelants, "Resonance in the perception
of musical pulse", Journal of New Music Research 28, 1999)."""
RESONANCE_WIDTH: Final = 0.5  # of its logarithm
RESONANCE_WEIGHT: Final = 0.25
EMPTY_COST: Final = 2.0
METRES: Final = (1, 2, 3, 4, 5)
METRE_COSTS: Final = (4.0, 0.0, 0.0, 0.0, 4.0)
METRE_CHANGE_COST: Final = 8.0


@dataclass(frozen=True)
class Beats:
    """The beats that were heard in a performance."""

    time_s: Floats
    """(k,) seconds, strictly increasing, k >= 2."""
    downbeat: npt.NDArray[np.bool_]
    """(k,) whether a bar begins there."""
    confidence: float
    """0..1, how far these beats may be trusted."""


@dataclass(frozen=True)
class Path:
    """Beats, and what the network thought of them."""

    time_s: Floats
    """(b,) seconds, strictly increasing, b >= 2."""
    heard: Floats
    """(b, 2) log odds of a beat and of a downbeat; 0 where no note was struck."""
    confidence: float


def track_beats(
    onset_s: npt.NDArray[Any], duration_s: npt.NDArray[Any], pitch: npt.NDArray[Any], velocity: npt.NDArray[Any]
) -> Beats | None:
    """The beats of notes in the order of their onsets, all arrays (n,); None where there is too little to tell by."""
    from boumb_assets.events.beats.beat_features import beat_features
    from boumb_assets.events.beats.network import run_network, weights

    if onset_s.size == 0:
        return None
    time, logits = listen(onset_s, duration_s, pitch, velocity, weights("clusters"))
    path = likeliest_beats(time, logits) if time.size >= MIN_CLUSTERS else None
    if path is None:
        return None
    features = beat_features(onset_s, duration_s, pitch, velocity, path.time_s, path.heard)
    down = run_network(features, weights("bars"))[:, 0].astype(np.float64)
    return Beats(path.time_s, likeliest_bars(down), path.confidence)


def listen(
    onset_s: npt.NDArray[Any],
    duration_s: npt.NDArray[Any],
    pitch: npt.NDArray[Any],
    velocity: npt.NDArray[Any],
    arrays: Mapping[str, npt.NDArray[np.float32]],
) -> tuple[Floats, Floats]:
    """The times (k,) of the clusters of notes (n,), n >= 1, and what the network with the weights ``arrays`` says of
    them (k, 2 + PERIODS): the mean of what it says of the performance as it is, and played slower and faster."""
    from boumb_assets.events.beats.clusters import find_clusters
    from boumb_assets.events.beats.network import PERIOD_CENTRES, run_network

    step = float(PERIOD_CENTRES[1] - PERIOD_CENTRES[0])
    heard = []
    for bins in STRETCHES:
        clusters = find_clusters(onset_s, duration_s, pitch, velocity, float(np.exp(step * bins)))
        if clusters.time_s.size > MAX_CLUSTERS:
            return clusters.time_s[:0], np.zeros((0, 2 + PERIOD_CENTRES.size))
        heard.append(_as_played(run_network(clusters.features, arrays).astype(np.float64), bins))
    return clusters.time_s, np.mean(heard, axis=0)


def _as_played(logits: Floats, bins: int) -> Floats:
    """What was said of a stretched performance, for the one that was played: beats are ``bins`` bins shorter."""
    periods = logits[:, 2:] - np.logaddexp.reduce(logits[:, 2:], axis=1, keepdims=True)
    moved = np.full_like(periods, UNHEARD)
    low, high = max(0, -bins), max(0, bins)
    count = periods.shape[1] - low - high
    moved[:, low : low + count] = periods[:, high : high + count]
    return np.concatenate([logits[:, :2], moved], axis=1)


def likeliest_beats(time_s: Floats, logits: Floats) -> Path | None:
    """The likeliest beats of clusters at ``time_s`` (k,) by what the network said of them (k, 2 + PERIODS); None where
    there are fewer than two."""
    from boumb_assets.events.beats.decoding import best_beats

    log_odds = logits[:, 0]
    candidates = np.flatnonzero(log_odds > LEAST_LOG_ODDS)
    if candidates.size < 2:
        return None
    log_beat, log_none = _log_probability(log_odds)
    tempo = (INERTIA, MOST_CHANGE, EMPTY_COST)
    lengths = _summed(_lengths(logits[:, 2:]))
    path, spans = best_beats(_paused_less(time_s), candidates, log_beat, _summed(log_none), lengths, *tempo)
    if path.size < 2:
        return None
    places = np.cumsum(spans)
    time = np.interp(np.arange(places[-1] + 1), places, time_s[path])
    heard = np.zeros((time.size, 2))
    heard[places] = logits[path, :2]
    return Path(time, heard, _expected_f_measure(log_odds, path, time.size))


def _lengths(logits: Floats) -> Floats:
    """What each length of the beat is worth at each cluster (k, PERIODS): what the network heard, and how readily
    listeners would tap so."""
    from boumb_assets.events.beats.network import PERIOD_CENTRES

    heard = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    away = (PERIOD_CENTRES - np.log(RESONANCE_S)) / RESONANCE_WIDTH
    worth: Floats = PERIOD_WEIGHT * heard - RESONANCE_WEIGHT * away**2 / 2
    return worth


def _paused_less(time_s: Floats) -> Floats:
    """The times (k,) with no pause longer than LONGEST_REST: beats cannot be followed through more than a few empty
    ones, and what is before or after such a pause would be left without any."""
    pauses = np.diff(time_s, prepend=time_s[:1])
    shorter: Floats = time_s - np.cumsum(np.maximum(pauses - LONGEST_REST, 0.0))
    return shorter


def likeliest_bars(log_odds: Floats) -> npt.NDArray[np.bool_]:
    """(b,) which beats begin bars, by the log odds (b,) of each."""
    from boumb_assets.events.beats.decoding import best_bars

    log_down, log_not = _log_probability(log_odds)
    return best_bars(log_down, log_not, np.array(METRES), np.array(METRE_COSTS), METRE_CHANGE_COST)


def _expected_f_measure(log_odds: Floats, path: npt.NDArray[np.int64], beats: int) -> float:
    """The F-measure (0..1) that the network itself expects of its path."""
    probability = np.exp(_log_probability(log_odds)[0])
    return 2 * float(probability[path].sum()) / (beats + float(probability.sum()))


def _log_probability(log_odds: Floats) -> tuple[Floats, Floats]:
    """log p and log(1 - p)."""
    return -np.logaddexp(0, -log_odds), -np.logaddexp(0, log_odds)


def _summed(values: Floats) -> Floats:
    """Sums over the rows before each one, and over all."""
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
