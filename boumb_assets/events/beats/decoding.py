"""The likeliest beats, given what the network thinks of each cluster of notes.

A semi-Markov model over clusters: a beat lies on a cluster, or up to MAX_SPAN - 1 beats in a row lie on none and are
interpolated. Its score is that of the network's probabilities (beat where one is, no beat everywhere between), of the
beat's length as the network hears it there, and of a tempo that changes little from one beat to the next. Viterbi's
algorithm finds the best; a state is a pair of successive beats on clusters, so tempo needs no grid of its own
(compare the bar pointer model of Whiteley, Cemgil and Godsill, ISMIR 2006, which quantises it).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.events.beats.network import PERIOD_CENTRES
from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SHORTEST_BEAT: Final = 0.18  # seconds
LONGEST_BEAT: Final = 3.4
MAX_SPAN: Final = 4  # beats from one cluster to the next that carries one
SLOTS: Final = 400  # states of a cluster at most: the nearest beats before it are kept
SILENT_START: Final = 4.0  # the cost of each second without a beat before the first and after the last
_LOWEST, _STEP = float(PERIOD_CENTRES[0]), float(PERIOD_CENTRES[1] - PERIOD_CENTRES[0])
_NEVER = -1e300


@compiled
def _state_counts(time: Floats, candidate: Ints) -> Ints:
    """(c + 1,) where the states of each candidate begin: one for a first beat, and one for each beat that may have come
    before it, at most SLOTS of them."""
    first = np.zeros(candidate.size + 1, np.int64)
    for i in range(candidate.size):
        states = 1
        for j in range(i - 1, -1, -1):
            gap = time[candidate[i]] - time[candidate[j]]
            if gap > LONGEST_BEAT * MAX_SPAN or states >= SLOTS:
                break
            for beats in range(1, MAX_SPAN + 1):
                states += SHORTEST_BEAT * beats <= gap <= LONGEST_BEAT * beats
        first[i + 1] = first[i] + min(states, SLOTS)
    return first


@compiled
def best_beats(
    time: Floats,
    candidate: Ints,
    log_beat: Floats,
    not_beat_until: Floats,
    period_until: Floats,
    inertia: float,
    most_change: float,
    empty_cost: float,
) -> tuple[Ints, Ints]:
    """The clusters that carry a beat (b,), and how many beats each lies after the one before (b,), 0 for the first.

    time (k,): seconds, increasing, k >= 1. candidate (c,): ascending indices of clusters that may carry a beat, c >= 1.
    log_beat (k,): log probability of a beat. not_beat_until (k + 1,): the sum of the log probabilities of none over the
    clusters before. period_until (k + 1, PERIODS): that of what each length of the beat is worth. inertia: what a
    change of the log tempo by 1 costs, most_change at most; empty_cost: what a beat without a cluster does.
    """
    count, bins = candidate.size, period_until.shape[1]
    first = _state_counts(time, candidate)
    score, log_length = np.full(first[count], _NEVER), np.zeros(first[count], np.float32)
    before, origin = np.full(first[count], -1, np.int32), np.full(first[count], -1, np.int32)
    span = np.zeros(first[count], np.int8)
    for i in range(count):
        here = candidate[i]
        score[first[i]] = not_beat_until[here] + log_beat[here] - SILENT_START * (time[here] - time[0])
        new = first[i] + 1
        for j in range(i - 1, -1, -1):
            there = candidate[j]
            gap = time[here] - time[there]
            if gap > LONGEST_BEAT * MAX_SPAN:
                break
            between = not_beat_until[here] - not_beat_until[there + 1] + log_beat[here]
            for beats in range(1, MAX_SPAN + 1):
                if gap < SHORTEST_BEAT * beats or gap > LONGEST_BEAT * beats or new == first[i + 1]:
                    continue
                log_beat_length = np.log(gap / beats)
                place = (log_beat_length - _LOWEST) / _STEP
                low = min(max(int(place), 0), bins - 2)
                high_share = min(max(place - low, 0.0), 1.0)
                heard = (1 - high_share) * (period_until[here, low] - period_until[there, low])
                heard += high_share * (period_until[here, low + 1] - period_until[there, low + 1])
                best, best_state = score[first[j]], first[j]
                for state in range(first[j] + 1, first[j + 1]):
                    change = inertia * abs(log_beat_length - log_length[state])
                    value = score[state] - min(most_change, change)
                    if value > best:
                        best, best_state = value, state
                score[new] = best + between + beats * heard / (here - there) - empty_cost * (beats - 1)
                log_length[new], before[new], origin[new], span[new] = log_beat_length, j, best_state, beats
                new += 1
    best, at, state = _NEVER, 0, 0
    for i in range(count):
        after = not_beat_until[time.size] - not_beat_until[candidate[i] + 1]
        after -= SILENT_START * max(0.0, time[time.size - 1] - time[candidate[i]] - 1.0)
        for one in range(first[i], first[i + 1]):
            if score[one] + after > best:
                best, at, state = score[one] + after, i, one
    path, beats_after = np.zeros(count, np.int64), np.zeros(count, np.int64)
    length = 0
    while at >= 0:
        path[length], beats_after[length] = candidate[at], span[state]
        length += 1
        at, state = before[state], origin[state]
    return path[:length][::-1].copy(), beats_after[:length][::-1].copy()


@compiled
def best_bars(
    log_down: Floats, log_not: Floats, metres: Ints, prior: Floats, change_cost: float
) -> npt.NDArray[np.bool_]:
    """(b,) whether each beat is a downbeat: Viterbi over metres of ``metres`` beats, which rarely change, at bar lines.

    log_down, log_not (b,): log probability that a beat is a downbeat, or is not, b >= 1. metres (m,): 1 or more. prior
    (m,): what a bar of each costs.
    """
    count = log_down.size
    kinds = metres.size
    longest = metres.max()
    score = np.full((kinds, longest), -1e300)
    back = np.zeros((count, kinds), np.int64)
    for k in range(kinds):
        for p in range(metres[k]):
            score[k, p] = (log_down[0] if p == 0 else log_not[0]) - prior[k]
    for t in range(1, count):
        new = np.full((kinds, longest), -1e300)
        for k in range(kinds):
            best = -1e300
            arg = 0
            for o in range(kinds):
                c = score[o, metres[o] - 1] - (0.0 if o == k else change_cost)
                if c > best:
                    best = c
                    arg = o
            back[t, k] = arg
            new[k, 0] = best + log_down[t] - prior[k]
            for p in range(1, metres[k]):
                new[k, p] = score[k, p - 1] + log_not[t]
        score = new
    kind = 0
    place = 0
    best = -1e300
    for k in range(kinds):
        for p in range(metres[k]):
            if score[k, p] > best:
                best = score[k, p]
                kind = k
                place = p
    down = np.zeros(count, np.bool_)
    for t in range(count - 1, -1, -1):
        if place == 0:
            down[t] = True
            if t > 0:
                kind = back[t, kind]
                place = metres[kind] - 1
        else:
            place -= 1
    return down
