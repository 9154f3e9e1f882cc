"""Validation and repair of whatever text or object comes in."""

import json

from pydantic import BaseModel

from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.json_text import first_json_object
from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.contracts.repair import Repaired, repair
from boumb_assets.contracts.request_rules import Request, unmet
from boumb_assets.contracts.violations import Violation

__all__ = ["Repaired", "Violation", "first_json_object", "repair", "validate"]


def validate(text_or_obj: object, contract: str = "boumb-sequence", request: Request | None = None) -> list[Violation]:
    """What is wrong with a text (str or UTF-8 bytes), a model or a JSON value, for the named contract; of what the
    contract accepts, what is not as ``request`` asks, where one is given. Empty if all is right.

    Never raises for what it is given; raises ValueError for the name of a contract that there is not.
    """
    wanted = contract_of(contract)
    text = _text_of(text_or_obj)
    if isinstance(text, Violation):
        return [text]
    found = wanted.violations(text)
    return found if found or request is None else unmet(wanted.parse(text), request)


def _text_of(text_or_obj: object) -> str | Violation:
    if isinstance(text_or_obj, ContractModel):
        return text_or_obj.to_json()
    if isinstance(text_or_obj, BaseModel):
        return text_or_obj.model_dump_json()
    if isinstance(text_or_obj, bytes | bytearray):
        try:
            return bytes(text_or_obj).decode()
        except UnicodeDecodeError as error:
            return Violation("not_json", "$", f"no UTF-8 at byte {error.start}")
    if isinstance(text_or_obj, str):
        return text_or_obj
    try:
        return json.dumps(text_or_obj, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        return Violation("not_json", "$", f"this object has no JSON: {error}")
