"""The table of loops."""

from typing import Final

import pyarrow as pa

LOOPS: Final = pa.schema(
    [
        pa.field("loop_id", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("track", pa.int16(), nullable=False),
        pa.field("start_bar", pa.int32(), nullable=False),
        pa.field("bars", pa.int8(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("role_confidence", pa.float32(), nullable=False),
        pa.field("style", pa.string()),
        pa.field("bpm", pa.float32(), nullable=False),
        pa.field("key_root", pa.int8()),
        pa.field("scale", pa.string()),
        pa.field("scale_coverage", pa.float32()),
        pa.field("notes", pa.int32(), nullable=False),
        pa.field("density", pa.float32(), nullable=False),
        pa.field("swing", pa.float32(), nullable=False),
        pa.field("syncopation", pa.float32(), nullable=False),
        pa.field("lowest", pa.uint8(), nullable=False),
        pa.field("highest", pa.uint8(), nullable=False),
        pa.field("contract", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("loss", pa.float32(), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
        pa.field("score", pa.float32(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("composer", pa.string()),
        pa.field("official_split", pa.string()),
    ]
)
"""One row a loop, sorted by path, track, start_bar, bars.

loop_id:         16 hexadecimal digits over data set, path, file hash, track, start_bar, bars and contract
sha256, path:    the file it was cut from; track and start_bar count as in the events
role, role_confidence: bass, lead, keys, pad or drums, and the probability of that, 0..1
style:           one of the studio's, where the data set's own word names it
bpm:             quarter notes a minute, over the loop where the file's tempo changes
key_root, scale: of the file where the loop keeps to it, else of the loop; null where neither is clear, and for drums
scale_coverage:  the share of the loop's sounding time in the file's scale, or in its own where that one is named
density:         steps with an onset, a bar
swing:           0 straight .. 1 triplet, measured on the off-beats
syncopation:     0 none .. 1, Longuet-Higgins and Lee's, a note; of drums that of kick and snare
lowest, highest: MIDI numbers; of drums the General MIDI keys of the studio's tracks
contract, content: the canonical text
loss:            mean error of onset and of length that the contract's grid costs, in steps, the two added up
fingerprint:     equal for the same notes in any key
score:           0..1, how well it loops and how much there is to it; for ordering only
"""
