"""Small tokenizers of three kinds, and models with random weights."""

from functools import cache
from typing import TYPE_CHECKING, Literal

from boumb_assets.contracts.registry import contract

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Kind = Literal["fragments", "byte-level", "sentencepiece"]
KINDS: tuple[Kind, ...] = ("fragments", "byte-level", "sentencepiece")
TEXTS = [
    'Basse funky en do mineur {"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}',
    '{"clips":{"track-kick":[{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}]}} drum beat, 120 bpm',
] * 4
CHATML = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


@cache
def tokenizer(kind: Kind) -> "PreTrainedTokenizerBase":
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    if kind == "sentencepiece":  # as Llama 2 has it
        bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
        inner = Tokenizer(models.BPE(byte_fallback=True, unk_token=None))
        inner.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        inner.decoder = decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        )
        trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=[*special, *bytes_], show_progress=False)
        inner.train_from_iterator(TEXTS, trainer)
        wrapped = PreTrainedTokenizerFast(tokenizer_object=_without_special_bytes(inner.to_str()))
    else:
        inner = Tokenizer(models.BPE())
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        inner.decoder = decoders.ByteLevel()
        alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
        trainer = trainers.BpeTrainer(
            vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False
        )
        inner.train_from_iterator(TEXTS, trainer)
        wrapped = PreTrainedTokenizerFast(tokenizer_object=inner)
    wrapped.eos_token, wrapped.pad_token, wrapped.chat_template = "<|im_end|>", "<|endoftext|>", CHATML
    if kind == "fragments":
        known = (*contract("boumb-sequence").vocabulary(), *contract("drum-pattern").vocabulary())
        wrapped.add_tokens([AddedToken(text, normalized=False, special=False) for text in dict.fromkeys(known)])
    return wrapped


def _without_special_bytes(text: str) -> object:
    """The byte tokens are ordinary ones in Llama's vocabulary; the trainer knows only special ones."""
    import json

    from tokenizers import Tokenizer

    whole = json.loads(text)
    whole["added_tokens"] = [token for token in whole["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(whole))


@cache
def model(kind: Kind, seed: int = 0) -> "PreTrainedModel":
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    words = tokenizer(kind)
    config = Qwen2Config(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
        initializer_range=0.3,  # far from uniform: a random model with strong opinions
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Qwen2ForCausalLM(config).eval()
