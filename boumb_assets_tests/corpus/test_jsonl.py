"""Shards: whole frames, nothing lost, nothing damaged unseen, any row by its place, all shards in turn."""

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import zstandard

from boumb_assets.corpus.jsonl import read_blocks, read_rows, row_at, rows_at, shard_files, write_shard
from boumb_assets.corpus.shard_index import INDEX, RowsError, ShardEntry, read_index, write_index


def row(number: int, words: int = 40) -> dict[str, Any]:
    text = " ".join(str(Random(number * 1000 + word).random()) for word in range(words))
    return {"messages": [{"role": "user", "content": f"{number} « é »"}, {"role": "assistant", "content": text}]}


def line(number: int) -> bytes:
    return json.dumps(row(number), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def blocks(first: int, count: int, size: int = 7) -> list[tuple[bytes, int]]:
    numbers = range(first, first + count)
    parts = [numbers[begin : begin + size] for begin in range(0, count, size)]
    return [(b"".join(map(line, part)), len(part)) for part in parts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = []
    for split, shard, first, count in (("train", 0, 0, 50), ("train", 1, 50, 10), ("test", 0, 60, 5)):
        name = f"{split}-boumb-sequence-{shard:02d}.jsonl.zst"
        made = write_shard(tmp_path / name, blocks(first, count))
        assert made is not None and made.rows == count
        entries.append(
            ShardEntry(
                shard=name,
                split=split,
                contract="boumb-sequence",
                rows=count,
                bytes=made.bytes,
                sha256=made.sha256,
                frames=made.frames,
            )
        )
    write_index(tmp_path, entries)
    return tmp_path


def test_frames_are_whole_lines_that_say_their_size_and_carry_a_checksum(folder: Path) -> None:
    for entry in read_index(folder):
        packed = (folder / entry.shard).read_bytes()
        ends = [begin for begin, _ in entry.frames[1:]] + [len(packed)]
        lines = 0
        for (begin, first), end in zip(entry.frames, ends, strict=True):
            frame = zstandard.get_frame_parameters(packed[begin:])
            content = zstandard.decompress(packed[begin:end])
            assert frame.has_checksum and frame.content_size == len(content)
            assert (first, content[-1:]) == (lines, b"\n")
            lines += content.count(b"\n")
        assert lines == entry.rows
        assert entry.bytes == sum(map(len, read_blocks(folder / entry.shard)))


def test_rows_come_shard_by_shard_or_from_all_in_turn_and_each_once(folder: Path) -> None:
    assert list(read_rows(folder, "train")) == [row(number) for number in range(60)]
    assert [path.name.split("-")[0] for path in shard_files(folder, contracts=["boumb-sequence"])] == [
        "test",
        "train",
        "train",
    ]
    assert shard_files(folder, contracts=["drum-pattern"]) == []
    shuffled = [found["messages"][0]["content"].split()[0] for found in read_rows(folder, "train", seed=3)]
    numbers = [int(number) for number in shuffled]
    assert sorted(numbers) == list(range(60)) != numbers
    assert [number for number in numbers if number < 50] == list(range(50))  # within a shard as they lie
    switches = sum((one < 50) != (other < 50) for one, other in pairwise(numbers))
    assert switches > 8
    again, other = (list(read_rows(folder, "train", seed=seed)) for seed in (3, 4))
    assert again == list(read_rows(folder, "train", seed=3)) != other


def test_any_row_is_found_by_its_place(folder: Path) -> None:
    for number in range(50):
        assert row_at(folder, "train-boumb-sequence-00.jsonl.zst", number) == row(number)
    places = [("test-boumb-sequence-00.jsonl.zst", 4), ("train-boumb-sequence-01.jsonl.zst", 9)]
    assert list(rows_at(folder, places)) == [row(64), row(59)]
    for shard, number in (
        ("train-boumb-sequence-01.jsonl.zst", 10),
        ("train-boumb-sequence-01.jsonl.zst", -1),
        ("x", 0),
    ):
        with pytest.raises(LookupError, match="there is no line"):
            row_at(folder, shard, number)


@pytest.mark.parametrize("seed", [None, 0])
def test_a_cut_shard_is_an_error_that_names_it(folder: Path, seed: int | None) -> None:
    path = folder / "train-boumb-sequence-00.jsonl.zst"
    whole = path.read_bytes()
    begins = {begin for begin, _ in read_index(folder)[1].frames}
    for length in range(1, len(whole), 397):
        path.write_bytes(whole[:length])
        if length not in begins:
            with pytest.raises(RowsError, match=r"train-boumb-sequence-00\.jsonl\.zst"):
                list(read_rows(folder, seed=seed))
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    path.write_bytes(flipped)
    with pytest.raises(RowsError, match="damaged"):
        list(read_rows(folder, seed=seed))


def test_a_shard_that_ends_between_frames_or_is_empty_is_cut_short_too(folder: Path) -> None:
    path = folder / "train-boumb-sequence-00.jsonl.zst"
    whole, (begin, _) = path.read_bytes(), read_index(folder)[1].frames[2]
    path.write_bytes(whole[:begin])
    with pytest.raises(RowsError, match="cut short"):
        list(read_rows(folder, seed=0))
    path.write_bytes(b"")
    with pytest.raises(RowsError, match="cut short"):
        list(read_rows(folder))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[]\n", "no JSON object"),
        (b"{\n", "no JSON"),
        (b"{}", "within a line"),
        (b"x" * (1 << 22) + b"xx\n", "beyond"),
    ],
)
def test_lines_that_are_no_rows_are_errors(folder: Path, content: bytes, problem: str) -> None:
    (folder / "train-boumb-sequence-00.jsonl.zst").write_bytes(zstandard.compress(content))
    with pytest.raises(RowsError, match=problem):
        list(read_rows(folder, "train"))


def test_an_index_that_is_none_is_an_error(folder: Path) -> None:
    for text in ("{}", '[{"shard": 1}]', "", '[{"shard":"a","split":"b","contract":"c","rows":-1}]'):
        (folder / INDEX).write_text(text)
        with pytest.raises(RowsError, match="no index"):
            read_index(folder)
    (folder / INDEX).unlink()
    with pytest.raises(RowsError, match="no index"):
        read_index(folder)


def test_no_rows_are_no_file(tmp_path: Path) -> None:
    assert write_shard(tmp_path / "train-boumb-sequence-00.jsonl.zst", []) is None
    write_index(tmp_path, [])
    assert (shard_files(tmp_path), read_index(tmp_path)) == ([], [])
