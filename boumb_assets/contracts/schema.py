"""The JSON schema of a contract, in the words that servers with a JSON mode understand."""

from typing import Any

from boumb_assets.contracts.base import ContractModel, JsonObject


def json_schema(model: type[ContractModel]) -> JsonObject:
    """The schema of ``model``: no titles, no nulls, and a list of values for each bounded integer, since the port of
    llama.cpp's converter in llama-cpp-python ignores ranges. What a schema cannot say (order, harmony) it leaves out;
    of fractions it names those that the project writes."""
    schema = _plain(model.model_json_schema(by_alias=True))
    if not isinstance(schema, dict):  # pragma: no cover - a model's schema is an object
        raise TypeError("a model's schema is an object")
    return schema


def without_descriptions(schema: Any) -> Any:
    """The schema without its prose."""
    if isinstance(schema, dict):
        return {
            key: without_descriptions(value)
            for key, value in schema.items()
            if not (key == "description" and isinstance(value, str))
        }
    return [without_descriptions(value) for value in schema] if isinstance(schema, list) else schema


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        (given,) = [option for option in options if option != {"type": "null"}]
        node = {**given, **{key: value for key, value in node.items() if key not in ("anyOf", "default")}}
    plain = {
        key: _properties(value) if key in ("properties", "$defs") else _plain(value)
        for key, value in node.items()
        if key != "title"
    }
    return _listed(plain)


def _properties(named: dict[str, Any]) -> dict[str, Any]:
    """Names are kept, even one that is called like a keyword."""
    return {name: _plain(value) for name, value in named.items()}


def _listed(node: JsonObject) -> JsonObject:
    bounds = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    if "enum" in node:
        return {key: value for key, value in node.items() if key not in bounds}
    if node.get("type") != "integer":
        return node
    least = node.get("minimum", node.get("exclusiveMinimum", 0) + 1 if "exclusiveMinimum" in node else None)
    most = node.get("maximum", node.get("exclusiveMaximum", 0) - 1 if "exclusiveMaximum" in node else None)
    if least is None or most is None:
        return node
    return {**{key: value for key, value in node.items() if key not in bounds}, "enum": list(range(least, most + 1))}
