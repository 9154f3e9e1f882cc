"""The two tables that the events of a data set are kept in.

A step is a sixteenth note. Columns that need a grid (steps, bars, beats, metre, tempo in BPM) are null for a file whose
ticks are no musical time (``grid`` is not ``score``): a number there would be read as if it meant something.
"""

from typing import Final

import pyarrow as pa

STAGE: Final = "midi_events"

EVENTS: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("track", pa.int16(), nullable=False),
        pa.field("program", pa.int16(), nullable=False),
        pa.field("channel", pa.int8(), nullable=False),
        pa.field("is_drum", pa.bool_(), nullable=False),
        pa.field("pitch", pa.uint8(), nullable=False),
        pa.field("velocity", pa.uint8(), nullable=False),
        pa.field("onset_tick", pa.int64(), nullable=False),
        pa.field("duration_tick", pa.int64(), nullable=False),
        pa.field("onset_s", pa.float64(), nullable=False),
        pa.field("duration_s", pa.float64(), nullable=False),
        pa.field("onset_step", pa.int32()),
        pa.field("duration_step", pa.float32()),
        pa.field("bar", pa.int32()),
        pa.field("beat", pa.int16()),
        pa.field("step", pa.int16()),
        pa.field("residual", pa.float32()),
    ]
)
"""One row a note, sorted by path, onset, track, pitch.

dataset, sha256, path: where it comes from; the hash is that of the file's bytes
track:         the part, a MIDI track's notes of one channel and program, counted from 0 in the file's order
program:       General MIDI program 0..127 when the note began, -1 for drums
channel:       9 for drums, -1 (unknown) elsewhere
pitch:         MIDI number 0..127; for drums a key of the General MIDI percussion map
velocity:      1..127
onset_tick, duration_tick: as in the file; duration 0 is kept
onset_s, duration_s: seconds from the start of the file, by its tempo map
onset_step:    the sixteenth from the start of the file that is nearest to the onset
duration_step: the exact length in sixteenths, not rounded to any grid
bar:           from 0; where the file has a pickup, that is bar 0 and the first whole bar is bar 1
beat:          from 0 in the bar, in units of the metre's denominator
step:          from 0 in the bar, in sixteenths; a pickup is counted as the end of a whole bar
residual:      onset minus onset_step, -0.5..0.5 steps
"""

FILES: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("repairs", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("composer", pa.string()),
        pa.field("composer_died", pa.int32()),
        pa.field("style", pa.string()),
        pa.field("official_split", pa.string()),
        pa.field("loop_bars", pa.int32()),
        pa.field("ppq", pa.int32(), nullable=False),
        pa.field("notes", pa.int32(), nullable=False),
        pa.field("tracks", pa.int16(), nullable=False),
        pa.field("track_names", pa.list_(pa.string()), nullable=False),
        pa.field("duration_s", pa.float64(), nullable=False),
        pa.field("bpm", pa.float32()),
        pa.field("tempo_changes", pa.int32(), nullable=False),
        pa.field("metre", pa.string()),
        pa.field("metre_changes", pa.int32(), nullable=False),
        pa.field("pickup_steps", pa.int16()),
        pa.field("grid", pa.string(), nullable=False),
        pa.field("grid_residual", pa.float32(), nullable=False),
        pa.field("grid_confidence", pa.float32(), nullable=False),
        pa.field("key_root", pa.int8()),
        pa.field("key_mode", pa.string()),
        pa.field("key_confidence", pa.float32()),
        pa.field("density", pa.float32(), nullable=False),
        pa.field("polyphony", pa.float32(), nullable=False),
        pa.field("lowest", pa.uint8()),
        pa.field("highest", pa.uint8()),
        pa.field("fingerprint", pa.string(), nullable=False),
    ]
)
"""One row a file that was parsed, sorted by path.

status:          ``parsed`` or ``repaired``; repairs: what was put right, by name, separated by commas
title .. loop_bars: as the data set's metadata say
ppq:             ticks a quarter note
track_names:     one a part, empty where the file gives none
duration_s:      when the last note ends
bpm:             quarter notes a minute of the tempo that holds the longest
tempo_changes, metre_changes: how often they change before the last note ends; a pickup is no change of metre
metre:           the first one, such as ``4/4``; that of the first whole bar where there is a pickup
pickup_steps:    the length of the pickup in sixteenths, 0 for none
grid:            ``score`` (onsets follow the file's beats), ``performance`` (they do not, and its tempo never changes:
                 the recorder's own clock) or ``unmetred`` (they do not, though it has a tempo map)
grid_residual:   mean absolute residual to the grid of sixteenths, in steps; 0.25 is what chance gives
grid_confidence: the probability of ``grid``, 0.5..1
key_root, key_mode, key_confidence: the global key of the pitched notes, null for drums alone
density:         distinct onsets a second, from the first onset to the end of the last note
polyphony:       mean number of notes that sound while any does; of pitched notes where there are any
lowest, highest: of the pitched notes, null for drums alone
fingerprint:     the same for files that are the same music in any key; 16 hexadecimal digits
"""
