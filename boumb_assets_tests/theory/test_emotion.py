from math import exp, tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boumb_assets.theory.emotion import arousal, valence
from boumb_assets.theory.keys import MAJOR_PROFILE, MINOR_PROFILE, key_scores


def test_valence_of_a_neutral_piece_is_that_of_its_mode_alone() -> None:
    for profile in (MAJOR_PROFILE, MINOR_PROFILE):
        scores = key_scores(profile)
        assert valence(profile, 110, 3, 60) == pytest.approx(tanh(3 * (scores[:12].max() - scores[12:].max())))
    assert valence(MAJOR_PROFILE, 110, 3, 60) > 0 > valence(MINOR_PROFILE, 110, 3, 60)


def test_each_cue_weighs_as_measured() -> None:
    silent = np.zeros(12)
    assert valence(silent, 110, 3, 60) == 0
    assert valence(silent, 220, 3, 60) == pytest.approx(tanh(0.25))
    assert valence(silent, 110, 5, 60) == pytest.approx(tanh(0.2))
    assert valence(silent, 110, 3, 68) == pytest.approx(tanh(0.25))
    assert arousal(110, 4, 0.45) == 0.5
    assert arousal(220, 4, 0.45) == pytest.approx(1 / (1 + exp(-0.8)))
    assert arousal(110, 5.8, 0.45) == pytest.approx(1 / (1 + exp(-0.9)))
    assert arousal(110, 4, 0.75) == pytest.approx(1 / (1 + exp(0.5)))


@given(st.floats(1, 1000), st.floats(0, 1000), st.floats(0, 100), st.floats(0, 127))
def test_both_stay_in_their_range(bpm: float, onsets: float, duration: float, pitch: float) -> None:
    assert -1 <= valence(MAJOR_PROFILE, bpm, onsets, pitch) <= 1
    assert 0 <= arousal(bpm, onsets, duration) <= 1


@pytest.mark.parametrize("bpm", [0, -1, float("nan")])
def test_a_tempo_of_nothing_is_refused(bpm: float) -> None:
    with pytest.raises(ValueError, match="tempo"):
        arousal(bpm, 4, 0.45)
    with pytest.raises(ValueError, match="tempo"):
        valence(MAJOR_PROFILE, bpm, 3, 60)
