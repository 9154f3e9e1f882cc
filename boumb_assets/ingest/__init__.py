"""Sources of MIDI, their metadata, and the demo data set."""
