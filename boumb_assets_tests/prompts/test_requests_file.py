"""The hand-written requests on which the reader is measured: as many and as well-formed as requests.md says."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.theory.pitch import NOTE_NAMES
from boumb_assets.theory.scales import SCALES

FILE: Final = Path(__file__).with_name("requests.jsonl")
LINES: Final[tuple[dict[str, Any], ...]] = tuple(map(json.loads, FILE.read_text(encoding="utf-8").splitlines()))
FIELDS: Final[tuple[str, ...]] = ("role", "style", "root", "scale", "bpm", "bars", "density", "mood")
MOODS: Final = {
    "dark", "melancholic", "happy", "calm", "dreamy", "aggressive",
    "energetic", "tense", "mysterious", "epic", "romantic", "playful",
}  # fmt: skip
AT_LEAST: Final = {"root": 60, "bpm": 70, "bars": 25, "density": 40, "mood": 60, "role": 150, "style": 120}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["text"][:30])
def test_each_line_is_a_request_within_the_bounds(line: dict[str, Any]) -> None:
    assert list(line) == [
        "text",
        "language",
        *(name for name in FIELDS if name in line),
        *(["implied"] * _implied(line)),
    ]
    assert line["text"] == line["text"].strip() != ""
    said = {name: line[name] for name in ("language", *FIELDS) if name in line}
    if "root" in said:
        said["root"] = NOTE_NAMES.index(said["root"])
    assert LoopRequest.model_validate(said, strict=True).model_dump(exclude_unset=True) == said
    assert said.get("scale", "minor") in SCALES
    assert said.get("mood", "dark") in MOODS
    assert not _implied(line) or (line["implied"] == ["scale"] and "scale" in line)


def test_there_are_three_hundred_different_ones_half_in_each_language() -> None:
    assert Counter(line["language"] for line in LINES) == {"fr": 150, "en": 150}
    assert len({line["text"].casefold() for line in LINES}) == 300


def test_every_field_is_said_often_enough_and_nothing_at_all_too() -> None:
    counts = Counter(name for line in LINES for name in FIELDS if name in line)
    assert {name: counts[name] for name in AT_LEAST if counts[name] < AT_LEAST[name]} == {}
    assert sum(not set(FIELDS) & set(line) for line in LINES) >= 30
    assert {line["scale"] for line in LINES if "scale" in line} == set(SCALES)
    assert {line["mood"] for line in LINES if "mood" in line} == MOODS


def _implied(line: dict[str, Any]) -> bool:
    return "implied" in line
