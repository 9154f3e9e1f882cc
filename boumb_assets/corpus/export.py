"""Rows as the plain JSON lines that other trainers read.

What a row's messages are is not looked into: what stands around them is replaced, a few megabytes at a time. Inside a
JSON string each quote has a backslash before it, so what is replaced stands nowhere else.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, get_args

from boumb_assets.corpus.jsonl import read_blocks, shard_files

ExportFormat = Literal["openai", "trl", "axolotl", "llamafactory"]
EXPORT_FORMATS: Final[tuple[str, ...]] = get_args(ExportFormat)

_TRANSPOSE: Final = re.compile(rb'\],"transpose":\{[^\n]*\}\n')
_SYSTEM: Final = re.compile(rb'\{"messages":\[\{"role":"system","content":("(?:[^"\\]|\\.)*")\},')


def export_rows(folder: Path, format: ExportFormat, split: str | None = "train") -> Iterator[bytes]:
    """The rows of one split (None: of all), shard by shard by name, as UTF-8: some megabytes of whole lines at a time.
    What only our own trainer reads, the keys that a row may be moved to, is left out.

    ``openai``: chat fine-tuning, ``{"messages": [...]}``. ``trl``: conversational prompt and completion, on which its
    SFTTrainer learns the completion alone. ``axolotl``: OpenAI's messages for ``type: chat_template``, which learns
    the assistant's turns by default. ``llamafactory``: its ``sharegpt`` formatting in its default columns,
    ``conversations`` of ``from`` and ``value``, and ``system`` (which dataset_info.json names as a column). Raises
    ValueError for another format, RowsError for a damaged folder.
    """
    if format not in EXPORT_FORMATS:
        raise ValueError(f"{format!r} is no format to export to; there are {', '.join(EXPORT_FORMATS)}")
    write = _FORMATS[format]
    return (write(_TRANSPOSE.sub(b"]}\n", block)) for path in shard_files(folder, split) for block in read_blocks(path))


def _messages(lines: bytes) -> bytes:
    return lines


def _prompt_and_completion(lines: bytes) -> bytes:
    return lines.replace(b'{"messages":[', b'{"prompt":[').replace(
        b',{"role":"assistant","content":"', b'],"completion":[{"role":"assistant","content":"'
    )


def _conversations(lines: bytes) -> bytes:
    return (
        _SYSTEM.sub(rb'{"system":\1,"conversations":[', lines)
        .replace(b'{"messages":[', b'{"conversations":[')
        .replace(b'{"role":"user","content":"', b'{"from":"human","value":"')
        .replace(b'{"role":"assistant","content":"', b'{"from":"gpt","value":"')
    )


_FORMATS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "openai": _messages,
    "trl": _prompt_and_completion,
    "axolotl": _messages,
    "llamafactory": _conversations,
}
