"""Turns rights-cleared MIDI into a small language model that writes only musical JSON."""
