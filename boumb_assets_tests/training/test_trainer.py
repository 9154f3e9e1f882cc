"""The trainer: the same bytes each time, also when it was cut off; and what it cannot train on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from boumb_assets.training.base_model import load_model
from boumb_assets.training.chat import mark_answers
from boumb_assets.training.config import REPORT, TrainConfig, TrainReport
from boumb_assets.training.encoding import RowEncoder, draw_rows, in_turn
from boumb_assets.training.lora import merge_adapter
from boumb_assets.training.progress import TrainingError
from boumb_assets.training.trainer import train_lora
from boumb_assets_tests.training.rows import lines, movable_lines, write_shard
from boumb_assets_tests.training.test_base_model import contents


class Cut(Exception):
    """The power went."""


@pytest.fixture(scope="module")
def config(base: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    out = tmp_path_factory.mktemp("lora") / "adapter"
    return TrainConfig(base, data, out, steps=6, batch_size=4, rank=2, dropout=0.1, save_every=2)


@pytest.fixture(scope="module")
def report(config: TrainConfig) -> TrainReport:
    return train_lora(config)


def test_an_adapter_and_its_report(config: TrainConfig, report: TrainReport) -> None:
    assert set(contents(config.out)) >= {"adapter_config.json", "adapter_model.safetensors", "tokenizer.json", REPORT}
    assert (report.steps, report.rows, report.rows_too_long, len(report.losses)) == (6, 24, 0, 6)
    assert 0 < report.answer_tokens < report.tokens
    assert report.last_loss < report.first_loss
    assert json.loads((config.out / REPORT).read_text())["fingerprint"] == report.fingerprint
    assert [path.name for path in config.out.parent.iterdir()] == ["adapter"]  # no checkpoint, no half folder
    for path in config.out.iterdir():
        assert b"/tmp" not in path.read_bytes()


def test_two_runs_are_the_same_bytes(config: TrainConfig, report: TrainReport, tmp_path: Path) -> None:
    train_lora(replace(config, out=tmp_path / "again"))
    assert contents(tmp_path / "again") == contents(config.out)


def test_a_run_that_was_cut_off_goes_on(config: TrainConfig, report: TrainReport, tmp_path: Path) -> None:
    def cut(done: int, total: int, text: str) -> None:
        if done == 5:
            raise Cut

    cut_off = replace(config, out=tmp_path / "cut", work=tmp_path / "work")
    with pytest.raises(Cut):
        train_lora(cut_off, cut)
    assert not cut_off.out.exists()
    (tmp_path / "work" / "checkpoint-6").mkdir()  # and one was being written
    went_on = train_lora(cut_off)
    assert went_on.resumed_from == 4
    assert contents(cut_off.out) == contents(config.out)
    assert not (tmp_path / "work").exists()


def test_checkpoints_of_other_settings_are_not_used(config: TrainConfig, data: Path) -> None:
    base, rows = "b" * 16, "d" * 16
    same = replace(config, out=Path("elsewhere"), work=Path("w"), save_every=1, base="b", data=Path("x"))
    assert same.fingerprint(base, rows) == config.fingerprint(base, rows)
    others = [
        replace(config, seed=1),
        replace(config, steps=7),
        replace(config, learning_rate=1e-3),
        replace(config, transpose="none"),
    ]
    prints = {other.fingerprint(base, rows) for other in others} | {
        config.fingerprint(base, "e"),
        config.fingerprint("c", rows),
    }
    assert len(prints) == 6 and config.fingerprint(base, rows) not in prints


@pytest.fixture(scope="module")
def moving(config: TrainConfig, tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    folder = tmp_path_factory.mktemp("moving")
    write_shard(folder / "data" / "train-0.jsonl.zst", movable_lines(6), rows_a_frame=2)
    return replace(config, data=folder / "data", out=folder / "adapter", steps=6)


def test_a_run_in_other_keys_that_was_cut_off_goes_on(moving: TrainConfig, tmp_path: Path) -> None:
    def cut(done: int, total: int, text: str) -> None:
        if done == 5:
            raise Cut

    train_lora(moving)
    cut_off = replace(moving, out=tmp_path / "cut")
    with pytest.raises(Cut):
        train_lora(cut_off, cut)
    assert train_lora(cut_off).resumed_from == 4
    assert contents(cut_off.out) == contents(moving.out)


def test_an_epoch_sees_other_keys_than_the_one_before(moving: TrainConfig) -> None:
    _, tokenizer = load_model(moving.base)
    mark_answers(tokenizer)
    encoder = RowEncoder(tokenizer, 950, 2048)
    rows, too_long = draw_rows(encoder, moving)
    assert (len(rows), too_long) == (6, 0)
    numbers = [number for _ in range(12) for number in range(6)]
    seen = [tokenizer.decode(encoded.ids) for encoded in in_turn(encoder, rows, numbers, moving.seed)]
    for number, (row, _) in enumerate(rows):
        answers = [text.rpartition('{"sequence"')[2] for text in seen[number::6]]
        own = row.messages[-1]["content"].removeprefix('{"sequence"')
        assert len(set(answers)) == 12 and sum(answer.startswith(own) for answer in answers) == 1
    assert seen == [tokenizer.decode(encoded.ids) for encoded in in_turn(encoder, rows, numbers, moving.seed)]
    assert len({text.rpartition('{"sequence"')[2] for text in seen[:6]}) > 1
    still, _ = draw_rows(encoder, replace(moving, transpose="none"))
    assert in_turn(encoder, still, numbers, moving.seed) == [encoded for _, encoded in still] * 12


def test_a_row_that_is_too_long_in_another_key_is_seen_as_it_is_written(moving: TrainConfig) -> None:
    _, tokenizer = load_model(moving.base)
    mark_answers(tokenizer)
    rows, _ = draw_rows(RowEncoder(tokenizer, 950, 2048), moving)
    seen = in_turn(RowEncoder(tokenizer, 1, 2048), rows, [0, 1] * 12, moving.seed)
    assert seen == [rows[0][1], rows[1][1]] * 12


def test_merging_changes_no_answer(config: TrainConfig, report: TrainReport, tmp_path: Path) -> None:
    import torch
    from peft import PeftModel

    merge_adapter(Path(config.base), config.out, tmp_path / "model")
    model, tokenizer = load_model(tmp_path / "model")
    plain, _ = load_model(config.base)
    ids = torch.tensor([tokenizer("Basse funky")["input_ids"]])
    with torch.no_grad():
        before = plain(input_ids=ids).logits.clone()
        adapted = PeftModel.from_pretrained(plain, str(config.out))(input_ids=ids).logits
        merged = model(input_ids=ids).logits
    assert torch.allclose(merged, adapted, atol=1e-4)
    assert not torch.allclose(merged, before, atol=1e-4)  # the adapter does something
    assert not (tmp_path / "model" / "adapter_config.json").exists()


def test_long_answers_are_left_out(config: TrainConfig, tmp_path: Path) -> None:
    write_shard(tmp_path / "data" / "train-0.jsonl", [*lines(12, notes=3), *lines(12, seed=5, notes=16)])
    short = replace(config, data=tmp_path / "data", out=tmp_path / "out", steps=2, max_tokens=20)
    trained = train_lora(short)
    assert trained.rows == 8 and trained.rows_too_long > 0
    with pytest.raises(TrainingError, match="rows are too long"):
        train_lora(replace(short, max_tokens=5))


def test_what_cannot_be_trained_is_told(config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no rows in"):
        train_lora(replace(config, data=tmp_path / "absent"))
    with pytest.raises(TrainingError, match="no base model"):
        train_lora(replace(config, base=tmp_path / "absent", out=tmp_path / "out"))
    with pytest.raises(TrainingError, match="steps is 0"):
        replace(config, steps=0)
    with pytest.raises(TrainingError, match="load or none"):
        replace(config, transpose="all")  # type: ignore[arg-type]
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("years of work")
    with pytest.raises(TrainingError, match="was not made by this step"):
        train_lora(replace(config, out=tmp_path / "thesis", steps=1))
