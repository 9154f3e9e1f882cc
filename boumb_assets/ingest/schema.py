"""The columns of raw_midi: a manifest of the files of a data set, not a copy of them."""

from typing import Final

import pyarrow as pa

RAW: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False, metadata={"description": "Relative to source, POSIX."}),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("mtime_ns", pa.int64(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False, metadata={"description": "The absolute folder that was read."}),
        pa.field("title", pa.string()),
        pa.field("composer", pa.string()),
        pa.field("composer_died", pa.int32()),
        pa.field("style", pa.string()),
        pa.field("bpm", pa.float32()),
        pa.field("official_split", pa.string()),
        pa.field(
            "loop_bars", pa.int32(), metadata={"description": "Of a loop: its bars, with the silent ones at its end."}
        ),
        pa.field("arranger", pa.string()),
        pa.field("arranger_died", pa.int32()),
        pa.field("published", pa.int32(), metadata={"description": "Year of first publication."}),
        pa.field("composition_licence", pa.string(), metadata={"description": "As the metadata of this file says."}),
        pa.field("encoding_licence", pa.string()),
        pa.field("performance_licence", pa.string()),
        pa.field("asked", pa.string(), metadata={"description": "What its user asked for, in an app's log."}),
    ]
)
