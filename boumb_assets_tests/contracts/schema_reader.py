"""A reader of the part of JSON Schema that the contracts use; a keyword that it does not know is an error."""

import re
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
}
_SILENT = {"description", "$defs", "default"}


def follows(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None) -> bool:
    """Whether a JSON value follows the schema."""
    whole = root or schema
    return all(_holds(word, rule, schema, value, whole) for word, rule in schema.items() if word not in _SILENT)


def _holds(word: str, rule: Any, schema: dict[str, Any], value: Any, root: dict[str, Any]) -> bool:
    match word:
        case "$ref":
            return follows(root["$defs"][rule.removeprefix("#/$defs/")], value, root)
        case "type":
            return isinstance(value, _TYPES[rule]) and not isinstance(value, bool)
        case "enum":
            return value in rule
        case "const":
            return bool(value == rule)
        case "pattern":
            return re.search(rule, value) is not None
        case "required":
            return set(rule) <= set(value)
        case "properties":
            return all(follows(rule[name], item, root) for name, item in value.items() if name in rule)
        case "additionalProperties":
            return rule is not False or set(value) <= set(schema["properties"])
        case "items":
            return all(follows(rule, item, root) for item in value)
        case "minItems" | "minLength":
            return len(value) >= int(rule)
        case "maxItems" | "maxLength":
            return len(value) <= int(rule)
        case "minimum":
            return bool(value >= rule)
        case "maximum":
            return bool(value <= rule)
    raise AssertionError(f"a keyword that this reader does not know: {word}")
