"""A score played: rubato, dynamics, articulation, spread chords, ornaments and wrong notes, at random.

It makes what a pianist's recording is to the tracker: notes in seconds with velocities, and where the beats fell.
The ranges follow what is known of expressive performance: tempo arcs over phrases and final ritardandi (Todd, "The
dynamics of dynamics", JASA 91, 1992; Friberg and Sundberg, JASA 105, 1999), melody lead of 10 to 30 ms (Goebl, JASA
110, 2001), timing noise of about 10 ms.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from learned.beats.scores import Score

Floats = npt.NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True)
class Performance:
    """Notes in the order of their onsets, all (n,), and the beats (k,), in seconds."""

    onset_s: Floats
    duration_s: Floats
    pitch: npt.NDArray[np.int64]
    velocity: npt.NDArray[np.int64]
    beat_of: npt.NDArray[np.int64]
    """(n,) 0 for a note that is not on a beat in the score, 1 on a beat, 2 on a downbeat."""
    beat_s: Floats
    downbeat: npt.NDArray[np.bool_]


def perform(score: Score, random: Random) -> Performance:
    """One rendering of ``score``."""
    score = _ornamented(_brilliant(_chosen_parts(score, random), random), random)
    freedom = float(np.exp(random.uniform(np.log(0.15), np.log(2.0))))
    times = _beat_times(score, _beat_seconds(score, random), freedom, random)
    onset = np.interp(_leaning(score.onset, score, freedom, random), score.beat, times)
    end = np.interp(score.onset + score.duration, score.beat, times)
    beat_of = _metrical(score)
    onset, end = _touch(score, onset, end, freedom, random)
    velocity = _velocities(score, beat_of, random)
    pitch = np.clip(score.pitch + random.integers(-6, 7), 21, 108)
    keep = random.random(onset.size) >= random.choice([0.0, 0.0, 0.01, 0.03])
    order = np.flatnonzero(keep)[np.argsort(onset[keep], kind="stable")]
    onset, end = onset[order], end[order]
    shift = onset[0] - 0.5
    return Performance(
        onset - shift, np.maximum(end - onset, 0.03), pitch[order], velocity[order], beat_of[order], times - shift,
        score.downbeat,
    )  # fmt: skip


def _leaning(onset: Floats, score: Score, freedom: float, random: Random) -> Floats:
    """Places in quarter notes within beats that hurry on or hold back: their middle comes sooner or later."""
    beat = np.clip(np.searchsorted(score.beat, onset + 1e-9, side="right") - 1, 0, score.beat.size - 2)
    length = np.diff(score.beat)[beat]
    inside = np.clip((onset - score.beat[beat]) / length, 0, 1)
    power = np.exp(random.normal(0, 0.12 * freedom, score.beat.size))[beat]
    leaned: Floats = np.where(onset < score.beat[0], onset, score.beat[beat] + length * inside**power)
    return leaned


def _take(score: Score, keep: npt.NDArray[np.bool_]) -> Score:
    return Score(
        score.onset[keep], score.duration[keep], score.pitch[keep], score.part[keep], score.beat, score.downbeat
    )


def _chosen_parts(score: Score, random: Random) -> Score:
    """Mostly the piano alone, or the voice doubled at the octave as in a transcription; parts thinned now and then."""
    parts = np.unique(score.part)
    if parts.size < 3:
        return score
    roll = random.random()
    if roll < 0.5:
        chosen = _take(score, score.part != parts[0])
        return chosen if chosen.onset.size >= 40 else score
    if roll < 0.6:
        voice = score.part == parts[0]
        high = Score(
            score.onset[voice],
            score.duration[voice],
            score.pitch[voice] + 12,
            score.part[voice],
            score.beat,
            score.downbeat,
        )
        return merged(score, high)
    return score


def _brilliant(score: Score, random: Random) -> Score:
    """Now and then the chords of the accompaniment are broken into quick figures for some bars, as in a concert
    transcription: arpeggios, tremolos, repeated chords."""
    if random.random() > 0.35 or np.unique(score.part).size < 2:
        return score
    last = float(score.onset[-1])
    keep = np.ones(score.onset.size, dtype=np.bool_)
    made: list[tuple[float, float, int, int]] = []
    begin = 0.0
    while begin < last:
        end = begin + float(random.choice([8, 16, 32]))
        if random.random() < 0.6:
            inside = (score.part > score.part.min()) & (score.onset >= begin) & (score.onset < end)
            inside &= (score.duration >= 0.5) & (score.duration <= 4)
            _break_chords(score, np.flatnonzero(inside), made, keep, random)
        begin = end
    if not made:
        return score
    table = np.array(made)
    kept = _take(score, keep)
    broken = Score(
        table[:, 0], table[:, 1], table[:, 2].astype(np.int64), table[:, 3].astype(np.int64), score.beat, score.downbeat
    )
    return merged(kept, broken)


def _break_chords(
    score: Score,
    notes: npt.NDArray[np.int64],
    made: list[tuple[float, float, int, int]],
    keep: npt.NDArray[np.bool_],
    random: Random,
) -> None:
    """Breaks the chords among ``notes`` into figures of one kind; what they replace is no longer kept."""
    rate = float(random.choice([2, 3, 4, 4, 4, 6, 6, 8])) / float(np.median(np.diff(score.beat)))
    octaves = int(random.integers(0, 3))
    upwards, back, held, uneven = random.random(4) < (0.6, 0.5, 0.5, 0.3)
    for at in np.unique(score.onset[notes]):
        chord = notes[score.onset[notes] == at]
        length = float(score.duration[chord].min())
        count = round(length * rate) + (int(random.integers(-1, 4)) if uneven else 0)
        if count < 2:
            continue
        keep[chord] = False
        pitches = np.unique(score.pitch[chord])
        ladder = np.unique(np.concatenate([pitches + 12 * octave for octave in range(octaves + 1)]))
        order = ladder if upwards else ladder[::-1]
        figure = np.concatenate([order, order[-2:0:-1]]) if back and order.size > 2 else order
        if figure.size == 1:
            figure = np.array([figure[0], figure[0] + 12])
        part = int(score.part[chord[0]])
        step = length / count if uneven else 1 / rate
        made += [(float(at) + i * step, step, int(figure[i % figure.size]), part) for i in range(count)]
        if held:
            made.append((float(at), length, int(pitches[0]), part))


def merged(one: Score, other: Score) -> Score:
    """Both scores' notes over the beats of ``one``."""
    return Score(
        np.concatenate([one.onset, other.onset]),
        np.concatenate([one.duration, other.duration]),
        np.concatenate([one.pitch, other.pitch]),
        np.concatenate([one.part, other.part]),
        one.beat,
        one.downbeat,
    ).sorted()


