"""A context-free grammar as data, and its two printed forms: GBNF (llama.cpp) and Lark (llguidance).

Rules whose names are in capitals are terminals: they stay regular, and Lark prints each as one regular expression.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """These characters exactly."""

    text: str


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a class, in the notation that both dialects share, e.g. ``[0-8]``."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Another rule, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of these."""

    options: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``part`` from ``least`` to ``most`` times; without end where ``most`` is None."""

    part: "Part"
    least: int
    most: int | None


Part = Text | Characters | Rule | Sequence | Choice | Repeat
Rules = Mapping[str, Part]  # the first one is where a text starts


def sequence(*parts: Part | str) -> Part:
    """``parts`` one after the other; a str stands for itself."""
    joined: list[Part] = []
    for part in (Text(part) if isinstance(part, str) else part for part in parts):
        if isinstance(part, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined[0] if len(joined) == 1 else Sequence(tuple(joined))


def choice(*options: Part | str) -> Part:
    """Any one of ``options``; a str stands for itself."""
    parts = tuple(Text(option) if isinstance(option, str) else option for option in options)
    return parts[0] if len(parts) == 1 else Choice(parts)


def optional(*parts: Part | str) -> Part:
    """``parts`` or nothing."""
    return Repeat(sequence(*parts), 0, 1)


def gbnf(rules: Rules) -> str:
    """The grammar in llama.cpp's notation: one rule a line, since a bare newline would end a body."""
    first = next(iter(rules))
    names = {name: "root" if name == first else name.lower().replace("_", "-") for name in rules}
    return "".join(f"{names[name]} ::= {_gbnf(body, names)}\n" for name, body in rules.items())


def lark(rules: Rules) -> str:
    """The grammar in llguidance's Lark notation."""
    first = next(iter(rules))
    names = {name: "start" if name == first else name for name in rules}
    terminals = {name: body for name, body in rules.items() if name.isupper()}
    lines = [
        f"{names[name]}: /{_regex(body, terminals)}/" if name in terminals else f"{names[name]}: {_lark(body, names)}"
        for name, body in rules.items()
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _gbnf(part: Part, names: Mapping[str, str]) -> str:
    match part:
        case Text(text):
            return _quoted(text)
        case Characters(pattern):
            return pattern
        case Rule(name):
            return names[name]
        case Sequence(parts):
            return " ".join(_group(_gbnf(each, names), each, Choice) for each in parts)
        case Choice(options):
            return " | ".join(_gbnf(each, names) for each in options)
        case Repeat(inner, least, most):
            return _group(_gbnf(inner, names), inner, Choice, Sequence, Repeat) + _times(least, most)


def _lark(part: Part, names: Mapping[str, str]) -> str:
    match part:
        case Text(text):
            return _quoted(text)
        case Characters(pattern):
            return f"/{pattern}/"
        case Rule(name):
            return names[name]
        case Sequence(parts):
            return " ".join(_group(_lark(each, names), each, Choice) for each in parts)
        case Choice(options):
            return " | ".join(_lark(each, names) for each in options)
        case Repeat(inner, least, most):
            return _group(_lark(inner, names), inner, Choice, Sequence, Repeat) + _times(least, most)


def _regex(part: Part, terminals: Mapping[str, Part]) -> str:
    match part:
        case Text(text):
            return re.sub(r"([\\/.*+?()\[\]{}|^$])", r"\\\1", text)
        case Characters(pattern):
            return pattern
        case Rule(name):
            return f"({_regex(terminals[name], terminals)})"
        case Sequence(parts):
            return "".join(_group(_regex(each, terminals), each, Choice) for each in parts)
        case Choice(options):
            return "|".join(_regex(each, terminals) for each in options)
        case Repeat(inner, least, most):
            single = isinstance(inner, Characters | Rule) or (isinstance(inner, Text) and len(inner.text) == 1)
            body = _regex(inner, terminals)
            return (body if single else f"({body})") + _times(least, most)


def _group(printed: str, part: Part, *kinds: type) -> str:
    return f"({printed})" if isinstance(part, kinds) else printed


def _times(least: int, most: int | None) -> str:
    match least, most:
        case 0, 1:
            return "?"
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case _:
            return f"{{{least},{'' if most is None else most}}}"
