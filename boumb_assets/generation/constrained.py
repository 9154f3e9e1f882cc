"""Constrained decoding: a causal model may write only what a contract's automaton accepts, and always to its end."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from boumb_assets.generation.automata import Automaton, cheapest_end, closing, walk
from boumb_assets.generation.token_bytes import added_token_ids, token_bytes
from boumb_assets.generation.token_masks import TokenMasks, Vocabulary

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Messages = Sequence[Mapping[str, str]]

MAX_TOKENS: Final = 1024  # what BoumbApp asks for
_KEPT_AUTOMATA: Final = 8


@dataclass(frozen=True)
class Generated:
    """One text and what it took: ``tokens`` with the ``forced_tokens`` among them that were not sampled, forward
    ``passes``, and whether the budget ended it (``closed_early``) rather than the model."""

    text: str
    tokens: tuple[int, ...]
    notes: int
    forced_tokens: int
    passes: int
    closed_early: bool


class ConstrainedDecoder:
    """A causal model with its tokenizer, ready to write within automata. Keeps what it learns about each automaton; not
    thread-safe."""

    def __init__(self, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> None:
        """Reads the vocabulary once. Raises ValueError for a tokenizer whose bytes are not known."""
        self.model, self.tokenizer = model.eval(), tokenizer
        self._bytes: Final = token_bytes(tokenizer)
        self._vocabulary: Final = Vocabulary(self._bytes, added_token_ids(tokenizer))
        self._masks: OrderedDict[Automaton, TokenMasks] = OrderedDict()
        self._ends: Final = _end_ids(model, tokenizer)

    def generate(
        self,
        prompt: Messages | Sequence[int],
        automaton: Automaton,
        *,
        temperature: float = 0.8,
        top_p: float = 0.95,
        seed: int = 0,
        max_tokens: int = MAX_TOKENS,
    ) -> Generated:
        """A text that ``automaton`` accepts as a whole, of at most ``max_tokens`` tokens, for a conversation or the ids
        of a prompt. ``temperature`` 0 takes the likeliest token; ``top_p`` is nucleus sampling (Holtzman et al. 2020).
        The same arguments give the same text on the same machine.

        When the budget is used up the text is closed after its last whole note. Raises ValueError for a prompt that
        leaves the model no room, and for a budget that holds no complete text at all.
        """
        ids = self.prompt_ids(prompt)
        budget = min(max_tokens, self.context - len(ids))
        if budget < 1:
            raise ValueError(f"a prompt of {len(ids)} tokens leaves the model no room for {max_tokens} more")
        masks = self._masks_of(automaton)
        written = _Written(automaton.start)
        ended = self._write(ids, masks, written, budget, temperature, top_p, seed)
        if not ended:
            written.tokens = self._close(automaton, written.tokens, budget)
        text = self._text(written.tokens).decode("utf-8", "replace")
        forced = sum(index < len(written.tokens) for index in written.forced)
        return Generated(
            text, tuple(written.tokens), text.count('"note"'), forced, written.passes, closed_early=not ended
        )

    def _write(
        self,
        prompt: list[int],
        masks: TokenMasks,
        written: "_Written",
        budget: int,
        temperature: float,
        top_p: float,
        seed: int,
    ) -> bool:
        """Writes until the text ends (True) or the budget does (False). What is forced waits, and goes through the
        model together with the next token that has to be chosen."""
        stream = _Stream(self.model)
        rng = np.random.default_rng(abs(seed))
        waiting = list(prompt)
        while True:
            allowed = masks.at(written.state)
            if not len(allowed.ids):
                return True
            if len(written.tokens) >= budget:
                return allowed.may_end
            if allowed.forced is not None:
                written.forced.append(len(written.tokens))
                index = allowed.forced
            else:
                ends = self._ends if allowed.may_end else []
                candidates = np.concatenate([allowed.ids, np.array(ends, dtype=np.int64)])
                index = choose(stream.logits(waiting, candidates), temperature, top_p, rng)
                waiting, written.passes = [], written.passes + 1
                if index >= len(allowed.ids):
                    return True
            written.tokens.append(int(allowed.ids[index]))
            waiting.append(int(allowed.ids[index]))
            written.state = allowed.states[index]

    def _close(self, automaton: Automaton, tokens: list[int], budget: int) -> list[int]:
        """The tokens cut after the last whole note that leaves room for the closing brackets; where not one note is
        whole, the note is finished in the shortest way."""
        data = self._text(tokens)
        states = [automaton.start]
        for byte in data:
            states.append(walk(automaton, states[-1], bytes([byte])))
        for length in range(len(data), 0, -1):
            close = closing(automaton, states[length])
            if close is not None:
                closed = self._respelt(tokens, data[:length] + close)
                if len(closed) <= budget:
                    return closed
        for start, state in ((data, states[-1]), (b"", states[0])):
            whole = self._spell(start + cheapest_end(automaton, state))
            if len(whole) <= budget:
                return whole
        raise ValueError(f"{budget} tokens hold no complete text of this contract: {len(whole)} are needed")

    def _respelt(self, tokens: list[int], data: bytes) -> list[int]:
        """``data`` in as many of ``tokens`` as it begins with, and the tokenizer's own for the rest."""
        kept, length = 0, 0
        for index in tokens:
            token = self._bytes[index] or b""
            if data[length : length + len(token)] != token:
                break
            kept, length = kept + 1, length + len(token)
        return [*tokens[:kept], *self._spell(data[length:])]

    def _spell(self, data: bytes) -> list[int]:
        """The tokenizer's own tokens for ``data``; the longest that fit, one after the other, where those would write
        something else (SentencePiece puts a space before a text)."""
        ids = [int(index) for index in self.tokenizer(data.decode(), add_special_tokens=False)["input_ids"]]
        if self._text(ids) == data:
            return ids
        by_text = dict(zip(self._vocabulary.texts, self._vocabulary.ids, strict=True))
        spelt, at = [], 0
        while at < len(data):
            length = next((n for n in range(len(data) - at, 0, -1) if data[at : at + n] in by_text), 0)
            if not length:
                raise ValueError(f"the vocabulary has no token for byte {data[at]:#04x}")
            spelt.append(by_text[data[at : at + length]])
            at += length
        return spelt

    def _text(self, ids: Sequence[int]) -> bytes:
        return b"".join(self._bytes[index] or b"" for index in ids)

    def _masks_of(self, automaton: Automaton) -> TokenMasks:
        if automaton not in self._masks:
            self._masks[automaton] = TokenMasks(self._vocabulary, automaton, self._spell_run)
            while len(self._masks) > _KEPT_AUTOMATA:
                self._masks.popitem(last=False)
        self._masks.move_to_end(automaton)
        return self._masks[automaton]

    def _spell_run(self, data: bytes) -> Sequence[int]:
        try:
            return self._spell(data)
        except (UnicodeDecodeError, ValueError):
            return ()

    @property
    def context(self) -> int:
        """The tokens that the model can hold, prompt and text together."""
        return int(getattr(self.model.config, "max_position_embeddings", 0) or 1 << 30)

    def prompt_ids(self, prompt: Messages | Sequence[int]) -> list[int]:
        """The tokens of a conversation under the tokenizer's chat template, ready for the answer."""
        ids = [item for item in prompt if isinstance(item, int)]
        if len(ids) == len(prompt):
            return ids
        messages = [dict(item) for item in prompt if not isinstance(item, int)]
        if self.tokenizer.chat_template:
            text = str(self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False))
        else:  # a base model without a template continues the plain text
            text = "\n".join(message["content"] for message in messages) + "\n"
        return [int(index) for index in self.tokenizer(text, add_special_tokens=False)["input_ids"]]


