from pathlib import Path

import pytest

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.registry import contract
from boumb_assets.generation.asks import ask_for
from boumb_assets.generation.chain import generate
from boumb_assets.generation.examples import library_examples
from boumb_assets.generation.model_providers import ModelProvider
from boumb_assets.generation.providers import ProviderUnavailableError
from boumb_assets_tests.generation.models import model, tokenizer


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    model("fragments").save_pretrained(folder)
    tokenizer("fragments").save_pretrained(folder)
    return folder


def test_a_model_from_a_folder_answers_within_key_and_register(base: Path) -> None:
    provider = ModelProvider(base)
    for seed in range(4):
        ask = ask_for("Basse en ré majeur", seed=seed, temperature=1.5)
        answer = generate(ask, [provider], rules_last=False)
        assert answer.provider == "base" and answer.attempts[0].error is None
        assert all(done.startswith("shortened a note") for done in answer.attempts[0].repaired)  # the end alone is free
        for note in BoumbSequence.model_validate_json(answer.text).sequence:
            assert note.pitch % 12 in (2, 4, 6, 7, 9, 11, 1) and 24 <= note.pitch <= 55
    drums = generate(ask_for("batterie house"), [provider], rules_last=False)
    contract("drum-pattern").parse(drums.text)


def test_a_piece_from_random_weights_falls_to_the_rules(base: Path) -> None:
    provider = ModelProvider(base, max_tokens=64)
    answer = generate(ask_for("", contract="music-structure", temperature=1.0), [provider])
    assert answer.provider == "rules" and answer.attempts[0].error


def test_a_model_is_not_asked_for_what_it_was_never_taught(tmp_path: Path) -> None:
    (tmp_path / "base_report.json").write_text('{"contracts":["drum-pattern"]}')
    with pytest.raises(ProviderUnavailableError, match="taught drum-pattern, not boumb-sequence"):
        ModelProvider(tmp_path).generate(ask_for("basse"))


def test_few_shot_shows_the_nearest_examples_in_the_key_asked_for(base: Path) -> None:
    ask = ask_for("Basse funky", root=2, scale="dorian", bpm=98)
    examples = library_examples(ask)
    assert len(examples) == 3
    for prompt, text in examples:
        assert "basse" in prompt.lower() and "en D" in prompt
        contract("boumb-sequence").parse(text)
    assert "funk" in examples[-1][0]
    answer = generate(ask, [ModelProvider(base, name="few-shot", examples=library_examples)], rules_last=False)
    assert answer.provider == "few-shot"
    assert len(library_examples(ask_for("", contract="music-structure"), 2)) == 2
    assert all("track-" in text for _, text in library_examples(ask_for("house drums")))


@pytest.mark.parametrize("what", ["nothing", "no weights", "pickle"])
def test_a_folder_without_safetensors_is_no_model(tmp_path: Path, what: str) -> None:
    if what != "nothing":
        tokenizer("fragments").save_pretrained(tmp_path)
        model("fragments").config.save_pretrained(tmp_path)
    if what == "pickle":
        (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ProviderUnavailableError, match="no model from"):
        ModelProvider(tmp_path).generate(ask_for("basse"))


@pytest.mark.slow
def test_an_adapter_changes_what_the_model_writes(base: Path, tmp_path: Path) -> None:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    plain = AutoModelForCausalLM.from_pretrained(base)
    adapted = get_peft_model(plain, LoraConfig(r=2, target_modules="all-linear", task_type="CAUSAL_LM"))
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_" in name:
                weight.normal_(0, 1, generator=torch.Generator().manual_seed(len(name)))
    adapted.save_pretrained(tmp_path / "adapter")
    ask = ask_for("basse", temperature=0)
    provider = ModelProvider(base, tmp_path / "adapter")
    text = provider.generate(ask)
    assert provider.name == "ft" and text == ModelProvider(base, tmp_path / "adapter").generate(ask)
    assert text != ModelProvider(base).generate(ask)
    with pytest.raises(ProviderUnavailableError, match="adapter_model"):
        ModelProvider(base, tmp_path).generate(ask)
