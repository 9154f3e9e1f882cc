"""Loops for the tests, small enough to measure by hand."""

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DrumPattern


def sequence(*notes: tuple[int, int, float]) -> str:
    """The canonical text of notes (step, MIDI pitch, length in sixteenths)."""
    return BoumbSequence.of([Note.on_grid(step, pitch, length, 0.8) for step, pitch, length in notes]).to_json()


def drums(**tracks: tuple[int, ...]) -> str:
    """The canonical text of hits, as ``kick=(0, 8)``."""
    hits = {f"track-{name}": dict.fromkeys(steps, 0.9) for name, steps in tracks.items()}
    return DrumPattern.of(hits).to_json()
