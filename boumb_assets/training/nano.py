"""The nano base: a model of Qwen2's architecture, small enough to be trained from scratch on two cores in a minute."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import cos, pi
from typing import TYPE_CHECKING, Final

from boumb_assets.training.batches import by_tokens, padded
from boumb_assets.training.progress import Progress, TrainingError, silent

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

NANO_STEPS: Final = 350
CLIP: Final = 1.0


@dataclass(frozen=True)
class NanoSettings:
    """The shape of the nano model and how it is trained."""

    hidden: int = 192
    intermediate: int = 384
    layers: int = 2  # of the same cost, wide and shallow learnt most in 350 steps
    heads: int = 6
    kv_heads: int = 2
    positions: int = 2048
    initial: float = 0.07
    steps: int = NANO_STEPS
    tokens_a_step: int = 1024  # padding counted
    learning_rate: float = 3e-3
    warmup: int = 20
    weight_decay: float = 0.1
    max_tokens: int = 950  # longer texts are left out: the app asks for 1,024 tokens at most
    threads: int = 1  # see `fixed_threads`
    seed: int = 0


@dataclass(frozen=True)
class Pretrained:
    """What pre-training did. Losses are nats a token, means over the first and last tenth of the steps."""

    steps: int
    tokens: int
    rows: int
    too_long: int
    first_loss: float
    last_loss: float


def nano_model(tokenizer: "PreTrainedTokenizerBase", settings: NanoSettings) -> "PreTrainedModel":
    """A fresh model for ``tokenizer``: Qwen2's architecture with tied embeddings, weights drawn from the seed."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    config = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=settings.hidden,
        intermediate_size=settings.intermediate,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        num_key_value_heads=settings.kv_heads,
        max_position_embeddings=settings.positions,
        initializer_range=settings.initial,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        return Qwen2ForCausalLM(config)


def pretrain(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    texts: Sequence[str],
    settings: NanoSettings,
    progress: Progress = silent,
) -> Pretrained:
    """Trains ``model`` in place to write ``texts``, each followed by the end of text.

    One text a row, rows of about one length together: nothing leaks from one into the next. Ends after
    ``settings.steps``, not after a time, so the same texts give the same model. AdamW with betas .9 and .95, cosine
    decay after a linear warm-up (Touvron et al. 2023, Llama, section 2.2). Raises TrainingError when no text fits.
    """
    import torch

    rows = [[*ids, _end_of_text(tokenizer)] for ids in _encode(tokenizer, texts)]
    kept = [ids for ids in rows if len(ids) <= settings.max_tokens]
    if not kept:
        raise TrainingError(f"none of {len(rows)} texts has {settings.max_tokens} tokens or fewer: nothing to train on")
    losses: list[float] = []
    tokens = 0
    with fixed_threads(settings.threads):
        optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=settings.learning_rate,
            betas=(0.9, 0.95),
            weight_decay=settings.weight_decay,
            fused=True,
        )
        model.train()
        for step, batch in enumerate(
            by_tokens([len(ids) for ids in kept], settings.tokens_a_step, settings.steps, settings.seed)
        ):
            for group in optimizer.param_groups:
                group["lr"] = settings.learning_rate * _schedule(step, settings)
            loss = _loss(model, [kept[row] for row in batch])
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(float(loss.detach()))
            tokens += sum(len(kept[row]) for row in batch)
            progress(step + 1, settings.steps, f"pre-training, loss {losses[-1]:.2f}")
        model.eval()
    tenth = max(1, len(losses) // 10)
    first, last = sum(losses[:tenth]) / tenth, sum(losses[-tenth:]) / tenth
    return Pretrained(settings.steps, tokens, len(kept), len(rows) - len(kept), round(first, 4), round(last, 4))


def _encode(tokenizer: "PreTrainedTokenizerBase", texts: Sequence[str]) -> list[list[int]]:
    return list(tokenizer(list(texts), add_special_tokens=False)["input_ids"]) if texts else []


def _end_of_text(tokenizer: "PreTrainedTokenizerBase") -> int:
    return int(tokenizer.pad_token_id)


def _schedule(step: int, settings: NanoSettings) -> float:
    if step < settings.warmup:
        return (step + 1) / settings.warmup
    done = (step - settings.warmup) / max(1, settings.steps - settings.warmup)
    return 0.05 + 0.95 * (1 + cos(pi * done)) / 2


def _loss(model: "PreTrainedModel", rows: list[list[int]]) -> "torch.Tensor":
    """Mean cross entropy of a batch, padding left out. Padding is on the right and causal: no mask is needed."""
    import torch

    width = padded(max(len(ids) for ids in rows))
    ids = torch.zeros((len(rows), width), dtype=torch.long)
    labels = torch.full((len(rows), width), -100, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        labels[index, : len(row)] = ids[index, : len(row)]
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    wanted = labels[:, 1:]
    real = wanted != -100
    logits = model.lm_head(hidden[real])  # only where there is something to predict: a third fewer sums
    return torch.nn.functional.cross_entropy(logits, wanted[real])


@contextmanager
def fixed_threads(threads: int) -> Iterator[None]:
    """Within it torch computes on ``threads`` threads; 0 leaves it as it is.

    Small models take one: sums over two threads differ in their last bits, so that OMP_NUM_THREADS would decide about
    the weights; and OpenMP's threads wait for each other by spinning: on two busy cores, two threads were four times
    as slow as one.
    """
    import torch

    before = torch.get_num_threads()
    if threads:
        torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
