import pytest

from boumb_assets.generation.token_bytes import byte_alphabet, token_bytes
from boumb_assets_tests.generation.models import KINDS, TEXTS, Kind, tokenizer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [TEXTS[0], "Été à la plage\n\t€ 𝄞 日本", " two  spaces ", '\\ " {}', "a\u0000b"])
def test_the_bytes_of_the_tokens_are_those_of_the_text(kind: Kind, text: str) -> None:
    spelt = token_bytes(tokenizer(kind))
    ids = tokenizer(kind)(text, add_special_tokens=False)["input_ids"]
    joined = b"".join(spelt[index] or b"" for index in ids)
    assert joined == (b" " if kind == "sentencepiece" else b"") + text.encode()


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_write_nothing_and_every_byte_can_be_written(kind: Kind) -> None:
    spelt = token_bytes(tokenizer(kind))
    assert len(spelt) == len(tokenizer(kind))
    assert all(spelt[index] is None for index in tokenizer(kind).all_special_ids)
    assert {token for token in spelt if token and len(token) == 1} == {bytes([byte]) for byte in range(256)}


def test_the_byte_alphabet_is_that_of_gpt2() -> None:
    from tokenizers.pre_tokenizers import ByteLevel

    assert set(byte_alphabet()) == set(ByteLevel.alphabet())
    assert byte_alphabet()["Ġ"] == ord(" ") and byte_alphabet()["Ċ"] == ord("\n")


def test_a_tokenizer_whose_bytes_are_not_known_is_refused() -> None:
    from tokenizers import Tokenizer, decoders, models
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1, "##b": 2}, unk_token="[UNK]"))
    inner.decoder = decoders.WordPiece()
    with pytest.raises(ValueError, match="WordPiece"):
        token_bytes(PreTrainedTokenizerFast(tokenizer_object=inner))
