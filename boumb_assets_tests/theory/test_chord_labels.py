from math import ceil
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.theory.chord_labels import CHORDS, QUALITIES, Chord, label_chords
from boumb_assets.theory.local_keys import WINDOW_BEATS, local_keys
from boumb_assets.theory.pitch_windows import SILENT, lowest_pitches, window_histograms
from boumb_assets_tests.theory.mozart import UNSAID, movements

TRIAD = np.array([{3: 1, 4: 0}[steps[1]] if steps[2] == 7 else 2 for steps in QUALITIES.values()])


def heard(chords: list[list[int]], key: int = 0) -> list[Chord]:
    """The labels of chords of MIDI pitches, each a beat long."""
    histograms, lowest = np.zeros((len(chords), 12)), np.full(len(chords), SILENT, dtype=np.uint8)
    for beat, chord in enumerate(chords):
        for pitch in chord:
            histograms[beat, pitch % 12] += 1
        lowest[beat] = min(chord, default=SILENT)
    return [CHORDS[index] for index in label_chords(histograms, lowest, np.full(len(chords), key))]


def test_a_cadence() -> None:
    found = heard([[48, 64, 67, 72], [53, 65, 69, 72], [55, 65, 71, 74], [48, 64, 67, 72]])
    assert found == [Chord(0, "major"), Chord(5, "major"), Chord(7, "dominant seventh"), Chord(0, "major")]


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("quality", ["major", "minor", "dominant seventh", "minor seventh", "major seventh"])
def test_a_chord_in_root_position_is_itself(quality: str, root: int) -> None:
    assert heard([[48 + root + step for step in QUALITIES[quality]]] * 4, root) == [Chord(root, quality)] * 4


@pytest.mark.parametrize("bass", [47, 50, 53, 56])
def test_the_bass_tells_the_root_of_a_chord_that_has_none(bass: int) -> None:
    notes = [bass, *({59, 62, 65, 68} - {bass + 12})]
    assert heard([notes] * 2, key=12) == [Chord(bass % 12, "diminished seventh")] * 2


def test_silence_goes_on_with_the_chord_before() -> None:
    assert heard([[43, 59, 62, 67], [], [], [48, 64, 67]])[:3] == [Chord(7, "major")] * 3


def test_chords_of_mozart_as_experts_hear_them(shared: Path) -> None:
    right = said = 0
    for piece in movements(shared):
        none = np.zeros(piece.pitch.size, dtype=np.bool_)
        notes, count = (piece.onset, piece.duration, piece.pitch, none), piece.keys.size
        path, _ = local_keys(window_histograms(*notes, ceil(count / WINDOW_BEATS), WINDOW_BEATS))
        keys = np.repeat(path, WINDOW_BEATS)[:count]
        found = label_chords(window_histograms(*notes, count, 1.0), lowest_pitches(*notes, count, 1.0), keys)
        told = (piece.roots != UNSAID) & (piece.keys != UNSAID)
        same = (found % 12 == piece.roots) & (TRIAD[found // 12] == piece.triads)
        right, said = right + int(same[told].sum()), said + int(told.sum())
    assert said > 22_000 and right / said >= 0.69  # the reference without learned weights: 0.683
