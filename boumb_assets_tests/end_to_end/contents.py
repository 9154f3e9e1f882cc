"""What the files under a home hold, whatever they are packed with."""

import io
import json
from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard


def traces(home: Path, texts: list[str], may_name: Collection[str] = ()) -> list[str]:
    """Where under ``home`` one of ``texts`` is, in what Parquet, compressed JSON lines and other files hold.
    The tables of ``may_name`` and the journal of takedowns are not searched."""
    wanted = [text.encode() for text in texts] + [json.dumps(text)[1:-1].encode() for text in texts]
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        if (path.suffix == ".parquet" and path.name.split("-")[0] in may_name) or path.name == "takedowns.jsonl":
            continue
        if any(text in data for data in _contents(path) for text in wanted):
            found.append(path.relative_to(home).as_posix())
    return found


def _contents(path: Path) -> Iterator[bytes]:
    if path.suffix == ".parquet":
        for column in pq.read_table(path, partitioning=None).columns:
            if pa.types.is_string(column.type):
                yield "\n".join(value for value in column.to_pylist() if value is not None).encode()
    elif path.suffix == ".zst":
        yield zstandard.ZstdDecompressor().stream_reader(io.BytesIO(path.read_bytes())).read()
    else:
        yield path.read_bytes()
