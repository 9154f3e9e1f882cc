"""The rows of one shard, ready to be written."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class ShardRows:
    """Rows of one split and one contract in the order of their lines, which their row_ids decide."""

    origins: pa.Table
    """Schema TRAINING_ROWS without shard and line."""
    left_out: Counter[str]
    """How many loops or structures gave no row, by reason."""
    blocks: Iterable[tuple[bytes | memoryview, int]]
    """The lines, about a frame's worth of whole ones at a time, and how many; a block is overwritten by the next."""
