"""Rows as the plain JSON lines that other trainers read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args

from boumb_assets.corpus.jsonl import read_rows

ExportFormat = Literal["openai", "trl", "axolotl"]
EXPORT_FORMATS: Final[tuple[str, ...]] = get_args(ExportFormat)


def export_rows(folder: Path, format: ExportFormat, split: str | None = "train") -> Iterator[str]:
    """The rows of one split (None: of all), a line each, without its line feed.

    ``openai``: chat fine-tuning, ``{"messages": [...]}``. ``trl``: conversational prompt and completion, on which its
    SFTTrainer learns the completion alone. ``axolotl``: OpenAI's messages for ``type: chat_template``, which learns
    the assistant's turns by default. Raises ValueError for another format, RowsError for a damaged folder.
    """
    if format not in EXPORT_FORMATS:
        raise ValueError(f"{format!r} is no format to export to; there are {', '.join(EXPORT_FORMATS)}")
    return (_line(row, format) for row in read_rows(folder, split))


def _line(row: dict[str, Any], format: ExportFormat) -> str:
    messages = row["messages"]
    shown = {"prompt": messages[:-1], "completion": messages[-1:]} if format == "trl" else {"messages": messages}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
