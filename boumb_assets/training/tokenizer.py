"""Tokenizers: a small one made from scratch, and JSON-native tokens for any.

A minified note costs 25 tokens of a general vocabulary. Tokens whose text is the JSON itself bring it to four, and the
text stays the same: any runtime that knows added tokens reads and writes it.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from boumb_assets.training.chat import CHATML, END, END_OF_TEXT, START
from boumb_assets.training.folders import write_json
from boumb_assets.training.progress import TrainingError
from boumb_assets.training.vocabulary import fragments, residue

if TYPE_CHECKING:
    from tokenizers import AddedToken
    from transformers import PreTrainedModel, PreTrainedTokenizerBase, PreTrainedTokenizerFast

# The pre-tokenizer of Qwen2 (its tokenizer.json): words with their space, single digits, punctuation.
QWEN_SPLIT: Final = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
MAX_LENGTH: Final = 2048
NANO_VOCABULARY: Final = 1500


def nano_tokenizer(
    texts: Iterable[str], contracts: Sequence[str], vocab_size: int = NANO_VOCABULARY
) -> "PreTrainedTokenizerFast":
    """A byte-level BPE tokenizer in Qwen2's form, learnt from ``texts``, with the fragments of ``contracts`` on top.

    ``vocab_size`` bounds the ordinary vocabulary: 256 bytes, three special tokens, and merges as far as ``texts`` give
    them (a merge has to occur twice). The fragments come after it. Raises ValueError for an unknown contract, or a
    vocabulary too small for the bytes.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = [END_OF_TEXT, START, END]
    if vocab_size < len(alphabet) + len(special):
        raise ValueError(
            f"a vocabulary of {vocab_size} is too small: bytes and special tokens take {len(alphabet) + 3}"
        )
    known = fragments(contracts)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, min_frequency=2, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(residue(texts, known), trainer)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=END_OF_TEXT,
        model_max_length=MAX_LENGTH,
        clean_up_tokenization_spaces=False,
        chat_template=CHATML,
    )
    wrapped.add_tokens([_added(text) for text in known])
    return wrapped


def add_json_vocabulary(
    tokenizer: "PreTrainedTokenizerBase", model: "PreTrainedModel", contracts: Sequence[str]
) -> list[int]:
    """Adds the fragments of ``contracts`` to ``tokenizer`` and ``model``, in place; the ids of their rows, in order.

    A new row starts as the mean of the rows of the tokens that spelt its text before, in the output layer as well where
    it is not tied. A fragment that already is one token stays as it is and is not returned. The embedding only grows:
    bases that keep spare rows, as Qwen2 does, use those first. Raises ValueError for an unknown contract.
    """
    import torch

    known = [text for text in fragments(contracts) if len(_spelling(tokenizer, text)) > 1]
    spelt = {text: _spelling(tokenizer, text) for text in known}
    tokenizer.add_tokens([_added(text) for text in known])
    ids = {text: int(tokenizer.convert_tokens_to_ids(text)) for text in known}
    embedding = model.get_input_embeddings()
    if len(tokenizer) > embedding.weight.shape[0]:
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    layers = [model.get_input_embeddings(), model.get_output_embeddings()]
    tables = {layer.weight.data_ptr(): layer.weight for layer in layers if layer is not None}
    with torch.no_grad():
        for table in tables.values():
            for text, row in ids.items():
                table[row] = table[spelt[text]].float().mean(0).to(table.dtype)
    return sorted(ids.values())


def check_round_trip(tokenizer: "PreTrainedTokenizerBase", texts: Iterable[str]) -> None:
    """Raises TrainingError with the first text that does not come back byte for byte from its tokens: what the model
    was taught to write would not be what its user reads."""
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        back = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
        if back != text:
            raise TrainingError(f"the tokenizer of the base model does not give a text back: {text!r} becomes {back!r}")


def save_tokenizer(tokenizer: "PreTrainedTokenizerBase", folder: Path) -> None:
    """Writes the tokenizer as transformers does, but under a class name that releases before 5 know as well."""
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    if config.get("tokenizer_class") == "TokenizersBackend":
        write_json(path, {**config, "tokenizer_class": "PreTrainedTokenizerFast"})


def _added(text: str) -> "AddedToken":
    from tokenizers import AddedToken

    return AddedToken(text, normalized=False, special=False, single_word=False, lstrip=False, rstrip=False)


def _spelling(tokenizer: "PreTrainedTokenizerBase", text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
