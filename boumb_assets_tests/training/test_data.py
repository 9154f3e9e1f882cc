"""Reading rows: plain and packed, and what is no row."""

import re
from pathlib import Path

import pytest

from boumb_assets.training.data import (
    MAX_LINE_BYTES,
    answers_in_keys,
    data_version,
    read_rows,
    sample_rows,
    shards,
    texts_of,
)
from boumb_assets.training.progress import TrainingError
from boumb_assets_tests.training.rows import lines, movable_lines, write_shard


def test_packed_and_plain_rows_are_the_same(tmp_path: Path) -> None:
    rows = lines(30)
    write_shard(tmp_path / "a" / "train-0.jsonl", rows)
    write_shard(tmp_path / "b" / "train-0.jsonl.zst", rows)
    assert list(read_rows(tmp_path / "a")) == list(read_rows(tmp_path / "b"))
    assert data_version(tmp_path / "a") != data_version(tmp_path / "b")  # other bytes, though the same rows


def test_what_is_held_out_is_not_trained_on(tmp_path: Path) -> None:
    for name in ("train-0.jsonl", "validation-0.jsonl", "test-0.jsonl.zst"):
        write_shard(tmp_path / name, lines(3))
    assert [path.name for path in shards(tmp_path)] == ["train-0.jsonl"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"text":"a"}', "messages"),
        ('{"messages":[]}', "messages"),
        ('{"messages":[{"role":"tool","content":"a"}]}', "messages"),
        ('{"messages":[{"role":"assistant","content":1}]}', "messages"),
        ('{"messages":[{"role":"user","content":"a"}]}', "does not end with an answer"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, told: str) -> None:
    write_shard(tmp_path / "train-0.jsonl", [*lines(2), "", line])
    with pytest.raises(TrainingError, match=r"train-0\.jsonl:4 .*" + told):
        list(read_rows(tmp_path))


def test_a_shard_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = write_shard(tmp_path / "train-0.jsonl.zst", lines(5000))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TrainingError, match="cut short"):
        list(read_rows(tmp_path))
    path.write_bytes(b"no zstd at all")
    with pytest.raises(TrainingError, match="no zstd"):
        list(read_rows(tmp_path))


def test_frames_are_read_one_after_the_other(tmp_path: Path) -> None:
    rows = lines(200)
    write_shard(tmp_path / "plain" / "train-0.jsonl", rows)
    for rows_a_frame in (1, 7, 200):
        write_shard(tmp_path / "packed" / "train-0.jsonl.zst", rows, rows_a_frame)
        assert list(read_rows(tmp_path / "packed")) == list(read_rows(tmp_path / "plain"))


def test_a_shard_that_ends_within_a_frame_is_cut_short(tmp_path: Path) -> None:
    path = write_shard(tmp_path / "train-0.jsonl.zst", lines(60), rows_a_frame=20)
    whole = path.read_bytes()
    ends = [match.start() for match in re.finditer(re.escape(whole[:4]), whole)] + [len(whole)]
    assert len(ends) == 4
    for size in {size + near for size in ends for near in (-1, 1, 3)} - {-1, len(whole) + 1, len(whole) + 3}:
        path.write_bytes(whole[:size])
        with pytest.raises(TrainingError, match=r"train-0\.jsonl\.zst is cut short"):
            list(read_rows(tmp_path))
    path.write_bytes(b"")
    with pytest.raises(TrainingError, match="is cut short"):
        list(read_rows(tmp_path))


def test_damage_in_any_frame_is_seen(tmp_path: Path) -> None:
    path = write_shard(tmp_path / "train-0.jsonl.zst", lines(60), rows_a_frame=20)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    with pytest.raises(TrainingError, match="damaged"):
        list(read_rows(tmp_path))


def test_what_unpacks_to_one_endless_line_is_refused(tmp_path: Path) -> None:
    import zstandard

    (tmp_path / "train-0.jsonl.zst").write_bytes(zstandard.compress(b" " * (MAX_LINE_BYTES * 16)))
    with pytest.raises(TrainingError, match="is longer than"):
        list(read_rows(tmp_path))


def test_no_rows_is_an_error_that_says_where(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no rows in"):
        sample_rows(tmp_path / "absent", 5, 0)
    (tmp_path / "train-0.jsonl").write_text("\n\n")
    with pytest.raises(TrainingError, match="have no rows"):
        sample_rows(tmp_path, 5, 0)


def test_a_sample_is_drawn_by_its_seed_from_everywhere(tmp_path: Path) -> None:
    write_shard(tmp_path / "train-0.jsonl", lines(50, seed=1))
    write_shard(tmp_path / "train-1.jsonl", lines(50, seed=2))
    every = [str(row) for row in read_rows(tmp_path)]
    assert sorted(str(row) for row in sample_rows(tmp_path, 1000, 7)) == sorted(every)
    some = [str(row) for row in sample_rows(tmp_path, 20, 7)]
    assert len(some) == 20 and set(some) <= set(every)
    assert some == [str(row) for row in sample_rows(tmp_path, 20, 7)]
    assert some != [str(row) for row in sample_rows(tmp_path, 20, 8)]
    assert set(some) & set(every[:50]) and set(some) & set(every[50:])


def test_texts_are_answers_and_different_questions(tmp_path: Path) -> None:
    write_shard(tmp_path / "train-0.jsonl", lines(40))
    answers, questions = texts_of(read_rows(tmp_path))
    assert len(answers) == 40 and all(text.startswith('{"sequence"') for text in answers)
    assert len(questions) == len(set(questions)) == 7


def test_answers_come_in_other_keys_once_all_came_as_they_are(tmp_path: Path) -> None:
    write_shard(tmp_path / "train-0.jsonl", [*movable_lines(5), *lines(3, notes=2)])
    rows = list(read_rows(tmp_path))
    own = [row.messages[-1]["content"] for row in rows]
    every = answers_in_keys(rows, 1000, 0)
    assert len(every) == len(set(every)) > 3 * len(own) and every[: len(own)] == own
    assert answers_in_keys(rows, 12, 0) == every[:12]
    assert answers_in_keys(rows, 3, 0) == own[:3]
    plain = sample_rows(tmp_path, 1000, 0, in_keys=False)
    assert set(answers_in_keys(plain, 1000, 0)) == set(own)
