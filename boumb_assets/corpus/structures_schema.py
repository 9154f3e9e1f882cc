"""The table of structures."""

from typing import Final

import pyarrow as pa

STRUCTURES: Final = pa.schema(
    [
        pa.field("structure_id", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("contract", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("request", pa.string(), nullable=False),
        pa.field("original_key", pa.string(), nullable=False),
        pa.field("transposition", pa.int8(), nullable=False),
        pa.field("kept_share", pa.float32(), nullable=False),
        pa.field("sections", pa.int8(), nullable=False),
        pa.field("measures", pa.int32(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("composer", pa.string()),
        pa.field("official_split", pa.string()),
        pa.field("fingerprint", pa.string(), nullable=False),
    ]
)
"""One row a structure, sorted by path.

structure_id:  16 hexadecimal digits of the data set, the file's path and its hash
contract:      always ``music-structure``; content is its canonical JSON
request:       the MusicRequest, as JSON, that would ask for this piece; valence and arousal are estimates
original_key:  the piece's key as found, e.g. ``D# major`` (sharps only); transposition: semitones to the content's key
kept_share:    of all the sound of the piece (notes times duration), what lies in its sections and is a note of the
               measure's chord; the rest is what one diatonic triad a measure leaves out
sections, measures: of the content
fingerprint:   the same for structures that are the same in any key
"""
