"""A print of a piece's notes that is known again in another key, in another file, and in an excerpt.

Onsets that all but coincide are one attack. An attack is described by what a transposition, a change of tempo or of
resolution, other velocities, channels, programs, tracks and lengths leave as it is: the intervals inside it, the
interval of its lowest note from that of the attack before, and whether the time since then is about as long as the one
before, twice, half, or more than that. A passage is PASSAGE attacks in a row, and a hash of them; the set of all hashes
is what excerpts and whole pieces have in common (k-grams as fingerprints: Schleimer, Wilkerson and Aiken 2003,
"Winnowing"). The SKETCH smallest of a set are a sample that is the same wherever it is drawn, and tells the share of
one set in another (Broder 1997, "On the resemblance and containment of documents"). Drums and pitched notes are read
apart, so that a file in which only one of them was moved is still known, but hashed alike, so that a change of channel
changes nothing.

Measured (`benchmarks/takedown.py`) on the 3,776 files of groove, ceol_rince, js_fakes, openscore_lieder and freedoom,
each taken out in turn and all the others compared with it. Beside copies with the very same notes 20 pairs are found:
11 of groove (nine are takes of one beat by the same drummer, two are plain beats of different ones), 5 of ceol_rince
(tunes under two titles), 3 of js_fakes (harmonisations of one chorale), 1 of openscore_lieder, none across collections.
Of 100 files of each this many are known again:

                                        groove  ceol_rince  js_fakes  openscore_lieder
    transposed, all or but the drums        99         100       100               100
    other channels                          99         100       100               100
    resolution 480 to 96                    96         100       100               100
    resolution 480 to 24                    69         100       100               100
    the first half alone                    48         100       100               100
    the last quarter alone                  43         100        68                98
    onsets moved, deviation 1/20 sixteenth  65         100       100                91
    onsets moved, deviation 1/10 sixteenth  25          99        96                70
    note values doubled                     43         100       100                98

Groove is human drumming, and half of it fills of a few hits: with fewer than FEWEST passages a file is known by all of
its notes alone, and an excerpt of it is not; of its files with 16 passages or more, 48 of 49 are known by the first
half. The one that is not found transposed has three notes. A work within a piece eight times as long may not be found.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

PASSAGE: Final = 8  # attacks
SKETCH: Final = 64  # hashes, 256 bytes a file
MAX_HASHES: Final = 2048  # kept of a piece that is to be found: enough for excerpts of a thirtieth
SHARE: Final = 0.5
FEWEST: Final = 8  # passages in common, below which a share says nothing
FEWEST_NOTES: Final = 4  # fewer are in too many pieces to be anybody's
TOGETHER: Final = 0.3  # sixteenths between notes of one attack; a thirty-second is half of one

Hashes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Onsets = npt.NDArray[np.floating[Any]]

_BLOCK: Final = 4096  # files that are compared at a time


@dataclass(frozen=True)
class WorkPrint:
    """What is known of a piece's notes."""

    digest: str
    """The same for the same notes in any key, to the nearest sixteenth; 16 hexadecimal digits, empty for a piece of
    fewer than FEWEST_NOTES notes."""
    hashes: Hashes
    """Of its passages, shape (n,), ascending, each once."""

    @property
    def sketch(self) -> Hashes:
        """The smallest of the hashes, at most SKETCH."""
        return self.hashes[:SKETCH]


def work_print(onset: Onsets, pitch: npt.NDArray[Any], is_drum: npt.NDArray[np.bool_]) -> WorkPrint:
    """The print of a piece: ``onset`` in sixteenths, ascending, ``pitch`` as MIDI numbers, all of shape (n,)."""
    from boumb_assets.theory.passages import distinct, note_codes, passage_hashes

    if not onset.size:
        return WorkPrint("", np.zeros(0, np.uint32))
    drums = int(np.count_nonzero(is_drum))
    exact = np.asarray(onset, np.float64)
    voices = [(exact, pitch)]
    if 0 < drums < onset.size:
        voices = [(exact[which], pitch[which]) for which in (is_drum, ~is_drum)]
    hashes = [passage_hashes(*voice) for voice in voices]
    codes = [distinct(note_codes(*voice)) for voice in voices]
    return WorkPrint(_digest(codes), distinct(hashes[0] if len(hashes) == 1 else np.concatenate(hashes)))


