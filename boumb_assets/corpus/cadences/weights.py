"""What each measure of `evidence` weighs, in log odds.

Chosen by a random search on the movements of odd number of Mozart's sonatas, as `finding` tells: it began with weights
set by hand, kept near them, and looked for the best F1 while noise was added to the scores; these are the mean of ten
such searches, with ``always`` lowered, so that what is found is of the right kind. What proved to tell nothing was left
out.
"""

from typing import Final

from boumb_assets.corpus.cadences.choice import Spacing

AUTHENTIC_WEIGHTS: Final = {
    "always": -2.24,
    "other_key": 0.63,
    "foreign": 3.81,
    "no_leading_note": -1.99,
    "other_bass": 1.56,
    "dominant_held": 0.8,
    "approach": 0.84,
    "six_four": 1.16,
    "late": -4.32,
    "step": 1.19,
    "leap": -0.83,
    "strength": 1.15,
    "wait": 0.5,
    "rest": 0.14,
    "return": 1.0,
    "return_here": -0.37,
    "seventh": -0.33,
    "dominant_seventh": 0.65,
    "not_struck": 0.6,
}
HALF_WEIGHTS: Final = {
    "always": -2.8,
    "other_key": 2.0,
    "other_key_now": 1.94,
    "key_margin": 0.73,
    "foreign": 4.5,
    "no_leading_note": -2.94,
    "seventh": -1.09,
    "seventh_later": -0.82,
    "six_four": 0.81,
    "dominant_before": -2.82,
    "long_six_four": -2.31,
    "approach": 0.99,
    "raised_fourth": 0.92,
    "leading_note_before": -0.68,
    "strength": 1.5,
    "downbeat": 0.81,
    "off_beat": -1.11,
    "melody": 0.36,
    "rest": 0.57,
    "rest_in_bar": 0.5,
    "return": 0.7,
    "held": 0.49,
    "tonic_on_top_next": -0.82,
    "not_struck": 0.62,
}
SPACING: Final = Spacing(
    within_half_note=-1.5,
    within_bar=-2.56,
    within_two_bars=-1.38,
    four_bars=0.71,
    eight_bars=0.55,
    two_bars=0.64,
    half_after_half=-0.08,
    authentic_after_half=-1.4,
)

LEAST_SCORE: Final = -2.0
"""Below that a place is no candidate, whatever lies around it."""
