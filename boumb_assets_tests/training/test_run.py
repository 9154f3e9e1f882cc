"""The trainer as a command, and what a tiny model learns from it."""

from pathlib import Path
from statistics import fmean

import pytest

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.training.__main__ import main
from boumb_assets.training.base_model import load_model
from boumb_assets.training.config import TrainConfig
from boumb_assets.training.nano import NanoSettings
from boumb_assets.training.run import train
from boumb_assets_tests.training.rows import CONTRACTS, lines, write_shard


def test_the_command_trains_on_a_prepared_base(
    base: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    told = main(
        [
            "--data",
            str(data),
            "--base",
            str(base),
            "--out",
            str(out),
            "--steps",
            "2",
            "--rank",
            "2",
            "--merge",
            "--transpose",
            "none",
        ]
    )
    assert told == 0
    assert sorted(path.name for path in out.iterdir()) == ["adapter", "model"]
    printed = capsys.readouterr()
    assert "16 rows" in printed.out and printed.err == ""


def test_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--base", "nano", "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("error: no rows in")
    write_shard(tmp_path / "train-0.jsonl", lines(3))
    given = ["--data", str(tmp_path), "--base", "nano", "--out", str(tmp_path / "out"), "--contracts", "boumb"]
    assert main(given) == 2
    assert "no contract" in capsys.readouterr().err


@pytest.mark.slow
def test_a_model_learns_which_role_was_asked_for(tmp_path: Path) -> None:
    import torch

    write_shard(tmp_path / "data" / "train-0.jsonl.zst", lines(400))
    nano = NanoSettings(hidden=96, intermediate=192, heads=3, kv_heads=1, steps=80, tokens_a_step=512)
    config = TrainConfig("nano", tmp_path / "data", tmp_path / "out", steps=120)
    trained = train(config, CONTRACTS, nano, merge=True)
    assert trained.model is not None
    model, tokenizer = load_model(trained.model)
    means = {}
    for role in ("Basse", "Mélodie"):
        chat = [{"role": "user", "content": f"{role} funky"}]
        prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=True, return_tensors="pt")
        with torch.no_grad():
            ids = model.generate(**prompt, max_new_tokens=60, do_sample=False)[0, prompt["input_ids"].shape[1] :]
        loop = BoumbSequence.model_validate_json(tokenizer.decode(ids, skip_special_tokens=True))
        means[role] = fmean(note.pitch for note in loop.sequence)
    assert means["Basse"] < 48 < 60 < means["Mélodie"]