def _ornamented(score: Score, random: Random) -> Score:
    """Some notes of the top part become trills, mordents, turns, or get grace notes before them; now and then octaves
    double the lowest or the highest notes, and long chords tremble."""
    rate = float(random.choice([0.0, 0.0, 0.02, 0.06]))
    onset, duration = [score.onset], [score.duration]
    pitch, part = [score.pitch], [score.part]
    keep = np.ones(score.onset.size, dtype=np.bool_)
    if rate:
        for index in np.flatnonzero((random.random(score.onset.size) < rate) & (score.duration >= 0.4)):
            start, length = float(score.onset[index]), float(score.duration[index])
            base, step = int(score.pitch[index]), int(random.choice([1, 2]))
            kind = int(random.integers(0, 5))
            if kind == 0:
                count = max(4, int(length / random.choice([0.0833, 0.125, 0.1])))
                count = min(count, 32)
                at = start + np.arange(count) * (length / count)
                notes = base + step * (np.arange(count) % 2)
                keep[index] = False
            elif kind == 1:
                at = start + np.array([0.0, 0.1, 0.2]) * min(1.0, length)
                notes = np.array([base, base + step * int(random.choice([-1, 1])), base])
                keep[index] = False
            elif kind == 2:
                at = start + np.array([0.0, 0.12, 0.24, 0.36]) * min(1.0, length)
                notes = np.array([base + step, base, base - step, base])
                keep[index] = False
            elif kind == 3:
                count = int(random.integers(1, 4))
                at = start - 0.08 * np.arange(count, 0, -1)
                notes = base + np.cumsum(random.choice([-2, -1, 1, 2], count))[::-1]
            else:  # a run up or down to the note
                count = int(random.choice([6, 8, 12, 20, 30]))
                at = start - random.uniform(0.5, 1.2) / count * np.arange(count, 0, -1)
                notes = base - int(random.choice([-1, 1])) * np.cumsum(random.choice([1, 1, 2], count))[::-1]
            ends = np.append(at[1:], start if kind >= 3 else start + length)
            at = np.maximum(at, 0.0)
            onset.append(at)
            duration.append(np.maximum(ends - at, 0.03))
            pitch.append(np.asarray(notes, dtype=np.int64))
            part.append(np.full(at.size, score.part[index]))
    if random.random() < 0.2:
        low = random.random() < 0.6
        edge = score.part == (score.part.max() if low else score.part.min())
        edge &= keep
        onset.append(score.onset[edge])
        duration.append(score.duration[edge])
        pitch.append(score.pitch[edge] + (-12 if low else 12))
        part.append(score.part[edge])
    onset[0], duration[0], pitch[0], part[0] = onset[0][keep], duration[0][keep], pitch[0][keep], part[0][keep]
    made = Score(
        np.concatenate(onset), np.concatenate(duration), np.concatenate(pitch), np.concatenate(part),
        score.beat, score.downbeat,
    )  # fmt: skip
    return made.sorted()


