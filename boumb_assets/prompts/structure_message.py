"""AIRIA's message to its model: a MusicRequest in the words that the app itself sends."""

import json
from typing import Any, Final

from boumb_assets.contracts.music_request import MusicRequest

_PLAN_FIELDS: Final = ("name", "measures", "key", "cadence")


def structure_prompt(request: MusicRequest) -> str:
    """The user message for ``request``, in AIRIA's form (contracts/airia.md, "What its messages say"): the emotion and
    the length line by line, the wishes as a list, the section plan as JSON. What is not wished for is ``auto`` where
    the app says so, and left out elsewhere."""
    lines = [
        f"Valence: {request.valence:.2f}",
        f"Arousal: {request.arousal:.2f}",
        f"Focus: {request.focus:.2f}",
        f"Artistic motifs: {', '.join(tag for text in request.motif_tags if (tag := _one_line(text)))}",
        f"Target duration: {round(request.duration)} seconds",
        "Optional constraints:",
        *(f"- {name}: {value}" for name, value in _wishes(request) if value is not None),
    ]
    plan = _plan(request.section_plan)
    if plan:
        lines += ["Section plan you MUST follow:", json.dumps(plan, ensure_ascii=False, separators=(",", ":"))]
    return "\n".join(lines)


def _wishes(request: MusicRequest) -> list[tuple[str, str | None]]:
    return [
        ("Period/era", _one_line(request.period)),
        ("Preferred form", _one_line(request.form)),
        ("Preferred key (global)", _one_line(request.key) or "auto"),
        ("Tempo hint", "auto" if request.tempo is None else f"{request.tempo:g}"),
        ("Time signature hint", request.timeSignature),
        ("Motif seed (scale degrees)", _numbers(request.motif_seed)),
        ("Rhythm seed (beats)", _numbers(request.rhythm_seed)),
    ]


def _one_line(text: str | None) -> str | None:
    """Free text on one line, so that it cannot pass for a line of the message; None for nothing."""
    return " ".join(text.split()) or None if text else None


def _numbers(values: list[int] | list[float] | None) -> str | None:
    return ", ".join(f"{value:g}" for value in values) if values else None


def _plan(plan: dict[str, Any] | list[Any] | None) -> list[dict[str, Any]]:
    """The plan's sections, of each the fields that the app sends; bare or as ``{"sections": [...]}``."""
    sections = plan.get("sections") if isinstance(plan, dict) else plan
    if not isinstance(sections, list):
        return []
    kept = ({name: part[name] for name in _PLAN_FIELDS if name in part} for part in sections if isinstance(part, dict))
    return [part for part in kept if part]
