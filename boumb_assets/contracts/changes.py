"""What differs between two JSON values, place by place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

MOST_CHANGES: Final = 200  # that are told of
MOST_SHOWN: Final = 60  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: ``path`` as in a violation, and what was and is there; None where there is nothing."""

    path: str
    before: Any
    after: Any

    def words(self) -> str:
        """``sequence[0].note: "Bb2" -> "A#2"``, long values shortened."""
        return f"{self.path}: {_shown(self.before)} -> {_shown(self.after)}"


def changes_between(before: Any, after: Any) -> list[Change]:
    """The places where ``after`` differs from ``before``, the first ``MOST_CHANGES``. Lists of different lengths differ
    as a whole; 1 and 1.0 do not differ."""
    return list(islice(_changes("", before, after), MOST_CHANGES))


def _changes(path: str, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*after, *before]):
            yield from _changes(f"{path}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(f"{path}[{place}]", one, other)
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield Change(path.removeprefix(".") or "$", before, after)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."
