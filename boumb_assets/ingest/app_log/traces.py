"""A line of the traces: what somebody asked for, and what the model answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boumb_assets.contracts.json_text import read_json
from boumb_assets.ingest.app_log.consent import read_consent
from boumb_assets.ingest.app_log.erasures import MAX_ID_CHARS


class TraceError(ValueError):
    """A line that is no trace; the text says why, in words that repeat nothing of the line."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One request of a user."""

    request_id: str
    prompt: str
    answer: str
    """What the model said, as it said it."""
    context: Any
    """What the app told the model of the project: text, or an object."""
    consent: bool | None
    """None: nothing is said."""
    where: str
    """Its file and line, as ``path:line``."""


def read_trace(line: bytes, where: str) -> Trace:
    """The trace on one line of JSON. Other fields are not looked at. Raises TraceError."""
    try:
        value = read_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise TraceError("not UTF-8") from None
    except ValueError:
        raise TraceError("not JSON") from None
    if not isinstance(value, dict):
        raise TraceError("not a JSON object")
    request_id, consent = _request_id(value.get("request_id")), read_consent(value.get("consent"))
    try:
        prompt, answer = _text(value, "prompt"), _answer(value)
    except TraceError:
        if consent is not False:
            raise
        prompt = answer = ""  # a no may be all that the line is for
    return Trace(request_id, prompt, answer, value.get("context"), consent, where)


def _request_id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= MAX_ID_CHARS:
        raise TraceError(f"request_id is no text of 1 to {MAX_ID_CHARS} characters")
    return value.strip()


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise TraceError(f"{name} is no text")
    return value


def _answer(fields: Mapping[str, Any]) -> str:
    """The answer as text, also where the app had read it as JSON before it wrote the trace."""
    value = fields.get("llm_response_raw")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _text(fields, "llm_response_raw")
