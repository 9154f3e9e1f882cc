"""What of the answers the training loops have too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from boumb_assets.evaluation.compare import ROUNDED, Answer
from boumb_assets.evaluation.metrics import Gram, grams
from boumb_assets.render.loops import LOOP_CONTRACTS, Loop, loop_of
from boumb_assets.theory.fingerprint import loop_fingerprint


@dataclass
class Copies:
    """``related``: by contract, the training texts that share a run of notes with any answer, all that a rate of copies
    depends on; ``whole``: by provider and contract, the share (0..1) of valid answers that are a training loop from end
    to end, in any key (`theory.fingerprint`)."""

    related: dict[str, list[str]] = field(default_factory=dict)
    whole: dict[tuple[str, str], float] = field(default_factory=dict)


def find_copies(answers: Sequence[Answer], training: Iterable[tuple[str, str]]) -> Copies:
    """Reads ``training`` (contract, text) once; memory grows with the answers, and with the training texts that are
    like them, not with the training data. A text that holds no loop is passed over."""
    written = [
        (answer.provider, answer.item.contract, loop_of(answer.text, answer.item.contract))
        for answer in answers
        if answer.text is not None and answer.problem is None and answer.item.contract in LOOP_CONTRACTS
    ]
    runs: dict[str, set[Gram]] = {}
    for _, contract, loop in written:
        runs.setdefault(contract, set()).update(grams(loop))
    prints = {(contract, fingerprint_of(loop)) for _, contract, loop in written}
    found: set[tuple[str, str]] = set()
    copies = Copies({contract: [] for contract in runs})
    for contract, text in training:
        learned = _loop(contract, text) if contract in runs else None
        if learned is None:
            continue
        if not runs[contract].isdisjoint(grams(learned)):
            copies.related[contract].append(text)
        found |= prints & {(contract, fingerprint_of(learned))}
    copies.whole = _shares(written, found)
    return copies


def _shares(written: Iterable[tuple[str, str, Loop]], found: set[tuple[str, str]]) -> dict[tuple[str, str], float]:
    hits: dict[tuple[str, str], list[bool]] = {}
    for provider, contract, loop in written:
        hits.setdefault((provider, contract), []).append((contract, fingerprint_of(loop)) in found)
    return {key: round(sum(values) / len(values), ROUNDED) for key, values in hits.items()}


def fingerprint_of(loop: Loop) -> str:
    """The loop's fingerprint, the same in every key."""
    return loop_fingerprint(loop.steps.tolist(), loop.pitches.tolist(), loop.drums)


def _loop(contract: str, text: str) -> Loop | None:
    try:
        return loop_of(text, contract)
    except ValueError:
        return None
