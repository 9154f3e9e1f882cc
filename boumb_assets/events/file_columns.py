"""The columns that say which file a row is of."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def file_columns(dataset: str, files: Sequence[tuple[str, str]], counts: Sequence[int]) -> list[pa.Array]:
    """dataset, sha256 and path of the rows of ``files`` (path and sha256 of each), of which each has its count."""
    file = np.repeat(np.arange(len(counts)), counts)
    return [
        pa.array([dataset], pa.string()).take(np.zeros(file.size, np.int64)),
        pa.array([sha256 for _, sha256 in files], pa.string()).take(file),
        pa.array([path for path, _ in files], pa.string()).take(file),
    ]
