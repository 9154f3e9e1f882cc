"""Cadences against an expert's annotations of Mozart's sonatas."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.corpus.cadences import related_keys, sure_cadences
from boumb_assets.corpus.piece import BEAT_QUARTERS, Piece, metre_quarters


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _piece(notes: list[dict[str, str]]) -> tuple[Piece, float] | None:
    metres = {row["timesig"] for row in notes}
    metre = next(iter(metres))
    if len(metres) > 1 or metre not in BEAT_QUARTERS:
        return None
    starts: dict[str, float] = {}
    for row in notes:
        starts.setdefault(row["mn"], float(row["onset_qb"]))
    bar = metre_quarters(metre)
    phase = Counter(round(start % bar, 3) for start in starts.values()).most_common(1)[0][0]
    sounding = sorted(
        (float(row["onset_qb"]) - phase, int(row["midi"]), float(row["dur_qb"]), int(row["staff"] or 1))
        for row in notes
        if float(row["dur_qb"] or 0) > 0
    )
    onset, pitch, duration, staff = (np.array(column) for column in zip(*sounding, strict=True))
    empty = np.zeros(len(pitch), dtype=np.int64)
    return Piece(onset, duration, pitch, empty + 80, staff, empty, metre), phase


@pytest.mark.slow
def test_what_is_called_a_cadence_is_one(shared: Path) -> None:
    """Of the authentic cadences found, each goes from a dominant to the tonic in the expert's own analysis (those that
    close a codetta have a chord label, but no cadence label), and the half cadences are half cadences."""
    folder = shared / "truth" / "mozart_sonatas"
    if not folder.is_dir():
        pytest.skip(f"no expert annotations in {folder}: set BOUMB_TEST_DATA to the folder that holds truth/")
    found: Counter[str] = Counter()
    for path in sorted((folder / "notes").glob("*.tsv.gz")):
        made = _piece(_rows(path))
        if made is None:
            continue
        piece, phase = made
        harmony = _rows(folder / "harmony" / path.name)
        home = related_keys(int(harmony[0]["global_pc"]), harmony[0]["global_minor"] in ("1", "True"))
        for cadence in sure_cadences(piece, home):
            at = [row for row in harmony if abs(float(row["onset_qb"]) - phase - cadence.time) < 0.1]
            named = {row["cadence"] for row in harmony if abs(float(row["onset_qb"]) - phase - cadence.time) <= 1.01}
            if cadence.name == "HC":
                found["HC right" if "HC" in named else "HC wrong"] += 1
            else:
                tonic = any(row["numeral"] in ("I", "i") for row in at) or "PAC" in named
                found["authentic right" if tonic else "authentic wrong"] += 1
    assert found["authentic right"] >= 80
    assert found["authentic wrong"] <= 0.05 * found["authentic right"]
    assert found["HC wrong"] == 0
