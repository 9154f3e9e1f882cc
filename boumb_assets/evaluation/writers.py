"""The writers that are compared, one after the other, so that one model at a time is in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from boumb_assets.evaluation.compare import Answer, EvalItem, Progress, Provide, ask_all
from boumb_assets.evaluation.items import Held
from boumb_assets.few_shot.library import Library
from boumb_assets.generation.asks import Ask
from boumb_assets.generation.automata import AnyText, automaton_of
from boumb_assets.generation.constrained import ConstrainedDecoder
from boumb_assets.generation.conversations import conversation
from boumb_assets.generation.examples import library_examples
from boumb_assets.generation.model_providers import Examples, ModelProvider, load_causal_model
from boumb_assets.generation.providers import Provider, RulesProvider

FINE_TUNED: Final = "ft"
FREE: Final = "ft-unconstrained"
FILES: Final = "held-out"
MAX_TOKENS: Final = 400  # about a hundred notes; the same for everybody
# Fixed numbers: the sums, and so the answers, do not depend on the machine's cores. The sums of a small model are too
# short to be shared: where the cores are busy, two threads spend their time waiting for one another.
THREADS: Final = 2
THREADS_OF_SMALL: Final = 1
Asks = Mapping[EvalItem, Ask]
Maker = Callable[[], Provide]


def is_held(contract: str) -> bool:
    """Whether a model can be held to ``contract``: whether there is an automaton for its texts."""
    return not isinstance(automaton_of(contract, 2, None), AnyText)


def asks_of(held: Sequence[Held]) -> dict[EvalItem, Ask]:
    """The ask for each item; the comparison sets the seed."""
    return {
        entry.item: Ask(
            entry.item.prompt,
            entry.item.contract,
            bars=entry.item.request.bars or 2,
            request=entry.item.request,
            language=entry.item.request.language,
            music=entry.music,
        )
        for entry in held
    }


def writers_of(held: Sequence[Held], base: Path, adapter: Path, library: Library | None = None) -> dict[str, Maker]:
    """The fine-tuned model, the same writing freely, the base with examples of the library (None: all of it) and
    without, the rules, and what the files themselves hold.

    Models are held to the contract, but, other than when they serve, not to the key and the register asked for, so that
    it can be measured how far they keep to these.
    """
    asks = asks_of(held)
    texts = {entry.item: entry.answer for entry in held}
    return {
        FINE_TUNED: lambda: _by(asks, _model(FINE_TUNED, base, adapter)),
        FREE: lambda: _freely(asks, base, adapter),
        "few-shot": lambda: _by(asks, _model("few-shot", base, None, partial(library_examples, library=library))),
        "base": lambda: _by(asks, _model("base", base, None)),
        "rules": lambda: _by(asks, RulesProvider()),
        FILES: lambda: lambda item, seed: texts[item],
    }


def ask_in_turn(
    writers: Mapping[str, Maker], items: Sequence[EvalItem], progress: Progress | None = None
) -> list[Answer]:
    """`compare.ask_all`, where each writer is made when its turn comes and let go of after it."""
    answers: list[Answer] = []
    for name, make in writers.items():
        answers += ask_all({name: make()}, items, progress=_onward(progress, len(answers), len(writers) * len(items)))
    return answers


def _model(name: str, base: Path, adapter: Path | None, examples: Examples | None = None) -> ModelProvider:
    options: dict[str, Any] = {"examples": examples} if examples else {}
    return ModelProvider(base, adapter, name=name, max_tokens=MAX_TOKENS, keep_to_key=False, **options)


def _by(asks: Asks, provider: Provider) -> Provide:
    return lambda item, seed: provider.generate(_seeded(asks[item], seed))


def _seeded(ask: Ask, seed: int) -> Ask:
    return replace(ask, seed=seed)


def _freely(asks: Asks, base: Path, adapter: Path) -> Provide:
    """The adapter with any token allowed: its text as it is, whole or cut at the budget."""
    anything, loaded = AnyText(), list[ConstrainedDecoder]()

    def write(item: EvalItem, seed: int) -> str:
        if not loaded:
            loaded.append(ConstrainedDecoder(*load_causal_model(base, adapter)))
        ask = _seeded(asks[item], seed)
        messages = conversation(ask, "line")
        generated = loaded[0].generate(
            messages, anything, temperature=ask.temperature, seed=ask.seed, max_tokens=MAX_TOKENS
        )
        return generated.text

    return write


def _onward(progress: Progress | None, before: int, all_of_it: int) -> Progress | None:
    """``progress`` of the whole, told by one writer's."""
    if progress is None:
        return None

    def tell(done: int, total: int, text: str = "") -> None:
        progress(before + done, all_of_it, text)

    return tell


@contextmanager
def steady_threads(small: bool) -> Iterator[None]:
    """Within it torch, if it is there, computes with a fixed number of threads: one for a ``small`` model."""
    try:
        import torch
    except ImportError:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS_OF_SMALL if small else THREADS)
    try:
        yield
    finally:
        torch.set_num_threads(before)
