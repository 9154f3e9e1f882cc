"""Mozart's sonatas with experts' keys and chords, a quarter note at a time: evaluation only."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from boumb_assets.theory.scales import SCALES

UNSAID = -1
DEGREES = ("I", "II", "III", "IV", "V", "VI", "VII")
TRIADS = {"M": 0, "Mm7": 0, "MM7": 0, "m": 1, "mm7": 1, "o": 2, "%7": 2, "o7": 2}


@dataclass(frozen=True)
class Movement:
    """A movement; times in quarter notes from the first bar line, the annotations (n,) one a quarter note."""

    onset: npt.NDArray[np.float64]
    duration: npt.NDArray[np.float64]
    pitch: npt.NDArray[np.uint8]
    global_key: int
    """12 * minor + root."""
    keys: npt.NDArray[np.int64]
    roots: npt.NDArray[np.int64]
    triads: npt.NDArray[np.int64]
    """0 major, 1 minor, 2 diminished."""
    bars: list[float]
    """Where the bars begin,"""
    metres: list[str]
    """and the metre of each, as a MIDI file says them."""


def movements(shared: Path) -> Iterator[Movement]:
    """All 54; the test is skipped where they are absent."""
    folder = shared / "truth" / "mozart_sonatas"
    if not folder.is_dir():
        pytest.skip(f"no annotations in {folder}: set BOUMB_TEST_DATA to the folder that holds truth/")
    for file in sorted((folder / "notes").glob("*.gz")):
        yield _movement(_rows(file), _rows(folder / "harmony" / file.name))


def _rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt") as text:
        return list(csv.DictReader(text, delimiter="\t"))


def _movement(notes: Sequence[dict[str, str]], harmony: Sequence[dict[str, str]]) -> Movement:
    notes = sorted(notes, key=lambda row: float(row["onset_qb"]))
    begins: dict[str, float] = {}
    for row in notes:
        begins.setdefault(row["mn"], float(row["onset_qb"]))
    shift = -Counter(round(begin % 1, 3) for begin in begins.values()).most_common(1)[0][0] % 1
    onset = np.array([float(row["onset_qb"]) for row in notes]) + shift
    duration = np.array([float(row["dur_qb"] or 0) for row in notes])
    pitch = np.array([int(row["midi"]) for row in notes], dtype=np.uint8)
    marks = np.full((3, ceil((onset + duration).max())), UNSAID)
    for row in harmony:
        begin = float(row["onset_qb"]) + shift
        end = begin + float(row["dur_qb"] or 0)
        marks[:, ceil(begin - 1e-6) : max(0, ceil(end - 1e-6))] = np.array(_marks(row))[:, None]
    first, (keys, roots, triads) = harmony[0], marks
    home = int(first["global_pc"]) + 12 * int(first["global_minor"])
    return Movement(onset, duration, pitch, home, keys, roots, triads, *_bars(notes, shift))


def _bars(notes: Sequence[dict[str, str]], shift: float) -> tuple[list[float], list[str]]:
    """Where the bars begin: a full bar after the one before, or with the first note of one that begins earlier."""
    first = {row["mn"]: row for row in reversed(notes)}
    bars: list[float] = []
    metres: list[str] = []
    for row in sorted(first.values(), key=lambda row: float(row["onset_qb"])):
        begin = float(row["onset_qb"]) + shift
        if bars and begin >= bars[-1] + (bar := 4 * float(Fraction(metres[-1]))) and begin < bars[-1] + 2 * bar:
            begin = bars[-1] + bar
        bars.append(begin)
        metres.append(row["timesig"])
    return bars, metres


def _marks(row: dict[str, Any]) -> tuple[int, int, int]:
    """Key, chord root and triad that a row of annotations says."""
    root, minor = int(row["local_pc"]), row["local_minor"] == "1"
    key, triad = root + 12 * minor, TRIADS.get(row["chord_type"], UNSAID)
    if row["numeral"] in ("", "@none"):
        return key, UNSAID, UNSAID
    for part in reversed([row["numeral"], *filter(None, row["relativeroot"].split("/"))]):
        match = re.match(r"([b#]*)([ivIV]+)$", part)
        if match is None:
            return key, UNSAID, UNSAID
        altered, numeral = match.groups()
        step = SCALES["minor" if minor else "major"][DEGREES.index(numeral.upper())]
        root, minor = (root + step + altered.count("#") - altered.count("b")) % 12, numeral.islower()
    return key, root, triad
