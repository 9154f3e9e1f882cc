"""Models on this machine: fine-tuned or plain, always held to the contract; with or without examples."""

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from boumb_assets.contracts.system_prompts import PromptForm
from boumb_assets.generation.asks import Ask
from boumb_assets.generation.automata import automaton_of
from boumb_assets.generation.constrained import MAX_TOKENS, ConstrainedDecoder, Generated
from boumb_assets.generation.conversations import conversation
from boumb_assets.generation.pitches import allowed_pitches, allowed_polyphony
from boumb_assets.generation.providers import ProviderError, ProviderUnavailableError
from boumb_assets.quiet import quiet_libraries

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

BASE_REPORT: Final = "base_report.json"
STRUCTURE_TOKENS: Final = 4096  # a piece is longer than a loop
Examples = Callable[[Ask], Sequence[tuple[str, str]]]


def _no_examples(ask: Ask) -> Sequence[tuple[str, str]]:
    return ()


class ModelProvider:
    """A causal language model: a base, with the adapter merged into it where there is one. It is loaded at the first
    ask and then kept; asks from several threads wait for one another."""

    def __init__(
        self,
        base: str | Path,
        adapter: Path | None = None,
        *,
        name: str | None = None,
        form: PromptForm = "line",
        max_tokens: int = MAX_TOKENS,
        examples: Examples = _no_examples,
        keep_to_key: bool = True,
    ) -> None:
        """``base`` is a folder or a hub id, ``adapter`` a folder of peft. ``form`` is the system message's.
        ``keep_to_key`` holds a loop to the scale, the register and the voices asked for."""
        self.name: Final = name or ("base" if adapter is None else "ft")
        self._base, self._adapter, self._form = base, adapter, form
        self._max_tokens, self._examples, self._keep_to_key = max_tokens, examples, keep_to_key
        self._decoder: ConstrainedDecoder | None = None
        self._lock: Final = Lock()

    def generate(self, ask: Ask) -> str:
        """A text that the contract's automaton accepts; free text for a contract that has none."""
        return self.decode(ask).text

    def decode(self, ask: Ask) -> Generated:
        """The text with its tokens. Raises ProviderUnavailableError where the model cannot be loaded, ProviderError
        where the prompt or the budget leaves no room."""
        known = taught_contracts(self._base)
        if known is not None and ask.contract not in known and self._examples is _no_examples:
            raise ProviderUnavailableError(f"{self.name} was taught {', '.join(known)}, not {ask.contract}")
        pitches = allowed_pitches(ask.request) if self._keep_to_key else None
        polyphony = allowed_polyphony(ask.request) if self._keep_to_key else None
        melodic = ask.contract == "boumb-sequence"
        automaton = automaton_of(ask.contract, ask.bars, pitches if melodic else None, polyphony if melodic else None)
        budget = max(self._max_tokens, STRUCTURE_TOKENS) if ask.contract == "music-structure" else self._max_tokens
        with self._lock:
            if self._decoder is None:
                self._decoder = ConstrainedDecoder(*load_causal_model(self._base, self._adapter))
            try:
                return self._decoder.generate(
                    self._fitting(self._decoder, ask, budget),
                    automaton,
                    temperature=ask.temperature,
                    seed=ask.seed,
                    max_tokens=budget,
                )
            except ValueError as error:
                raise ProviderError(str(error)) from error

    def _fitting(self, decoder: ConstrainedDecoder, ask: Ask, budget: int) -> list[int]:
        """The prompt's tokens, with as many of the examples, the last ones first, as leave half the budget free."""
        examples = list(self._examples(ask))
        while True:
            ids = decoder.prompt_ids(conversation(ask, self._form, examples))
            if not examples or len(ids) + budget // 2 <= decoder.context:
                return ids
            del examples[0]


def taught_contracts(base: str | Path) -> tuple[str, ...] | None:
    """The contracts that a prepared base model is for, by the report beside its weights; None where there is none."""
    report = Path(base) / BASE_REPORT
    if not report.is_file():
        return None
    try:
        contracts = json.loads(report.read_text(encoding="utf-8"))["contracts"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return tuple(str(name) for name in contracts) if isinstance(contracts, list) else None


def load_causal_model(
    base: str | Path, adapter: Path | None = None
) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """The model, on the GPU if there is one, and its tokenizer. Weights are read from safetensors alone, and no code of
    a model is run. Raises ProviderUnavailableError."""
    try:
        import torch
        import transformers  # noqa: F401
    except ImportError as error:
        raise ProviderUnavailableError(f"models need the extra `train`: {error}") from error
    local = Path(base).is_dir()
    cuda = torch.cuda.is_available()
    with quiet_libraries() if local else nullcontext():  # a download shows its bars
        model, tokenizer = _loaded(base, adapter, local, cuda)
    return model.to("cuda" if cuda else "cpu").eval(), tokenizer


def _loaded(
    base: str | Path, adapter: Path | None, local: bool, cuda: bool
) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(base), local_files_only=local, trust_remote_code=False)
        model = AutoModelForCausalLM.from_pretrained(
            str(base),
            local_files_only=local,
            trust_remote_code=False,
            use_safetensors=True,
            dtype="auto" if cuda else torch.float32,
        )
        if adapter is not None:
            model = _merged(model, adapter)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ProviderUnavailableError(f"no model from {adapter or base}: {reason}") from error
    return model, tokenizer


def _merged(model: "PreTrainedModel", adapter: Path) -> "PreTrainedModel":
    from peft import PeftModel

    if not (adapter / "adapter_model.safetensors").is_file():  # peft would unpickle an adapter_model.bin
        raise ProviderUnavailableError(f"no adapter_model.safetensors in {adapter}")
    merged: PreTrainedModel = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    return merged
