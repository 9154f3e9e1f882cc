"""One small base model for all tests of the room: torch and transformers take seconds to import."""

from pathlib import Path

import pytest

from boumb_assets.training.base_model import NANO, prepare_base
from boumb_assets.training.data import read_rows, texts_of
from boumb_assets.training.nano import NanoSettings
from boumb_assets_tests.training.rows import CONTRACTS, lines, write_shard

TINY = NanoSettings(hidden=32, intermediate=64, layers=1, heads=2, kv_heads=1, steps=12, tokens_a_step=256, warmup=2)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of rows, packed and plain."""
    folder = tmp_path_factory.mktemp("rows")
    write_shard(folder / "train-00.jsonl.zst", lines(60, seed=1))
    write_shard(folder / "train-01.jsonl", lines(20, seed=2))
    return folder


@pytest.fixture(scope="session")
def base(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A nano base, hardly trained."""
    out = tmp_path_factory.mktemp("base") / "model"
    answers, questions = texts_of(read_rows(data))
    prepare_base(NANO, out, CONTRACTS, answers, TINY, prompts=questions)
    return out
