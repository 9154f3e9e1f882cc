"""What BoumbApp asks of the text of a sequence, beyond what any JSON reader sees."""

import re
from typing import Any, Final

from boumb_assets.contracts.boumb_sequence import Note
from boumb_assets.contracts.json_text import Written
from boumb_assets.contracts.violations import Violation

_SPACE_BEFORE_COMMA = re.compile(r"\}\s+,")
_VELOCITY_TEXT = re.compile(r"0\.[1-9]|1\.0")
_KEYS: Final = tuple(Note.model_fields)


def sequence_text_violations(text: str, value: Any) -> list[Violation]:
    """White space where the app has none, keys out of order, velocities in other digits.

    ``value`` is what `read_json` made of ``text`` with its digits kept. Whatever is not of the contract's shape is
    passed over: the model tells of that.
    """
    found = []
    if text != text.strip():
        found.append(Violation("outer_white_space", "$", "the app allows no white space at either end"))
    if _SPACE_BEFORE_COMMA.search(text):
        found.append(Violation("space_before_comma", "$", "the app allows no space before the comma between notes"))
    notes = value.get("sequence") if isinstance(value, dict) else None
    for index, note in enumerate(notes if isinstance(notes, list) else []):
        if isinstance(note, dict):
            found += _note_violations(note, f"sequence[{index}]")
    return found


def drum_text_violations(text: str, value: Any) -> list[Violation]:
    """Velocities in other digits than the app's; the rest of a drum pattern's text is free."""
    clips = value.get("clips") if isinstance(value, dict) else None
    return [
        violation
        for track, hits in (clips.items() if isinstance(clips, dict) else ())
        for index, hit in enumerate(hits if isinstance(hits, list) else ())
        if isinstance(hit, dict)
        for violation in _velocity_violations(hit, f"clips.{track}[{index}]")
    ]


def _note_violations(note: dict[str, Any], path: str) -> list[Violation]:
    found = _velocity_violations(note, path)
    if set(note) == set(_KEYS) and tuple(note) != _KEYS:
        found.append(Violation("key_order", path, f"the keys come as {', '.join(note)}, not as {', '.join(_KEYS)}"))
    return found


def _velocity_violations(note: dict[str, Any], path: str) -> list[Violation]:
    velocity = note.get("velocity")
    if isinstance(velocity, bool) or not isinstance(velocity, int | float):
        return []
    digits = velocity.text if isinstance(velocity, Written) else str(velocity)
    if _VELOCITY_TEXT.fullmatch(digits) or not 0.1 <= velocity <= 1.0 or round(velocity * 10) / 10 != velocity:
        return []  # another value altogether is for the model to tell
    return [
        Violation("velocity_text", f"{path}.velocity", f"{digits} is written with one digit: {float(velocity):.1f}")
    ]
