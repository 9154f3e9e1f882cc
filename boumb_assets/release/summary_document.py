"""The form of the public summary of training content: sections, questions and answers, as JSON and as Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

TITLE: Final = "Public summary of training content for general-purpose AI models"
TEMPLATE: Final = {
    "by": "European Commission, AI Office",
    "date": "2025-07-24",
    "required_by": "Regulation (EU) 2024/1689, article 53(1)(d)",
}
LEFT: Final = "To be filled in by the provider."
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True)
class Answer:
    """One question of the template and what is said to it."""

    question: str
    text: str
    items: tuple[str, ...] = ()

    @property
    def left(self) -> bool:
        """Whether only the provider can answer it."""
        return LEFT in self.text


@dataclass(frozen=True)
class Section:
    """One section of the template."""

    number: str
    title: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The whole summary."""

    version: str
    sections: tuple[Section, ...]

    @property
    def left(self) -> list[str]:
        """What the provider has still to fill in: section and question."""
        return [f"{section.number}: {one.question}" for section in self.sections for one in section.answers if one.left]

    def values(self) -> dict[str, Any]:
        """The summary as plain values, for JSON."""
        return {
            "title": TITLE,
            "template": TEMPLATE,
            "version": self.version,
            "sections": [
                {
                    "number": section.number,
                    "title": section.title,
                    "answers": [
                        {
                            "question": one.question,
                            "answer": one.text,
                            "items": list(one.items),
                            "left_to_provider": one.left,
                        }
                        for one in section.answers
                    ],
                }
                for section in self.sections
            ],
            "left_to_provider": self.left,
        }

    def markdown(self) -> str:
        """The summary to read; what comes from outside is shown as it is."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"# {TITLE}"
        yield ""
        yield f"After the template of the {TEMPLATE['by']} of {TEMPLATE['date']}; {TEMPLATE['required_by']}."
        yield ""
        yield f"Version of the summary: {self.version}"
        for section in self.sections:
            yield ""
            yield f"{'#' * (2 + section.number.count('.'))} {section.number}. {section.title}"
            for one in section.answers:
                yield ""
                yield f"**{one.question}**"
                yield ""
                yield f"*{LEFT}*" if one.text == LEFT else _plain(one.text)
                if one.items:
                    yield ""
                yield from (f"- {_plain(item)}" for item in one.items)


def _plain(text: str) -> str:
    """Text from outside as one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
