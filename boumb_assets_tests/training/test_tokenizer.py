"""Tokens whose text is the JSON: few, exact, and in any vocabulary."""

import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, VELOCITIES, BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, DrumPattern
from boumb_assets.contracts.registry import CONTRACTS as ALL
from boumb_assets.training.progress import TrainingError
from boumb_assets.training.tokenizer import add_json_vocabulary, check_round_trip, nano_tokenizer
from boumb_assets.training.vocabulary import fragments, residue
from boumb_assets_tests.generation.models import Kind
from boumb_assets_tests.generation.models import tokenizer as plain_tokenizer
from boumb_assets_tests.training.rows import CONTRACTS

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase, PreTrainedTokenizerFast

PROMPTS = ["Basse funky en do mineur", "Une mélodie lo-fi, douce et lente", "Dark techno lead at 130 BPM"]
NOTES = st.lists(
    st.builds(
        Note.on_grid,
        st.integers(0, 63),
        st.integers(12, 119),
        st.sampled_from(sorted(DURATION_STEPS.values())),
        st.sampled_from(VELOCITIES),
    ),
    min_size=1,
    max_size=30,
)
HITS = st.dictionaries(
    st.sampled_from(DRUM_TRACKS),
    st.dictionaries(st.integers(0, 31), st.sampled_from(VELOCITIES), min_size=1),
    min_size=1,
)


@cache
def nano() -> "PreTrainedTokenizerFast":
    return nano_tokenizer(PROMPTS * 3, CONTRACTS)


def ids(text: str) -> list[int]:
    return list(nano()(text, add_special_tokens=False)["input_ids"])


@given(NOTES)
@settings(deadline=None)
def test_a_note_is_four_tokens(notes: list[Note]) -> None:
    sequence = BoumbSequence.of(notes)
    text = sequence.to_json()
    assert len(ids(text)) == 1 + 4 * len(sequence.sequence)
    assert nano().decode(ids(text)) == text


@given(HITS)
@settings(deadline=None)
def test_a_hit_is_two_tokens(hits: dict[str, dict[int, float]]) -> None:
    text = DrumPattern.of(hits).to_json()
    assert len(ids(text)) == 1 + len(hits) + 2 * sum(map(len, hits.values()))
    assert nano().decode(ids(text)) == text


@given(st.text())
@settings(deadline=None)
def test_any_text_comes_back(text: str) -> None:
    from unicodedata import normalize

    assert nano().decode(ids(text)) == normalize("NFC", text)


def test_every_fragment_is_one_token_and_no_special_one() -> None:
    for name in ALL:
        tokenizer = nano_tokenizer(PROMPTS, (name,))
        for text in fragments((name,)):
            (token,) = tokenizer(text)["input_ids"]
            assert tokenizer.decode([token], skip_special_tokens=True) == text


def test_words_are_learnt_and_json_is_not() -> None:
    loop = BoumbSequence.of([Note.on_grid(0, 36, 4, 0.9)]).to_json()
    assert list(residue([f"{loop} Basse {loop}"], fragments(CONTRACTS))) == [" Basse "]
    tokenizer = nano_tokenizer([*PROMPTS * 3, *[loop] * 50], CONTRACTS)
    assert len(tokenizer("Basse funky")["input_ids"]) <= 3
    learnt = set(tokenizer.get_vocab()) - set(fragments(CONTRACTS))
    assert not [token for token in learnt if "note" in token or "velocity" in token]


def test_it_is_the_same_each_time() -> None:
    one, two = nano_tokenizer(PROMPTS, CONTRACTS), nano_tokenizer(iter(PROMPTS), CONTRACTS)
    assert one.backend_tokenizer.to_str() == two.backend_tokenizer.to_str()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no contract"):
        nano_tokenizer(PROMPTS, ("boumb",))
    with pytest.raises(ValueError, match="too small"):
        nano_tokenizer(PROMPTS, CONTRACTS, vocab_size=100)


def small_llama(tokenizer: "PreTrainedTokenizerBase", tied: bool, spare: int = 0) -> "PreTrainedModel":
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer) + spare, hidden_size=16, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=tied,
    )  # fmt: skip
    return LlamaForCausalLM(config)


@pytest.mark.parametrize(
    ("kind", "tied", "spare"), [("byte-level", True, 0), ("sentencepiece", False, 7), ("byte-level", True, 999)]
)
def test_any_base_learns_the_fragments(kind: Kind, tied: bool, spare: int) -> None:
    import torch

    tokenizer = copy.deepcopy(plain_tokenizer(kind))
    before = len(tokenizer)
    model = small_llama(tokenizer, tied, spare)
    old = {name: layer.weight.detach().clone() for name, layer in layers(model).items()}
    spelt = tokenizer('"duration":"8n",', add_special_tokens=False)["input_ids"]
    new = add_json_vocabulary(tokenizer, model, CONTRACTS)
    assert new == sorted(tokenizer.convert_tokens_to_ids(list(fragments(CONTRACTS))))
    row = tokenizer.convert_tokens_to_ids('"duration":"8n",')
    for name, layer in layers(model).items():
        assert layer.weight.shape[0] == max(before + spare, len(tokenizer))
        assert torch.equal(layer.weight[:before], old[name][:before])
        assert torch.allclose(layer.weight[row], old[name][spelt].mean(0), atol=1e-6)
    assert add_json_vocabulary(tokenizer, model, CONTRACTS) == []
    loop = BoumbSequence.of([Note.on_grid(step, 36 + step, 4, 0.9) for step in range(8)]).to_json()
    check_round_trip(tokenizer, [loop])
    assert len(tokenizer(loop, add_special_tokens=False)["input_ids"]) <= 4.6 * 8


def layers(model: "PreTrainedModel") -> dict[str, Any]:
    return {"input": model.get_input_embeddings(), "output": model.get_output_embeddings()}


def test_a_tokenizer_that_loses_text_is_refused() -> None:
    class Lossy:
        def __call__(self, text: str, **_: object) -> dict[str, list[int]]:
            return {"input_ids": [1]}

        def decode(self, ids: list[int], **_: object) -> str:
            return "another text"

    with pytest.raises(TrainingError, match="does not give a text back"):
        check_round_trip(Lossy(), ["text"])
