"""Notes moved to where the studio keeps them: it drops what is outside the pitches that it named."""

from collections.abc import Collection

from boumb_assets.contracts.steps import StepNote, Steps
from boumb_assets.theory.pitch import HIGHEST, LOWEST, note_name, pitch_of


def fitted(steps: Steps, allowed: Collection[int], octaves: tuple[int, int] | None = None) -> Steps:
    """``steps`` with every pitch among ``allowed`` (MIDI numbers; empty allows all) and, by octaves, within ``octaves``
    (C4 opens octave 4): the same pitch class where it is there, else the nearest pitch. Of two notes that meet on a
    step and pitch the louder stays."""
    possible = [pitch for pitch in range(LOWEST, HIGHEST + 1) if not allowed or pitch in allowed]
    if octaves is not None:
        possible = [pitch for pitch in possible if octaves[0] <= pitch // 12 - 1 <= octaves[1]] or possible
    if not possible:
        return steps
    best: dict[tuple[int, int], StepNote] = {}
    for note in steps.notes:
        pitch = pitch_of(note.pitch)
        target = min(possible, key=lambda p: (p != pitch, (p - pitch) % 12 != 0, abs(p - pitch), p))
        key = (note.start, target)
        if key not in best or best[key].velocity < note.velocity:
            best[key] = note.model_copy(update={"pitch": note_name(target)})
    return Steps(notes=[best[key] for key in sorted(best)])
