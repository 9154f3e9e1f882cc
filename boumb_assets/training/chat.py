"""A conversation as tokens, with a mark on those that the model has to learn: the answer's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from boumb_assets.training.progress import TrainingError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Message = Mapping[str, str]

IGNORED: Final = -100  # the label that torch's cross entropy leaves out
START, END, END_OF_TEXT = "<|im_start|>", "<|im_end|>", "<|endoftext|>"

# OpenAI's ChatML, as Qwen2 writes it.
CHATML: Final = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' }}"
    "{%- if message['role'] == 'assistant' %}"
    "{% generation %}{{- message['content'] + '<|im_end|>' }}{% endgeneration %}{{- '\\n' }}"
    "{%- else %}{{- message['content'] + '<|im_end|>\\n' }}{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)

# The format of Zephyr and TinyLlama.
ZEPHYR: Final = (
    "{%- for message in messages %}"
    "{{- '<|' + message['role'] + '|>\\n' }}"
    "{%- if message['role'] == 'assistant' %}"
    "{% generation %}{{- message['content'] + eos_token }}{% endgeneration %}{{- '\\n' }}"
    "{%- else %}{{- message['content'] + eos_token + '\\n' }}{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|assistant|>\\n' }}{%- endif %}"
)

_PROBE: Final = (
    {"role": "system", "content": "a"},
    {"role": "user", "content": "b"},
    {"role": "assistant", "content": "c"},
)


@dataclass(frozen=True)
class Encoded:
    """One conversation: token ids, and as labels the ids of the answers with `IGNORED` elsewhere, of equal length."""

    ids: tuple[int, ...]
    labels: tuple[int, ...]


def mark_answers(tokenizer: "PreTrainedTokenizerBase") -> None:
    """Gives ``tokenizer`` a chat template that marks the answer, one that writes what its own template writes.

    A template without ``{% generation %}`` masks every token: such a model would train on nothing, without a word.
    A base model without any template gets ChatML. Raises TrainingError where neither ChatML nor Zephyr writes the
    same text as the model's own template (compared on a system, a user and an assistant message: without a system
    message Qwen puts in one of its own, which nobody asked for).
    """
    own = tokenizer.chat_template
    if not own:
        tokenizer.chat_template = CHATML
        return
    if isinstance(own, str) and "{% generation %}" in own.replace("{%-", "{%").replace("-%}", "%}"):
        return
    wanted = _render(tokenizer, own).rstrip()
    for template in (CHATML, ZEPHYR):
        if _render(tokenizer, template).rstrip() == wanted:
            tokenizer.chat_template = template
            return
    raise TrainingError(
        "the chat template of the base model does not mark the answer with {% generation %}, and is neither ChatML nor "
        "Zephyr: put {% generation %} ... {% endgeneration %} around the assistant's content in its chat_template"
    )


def _render(tokenizer: "PreTrainedTokenizerBase", template: Any) -> str:
    try:
        return str(tokenizer.apply_chat_template(list(_PROBE), chat_template=template, tokenize=False))
    except Exception as error:  # jinja2 raises what the template tells it to
        raise TrainingError(f"the chat template of the base model refuses a plain conversation: {error}") from error


def encode_chat(tokenizer: "PreTrainedTokenizerBase", messages: Sequence[Message]) -> Encoded:
    """The tokens of a conversation; only those of the assistant's messages, the end mark included, carry labels.

    Raises TrainingError when no token does: the template marks nothing, or nobody answers.
    """
    batch = tokenizer.apply_chat_template(
        [dict(message) for message in messages], tokenize=True, return_dict=True, return_assistant_tokens_mask=True
    )
    ids, mask = list(batch["input_ids"]), list(batch["assistant_masks"])
    if not any(mask):
        raise TrainingError(
            "no token of a conversation is marked as the assistant's: the tokenizer's chat template lacks "
            "{% generation %} (prepare the base model first), or the row has no assistant message"
        )
    labels = tuple(token if answer else IGNORED for token, answer in zip(ids, mask, strict=True))
    return Encoded(tuple(ids), labels)
