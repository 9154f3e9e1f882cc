"""The two networks of the beat tracker, run with numpy and numba alone.

Both are convolutions over neighbours, then gated recurrent units that read both ways (Cho et al., EMNLP 2014, in the
form of PyTorch). ``clusters`` reads clusters of notes and says of each how likely a beat and a downbeat begin there,
and how long the beat is that it lies in; ``bars`` reads beats and says how likely a bar begins with each. Their weights
lie beside this file; what they were made of and by which script, `weights.json` says.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from boumb_assets.events.beats.products import add_product
from boumb_assets.events.beats.recurrence import gated_recurrence

PERIODS: Final = 32
PERIOD_CENTRES: Final = np.linspace(np.log(0.15), np.log(3.2), PERIODS)
"""log seconds of the beat's length, by output."""
WEIGHTS: Final = "weights.npz"

Floats = npt.NDArray[np.float32]


@cache
def weights(name: Literal["clusters", "bars"]) -> Mapping[str, Floats]:
    """The arrays of one network, by PyTorch's names; they are kept in half precision and used in single."""
    data = files(__package__).joinpath(WEIGHTS).read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return {
            array.removeprefix(f"{name}."): np.ascontiguousarray(arrays[array], dtype=np.float32)
            for array in arrays.files
            if array.startswith(f"{name}.")
        }


def run_network(features: Floats, arrays: Mapping[str, Floats]) -> Floats:
    """The logits (k, out) of features (k, in). Of ``clusters``: a beat, a downbeat, then each length of the beat; of
    ``bars``: a downbeat."""
    x = np.maximum(_affine(features, arrays["into.weight"], arrays["into.bias"]), 0)
    block = 0
    while f"blocks.{block}.weight" in arrays:
        x = x + np.maximum(_convolved(x, arrays[f"blocks.{block}.weight"], arrays[f"blocks.{block}.bias"], 2**block), 0)
        block += 1
    layer = 0
    while f"recurrent.weight_ih_l{layer}" in arrays:
        x = np.concatenate([_read(x, arrays, layer, ""), _read(x[::-1], arrays, layer, "_reverse")[::-1]], axis=1)
        layer += 1
    return _affine(x, arrays["out.weight"], arrays["out.bias"])


def _affine(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """``bias`` (out,) and the product of ``x`` (k, in) with ``weight`` (out, in)."""
    made = np.tile(bias, (len(x), 1))
    add_product(made, np.ascontiguousarray(x), np.ascontiguousarray(weight.T))
    return made


def _convolved(x: Floats, weight: Floats, bias: Floats, dilation: int) -> Floats:
    """A convolution over (k, in) that keeps its length; ``weight`` is (out, in, 3)."""
    padded = np.pad(x, ((dilation, dilation), (0, 0)))
    made = np.tile(bias, (len(x), 1))
    for tap in range(weight.shape[2]):
        begin = tap * dilation
        add_product(made, padded[begin : begin + len(x)], np.ascontiguousarray(weight[:, :, tap].T))
    return made


def _read(x: Floats, arrays: Mapping[str, Floats], layer: int, direction: str) -> Floats:
    """One layer of the recurrence over (k, in), in one direction: (k, hidden)."""
    name = f"l{layer}{direction}"
    given = _affine(x, arrays[f"recurrent.weight_ih_{name}"], arrays[f"recurrent.bias_ih_{name}"])
    state = np.ascontiguousarray(arrays[f"recurrent.weight_hh_{name}"].T)
    return gated_recurrence(given, state, arrays[f"recurrent.bias_hh_{name}"])
