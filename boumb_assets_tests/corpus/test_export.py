"""Exports: each tool's keys, all rows in order, and no word changed whatever it looks like."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.export import EXPORT_FORMATS, ExportFormat, export_rows
from boumb_assets.corpus.jsonl import write_shard

# Words that look like what stands around them.
TRAPS = (
    '],"transpose":{"low":1}}', '{"messages":[', ',{"role":"assistant","content":"', '{"role":"user","content":"',
    "\\", '"', "\n", "é",
)  # fmt: skip
words = st.lists(st.one_of(st.sampled_from(TRAPS), st.text(st.characters(codec="utf-8"), max_size=5)), max_size=4)
texts = words.map("".join)


def written(folder: Path, rows: list[dict[str, Any]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows]
    for shard, half in enumerate((lines[: len(lines) // 2], lines[len(lines) // 2 :])):
        blocks = [(b"".join(half), len(half))] if half else []
        write_shard(folder / f"train-boumb-sequence-{shard:02d}.jsonl.zst", blocks)


def exported(folder: Path, form: ExportFormat) -> list[dict[str, Any]]:
    return [json.loads(line) for block in export_rows(folder, form) for line in block.splitlines()]


@given(st.lists(st.tuples(st.one_of(st.none(), texts), texts, texts, st.booleans()), max_size=5))
@settings(max_examples=50, deadline=None)
def test_every_form_says_the_same_in_its_own_keys(tmp_path_factory: pytest.TempPathFactory, said: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("rows")
    rows: list[dict[str, Any]] = []
    for system, user, answer, moves in said:
        messages = [{"role": "user", "content": user}, {"role": "assistant", "content": answer}]
        opening = [{"role": "system", "content": system}] if system is not None else []
        field = {"transpose": {"low": 0, "high": 1, "names": [], "pitches": []}} if moves else {}
        rows.append({"messages": opening + messages, **field})
    written(folder, rows)
    plain = [{"messages": row["messages"]} for row in rows]
    assert exported(folder, "openai") == exported(folder, "axolotl") == plain
    assert exported(folder, "trl") == [
        {"prompt": row["messages"][:-1], "completion": row["messages"][-1:]} for row in plain
    ]
    for found, (system, user, answer, _) in zip(exported(folder, "llamafactory"), said, strict=True):
        turns = [{"from": "human", "value": user}, {"from": "gpt", "value": answer}]
        assert found == ({"conversations": turns} if system is None else {"system": system, "conversations": turns})


def test_an_unknown_form_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=", ".join(EXPORT_FORMATS)):
        export_rows(tmp_path, "csv")  # type: ignore[arg-type]


def test_only_the_split_that_is_asked_for_is_given(tmp_path: Path) -> None:
    for split in ("train", "test"):
        write_shard(tmp_path / f"{split}-drum-pattern-00.jsonl.zst", [(f'{{"messages":["{split}"]}}\n'.encode(), 1)])
    assert b"".join(export_rows(tmp_path, "openai")) == b'{"messages":["train"]}\n'
    assert b"".join(export_rows(tmp_path, "openai", None)) == b'{"messages":["test"]}\n{"messages":["train"]}\n'
