"""The rows of a piano roll, for the picture and for the terminal."""

from dataclasses import dataclass
from typing import Final

from boumb_assets.contracts.drum_pattern import DRUM_TRACKS
from boumb_assets.render.drum_sounds import drum_track_of
from boumb_assets.render.performance import Performance
from boumb_assets.theory.pitch import NOTE_NAMES

DRUM_NAMES: Final = {
    "track-kick": "kick", "track-snare": "snare", "track-hhc": "closed hat", "track-hho": "open hat",
    "track-perc1": "perc",
}  # fmt: skip
_FEWEST: Final = 8  # rows of a melodic roll, so that a two-note loop still looks like one


@dataclass(frozen=True)
class Row:
    """One row: its label, and how it is drawn."""

    label: str
    is_black: bool = False
    is_c: bool = False
    is_used: bool = True
    is_drum: bool = False


def pitch_label(pitch: int) -> str:
    """The name of any MIDI number 0..127, C4 is 60: those of the contract, C-1 and G9 beyond."""
    return f"{NOTE_NAMES[pitch % 12]}{pitch // 12 - 1}"


def rows_of(performance: Performance) -> tuple[list[Row], list[int]]:
    """The rows from the top, every semitone between the highest and the lowest pitch and then the drums that sound
    (kick at the bottom), and the index of each note's row."""
    drum = performance.is_drum
    pitches = [int(pitch) for pitch in performance.pitch]
    melodic = {pitch for pitch, hit in zip(pitches, drum, strict=True) if not hit}
    tracks = {drum_track_of(pitch) for pitch, hit in zip(pitches, drum, strict=True) if hit}
    rows: list[Row] = []
    place: dict[int | str, int] = {}
    if melodic:
        lowest, highest = _span(min(melodic), max(melodic))
        for pitch in range(highest, lowest - 1, -1):
            place[pitch] = len(rows)
            rows.append(Row(pitch_label(pitch), "#" in pitch_label(pitch), pitch % 12 == 0, pitch in melodic))
    for track in reversed(DRUM_TRACKS):
        if track in tracks:
            place[track] = len(rows)
            rows.append(Row(DRUM_NAMES[track], is_drum=True))
    keys = [drum_track_of(pitch) if hit else pitch for pitch, hit in zip(pitches, drum, strict=True)]
    return rows or [Row("")], [place[key] for key in keys]


def _span(lowest: int, highest: int) -> tuple[int, int]:
    """The span widened evenly to the fewest rows, within MIDI's 0..127."""
    missing = max(0, _FEWEST - 1 - (highest - lowest))
    return max(0, lowest - (missing + 1) // 2), min(127, highest + missing // 2)