def _beat_seconds(score: Score, random: Random) -> float:
    """The mean length of a quarter note: such that neither beats nor notes come impossibly fast or slow."""
    beat = float(np.median(np.diff(score.beat)))
    distinct = np.unique(np.round(score.onset, 4))
    gap = float(np.median(np.diff(distinct))) if distinct.size > 2 else beat
    for _ in range(50):
        seconds = float(np.exp(random.normal(np.log(0.76), 0.48)))
        if 0.18 <= seconds <= 3.0 and 0.045 <= gap / beat * seconds <= 0.9:
            break
    return seconds / beat


def _beat_times(score: Score, quarter: float, freedom: float, random: Random) -> Floats:
    """(k,) seconds of each beat under a tempo that breathes."""
    count = score.beat.size
    log = random.normal(0, 1, count)
    smooth = float(random.uniform(0.0, 0.8))
    for index in range(1, count):
        log[index] = smooth * log[index - 1] + np.sqrt(1 - smooth**2) * log[index]
    log = 0.06 * freedom * log
    log += (
        _phrase_arcs(score, freedom, random)
        + _sections(count, freedom, random)
        + _metrical_lean(score, freedom, random)
    )
    held = random.random(count) < 0.008 * freedom
    log += np.where(held, random.uniform(0.2, 1.1, count), 0.0)
    ending = min(count, int(random.integers(2, 7)))
    log[-ending:] += np.linspace(0, 0.5 * min(1.0, freedom), ending) ** 1.5
    seconds = np.diff(score.beat) * quarter * np.exp(np.clip(log[:-1], -1.0, 1.6))
    return np.concatenate([[0.0], np.cumsum(seconds)])


def _phrase_arcs(score: Score, freedom: float, random: Random) -> Floats:
    """Faster in the middle of a phrase, slower at its ends."""
    downs = np.flatnonzero(score.downbeat)
    log = np.zeros(score.beat.size)
    position = 0
    while position < downs.size:
        bars = int(random.choice([2, 4, 4, 8]))
        begin = int(downs[position])
        end = int(downs[position + bars]) if position + bars < downs.size else score.beat.size
        place = np.linspace(-1, 1, max(end - begin, 1))
        depth = 0.12 * freedom * random.uniform(0, 1.5)
        log[begin:end] += depth * (np.abs(place) ** random.uniform(1.5, 6) - 0.3)
        position += bars
    return log


