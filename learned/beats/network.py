"""The networks that are trained: convolutions over neighbours, then gated recurrent units that read both ways (Cho et
al., EMNLP 2014). `boumb_assets.events.beats.network` runs the same without torch."""

from typing import Any

import torch
from torch import nn

from boumb_assets.events.beats.beat_features import BEAT_FEATURES
from boumb_assets.events.beats.clusters import FEATURES
from boumb_assets.events.beats.network import PERIODS


class BeatNetwork(nn.Module):
    """(batch, k, inputs) to logits (batch, k, outputs)."""

    def __init__(self, inputs: int, outputs: int, width: int, blocks: int, layers: int) -> None:
        super().__init__()
        self.into = nn.Linear(inputs, width)
        self.blocks = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=2**block, dilation=2**block) for block in range(blocks)
        )
        self.recurrent = nn.GRU(
            width, width, num_layers=layers, bidirectional=True, batch_first=True, dropout=0.15 if layers > 1 else 0.0
        )
        self.out = nn.Linear(2 * width, outputs)
        self.drop = nn.Dropout(0.1)

    def forward(self, features: Any) -> Any:
        """The logits."""
        x = torch.relu(self.into(features)).transpose(1, 2)
        for block in self.blocks:
            x = x + torch.relu(block(self.drop(x)))
        x, _ = self.recurrent(self.drop(x.transpose(1, 2)))
        return self.out(self.drop(x))


def cluster_network() -> BeatNetwork:
    """Clusters of notes to beats, downbeats and the beat's length."""
    return BeatNetwork(FEATURES, 2 + PERIODS, width=96, blocks=3, layers=2)


def bar_network() -> BeatNetwork:
    """Beats to downbeats."""
    return BeatNetwork(BEAT_FEATURES, 1, width=56, blocks=2, layers=1)
