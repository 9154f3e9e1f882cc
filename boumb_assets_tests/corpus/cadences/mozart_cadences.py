"""Mozart's sonatas with experts' cadences: evaluation only."""

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from boumb_assets.corpus.cadences import Cadence, Key, cadences_of, places_of
from boumb_assets.corpus.cadences.places import Places
from boumb_assets.corpus.piece import Line

NEAR = 1.0
"""Quarters within which a cadence that is found is the one that is marked."""


@dataclass(frozen=True)
class Marked:
    """A cadence as the annotations have it."""

    time: float
    kind: str
    """PAC, IAC, HC, DC or EC (evaded)."""
    key: Key


@dataclass(frozen=True)
class Movement:
    """A movement, in quarters from its first note; of the score only what a MIDI file has."""

    name: str
    onset: npt.NDArray[np.float64]
    duration: npt.NDArray[np.float64]
    pitch: npt.NDArray[np.int64]
    places: Places
    marked: list[Marked]
    tonics: list[float]
    """Where a tonic chord of any key in force begins."""

    def found(self) -> list[Cadence]:
        """What `cadences_of` finds, its top line for a melody."""
        line = self.top
        return cadences_of(self.onset, self.duration, self.pitch, line, line, self.places)

    @property
    def top(self) -> Line:
        """The highest note of each onset that no held note hides."""
        end, keep = self.onset + self.duration, list[int]()
        for note in np.lexsort((-self.pitch, self.onset)).tolist():
            last = keep[-1] if keep else None
            if last is not None and (
                self.onset[note] - self.onset[last] < 1e-3
                or (end[last] > self.onset[note] + 1e-3 and self.pitch[last] > self.pitch[note])
            ):
                continue
            keep.append(note)
        chosen = np.array(keep, dtype=np.int64)
        return Line(self.onset[chosen], end[chosen], self.pitch[chosen])


def near(marks: Sequence[Marked], time: float) -> list[Marked]:
    """The marks within NEAR of ``time``, the nearest first."""
    return sorted((m for m in marks if abs(m.time - time) <= NEAR + 1e-6), key=lambda m: abs(m.time - time))


def marked_movements(shared: Path) -> Iterator[Movement]:
    """All 54, by name; the test is skipped where they are absent."""
    folder = shared / "truth" / "mozart_sonatas"
    if not folder.is_dir():
        pytest.skip(f"no annotations in {folder}: set BOUMB_TEST_DATA to the folder that holds truth/")
    for file in sorted((folder / "notes").glob("*.gz")):
        yield _movement(file.name.partition(".")[0], _rows(file), _rows(folder / "harmony" / file.name))


def _rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt") as text:
        return list(csv.DictReader(text, delimiter="\t"))


def _movement(name: str, notes: list[dict[str, str]], harmony: list[dict[str, str]]) -> Movement:
    sounding = sorted(
        (float(row["onset_qb"]), int(row["midi"]), float(row["dur_qb"])) for row in notes if float(row["dur_qb"] or 0)
    )
    onset, pitch, duration = (np.array(column) for column in zip(*sounding, strict=True))
    marked = [
        Marked(float(row["onset_qb"]), row["cadence"], Key(int(row["local_pc"]), row["local_minor"] == "1"))
        for row in harmony
        if row["cadence"]
    ]
    tonics = [float(row["onset_qb"]) for row in harmony if row["numeral"] in ("I", "i")]
    return Movement(name, onset, duration, pitch, places_of(*_bars(notes)), marked, tonics)


def _bars(notes: list[dict[str, str]]) -> tuple[list[float], list[str]]:
    """Where the bars begin, a pickup left out: a full bar after the one before, or where the next note shows that one
    of them is not full."""
    first: dict[int, tuple[float, str]] = {}
    for row in notes:
        bar, found = int(row["mn"]), (float(row["onset_qb"]), row["timesig"])
        first[bar] = min(first.get(bar, found), found)
    begins: list[float] = []
    metres: list[str] = []
    last = 0
    for bar, (begin, metre) in sorted(first.items()):
        if bar == 0:
            continue
        if begins:
            expected = begins[-1] + (bar - last) * 4 * float(Fraction(metres[-1]))
            begin = expected if expected <= begin < expected + 4 * float(Fraction(metre)) else begin
        begins.append(begin)
        metres.append(metre)
        last = bar
    return begins, metres