def _digest(codes: Sequence[Ints]) -> str:
    """Over the notes of each voice, as ``passages.note_codes``; doubles once."""
    if sum(code.size for code in codes) < FEWEST_NOTES:
        return ""
    parts = sorted(code.astype("<i8", copy=False).tobytes() for code in codes)
    state = hashlib.blake2b(digest_size=8)
    for part in parts:
        state.update(len(part).to_bytes(8, "little") + part)
    return state.hexdigest()


@dataclass(frozen=True)
class Wanted:
    """A piece that is to be known again."""

    name: str
    """What an answer calls it; several pieces may have one name."""
    digest: str
    hashes: Hashes
    """Shape (n,), ascending: of all its passages, or the smallest."""
    whole: bool
    """Whether these are all of its hashes."""


class PrintIndex:
    """Finds pieces among many by their prints. It can be sent to another process."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._wanted = list(wanted)
        self._by_digest: dict[str, int] = {}
        for index, one in enumerate(self._wanted):
            if one.digest:
                self._by_digest.setdefault(one.digest, index)
        sizes = [one.hashes.size for one in self._wanted]
        hashes = np.concatenate([np.zeros(0, np.uint32), *(one.hashes for one in self._wanted)])
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._owner = hashes[order], np.repeat(np.arange(len(sizes)), sizes)[order]

    def __len__(self) -> int:
        return len(self._wanted)

    def match(self, print_: WorkPrint) -> str | None:
        """The name of the first piece wanted that is the one of ``print_``, holds it, or is held by it."""
        sketch = print_.sketch
        return self.matches([print_.digest], sketch, np.array([0, sketch.size])).get(0)

    def matches(self, digests: Sequence[str], sketches: Hashes, starts: Ints) -> dict[int, str]:
        """As `match`, of many files: the name by index of those that are one. ``sketches`` (n,) are one after the
        other, each ascending; ``starts`` (files + 1,) says where each begins."""
        if not self._wanted:
            return {}
        found = {row: self._by_digest[digest] for row, digest in enumerate(digests) if digest in self._by_digest}
        for first in range(0, len(digests), _BLOCK):
            last = min(first + _BLOCK, len(digests))
            for row, owner in self._sharing(sketches, starts[first : last + 1]):
                sketch = sketches[starts[first + row] : starts[first + row + 1]]
                if self._is_of(sketch, self._wanted[owner]):
                    found[first + row] = min(found.get(first + row, owner), owner)
        return {row: self._wanted[owner].name for row, owner in sorted(found.items())}

    def _sharing(self, sketches: Hashes, starts: Ints) -> Iterable[tuple[int, int]]:
        """The pairs of a file and a wanted piece that have at least FEWEST hashes in common."""
        values = sketches[starts[0] : starts[-1]]
        low = np.searchsorted(self._hashes, values, side="left")
        many = np.searchsorted(self._hashes, values, side="right") - low
        rows = np.repeat(np.arange(starts.size - 1), np.diff(starts))
        hit = np.flatnonzero(many)
        places = np.concatenate([np.zeros(0, np.int64), *(np.arange(low[at], low[at] + many[at]) for at in hit)])
        pairs = np.repeat(rows[hit], many[hit]) * len(self._wanted) + self._owner[places]
        pair, count = np.unique(pairs, return_counts=True)
        for found in pair[count >= FEWEST]:
            yield divmod(int(found), len(self._wanted))

    @staticmethod
    def _is_of(sketch: Hashes, wanted: Wanted) -> bool:
        """Whether one holds SHARE of the other, judged by the hashes that both would have kept."""
        mine, theirs = sketch, wanted.hashes
        if not wanted.whole:
            mine = mine[mine <= theirs[-1]]
        if sketch.size >= SKETCH:
            theirs = theirs[: np.searchsorted(theirs, sketch[-1], side="right")]
        shared = np.intersect1d(mine, theirs, assume_unique=True).size
        return shared >= FEWEST and shared >= SHARE * min(mine.size, theirs.size)
