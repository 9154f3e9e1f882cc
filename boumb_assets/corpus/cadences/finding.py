"""Cadences in score-aligned music: where a phrase ends, how, and in which key.

What speaks for a cadence at each place of the metre (`evidence`) is summed as log odds (`weights`), and the chain of
cadences is chosen that explains the whole piece best: they keep their distance, and phrases of four and eight bars are
likelier than others (`choice`).

Measured on the 54 movements of Mozart's sonatas with experts' cadences (DCMLab), right within a quarter note. On the 27
movements of even number (the second, the fourth, ... by the name of the file): perfect authentic cadences F1 0.76, half
cadences F1 0.64; of those found where the experts mark a cadence of any kind, 0.95 and 0.93 are of the kind that they
mark. On those of odd number, on which alone the weights were chosen: 0.79 and 0.63, 0.97 and 0.94. Experts do not mark
every close that repeats the one before, nor do they always agree (``benchmarks/harmony_cadences.py``).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.cadences.choice import AUTHENTIC, DECEPTIVE, HALF, best_chain, weighed
from boumb_assets.corpus.cadences.evidence import Evidence, Heard, authentic_evidence, half_evidence
from boumb_assets.corpus.cadences.kinds import Cadence, CadenceName, Key
from boumb_assets.corpus.cadences.phrasing import EARLY, Line, phrasing
from boumb_assets.corpus.cadences.places import BEAT, Places, places_of
from boumb_assets.corpus.cadences.sounds import CELL_QUARTERS, returns, sounds_of
from boumb_assets.corpus.cadences.tonality import tonality
from boumb_assets.corpus.cadences.weights import AUTHENTIC_WEIGHTS, HALF_WEIGHTS, LEAST_SCORE, SPACING
from boumb_assets.corpus.piece import Piece
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
    voice, top = (Line(line.onset, line.end, line.pitch) for line in (piece.melody, piece.skyline))
    places = places_of(begins, [piece.metre] * len(begins))
    return cadences_of(piece.onset, piece.duration, piece.pitch, voice, top, places)


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
    evidence = {
        AUTHENTIC: authentic_evidence(heard, 0, 0),
        HALF: half_evidence(heard),
        DECEPTIVE: authentic_evidence(heard, 9, 8),
    }
    scores = {
        one: weighed(found.measures, HALF_WEIGHTS if one == HALF else AUTHENTIC_WEIGHTS)
        for one, found in evidence.items()
    }
    likely = {one: np.flatnonzero(found.possible & (scores[one] > LEAST_SCORE)) for one, found in evidence.items()}
    place = np.concatenate(list(likely.values()))
    kind = np.repeat(list(likely), [at.size for at in likely.values()])
    score = np.concatenate([scores[one][at] for one, at in likely.items()])
    order = np.lexsort((kind, place))
    place, kind, score = place[order], kind[order], score[order]
    chain, added = best_chain(places.time[place], kind, score, places.bar[place], float(places.time[0]), SPACING)
    chosen = zip(kind[chain].tolist(), place[chain].tolist(), added.tolist(), strict=True)
    return [_cadence(heard, evidence[one], one, at, gain) for one, at, gain in chosen]


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


def _cadence(heard: Heard, found: Evidence, kind: int, place: int, added: float) -> Cadence:
    """The cadence of a ``kind`` at a ``place`` that adds so much to the log odds of the piece."""
    slope, offset = CONFIDENCE[kind]
    confidence = 1 / (1 + float(np.exp(-(slope * added + offset))))
    key = Key(int(found.key[place]) % 12, bool(found.key[place] >= 12))
    time = float(heard.places.time[place])
    names: dict[int, CadenceName] = {AUTHENTIC: "PAC", HALF: "HC", DECEPTIVE: "DC"}
    name = "PICARDY" if kind == AUTHENTIC and key.minor and _is_picardy(heard, place, key) else names[kind]
    return Cadence(time, name, key, float(found.dominant_from[place]), confidence)


def _is_picardy(heard: Heard, place: int, key: Key) -> bool:
    """Whether the tonic arrives with the third of major alone, after bars that had more of the third of minor."""
    places, histograms = heard.places, heard.sounds.histograms
    cell = round((float(places.time[place]) - heard.origin) / CELL_QUARTERS)
    beat, past = (round(float(span[place]) / CELL_QUARTERS) for span in (places.beat, PAST_BARS * places.bar))
    arrival, before = histograms[cell : cell + beat].sum(axis=0), histograms[max(0, cell - past) : cell].sum(axis=0)
    minor, major = key.pitch_class(3), key.pitch_class(4)
    return bool(arrival[major] > 0 and arrival[minor] == 0 and before[minor] > before[major])


def _comes_to_rest(piece: Piece, time: float) -> bool:
    """Whether the melody waits for a beat at least once it has arrived: with a silence of half a beat, or on a note
    that is long for it."""
    melody = piece.melody
    first, stop = np.searchsorted(melody.onset, [time - EARLY, time + piece.beat - EARLY])
    if first == stop:
        return True
    spans, last = melody.spans[first:stop], len(melody.onset) - 1
    if stop > last:
        return True
    silence = melody.onset[first + 1 : stop + 1] - melody.end[first:stop]
    long = LONG * float(np.median(melody.spans))
    rests = (spans >= piece.beat - EARLY) & ((silence >= piece.beat / 2 - 0.05) | (spans >= long - EARLY))
    return bool(rests.any())
