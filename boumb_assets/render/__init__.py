"""MIDI, picture, sound."""
