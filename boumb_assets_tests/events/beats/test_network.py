import json
import os
import subprocess
import sys
from importlib.resources import files
from typing import Literal

import numpy as np
import pytest

from boumb_assets.events.beats.beat_features import BEAT_FEATURES
from boumb_assets.events.beats.clusters import FEATURES
from boumb_assets.events.beats.network import PERIODS, WEIGHTS, run_network, weights
from boumb_assets.events.beats.products import add_product
from boumb_assets.events.beats.recurrence import gated_recurrence


def test_the_recurrence_is_that_of_its_definition() -> None:
    random = np.random.default_rng(1)
    size, count = 5, 20
    given = random.normal(size=(count, 3 * size)).astype(np.float32)
    weight = random.normal(size=(size, 3 * size)).astype(np.float32)
    bias = random.normal(size=3 * size).astype(np.float32)
    state = np.zeros(size)
    for step, found in enumerate(gated_recurrence(given, weight, bias)):
        added = state @ weight + bias
        reset, update = (1 / (1 + np.exp(-(given[step, at : at + size] + added[at : at + size]))) for at in (0, size))
        candidate = np.tanh(given[step, 2 * size :] + reset * added[2 * size :])
        state = (1 - update) * candidate + update * state
        assert np.allclose(found, state, atol=1e-4)


def test_a_product_is_added_in_one_order_of_sums() -> None:
    random = np.random.default_rng(4)
    x, weight = (random.normal(size=size).astype(np.float32) for size in ((37, 66), (66, 96)))
    total = np.ones((37, 96), np.float32)
    add_product(total, x, weight)
    assert np.allclose(total, 1 + x.astype(np.float64) @ weight.astype(np.float64), atol=1e-3)
    for row in range(37):
        alone = np.ones((1, 96), np.float32)
        add_product(alone, x[row : row + 1], weight)
        assert np.array_equal(alone[0], total[row])


_SAID = """
import hashlib, sys
import numpy as np
from boumb_assets.events.beats.network import run_network, weights
features = np.random.default_rng(3).normal(size=(400, int(sys.argv[1]))).astype(np.float32)
print(hashlib.sha256(run_network(features, weights("clusters")).tobytes()).hexdigest())
"""


def test_the_threads_of_a_linear_algebra_library_change_nothing() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _SAID, str(FEATURES)],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize("name", ["clusters", "bars"])
def test_it_says_what_torch_says(name: Literal["clusters", "bars"]) -> None:
    torch = pytest.importorskip("torch")
    from learned.beats.network import bar_network, cluster_network

    network, inputs, outputs = {
        "clusters": (cluster_network(), FEATURES, 2 + PERIODS),
        "bars": (bar_network(), BEAT_FEATURES, 1),
    }[name]
    network.load_state_dict({array: torch.from_numpy(values.copy()) for array, values in weights(name).items()})
    network.eval()
    features = np.random.default_rng(2).normal(size=(150, inputs)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(features)[None])[0].numpy()
    found = run_network(features, weights(name))
    assert found.shape == (150, outputs)
    assert np.allclose(found, wanted, atol=2e-3)


def test_the_weights_are_small_and_say_what_they_are_made_of() -> None:
    folder = files("boumb_assets.events.beats")
    assert len(folder.joinpath(WEIGHTS).read_bytes()) < 1_000_000
    card = json.loads(folder.joinpath("weights.json").read_text(encoding="utf-8"))
    assert {one["dataset"] for one in card["data"]} == {"openscore_lieder", "js_fakes"}
    for one in card["data"]:
        assert one["files"] > 0 and one["digest"] and one["terms"]
        assert all("NC" not in str(term) for term in one["terms"])
