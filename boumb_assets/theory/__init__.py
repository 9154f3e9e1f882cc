"""Pitch, scales, keys, chords, emotion, note fingerprints: pure numpy, no I/O."""
