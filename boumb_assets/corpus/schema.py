"""The table of loops."""

from types import MappingProxyType
from typing import Final

import pyarrow as pa

from boumb_assets.lake.parquet import TableForm

LOOPS: Final = pa.schema(
    [
        pa.field("loop_id", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("track", pa.int16(), nullable=False),
        pa.field("program", pa.int16(), nullable=False),
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
        pa.field("articulation", pa.float32()),
        pa.field("chord_changes", pa.float32()),
        pa.field("valence", pa.float32()),
        pa.field("arousal", pa.float32()),
        pa.field("lowest", pa.uint8(), nullable=False),
        pa.field("highest", pa.uint8(), nullable=False),
        pa.field("contract", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("loss", pa.float32(), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
        pa.field("near", pa.list_(pa.uint64()), nullable=False),
        pa.field("loopability", pa.float32(), nullable=False),
        pa.field("repetition", pa.float32(), nullable=False),
        pa.field("interest", pa.float32(), nullable=False),
        pa.field("score", pa.float32(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("composer", pa.string()),
        pa.field("official_split", pa.string()),
    ]
)
"""One row a loop, sorted by path, track, start_bar, bars.

loop_id:         16 hexadecimal digits over data set, path, file hash, track, start_bar, bars and contract
sha256, path:    the file it was cut from; track and start_bar count as in the events
program:         General MIDI, -1 for drums; that of the part's first note
role, role_confidence: bass, lead, keys, pad or drums, and the probability of that, 0..1
style:           one of the studio's, where the data set's own word names it
bpm:             quarter notes a minute, over the loop where the file's tempo changes
key_root, scale: of the file where the loop keeps to it, else of the loop; null where neither is clear, and for drums
scale_coverage:  the share of the loop's sounding time in the file's scale, or in its own where that one is named
density:         steps with an onset, a bar
swing:           0 straight .. 1 triplet, measured on the off-beats
syncopation:     0 none .. 1, Longuet-Higgins and Lee's, a note; of drums that of kick and snare
articulation:    the median over its notes of their written length as a share of the time to the next onset; below 1
                 there are gaps, above 1 notes ring on; null for drums
chord_changes:   changes of chord a bar; null where chords sound for less than half of the time that anything does, and
                 for drums
valence, arousal: sad -1..1 happy, calm 0..1 excited, as notes and tempo suggest, however high; null for drums
lowest, highest: MIDI numbers; of drums the General MIDI keys of the studio's tracks
contract, content: the canonical text
loss:            mean error of onset and of length that the contract's grid costs, in steps, the two added up
fingerprint:     equal for the same notes in any key
near:            16 hashes, of which loops share the more, the more of their figures are the same in any key
loopability:     0..1, how well its end leads into its beginning
repetition:      0..1, how much of it comes again, in itself and in its part
interest:        0..1, how much of it is not foreseen
score:           0..1, made of these three and of loss; for ordering only
"""
_REPEATED: Final = (
    "dataset", "sha256", "path", "track", "program", "start_bar", "bars", "role", "style", "bpm", "key_root", "scale",
    "notes", "lowest", "highest", "contract", "title", "composer", "official_split",
)  # fmt: skip
LOOPS_FORM: Final = TableForm(LOOPS, options=MappingProxyType({"use_dictionary": list(_REPEATED)}))
"""How the table lies in files: of the other columns nearly every value is another one."""
