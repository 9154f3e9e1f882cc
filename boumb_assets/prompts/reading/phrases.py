"""Lists of phrases in a short notation, and what a phrase means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

_CHOICE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Words:
    """The phrases for one meaning, in French, in English, and those of both languages. A list is parted by commas,
    ``joyeu{x|se}`` stands for ``joyeux`` and ``joyeuse``."""

    fr: str = ""
    en: str = ""
    both: str = ""

    def each(self) -> Iterator[tuple[str, str]]:
        """Each phrase with its language: ``fr``, ``en``, or nothing for both."""
        for language, listed in (("fr", self.fr), ("en", self.en), ("", self.both)):
            for phrase in expanded(listed):
                yield phrase, language


def expanded(listed: str) -> Iterator[str]:
    """The phrases of a list, its choices written out."""
    for short in listed.split(","):
        parts = _CHOICE.split(short.strip())
        if parts != [""]:
            choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
            for chosen in product(*choices):
                yield "".join(chosen)
