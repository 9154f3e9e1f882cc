"""Only the answer carries loss, and a template that would mask everything is found out."""

import copy
from typing import TYPE_CHECKING

import pytest

from boumb_assets.training.chat import CHATML, ZEPHYR, encode_chat, mark_answers
from boumb_assets.training.progress import TrainingError
from boumb_assets.training.tokenizer import nano_tokenizer
from boumb_assets_tests.training.rows import CONTRACTS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

CHAT = [
    {"role": "system", "content": "Rien que le JSON."},
    {"role": "user", "content": "Basse funky"},
    {"role": "assistant", "content": '{"sequence":[]}'},
    {"role": "user", "content": "Encore"},
    {"role": "assistant", "content": "[]"},
]


@pytest.fixture(scope="module")
def tokenizer() -> "PreTrainedTokenizerBase":
    return nano_tokenizer([message["content"] for message in CHAT], CONTRACTS)


def test_the_answers_and_their_ends_carry_labels(tokenizer: "PreTrainedTokenizerBase") -> None:
    row = encode_chat(tokenizer, CHAT)
    assert len(row.ids) == len(row.labels)
    assert tokenizer.decode([label for label in row.labels if label >= 0]) == '{"sequence":[]}<|im_end|>[]<|im_end|>'
    assert all(label in (-100, token) for token, label in zip(row.ids, row.labels, strict=True))
    assert tokenizer.decode(row.ids).startswith("<|im_start|>system\nRien que le JSON.<|im_end|>\n<|im_start|>user\n")


def test_a_template_that_marks_nothing_is_an_error(tokenizer: "PreTrainedTokenizerBase") -> None:
    blind = copy.deepcopy(tokenizer)
    blind.chat_template = CHATML.replace("{% generation %}", "").replace("{% endgeneration %}", "")
    with pytest.raises(TrainingError, match=r"lacks \{% generation %\}"):
        encode_chat(blind, CHAT)
    mark_answers(blind)  # it writes what ChatML writes
    assert blind.chat_template == CHATML
    assert encode_chat(blind, CHAT) == encode_chat(tokenizer, CHAT)


def test_a_base_keeps_its_own_format(tokenizer: "PreTrainedTokenizerBase") -> None:
    zephyr = copy.deepcopy(tokenizer)
    zephyr.chat_template = (
        "{% for message in messages %}"
        "{{ '<|' + message['role'] + '|>\n' + message['content'] + eos_token + '\n' }}"
        "{% endfor %}"
    )
    mark_answers(zephyr)
    assert zephyr.chat_template == ZEPHYR
    marked = copy.deepcopy(tokenizer)
    marked.chat_template = (
        "{%- for m in messages %}{%- generation -%}{{ m['content'] }}{%- endgeneration -%}{%- endfor %}"
    )
    before = marked.chat_template
    mark_answers(marked)
    assert marked.chat_template == before
    bare = copy.deepcopy(tokenizer)
    bare.chat_template = None
    mark_answers(bare)
    assert bare.chat_template == CHATML


@pytest.mark.parametrize("template", ["{{ messages[0]['content'] }}", "{{ raise_exception('no system role') }}"])
def test_an_unknown_format_is_refused(tokenizer: "PreTrainedTokenizerBase", template: str) -> None:
    strange = copy.deepcopy(tokenizer)
    strange.chat_template = template
    with pytest.raises(TrainingError, match="chat template"):
        mark_answers(strange)
