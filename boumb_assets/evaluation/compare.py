"""Several writers on the same requests: one table."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any, Final, Protocol

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.validation import validate
from boumb_assets.evaluation.metrics import (
    METRICS,
    Gram,
    copy_rate,
    distinctness,
    in_scale,
    known_grams,
    note_density,
    register_share,
)
from boumb_assets.prompts.facts import density_of
from boumb_assets.render.loops import LOOP_CONTRACTS, Loop, loop_of

ROUNDED: Final = 4


class Progress(Protocol):
    """Is told of the work under way."""

    def __call__(self, done: int, total: int, text: str = "") -> None:
        """``done`` of ``total`` parts are done; ``text`` says what of."""


@dataclass(frozen=True)
class EvalItem:
    """A request, and what the answer should be: ``request`` holds what the prompt says."""

    prompt: str
    contract: str = "boumb-sequence"
    request: LoopRequest = field(default_factory=LoopRequest)


@dataclass(frozen=True)
class Answer:
    """What one provider wrote for one item. ``text`` is None where it gave none, and ``problem`` says why: the name of
    the error, or the code of the first violation; None for a valid text."""

    provider: str
    item: EvalItem
    seed: int
    text: str | None
    problem: str | None


Provide = Callable[[EvalItem, int], str]
Row = dict[str, Any]


def ask_all(
    providers: Mapping[str, Provide],
    items: Sequence[EvalItem],
    seeds: Sequence[int] = (0,),
    progress: Progress | None = None,
) -> list[Answer]:
    """Every provider's answer to every item and seed, in that order. A provider that raises has given no answer; it
    is asked on, since a network may come back."""
    total, answers = len(providers) * len(items) * len(seeds), list[Answer]()
    for name, provide in providers.items():
        for item in items:
            for seed in seeds:
                answers.append(_ask(name, provide, item, seed))
                if progress is not None:
                    progress(len(answers), total, f"{name} writes")
    return answers


def _ask(name: str, provide: Provide, item: EvalItem, seed: int) -> Answer:
    try:
        text = provide(item, seed)
    except (
        Exception
    ) as error:  # whatever a library or a network raises is that provider's failure, not the comparison's
        return Answer(name, item, seed, None, type(error).__name__)
    violations = validate(text, item.contract)
    return Answer(name, item, seed, text, violations[0].code if violations else None)


def compare(
    providers: Mapping[str, Provide],
    items: Sequence[EvalItem],
    seeds: Sequence[int] = (0,),
    training: Mapping[str, Iterable[str]] | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """`table` of `ask_all`."""
    return table(ask_all(providers, items, seeds, progress), training)


def table(answers: Sequence[Answer], training: Mapping[str, Iterable[str]] | None = None) -> list[Row]:
    """One row for each provider and contract, in the order in which they appear. Shares are 0..1, None where nothing
    could be measured:

    - ``asked``, ``valid``, ``problems`` (how often each); all other columns are means over the valid answers;
    - the METRICS, and ``distinct``;
    - ``in_scale``, ``in_register``, ``bars_kept``, ``density_kept``: of the answers whose request named a key, a role,
      a length, a density, how far they kept to it;
    - ``copied``: runs of notes that ``training`` (texts by contract; those that hold no loop are passed over) has too.
    """
    known = {contract: known_grams(_loops(texts, contract)) for contract, texts in (training or {}).items()}
    groups: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        groups.setdefault((answer.provider, answer.item.contract), []).append(answer)
    return [_row(*key, group, known.get(key[1])) for key, group in groups.items()]


def _row(provider: str, contract: str, answers: Sequence[Answer], known: set[Gram] | None) -> Row:
    valid = [answer for answer in answers if answer.problem is None and answer.text is not None]
    problems = Counter(answer.problem for answer in answers if answer.problem is not None)
    row: Row = {
        "provider": provider,
        "contract": contract,
        "asked": len(answers),
        "valid": _rounded(len(valid) / len(answers)),
        "problems": dict(sorted(problems.items())),
    }
    if contract not in LOOP_CONTRACTS:
        return row | {"distinct": _rounded(len({answer.text for answer in valid}) / len(valid)) if valid else None}
    pairs = [(loop_of(answer.text or "", contract), answer.item.request) for answer in valid]
    loops = [loop for loop, _ in pairs]
    row |= {name: _mean(metric(loop) for loop in loops) for name, metric in METRICS.items()}
    row |= {name: _mean(kept(*pair) for pair in pairs) for name, kept in _KEPT.items()}
    row["distinct"] = _rounded(distinctness(loops))
    row["copied"] = _mean(copy_rate(loop, known) for loop in loops) if known is not None else None
    return row


def _in_scale(loop: Loop, request: LoopRequest) -> float | None:
    return None if request.root is None or request.scale is None else in_scale(loop, request.root, request.scale)


def _in_register(loop: Loop, request: LoopRequest) -> float | None:
    return None if request.role is None else register_share(loop, request.role)


def _bars_kept(loop: Loop, request: LoopRequest) -> float | None:
    return None if request.bars is None else float(loop.bars == request.bars)


def _density_kept(loop: Loop, request: LoopRequest) -> float | None:
    if request.density is None or request.role is None:
        return None
    return float(density_of(request.role, note_density(loop)) == request.density)


_KEPT: Final[Mapping[str, Callable[[Loop, LoopRequest], float | None]]] = {
    "in_scale": _in_scale,
    "in_register": _in_register,
    "bars_kept": _bars_kept,
    "density_kept": _density_kept,
}


def _loops(texts: Iterable[str], contract: str) -> Iterable[Loop]:
    for text in texts:
        try:
            yield loop_of(text, contract)
        except ValueError:
            continue


def _mean(values: Iterable[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return _rounded(fmean(found)) if found else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, ROUNDED)
