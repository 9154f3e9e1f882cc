"""The bytes that each token of a Hugging Face tokenizer writes."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BYTE_TOKEN: Final = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_SENTENCEPIECE_SPACE: Final = "▁"


def token_bytes(tokenizer: "PreTrainedTokenizerBase") -> list[bytes | None]:
    """The bytes of every token id, (vocabulary,); None for special tokens, unused ids and tokens that write nothing.

    Knows byte-level BPE (GPT-2's alphabet; Qwen, Llama 3), SentencePiece (``▁`` and ``<0x0A>``; Llama, Mistral,
    Gemma) and added tokens, whose text is taken as it stands. Raises ValueError for any other kind: a WordPiece
    tokenizer does not write bytes that could be put together.
    """
    spell = _byte_level if _is_byte_level(tokenizer) else _sentencepiece
    special = set(tokenizer.all_special_ids)
    added = {int(index): token for index, token in tokenizer.added_tokens_decoder.items()}
    spelt: list[bytes | None] = []
    for index, name in enumerate(tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))):
        if name is None or index in special or (index in added and added[index].special):
            spelt.append(None)
        elif index in added:
            spelt.append(added[index].content.encode("utf-8") or None)
        else:
            spelt.append(spell(name) or None)
    return spelt


def added_token_ids(tokenizer: "PreTrainedTokenizerBase") -> frozenset[int]:
    """The ids of the added tokens that write text: the tokenizer cuts them out of any text first."""
    special = set(tokenizer.all_special_ids)
    decoder = tokenizer.added_tokens_decoder
    return frozenset(int(index) for index, token in decoder.items() if not token.special and index not in special)


@cache
def byte_alphabet() -> dict[str, int]:
    """The byte of each sign of GPT-2's byte-level alphabet (Radford et al. 2019): printable Latin-1 stands for itself,
    the other bytes for U+0100 and on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + index): byte for index, byte in enumerate(others)}


def _byte_level(name: str) -> bytes | None:
    alphabet = byte_alphabet()
    return bytes(alphabet[sign] for sign in name) if all(sign in alphabet for sign in name) else None


def _sentencepiece(name: str) -> bytes:
    byte = _BYTE_TOKEN.fullmatch(name)
    return bytes([int(byte[1], 16)]) if byte else name.replace(_SENTENCEPIECE_SPACE, " ").encode("utf-8")


def _is_byte_level(tokenizer: "PreTrainedTokenizerBase") -> bool:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:  # a tokenizer in pure Python
        if hasattr(tokenizer, "byte_decoder"):
            return True
        if hasattr(tokenizer, "sp_model"):
            return False
        raise ValueError(f"{type(tokenizer).__name__} is neither byte-level nor SentencePiece: its bytes are not known")
    kinds = set(_kinds(json.loads(backend.to_str()).get("decoder")))
    if "ByteLevel" in kinds:
        return True
    if kinds & {"ByteFallback", "Metaspace"}:
        return False
    raise ValueError(f"a tokenizer whose decoder is {sorted(kinds) or 'absent'} does not write bytes that are known")


def _kinds(decoder: Any) -> Iterator[str]:
    if isinstance(decoder, dict):
        yield str(decoder.get("type"))
        for inner in decoder.get("decoders", ()):
            yield from _kinds(inner)
