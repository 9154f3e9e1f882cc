"""What is wrong with a text, as a stable code, a path and a sentence."""

import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from boumb_assets.contracts.base import ContractModel

_CODED = re.compile(r"([a-z][a-z0-9_]*): (.*)", re.DOTALL)
_SUBJECT = re.compile(r"^(Input|List|String) | after validation")
_CODES: Final = {
    "missing": "missing",
    "extra_forbidden": "extra_key",
    "literal_error": "not_in_list",
    "too_short": "too_few",
    "too_long": "too_many",
    "string_too_short": "text_too_short",
    "string_too_long": "text_too_long",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "greater_than": "out_of_range",
    "less_than": "out_of_range",
    "json_invalid": "not_json",
    "model_type": "wrong_type",
    "int_from_float": "wrong_type",
    "finite_number": "out_of_range",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a text breaks: ``path`` is that of the value (``sequence[3].note``; ``$`` is the whole text)."""

    code: str
    path: str
    message: str


def coded(error: ValueError, path: str = "$", otherwise: str = "invalid") -> Violation:
    """The violation that an error from `refuse` tells of."""
    match = _CODED.fullmatch(str(error))
    return Violation(match[1], path, match[2]) if match else Violation(otherwise, path, str(error))


def model_violations(text: str, model: type[ContractModel]) -> list[Violation]:
    """What ``model`` finds wrong with a JSON text; empty if nothing."""
    try:
        model.model_validate_json(text)
    except ValidationError as errors:
        return [_violation(error) for error in errors.errors(include_url=False)]
    except ValueError as error:  # e.g. half a surrogate pair, which has no UTF-8
        return [Violation("not_json", "$", str(error))]
    return []


def path_of(location: tuple[int | str, ...]) -> str:
    """``("sequence", 3, "note")`` as ``sequence[3].note``; the empty location as ``$``."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.removeprefix(".") or "$"


def _violation(error: ErrorDetails) -> Violation:
    path = path_of(error["loc"])
    kind = error["type"]
    last = path.rpartition(".")[2]
    match kind:
        case "value_error":
            return coded(error["ctx"]["error"], path)
        case "missing":
            return Violation("missing", path, f"{last} is missing")
        case "extra_forbidden":
            return Violation("extra_key", path, f"{last} is no key of the contract")
        case "string_pattern_mismatch":
            return _pattern(path, last, error["input"])
        case _:
            code = _CODES.get(kind, "wrong_type" if kind.endswith("_type") else kind)
            return Violation(code, path, f"{last} {_SUBJECT.sub('', error['msg'])}{_instead(error['input'])}")


def _instead(value: Any) -> str:
    return "" if isinstance(value, list | dict) else f"; it is {_shown(value)}"


def _pattern(path: str, field: str, value: Any) -> Violation:
    given = _shown(value)
    if field == "time":
        return Violation("bad_time", path, f"{given} is no time bar:beat:sixteenth, beat and sixteenth 0 to 3")
    if re.fullmatch(r"[A-G]b-?\d+", str(value)):
        return Violation("flat_name", path, f"{given} is a flat, which the app misreads; write the sharp")
    return Violation("bad_note", path, f"{given} is no note: a letter A to G, perhaps #, an octave 0 to 8")


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
