"""Reading what was meant to be JSON: single or curly quotes, commas too many or missing, comments, Python's and
JavaScript's words, keys without quotes, and a text that breaks off."""

import re
import sys
from typing import Any, Final

DEEPEST: Final = 32  # levels; the contracts have seven
_WORDS: Final = {"true": True, "false": False, "null": None, "none": None, "nan": None, "undefined": None}
_BLANK: Final = re.compile(r"(?:[\s,;]|//[^\n]*|/\*.*?(?:\*/|\Z))+", re.DOTALL)
_NUMBER: Final = re.compile(
    r"[-+]?(?:[0-9]{1,300}(?:\.[0-9]{0,300})?|\.[0-9]{1,300})(?:[eE][-+]?[0-9]{1,3})?(?![\w.#])"
)
_BARE: Final = re.compile(r"[^\s,;:={}\[\]\"'“”‘’]{1,400}")
_CLOSERS: Final = {'"': '"', "'": "'", "“": '”“"', "‘": "’‘'", "`": "`"}
_AFTER_STRING: Final = re.compile(r"\s*(?:[,:}\]]|\Z)")
_HEX_DIGITS: Final = {"x": 2, "u": 4, "U": 8}  # JSON's and Python's
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class NoJsonError(ValueError):
    """What stands there is no JSON, however it is read."""


class _BrokenOffError(Exception):
    """The text ends inside a value that is worth nothing without its end."""


class Mending:
    """One pass over ``text`` from the bracket at ``at``, in linear time. After ``read``, ``at`` is where it stopped and
    ``broken`` says that the text ended before its value did."""

    def __init__(self, text: str, at: int) -> None:
        """Nothing is read yet."""
        self.text, self.at, self.broken = text, at, False

    def read(self) -> Any:
        """The list or object, without a last part that broke off. Raises NoJsonError."""
        try:
            return self._value(0)
        except _BrokenOffError:
            raise NoJsonError("nothing whole") from None

    def _value(self, depth: int) -> Any:
        char = self._next()
        if char in "{[":
            if depth >= DEEPEST:
                raise NoJsonError("nested too deep")
            return self._object(depth) if char == "{" else self._array(depth)
        return self._string(char) if char in _CLOSERS else self._bare()

    def _next(self) -> str:
        """The next character that is no white space, comment or comma: one comma is as good as none or two."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        if self.at >= len(self.text):
            raise _BrokenOffError
        return self.text[self.at]

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        members: dict[str, Any] = {}
        try:
            while (char := self._next()) not in "}]":
                key = self._string(char) if char in _CLOSERS else self._bare()
                if self._next() not in ":=":
                    raise NoJsonError("a key without a value")
                self.at += 1
                value = self._value(depth + 1)
                if not self.broken or value:
                    members[str(key)] = value
                if self.broken:
                    return members
        except _BrokenOffError:
            self.broken = True
            return members
        self.at += char == "}"  # where its own bracket is missing, the other one closes what is around it too
        return members

    def _array(self, depth: int) -> list[Any]:
        self.at += 1
        items: list[Any] = []
        try:
            while (char := self._next()) not in "}]":
                value = self._value(depth + 1)
                if not self.broken or _is_worth_keeping(value):
                    items.append(value)
                if self.broken:
                    return items
        except _BrokenOffError:
            self.broken = True
            return items
        self.at += char == "]"
        return items

    def _string(self, quote: str) -> str:
        """A string. A single quote within it (``'A''``) closes it only where JSON goes on after it."""
        closers, said = _CLOSERS[quote], []
        self.at += 1
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char == "\\" and self.at < len(self.text):
                said.append(self._escaped())
            elif char in closers and (quote == '"' or _AFTER_STRING.match(self.text, self.at)):
                # two escapes of JSON may be the halves of one character
                return "".join(said).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            else:
                said.append(char)
        raise _BrokenOffError

    def _escaped(self) -> str:
        char = self.text[self.at]
        self.at += 1
        digits = self.text[self.at : self.at + _HEX_DIGITS.get(char, 0)]
        if digits and re.fullmatch(r"[0-9a-fA-F]{2,8}", digits) and int(digits, 16) <= sys.maxunicode:
            self.at += len(digits)
            return chr(int(digits, 16))
        return _ESCAPES.get(char, char)

    def _bare(self) -> Any:
        """A number, or a word without quotes; either may go on where the text ends."""
        match = _NUMBER.match(self.text, self.at) or _BARE.match(self.text, self.at)
        if match is None:
            raise NoJsonError("neither a value nor a key")
        self.at = match.end()
        if self.at >= len(self.text):
            raise _BrokenOffError
        word = match[0]
        if match.re is _BARE:
            return _WORDS.get(word.lower(), word)
        return int(word) if word.lstrip("+-").isdigit() else float(word)


def _is_worth_keeping(value: object) -> bool:
    """Whether an item that broke off still says something: a note without its end does not, a section may."""
    if isinstance(value, dict):
        return any(isinstance(member, dict | list) and member for member in value.values())
    return isinstance(value, list) and bool(value)
