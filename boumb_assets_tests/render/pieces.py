"""Pieces that the tests of this room render."""

from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, DrumPattern
from boumb_assets.contracts.music_structure import MusicStructure

BASS = BoumbSequence.of(
    [Note.on_grid(step, pitch, 2, 0.9) for step, pitch in [(0, 36), (3, 36), (6, 43), (8, 36), (16, 39), (30, 34)]]
)
CHORDS = BoumbSequence.of(
    [Note.on_grid(step, pitch, 8, 0.7) for step in (0, 8, 16, 24) for pitch in (60 + step // 8, 64, 67)]
)
BEAT = DrumPattern.of(
    {
        "track-kick": {0: 0.9, 8: 0.9, 16: 0.9, 24: 0.9},
        "track-snare": {4: 0.9, 12: 0.9, 20: 0.9, 28: 0.9},
        "track-hhc": dict.fromkeys(range(0, 32, 2), 0.5),
        "track-hho": {31: 0.7},
    }
)
PIECE = MusicStructure.model_validate_json(
    """{"key":"d minor","tempo":120,"timeSignature":"3/4","form":"AB","sections":[
    {"name":"A","measures":4,"key":"d minor","chordProgression":["i","V","i"],
     "melody":{"motifs":[{"degrees":[5,7],"rhythm":[1,1]},{"degrees":[1,2,3],"rhythm":[1,2,4]}]},
     "dynamics":"p","texture":"homophonic","cadence":"PAC"},
    {"name":"B","measures":4,"key":"F major","chordProgression":["I","IV","V"],
     "melody":{"motifs":[{"degrees":[8,1],"rhythm":[1,0.5]}]},
     "dynamics":"f","texture":"contrapuntal","cadence":"HC"}],
    "humanize":{"rubato":"none","velocityCurve":"phrase","peakBoost":0.2,"phraseEndSoftness":0.3},
    "instrumentation":"strings and piano","character":"test"}"""
)

notes = st.builds(
    Note.on_grid,
    st.integers(0, 63),
    st.integers(12, 119),
    st.sampled_from([0.5, 1, 2, 4, 8, 16]),
    st.floats(0.1, 1.0),
)
sequences = st.lists(notes, min_size=1, max_size=24).map(BoumbSequence.of)
patterns = st.dictionaries(
    st.sampled_from(DRUM_TRACKS),
    st.dictionaries(st.integers(0, 31), st.floats(0.1, 1.0), min_size=1, max_size=8),
    min_size=1,
).map(DrumPattern.of)
