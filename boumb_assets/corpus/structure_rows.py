"""The rows of whole pieces: a request for a structure, and the structure. There are few; each is made by itself."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

import numpy as np
import pyarrow as pa

from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.system_prompts import PromptForm, system_prompt
from boumb_assets.corpus.answer_length import answer_tokens
from boumb_assets.corpus.row_settings import ASKED, Reason, RowSettings
from boumb_assets.corpus.rows_schema import TRAINING_ROWS
from boumb_assets.corpus.shard_rows import ShardRows
from boumb_assets.prompts.structure_message import structure_prompt

FORMS: Final[dict[PromptForm, int]] = {"none": 2, "line": 1, "app": 1}
FRAME_BYTES: Final = 1 << 20


def structure_rows(structures: pa.Table, settings: RowSettings) -> ShardRows:
    """The rows of ``structures``: schema STRUCTURES with work_group, split, rights_train and rights. Answers keep the
    keys that they are in."""
    made: list[tuple[dict[str, Any], bytes]] = []
    left_out: Counter[str] = Counter()
    for structure in structures.to_pylist():
        tokens, without = _tokens(structure)
        reason = _reason(structure, tokens, settings)
        if reason is not None:
            left_out[reason] += 1
            continue
        made += _rows_of(structure, settings, {"tokens": tokens, "tokens_without": without})
    made.sort(key=lambda row: str(row[0]["row_id"]))
    columns = [field for field in TRAINING_ROWS if field.name not in ("shard", "line")]
    return ShardRows(
        pa.Table.from_pylist([origin for origin, _ in made], pa.schema(columns)),
        left_out,
        _blocks([line for _, line in made]),
    )


def _reason(structure: Mapping[str, Any], tokens: int, settings: RowSettings) -> Reason | None:
    if not structure["rights_train"]:
        return "not_cleared"
    return "answer_too_long" if tokens > settings.max_answer_tokens else None


def _tokens(structure: Mapping[str, Any]) -> tuple[int, int]:
    data = np.frombuffer(structure["content"].encode(), np.uint8)
    ((tokens, without),) = answer_tokens(structure["contract"], data, np.array([0, len(data)], np.int64)).tolist()
    return tokens, without


def _rows_of(
    structure: Mapping[str, Any], settings: RowSettings, lengths: Mapping[str, int]
) -> Iterator[tuple[dict[str, Any], bytes]]:
    request = MusicRequest.model_validate_json(structure["request"])
    for kind in list(ASKED)[: settings.prompts_per_loop]:
        prompt = structure_prompt(request.model_copy(update=dict.fromkeys(ASKED[kind])))
        key = f"{settings.seed}:{structure['structure_id']}:{kind}"
        form = Random(_number(f"system:{key}")).choices(list(FORMS), list(FORMS.values()))[0]
        origin = {
            "row_id": f"{_number(f'row:{key}'):016x}",
            "split": structure["split"],
            "loop_id": structure["structure_id"],
            "dataset": structure["dataset"],
            "sha256": structure["sha256"],
            "contract": structure["contract"],
            "prompt": prompt,
            "language": "en",
            "kind": kind,
            "system": form,
            "role": None,
            "style": None,
            "transposition": int(structure["transposition"]),
            "rights": str(structure["rights"] or ""),
            "work_group": structure["work_group"],
            **lengths,
        }
        yield origin, _line(system_prompt(structure["contract"], form, "en"), prompt, structure["content"])


def _line(system: str | None, user: str, assistant: str) -> bytes:
    said = [*([("system", system)] if system else []), ("user", user), ("assistant", assistant)]
    row = {"messages": [{"role": role, "content": content} for role, content in said]}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _blocks(lines: list[bytes]) -> Iterator[tuple[bytes, int]]:
    """The lines, about a frame's worth at a time, and how many."""
    block, size = list[bytes](), 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= FRAME_BYTES:
            yield b"".join(block), len(block)
            block, size = [], 0
    if block:
        yield b"".join(block), len(block)


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "little")
