"""What is read out of Mozart's sonatas beside what experts read: evaluation only."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.contracts.music_structure import TIME_SIGNATURES
from boumb_assets.corpus.piece import Piece
from boumb_assets.corpus.structures.hearing import BarredHearing
from boumb_assets.corpus.structures.left_out import LeftOutError
from boumb_assets.corpus.structures.reading import sections_of
from boumb_assets.theory.chords import chord_pitch_classes
from boumb_assets_tests.theory.mozart import UNSAID, Movement, movements


def steady(shared: Path) -> Iterator[tuple[Movement, Piece]]:
    """The movements in one metre of the contract, all of whose bars are whole."""
    for movement in movements(shared):
        metre = movement.metres[-1]
        if set(movement.metres[1:]) != {metre} or metre not in TIME_SIGNATURES:
            continue
        same = np.zeros(len(movement.onset), dtype=np.int64)
        made = Piece(movement.onset, movement.duration, movement.pitch.astype(np.int64), same + 80, same, same, metre)
        if np.allclose(np.array(movement.bars[1:]) % made.bar, 0):
            yield movement, made


@pytest.mark.slow
def test_sections_are_where_experts_hear_them(shared: Path) -> None:
    """Sections end with the tonic (or, at a half cadence, the dominant) of their key, and start on that tonic; and what
    is kept of the harmony is about what the experts' chords keep."""
    found: Counter[str] = Counter()
    kept, written = [], []
    for movement, made in steady(shared):
        sounds = BarredHearing.of(made)
        home, _ = sounds.hearing.homes[0]
        try:
            spans = sections_of(sounds, home)
        except LeftOutError:
            continue
        found["pieces"] += 1
        found["home"] += movement.global_key == home.root + 12 * home.minor
        for span in spans:
            begin, end = round(span.start * made.bar), min(round(span.cadence.time), len(movement.roots) - 1)
            close = span.key.pitch_class(7) if span.cadence.name == "HC" else span.key.root
            found["sections"] += 1
            found["keys"] += movement.keys[end] == span.key.root + 12 * span.key.minor
            found["closes"] += movement.roots[end] == close
            found["starts"] += movement.roots[begin] == span.key.root
            for measure, numeral in enumerate(span.progression, span.start):
                root, third, _ = chord_pitch_classes(numeral, span.key.root, span.key.minor)
                quarters = slice(round(measure * made.bar), round((measure + 1) * made.bar))
                said = movement.roots[quarters] != UNSAID
                same = (movement.roots[quarters] == root) & (movement.triads[quarters] == ((third - root) % 12 == 3))
                written += same[said].tolist()
            kept.append((span.kept, (span.stop - span.start) * made.bar))
    assert found["pieces"] >= 10 and found["sections"] >= 25
    assert found["home"] >= 0.9 * found["pieces"]
    assert min(found["keys"], found["closes"]) >= 0.95 * found["sections"]
    assert found["starts"] >= 0.85 * found["sections"]
    ours, whole = np.array(kept).sum(axis=0)
    assert abs(ours / whole - np.mean(written)) < 0.1
