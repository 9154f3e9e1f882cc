"""Cadences in score-aligned music: where a phrase ends, how, and in which key.

What speaks for a cadence at each place of the metre (`evidence`) is summed as log odds (`weights`), and the chain of
cadences is chosen that explains the whole piece best: they keep their distance, and phrases of four and eight bars are
likelier than others (`choice`).

Measured on the 54 movements of Mozart's sonatas with experts' cadences (DCMLab), right within a quarter note. On the 27
movements of even number (the second, the fourth, ... by the name of the file): perfect authentic cadences F1 0.76, half
cadences F1 0.64; of those found where the experts mark a cadence of any kind, 0.95 and 0.93 are of the kind that they
mark. On those of odd number, on which alone the weights were chosen: 0.79 and 0.63, 0.97 and 0.94. Experts do not mark
every close that repeats the one before, nor do they always agree (``benchmarks/harmony.py``).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.cadences.choice import AUTHENTIC, DECEPTIVE, HALF, best_chain
from boumb_assets.corpus.cadences.evidence import Evidence, Heard, authentic_evidence, half_evidence
from boumb_assets.corpus.cadences.kinds import Cadence, CadenceName, Key
from boumb_assets.corpus.cadences.phrasing import EARLY, phrasing
from boumb_assets.corpus.cadences.places import BEAT, Places, places_of
from boumb_assets.corpus.cadences.sounds import CELL_QUARTERS, returns, sounds_of
from boumb_assets.corpus.cadences.tonality import tonality
from boumb_assets.corpus.cadences.weights import AUTHENTIC_WEIGHTS, HALF_WEIGHTS, LEAST_SCORE, SPACING
from boumb_assets.corpus.piece import Line, Piece
from boumb_assets.theory.local_keys import WINDOW_BEATS, key_evidence, local_keys
from boumb_assets.theory.pitch_windows import window_histograms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CONFIDENCE: Final = {AUTHENTIC: (0.2, 0.8), HALF: (0.75, -0.2), DECEPTIVE: (0.1, -1.1)}
"""Slope and offset of the logistic curve from what a cadence adds to the piece's log odds to its confidence, on the
movements of odd number: whether experts mark an authentic cadence hardly depends on how clear it is."""
SURE: Final = {"PAC": 0.73, "PICARDY": 0.73, "HC": 0.75}
"""The confidence from which on a cadence of each kind is sure; a deceptive one never is."""
MOST_MEASURES: Final = 10_000  # in which cadences are looked for; no music has so many
LONG: Final = 1.9  # a last note lasts so many times the median note of its melody
PAST_BARS: Final = 4  # in which the third of minor must have been heard more than that of major before a Picardy third


def find_cadences(piece: Piece) -> list[Cadence]:
    """The cadences of ``piece``, by time; none closer to each other than a quarter note."""
    begins = [number * piece.bar for number in range(min(piece.measures, MOST_MEASURES))]
    places = places_of(begins, [piece.metre] * len(begins))
    return cadences_of(piece.onset, piece.duration, piece.pitch, piece.melody, piece.skyline, places)


def sure_cadences(piece: Piece, keys: Sequence[Key]) -> list[Cadence]:
    """The cadences of ``piece`` in one of ``keys`` that are sure, and at which the melody comes to rest; by time.

    On the movements of Mozart's sonatas on which this was chosen, 116 of 117 sure authentic cadences go to the tonic in
    the experts' analysis too, and 12 of 15 half cadences are marked.
    """
    return [
        one
        for one in find_cadences(piece)
        if one.key in keys and one.confidence >= SURE.get(one.name, np.inf) and _comes_to_rest(piece, one.time)
    ]


def cadences_of(onset: Floats, duration: Floats, pitch: Ints, voice: Line, top: Line, places: Places) -> list[Cadence]:
    """The cadences of a piece in any metre, by time. Notes (notes,), sorted by onset, then pitch, times in quarters;
    ``voice`` is its melody, ``top`` its highest line, which may be the same; ``places`` as `places_of` gives them."""
    if not places.time.size or not np.any((onset >= places.time[0]) & (onset < places.line[-1])):
        return []
    heard = _heard(onset, duration, pitch, voice, top, places)
    authentic, deceptive = authentic_evidence(heard)
    evidence = {AUTHENTIC: authentic, HALF: half_evidence(heard), DECEPTIVE: deceptive}
    scores = {one: _scores(found, one) for one, found in evidence.items()}
    likely = {one: np.flatnonzero(score > LEAST_SCORE) for one, score in scores.items()}
    place = np.concatenate([found.place[likely[one]] for one, found in evidence.items()])
    kind = np.repeat(list(likely), [rows.size for rows in likely.values()])
    row = np.concatenate(list(likely.values()))
    score = np.concatenate([scores[one][rows] for one, rows in likely.items()])
    order = np.lexsort((kind, place))
    place, kind, row, score = place[order], kind[order], row[order], score[order]
    chain, added = best_chain(places.time[place], kind, score, places.bar[place], float(places.time[0]), SPACING)
    chosen = zip(kind[chain].tolist(), row[chain].tolist(), added.tolist(), strict=True)
    return [_cadence(heard, evidence[one], one, at, gain) for one, at, gain in chosen]


def _scores(found: Evidence, kind: int) -> Floats:
    """(n,): the log odds of each of the places at which there can be a cadence of a ``kind``."""
    weights = HALF_WEIGHTS if kind == HALF else AUTHENTIC_WEIGHTS
    scores = np.zeros(found.place.size)
    for name, values in found.measures.items():
        scores += weights[name] * values
    return scores


def _heard(onset: Floats, duration: Floats, pitch: Ints, voice: Line, top: Line, places: Places) -> Heard:
    """What the evidence is taken from; notes that begin more than two bars before or after the places do not count."""
    first, stop = float(places.time[0]), float(places.line[-1] + 2 * places.bar[-1])
    inside = slice(*np.searchsorted(onset, [first - 2 * places.bar[0], stop]).tolist())
    onset, pitch, end = onset[inside], pitch[inside], np.minimum(onset + duration, stop)[inside]
    width = float(WINDOW_BEATS)
    origin = first - width * float(np.ceil(max(0.0, first - float(onset[0])) / width))
    last = max(float(end.max()), first + CELL_QUARTERS)
    windows, cells = int(np.ceil((last - origin) / width)), int(np.ceil((last - origin) / CELL_QUARTERS))
    none = np.zeros(onset.size, dtype=np.bool_)
    histograms = window_histograms(onset - origin, end - onset, pitch.astype(np.uint8), none, windows, width)
    path, _ = local_keys(histograms)
    sounds = sounds_of(onset, end, pitch, origin, cells + 1)
    return Heard(
        origin,
        sounds,
        voice,
        top,
        places,
        phrasing(voice, top, places, sounds, origin, last),
        tonality(places.time, path, key_evidence(histograms), origin, width),
        *_returns(onset, pitch, places),
    )


def _returns(onset: Floats, pitch: Ints, places: Places) -> tuple[Floats, Floats]:
    """(places,): bars of the longest passage heard once more that begins with each place, and of that which begins with
    the next bar or up to half a bar before."""
    is_beat = places.strength >= BEAT
    here, following = np.zeros(places.time.size), np.zeros(places.time.size)
    bars = returns(onset, pitch, places.time[is_beat]) * places.beat[is_beat] / places.bar[is_beat]
    here[is_beat] = bars
    beats = places.time[is_beat]
    first = np.searchsorted(beats, np.maximum(places.time + places.beat / 2, places.line - places.bar / 2) - EARLY)
    stop = np.searchsorted(beats, places.line + EARLY)
    for step in range(int((stop - first).max(initial=0))):
        at = np.minimum(first + step, beats.size - 1)
        following = np.where(first + step < stop, np.maximum(following, bars[at]), following)
    return here, following


def _cadence(heard: Heard, found: Evidence, kind: int, row: int, added: float) -> Cadence:
    """The cadence of a ``kind`` at a ``row`` of its evidence that adds so much to the log odds of the piece."""
    slope, offset = CONFIDENCE[kind]
    confidence = 1 / (1 + float(np.exp(-(slope * added + offset))))
    key, place = Key(int(found.key[row]) % 12, bool(found.key[row] >= 12)), int(found.place[row])
    names: dict[int, CadenceName] = {AUTHENTIC: "PAC", HALF: "HC", DECEPTIVE: "DC"}
    name = "PICARDY" if kind == AUTHENTIC and key.minor and _is_picardy(heard, place, key) else names[kind]
    return Cadence(float(heard.places.time[place]), name, key, float(found.dominant_from[row]), confidence)


def _is_picardy(heard: Heard, place: int, key: Key) -> bool:
    """Whether the tonic arrives with the third of major alone, after bars that had more of the third of minor."""
    places, sums = heard.places, heard.sounds.sums
    cell = round((float(places.time[place]) - heard.origin) / CELL_QUARTERS)
    beat, past = (round(float(span[place]) / CELL_QUARTERS) for span in (places.beat, PAST_BARS * places.bar))
    arrival, before = sums[min(cell + beat, len(sums) - 1)] - sums[cell], sums[cell] - sums[max(0, cell - past)]
    minor, major = key.pitch_class(3), key.pitch_class(4)
    return bool(arrival[major] > 0 and arrival[minor] == 0 and before[minor] > before[major])


def _comes_to_rest(piece: Piece, time: float) -> bool:
    """Whether the melody waits for a beat at least once it has arrived: with a silence of half a beat, or on a note
    that is long for it."""
    melody = piece.melody
    first, stop = np.searchsorted(melody.onset, [time - EARLY, time + piece.beat - EARLY])
    if first == stop:
        return True
    if stop == len(melody.onset):
        return True
    spans = melody.spans[first:stop]
    silence = melody.onset[first + 1 : stop + 1] - melody.end[first:stop]
    long = LONG * float(np.median(melody.spans))
    rests = (spans >= piece.beat - EARLY) & ((silence >= piece.beat / 2 - 0.05) | (spans >= long - EARLY))
    return bool(rests.any())