@dataclass
class _Written:
    state: Any
    tokens: list[int]
    forced: list[int]
    passes: int

    def __init__(self, state: Any) -> None:
        self.state, self.tokens, self.forced, self.passes = state, [], [], 0


class _Stream:
    """The model with its key-value cache: it reads what is new, once."""

    def __init__(self, model: "PreTrainedModel") -> None:
        self._model, self._cache = model, None
        named = "logits_to_keep" in signature(model.forward).parameters
        self._options: dict[str, Any] = {"logits_to_keep": 1} if named else {}  # else the whole prompt is scored

    def logits(self, new: Sequence[int], candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        """The scores of ``candidates`` after the ``new`` tokens, (len(candidates),)."""
        import torch

        with torch.inference_mode():
            out = self._model(
                input_ids=torch.tensor([list(new)], device=self._model.device),
                past_key_values=self._cache,
                use_cache=True,
                **self._options,
            )
            self._cache = out.past_key_values
            last = out.logits[0, -1]
            chosen = last[torch.from_numpy(candidates).to(last.device)]
            return np.asarray(chosen.float().cpu().numpy(), dtype=np.float64)


def choose(logits: NDArray[np.float64], temperature: float, top_p: float, rng: np.random.Generator) -> int:
    """The index of a token drawn from ``logits`` (n,) at ``temperature``, among the likeliest that together have
    probability ``top_p``; the likeliest one at temperature 0. Raises ValueError when no score is finite."""
    finite = np.isfinite(logits)
    if not finite.any():
        raise ValueError("the model gives no finite score to any token that is allowed")
    scores = np.where(finite, logits, -np.inf)
    if temperature <= 0:
        return int(np.argmax(scores))
    weights = np.exp((scores - scores.max()) / temperature)
    weights /= weights.sum()
    order = np.argsort(-weights, kind="stable")
    cumulated = np.cumsum(weights[order])
    kept = order[: int(np.searchsorted(cumulated, min(top_p, 1.0)) + 1)]
    threshold = rng.random() * weights[kept].sum()
    return int(kept[min(int(np.searchsorted(np.cumsum(weights[kept]), threshold, side="right")), len(kept) - 1)])


def constrained_generate(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompt: Messages | Sequence[int],
    automaton: Automaton,
    *,
    temperature: float = 0.8,
    top_p: float = 0.95,
    seed: int = 0,
    max_tokens: int = MAX_TOKENS,
) -> Generated:
    """``ConstrainedDecoder.generate`` for a single text; a decoder that is kept saves reading the vocabulary again."""
    decoder = ConstrainedDecoder(model, tokenizer)
    return decoder.generate(prompt, automaton, temperature=temperature, top_p=top_p, seed=seed, max_tokens=max_tokens)


def _end_ids(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    configured = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    ids = configured if isinstance(configured, list) else [configured]
    return sorted({int(index) for index in [*ids, tokenizer.eos_token_id] if index is not None})
