"""The tables of structures, and of the files that give none."""

from typing import Final

import pyarrow as pa

PLACE: Final = pa.struct(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("first", pa.int32(), nullable=False),
        pa.field("last", pa.int32(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("cadence", pa.string(), nullable=False),
    ]
)

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
        pa.field("original_metre", pa.string(), nullable=False),
        pa.field("bar_offset", pa.float32(), nullable=False),
        pa.field("places", pa.list_(PLACE), nullable=False),
        pa.field("covered_share", pa.float32(), nullable=False),
        pa.field("kept_share", pa.float32(), nullable=False),
        pa.field("confidence", pa.map_(pa.string(), pa.float32()), nullable=False),
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
original_key:  the piece's key as found, e.g. ``Eb major``; transposition: semitones to the content's key
original_metre: as written; one that the contract lacks is written anew in the content, as 3/8 in doubled values as 3/4
bar_offset:    quarters from the file's bar lines to those of the content: half a bar where a piece of compound bars has
               its closes in their middle, else 0
places:        where each section lies in the file: its first and last bar as scores count (the first whole bar is 1, a
               bar is counted once for each time that the file plays it), its key before the transposition, its cadence
covered_share: of all the sound of the file (notes times duration), what lies in the sections
kept_share:    of the time of the sections, that in which the chord that is heard is the one that the content writes,
               its seventh and its inversion apart; the rest is what one diatonic triad a measure leaves out
confidence:    0..1 by field of the content (those of a section under ``sections.``) and of the request; see `sureness`
sections, measures: of the content
fingerprint:   the same for structures that are the same in any key
"""

STRUCTURES_DROPPED: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("why", pa.string(), nullable=False),
    ]
)
"""One row a file that gives no structure, sorted by path: the reason in a word or two, the same for all files that
share it, and in a sentence about this one."""
