"""Draws by hash: what is drawn for one loop or row does not depend on the others."""

import numpy as np
import numpy.typing as npt

from boumb_assets.prompts.draws import FIRST_FACTOR, SECOND_FACTOR

Hashes = npt.NDArray[np.uint64]


def mixed(numbers: Hashes) -> Hashes:
    """Each number's 64 bits mixed so that each depends on all (SplitMix64's last step, see prompts.draws)."""
    one = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(FIRST_FACTOR)
    two = (one ^ (one >> np.uint64(27))) * np.uint64(SECOND_FACTOR)
    return two ^ (two >> np.uint64(31))
