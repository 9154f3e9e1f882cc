"""The product of matrices, in one order of sums.

A linear algebra library splits a product over as many threads as it is given, and its sums come out otherwise in the
last bits: a cluster's worker, which is given one, would then write other bytes than a machine of many cores.
"""

import numpy as np
import numpy.typing as npt

from boumb_assets.theory.compiled import compiled

Floats = npt.NDArray[np.float32]


@compiled
def add_product(total: Floats, x: Floats, weight: Floats) -> None:
    """Adds the product of ``x`` (k, in) and ``weight`` (in, out) to ``total`` (k, out); all contiguous."""
    for row in range(x.shape[0]):
        for i in range(x.shape[1]):
            value = x[row, i]
            for j in range(weight.shape[1]):
                total[row, j] += value * weight[i, j]
