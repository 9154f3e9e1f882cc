"""The tables that the events of a data set are kept in, but for that of its texts (`events.texts`).

A step is a sixteenth note. Columns that need a grid (steps, bars, beats, metre, tempo in BPM) are null for a file whose
ticks are no musical time (``grid`` is not ``score``), unless its beats were heard and are sure: a number there would be
read as if it meant something.
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
        pa.field("subdivision", pa.int8()),
        pa.field("onset_grid", pa.int32()),
    ]
)
"""One row a note, sorted by path, onset, track, pitch.

dataset, sha256, path: where it comes from; the hash is that of the file's bytes
track:         the part, a MIDI track's notes of one channel and program, counted from 0 in the file's order
program:       General MIDI program 0..127 when the note began, -1 for drums
channel:       0..15, 9 for drums
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
subdivision:   into how many the quarter note is divided in the beat of the onset: 4 (sixteenths), 8, 3 (triplet
               eighths) or 6; a swung eighth is in binary division
onset_grid:    the point of that division which the onset means, in 24ths of a quarter note from the start of the file

In a performance whose beats were heard, a beat is taken for a quarter note: there are four steps to it.
"""

TEMPO: Final = pa.struct(
    [
        pa.field("tick", pa.int64(), nullable=False),
        pa.field("s", pa.float64(), nullable=False),
        pa.field("bpm", pa.float32(), nullable=False),
    ]
)
METRE: Final = pa.struct(
    [
        pa.field("tick", pa.int64(), nullable=False),
        pa.field("numerator", pa.int16(), nullable=False),
        pa.field("denominator", pa.int16(), nullable=False),
    ]
)
LOCAL_KEY: Final = pa.struct(
    [
        pa.field("begin_s", pa.float64(), nullable=False),
        pa.field("begin_step", pa.int32()),
        pa.field("root", pa.int8(), nullable=False),
        pa.field("mode", pa.string(), nullable=False),
        pa.field("confidence", pa.float32(), nullable=False),
    ]
)

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
        pa.field("overlapping", pa.int32(), nullable=False),
        pa.field("hanging", pa.int32(), nullable=False),
        pa.field("ended_elsewhere", pa.int32(), nullable=False),
        pa.field("texts_cut", pa.int32(), nullable=False),
        pa.field("pedal_share", pa.float32(), nullable=False),
        pa.field("tracks", pa.int16(), nullable=False),
        pa.field("track_names", pa.list_(pa.string()), nullable=False),
        pa.field("programs", pa.list_(pa.int16()), nullable=False),
        pa.field("roles", pa.list_(pa.string()), nullable=False),
        pa.field("role_confidences", pa.list_(pa.float32()), nullable=False),
        pa.field("duration_s", pa.float64(), nullable=False),
        pa.field("bpm", pa.float32()),
        pa.field("tempo_changes", pa.int32(), nullable=False),
        pa.field("tempo_map", pa.list_(TEMPO), nullable=False),
        pa.field("tempos_cut", pa.int32(), nullable=False),
        pa.field("metre", pa.string()),
        pa.field("metre_changes", pa.int32(), nullable=False),
        pa.field("metre_map", pa.list_(METRE), nullable=False),
        pa.field("metres_cut", pa.int32(), nullable=False),
        pa.field("pickup_steps", pa.int16()),
        pa.field("grid", pa.string(), nullable=False),
        pa.field("grid_residual", pa.float32(), nullable=False),
        pa.field("grid_confidence", pa.float32(), nullable=False),
        pa.field("triplet_share", pa.float32()),
        pa.field("swing_ratio", pa.float32()),
        pa.field("beat_confidence", pa.float32()),
        pa.field("key_root", pa.int8()),
        pa.field("key_mode", pa.string()),
        pa.field("key_confidence", pa.float32()),
        pa.field("local_keys", pa.list_(LOCAL_KEY)),
        pa.field("density", pa.float32(), nullable=False),
        pa.field("polyphony", pa.float32(), nullable=False),
        pa.field("lowest", pa.uint8()),
        pa.field("highest", pa.uint8()),
        pa.field("syncopation", pa.float32()),
        pa.field("expressiveness", pa.float32(), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
    ]
)
"""One row a file that was parsed, sorted by path.

