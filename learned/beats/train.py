"""Trains the beat network on synthetic performances of cleared scores.

    python -m learned.beats.train --home .boumb --songs openscore_lieder --chorales js_fakes --steps 4000 --out DIR
    python -m learned.beats.train ... --network bars --start DIR --steps 1500 --out DIR

Reads the files that the ledger of the lake in --home clears, and no others; plays them at random (`performing`), half
of the time as textures over the chorales' harmony (`textures`), and writes `weights.npz` and `weights.json` to --out:
what goes beside `boumb_assets/events/beats/network.py`. First the network that reads clusters of notes is trained,
then, on the beats that it finds, the one that tells bars. --start goes on from such a folder. Needs the extra `train`.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.nn import functional

from boumb_assets.events.beats.network import PERIOD_CENTRES
from boumb_assets.lake.store import Lake
from boumb_assets.settings import load_settings
from learned.beats.cleared import cleared_files
from learned.beats.data import BarExample, Example, Source, barred
from learned.beats.network import BeatNetwork, bar_network, cluster_network
from learned.beats.performing import perform

LENGTH: Final = 320
BARS_LENGTH: Final = 128
FEWEST_BEATS: Final = 12
SHORTEST: Final = 60  # clusters that a window must have to be learned from
BATCH: Final = 48
POOL: Final = 6 * BATCH  # windows that are mixed before a batch is taken
PERIOD_SIGMA: Final = 0.12
DOWNBEAT_WEIGHT: Final = 1.5
PERIOD_WEIGHT: Final = 0.3
WARM_UP: Final = 50
SNAPSHOT: Final = 50
AVERAGED: Final = 4


class Crops(torch.utils.data.IterableDataset[Any]):
    """Windows of LENGTH clusters, in batches."""

    def __init__(self, source: Source, seed: int) -> None:
        self.source, self.seed = source, seed

    def __iter__(self) -> Iterator[Any]:
        random = np.random.default_rng(self.seed)
        pool: list[Any] = []
        for example in self.source.examples(random):
            pool.extend(_crops(example, random))
            if len(pool) >= POOL:
                random.shuffle(pool)
                batch, pool = pool[:BATCH], pool[BATCH:]
                yield tuple(torch.from_numpy(np.stack(column)) for column in zip(*batch, strict=True))


def _crops(example: Example, random: np.random.Generator) -> Iterator[Any]:
    count = example.beat.size
    start = int(random.integers(0, max(1, min(LENGTH, count - LENGTH + 1))))
    while (size := min(LENGTH, count - start)) >= SHORTEST:
        columns = (example.features, example.beat, example.downbeat, example.period, np.ones(count, np.float32))
        window = slice(start, start + size)
        yield tuple(np.pad(c[window], [(0, LENGTH - size)] + [(0, 0)] * (c.ndim - 1)) for c in columns)
        start += LENGTH


def losses(logits: Any, beat: Any, downbeat: Any, period: Any, mask: Any) -> tuple[Any, Any, Any]:
    """Mean cross entropies of beat, downbeat and (softly) the length of the beat, over what ``mask`` lets count."""
    weight = mask.sum()
    one = functional.binary_cross_entropy_with_logits(logits[..., 0], beat, reduction="none")
    two = functional.binary_cross_entropy_with_logits(logits[..., 1], downbeat, reduction="none")
    centres = torch.from_numpy(PERIOD_CENTRES.astype(np.float32))
    soft = torch.softmax(-((period[..., None] - centres) ** 2) / (2 * PERIOD_SIGMA**2), -1)
    three = -(soft * torch.log_softmax(logits[..., 2:], -1)).sum(-1)
    return (one * mask).sum() / weight, (two * mask).sum() / weight, (three * mask).sum() / weight


def train_clusters(network: BeatNetwork, source: Source, steps: int, rate: float, seed: int) -> list[float]:
    """Trains the network of clusters for ``steps`` batches; the last mean losses of beat, downbeat and length."""
    loader = torch.utils.data.DataLoader(Crops(source, seed), batch_size=None, num_workers=1, prefetch_factor=8)

    def loss(batch: Any) -> tuple[Any, list[Any]]:
        features, *labels = batch
        beat, downbeat, period = losses(network(features), *labels)
        return beat + DOWNBEAT_WEIGHT * downbeat + PERIOD_WEIGHT * period, [beat, downbeat, period]

    return _descend(network, iter(loader), loss, steps, rate)


def bar_examples(source: Source, arrays: Mapping[str, Any], count: int, seed: int) -> list[BarExample]:
    """``count`` performances as the tracker with the cluster weights ``arrays`` hears them. Raises ValueError where all
    are too short to learn from."""
    from rich.progress import track

    random = np.random.default_rng(seed)
    drawn = (barred(perform(source.draw(random), random), arrays) for _ in track(range(count), "listening"))
    heard = [one for one in drawn if one is not None and one.downbeat.size >= FEWEST_BEATS]
    if not heard:
        raise ValueError(f"of {count} performances none has {FEWEST_BEATS} beats")
    return heard


def train_bars(network: BeatNetwork, examples: Sequence[BarExample], steps: int, rate: float, seed: int) -> list[float]:
    """Trains the network of bars for ``steps`` batches; the last mean loss."""
    random = np.random.default_rng(seed)

    def batches() -> Iterator[Any]:
        while True:
            windows = []
            for index in random.integers(0, len(examples), BATCH):
                one = examples[int(index)]
                start = int(random.integers(0, max(1, one.downbeat.size - BARS_LENGTH + 1)))
                window = slice(start, start + BARS_LENGTH)
                pad = BARS_LENGTH - one.downbeat[window].size
                features = _turned(one.features[window], int(random.integers(0, 12)))
                columns = (features, one.downbeat[window], np.ones(BARS_LENGTH - pad, np.float32))
                windows.append([np.pad(c, [(0, pad)] + [(0, 0)] * (c.ndim - 1)) for c in columns])
            yield [torch.from_numpy(np.stack(column)) for column in zip(*windows, strict=True)]

    def loss(batch: Any) -> tuple[Any, list[Any]]:
        features, downbeat, mask = batch
        found = functional.binary_cross_entropy_with_logits(network(features)[..., 0], downbeat, reduction="none")
        mean = (found * mask).sum() / mask.sum()
        return mean, [mean]

    return _descend(network, batches(), loss, steps, rate)


def _turned(features: Any, semitones: int) -> Any:
    """Features of beats in another key: the four groups of twelve pitch classes turned."""
    turned = features.copy()
    for group in range(4):
        turned[:, 12 * group : 12 * group + 12] = np.roll(features[:, 12 * group : 12 * group + 12], semitones, axis=1)
    return turned


def _descend(
    network: BeatNetwork, batches: Iterator[Any], loss: Callable[[Any], tuple[Any, list[Any]]], steps: int, rate: float
) -> list[float]:
    """AdamW at a rate that falls as half a cosine; the mean of the last losses. The network ends as the mean of what it
    was at the last AVERAGED of each SNAPSHOT steps (Izmailov et al., "Averaging weights leads to wider optima", UAI
    2018)."""
    from rich.progress import track

    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    seen: list[list[float]] = []
    kept: list[dict[str, Any]] = []
    network.train()
    for step in track(range(steps), "training"):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / WARM_UP) * (0.505 + 0.5 * np.cos(np.pi * step / steps))
        total, parts = loss(next(batches))
        optimiser.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        seen = [*seen[-99:], [float(part.detach()) for part in parts]]
        if (steps - 1 - step) % SNAPSHOT == 0:
            snapshot = {name: value.clone() for name, value in network.state_dict().items()}
            kept = [*kept[1 - AVERAGED :], snapshot]
    network.load_state_dict({name: torch.stack([one[name] for one in kept]).mean(0) for name in kept[-1]})
    return [round(float(value), 4) for value in np.mean(seen, axis=0)]


def save(networks: Mapping[str, BeatNetwork], folder: Path, card: dict[str, Any]) -> None:
    """Writes the weights in half precision, always the same bytes for the same weights, and their card."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{name}.{array}": value.numpy().astype(np.float16)
        for name, network in networks.items()
        for array, value in network.state_dict().items()
    }
    np.savez(folder / "weights.npz", **arrays)
    (folder / "weights.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(networks: Mapping[str, BeatNetwork], folder: Path) -> dict[str, Any]:
    """Takes the weights of ``folder`` over, as far as it has them; their card."""
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        for name, network in networks.items():
            mine = {a.removeprefix(f"{name}."): arrays[a] for a in arrays.files if a.startswith(f"{name}.")}
            if mine:
                network.load_state_dict({a: torch.from_numpy(mine[a].astype(np.float32)) for a in mine})
    card: dict[str, Any] = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    return card


def plain_arrays(network: BeatNetwork) -> dict[str, Any]:
    """The weights as they will be used: from half precision."""
    return {
        name: np.ascontiguousarray(value.numpy().astype(np.float16).astype(np.float32))
        for name, value in network.state_dict().items()
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, help="the home of a lake with the data sets")
    parser.add_argument("--songs", nargs="+", required=True, help="data sets of scores that are played as they are")
    parser.add_argument("--chorales", nargs="*", default=[], help="data sets of four-part chorales")
    parser.add_argument("--network", choices=["clusters", "bars"], default="clusters")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--examples", type=int, default=2500, help="performances that the network of bars learns from")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="a folder of weights to go on from")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    settings = load_settings({**os.environ, "BOUMB_HOME": str(options.home.resolve())})
    found = cleared_files(Lake(settings.home), settings, [*options.songs, *options.chorales])
    source = Source(
        [path for name in options.songs for path in found.paths[name]],
        [path for name in options.chorales for path in found.paths[name]],
    )
    networks = {"clusters": cluster_network(), "bars": bar_network()}
    before = load(networks, options.start)["runs"] if options.start else []
    began = time.monotonic()
    if options.network == "clusters":
        last = train_clusters(networks["clusters"], source, options.steps, options.rate, options.seed)
    else:
        heard = bar_examples(source, plain_arrays(networks["clusters"]), options.examples, options.seed)
        last = train_bars(networks["bars"], heard, options.steps, options.rate, options.seed)
    run = {
        "network": options.network,
        "steps": options.steps,
        "rate": options.rate,
        "seed": options.seed,
        "losses": last,
    }
    card = {
        "license": "Apache-2.0",
        "script": "python -m learned.beats.train",
        "rights_profile": settings.rights.profile,
        "data": found.said,
        "runs": [*before, run],
    }
    save(networks, options.out, card)
    print(f"{options.steps} steps in {time.monotonic() - began:.0f} s, losses {last}; weights in {options.out}")


if __name__ == "__main__":
    main()