def _sections(count: int, freedom: float, random: Random) -> Floats:
    """Sudden changes of tempo, as between sections."""
    log = np.zeros(count)
    for _ in range(random.poisson(1.2 * freedom * count / 200)):
        log[int(random.integers(0, count)) :] += random.normal(0, 0.25)
    level: Floats = np.clip(log - log.mean(), -0.6, 0.6)
    return level


def _metrical_lean(score: Score, freedom: float, random: Random) -> Floats:
    """Some players lengthen the first beat, or another one, of each bar."""
    bar = np.cumsum(score.downbeat)
    starts = np.maximum.accumulate(np.where(score.downbeat, np.arange(score.beat.size), 0))
    place = np.arange(score.beat.size) - starts
    lean = random.normal(0, 0.03 * freedom, 16)
    leaned: Floats = np.where(bar > 0, lean[np.minimum(place, 15)], 0.0)
    return leaned


def _metrical(score: Score) -> npt.NDArray[np.int64]:
    """(n,) 0 off the beat, 1 on one, 2 on a downbeat."""
    nearest = np.clip(np.searchsorted(score.beat, score.onset), 1, score.beat.size - 1)
    nearest = np.where(
        np.abs(score.beat[nearest - 1] - score.onset) < np.abs(score.beat[nearest] - score.onset), nearest - 1, nearest
    )
    on = np.abs(score.beat[nearest] - score.onset) < 0.02
    return np.where(on, 1 + score.downbeat[nearest], 0).astype(np.int64)


def _touch(score: Score, onset: Floats, end: Floats, freedom: float, random: Random) -> tuple[Floats, Floats]:
    """Timing noise, the lead of the melody, hands apart, rolled chords; and articulation."""
    noise = random.uniform(0.003, 0.016)
    onset = onset + random.normal(0, noise, onset.size)
    _, chord = np.unique(np.round(score.onset, 4), return_inverse=True)
    top = np.full(chord.max() + 1, -1)
    np.maximum.at(top, chord, score.pitch)
    onset = onset - (score.pitch == top[chord]) * random.uniform(0, 0.025)
    hands = random.normal(0, 0.012 * min(freedom, 1.0), chord.max() + 1)
    onset = onset + hands[chord] * (score.part == score.part.max())
    rolled = random.random(chord.max() + 1) < random.choice([0.0, 0.01, 0.08])
    lowest = np.full(chord.max() + 1, 999)
    np.minimum.at(lowest, chord, score.pitch)
    onset = onset + rolled[chord] * np.minimum(score.pitch - lowest[chord], 30) * random.uniform(0.002, 0.01)
    parts = np.unique(score.part, return_inverse=True)[1]
    legato = random.choice([0.35, 0.6, 0.85, 0.95, 1.0, 1.1], parts.max() + 1)[parts]
    length = (end - onset) * legato * np.exp(random.normal(0, 0.12, onset.size))
    return onset, onset + np.maximum(length, 0.03)


def _velocities(score: Score, beat_of: npt.NDArray[np.int64], random: Random) -> npt.NDArray[np.int64]:
    """A dynamic that swells and ebbs, the melody above the rest, accents on the beat that may be nearly none."""
    knots = np.linspace(0, score.beat[-1], max(4, int(score.beat[-1] / random.uniform(6, 30))))
    level = np.interp(score.onset, knots, random.normal(62, 12, knots.size))
    parts = np.unique(score.part, return_inverse=True)[1]
    level += random.normal(0, 6, parts.max() + 1)[parts]
    accent = max(0.0, random.normal(2.0, 3.0))
    level += accent * np.array([0.0, 1.0, 2.0])[beat_of]
    level += 0.15 * random.uniform(-0.5, 1) * (score.pitch - 60)
    level += random.normal(0, random.uniform(2, 9), score.onset.size)
    return np.clip(np.round(level), 8, 124).astype(np.int64)