status:          ``parsed`` or ``repaired``; repairs: what was put right, by name, separated by commas
title .. loop_bars: as the data set's metadata say
ppq:             ticks a quarter note
overlapping:     notes that begin while one of their channel and pitch sounds in their track
hanging:         notes left out because nothing ends them in their track; ended_elsewhere: those of them for which
                 another track has a note-off to spare
texts_cut:       how many texts were shortened or left out
pedal_share:     how much of the time the sustain pedal is down, 0..1, the mean over notes
track_names:     one a part, empty where the file gives none
programs, roles, role_confidences: one a part: the General MIDI program that it begins with (-1 for drums); bass, lead
                 (a melody), keys (chords), pad or drums, by program, name and notes; the probability of that
duration_s:      when the last note ends
bpm:             quarter notes a minute of the tempo that holds the longest; of a performance the median of its beats
tempo_changes, metre_changes: how often they change before the last note ends; a pickup is no change of metre
tempo_map, metre_map: what the file says, whether its ticks are musical time or not: each tempo and metre from its tick
                 on (``s``: in seconds), the first from 0; those that begin before the last note ends, 1,024 at most
tempos_cut, metres_cut: how many more there are
metre:           the first one, such as ``4/4``; that of the first whole bar where there is a pickup; of a performance
                 the beats that most bars have, over 4, null where bars differ
pickup_steps:    the length of the pickup in sixteenths, 0 for none
grid:            ``score`` (onsets follow the file's beats), ``performance`` (they do not, and its tempo never changes:
                 the recorder's own clock) or ``unmetred`` (they do not, though it has a tempo map)
grid_residual:   mean distance of onsets from the point of their beat's subdivision that they mean, in sixteenths; where
                 ``grid`` is not ``score``, from the nearest sixteenth of the file's clock, of which 0.25 is chance
grid_confidence: the probability of ``grid``, 0.5..1
triplet_share:   the share of the beats with an onset that are divided by three, 0..1
swing_ratio:     long to short eighths, 1 where they are even, 2 where they are as triplets; null where that cannot be
                 measured
beat_confidence: of a performance, how far the beats that were heard may be trusted; null where none were
key_root, key_mode, key_confidence: the global key of the pitched notes, null for drums alone
local_keys:      the stretches of a key, each up to where the next begins: begin_s in seconds, begin_step in sixteenths
                 (null in free time), root, mode, confidence (as key_confidence, less sure of short stretches); on
                 windows of two quarter notes, or of a second in free time; null for drums alone
density:         distinct onsets a second, from the first onset to the end of the last note
polyphony:       mean number of notes that sound while any does; of pitched notes where there are any
lowest, highest: of the pitched notes, null for drums alone
syncopation:     0..1, how strongly onsets are held over stronger beats, as a share of the most that the metre allows;
                 null where grid is not score, and where no part has two onsets on sixteenths
expressiveness:  0..1, near 0 for what was drawn, near 1 for what was played: by the variety of places in the quarter
                 note, of velocities and of lengths
fingerprint:     the same for files that are the same music, in any key and at any tempo; 16 hexadecimal digits
"""

FILE_BEATS: Final = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("beat", pa.int32(), nullable=False),
        pa.field("time_s", pa.float64(), nullable=False),
        pa.field("is_downbeat", pa.bool_(), nullable=False),
        pa.field("bar", pa.int32(), nullable=False),
    ]
)
"""One row a beat that was heard in a performance, sorted by path, beat; none for a file whose beats are not sure.

beat:        from 0, the first one heard
time_s:      seconds from the start of the file
is_downbeat: whether a bar begins there
bar:         the bar that it is in, as in EVENTS
"""
