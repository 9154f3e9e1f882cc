"""AIRIA's message to its model, read back into the MusicRequest that it was written from."""

import json
import re
from typing import Any, Final

from pydantic import ValidationError

from boumb_assets.contracts.music_request import MusicRequest

_NUMBER: Final = r"(-?[0-9]{1,6}(?:\.[0-9]{1,6})?)"
_NUMBERS: Final = {
    "valence": (re.compile(rf"^Valence: ?{_NUMBER}", re.MULTILINE), -1.0, 1.0),
    "arousal": (re.compile(rf"^Arousal: ?{_NUMBER}", re.MULTILINE), 0.0, 1.0),
    "focus": (re.compile(rf"^Focus: ?{_NUMBER}", re.MULTILINE), 0.0, 1.0),
    "confidence": (re.compile(rf"^Confidence: ?{_NUMBER}", re.MULTILINE), 0.0, 1.0),
    "duration": (re.compile(rf"^Target duration: ?{_NUMBER}", re.MULTILINE), 20.0, 420.0),
}
_WISHES: Final = {
    "period": "Period/era",
    "form": "Preferred form",
    "key": r"Preferred key \(global\)",
    "tempo": "Tempo hint",
    "timeSignature": "Time signature hint",
    "motif_seed": "Motif seed[^:\n]{0,40}",
    "rhythm_seed": "Rhythm seed[^:\n]{0,40}",
}
_TAGS: Final = re.compile(r"^Artistic motifs: ?(.{1,2000})$", re.MULTILINE)
_PLAN: Final = re.compile(r"Section plan you MUST follow[^\[\n]{0,200}\n?[^\[\n]{0,200}(?=\[)")
_EITHER: Final = re.compile(r"\s+or auto$|\s*\(.*\)$")


def is_piece_message(text: str) -> bool:
    """Whether a message asks for a piece in AIRIA's form."""
    return all(re.search(rf"^{label}:", text, re.MULTILINE) for label in ("Valence", "Arousal"))


def read_piece_message(text: str) -> MusicRequest:
    """The request of AIRIA's message. Numbers out of range are taken to its edge; a wish that cannot be read, and
    ``auto``, are as good as unsaid. Never fails."""
    fields: dict[str, Any] = {}
    for name, (pattern, low, high) in _NUMBERS.items():
        match = pattern.search(text)
        if match:
            fields[name] = min(high, max(low, float(match[1])))
    tags = _TAGS.search(text)
    if tags:
        fields["motif_tags"] = [tag.strip()[:160] for tag in tags[1].split(",") if tag.strip()][:24]
    for name, label in _WISHES.items():
        match = re.search(rf"^- {label}: ?(.{{1,200}})$", text, re.MULTILINE)
        value = _EITHER.sub("", match[1].strip()) if match else ""
        if value and value.lower() != "auto":
            fields[name] = _value(name, value)
    plan = _section_plan(text)
    if plan:
        fields["section_plan"] = plan
    return _as_far_as_valid(fields)


def _value(name: str, value: str) -> Any:
    if name in ("motif_seed", "rhythm_seed"):
        numbers = [float(number) for number in re.findall(_NUMBER, value)]
        return [int(number) for number in numbers] if name == "motif_seed" else numbers
    if name == "tempo":
        match = re.search(_NUMBER, value)
        return float(match[1]) if match else None
    return value


def _section_plan(text: str) -> list[Any] | None:
    start = _PLAN.search(text)
    if start is None:
        return None
    try:
        plan, _ = json.JSONDecoder().raw_decode(text, start.end())
    except (ValueError, RecursionError):
        return None
    return plan if isinstance(plan, list) else None


def _as_far_as_valid(fields: dict[str, Any]) -> MusicRequest:
    """The request without the fields that it refuses."""
    while True:
        try:
            return MusicRequest.model_validate(fields)
        except ValidationError as error:
            refused = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]} & fields.keys()
            if not refused:
                return MusicRequest()
            fields = {name: value for name, value in fields.items() if name not in refused}
