"""The keys that rows are in, and how far a trainer may move them."""

import json
from typing import Final

import numpy as np
import numpy.typing as npt

from boumb_assets.corpus.draws import Hashes, mixed
from boumb_assets.corpus.text_kernel import BLOCK, Bytes, Ints
from boumb_assets.prompts.facts import HIGH_FROM, LOW_BELOW
from boumb_assets.prompts.key_names import SCALE_NAMES, key_names

SEMITONES: Final = np.arange(-5, 7)  # each of the twelve keys once, the nearest of each
PIANO: Final = (21, 108)  # A0 to C8: what an instrument of a studio plays
_NONE: Final = 99


def key_ranges(lowest: Ints, highest: Ints) -> tuple[Ints, Ints]:
    """By how many semitones a melodic loop may be moved, down and up: within SEMITONES, and no further than a piano
    goes, unless the loop itself is there."""
    down = np.clip(np.minimum(PIANO[0], lowest) - lowest, SEMITONES[0], 0)
    up = np.clip(np.maximum(PIANO[1], highest) - highest, 0, SEMITONES[-1])
    return down, up


def in_register(lowest: Ints, highest: Ints) -> tuple[Ints, Ints]:
    """How far a loop may be moved, down and up, and still lie in the register that it lies in (see prompts.facts)."""
    double = lowest + highest  # twice the middle, to stay with whole numbers
    low, high = 2 * LOW_BELOW, 2 * HIGH_FROM
    down = np.where(double < low, -_NONE, np.where(double < high, -((double - low) // 2), -((double - high) // 2)))
    up = np.where(double >= high, _NONE, np.where(double < low, (low - 1 - double) // 2, (high - 1 - double) // 2))
    return down, up


def drawn_keys(down: Ints, up: Ints, hashes: Hashes, keys: int) -> tuple[Ints, Ints]:
    """For loops that may be moved by ``down`` to ``up``: the loop and the semitones of each of their keys, ``keys`` a
    loop at most, their own first and the others drawn by their ``hashes``."""
    allowed = (down[:, None] <= SEMITONES) & (up[:, None] >= SEMITONES)
    if keys >= len(SEMITONES):
        loop, column = np.nonzero(allowed)
        return loop, SEMITONES[column]
    salt = (SEMITONES - SEMITONES[0] + 1).astype(np.uint64)
    rank = mixed(hashes[:, None] ^ mixed(salt)[None, :])
    rank[:, SEMITONES == 0] = 0
    rank[~allowed] = np.iinfo(np.uint64).max
    place = np.argsort(np.argsort(rank, axis=1, kind="stable"), axis=1, kind="stable")
    loop, column = np.nonzero(allowed & (place < keys))
    return loop, SEMITONES[column]


def key_blobs(form: Ints, scale: Ints, root: Ints) -> tuple[Ints, Bytes, Ints]:
    """The twelve names of each key as a JSON list that begins with the key itself: where each is in what follows, -1
    for ``form`` -1, and the lists one after the other (padded; list i is ``data[at[i]:at[i + 1]]``)."""
    code = np.where(form < 0, -1, (form * len(SCALE_NAMES) + scale) * 12 + root)
    distinct, place = np.unique(code, return_inverse=True)
    names = [_names(int(one)) for one in distinct if one >= 0]
    at = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(one) for one in names], dtype=np.int64)])
    data: npt.NDArray[np.uint8] = np.frombuffer(b"".join(names) + bytes(BLOCK), np.uint8)
    before = int(np.count_nonzero(distinct < 0))
    return place.reshape(code.shape) - before, data, at


def _names(code: int) -> bytes:
    rest, root = divmod(code, 12)
    names = key_names(*divmod(rest, len(SCALE_NAMES)))
    return json.dumps([*names[root:], *names[:root]], ensure_ascii=False, separators=(",", ":")).encode()
