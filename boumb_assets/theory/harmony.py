"""The chords of a piece in its keys, half a quarter note at a time, and how sure each one is.

A hidden Markov model over the states of `harmony_states`. Each frame speaks for the chords whose notes sound in it, for
those of the key, and for those of which the lowest note of the frame, of the beat and of the half bar is root or third:
a broken chord has its bass at its beginning. A chord changes the more easily the stronger the place of the metre is,
and where a new lowest note begins; what it changes to follows functional harmony. What is named is not the likeliest
sequence but, in each frame, the likeliest root and triad, whatever its seventh.

Measured on the 54 movements of Mozart's sonatas with experts' chords (DCMLab), at each quarter note, in the keys that
`local_keys` finds: root and triad right in 0.823 on the 27 movements of even number (the second, the fourth, ... by the
name of the file), the root alone in 0.840; the simpler `chord_labels` has 0.699 and 0.708. The constants, about forty
in `harmony_states` and `harmony_evidence`, were chosen one after the other on the movements of odd number alone, where
they give 0.834; nothing else is learned from the annotations (``benchmarks/harmony.py``). An augmented sixth counts as
wrong there, and what has no root in the annotations does not count.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.harmony_evidence import frame_evidence
from boumb_assets.theory.harmony_states import KINDS, TRIAD_OF_KIND, TRIADS, harmony_tables
from boumb_assets.theory.local_keys import WINDOW_BEATS, local_keys
from boumb_assets.theory.metric_levels import FRAME_QUARTERS
from boumb_assets.theory.pitch_windows import window_histograms
from boumb_assets.theory.posteriors import state_posteriors

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_TRIADS: Final = np.array(TRIAD_OF_KIND)


@dataclass(frozen=True, slots=True)
class Harmony:
    """The chord of each frame, arrays (n,)."""

    root: Ints
    """Pitch class."""
    triad: Ints
    """The place in TRIADS; a cadential six-four chord is the dominant's triad."""
    kind: Ints
    """The place in KINDS of the likeliest of that root and triad."""
    confidence: Floats
    """How likely that root and triad are right, 0..1. On Mozart's sonatas it differs from the share of right quarter
    notes by 0.042 on average over its tenths."""


def read_harmony(onset: Floats, duration: Floats, pitch: Bytes, levels: Ints, keys: Ints) -> Harmony:
    """The likeliest root and triad in each frame of FRAME_QUARTERS.

    ``onset`` >= 0, ``duration`` >= 0, both in quarter notes, and ``pitch`` (notes,); ``levels`` (n,), n >= 1, as
    `metric_levels` gives them; ``keys`` (n,): the key in force in each frame, as 12 * minor + root. A silent beat goes
    on with the chord before it. A frame takes 4 kB while it is read.
    """
    shares = chord_shares(onset, duration, pitch, levels, keys)
    frames = np.arange(len(shares))
    chords = triad_shares(shares).reshape(len(shares), -1)
    triad, root = np.divmod(chords.argmax(axis=1), 12)
    kind = np.where(triad[:, None] == _TRIADS, shares[frames, :, root], -1.0).argmax(axis=1)
    # Neighbouring frames are no independent witnesses, which the model takes them for: hence the root.
    tempered = np.sqrt(chords)
    return Harmony(root, triad, kind, tempered[frames, 12 * triad + root] / tempered.sum(axis=1))


def triad_shares(shares: Floats) -> Floats:
    """(n, TRIADS, 12): how likely each triad is in each frame, whatever its seventh; ``shares`` as `chord_shares`."""
    return np.stack([shares[:, triad == _TRIADS].sum(axis=1) for triad in range(len(TRIADS))], axis=1)


def frame_keys(onset: Floats, duration: Floats, pitch: Bytes, count: int) -> Ints:
    """(count,) the local key of each frame, as 12 * minor + root; ``count`` >= 1, notes as in `read_harmony`."""
    frames = round(WINDOW_BEATS / FRAME_QUARTERS)
    windows, none = -(-count // frames), np.zeros(pitch.size, dtype=np.bool_)
    path, _ = local_keys(window_histograms(onset, duration, pitch, none, windows, float(WINDOW_BEATS)))
    return np.repeat(path, frames)[:count]


def chord_shares(onset: Floats, duration: Floats, pitch: Bytes, levels: Ints, keys: Ints) -> Floats:
    """(n, kinds, 12): how likely each chord is in each frame, by kind and root; arguments as `read_harmony`."""
    tables = harmony_tables()
    evidence, change = frame_evidence(onset, duration, pitch, levels, keys, tables)
    begin = np.exp(tables.in_key[keys[0]])
    return state_posteriors(evidence, begin, change, tables.moves, keys).reshape(levels.size, len(KINDS), 12)
