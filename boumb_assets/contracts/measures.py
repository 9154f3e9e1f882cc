"""The measures of a piece, shared out among its sections."""

import math
from collections.abc import Sequence
from typing import Final

from boumb_assets.contracts.music_structure import SECTION_MEASURES

PHRASE: Final = 4  # measures


def shared_out(weights: Sequence[float], total: int) -> list[int]:
    """``total`` measures among sections by weight (above 0), each 4 to 128: in phrases of four by largest remainders,
    and what is left over as an extension of the weightiest section. Weights that already are measures of that sum are
    kept. Raises ValueError where so many sections cannot have so many measures."""
    least, most = SECTION_MEASURES
    if not least * len(weights) <= total <= most * len(weights):
        raise ValueError(f"{total} measures for {len(weights)} sections of {least} to {most}")
    if sum(weights) == total and all(weight >= least and weight == int(weight) for weight in weights):
        return [int(weight) for weight in weights]
    phrases = total // PHRASE
    exact = [weight * phrases / sum(weights) for weight in weights]
    shares = [min(most // PHRASE, max(1, math.floor(share))) for share in exact]
    while sum(shares) < phrases:
        open_ones = [i for i in range(len(shares)) if shares[i] < most // PHRASE]
        shares[min(open_ones, key=lambda i: (shares[i] - exact[i], i))] += 1
    while sum(shares) > phrases:
        shares[max((i for i in range(len(shares)) if shares[i] > 1), key=lambda i: (shares[i] - exact[i], i))] -= 1
    lengths = [PHRASE * share for share in shares]
    roomy = [i for i in range(len(lengths)) if lengths[i] + total % PHRASE <= most]
    lengths[max(roomy, key=lambda i: (weights[i], -i))] += total % PHRASE
    return lengths
