"""Our own small networks learn from cleared files alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from boumb_assets.events.beats.network import weights
from boumb_assets.lake.store import Lake
from boumb_assets.rebuild import Report
from boumb_assets.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("line")]


def test_the_beat_network_trains_on_a_cleared_data_set(
    line_settings: Settings, first_run: Report, tmp_path: Path
) -> None:
    import torch

    from learned.beats.cleared import cleared_files
    from learned.beats.data import Source
    from learned.beats.network import bar_network, cluster_network
    from learned.beats.train import bar_examples, load, save, train_bars, train_clusters

    found = cleared_files(Lake(line_settings.home), line_settings, ["demo"])
    assert found.said[0]["files"] == len(found.paths["demo"]) > 100
    assert all("CC0" in str(term) for term in found.said[0]["terms"])  # type: ignore[attr-defined]
    torch.manual_seed(1)
    source = Source(found.paths["demo"][:60], [])
    networks = {"clusters": cluster_network(), "bars": bar_network()}
    losses = train_clusters(networks["clusters"], source, steps=3, rate=1e-3, seed=1)
    heard = bar_examples(source, weights("clusters"), count=24, seed=1)
    losses += train_bars(networks["bars"], heard, steps=3, rate=1e-3, seed=1)
    assert np.isfinite(losses).all()
    for folder in ("a", "b"):
        save(networks, tmp_path / folder, {"data": found.said, "runs": []})
    assert (tmp_path / "a/weights.npz").read_bytes() == (tmp_path / "b/weights.npz").read_bytes()
    again = {"clusters": cluster_network(), "bars": bar_network()}
    assert load(again, tmp_path / "a")["data"] == json.loads(json.dumps(found.said))
    for name, network in networks.items():
        pairs = zip(network.parameters(), again[name].parameters(), strict=True)
        assert all(torch.equal(one.half(), other.half()) for one, other in pairs)


def test_a_data_set_without_cleared_files_is_refused(line_settings: Settings, first_run: Report) -> None:
    from learned.beats.cleared import cleared_files

    with pytest.raises(LookupError, match="nowhere has no cleared files"):
        cleared_files(Lake(line_settings.home), line_settings, ["nowhere"])
