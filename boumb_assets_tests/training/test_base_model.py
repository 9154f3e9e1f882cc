"""Base models: from scratch and from a folder; the same bytes each time; clear words when there is none."""

from pathlib import Path

import pytest

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.training.base_model import BASE_REPORT, NANO, load_model, prepare_base, read_base_report
from boumb_assets.training.data import read_rows, texts_of
from boumb_assets.training.progress import TrainingError
from boumb_assets_tests.generation.models import tokenizer as plain_tokenizer
from boumb_assets_tests.training.conftest import TINY
from boumb_assets_tests.training.rows import CONTRACTS
from boumb_assets_tests.training.test_tokenizer import small_llama

LOOP = BoumbSequence.of([Note.on_grid(step, 36, 4, 0.9) for step in (0, 4, 8)]).to_json()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_nano_base_is_a_plain_model(base: Path) -> None:
    model, tokenizer = load_model(base)
    assert model.config.model_type == "qwen2" and model.config.tie_word_embeddings
    assert model.config.vocab_size == len(tokenizer)
    report = read_base_report(base)
    assert report is not None and report.pretrained is not None
    assert report.pretrained.last_loss < report.pretrained.first_loss
    assert report.trained_ids == tuple(range(len(tokenizer)))
    assert set(contents(base)) >= {"config.json", "model.safetensors", "tokenizer.json", BASE_REPORT}


def test_the_same_texts_make_the_same_bytes(base: Path, data: Path, tmp_path: Path) -> None:
    import torch

    answers, questions = texts_of(read_rows(data))
    torch.manual_seed(99)  # what was drawn before does not matter,
    threads = torch.get_num_threads()
    torch.set_num_threads(2)  # nor the threads
    try:
        prepare_base(NANO, tmp_path / "again", CONTRACTS, answers, TINY, prompts=questions)
    finally:
        torch.set_num_threads(threads)
    assert contents(tmp_path / "again") == contents(base)
    for path in base.iterdir():
        assert str(base.parent).encode() not in path.read_bytes()  # no path of this machine


def test_a_base_that_is_ready_stays(base: Path, data: Path) -> None:
    answers, questions = texts_of(read_rows(data))
    before = (base / "model.safetensors").stat().st_mtime_ns
    told: list[str] = []
    prepare_base(NANO, base, CONTRACTS, answers, TINY, lambda done, total, text: told.append(text), questions)
    assert (base / "model.safetensors").stat().st_mtime_ns == before
    assert told == ["nano was ready"]


def test_a_folder_is_taught_the_vocabulary(tmp_path: Path) -> None:
    source = tmp_path / "tinyllama"
    tokenizer = plain_tokenizer("sentencepiece")
    small_llama(tokenizer, tied=False).save_pretrained(source)
    tokenizer.save_pretrained(source)
    report = prepare_base(str(source), tmp_path / "out", CONTRACTS, [LOOP])
    model, taught = load_model(tmp_path / "out")
    assert (report.base, report.pretrained) == ("tinyllama", None)
    assert len(report.trained_ids) == len(taught) - len(tokenizer) > 200
    assert model.get_input_embeddings().weight.shape[0] == len(taught)
    assert "{% generation %}" in taught.chat_template
    assert read_base_report(tmp_path / "out") == report
    with pytest.raises(TrainingError, match="does not give a text back"):  # its own tokens come with a space
        prepare_base(str(source), tmp_path / "other", ("boumb-sequence",), [LOOP, '{"sequence":[]}'])


def test_no_model_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for base in (str(tmp_path / "empty"), str(tmp_path / "absent")):
        with pytest.raises(TrainingError, match=r"no base model .*Give `nano`, a path, or a hub id"):
            prepare_base(base, tmp_path / "out", CONTRACTS, [])
    with pytest.raises(TrainingError, match="no texts"):
        prepare_base(NANO, tmp_path / "out", CONTRACTS, [])
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_report_that_is_none_is_told(tmp_path: Path) -> None:
    assert read_base_report(tmp_path) is None
    (tmp_path / BASE_REPORT).write_text('{"base": 1}')
    with pytest.raises(TrainingError, match="prepare the base model again"):
        read_base_report(tmp_path)
